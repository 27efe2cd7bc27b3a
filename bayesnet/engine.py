"""Exact queries on a network: compile once, ask many times; a query never changes the engine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesnet.errors import EvidenceError, TooLargeError, UnknownNameError
from bayesnet.evidence import MISSING, Evidence, Observed, encode_case, encode_table
from bayesnet.impossible import raise_impossible
from bayesnet.information import ask, ask_many, information, information_each
from bayesnet.network import Array, Network
from bayesnet.plan import Request, Sketch, fits_with_evidence, sketch
from bayesnet.planning import Plans
from bayesnet.posterior import Posterior, posterior_of
from bayesnet.scoring import Scores, propagate_alike, score, score_alike, score_one

if TYPE_CHECKING:
    from bayesnet.compiling import Circuits
    from bayesnet.explanations import Explanation

DEFAULT_BUDGET = 2 << 30
REPEATS = 3
"""How many propagations the search for a tree without evidence should repay."""
EXECUTORS = ("numpy", "numba")


@dataclass(frozen=True, eq=False)
class Engine:
    """A compiled network. Printing it shows what will be computed and what it costs.

    memory_budget: bytes; a plan that would need more raises TooLargeError instead of running.
    executor: what runs circuits: `numpy`, or `numba` where it is installed, which takes seconds
    to compile the first time on a machine and then answers in microseconds.
    """

    network: Network
    memory_budget: int = DEFAULT_BUDGET
    executor: str = "numpy"
    plans: Plans = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.executor not in EXECUTORS:
            raise UnknownNameError("executor", self.executor, EXECUTORS)
        object.__setattr__(self, "plans", Plans(self.network, self.memory_budget))

    def sketch(self) -> Sketch:
        """The tree for all marginals without evidence; allocates no table."""
        request = Request(wanted=self._everything)
        return sketch(self.plans.solved, self.plans.parents, (), request, REPEATS)

    def prepare(self) -> None:
        """Compile what serves every pattern, if the network is small.

        Raises TooLargeError for a network so wide that not even evidence would help.
        """
        if self.circuits.everything is not None:
            return
        plans, needed, budget = self.plans, self.sketch().memory, self.memory_budget
        if needed > budget and not fits_with_evidence(plans.solved, plans.parents, budget):
            what = f"a junction tree for {len(plans.parents)} variables"
            raise TooLargeError(what, needed, budget, "raise `memory_budget`")

    def marginals(
        self, evidence: Evidence | None = None, variables: Iterable[str] | None = None
    ) -> dict[str, Array]:
        """{variable: posterior over its states}, for every unobserved variable or those named.

        Raises ImpossibleEvidenceError when P(evidence) is 0, with a smallest conflicting subset.
        """
        wanted = self._everything if variables is None else self._positions(variables)
        observed = encode_case(self.network, evidence)
        names, codes = self.network.names, observed.codes[:, 0].tolist()
        compiled = self.circuits.for_one(observed, wanted)
        found = None if compiled is None else score_one(self, compiled, observed)
        if compiled is None or found is None:
            free = [v for v in wanted if codes[v] == MISSING]
            posterior = self.posterior(observed, Request(wanted=wanted))
            return {names[v]: p[0] for v, p in posterior.marginals(free).items()}
        places = compiled.places
        return {names[v]: found[places[v]] for v in wanted if codes[v] == MISSING}

    def log_probability(self, evidence: Evidence | None = None) -> float:
        """Natural logarithm of P(evidence); -inf when it is impossible.

        With likelihood evidence: of the sum over states of P(state) x likelihood.
        """
        return float(self.log_probabilities(encode_case(self.network, evidence))[0])

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
            one = observed.take(bad[:1])
            raise_impossible(self.network, self.log_probabilities, one, int(bad[0]))
        return {self.network.names[v]: found for v, found in scores.marginals.items()}

    def score(self, observed: Observed, variables: Sequence[int]) -> Scores:
        """Posteriors of variables (indices) for encoded cases, and the cases' log P(evidence).

        Never raises for impossible evidence: its log probability is -inf.
        """
        return score(self, observed, variables)

    def joint(self, variables: Sequence[str], evidence: Evidence | None = None) -> Array:
        """Joint posterior of any variables, one axis each in the order given.

        An observed variable's axis has all its weight on the observed state.
        """
        asked = self._positions(variables)
        if len(set(asked)) != len(asked):
            raise EvidenceError(f"a variable is named twice: {', '.join(variables)}")
        observed = encode_case(self.network, evidence)
        posterior = self.posterior(observed, Request(kept=asked))
        codes = observed.codes[:, 0]
        free = [v for v in asked if codes[v] == MISSING]
        table = posterior.joint(free)[0]
        shape = [len(self.network.variables[v].states) for v in asked]
        full = np.zeros(shape)
        full[tuple(slice(None) if codes[v] == MISSING else codes[v] for v in asked)] = table
        return full

    def family_joint(self, variable: str, evidence: Evidence | None = None) -> Array:
        """Joint posterior of a variable's parents (leading axes, in order) and itself."""
        return self.joint([*self.network.family(variable).parents, variable], evidence)

    def most_probable(
        self, evidence: Evidence | None = None, variables: Iterable[str] | None = None, k: int = 1
    ) -> "list[Explanation]":
        """The k most probable joint states of the variables (all unobserved ones by default).

        Other unobserved variables are summed out exactly; each comes with its posterior.
        """
        # No diagnosis asks for one, and a cold start need not import it.
        from bayesnet.explanations import most_probable

        observed = encode_case(self.network, evidence)
        free = observed.codes[:, 0] == MISSING
        asked = self._everything if variables is None else self._positions(variables)
        chosen = tuple(v for v in asked if free[v])
        # Impossible evidence is reported before anything is maximised over it.
        self.posterior(observed, Request())
        plan, cases = self.plans.prepared(observed, Request(kept=chosen, last=chosen))
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
        return information(self, self._positions(targets), self._positions(questions), observed)

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
        bits = information_each(self, self._positions(about), self._positions(asked), observed)
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
        bits = ask_many(self, self._positions(targets), self._positions(asked), observed)
        return dict(zip(asked, bits, strict=True))

    def marginals_and_information(
        self,
        targets: Iterable[str],
        questions: Iterable[str],
        evidence: Evidence | None = None,
    ) -> tuple[dict[str, Array], dict[str, float]]:
        """What `marginals` and `information` say, from one propagation."""
        observed = encode_case(self.network, evidence)
        asked_of = self._positions(questions)
        open_to = [v for v in self._everything if observed.codes[v, 0] == MISSING]
        others = sorted(set(open_to) - set(asked_of))
        asked = ask(self, self._positions(targets), asked_of, observed, others)
        names = self.network.names
        found = dict(asked.chances)
        found.update({names[v]: p[0] for v, p in asked.posterior.marginals(others).items()})
        bits = {names[v]: asked.bits.get(names[v], 0.0) for v in asked_of}
        return {names[v]: found[names[v]] for v in open_to}, bits

    def posterior(self, observed: Observed, request: Request) -> Posterior:
        """One propagation for one case; raises ImpossibleEvidenceError."""
        posterior = self.posterior_many(observed, request)
        if np.isneginf(posterior.collected.log_z).any():
            raise_impossible(self.network, self.log_probabilities, observed)
        return posterior

    def posterior_many(self, observed: Observed, request: Request) -> Posterior:
        """One propagation for cases that share their pattern of observed variables.

        A leaf observed in the first case may be unobserved (code -1) in the others.
        """
        return posterior_of(*self.plans.prepared(observed, request))

    def scores_alike(self, observed: Observed, variables: tuple[int, ...]) -> Scores:
        """Posteriors of unobserved variables for cases that share their pattern.

        By a circuit when the pattern has come before.
        """
        compiled = self.circuits.for_one(observed.take([0]), variables)
        if compiled is not None:
            return score_alike(self, compiled, observed, variables)
        return propagate_alike(self, observed, variables)

    def log_probabilities(self, observed: Observed) -> Array:
        """Log P(evidence) of encoded cases, shape (cases,); -inf where impossible."""
        if observed.columns:
            return self.score(observed, ()).log_probability
        out = np.empty(observed.cases)
        for pattern, rows in self.plans.groups(observed):
            part, plan = observed.take(rows), self.plans.planned(pattern, Request())
            posterior = posterior_of(plan, self.plans.cases(plan, part))
            out[rows] = posterior.collected.log_z + part.log_scale
        return out

    def __str__(self) -> str:
        from bayesnet.summary import summary

        return summary(self)

    @cached_property
    def _everything(self) -> tuple[int, ...]:
        return tuple(range(len(self.network.variables)))

    def _positions(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.network.position(name) for name in names)

    @cached_property
    def circuits(self) -> "Circuits":
        """What has been compiled so far."""
        # Not needed, and so not imported, where each pattern is asked once.
        from bayesnet.compiling import Circuits

        return Circuits(self.plans, self.executor)
