"""Plans of a network, made when a pattern of evidence is first met and kept while they fit."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.evidence_patterns import grouped, lowest_codes, table_groups
from bayesnet.inference.factors import Pattern
from bayesnet.inference.least_recently_used import LeastRecentlyUsed
from bayesnet.inference.plan import Plan, Request, make_plan
from bayesnet.inference.propagation import Cases
from bayesnet.network import Network
from bayesnet.network.evidence import MISSING, Observed
from bayesnet.network.noisy_recognition import simplified

T = TypeVar("T")

PLANS_BYTES = 512 << 20
NOTES_KEPT = 8192


@dataclass(frozen=True, eq=False)
class Plans:
    """The plans of one network. A plan over the memory budget (bytes) raises TooLargeError.

    solved: the network that is planned for, its tables simplified; parents: of each variable the
    indices of its parents there; lowest: see `lowest_codes`.
    """

    network: Network
    memory_budget: int
    solved: Network = field(init=False, repr=False)
    parents: tuple[tuple[int, ...], ...] = field(init=False, repr=False)
    lowest: NDArray[np.intp] = field(init=False, repr=False)
    _kept: LeastRecentlyUsed = field(
        default_factory=lambda: LeastRecentlyUsed(PLANS_BYTES, _memory), repr=False
    )
    _notes: LeastRecentlyUsed = field(
        default_factory=lambda: LeastRecentlyUsed(NOTES_KEPT), repr=False
    )

    def __post_init__(self) -> None:
        solved = simplified(self.network)
        object.__setattr__(self, "solved", solved)
        object.__setattr__(self, "parents", _parents(solved))
        object.__setattr__(self, "lowest", lowest_codes(solved.families))

    def planned(self, pattern: Pattern, request: Request, repeats: int = 0) -> Plan:
        """The plan for a pattern; repeats: how often it is expected to come again."""

        def make() -> Plan:
            return make_plan(
                self.solved, self.parents, pattern, request, self.memory_budget, repeats
            )

        return self._kept.get((pattern, request, repeats), make)

    def planned_as_given(self, pattern: Pattern, request: Request) -> Plan:
        """A plan of the families as they were given, for what speaks of their own numbers."""

        def make() -> Plan:
            given, budget = self.network, self.memory_budget
            return make_plan(given, self.parents_as_given, pattern, request, budget)

        return self._kept.get(("given", pattern, request), make)

    def open_plan(
        self,
        asked: tuple[int, ...],
        known: tuple[int, ...],
        soft: tuple[int, ...],
        kept: tuple[int, ...],
    ) -> Plan:
        """A plan for cases that observe the known and any of the asked variables."""
        from bayesnet.inference.open_plan import open_plan

        def make() -> Plan:
            request, budget = Request(kept=kept), self.memory_budget
            return open_plan(self.solved, self.parents, asked, known, soft, request, budget)

        return self._kept.get(("open", asked, known, soft, kept), make)

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returns, kept under the key for as long as it is among the last used."""
        return self._notes.get(key, make)

    def prepared(self, observed: Observed, request: Request) -> tuple[Plan, Cases]:
        """The plan for the pattern of the first case, and the cases as its program takes them."""
        plan = self.planned(self.groups(observed.take([0]))[0][0], request)
        return plan, self.cases(plan, observed)

    def cases(self, plan: Plan, observed: Observed) -> Cases:
        """Encoded cases as the plan's program takes them; likelihoods scaled to at most 1."""
        codes = np.where(observed.codes == MISSING, self._sizes, observed.codes)
        if not observed.likelihoods:
            return Cases(codes, {})
        likelihoods = {
            plan.vertex_of[v]: np.divide(values, most, out=np.zeros_like(values), where=most > 0)
            for v, values in observed.likelihoods.items()
            for most in [values.max(axis=1, keepdims=True)]
        }
        return Cases(codes, likelihoods)

    def groups(self, observed: Observed) -> list[tuple[Pattern, NDArray[np.intp]]]:
        """Rows grouped by which variables are observed, and how."""
        return grouped(observed, self.lowest)

    def table_groups(
        self, observed: Observed
    ) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], NDArray[np.intp]]]:
        """Rows of a table by what all of a group know, and what each may have been asked."""
        return table_groups(observed, self.lowest, self.children)

    def for_lowest(self, variable: int, code: int) -> bool:
        """Whether a plan made for this observation holds for no other state of the variable."""
        return code == int(self.lowest[variable])

    @cached_property
    def parents_as_given(self) -> tuple[tuple[int, ...], ...]:
        """Indices of each variable's parents, those that change nothing among them."""
        return _parents(self.network)

    @cached_property
    def children(self) -> tuple[int, ...]:
        """How many children each variable has."""
        counts = Counter(parent for parents in self.parents for parent in parents)
        return tuple(counts[v] for v in range(len(self.parents)))

    @cached_property
    def _sizes(self) -> NDArray[np.intp]:
        return np.array([[len(v.states)] for v in self.network.variables])


def _parents(network: Network) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(map(network.position, family.parents)) for family in network.families)


def _memory(plan: Plan) -> int:
    return plan.program.memory
