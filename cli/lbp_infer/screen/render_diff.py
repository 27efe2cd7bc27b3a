"""Render two models compared: what differs, what that does to people, and a verdict."""

from collections.abc import Callable, Iterator, Sequence

from rich.console import Group, RenderableType

from bayesnet.diagnosis.report.percent import percent
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import level_label
from bayesnet.model.lookup.graded_words import uncertainty, value
from bayesnet.model.lookup.grades import GradedNumber
from bayesnet.tuning.comparison import Changed, Comparison
from bayesnet.tuning.conclusions import Conclusion, is_less_urgent
from bayesnet.tuning.differences import NumberChange
from lbp_infer.screen.page import columns, paragraph, section
from lbp_infer.screen.shapes import Indented

MOST_LINES = 40
"""Entries of a list of what differs in the files; `--json` has all."""
MOST_PEOPLE = 10
"""People of a list."""

In = Callable[[ModelDescription, Conclusion], str]
"""Says one thing that a model concludes, in its own words."""


def diff_page(
    found: Comparison, before: ModelDescription, after: ModelDescription
) -> list[RenderableType]:
    """Render a comparison; where nothing differs, that alone."""
    title = paragraph(f"{found.before.name}  ->  {found.after.name}", "bold")
    verdict = f"{found.verdict[0].upper()}{found.verdict[1:]}."
    counts = found.counts
    if not counts.compared and not counts.not_compared:
        return [title, paragraph(verdict)]
    people = f"{counts.compared} textbook presentations and drawn people"
    return [
        title,
        *_differing("Numbers", [_number(each) for each in found.numbers]),
        *_differing("Elsewhere", [paragraph(each) for each in found.others]),
        section(f"Of {people}", *_people(found, before, after)),
        section("Verdict", paragraph(verdict, "bold")),
    ]


def _differing(title: str, entries: Sequence[RenderableType]) -> Iterator[RenderableType]:
    more = len(entries) - MOST_LINES
    rest = [paragraph(f"and {more} more, which --json lists.", "dim")] if more > 0 else []
    if entries:
        yield section(title, *entries[:MOST_LINES], *rest)


def _number(change: NumberChange) -> RenderableType:
    was, now = _value(change.before), _value(change.after)
    sources = [_source("before", change.before), _source("after", change.after)]
    said = [paragraph(each, "dim") for each in sources if each]
    return Group(
        paragraph(f"{change.name}: {was} -> {now}"), *(Indented(each, "    ") for each in said)
    )


def _value(number: GradedNumber | None) -> str:
    return "none" if number is None else f"{value(number)} {uncertainty(number)}".rstrip()


def _source(when: str, number: GradedNumber | None) -> str:
    if number is None:
        return ""
    return f"{when}: {': '.join(filter(None, ('; '.join(number.sources), number.why)))}"


def _people(
    found: Comparison, before: ModelDescription, after: ModelDescription
) -> Iterator[RenderableType]:
    lowered = [each for each in found.changed if is_less_urgent(each.before, each.after)]
    raised = [each for each in found.changed if is_less_urgent(each.after, each.before)]
    first = [each for each in found.changed if each.before.first != each.after.first]
    pathway = [each for each in found.changed if each.before.pathway != each.after.pathway]
    lists: list[tuple[str, Sequence[Changed], In]] = [
        ("URGENCY LOWERED", lowered, _level),
        ("Urgency raised", raised, _level),
        ("First cause other", first, _first),
        ("Serious cause listed, gained", [e for e in found.changed if e.listed_gained], _listed),
        ("Serious cause listed, lost", [e for e in found.changed if e.listed_lost], _listed),
        ("Pathway other", pathway, _pathway),
    ]
    for title, changed, said in lists:
        rows = [
            (_who(each.kind, each.id), said(before, each.before), said(after, each.after))
            for each in changed[:MOST_PEOPLE]
        ]
        yield _table(f"{title}: {len(changed)}", rows)
    moved = [
        (_who(e.kind, e.id), e.cause, percent(e.before), percent(e.after)) for e in found.most_moved
    ]
    yield _table(f"Most moved: {len(moved)}", moved, ("", "cause", "before", "after"))
    if found.not_compared:
        named = ", ".join(found.not_compared[:MOST_PEOPLE])
        many = len(found.not_compared)
        yield paragraph(f"Not compared, since one model cannot take the answers: {many} ({named})")


def _table(
    title: str, rows: Sequence[Sequence[str]], head: Sequence[str] = ("", "before", "after")
) -> RenderableType:
    if not rows:
        return paragraph(title)
    return Group(paragraph(title), Indented(columns(rows, head=head), "  "))


def _who(kind: str, name: str) -> str:
    return f"{kind} {name}"


def _level(description: ModelDescription, found: Conclusion) -> str:
    return level_label(description.triage, found.level)


def _first(description: ModelDescription, found: Conclusion) -> str:
    return f"{description.causes[found.first].label} {percent(found.probability)}"


def _listed(description: ModelDescription, found: Conclusion) -> str:
    return ", ".join(description.causes[each].label for each in found.listed) or "none"


def _pathway(description: ModelDescription, found: Conclusion) -> str:
    return description.pathways[found.pathway].label if found.pathway else "none"
