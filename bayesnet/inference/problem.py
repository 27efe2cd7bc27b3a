"""One case made ready to run: its factors, and the tape that multiplies them."""

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np

from bayesnet.errors import TooLargeError
from bayesnet.inference.cases import Case
from bayesnet.inference.elimination_order import NONE
from bayesnet.inference.factors import Factors, factors_of
from bayesnet.inference.passes import Calibrated, Extra, Forward, Tables, forward, reverse
from bayesnet.inference.structure import Structure
from bayesnet.inference.tape import Scope, Tape, eliminated, tape_of
from bayesnet.inference.tuning import LANES, LANES_BYTES, PLANS_KEPT
from bayesnet.network import Array

T = TypeVar("T")
BYTES_AN_ENTRY = 24
"""Of a product of a step: what it is multiplied from, and its adjoint, beside itself."""


@dataclass(frozen=True, eq=False)
class Memo(Generic[T]):
    """Things by what they are a function of; forgetting one costs time and changes nothing."""

    held: dict[Hashable, T] = field(default_factory=dict)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What belongs to a key, made when it is not there."""
        found = self.held.get(key)
        if found is None:
            found = make()
            while len(self.held) >= PLANS_KEPT:
                # Another thread may have been quicker to drop it.
                self.held.pop(next(iter(list(self.held))), None)
            self.held[key] = found
        return found

    def __reduce__(self) -> tuple[type["Memo[T]"], tuple[()]]:
        return Memo, ()


@dataclass(frozen=True, eq=False)
class Problem:
    """The factors of a case on their tape.

    slots: {scope of a factor: its slot}. log_constant: log of all that no free variable is in.
    """

    structure: Structure
    case: Case
    factors: Factors
    tape: Tape
    slots: dict[Scope, int]
    log_constant: float

    @cached_property
    def tables(self) -> Tables:
        """The factors' numbers, by slot."""
        found: list[list[Array]] = [[] for _ in self.slots]
        for factor in self.factors.factors:
            if factor.scope:
                slot = self.slots[factor.scope]
                found[slot].append(self.turned(slot, factor.table))
        return found

    @cached_property
    def owned(self) -> Mapping[int, Sequence[int]]:
        """{variable: places of its own factors among all factors}."""
        found: dict[int, list[int]] = {}
        for at, factor in enumerate(self.factors.factors):
            found.setdefault(factor.owner, []).append(at)
        return found

    @cached_property
    def placed(self) -> Sequence[Sequence[int]]:
        """Of each slot the places of its factors among all factors."""
        found: list[list[int]] = [[] for _ in self.slots]
        for at, factor in enumerate(self.factors.factors):
            if factor.scope:
                found[self.slots[factor.scope]].append(at)
        return found

    def turned(self, slot: int, table: Array) -> Array:
        """A table over a slot's own scope as the slot holds it, with one lane."""
        return np.ascontiguousarray(table.transpose(self.tape.orders[slot]))[..., None]

    @cached_property
    def forward(self) -> Forward:
        """The pass forward for the case as it is."""
        return forward(self.tape, self.tables)

    @cached_property
    def log_z(self) -> float:
        """Log P(case), likelihoods scaled."""
        return float(self.forward.log_z[0]) + self.log_constant

    @cached_property
    def calibrated(self) -> Calibrated:
        """Both passes for the case as it is; its probability must not be 0."""
        return reverse(self.forward)

    @cached_property
    def lanes(self) -> int:
        """How many variants go through the tape together: as many columns every block has.

        A column's bits then do not depend on how many variants there are.
        """
        return max(1, min(LANES, LANES_BYTES // (BYTES_AN_ENTRY * max(1, self.tape.entries))))

    def variants(self, extra: Extra) -> Forward:
        """The pass forward with further weights of some vertices, for each lane."""
        return forward(self.tape, self.tables, extra)


@dataclass(frozen=True, eq=False)
class Planner:
    """Makes problems of cases; refuses those too large before it allocates.

    budget: bytes. memo: plans. priors: what is known before any finding, see `study`.
    """

    structure: Structure
    budget: int
    memo: Memo[Tape] = field(default_factory=Memo)
    priors: Memo[Any] = field(default_factory=Memo)

    def problem(
        self,
        case: Case,
        wanted: Sequence[int] = (),
        ghosts: Sequence[Scope] = (),
        last: AbstractSet[int] = NONE,
        kept: AbstractSet[int] = NONE,
    ) -> Problem:
        """The problem of a case.

        wanted: free variables that have to be in it. ghosts: sets of them that had better meet
        in one step. last: variables summed out after all others; kept: never summed out.
        """
        factors = factors_of(self.structure, case, wanted)
        slots: dict[Scope, int] = {}
        log_constant = case.log_scale
        for factor in factors.factors:
            if factor.scope:
                slots.setdefault(factor.scope, len(slots))
            else:
                log_constant += _log(factor.table)
        scopes = tuple(slots)
        key = (factors.sizes[len(self.structure.sizes) :], scopes, tuple(ghosts), last, kept)
        tape = self.memo.get(key, lambda: self._tape(factors.sizes, scopes, ghosts, last, kept))
        return Problem(self.structure, case, factors, tape, slots, log_constant)

    def _tape(
        self,
        sizes: Sequence[int],
        scopes: Sequence[Scope],
        ghosts: Sequence[Scope],
        last: AbstractSet[int],
        kept: AbstractSet[int],
    ) -> Tape:
        order, cost = eliminated(sizes, scopes, ghosts, last | kept)
        if cost * BYTES_AN_ENTRY > self.budget:
            what = f"eliminating {len(order)} unobserved variables"
            remedy = "raise `memory_budget`, or ask for less at once"
            raise TooLargeError(what, cost * BYTES_AN_ENTRY, self.budget, remedy)
        return tape_of(sizes, scopes, order, kept)


def _log(value: Array) -> float:
    return float(np.log(value)) if value > 0 else -math.inf


def blocks(count: int, size: int) -> Iterator[slice]:
    """Slices that cover `count` things, `size` at a time."""
    for start in range(0, count, size):
        yield slice(start, min(count, start + size))
