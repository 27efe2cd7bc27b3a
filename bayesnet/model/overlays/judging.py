"""Judge what sound overlays do to their bases: what gets less safe, and what to look at again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from bayesnet.model.editing.addresses import addresses
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.lookup.grades import graded_numbers
from bayesnet.model.overlays.blame import nearest_place
from bayesnet.model.overlays.laying import UNSAFE, Step
from bayesnet.model.overlays.looser import looser
from bayesnet.model.overlays.stack import is_version
from bayesnet.model.reading.notice import Notice, notice_at
from bayesnet.model.reading.positions import Located

MOST = 12
"""Replaced numbers that a notice lists."""


@dataclass(frozen=True)
class Judged:
    """What is to be said of overlays that are sound.

    problems: safety rules made looser without `unsafe: true`; looser: those made looser with it, in
    words; notices: what the author should look at, each with its place.
    """

    problems: tuple[Located, ...] = ()
    looser: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


def judged(steps: Sequence[Step]) -> Judged:
    """Compare the model before and after each overlay; all of them have to fit the format."""
    problems: list[Located] = []
    said: list[str] = []
    notices: list[Notice] = []
    for step in steps:
        before, after = (
            msgspec.convert(root.data, ModelDescription) for root in (step.before, step.after)
        )
        found = looser(before, after)
        if step.is_unsafe:
            said += [f"{each.message} ({step.name})" for each in found]
        else:
            problems += [
                Located(nearest_place(step.after, each.path, step), _refused(each.message))
                for each in found
            ]
        notices += _other_version(step, before, after)
        if step.is_unsafe and not found and step.layer.main.root is not None:
            place = step.layer.main.root.place((UNSAFE,))
            said_of = "no safety rule is looser", "delete `unsafe: true`"
            notices.append(notice_at("warning", place, *said_of))
    return Judged(tuple(problems), tuple(said), tuple(notices))


def _refused(message: str) -> str:
    return (
        f"{message}; a safety rule may be made stricter, not looser: put it back, or write "
        "`unsafe: true` at the top of this file, and every report says so"
    )


def _other_version(
    step: Step, before: ModelDescription, after: ModelDescription
) -> Iterator[Notice]:
    """Yield that the base is not of the version that the overlay was made for."""
    extends, found = step.layer.extends, before.model.version
    if extends is None or not extends.version or is_version(extends.version, found):
        return
    message = f"made for {extends.name} {extends.version}, and the base is {found}"
    remedy = f"write {extends.name}@{found}"
    replaced = _replaced(before, after)
    if replaced:
        more = f", and {len(replaced) - MOST} more" if len(replaced) > MOST else ""
        listed = f"{', '.join(replaced[:MOST])}{more}"
        remedy = f"look at what is replaced ({listed}), then {remedy}"
    yield notice_at("warning", extends.position, message, remedy)


def _replaced(before: ModelDescription, after: ModelDescription) -> list[str]:
    """List the numbers that differ, each with that of the base and that of the overlay."""
    was, now = _values(before), _values(after)
    return [
        f"{name}: {_short(was[name])} in the base, {_short(now[name])} here"
        for name in was
        if name in now and was[name] != now[name]
    ]


def _values(described: ModelDescription) -> dict[str, float | dict[str, float]]:
    values = {number.path: number.value for number in graded_numbers(described)}
    return {name: values[each.path] for name, each in addresses(described).items()}


def _short(value: float | dict[str, float]) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{state} {share:g}" for state, share in value.items())
    return f"{value:g}"
