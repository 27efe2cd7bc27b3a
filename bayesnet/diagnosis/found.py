"""What is worked out of one person's answers before anything is said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from bayesnet.diagnosis.report.intervals import Interval, influences, interval
from bayesnet.inference.cases import cases_of
from bayesnet.model.format.compiled import CompiledModel
from bayesnet.network import Network
from bayesnet.network.evidence import Observed, encode_case


@dataclass(frozen=True, eq=False)
class Found:
    """One person's case, studied, how urgent it is, and what more answers promise.

    people: a table of that person. probabilities: {cause: posterior, in the order of the model;
    then `no_identified_cause`}. audience: who answers.
    """

    intake: Intake
    study: Study
    people: People
    observed: Observed
    probabilities: Mapping[str, float]
    fit: Fit
    urgency: Urgency
    prospect: Prospect
    audience: str

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
    network, causes = inference.network, policy.description.causes
    intake = take_in(policy.known, evidence)
    people = one_person(policy.known, intake, policy.limits)
    # A confirmed emergency is not asked anything.
    at_once = emergency_by_rules(policy, people)
    questions = [] if at_once else open_questions(people, audience)
    observed = encode_case(network, intake.evidence)
    study = study_of(inference, list(causes), observed, questions)
    probabilities = {name: float(study.marginal(network.position(name))[1]) for name in causes}
    probabilities[NONE] = study.absent.chance
    fit = judge_fit(policy.description, network, study, intake, probabilities)
    people = replace(
        people,
        probabilities={name: np.array([p]) for name, p in probabilities.items()},
        conflicts=np.array([fit.conflict]),
    )
    urgency = triage(policy, people, inference, observed)
    prospect = Prospect(policy, inference, people, lambda: study)
    return Found(intake, study, people, observed, probabilities, fit, urgency, prospect, audience)


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


def intervals(compiled: CompiledModel, network: Network, study: Study) -> dict[str, Interval]:
    """Return the 95 % intervals of every cause, and of none of them."""
    found = influences(network, compiled.uncertainty, study.derivatives())
    each = zip(found.probabilities.tolist(), found.deviations.tolist(), strict=True)
    names = (*compiled.description.causes, NONE)
    return {name: interval(p, d) for name, (p, d) in zip(names, each, strict=True)}
