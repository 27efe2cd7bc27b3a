"""Exact queries on a network: compile once, ask many times; a query never changes the engine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesnet.analysis.information import ask, ask_many, information, information_each
from bayesnet.errors import EvidenceError, counted, readable_bytes
from bayesnet.inference.impossible_evidence import raise_impossible
from bayesnet.inference.inference import Inference
from bayesnet.inference.plan import Request
from bayesnet.inference.scoring import score_one
from bayesnet.network import Array, Network
from bayesnet.network.evidence import MISSING, Evidence, encode_case, encode_table
from bayesnet.network.labelled import Distribution, Marginals

if TYPE_CHECKING:
    from bayesnet.analysis.most_probable import Explanation

DEFAULT_BUDGET = 2 << 30


@dataclass(frozen=True, eq=False, repr=False)
class Engine:
    """A compiled network. Printing it shows what will be computed and what it costs.

    memory_budget: bytes; a plan that would need more raises TooLargeError instead of running.
    executor: what runs circuits: `numpy`, or `numba` where it is installed, which takes seconds
    to compile the first time on a machine and then answers in microseconds.
    """

    network: Network
    memory_budget: int = DEFAULT_BUDGET
    executor: str = "numpy"
    inference: Inference = field(init=False, repr=False)

    def __post_init__(self) -> None:
        inference = Inference(self.network, self.memory_budget, self.executor)
        object.__setattr__(self, "inference", inference)

    def marginals(
        self, evidence: Evidence | None = None, variables: Iterable[str] | None = None
    ) -> Marginals:
        """{variable: posterior over its states}, for every unobserved variable or those named.

        evidence: {variable: a state's name, True or False where the states are yes and no, a
        number where they are numbers, likelihoods as an array or as {state: number}, or None}.

        Raises ImpossibleEvidenceError when P(evidence) is 0, with a smallest conflicting subset.
        """
        wanted = self._everything if variables is None else self._positions(variables)
        observed = encode_case(self.network, evidence)
        if not self._everything:
            return self._labelled({})
        codes = observed.codes[:, 0].tolist()
        compiled = self.inference.circuits.for_one(observed, wanted)
        found = None if compiled is None else score_one(self.inference.circuits, compiled, observed)
        if compiled is None or found is None:
            free = [v for v in wanted if codes[v] == MISSING]
            posterior = self.inference.posterior(observed, Request(wanted=wanted))
            return self._labelled({v: p[0] for v, p in posterior.marginals(free).items()})
        places = compiled.places
        return self._labelled({v: found[places[v]] for v in wanted if codes[v] == MISSING})

    def log_probability(self, evidence: Evidence | None = None) -> float:
        """Natural logarithm of P(evidence); -inf when it is impossible.

        With likelihood evidence: of the sum over states of P(state) x likelihood.
        """
        return float(self.inference.log_probabilities(encode_case(self.network, evidence))[0])

    def log_probability_many(self, table: Any) -> Array:
        """log_probability of each row of a table of cases, shape (cases,)."""
        observed = encode_table(self.network, table)
        if not self._everything:
            return np.zeros(observed.cases)
        return self.inference.log_probabilities(observed)

    def marginals_many(self, table: Any) -> Marginals:
        """{variable: posteriors, shape (cases, states)} for a table of cases.

        table: {variable: values, one a case}, a list of {variable: value}, a data frame or an
        Arrow table; None, NaN and "" are unobserved, a value means what it means in `marginals`,
        and a column of shape (cases, states) holds likelihoods. Positions of states are turned
        into their names by `network.state_names`.
        An observed variable has 1 at its state. A row's numbers do not depend on other rows.
        Raises EvidenceError, UnknownNameError, and ImpossibleEvidenceError that names the row.
        """
        observed = encode_table(self.network, table)
        if not self._everything:
            return self._labelled({})
        scores = self.inference.score(observed, self._everything)
        bad = np.flatnonzero(np.isneginf(scores.log_probability))
        if len(bad):
            one = observed.take(bad[:1])
            raise_impossible(self.network, self.inference.log_probabilities, one, int(bad[0]))
        return self._labelled(scores.marginals)

    def joint(self, variables: Sequence[str], evidence: Evidence | None = None) -> Distribution:
        """Joint posterior of any variables, one axis each in the order given.

        An observed variable's axis has all its weight on the observed state.
        """
        asked = self._positions(variables)
        if len(set(asked)) != len(asked):
            raise EvidenceError(f"a variable is named twice: {', '.join(variables)}")
        observed = encode_case(self.network, evidence)
        posterior = self.inference.posterior(observed, Request(kept=asked))
        codes = observed.codes[:, 0]
        free = [v for v in asked if codes[v] == MISSING]
        table = posterior.joint(free)[0]
        of = tuple(self.network.variables[v] for v in asked)
        full = np.zeros([len(variable.states) for variable in of])
        full[tuple(slice(None) if codes[v] == MISSING else codes[v] for v in asked)] = table
        return Distribution(of, full)

    def family_joint(self, variable: str, evidence: Evidence | None = None) -> Distribution:
        """Joint posterior of a variable's parents (leading axes, in order) and itself."""
        return self.joint([*self.network.family(variable).parents, variable], evidence)

    def most_probable(
        self, evidence: Evidence | None = None, variables: Iterable[str] | None = None, k: int = 1
    ) -> "list[Explanation]":
        """The k most probable joint states of the variables (all unobserved ones by default).

        Other unobserved variables are summed out exactly; each comes with its posterior.
        """
        # No diagnosis asks for one, and a cold start need not import it.
        from bayesnet.analysis.most_probable import most_probable

        observed = encode_case(self.network, evidence)
        free = observed.codes[:, 0] == MISSING
        asked = self._everything if variables is None else self._positions(variables)
        chosen = tuple(v for v in asked if free[v])
        # Impossible evidence is reported before anything is maximised over it.
        self.inference.posterior(observed, Request())
        plan, cases = self.inference.plans.prepared(observed, Request(kept=chosen, last=chosen))
        return most_probable(self.network, plan, cases, chosen, k)

    def information(
        self,
        targets: Iterable[str],
        questions: Iterable[str],
        evidence: Evidence | None = None,
    ) -> dict[str, float]:
        """{question: expected information about the joint of the targets, in bits}, given evidence.

        I(targets; question | evidence), exact (Shannon 1948). An observed question is worth 0.
        """
        observed = encode_case(self.network, evidence)
        return information(
            self.inference, self._positions(targets), self._positions(questions), observed
        )

    def information_each(
        self,
        targets: Iterable[str],
        questions: Iterable[str],
        evidence: Evidence | None = None,
    ) -> dict[str, dict[str, float]]:
        """{target: {question: expected information about that target alone, in bits}}.

        I(target; question | evidence), exact; the target asked about itself tells its entropy.
        """
        observed = encode_case(self.network, evidence)
        about, asked = tuple(targets), tuple(questions)
        bits = information_each(
            self.inference, self._positions(about), self._positions(asked), observed
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
        if not asked:
            return {}
        bits = ask_many(self.inference, self._positions(targets), self._positions(asked), observed)
        return dict(zip(asked, bits, strict=True))

    def marginals_and_information(
        self,
        targets: Iterable[str],
        questions: Iterable[str],
        evidence: Evidence | None = None,
    ) -> tuple[Marginals, dict[str, float]]:
        """What `marginals` and `information` say, from one propagation."""
        observed = encode_case(self.network, evidence)
        asked_of = self._positions(questions)
        open_to = [v for v in self._everything if observed.codes[v, 0] == MISSING]
        others = sorted(set(open_to) - set(asked_of))
        asked = ask(self.inference, self._positions(targets), asked_of, observed, others)
        names = self.network.names
        found = {self.network.position(name): chances for name, chances in asked.chances.items()}
        found.update({v: p[0] for v, p in asked.posterior.marginals(others).items()})
        bits = {names[v]: asked.bits.get(names[v], 0.0) for v in asked_of}
        return self._labelled({v: found[v] for v in open_to}), bits

    def __repr__(self) -> str:
        within = f"{self.executor}, at most {readable_bytes(self.memory_budget)}"
        return f"Engine({counted(len(self.network.variables), 'variable')}, {within})"

    def __reduce__(self) -> tuple[type["Engine"], tuple[object, ...]]:
        """Pickle and copy what it was made of; its plans are made again where they are needed."""
        return Engine, (self.network, self.memory_budget, self.executor)

    def __str__(self) -> str:
        from bayesnet.inference.summary import summary

        return summary(self.inference)

    @cached_property
    def _everything(self) -> tuple[int, ...]:
        return tuple(range(len(self.network.variables)))

    def _labelled(self, arrays: Mapping[int, Array]) -> Marginals:
        """{index of a variable: values} by name, with the names of the states."""
        names = self.network.names
        return Marginals(self.network.by_name, {names[v]: each for v, each in arrays.items()})

    def _positions(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.network.position(name) for name in names)
