"""Find what two descriptions say differently: numbers by their names, the rest by its place."""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from bayesnet.model.editing.addresses import addresses
from bayesnet.model.format.codings import Coding
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.lookup.codings import coded_lists, codings_of
from bayesnet.model.lookup.grades import GradedNumber, graded_numbers

DEEPEST = 3
"""Keys that a place is named by, such as `findings.whine.label`."""


class NumberChange(msgspec.Struct, frozen=True):
    """A number by its name, as `model set` takes it; None where that model does not have it."""

    name: str
    before: GradedNumber | None
    after: GradedNumber | None


def changed_numbers(before: ModelDescription, after: ModelDescription) -> tuple[NumberChange, ...]:
    """List the numbers that differ in value, interval, source or reason.

    They come in the order of the model after, then those that only the one before has.
    """
    one, other = addresses(before), addresses(after)
    of_one = {number.path: number for number in graded_numbers(before)}
    of_other = {number.path: number for number in graded_numbers(after)}
    found = []
    for name in dict.fromkeys((*other, *one)):
        was, now = one.get(name), other.get(name)
        if was is None or now is None or was.number != now.number:
            old = of_one[was.path] if was else None
            found.append(NumberChange(name, old, of_other[now.path] if now else None))
    return tuple(found)


def changed_places(before: ModelDescription, after: ModelDescription) -> tuple[str, ...]:
    """List where anything but a number differs, such as `findings.whine.label (changed)`.

    Codes one by one: `causes.disc.codings: http://clinic.example 7 (added)`.
    """
    others = _different((), _without_numbers(before), _without_numbers(after))
    return tuple(dict.fromkeys((*others, *_other_codes(before, after))))


def _other_codes(before: ModelDescription, after: ModelDescription) -> Iterator[str]:
    one, other = _codes(before), _codes(after)
    for name in dict.fromkeys((*other, *one)):
        was, now = one.get(name), other.get(name)
        if was != now:
            yield f"{name} ({'added' if was is None else 'removed' if now is None else 'changed'})"


def _codes(description: ModelDescription) -> dict[str, Coding]:
    """Return {the list that a code stands in, its terminology and itself: the code}."""
    return {
        f"{'.'.join(map(str, path[:-1]))}: {coding.system} {coding.code}": coding
        for path, coding in codings_of(description)
    }


def _different(path: KeyPath, one: Any, other: Any) -> Iterator[str]:
    if one == other:
        return
    if len(path) == DEEPEST or not (isinstance(one, dict) and isinstance(other, dict)):
        yield f"{'.'.join(map(str, path))} (changed)"
        return
    for key in dict.fromkeys((*other, *one)):
        if key in one and key in other:
            yield from _different((*path, key), one[key], other[key])
        else:
            yield f"{'.'.join(map(str, (*path, key)))} ({'added' if key in other else 'removed'})"


def _without_numbers(description: ModelDescription) -> Any:
    """Return a description as plain data, without codes and the numbers that have a name."""
    named = {each.path for each in addresses(description).values()}
    codes = {path for path, _ in coded_lists(description)}
    return _without(named | codes, (), msgspec.to_builtins(description))


def _without(paths: Collection[KeyPath], path: KeyPath, part: Any) -> Any:
    """Return plain data without what stands at some paths."""
    if not isinstance(part, dict | list | tuple):
        return part
    entries = part.items() if isinstance(part, dict) else enumerate(part)
    kept = {
        key: _without(paths, (*path, key), each)
        for key, each in entries
        if (*path, key) not in paths
    }
    return kept if isinstance(part, dict) else list(kept.values())
