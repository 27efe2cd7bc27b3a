"""Diagnose a person by a QuestionnaireResponse and, where it came along, the Patient."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lbp_fhir import FhirError, Issue, NotUsed, ReadResponse, Version, read_response
from lbp_fhir.canonical import audience_of, version_of
from lbp_fhir.shape import Asker, asker_of, given_items

from bayesnet import DiagnosticModel, ImpossibleEvidenceError, Report
from bayesnet.diagnosis.report.urgency_words import EMERGENCY
from lbp_service.fhir.patient import Known, known_of
from lbp_service.fhir.sent import Sent


@dataclass(frozen=True)
class Assessed:
    """A report, what of the response was left out, and what else is to be known of it.

    notes: in words, for a person; none in an emergency, where nothing may stand beside it.
    answered: when the answers were given, a dateTime; empty where the response does not say.
    """

    report: Report
    not_used: tuple[NotUsed, ...]
    notes: tuple[str, ...]
    answered: str


def stamp(now: datetime) -> str:
    """Write a moment as a dateTime of FHIR.

    >>> from datetime import UTC
    >>> stamp(datetime(2026, 2, 3, 9, tzinfo=UTC))
    '2026-02-03T09:00:00Z'
    """
    return now.isoformat(timespec="seconds").replace("+00:00", "Z")


def assess(
    model: DiagnosticModel, sent: Sent, version: Version, now: datetime, audience: str | None
) -> Assessed:
    """Diagnose by a response; the Patient tells what was not answered, or not known.

    audience: who is told what to ask next; None for whom the questionnaire asks. Raises FhirError.
    """
    read = read_response(model, sent.response, version, stamp(now))
    known = known_of(model, sent.patient, now.date())
    taken = {name: each for name, each in known.evidence.items() if read.evidence.get(name) is None}
    evidence = {**read.evidence, **taken}
    try:
        report = model.diagnose(evidence, audience or read.audience or "self")
    except ImpossibleEvidenceError as error:
        raise clash(error, sent.response, known) from None
    told = (*_grounds(model, report, asker_of(sent.response, version)), *_notes(model, read, known))
    notes = () if report.triage.level == EMERGENCY else told
    return Assessed(report, read.not_used, notes, sent.response.get("authored", ""))


def clash(error: ImpossibleEvidenceError, response: Mapping[str, Any], known: Known) -> FhirError:
    """Make the error for answers that cannot all be true, with an issue at each of them."""
    places = {**known.places, **{each.link_id: each.expression for each in given_items(response)}}
    named = [each.partition(" ")[0] for each in error.conflicting]
    found = [places[name] for name in named if name in places]
    return FhirError([Issue("error", "business-rule", str(error), each) for each in found or [""]])


def _grounds(model: DiagnosticModel, report: Report, asker: Asker) -> Iterator[str]:
    """Say where a report rests on less than it seems to."""
    if not report.evidence:
        yield "No answer could be used: these are the figures before any answer."
    own = version_of(model)
    for canonical in asker.canonicals:
        _, _, other = canonical.partition("|")
        if other not in ("", own) and audience_of(model, canonical) is not None:
            yield f"The answers are to version {other} of the questionnaire; this is {own}."


def _notes(model: DiagnosticModel, read: ReadResponse, known: Known) -> Iterator[str]:
    for name, answer in known.evidence.items():
        label, place, said = model.findings[name].label, known.places[name], read.evidence.get(name)
        if said is None:
            yield f"{label} is taken from {place}, since it was not answered."
        elif said != answer:
            yield f"{label}: the answer stands, although {place} says otherwise."
    if read.not_used:
        yield f"Answers that were not used: {len(read.not_used)}."
        yield from (_not_used(each) for each in read.not_used)


def _not_used(each: NotUsed) -> str:
    named = f"{each.text} ({each.link_id})" if each.text and each.link_id else each.text
    named = named or each.link_id
    return f"Not used: {named}: {each.why}"
