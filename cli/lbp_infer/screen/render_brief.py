"""Render the screen of an answer: 80 x 24 for whoever it is; in an emergency hardly anything."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from bayesnet.diagnosis.report.records import CauseResult, PhaseResult, Report
from bayesnet.diagnosis.report.urgency_words import (
    EMERGENCY,
    first_sentence,
    until_seen,
    why,
    why_now,
)
from lbp_infer.screen.fitted import Block, Fitted, gap
from lbp_infer.screen.open_signs import doubted_signs, doubts, how_many, in_words, open_signs
from lbp_infer.screen.page import bar, can_draw_blocks, is_accessible
from lbp_infer.screen.reader import Reader
from lbp_infer.screen.render_care import found_by, in_short
from lbp_infer.screen.signature import signed
from lbp_infer.screen.urgency import headline, in_one_line

LINES = 23
"""Of the 24 of a terminal the last is for what is typed next."""
LINES_OF_AN_EMERGENCY = 12
BAR = 10
"""Characters of a full bar."""
LEADING = 3
KEPT = 2
"""Of these, those that are named however little space there is."""
MATTERS_FROM = 0.05
"""Probability from which a cause that does not lead is named."""
REST = "More: --full. Also: `lbp-infer ask` (be asked), `explain` (why), `flags WORD`."


def brief_page(report: Report, reader: Reader, denied: Sequence[str] = ()) -> Fitted:
    """Return the screen: urgency, causes that matter, next question, first step, urgency again.

    denied: ids of the red flags that were denied together, which the screen names.
    """
    if report.triage.level == EMERGENCY:
        return Fitted(list(_emergency(report, reader)), LINES_OF_AN_EMERGENCY)
    blocks = [
        *_urgency(report, reader),
        *_caution(report, 3),
        gap(),
        *_causes(report, reader),
        gap(),
    ]
    blocks += [
        *_question(report, reader),
        gap(),
        *_first_step(report, reader),
        *_notes(report, reader, denied),
    ]
    blocks += [
        Block(Text(REST, style="dim"), most=3, gives=7),
        Block(Text(signed(report), style="dim"), most=2, gives=2),
        Block(in_one_line(report), most=2, gives=8),
    ]
    return Fitted(blocks, LINES)


def _emergency(report: Report, reader: Reader) -> Iterator[Block]:
    """Yield where to go, why, what could still lower it, what to do then, and where to go."""
    triage = report.triage
    yield Block(headline(report), most=3, least=2, gives=8)
    yield gap()
    for said in why_now(triage)[:1]:
        yield Block(Text(f"Why: {said}"), most=4, least=2, gives=4)
    for each in triage.ask_first[:1]:
        no = reader.words.denials.get(each.id, "no")
        yield Block(Text(f"Only {no} would lower it: {each.text}"), most=4, least=2, gives=3)
    steps = [act for phase in _phases(report) for act in phase.actions]
    if steps:
        yield Block(Text(f"Then: {steps[0]}"), most=3, least=1, gives=2)
    yield from _caution(report, 1)
    yield Block(Text(report.model.name, style="dim"), gives=1)
    yield gap()
    yield Block(in_one_line(report), most=2, gives=8)


def _caution(report: Report, most: int) -> Iterator[Block]:
    """Yield that the model is unsafe, and the first reasons in so many lines."""
    if report.model.caution:
        yield Block(Text(f"! {report.model.caution}", style="bold"), most=most, gives=6)


def _urgency(report: Report, reader: Reader) -> Iterator[Block]:
    triage = report.triage
    yield Block(headline(report), least=4, most=5, gives=8)
    scope = " ".join(each.message for each in triage.scope)
    if scope:
        yield Block(Text(scope, style="bold"), least=6, most=6, gives=7)
    if triage.reasons:
        first = triage.reasons[0]
        short = Text(f"Why: {reader.wording.reason(first)}")
        said = Text(f"Why: {why(first, reader.wording)}")
        yield Block(said, least=2, most=3, gives=5, short=short)
    if until_seen(triage):
        yield Block(Text(until_seen(triage)), least=4, most=4, gives=6)


def _causes(report: Report, reader: Reader) -> Iterator[Block]:
    """Yield a line for each cause that matters, with what the first one is."""
    wording = reader.wording
    shown = _that_matter(report)
    none = report.no_identified_cause
    rows = [(each.label, each.probability, each.interval) for each in shown]
    rows.append((wording.none_of_them, none.probability, none.interval))
    cells = [(wording.number(p), wording.span(within)) for _, p, within in rows]
    number, span = (max(len(cell[at]) for cell in cells) for at in (0, 1))
    people = reader.description.model.people
    ranges = "" if none.interval is None else f" ({wording.heads[1]})"
    named = f"{wording.causes_title(people)}{ranges}:"
    yield Block(Text(named, style="bold"), most=2, gives=7)
    for at, ((label, p, _), (now, within)) in enumerate(zip(rows, cells, strict=True)):
        apart = f"({within})" if within else ""
        drawn = "" if is_accessible() else f"{bar(p, BAR, can_draw_blocks()):<{BAR}}"
        start = f"{now:>{number}} {apart:<{span + 2}} "
        line = Text.assemble(start, (drawn, "cyan"), " ", label)
        keeps = at < len(shown) and (at < KEPT or shown[at].serious)
        short = Text(f"{now:>{number}} {apart:<{span + 2}} {label}")
        yield Block(line, least=1 if keeps else 0, most=1, gives=4, indent=2, short=short)
        if at == 0 and reader.audience == "self":
            about = Text(first_sentence(shown[0].about), style="dim")
            yield Block(about, least=1, most=2, gives=2, indent=4)


def _that_matter(report: Report) -> list[CauseResult]:
    """Return the leading causes, and after them the first of those not to be missed."""
    leading = [
        each
        for rank, each in enumerate(report.causes[:LEADING])
        if rank == 0 or each.probability >= MATTERS_FROM
    ]
    named = {each.id for each in report.must_not_miss}
    serious = [each for each in report.causes if each.id in named and each not in leading]
    return [*leading, *serious[:2]]


def _question(report: Report, reader: Reader) -> Iterator[Block]:
    question = report.next_question
    if question is None:
        said = Text.assemble(("Next question: ", "bold"), f"none. {report.stop_reason}")
        yield Block(said, least=2, most=3)
        return
    text = f"{question.text}{found_by(question, reader)}"
    said = Text.assemble(("Next question: ", "bold"), text)
    yield Block(said, least=2, most=3, gives=7)
    yield Block(Text(in_short(question, reader.words)), least=4, most=5, gives=6, indent=2)


def _first_step(report: Report, reader: Reader) -> Iterator[Block]:
    """Yield the plan and the first thing to do in it, once there is something to go by."""
    if report.evidence and not reader.description.pathways:
        said = Text.assemble(("Plan: ", "bold"), "none. This model holds no pathways of care.")
        yield Block(said, least=1, most=2, gives=1)
    if not report.evidence or report.pathway is None:
        return
    steps = [act for phase in _phases(report) for act in phase.actions[:1]]
    said = short = Text.assemble(("Plan: ", "bold"), report.pathway.label)
    for step in steps:
        said = Text.assemble(said, ". ", ("First: ", "bold"), step)
        # A whole sentence, rather than the beginning of the next one.
        short = Text.assemble(short, ". ", ("First: ", "bold"), first_sentence(step))
    yield Block(said, least=2, most=3, gives=1, short=short)


def _notes(report: Report, reader: Reader, denied: Sequence[str]) -> Iterator[Block]:
    """Yield what does not go together, what may be something else, and red flags open or denied."""
    for each in report.contradictions[:1]:
        yield Block(Text(f"! {each.message}"), least=2, most=2, gives=5)
    if report.fit.flagged:
        yield Block(Text(f"! {report.fit.message}"), least=1, most=3, gives=4)
    if denied:
        typed = " ".join(reader.words.denials[name] for name in denied)
        yield Block(Text(f"Denied together: {typed}", style="dim"), least=1, most=4, gives=2)
    doubted = doubts(doubted_signs(report, reader.words), reader.words)
    if doubted:
        yield Block(Text(f"! {doubted}"), least=1, most=4, gives=5)
    signs = open_signs(report, reader.words)
    if signs:
        said, short = in_words(signs, reader.words), how_many(signs, reader.words)
        yield Block(Text(f"! {said}"), least=1, most=4, gives=3, short=Text(f"! {short}"))


def _phases(report: Report) -> tuple[PhaseResult, ...]:
    return () if report.pathway is None else report.pathway.phases[:1]
