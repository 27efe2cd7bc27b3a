"""One case made ready to run: its factors, and the tape that multiplies them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from bayesnet.errors import TooLargeError
from bayesnet.inference.cases import Case
from bayesnet.inference.elimination_order import NONE
from bayesnet.inference.factors import Factors, factors_of
from bayesnet.inference.family_factors import NO_SIGNS
from bayesnet.inference.memo import Memo
from bayesnet.inference.passes import (
    Calibrated,
    Extra,
    Forward,
    Run,
    Tables,
    is_safe,
    run_forward,
    step_by_step,
)
from bayesnet.inference.rings import EXTENDED, LINEAR, LOGARITHMS, Linear
from bayesnet.inference.structure import Structure
from bayesnet.inference.tape import Scope, Tape
from bayesnet.inference.tape_layout import eliminated, tape_of
from bayesnet.inference.tuning import (
    LANES,
    LANES_BYTES,
    LANES_ENTRIES,
    LANES_MOST,
    PLANS_KEPT,
    SIGNED_LOSS,
)
from bayesnet.network import Array

BYTES_AN_ENTRY = 24
"""Of a product of a step: what it is multiplied from, and its adjoint, beside itself."""


@dataclass(frozen=True, eq=False)
class Problem:
    """The factors of a case on their tape.

    slots: {scope of a factor: its slot}. log_constant: log of all that no free variable is in.
    ring: the plain numbers that it is run in. signed: it has entries below 0, and no logarithms.
    run: runs them.
    """

    structure: Structure
    case: Case
    factors: Factors
    tape: Tape
    slots: dict[Scope, int]
    log_constant: float
    ring: Linear
    signed: bool
    run: Run = step_by_step

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
        """Turn a table over a slot's own scope to the slot's order of axes, with one lane."""
        return np.ascontiguousarray(table.transpose(self.tape.orders[slot]))[..., None]

    @cached_property
    def forward(self) -> Forward:
        """The pass forward for the case as it is."""
        found = self.run(self.tape, self.tables, self.ring)
        # What has signs has no logarithms; `is_sound` looks whether they are needed.
        if self.signed or is_safe(found):
            return found
        return run_forward(self.tape, self.tables, {}, LOGARITHMS)

    @cached_property
    def log_z(self) -> float:
        """Log P(case), likelihoods scaled."""
        return float(self.forward.log_z[0]) + self.log_constant

    @cached_property
    def calibrated(self) -> Calibrated:
        """Both passes for the case as it is; its probability must not be 0."""
        return self.forward.reversed()

    @cached_property
    def lanes(self) -> int:
        """How many variants go through the tape together at most."""
        well = min(LANES_MOST, max(LANES, LANES_ENTRIES // self.tape.largest))
        return max(1, min(well, LANES_BYTES // (BYTES_AN_ENTRY * max(1, self.tape.entries))))

    def width(self, count: int) -> int:
        """How many columns each block has when this many variants are run."""
        return math.ceil(count / math.ceil(count / self.lanes)) if count else 1

    def variants(self, extra: Extra, changed: Mapping[int, Array] | None = None) -> Forward:
        """Run the pass forward with further weights of some vertices, (states, lanes).

        changed: {slot: its numbers in each lane, shape (..., lanes)}, in place of its factors'.
        """
        changed = changed or {}
        found = self.forward.again(changed, extra)
        # What has signs has no logarithms; `is_sound` has seen that none are needed.
        if self.signed or not self.forward.ring.plain or is_safe(found):
            return found
        tables = [[changed[at]] if at in changed else own for at, own in enumerate(self.tables)]
        return run_forward(self.tape, tables, extra, LOGARITHMS)

    @property
    def is_sound(self) -> bool:
        """Whether what the signs cancel leaves enough digits."""
        if not is_safe(self.forward):
            return False
        unit = np.finfo(self.forward.tables[-1].dtype).eps
        return bool(unit * self.calibrated.lost_to_signs <= SIGNED_LOSS)


@dataclass(frozen=True, eq=False)
class Planner:
    """Makes problems of cases; refuses those too large before it allocates.

    budget: bytes. linear: plain numbers; run: runs them. memo: plans. priors: what is known before
    any finding, see `study`.
    """

    structure: Structure
    budget: int
    linear: Linear = LINEAR
    run: Run = step_by_step
    memo: Memo["Plan"] = field(default_factory=lambda: Memo(PLANS_KEPT))
    priors: Memo[Any] = field(default_factory=lambda: Memo(PLANS_KEPT))

    def problem(
        self,
        case: Case,
        wanted: Sequence[int] = (),
        ghosts: Sequence[Scope] = (),
        last: AbstractSet[int] = NONE,
        signed_from: int = NO_SIGNS,
    ) -> Problem:
        """Make the problem of a case; raises TooLargeError.

        wanted: free variables that have to be in it. ghosts: sets of them that had better meet
        in one step. last: variables summed out after all others. signed_from: free variables of
        a noisy-MAX over which it becomes a signed auxiliary, where that loses no digits.
        """
        if signed_from < NO_SIGNS:
            outlined = self._outlined(case, wanted, ghosts, last, signed_from)
            signed = _has_signs(outlined.factors, len(self.structure.sizes))
            for ring in (self.linear, EXTENDED) if signed else ():
                problem = self._made(case, outlined, ring, True)
                if problem.is_sound:
                    return problem
        outlined = self._outlined(case, wanted, ghosts, last, NO_SIGNS)
        return self._made(case, outlined, self.linear, False)

    def _outlined(
        self,
        case: Case,
        wanted: Sequence[int],
        ghosts: Sequence[Scope],
        last: AbstractSet[int],
        signed_from: int,
    ) -> "_Outlined":
        factors = factors_of(self.structure, case, wanted, signed_from)
        scopes = tuple(dict.fromkeys(each.scope for each in factors.factors if each.scope))
        key = (factors.sizes[len(self.structure.sizes) :], scopes, tuple(ghosts), last)
        plan = self.memo.get(key, lambda: _planned(factors.sizes, scopes, ghosts, last))
        return _Outlined(factors, scopes, plan)

    def _made(self, case: Case, found: "_Outlined", ring: Linear, signed: bool) -> Problem:
        """Make the problem of an outline; raises TooLargeError."""
        needed = found.entries * BYTES_AN_ENTRY
        if needed > self.budget:
            what = f"eliminating {len(found.plan.order)} unobserved variables"
            remedy = "raise `memory_budget`, or ask for less at once"
            raise TooLargeError(what, needed, self.budget, remedy)
        log_constant = case.log_scale
        for factor in found.factors.factors:
            if not factor.scope:
                log_constant += _log(factor.table)
        slots = {scope: slot for slot, scope in enumerate(found.scopes)}
        structure, tape = self.structure, found.plan.tape
        return Problem(
            structure, case, found.factors, tape, slots, log_constant, ring, signed, self.run
        )


@dataclass(frozen=True, eq=False)
class Plan:
    """An order of elimination, the entries that it makes, and its tape, laid out when wanted."""

    sizes: Sequence[int]
    scopes: Sequence[Scope]
    order: Sequence[int]
    entries: int

    @cached_property
    def tape(self) -> Tape:
        """The tape."""
        return tape_of(self.sizes, self.scopes, self.order)


def _planned(
    sizes: Sequence[int],
    scopes: Sequence[Scope],
    ghosts: Sequence[Scope],
    last: AbstractSet[int],
) -> Plan:
    order, entries = eliminated(sizes, scopes, ghosts, last)
    return Plan(sizes, scopes, order, entries)


@dataclass(frozen=True, eq=False)
class _Outlined:
    """Factors and the plan for them, before anything large is allocated."""

    factors: Factors
    scopes: Sequence[Scope]
    plan: Plan

    @property
    def entries(self) -> int:
        """Entries that the plan makes."""
        return self.plan.entries


def _has_signs(factors: Factors, variables: int) -> bool:
    """Whether any entry is below 0: only of signed auxiliaries, behind the variables."""
    return any(
        max(each.scope, default=-1) >= variables and bool((each.table < 0).any())
        for each in factors.factors
    )


def _log(value: Array) -> float:
    return float(np.log(value)) if value > 0 else -math.inf


def blocks(count: int, size: int) -> Iterator[slice]:
    """Slices that cover `count` things, `size` at a time."""
    for start in range(0, count, size):
        yield slice(start, min(count, start + size))
