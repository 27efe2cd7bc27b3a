"""Render a fit: how well it foretells, what moved, and what the cases say nothing of."""

from collections.abc import Iterator

from rich.console import RenderableType

from bayesnet.errors import counted
from bayesnet.model.editing.addresses import addresses
from bayesnet.model.format.description import ModelDescription
from bayesnet.tuning.fitting.fit import Fitted, Refitted
from bayesnet.tuning.fitting.held_out import HeldOut
from bayesnet.tuning.fitting.overlay_text import in_words
from lbp_infer.screen.page import columns, paragraph, section

MOST_MOVED = 15
"""Numbers that are listed; the file has all."""


def fit_page(description: ModelDescription, done: Fitted, left_out: int) -> list[RenderableType]:
    """Render what a fit did. left_out: rows that could not be used."""
    rows = counted(done.cases, "case")
    without = f"; {left_out:,} left out" if left_out else ""
    name = description.model.id
    return [
        paragraph(f"{name}, fitted to {rows}{without}", "bold"),
        section("Foretelling the confirmed causes", *_held_out(done.held_out)),
        section("What moved", *_moved(description, done)),
        *_unseen(description, done),
    ]


def _held_out(found: HeldOut | None) -> Iterator[RenderableType]:
    if found is None:
        yield paragraph("Not tried: too few cases to hold some out.")
        return
    said = "worse" if found.after > found.before else "better"
    yield paragraph(
        f"Surprise at the causes of {counted(found.cases, 'case')} that were held out, given their "
        f"answers: {found.before:.3f} bits a case before, {found.after:.3f} after. That is {said} "
        f"by {abs(found.after - found.before):.3f} (standard error {found.error:.3f})."
    )


def _moved(description: ModelDescription, done: Fitted) -> Iterator[RenderableType]:
    names = {each.path: name for name, each in addresses(description).items()}
    if not done.numbers:
        yield paragraph("Nothing: the cases say too little.")
        return
    beyond = sum(each.is_beyond for each in done.numbers)
    yield paragraph(
        f"{counted(len(done.numbers), 'number')} moved, or became surer; {beyond} went beyond the "
        "interval that they had. Farthest, in standard deviations of their own:"
    )
    most = sorted(done.numbers, key=lambda each: -each.shift)[:MOST_MOVED]
    yield columns(
        [_row(names, each) for each in most],
        right=(3,),
        head=("", "before", "after", "moved"),
        whole=(0,),
    )


def _row(names: dict[tuple[str | int, ...], str], each: Refitted) -> tuple[str, str, str, str]:
    mark = "*" if each.is_beyond else ""
    name = names.get(each.path, ".".join(map(str, each.path)))
    return name, in_words(each.before), in_words(each.after), f"{each.shift:.1f}{mark}"


def _unseen(description: ModelDescription, done: Fitted) -> Iterator[RenderableType]:
    if done.seen.never:
        labels = ", ".join(description.causes[each].label for each in done.seen.never)
        yield section(
            "Seen in no case",
            paragraph(
                f"{labels}. Their numbers stay as they are: cases too few to see one do "
                "not say that there is none."
            ),
        )
