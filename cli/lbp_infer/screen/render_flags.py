"""Render the flags of a model: each with its question and its answers, by group."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType

from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.answers.reading import number_range
from lbp_infer.commands.vocabulary import NO_RED_FLAGS, Vocabulary
from lbp_infer.screen.page import columns, paragraph, section


def all_flags(
    words: Vocabulary, groups: Sequence[str], expert: str, red_flags: Iterable[str]
) -> list[RenderableType]:
    """Render every flag below its group, then what denies several at once.

    expert: who finds out about tests; red_flags: ids that `--no-red-flags` denies.
    """
    by_group: Mapping[str, list[str]] = {group: [] for group in groups}
    for name, askable in words.askables.items():
        by_group[askable.asked.group].append(name)
    return [
        paragraph(
            "A flag by itself says yes, with `no-` before its name no. What was asked and is not "
            f"known is --unknown ID. [test]: for the {expert} to find."
        ),
        *(
            section(group.capitalize(), some_flags(words, names))
            for group, names in by_group.items()
            if names
        ),
        section("No to several at once", columns(_denials(words, red_flags), whole=(0,))),
    ]


def some_flags(words: Vocabulary, names: Iterable[str]) -> RenderableType:
    """Render some flags, each with its question and its answers."""
    rows = [(_typed(words, name), _asked(words.askables[name])) for name in names]
    return columns(rows, whole=(0,))


def _typed(words: Vocabulary, name: str) -> str:
    askable, flag = words.askables[name], words.flags[name]
    if askable.is_yes_no:
        return flag
    return f"{flag} {'NUMBER' if askable.is_number else 'ANSWER'}"


def _asked(askable: Askable) -> str:
    mark = " [test]" if askable.asked.asked_of == "clinician" else ""
    return f"{askable.asked.question}{_answers(askable)}{mark}"


def _answers(askable: Askable) -> str:
    if askable.is_yes_no:
        return ""
    if askable.is_number:
        low, high = number_range(askable.answer)
        return f" {low} to {high} {askable.answer.unit}".rstrip() + "."
    *others, last = askable.answer.states
    return f" {', '.join(others)} or {last}." if others else f" {last}."


def _denials(words: Vocabulary, red_flags: Iterable[str]) -> Iterator[tuple[str, str]]:
    yield NO_RED_FLAGS, _listed(words, red_flags)
    for name, lines in words.screens.items():
        yield words.denials[name], _listed(words, lines)


def _listed(words: Vocabulary, names: Iterable[str]) -> str:
    """Return the denials that one flag stands for."""
    return ", ".join(words.denials[name] for name in names) or "none in this model"
