"""Exact queries on a network: compile once, ask many times; a query never changes the engine."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bayesnet.cache import LeastRecentlyUsed
from bayesnet.errors import EvidenceError, readable_bytes
from bayesnet.evidence import MISSING, Evidence, Observed, encode_case, encode_table
from bayesnet.explanations import Explanation, most_probable
from bayesnet.impossible import raise_impossible
from bayesnet.information import ask, information
from bayesnet.lowering import HARD, LOWEST, SOFT, Pattern
from bayesnet.network import Array, Network, NoisyMax
from bayesnet.plan import Plan, Request, make_plan
from bayesnet.posterior import Posterior
from bayesnet.propagation import Cases, Collected, collect

T = TypeVar("T")

DEFAULT_BUDGET = 2 << 30
PLANS_BYTES = 512 << 20
NOTES_KEPT = 8192
BATCH_BYTES = 64 << 20
COMPILE_RESTARTS = 2
LARGE = 300
SHOWN = 5


@dataclass(frozen=True, eq=False)
class Engine:
    """A compiled network. Printing it shows what will be computed and what it costs.

    memory_budget: bytes; a plan that would need more raises TooLargeError instead of running.
    """

    network: Network
    memory_budget: int = DEFAULT_BUDGET
    parents: tuple[tuple[int, ...], ...] = field(init=False, repr=False)
    _noisy: NDArray[np.bool_] = field(init=False, repr=False)
    _plans: LeastRecentlyUsed = field(init=False, repr=False)
    _notes: LeastRecentlyUsed = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parents = tuple(
            tuple(self.network.position(p) for p in family.parents)
            for family in self.network.families
        )
        object.__setattr__(self, "parents", parents)
        noisy = np.array([isinstance(f, NoisyMax) for f in self.network.families], dtype=bool)
        object.__setattr__(self, "_noisy", noisy[:, None])
        object.__setattr__(self, "_plans", LeastRecentlyUsed(PLANS_BYTES, _plan_bytes))
        object.__setattr__(self, "_notes", LeastRecentlyUsed(NOTES_KEPT))

    def prior_plan(self) -> Plan:
        """The plan for all marginals without evidence."""
        restarts = COMPILE_RESTARTS if len(self.parents) < LARGE else 0
        return self._planned((), Request(wanted=self._all()), restarts)

    def marginals(
        self, evidence: Evidence | None = None, variables: Iterable[str] | None = None
    ) -> dict[str, Array]:
        """{variable: posterior over its states}, for every unobserved variable or those named.

        Raises ImpossibleEvidenceError when P(evidence) is 0, with a smallest conflicting subset.
        """
        wanted = self._all() if variables is None else self._positions(variables)
        observed = encode_case(self.network, evidence)
        posterior = self.posterior(observed, Request(wanted=wanted))
        free = [v for v in wanted if observed.codes[v, 0] == MISSING]
        found = posterior.marginals(free)
        return {self.network.names[v]: found[v][0] for v in free}

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
        sizes = [len(variable.states) for variable in self.network.variables]
        out = [np.zeros((observed.cases, size)) for size in sizes]
        request = Request(wanted=self._all())
        for posterior, rows in self._posteriors(observed, request):
            codes = observed.codes[:, rows]
            for v in np.flatnonzero(codes[:, 0] != MISSING).tolist():
                out[v][rows, codes[v]] = 1.0
            free = np.flatnonzero(codes[:, 0] == MISSING).tolist()
            for v, values in posterior.marginals(free).items():
                out[v][rows] = values
        return dict(zip(self.network.names, out, strict=True))

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
    ) -> list[Explanation]:
        """The k most probable joint states of the variables (all unobserved ones by default).

        Other unobserved variables are summed out exactly; each comes with its posterior.
        """
        observed = encode_case(self.network, evidence)
        free = observed.codes[:, 0] == MISSING
        asked = self._all() if variables is None else self._positions(variables)
        chosen = tuple(v for v in asked if free[v])
        # Impossible evidence is reported before anything is maximised over it.
        self.posterior(observed, Request())
        plan, cases = self._prepared(observed, Request(kept=chosen, last=chosen))
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

    def marginals_and_information(
        self,
        targets: Iterable[str],
        questions: Iterable[str],
        evidence: Evidence | None = None,
    ) -> tuple[dict[str, Array], dict[str, float]]:
        """What `marginals` and `information` say, from one propagation."""
        observed = encode_case(self.network, evidence)
        asked_of = self._positions(questions)
        open_to = [v for v in self._all() if observed.codes[v, 0] == MISSING]
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
        plan, cases = self._prepared(observed, request)
        return Posterior(plan, cases, _collected(plan, cases))

    def plans_for_lowest(self, variable: int, code: int) -> bool:
        """Whether a plan made for this observation holds for no other state of the variable."""
        return bool(self._noisy[variable, 0]) and code == 0

    def log_probabilities(self, observed: Observed) -> Array:
        """Log P(evidence) of encoded cases, shape (cases,); -inf where impossible."""
        out = np.empty(observed.cases)
        for pattern, rows in self._groups(observed):
            part = observed.take(rows)
            plan = self._planned(pattern, Request())
            cases = self._cases(plan, part)
            out[rows] = _collected(plan, cases).log_z + part.log_scale
        return out

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returns, kept under the key for as long as it is among the last used."""
        return self._notes.get(key, make)

    def __str__(self) -> str:
        plan = self.prior_plan()
        program = plan.program
        noisy = sum(isinstance(family, NoisyMax) for family in self.network.families)
        named = {vertex: self.network.names[v] for v, vertex in plan.vertex_of.items()}
        largest = sorted(program.cliques, key=lambda clique: -clique.fixed.size)[:SHOWN]
        lines = [
            f"Engine for {len(self.network.variables)} variables, {noisy} of them noisy-MAX and "
            "kept factorised",
            f"  cliques: {len(program.cliques)}",
            f"  cost of one propagation: {program.entries:,} table entries",
            f"  memory: {readable_bytes(program.memory)} of {readable_bytes(self.memory_budget)}",
            "  largest cliques:",
        ]
        for clique in largest:
            members = ", ".join(named.get(v, "(chain)") for v in clique.vertices)
            lines.append(f"    {clique.fixed.size:>10,} entries: {members}")
        return "\n".join(lines)

    def _all(self) -> tuple[int, ...]:
        return tuple(range(len(self.parents)))

    def _positions(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.network.position(name) for name in names)

    def _planned(self, pattern: Pattern, request: Request, restarts: int = 0) -> Plan:
        def make() -> Plan:
            return make_plan(
                self.network, self.parents, pattern, request, self.memory_budget, restarts
            )

        return self._plans.get((pattern, request), make)

    def _groups(self, observed: Observed) -> list[tuple[Pattern, NDArray[np.intp]]]:
        """Rows grouped by which variables are observed, and how."""
        there = observed.codes != MISSING
        kinds = np.where(self._noisy & (observed.codes == 0), LOWEST, HARD) * there
        kinds[list(observed.likelihoods)] = SOFT
        if observed.cases == 1:
            distinct, group = kinds, np.zeros(1, dtype=np.intp)
        else:
            distinct, group = np.unique(kinds, axis=1, return_inverse=True)
        found = []
        for index in range(distinct.shape[1]):
            column = distinct[:, index]
            pattern = tuple((int(v), int(column[v])) for v in np.flatnonzero(column))
            found.append((pattern, np.flatnonzero(group == index)))
        return found

    def _posteriors(
        self, observed: Observed, request: Request
    ) -> Iterable[tuple[Posterior, NDArray[np.intp]]]:
        for pattern, rows in self._groups(observed):
            plan = self._planned(pattern, request)
            most = max(1, BATCH_BYTES // max(1, plan.program.memory))
            for start in range(0, len(rows), most):
                chunk = rows[start : start + most]
                part = observed.take(chunk)
                cases = self._cases(plan, part)
                posterior = Posterior(plan, cases, _collected(plan, cases))
                bad = np.flatnonzero(np.isneginf(posterior.collected.log_z))
                if len(bad):
                    row = int(bad[0]) if len(posterior.collected.log_z) > 1 else 0
                    one = observed.take(chunk[row : row + 1])
                    raise_impossible(self.network, self.log_probabilities, one, int(chunk[row]))
                yield posterior, chunk

    def _prepared(self, observed: Observed, request: Request) -> tuple[Plan, Cases]:
        first = observed.take([0])
        plan = self._planned(self._groups(first)[0][0], request)
        return plan, self._cases(plan, observed)

    def _cases(self, plan: Plan, observed: Observed) -> Cases:
        sizes = np.array([len(v.states) for v in self.network.variables])[:, None]
        codes = np.where(observed.codes == MISSING, sizes, observed.codes)
        likelihoods = {
            plan.vertex_of[v]: values / np.maximum(values.max(axis=1, keepdims=True), 1e-300)
            for v, values in observed.likelihoods.items()
        }
        return Cases(codes, likelihoods)


def _collected(plan: Plan, cases: Cases) -> Collected:
    collected = collect(plan.program, cases)
    bad = np.flatnonzero(np.isneginf(collected.log_z))
    if not len(bad):
        return collected
    # A factor of 1e-300 times another underflows; a longer exponent tells it from zero.
    doubtful = cases.take(bad) if len(collected.log_z) > 1 else cases
    if np.isneginf(collect(plan.program, doubtful, dtype=np.longdouble).log_z).all():
        return collected
    return collect(plan.program, cases, dtype=np.longdouble)


def _plan_bytes(plan: Plan) -> int:
    return plan.program.memory
