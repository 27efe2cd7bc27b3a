"""Exact queries on a network: compile once, ask many times; a query never changes the engine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from bayesnet.errors import EvidenceError, TooLargeError, UnknownNameError
from bayesnet.evidence import Evidence, Observed, encode_case, encode_table
from bayesnet.network import Array, Network
from bayesnet.tape.cases import Case, cases_of
from bayesnet.tape.explanations import Explanation, most_probable, named
from bayesnet.tape.inference import Inference, Scores
from bayesnet.tape.sketch import Sketch, fits_with_evidence, sketch, summary

DEFAULT_BUDGET = 2 << 30
EXECUTORS = ("numpy", "numba")


@dataclass(frozen=True, eq=False)
class Engine:
    """A compiled network. Printing it shows what will be computed and what it costs.

    memory_budget: bytes; what would need more raises TooLargeError instead of running.
    executor: what runs the passes: `numpy`, or `numba` where it is installed, which takes seconds
    to compile the first time on a machine and then answers in microseconds.
    """

    network: Network
    memory_budget: int = DEFAULT_BUDGET
    executor: str = "numpy"
    inference: Inference = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.executor not in EXECUTORS:
            raise UnknownNameError("executor", self.executor, EXECUTORS)
        inference = Inference(self.network, self.memory_budget, self.executor)
        object.__setattr__(self, "inference", inference)

    def sketch(self) -> Sketch:
        """What all marginals without evidence would take; allocates no table."""
        return sketch(self.inference.planner.structure)

    def prepare(self) -> None:
        """Raise TooLargeError for a network so wide that not even evidence would help."""
        needed, budget = self.sketch().memory, self.memory_budget
        structure = self.inference.planner.structure
        if needed > budget and not fits_with_evidence(structure, budget):
            what = f"all marginals of {len(structure.sizes)} variables"
            raise TooLargeError(what, needed, budget, "raise `memory_budget`")

    def marginals(
        self, evidence: Evidence | None = None, variables: Iterable[str] | None = None
    ) -> dict[str, Array]:
        """{variable: posterior over its states}, for every unobserved variable or those named.

        Raises ImpossibleEvidenceError when P(evidence) is 0, with a smallest conflicting subset.
        """
        wanted = self._everything if variables is None else self._positions(variables)
        case = self._case(evidence)
        free = [v for v in wanted if v not in case.hard]
        found = self.inference.marginals(case, free)
        names = self.network.names
        return {names[v]: found[v] for v in free}

    def log_probability(self, evidence: Evidence | None = None) -> float:
        """Natural logarithm of P(evidence); -inf when it is impossible.

        With likelihood evidence: of the sum over states of P(state) x likelihood.
        """
        return self.inference.log_probability(self._case(evidence))

    def log_probability_many(self, table: Any) -> Array:
        """log_probability of each row of a table of cases, shape (cases,)."""
        return self.log_probabilities(encode_table(self.network, table))

    def marginals_many(self, table: Any) -> dict[str, Array]:
        """{variable: posteriors, shape (cases, states)} for a table of cases.

        table: {variable: values, one a case}, or a data frame; None, NaN and "" are unobserved;
        integers are state codes with -1 for unobserved; a 2-D column holds likelihoods.
        An observed variable has 1 at its state. A row's numbers do not depend on other rows.
        """
        observed = encode_table(self.network, table)
        scores = self.score(observed, self._everything)
        bad = np.flatnonzero(np.isneginf(scores.log_probability))
        if len(bad):
            error = self.inference.impossible(cases_of(observed, bad[:1].tolist())[0])
            error.add_note(f"in row {bad[0]} of the table")
            raise error
        names = self.network.names
        return {names[v]: found for v, found in scores.marginals.items()}

    def score(self, observed: Observed, variables: Sequence[int]) -> Scores:
        """Posteriors of variables (indices) for encoded cases, and the cases' log P(evidence).

        Never raises for impossible evidence: its log probability is -inf.
        """
        return self.inference.score(observed, variables)

    def joint(self, variables: Sequence[str], evidence: Evidence | None = None) -> Array:
        """Joint posterior of any variables, one axis each in the order given.

        An observed variable's axis has all its weight on the observed state.
        """
        asked = self._positions(variables)
        if len(set(asked)) != len(asked):
            raise EvidenceError(f"a variable is named twice: {', '.join(variables)}")
        case = self._case(evidence)
        free = tuple(v for v in asked if v not in case.hard)
        table = self.inference.posterior(case, (), free, [free]).joint(free)[..., 0]
        full = np.zeros([len(self.network.variables[v].states) for v in asked])
        full[tuple(case.hard.get(v, slice(None)) for v in asked)] = table
        return full

    def family_joint(self, variable: str, evidence: Evidence | None = None) -> Array:
        """Joint posterior of a variable's parents (leading axes, in order) and itself."""
        return self.joint([*self.network.family(variable).parents, variable], evidence)

    def most_probable(
        self, evidence: Evidence | None = None, variables: Iterable[str] | None = None, k: int = 1
    ) -> list[Explanation]:
        """The k most probable joint states of the variables (all unobserved ones by default).

        Other unobserved variables are summed out exactly; each comes with its posterior.
        """
        case = self._case(evidence)
        asked = self._everything if variables is None else self._positions(variables)
        chosen = [v for v in dict.fromkeys(asked) if v not in case.hard]
        if not self.inference.is_possible(case):
            raise self.inference.impossible(case)
        found = most_probable(self.inference.planner, case, chosen, k)
        return [named(self.network, chosen, each) for each in found]

    def information(
        self,
        targets: Iterable[str],
        questions: Iterable[str],
        evidence: Evidence | None = None,
    ) -> dict[str, float]:
        """{question: expected information about the joint of the targets, in bits}, given evidence.

        I(targets; question | evidence), exact (Shannon 1948). An observed question is worth 0.
        """
        asked = self._positions(questions)
        bits = self.inference.ask(self._case(evidence), self._positions(targets), asked).bits
        names = self.network.names
        return {names[q]: bits.get(q, 0.0) for q in asked}

    def information_each(
        self,
        targets: Iterable[str],
        questions: Iterable[str],
        evidence: Evidence | None = None,
    ) -> dict[str, dict[str, float]]:
        """{target: {question: expected information about that target alone, in bits}}.

        I(target; question | evidence), exact; the target asked about itself tells its entropy.
        """
        about, asked = tuple(targets), tuple(questions)
        bits = self.inference.information_each(
            self._case(evidence), self._positions(about), self._positions(asked)
        )
        return {
            target: dict(zip(asked, row, strict=True))
            for target, row in zip(about, bits.tolist(), strict=True)
        }

    def information_many(
        self, targets: Iterable[str], questions: Iterable[str], table: Any
    ) -> dict[str, Array]:
        """{question: `information` for each row of a table of cases, shape (cases,)}.

        NaN where the evidence is impossible.
        """
        observed, asked = encode_table(self.network, table), tuple(questions)
        about, positions = self._positions(targets), self._positions(asked)
        bits = self.inference.ask_many(cases_of(observed), about, positions)
        return dict(zip(asked, bits, strict=True))

    def marginals_and_information(
        self,
        targets: Iterable[str],
        questions: Iterable[str],
        evidence: Evidence | None = None,
    ) -> tuple[dict[str, Array], dict[str, float]]:
        """What `marginals` and `information` say, from one pass."""
        case, asked = self._case(evidence), self._positions(questions)
        free = [v for v in self._everything if v not in case.hard]
        others = [v for v in free if v not in set(asked)]
        found = self.inference.ask(case, self._positions(targets), asked, others)
        names = self.network.names
        read = {v: values[:, 0] for v, values in found.posterior.marginals(others).items()}
        read.update(found.chances)
        bits = {names[q]: found.bits.get(q, 0.0) for q in asked}
        return {names[v]: read[v] for v in free}, bits

    def log_probabilities(self, observed: Observed) -> Array:
        """Log P(evidence) of encoded cases, shape (cases,); -inf where impossible."""
        return self.score(observed, ()).log_probability

    def __str__(self) -> str:
        return summary(self.network, self.sketch(), self.memory_budget, self.executor)

    @cached_property
    def _everything(self) -> tuple[int, ...]:
        return tuple(range(len(self.network.variables)))

    def _positions(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.network.position(name) for name in names)

    def _case(self, evidence: Evidence | None) -> Case:
        return cases_of(encode_case(self.network, evidence))[0]
