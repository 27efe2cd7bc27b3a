"""Make the card that a clinician is shown: the urgency first, and in an emergency nothing else."""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bayesnet import DiagnosticModel
from bayesnet.diagnosis.report.percentages import percent, percent_range
from bayesnet.diagnosis.report.records import ACTED_ON, CauseResult, Report
from bayesnet.diagnosis.report.urgency_words import (
    EMERGENCY,
    first_sentence,
    undecided,
    until_seen,
    why_now,
)
from lbp_service.fhir.assess import Assessed

INDICATORS: Mapping[str, str] = {EMERGENCY: "critical", "urgent": "warning"}
"""{level of urgency: how urgent a card is}; everything else informs."""
MOST_CHARACTERS = 139
"""A summary has fewer than 140."""
LEADING = 3
"""Causes that are named."""
MARKS = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")
"""What means something in Markdown or in HTML."""

Card = dict[str, Any]


def report_card(model: DiagnosticModel, found: Assessed, page: str, call: uuid.UUID) -> Card:
    """Make the card of a report, with what else is to be known of it, such as answers not used.

    page: the absolute address of the page, empty where none is served; call: the id of the call, of
    which the card's is made.
    """
    report, triage = found.report, found.report.triage
    indicator = INDICATORS.get(triage.level, "info")
    if triage.level == EMERGENCY:
        summary = f"Emergency: {triage.message}"
        return _card(model, summary, _paragraphs(_now(found)), indicator, call)
    detail = _paragraphs(_detail(found))
    return _card(model, _summary(report), detail, indicator, call, _links(page))


def unanswered_card(model: DiagnosticModel, page: str, call: uuid.UUID) -> Card:
    """Make the card for somebody who has answered nothing yet."""
    about = model.description.model
    summary = f"{about.title}: no answers yet"
    detail = f"No questionnaire has been answered. {_plain(about.setting)}\n\n" + _plain(
        about.disclaimer
    )
    return _card(model, summary, detail, "info", call, _links(page))


def _card(
    model: DiagnosticModel,
    summary: str,
    detail: str,
    indicator: str,
    call: uuid.UUID,
    links: Sequence[Mapping[str, str]] = (),
) -> Card:
    about = model.description.model
    card: Card = {
        "uuid": str(uuid.uuid5(call, f"{model.compiled.sha256} {indicator} {summary} {detail}")),
        "summary": cut(summary),
        "indicator": indicator,
        "source": {"label": f"lbp-infer: {about.title}"},
        "detail": detail,
    }
    return {**card, "links": list(links)} if links else card


def cut(text: str) -> str:
    """Cut a summary to the characters that a card has, at the end of a word.

    >>> cut("Urgency: soon."), len(cut("word " * 100)) <= MOST_CHARACTERS
    ('Urgency: soon.', True)
    """
    if len(text) <= MOST_CHARACTERS:
        return text
    return text[: MOST_CHARACTERS - 1].rpartition(" ")[0] + "…"


def _summary(report: Report) -> str:
    """Say how urgent it is, and what to do or, where there is time, what is most probable.

    What is most probable is seldom what makes it urgent, and would only reassure.
    """
    triage = report.triage
    so_far = ", so far" if triage.provisional else ""
    if triage.level in ACTED_ON or not report.causes:
        return f"{triage.label.capitalize()}{so_far}: {first_sentence(triage.message)}"
    first = report.causes[0]
    most = f"{first.label} {percent(first.probability)}"
    return f"Urgency: {triage.label}{so_far}. Most probable: {most}."


def _paragraphs(told: Iterator[str]) -> str:
    return "\n\n".join(each for each in told if each)


def _now(found: Assessed) -> Iterator[str]:
    """Say where to go, by answers of when, and why, and no more."""
    report = found.report
    yield f"**{_plain(report.triage.message)}**"
    yield _answered(found)
    yield from (_plain(each) for each in why_now(report.triage))
    yield _plain(report.model.caution)
    yield _plain(report.disclaimer)


def _detail(found: Assessed) -> Iterator[str]:
    report, triage = found.report, found.report.triage
    yield f"**{_plain(triage.message)}**"
    yield _answered(found)
    yield from (_plain(each.message) for each in triage.scope)
    yield from (f"Why: {_plain(each.reason)}" for each in triage.reasons)
    yield _plain(undecided(triage))
    yield _plain(until_seen(triage))
    yield "\n".join(["Most probable:", "", *map(_cause, report.causes[:LEADING])])
    if report.must_not_miss:
        named = (f"{each.label} {percent(each.probability)}" for each in report.must_not_miss)
        yield _plain(f"Not to be missed: {', '.join(named)}.")
    if report.next_question is not None:
        yield f"Next question: {_plain(report.next_question.text)}"
    yield from (_plain(each) for each in (report.model.caution, *report.warnings, *found.notes))
    yield _plain(report.disclaimer)


def _answered(found: Assessed) -> str:
    """Say of which day the answers are: a record may hold them for years."""
    return f"Answered on {found.answered[:10]}." if found.answered else ""


def _cause(cause: CauseResult) -> str:
    within = percent_range(cause.interval)
    known = f" ({within})" if within else ""
    return f"- {_plain(cause.label)}: {percent(cause.probability)}{known}"


def _links(page: str) -> list[dict[str, str]]:
    """Return the link to where the questions begin: no answer stands in an address."""
    return [{"label": "Open the questions", "url": page, "type": "absolute"}] if page else []


def _plain(text: str) -> str:
    """Write a text so that Markdown shows it as it is, on one line."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))
