"""What is worked out of one person's answers before anything is said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from bayesnet.analysis.inference import Inference
from bayesnet.analysis.study import Study
from bayesnet.analysis.supposed import Event
from bayesnet.diagnosis.answers.intake import Intake, take_in
from bayesnet.diagnosis.decisions.conditions import People
from bayesnet.diagnosis.decisions.model_fit import judge_fit
from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.decisions.triage import Urgency, triage
from bayesnet.diagnosis.decisions.triage_reasons import emergency_by_rules
from bayesnet.diagnosis.interview.conduct import Manner, Standing
from bayesnet.diagnosis.interview.open_questions import (
    check_audience,
    one_person,
    open_questions,
)
from bayesnet.diagnosis.interview.prospect import Prospect
from bayesnet.diagnosis.report.fit_records import Fit
from bayesnet.diagnosis.report.intervals import Doubt, Interval, influences, interval
from bayesnet.inference.cases import cases_of
from bayesnet.network import Network
from bayesnet.network.evidence import Observed, encode_case


@dataclass(frozen=True, eq=False)
class Found:
    """One person's case, studied; what follows from it is worked out where it is first read.

    answered: a table of that person, nothing computed yet. audience: who answers.
    """

    policy: Policy
    inference: Inference
    intake: Intake
    study: Study
    answered: People
    observed: Observed
    audience: str

    @cached_property
    def probabilities(self) -> Mapping[str, float]:
        """{cause: posterior, in the order of the model; then `no_identified_cause`}."""
        position = self.inference.network.position
        causes = self.policy.description.causes
        found = {name: float(self.study.marginal(position(name))[1]) for name in causes}
        return {**found, NONE: self.study.absent.chance}

    @cached_property
    def fit(self) -> Fit:
        """Whether the answers fit any cause of the model."""
        network, description = self.inference.network, self.policy.description
        return judge_fit(description, network, self.study, self.intake, self.probabilities)

    @cached_property
    def people(self) -> People:
        """A table of that person, as decisions look at it."""
        return replace(
            self.answered,
            probabilities={name: np.array([p]) for name, p in self.probabilities.items()},
            conflicts=np.array([self.fit.conflict]),
        )

    @cached_property
    def urgency(self) -> Urgency:
        """How urgent it is."""
        return triage(self.policy, self.people, self.inference, self.observed)

    @cached_property
    def prospect(self) -> Prospect:
        """What more answers promise."""
        return Prospect(self.policy, self.inference, self.people, lambda: self.study)

    @property
    def leading(self) -> str:
        """The most probable cause, of equal ones the first."""
        causes = [name for name in self.probabilities if name != NONE]
        return max(causes, key=self.probabilities.__getitem__)


def find(
    policy: Policy, inference: Inference, evidence: Mapping[str, Any] | None, audience: str
) -> Found:
    """Study the case of one person; raises what `DiagnosticModel.diagnose` raises."""
    check_audience(audience)
    intake = take_in(policy.known, evidence)
    answered = one_person(policy.known, intake, policy.limits)
    # A confirmed emergency is not asked anything.
    at_once = emergency_by_rules(policy, answered)
    questions = [] if at_once else open_questions(answered, audience)
    observed = encode_case(inference.network, intake.evidence)
    study = study_of(inference, list(policy.description.causes), observed, questions)
    return Found(policy, inference, intake, study, answered, observed, audience)


def standing_of(found: Found, manner: Manner) -> Standing:
    """Say where one person's interview stands."""
    level, first = int(found.urgency.levels[0]), found.urgency.first_of(0)
    return Standing(found.prospect, level, first, found.audience, manner)


def study_of(
    inference: Inference, causes: Sequence[str], observed: Observed, questions: Sequence[str]
) -> Study:
    """Study one person's case: all causes, that none is there, and what may be asked."""
    position = inference.network.position
    events = list(events_of(inference.network, causes).values())
    places, asked = [*map(position, causes)], [*map(position, questions)]
    return inference.study(cases_of(observed)[0], places, asked, events)


def events_of(network: Network, causes: Sequence[str]) -> dict[str, Event]:
    """Return {cause: that it is present}, and that none of them is, as events on the network."""
    yes, no = np.array([0.0, 1.0]), np.array([1.0, 0.0])
    positions = {name: network.position(name) for name in causes}
    present: dict[str, Event] = {name: {v: yes} for name, v in positions.items()}
    return {**present, NONE: dict.fromkeys(positions.values(), no)}


def without_each(
    study: Study, network: Network, causes: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return {observed variable: {cause: its probability without that observation}}."""
    targets = {network.position(cause): cause for cause in causes}
    return {
        network.names[variable]: {
            name: float(rest.posteriors[target][1]) for target, name in targets.items()
        }
        for variable, rest in study.without.items()
    }


def intervals(doubt: Doubt, causes: Sequence[str], study: Study) -> Mapping[str, Interval | None]:
    """Return the 95 % intervals of every cause, and of none of them.

    None for each where the model does not say how sure it is of any of its numbers.
    """
    names = (*causes, NONE)
    if not doubt.uncertainty.numbers:
        return dict.fromkeys(names)
    found = influences(doubt, study.log_odds())
    each = zip(found.probabilities.tolist(), found.deviations.tolist(), strict=True)
    return {name: interval(p, d) for name, (p, d) in zip(names, each, strict=True)}
