"""Everything that a diagnosis reads of one case, from one plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bayesnet.analysis.conflict import Before
from bayesnet.analysis.leave_one_out import Without, left_out
from bayesnet.analysis.log_odds import LogOdds, log_odds
from bayesnet.analysis.pairs import Pairs, answers, pairs, problem_of
from bayesnet.analysis.supposed import Event, Supposed, chances_of
from bayesnet.analysis.variants import Variant, variants_without
from bayesnet.inference.cases import Case
from bayesnet.inference.posteriors import Posterior, posterior_of
from bayesnet.inference.problem import Planner, Problem
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Absent:
    """What a case says once every target is in its first state.

    posterior: of that case, made for the questions. before: natural log of the probability of the
    case itself.
    """

    posterior: Posterior
    questions: tuple[int, ...]
    before: float

    @cached_property
    def chance(self) -> float:
        """P(every target in its first state | case)."""
        return float(np.exp(min(self.posterior.log_z[0] - self.before, 0.0)))

    @cached_property
    def answers(self) -> Array:
        """P(answer | that, case), side by side as in `Pairs`; zeros where it is impossible."""
        sizes = self.posterior.problem.structure.sizes
        answers = {q: np.zeros((sizes[q], 1)) for q in self.questions}
        if self.chance > 0:
            answers = self.posterior.marginals(self.questions)
        parts = [answers[q][:, 0] for q in self.questions]
        return np.concatenate([np.zeros(0), *parts])


@dataclass(frozen=True, eq=False)
class Study:
    """One case, and its tape with all targets and what its questions need.

    targets, questions: those that are not observed. events: about targets. Nothing but `log_z`
    may be read of an impossible case.
    """

    planner: Planner
    problem: Problem
    targets: tuple[int, ...]
    questions: tuple[int, ...]
    events: tuple[Event, ...]

    @property
    def case(self) -> Case:
        """What is known."""
        return self.problem.case

    @property
    def log_z(self) -> float:
        """Natural log of the probability of the case; -inf where it is impossible."""
        return self.problem.log_z

    def marginal(self, target: int) -> Array:
        """Posterior of a target, shape (states,)."""
        return np.asarray(self.problem.calibrated.marginal(target)[:, 0])

    @cached_property
    def supposed(self) -> Supposed:
        """The case with each event supposed, then each other state of a target but the first."""
        sizes = self.problem.structure.sizes
        states = [(t, np.eye(sizes[t])[s]) for t in self.targets for s in range(1, sizes[t])]
        there = {_told(event) for event in self.events}
        more = [{t: s} for t, s in states if _told({t: s}) not in there]
        return Supposed(self.problem, (*self.events, *more))

    @cached_property
    def variants(self) -> dict[int, list[Variant]]:
        """{observed variable: variants of the case, see `variants_without`}."""
        return variants_without(self.problem)

    @property
    def chances(self) -> Array:
        """P(event | case), shape (events,)."""
        return self.supposed.chances[: len(self.events)]

    def log_odds(self) -> LogOdds:
        """Differentiate the log-odds of the events by the logs of all factors."""
        return log_odds(self.supposed, len(self.events))

    @cached_property
    def pairs(self) -> Pairs:
        """Each target and each question together."""
        return pairs(self.problem, self.targets, self.questions)

    @cached_property
    def absent(self) -> Absent:
        """The case with every target in its first state; a case of its own, smaller than this."""
        case = self.case.with_states(dict.fromkeys(self.targets, 0))
        found = posterior_of(self.planner, case, self.questions)
        return Absent(found, self.questions, self.log_z)

    @cached_property
    def without(self) -> dict[int, Without]:
        """{observed variable: what is left without it}."""
        return left_out(self.planner, self.supposed, self.variants, self.targets)


def study(
    planner: Planner,
    case: Case,
    targets: Sequence[int],
    questions: Sequence[int],
    events: Sequence[Event] = (),
) -> Study:
    """Study a case; what of targets and questions is observed is left out."""
    about = tuple(t for t in dict.fromkeys(targets) if t not in case.hard)
    asked = tuple(q for q in dict.fromkeys(questions) if q not in case.hard)
    problem = problem_of(planner, case, about, asked)
    return Study(planner, problem, about, asked, tuple(events))


@dataclass(frozen=True, eq=False)
class Unfound:
    """A case without its findings: how probable it makes some events, and each finding's answers.

    chances: of the events, shape (events,). Answers are made when they are first asked for.
    """

    problem: Problem
    chances: Array
    _marginals: dict[int, Array] = field(default_factory=dict)

    def of(self, findings: Sequence[int]) -> Before:
        """Return what it says of the events and of some findings."""
        missing = [v for v in findings if v not in self._marginals]
        self._marginals.update(answers(self.problem, missing) if missing else {})
        marginals = {v: self._marginals[v] for v in findings}
        return Before(self.problem.log_z, marginals, self.chances)


def known_before(
    planner: Planner,
    known: Case,
    findings: Sequence[int],
    targets: Sequence[int],
    events: Sequence[Event],
) -> Unfound:
    """Compute what a case says before its findings are looked at, from a problem of its own.

    known: a case without its findings. Remembered: an interview asks for the same again and
    again, while its findings grow.
    """

    def make() -> Unfound:
        problem = study(planner, known, targets, findings).problem
        return Unfound(problem, chances_of(problem, events))

    told = tuple(map(_told, events))
    found: Unfound = planner.priors.get((known.key, tuple(findings), tuple(targets), told), make)
    return found


def _told(event: Event) -> tuple[tuple[int, bytes], ...]:
    """Return an event as something to look up by."""
    return tuple((variable, states.tobytes()) for variable, states in event.items())
