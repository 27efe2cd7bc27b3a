"""Everything that a diagnosis reads of one case, from one plan and one pass each way."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesnet.analysis.conflict import Before, hypothesis_chances
from bayesnet.analysis.derivatives import (
    Derivatives,
    Event,
    by_number,
    entry_weights,
    log_odds_derivatives,
    of_log_odds,
)
from bayesnet.analysis.information import Reading, core_of, read_questions
from bayesnet.analysis.leave_one_out import Without, left_out, left_out_of_core
from bayesnet.analysis.questions import plan_questions
from bayesnet.analysis.settling import settled
from bayesnet.inference.cases import Case
from bayesnet.inference.core import Core
from bayesnet.inference.posteriors import Posterior, posterior_of
from bayesnet.inference.problem import Planner
from bayesnet.inference.rings import LINEAR
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Study:
    """One case, and its posterior with all targets in the tape.

    core: the joint of the targets, where it is small enough and probable enough to be a table.
    asking: where it is not small enough, the study of the case and the targets that questions
    are weighed by (`settling.settled`); all else is read from the case as it is.
    """

    planner: Planner
    posterior: Posterior
    targets: tuple[int, ...]
    questions: tuple[int, ...]
    asking: "Study | None" = None

    @property
    def case(self) -> Case:
        """What is known."""
        return self.posterior.problem.case

    @cached_property
    def core(self) -> Core | None:
        """The core; None where there is none."""
        problem = self.posterior.problem
        if not problem.tape.core or problem.forward.ring is not LINEAR:
            return None
        return Core(problem)

    @property
    def log_z(self) -> float:
        """Natural log of the probability of the case; -inf where it is impossible."""
        return self.posterior.problem.log_z

    def marginal(self, target: int) -> Array:
        """Posterior of a target, shape (states,)."""
        return np.asarray(self.posterior.calibrated.marginal(target)[:, 0])

    def chances(self, events: Sequence[Event]) -> Array:
        """P(event | case) of events about targets."""
        if self.core is not None:
            return np.minimum(1.0, self.core.chances(events))
        hypotheses = [{v: int(states.argmax()) for v, states in each.items()} for each in events]
        return hypothesis_chances(self.posterior, hypotheses)

    @cached_property
    def reading(self) -> Reading:
        """What is read of the questions."""
        problem = self.posterior.problem
        inside, gone = problem.factors.inside, problem.factors.absorbed.keys()
        plans = plan_questions(
            problem.structure, self.case, self.targets, self.questions, inside, gone
        )
        return Reading(self.posterior, plans, frozenset(self.targets))

    @cached_property
    def told(self) -> tuple[dict[int, float], dict[int, Array]]:
        """(bits about the joint of the targets, posterior of the answers) of each question."""
        return (self.bits, self.answers) if self.asking else read_questions(self.reading)

    @cached_property
    def bits(self) -> dict[int, float]:
        """{question: bits about the joint of the targets}."""
        return self.asking.bits if self.asking else self.told[0]

    @cached_property
    def answers(self) -> dict[int, Array]:
        """{question: posterior of its answers, shape (states,)}."""
        if not self.asking:
            return self.told[1]
        free = [q for q in dict.fromkeys(self.questions) if q not in self.case.hard]
        found = posterior_of(self.planner, self.case, free).marginals(free)
        return {question: each[:, 0] for question, each in found.items()}

    def bits_about(self, targets: Sequence[int]) -> dict[int, float]:
        """{question: bits about the joint of some of the targets}."""
        if not self.asking:
            return self.reading.about(targets)
        return self.asking.bits_about([v for v in targets if v in self.asking.targets])

    @cached_property
    def without(self) -> dict[int, Without]:
        """{observed variable: what is left without it}."""
        if self.core is not None:
            return left_out_of_core(self.planner, self.core, self.targets)
        return left_out(self.planner, self.posterior.problem, self.targets)

    def derivatives(self, events: Sequence[Event]) -> Derivatives:
        """Differentiate the log-odds of events about targets by every number."""
        problem = self.posterior.problem
        if self.core is None:
            return log_odds_derivatives(self.planner, self.case, events)
        posteriors = self.core.supposing(self.posterior.beliefs, events)
        p = self.chances(events)
        weights = entry_weights(problem, posteriors, len(events) + 1)
        return Derivatives(p, of_log_odds(p, by_number(problem, weights)))


def study(planner: Planner, case: Case, targets: Sequence[int], questions: Sequence[int]) -> Study:
    """Study a case; its problem keeps the targets and what the questions need.

    Targets must not be observed.
    """
    structure = planner.structure
    core = core_of(structure, case, targets)
    if targets and not core:
        own, left = settled(planner, case, targets)
        posterior = posterior_of(planner, case, (), sorted(targets))
        asking = study(planner, own, left, questions)
        return Study(planner, posterior, tuple(targets), tuple(questions), asking)
    plans = plan_questions(structure, case, targets, questions)
    kept = sorted({v for plan in plans for v in plan.scope}.union(targets))
    posterior = posterior_of(planner, case, (), kept, core=core)
    return Study(planner, posterior, tuple(targets), tuple(questions))


def known_before(
    planner: Planner,
    known: Case,
    findings: Sequence[int],
    targets: Sequence[int],
    events: Sequence[Event],
) -> Before:
    """Compute what `conflict.before` says of events about the targets, from a study of its own.

    known: a case without its findings. Remembered: an interview asks for the same again and
    again, while its findings grow.
    """

    def make() -> Before:
        found = study(planner, known, targets, findings)
        return Before(found.log_z, found.answers, found.chances(events))

    told = tuple(tuple((v, s.tobytes()) for v, s in event.items()) for event in events)
    found: Before = planner.priors.get((known.key, tuple(findings), tuple(targets), told), make)
    return found
