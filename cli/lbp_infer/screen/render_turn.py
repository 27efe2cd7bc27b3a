"""Render one turn of an interview: the question, what an answer moved, and where things stand."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.answers.reading import number_range
from bayesnet.diagnosis.report.percentages import percent
from bayesnet.diagnosis.report.records import CauseResult, Report
from bayesnet.diagnosis.report.urgency_words import EMERGENCY
from lbp_infer.dialogue.asked import Gate, Question, Stopped
from lbp_infer.screen.page import (
    bar,
    bullets,
    can_draw_blocks,
    columns,
    is_accessible,
    paragraph,
    section,
)
from lbp_infer.screen.urgency import in_one_line

BAR = 20
LEADING = 3
"""Causes that are shown after each answer."""
MOVED = 0.005
"""Change of a probability from which it is shown: what rounds to a whole percent."""
SPOKEN = (
    "Answer with the key, or with the first letters. Also: ? not known, why, back, so far, "
    "what if ID=ANSWER, stop; help says what they do."
)
HELP = (
    ("KEY", "the key before an answer, or the first letters of it"),
    ("?", "it is not known; it is not asked again"),
    ("why", "why this is asked"),
    ("back", "take the last answer back"),
    ("so far", "what was answered, and what it makes likely"),
    ("what if ID=ANSWER", "what another answer would change; nothing is noted"),
    ("ID=ANSWER", "answer anything, or correct an answer, by its id"),
    ("more", "go on after the questions have stopped"),
    ("stop", "end with what is known"),
)
NOT_KNOWN, NONE_OF_THESE = "Not known", "None of these"
AFTER_STOP = "Enter ends, more goes on, back takes the last answer back."
AFTER_EMERGENCY = "Enter ends; back, if an answer was a mistake."


def stopped_lines(asked: Stopped, report: Report) -> list[RenderableType]:
    """Render that the questions stop, and again how urgent it is, where the eye is.

    Why they stop stands on the screen before, which says in an emergency only where to go.
    """
    stop = f"The questions stop. {AFTER_STOP}"
    if report.triage.level == EMERGENCY:
        stop = f"The questions stop. {asked.reason} {AFTER_EMERGENCY}"
    return [Text(), paragraph(stop), in_one_line(report)]


def question_lines(asked: Question | Gate, number: int) -> list[RenderableType]:
    """Render what is asked, with an answer on each line."""
    rows = [(each.key, each.label) for each in asked.options]
    if isinstance(asked, Gate):
        rows += [("0", NONE_OF_THESE), ("?", "Not sure: ask them one by one")]
    else:
        if not rows:
            low, high = number_range(asked.askable.answer)
            rows.append((f"{low} to {high}", asked.askable.answer.unit))
        rows.append(("?", NOT_KNOWN))
        if asked.gate:
            rows.append(("none", "None of the rest of these"))
        if asked.earlier:
            rows.append(("Enter", f"As before: {asked.earlier}"))
    title = f"{number}. {asked.text}"
    return [
        Text(),
        paragraph(title, "bold"),
        columns([(f"   {key}", label) for key, label in rows]),
    ]


def moved_lines(said: str, before: Report, after: Report) -> list[RenderableType]:
    """Render what an answer was taken as, and what it did to the urgency and the causes.

    In an emergency the causes are left out: nothing stands between it and what is to be done.
    """
    was = "" if after.urgency == before.urgency else f" (was {before.urgency})"
    lines: list[RenderableType] = [
        paragraph(said, "italic"),
        Text.assemble(("Urgency: ", "bold"), f"{after.urgency}{was}"),
    ]
    if after.triage.level == EMERGENCY:
        return lines
    if after.triage.level != before.triage.level:
        lines += [paragraph(each.reason) for each in after.triage.reasons[:1]]
    return [*lines, *_leading(before, after)]


def so_far_lines(report: Report) -> list[RenderableType]:
    """Render everything answered, the urgency with its reasons, and the leading causes."""
    denied = [item for item in report.evidence if item.value is False]
    given = [item.label for item in report.evidence if item.value is not False]
    if denied:
        given.append(f"No: {'; '.join(item.label.removesuffix(': no') for item in denied)}")
    parts: list[RenderableType] = [section("Answered", bullets(given or ["Nothing yet."]))]
    reasons = [each.reason for each in report.triage.reasons]
    urgency = [paragraph(f"{report.urgency}: {report.triage.message}"), bullets(reasons)]
    parts.append(section("Urgency", *urgency))
    return [*parts, section("Causes", *_leading(report, report, 2 * LEADING))]


def again_lines(saved: datetime) -> list[RenderableType]:
    """Say that what may have changed since then is asked again."""
    when = f"{saved.day} {saved:%B %Y}"
    said = f"These answers are of {when}. What may have changed since is asked again."
    return [paragraph(said)]


def help_lines() -> list[RenderableType]:
    """Render what can be typed at any question."""
    return [columns(HELP)]


def said_words(report: Report, ids: Iterable[str]) -> str:
    """Say how answers were taken, in the words of the report."""
    labels = {item.id: item.label for item in report.evidence}
    said = [labels[name] for name in ids if name in labels]
    return "; ".join(said)


def change(before: float, after: float) -> str:
    """Say by how many percent points a probability changed; empty where it hardly did."""
    points = (after - before) * 100
    return "" if abs(after - before) < MOVED else f"{points:+.0f}"


def _leading(before: Report, after: Report, most: int = LEADING) -> list[RenderableType]:
    """Render the first causes, with bars or, for screen readers, as sentences."""
    earlier = {cause.id: cause.probability for cause in before.causes}
    shown = after.causes[:most]
    if is_accessible():
        return [paragraph(_sentence(each, earlier[each.id])) for each in shown]
    return [columns(_rows(shown, earlier), right=(2, 3))]


def _rows(shown: Sequence[CauseResult], earlier: dict[str, float]) -> list[tuple[str | Text, ...]]:
    blocks = can_draw_blocks()
    return [
        (
            f"  {each.label}",
            Text(bar(each.probability, BAR, blocks), style="cyan"),
            percent(each.probability),
            change(earlier[each.id], each.probability),
        )
        for each in shown
    ]


def _sentence(cause: CauseResult, earlier: float) -> str:
    moved = change(earlier, cause.probability)
    was = f", was {percent(earlier)}" if moved else ""
    return f"{cause.label}: {percent(cause.probability)}{was}."
