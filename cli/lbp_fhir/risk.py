"""Write a report as a RiskAssessment: percentages, never a Condition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bayesnet import DiagnosticModel, Report
from bayesnet.diagnosis.report.records import CauseExplanation, CauseResult, PathwayResult
from bayesnet.diagnosis.report.urgency_words import EMERGENCY, until_seen, why_now
from lbp_fhir.canonical import AUDIENCES, INTERVAL, Plain
from lbp_fhir.codes import codings
from lbp_fhir.layout import asked_of, what_to_do
from lbp_fhir.percent import percent_range, percentage
from lbp_fhir.writing import write_response

ANSWERS = "answers"
"""The id of the contained response that an assessment rests on."""
NOBODY = {"display": "whoever gave these answers"}


@dataclass(frozen=True)
class About:
    """What an assessment is about, as References of FHIR have it.

    authored: when it is made, a dateTime; subject: whose it is; basis: the response that it rests
    on; answered: when that was given, a dateTime, empty where it is the same. Without a subject it
    says so; without a basis it contains the answers themselves.
    """

    authored: str
    subject: Mapping[str, Any] | None = None
    basis: Mapping[str, Any] | None = None
    answered: str = ""


def risk_assessment(model: DiagnosticModel, report: Report, about: About) -> Plain:
    """Write a report of the model as a RiskAssessment, the same in R4 and R5.

    One prediction a cause, the most probable first. `probabilityDecimal` is a percentage, 0 to 100,
    as FHIR wants it; its 95 % interval is an extension with a Range in percent, since a prediction
    has either a number or a range; `relativeRisk` is the probability over the prior. `mitigation`
    begins with the urgency. In an emergency it says where to go and why, and there is no
    prediction. The status is `preliminary` while questions are worth asking.

        >>> import bayesnet
        >>> model = bayesnet.load_model("lbp-runner")
        >>> report = model.diagnose({"leaning_back": True})
        >>> found = risk_assessment(model, report, About("2026-02-03T09:00:00Z"))
        >>> percent = found["prediction"][0]["probabilityDecimal"]
        >>> abs(percent - 100 * report.causes[0].probability) < 1e-12
        True
    """
    contained = [] if about.basis else [_answers(model, report, about.answered or about.authored)]
    predictions = list(_predictions(model, report))
    return {
        "resourceType": "RiskAssessment",
        **({"contained": contained} if contained else {}),
        "status": "final" if report.should_stop else "preliminary",
        "method": {"text": _method(report)},
        "code": {"text": f"Probability of causes: {report.model.title or report.model.id}"},
        "subject": dict(about.subject or NOBODY),
        "occurrenceDateTime": about.authored,
        "basis": [dict(about.basis or {"reference": f"#{ANSWERS}"})],
        **({"prediction": predictions} if predictions else {}),
        "mitigation": mitigation(report),
        "note": [{"text": said} for said in _notes(report)],
    }


def mitigation(report: Report) -> str:
    """Say how urgent it is, then which care fits and what to leave; in an emergency only why."""
    triage = report.triage
    if triage.level == EMERGENCY:
        return "\n\n".join([what_to_do(triage.label, triage.message), *why_now(triage)])
    said = [what_to_do(report.urgency, triage.message)]
    said += [*(each.message for each in triage.scope), until_seen(triage)]
    if report.pathway is not None and report.evidence:
        said += [f"Pathway: {report.pathway.label}", *_phases(report.pathway)]
        said += [f"To be avoided: {' '.join(report.pathway.avoid)}"] if report.pathway.avoid else []
    return "\n\n".join(each for each in said if each)


def _phases(pathway: PathwayResult) -> Iterator[str]:
    """Yield each phase with its steps; one that was said before is not said again."""
    before: set[str] = set()
    for phase in pathway.phases:
        steps = [*phase.actions, *(f"{each.name}: {each.dose}" for each in phase.exercises)]
        new = [step for step in steps if step not in before]
        before.update(new)
        yield "\n".join([f"{phase.name}: {phase.goal}", *(f"- {step}" for step in new)])


def _predictions(model: DiagnosticModel, report: Report) -> Iterator[Plain]:
    # A viewer lists what is here: beside an emergency the harmless causes would reassure.
    if report.triage.level == EMERGENCY:
        return
    explained = {each.cause: each for each in report.explanation}
    for cause in report.causes:
        yield _prediction(model, report, cause, explained.get(cause.id))


def _prediction(
    model: DiagnosticModel, report: Report, cause: CauseResult, why: CauseExplanation | None
) -> Plain:
    interval: Plain = {}
    if cause.interval is not None:
        ranged = {"url": INTERVAL, "valueRange": percent_range(cause.interval)}
        interval = {"extension": [ranged]}
    risk = {"relativeRisk": cause.probability / cause.prior} if cause.prior > 0 else {}
    return {
        **interval,
        "outcome": {"coding": codings(model, cause.id, cause.label), "text": cause.label},
        "probabilityDecimal": percentage(cause.probability),
        **risk,
        "rationale": _rationale(report, cause, why),
    }


def _rationale(report: Report, cause: CauseResult, why: CauseExplanation | None) -> str:
    """Say what it was before any answer, and what speaks for and against it."""
    people = report.model.people
    said = [f"Before any answer: {percentage(cause.prior):.3g} % of {people} of this setting."]
    if why is not None and why.evidence_for:
        said.append(f"For it: {'; '.join(each.label for each in why.evidence_for)}.")
    if why is not None and why.evidence_against:
        said.append(f"Against it: {'; '.join(each.label for each in why.evidence_against)}.")
    said += [each.reason for each in report.must_not_miss if each.id == cause.id]
    return " ".join(said)


def _method(report: Report) -> str:
    return (
        f"Exact inference in a Bayesian network: {report.model.name} "
        f"(sha256 {report.model.sha256[:12]})"
    )


def _notes(report: Report) -> Iterator[str]:
    yield report.disclaimer
    if report.model.caution:
        yield report.model.caution
    if report.triage.level == EMERGENCY:
        return
    yield (
        "Several causes can be present at once, so the percentages do not add up to 100. None of "
        f"them: {percentage(report.no_identified_cause.probability):.3g} %."
    )
    if report.fit.flagged:
        yield report.fit.message
    yield from report.warnings


def _answers(model: DiagnosticModel, report: Report, authored: str) -> Plain:
    """Write the answers of a report, to be contained in it: to the form that has them all."""
    given = {each.id: each.value for each in report.evidence}
    audience = next(each for each in AUDIENCES if set(given) <= set(asked_of(model, each)))
    written = write_response(model, given, audience, authored)
    return {"resourceType": written.pop("resourceType"), "id": ANSWERS, **written}
