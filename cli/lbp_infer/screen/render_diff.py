"""Render two models compared: what differs, what that does to people, and a verdict."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType

from bayesnet.diagnosis.answers.intake import askables
from bayesnet.diagnosis.report.percentages import percent
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import level_label
from bayesnet.model.lookup.graded_words import uncertainty, value
from bayesnet.model.lookup.grades import GradedNumber
from bayesnet.tuning.comparison import Comparison
from bayesnet.tuning.conclusions import Changed, Conclusion
from bayesnet.tuning.differences import NumberChange
from bayesnet.tuning.first_questions import FirstQuestion
from lbp_infer.screen.page import columns, paragraph, section
from lbp_infer.screen.shapes import Indented

MOST_LINES = 40
"""Entries of a list of what differs in the files; `--json` has all."""
MOST_PEOPLE = 10
"""People of a list."""
KINDS = {"textbook": "textbook presentations", "case": "published cases", "drawn": "drawn people"}
COUNTED = ("", "compared", "lowered", "raised", "first cause", "pathway")

In = Callable[[ModelDescription, Conclusion], str]
"""Says one thing that a model concludes, in its own words."""


def diff_page(
    found: Comparison, before: ModelDescription, after: ModelDescription
) -> list[RenderableType]:
    """Render a comparison; where nothing differs, that alone."""
    title = paragraph(f"{found.before.name}  ->  {found.after.name}", "bold")
    verdict = f"{found.verdict[0].upper()}{found.verdict[1:]}."
    if not found.by_kind:
        return [title, paragraph(verdict)]
    people = f"Of {found.counts.compared} people"
    return [
        title,
        *_differing("Numbers", [_number(each) for each in found.numbers]),
        *_differing("Elsewhere", [paragraph(each) for each in found.others]),
        section(people, *_counts(found), *_people(found, before, after)),
        section("Asked first", *_first_questions(found.first_questions, before, after)),
        section("Verdict", paragraph(verdict, "bold")),
    ]


def _counts(found: Comparison) -> Iterator[RenderableType]:
    rows = [
        (
            KINDS[kind],
            *(
                str(count)
                for count in (
                    each.compared,
                    each.urgency_lowered,
                    each.urgency_raised,
                    each.first_cause_other,
                    each.pathway_other,
                )
            ),
        )
        for kind, each in found.by_kind.items()
    ]
    yield columns(rows, right=range(1, len(COUNTED)), head=COUNTED)
    confirmed = found.confirmed_first
    if confirmed.cases:
        yield paragraph(
            f"The confirmed cause is first in {confirmed.before} of {confirmed.cases} published "
            f"cases before, in {confirmed.after} after."
        )


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
    people = found.changed
    lists: list[tuple[str, Sequence[Changed], In]] = [
        ("URGENCY LOWERED", [each for each in people if each.is_less_urgent], _level),
        ("Urgency raised", [each for each in people if each.is_more_urgent], _level),
        ("First cause other", [each for each in people if each.is_led_otherwise], _first),
        ("Serious cause listed, gained", [e for e in people if e.listed_gained], _listed),
        ("Serious cause listed, lost", [e for e in people if e.listed_lost], _listed),
        ("Pathway other", [each for each in people if each.is_cared_for_otherwise], _pathway),
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


def _first_questions(
    asked: Sequence[FirstQuestion], before: ModelDescription, after: ModelDescription
) -> Iterator[RenderableType]:
    rows = [
        (_kind(before, each.who), _question(before, each.before), _question(after, each.after))
        for each in asked
        if each.before != each.after
    ]
    denied = "who deny every screen" if before.interview.gates else "of whom nothing else is known"
    yield _table(f"Other for {len(rows)} of {len(asked)} kinds of people {denied}", rows)


def _kind(description: ModelDescription, who: Mapping[str, str]) -> str:
    known = askables(description)
    said = [f"{known[name].label}: {answer.replace('_', ' ')}" for name, answer in who.items()]
    return ", ".join(said) or "anybody"


def _question(description: ModelDescription, asked: str | None) -> str:
    if asked is None:
        return "nothing more"
    gates = description.interview.gates
    return gates[asked].question if asked in gates else askables(description)[asked].label


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
