"""Exact queries on a network: compile once, ask many times; a query never changes the engine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesnet.analysis.inference import Inference
from bayesnet.errors import (
    EvidenceError,
    MissingExtraError,
    TooLargeError,
    UnknownNameError,
    counted,
    readable_bytes,
)
from bayesnet.inference.cases import Case, cases_of
from bayesnet.inference.sketch import Sketch, fits_with_evidence, sketch, summary
from bayesnet.network import Array, Network
from bayesnet.network.evidence import Evidence, encode_case, encode_table
from bayesnet.network.labelled import Distribution, Marginals

if TYPE_CHECKING:
    from bayesnet.analysis.most_probable import Explanation

DEFAULT_BUDGET = 2 << 30
"""Bytes: half of what the smallest machine that people work at today has."""
EXECUTORS = ("numpy", "compiled", "numba")


@dataclass(frozen=True, eq=False, repr=False)
class Engine:
    """A compiled network. Printing it shows what will be computed and what it costs.

    memory_budget: bytes; what would need more raises TooLargeError instead of running.
    executor: what runs the passes: `numpy`; or, where numba is installed, `compiled`, which gives
    the same numbers to the last bit in less time, or `numba`, which sums in an order of
    its own and answers tables in microseconds a row. Both take half a minute to compile the first
    time on a machine. threads: of the numba executor for tables of cases; None for one on each
    processor. The answers are the same.

        >>> from bayesnet import Network, Table, Variable, noisy_or
        >>> yes_no = ("no", "yes")
        >>> network = Network(
        ...     (Variable("flu", yes_no), Variable("fever", yes_no)),
        ...     (Table("flu", (), [0.9, 0.1]), noisy_or("fever", {"flu": 0.8}, leak=0.05)),
        ... )
        >>> engine = network.compile()
        >>> round(engine.marginals({"fever": "yes"})["flu"]["yes"], 3)
        0.643
    """

    network: Network
    memory_budget: int = DEFAULT_BUDGET
    executor: str = "numpy"
    threads: int | None = None
    inference: Inference = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.executor not in EXECUTORS:
            raise UnknownNameError("executor", self.executor, EXECUTORS)
        if self.executor != "numpy":
            _require_numba(self.executor)
        inference = Inference(self.network, self.memory_budget, self.executor, self.threads)
        object.__setattr__(self, "inference", inference)

    def sketch(self) -> Sketch:
        """Outline what all marginals without evidence would take; allocates no table."""
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
    ) -> Marginals:
        """Compute {variable: posterior over its states}, of all unobserved ones or those named.

        evidence: {variable: a state's name, True or False where the states are yes and no, a
        number where they are numbers, likelihoods as an array or as {state: number}, or None}.
        Raises UnknownNameError, EvidenceError, and ImpossibleEvidenceError when P(evidence) is 0,
        with a smallest conflicting subset.
        """
        wanted = self._everything if variables is None else self._positions(variables)
        case = self._case(evidence)
        return self._labelled(
            self.inference.marginals(case, [v for v in wanted if v not in case.hard])
        )

    def log_probability(self, evidence: Evidence | None = None) -> float:
        """Compute the natural logarithm of P(evidence); -inf when it is impossible.

        With likelihood evidence: of the sum over states of P(state) x likelihood.
        """
        return self.inference.log_probability(self._case(evidence))

    def log_probability_many(self, table: Any) -> Array:
        """Compute `log_probability` of each row of a table of cases, shape (cases,)."""
        return self.inference.score(encode_table(self.network, table), ()).log_probability

    def marginals_many(self, table: Any, variables: Iterable[str] | None = None) -> Marginals:
        """Compute {variable: posteriors, shape (cases, states)} for a table of cases.

        table: {variable: values, one a case}, a list of {variable: value}, a data frame or an
        Arrow table; None, NaN and "" are unobserved, a value means what it means in `marginals`,
        and a column of shape (cases, states) holds likelihoods. Positions of states are turned
        into their names by `network.state_names`. variables: all of them by default.
        An observed variable has 1 at its state. A row's numbers do not depend on other rows.
        Raises EvidenceError, UnknownNameError, and ImpossibleEvidenceError that names the row.
        """
        wanted = self._everything if variables is None else self._positions(variables)
        observed = encode_table(self.network, table)
        scores = self.inference.score(observed, wanted)
        bad = np.flatnonzero(np.isneginf(scores.log_probability))
        if len(bad):
            error = self.inference.impossible(cases_of(observed, bad[:1].tolist())[0])
            error.add_note(f"in row {bad[0]} of the table")
            raise error
        return self._labelled(scores.marginals)

    def joint(self, variables: Sequence[str], evidence: Evidence | None = None) -> Distribution:
        """Compute the joint posterior of any variables, one axis each in the order given.

        An observed variable's axis has all its weight on the observed state. Raises
        TooLargeError, and what `marginals` raises.
        """
        asked = self._positions(variables)
        if len(set(asked)) != len(asked):
            raise EvidenceError(f"a variable is named twice: {', '.join(variables)}")
        case = self._case(evidence)
        free = tuple(v for v in asked if v not in case.hard)
        table = self.inference.posterior(case, (), free, [free]).joint(free)[..., 0]
        of = tuple(self.network.variables[v] for v in asked)
        full = np.zeros([len(variable.states) for variable in of])
        full[tuple(case.hard.get(v, slice(None)) for v in asked)] = table
        return Distribution(of, full)

    def family_joint(self, variable: str, evidence: Evidence | None = None) -> Distribution:
        """Compute the joint posterior of a variable's parents (leading axes) and itself."""
        return self.joint([*self.network.family(variable).parents, variable], evidence)

    def most_probable(
        self, evidence: Evidence | None = None, variables: Iterable[str] | None = None, k: int = 1
    ) -> "list[Explanation]":
        """Find the k most probable joint states of the variables (all unobserved by default).

        Other unobserved variables are summed out exactly; each comes with its posterior. Fewer
        than k where fewer are possible.
        """
        # No diagnosis asks for one, and a cold start need not import it.
        from bayesnet.analysis.most_probable import most_probable, named

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
        """Compute {question: expected information about the joint of the targets, in bits}.

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
        """Compute {target: {question: expected information about that target alone, in bits}}.

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
        """Compute {question: `information` for each row of a table of cases, shape (cases,)}.

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
    ) -> tuple[Marginals, dict[str, float]]:
        """Compute what `marginals` and `information` say, from one pass."""
        case, asked = self._case(evidence), self._positions(questions)
        free = [v for v in self._everything if v not in case.hard]
        others = [v for v in free if v not in set(asked)]
        found = self.inference.ask(case, self._positions(targets), asked, others)
        read = {v: values[:, 0] for v, values in found.posterior.marginals(others).items()}
        read.update(found.chances)
        bits = {self.network.names[q]: found.bits.get(q, 0.0) for q in asked}
        return self._labelled({v: read[v] for v in free}), bits

    def __repr__(self) -> str:
        within = f"{self.executor}, at most {readable_bytes(self.memory_budget)}"
        return f"Engine({counted(len(self.network.variables), 'variable')}, {within})"

    def __str__(self) -> str:
        return summary(self.network, self.sketch(), self.memory_budget, self.executor)

    def __reduce__(self) -> tuple[type["Engine"], tuple[object, ...]]:
        """Pickle and copy what it was made of; the rest is made again where it is needed."""
        return Engine, (self.network, self.memory_budget, self.executor, self.threads)

    @cached_property
    def _everything(self) -> tuple[int, ...]:
        return tuple(range(len(self.network.variables)))

    def _labelled(self, arrays: Mapping[int, Array]) -> Marginals:
        """Name what is known by index: variables, and their states."""
        names = self.network.names
        return Marginals(self.network.by_name, {names[v]: each for v, each in arrays.items()})

    def _positions(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.network.position(name) for name in names)

    def _case(self, evidence: Evidence | None) -> Case:
        return cases_of(encode_case(self.network, evidence))[0]


def _require_numba(executor: str) -> None:
    """Raise MissingExtraError where numba is missing, or is there and does not start."""
    try:
        import_module("numba")
    except ImportError as error:
        raise MissingExtraError(f"the {executor} executor", "fast", str(error)) from None
