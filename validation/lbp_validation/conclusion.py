"""Conclude of one person what care turns on: a report without weights, intervals and questions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bayesnet.diagnosis.answers.intake import take_in
from bayesnet.diagnosis.decisions.care import choose_pathway
from bayesnet.diagnosis.decisions.model_fit import conflicting
from bayesnet.diagnosis.decisions.triage import triage
from bayesnet.diagnosis.decisions.triage_reasons import Person, explain_triage
from bayesnet.diagnosis.interview.open_questions import one_person
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.differential import differential, must_not_miss
from bayesnet.diagnosis.report.records import (
    CauseResult,
    MustNotMiss,
    PathwayResult,
    TriageResult,
)
from bayesnet.inference.cases import cases_of
from bayesnet.network.evidence import encode_case
from lbp_validation.simulation.decisions import posteriors_in


@dataclass(frozen=True)
class Conclusion:
    """The parts of a report that care turns on; its causes have no interval.

    In `triage` the reasons name no answers of this person that would lower the level.
    """

    triage: TriageResult
    pathway: PathwayResult | None
    causes: tuple[CauseResult, ...]
    must_not_miss: tuple[MustNotMiss, ...]


def conclude(model: DiagnosticModel, answers: Mapping[str, Any]) -> Conclusion:
    """Say of one person what `DiagnosticModel.diagnose` says, in a tenth of its time.

    answers: as for it. Raises what it raises. Whom the answers come from changes only what is asked
    next, which is left out.
    """
    policy, inference = model.policy, model.cohort_engine.inference
    intake = take_in(policy.known, answers)
    observed = encode_case(model.network, intake.evidence)
    [case] = cases_of(observed)
    if not inference.is_possible(case):
        raise inference.impossible(case)
    found, log_probability = posteriors_in(model, observed)
    people = replace(
        one_person(policy.known, intake, policy.limits),
        probabilities=found,
        conflicts=conflicting(policy.description, inference, observed, found, log_probability),
    )
    urgency = triage(policy, people, inference, observed)
    # What each answer adds costs most of a report, and orders only what would lower the level.
    told = explain_triage(policy, Person(people, intake, inference, observed, dict), urgency)
    spread = dict.fromkeys(found)
    causes = differential(policy.description, {n: float(p[0]) for n, p in found.items()}, spread)
    return Conclusion(
        told,
        choose_pathway(policy, people, told.level, told.forbids),
        causes,
        must_not_miss(policy.description, model.thresholds, causes),
    )
