"""Circuits of an engine, compiled when they are first needed and kept for as long as they fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from bayesnet.errors import TooLargeError
from bayesnet.inference import executors
from bayesnet.inference.circuit import Circuit
from bayesnet.inference.circuit_building import build_circuit
from bayesnet.inference.clique_tree import BYTES_AN_ENTRY
from bayesnet.inference.evaluated import Evaluated, Run
from bayesnet.inference.evidence_patterns import NO_CODE, kinds
from bayesnet.inference.factors import SOFT
from bayesnet.inference.least_recently_used import LeastRecentlyUsed
from bayesnet.inference.open_plan import open_plan
from bayesnet.inference.plan import Plan, Request
from bayesnet.inference.plans import Plans
from bayesnet.inference.propagation import Cases
from bayesnet.network.evidence import MISSING, Observed

CIRCUITS_BYTES = 512 << 20
QUICK = 1 << 22
"""Table entries up to which one tree for all patterns is looked at."""
QUICK_NOISY = 1 << 15
"""The same with noisy-MAX families, whose leaves are dearer to read than the tree is large."""
SMALL = 1 << 18
"""Operations up to which one circuit serves every pattern, so that a new one costs no planning."""
LIGHT = 1 << 15
"""Operations up to which a circuit for one pattern would not answer much sooner."""
REPEATED = 100
"""How often a pattern that came twice is expected to come again."""
PATTERNS_NOTED = 1 << 16
WIDE = 1 << 18
"""Table entries up to which one plan serves all rows of a table; a row that answers little takes
longer in a wider one than planning for its own pattern does."""
MUCH = 0.5
"""The share of a table's columns from which a row's own plan is about as wide as that for all."""
WIDEST = 1 << 21
"""Table entries up to which a tree is made a circuit, which takes some hundred bytes for each."""


@dataclass(frozen=True, eq=False)
class Compiled:
    """A plan, its circuit, and what runs it."""

    plan: Plan
    circuit: Circuit
    run: Run

    @property
    def memory(self) -> int:
        """Bytes that the plan and the circuit take, with what an executor makes of it."""
        return self.plan.program.memory + 2 * self.circuit.memory

    def evaluate(self, cases: Cases) -> Evaluated:
        """All layers for some cases."""
        return self._run(cases, len(self.circuit.layers))

    def evidence(self, cases: Cases) -> Evaluated:
        """The layers that give P(evidence) for some cases; outputs mean nothing."""
        return self._run(cases, self.circuit.upward)

    @cached_property
    def places(self) -> dict[int, slice]:
        """Of each variable that is read, where its posterior lies among the outputs."""
        return {o.variable: slice(o.start, o.start + o.states) for o in self.circuit.outputs}

    def _run(self, cases: Cases, layers: int) -> Evaluated:
        if not cases.likelihoods:
            return self.run(cases.codes, np.empty((0, cases.codes.shape[1])), layers)
        given = [values for _, values in sorted(cases.likelihoods.items())]
        return self.run(cases.codes, np.concatenate(given, axis=1).T, layers)


@dataclass(frozen=True, eq=False)
class Circuits:
    """The circuits of one engine, and what runs them: `numpy` or `numba`."""

    plans: Plans
    executor: str
    _kept: LeastRecentlyUsed = field(
        default_factory=lambda: LeastRecentlyUsed(CIRCUITS_BYTES, _memory)
    )
    _seen: LeastRecentlyUsed = field(default_factory=lambda: LeastRecentlyUsed(PATTERNS_NOTED))

    @cached_property
    def everything(self) -> Compiled | None:
        """One circuit for every pattern of hard evidence, if it is small."""
        every = tuple(range(len(self.plans.parents)))
        noisy = bool((self.plans.lowest != NO_CODE).any())
        try:
            plan = self._open_plan(every, (), (), every, QUICK_NOISY if noisy else QUICK)
        except TooLargeError:
            return None
        compiled = self._compiled(plan, every, ())
        return compiled if compiled.circuit.operations <= SMALL else None

    def for_one(self, observed: Observed, variables: tuple[int, ...]) -> Compiled | None:
        """A circuit for one case, or None where propagating is sooner done than compiling.

        A pattern gets a circuit of its own when it comes a second time, unless the one for every
        pattern is light.
        """
        everything = None if observed.likelihoods else self.everything
        if everything is not None and everything.circuit.operations <= LIGHT:
            return everything
        key = (kinds(observed, self.plans.lowest).tobytes(), variables)
        if self._seen.holds(key):
            return self._kept.get(key, lambda: self._exact(observed, variables))
        self._seen.get(key, lambda: True)
        return everything

    def for_columns(
        self,
        asked: tuple[int, ...],
        known: tuple[int, ...],
        soft: tuple[int, ...],
        variables: tuple[int, ...],
        most: int = WIDE,
    ) -> Compiled:
        """For cases that observe the known and any of the asked; see `open_plan`.

        most: table entries that the plan may have. Raises TooLargeError for a tree too wide to
        serve all rows, or over the budget.
        """

        def make() -> Compiled:
            plan = self._open_plan(asked, known, soft, variables, most)
            return self._compiled(plan, variables, known)

        return self._kept.get(("open", asked, known, soft, variables, most), make)

    def _open_plan(
        self,
        asked: tuple[int, ...],
        known: tuple[int, ...],
        soft: tuple[int, ...],
        variables: tuple[int, ...],
        most: int,
    ) -> Plan:
        plans = self.plans
        budget = min(plans.memory_budget, most * BYTES_AN_ENTRY)
        request = Request(wanted=variables)
        return open_plan(plans.solved, plans.parents, asked, known, soft, request, budget)

    def _exact(self, observed: Observed, variables: tuple[int, ...]) -> Compiled | None:
        """For cases of the pattern of the first; None where its tree is too wide for a circuit."""
        pattern = self.plans.groups(observed.take([0]))[0][0]
        request = Request(wanted=variables)
        if self.everything is None:
            # The plan that a first case of the pattern was propagated by.
            first = self.plans.planned(pattern, request)
            if first.program.entries > WIDEST:
                return None
        known = tuple(variable for variable, how in pattern if how != SOFT)
        plan = self.plans.planned(pattern, request, REPEATED)
        return self._compiled(plan, variables, known)

    def for_table(
        self, observed: Observed, variables: tuple[int, ...]
    ) -> Iterator[tuple[Compiled | None, NDArray[np.intp]]]:
        """Circuits for a table of cases, or None for none, and the rows that each is for.

        Which circuit a row gets depends on the row and on the table's columns only. In a table too
        wide for one plan, rows that answer much of it share a wider one all the same.
        """
        soft = tuple(sorted(observed.likelihoods))
        if not soft and self.everything is not None:
            yield self.everything, np.arange(observed.cases)
            return
        for known, asked, rows in self.plans.table_groups(observed):
            columns = (asked, known, soft, variables)
            compiled = self._if_it_fits(*columns, WIDE)
            if compiled is not None:
                yield compiled, rows
                continue
            answered = observed.codes[np.array(asked, dtype=np.intp)][:, rows] != MISSING
            much = answered.sum(axis=0) >= MUCH * max(1, len(asked))
            wide = self._if_it_fits(*columns, WIDEST) if much.any() else None
            if wide is not None:
                yield wide, rows[much]
                rows = rows[~much]
            yield from self._for_patterns(observed, rows, variables)

    def _if_it_fits(
        self,
        asked: tuple[int, ...],
        known: tuple[int, ...],
        soft: tuple[int, ...],
        variables: tuple[int, ...],
        most: int,
    ) -> Compiled | None:
        try:
            return self.for_columns(asked, known, soft, variables, most)
        except TooLargeError:
            return None

    def _for_patterns(
        self, observed: Observed, among: NDArray[np.intp], variables: tuple[int, ...]
    ) -> Iterator[tuple[Compiled | None, NDArray[np.intp]]]:
        """Circuits for some rows of a table, one for each pattern."""
        for pattern, rows in self.plans.groups(observed.take(among)):
            first = observed.take(among[rows[:1]])
            make = partial(self._exact, first, variables)
            yield self._kept.get((pattern, variables), make), among[rows]

    def _compiled(self, plan: Plan, variables: Sequence[int], known: Sequence[int]) -> Compiled:
        plans = self.plans
        free = [v for v in variables if v not in set(known)]
        circuit = build_circuit(plans.solved, plans.parents, plan, free)
        return Compiled(plan, circuit, executors.prepare(self.executor, circuit))


def _memory(compiled: Compiled | None) -> int:
    return 0 if compiled is None else compiled.memory
