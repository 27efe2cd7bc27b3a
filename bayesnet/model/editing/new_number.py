"""Write a new number, with its uncertainty, source and reason, in the place of another."""

import re
from collections.abc import Iterator

from msgspec import Struct

from bayesnet.errors import EvidenceError
from bayesnet.model.editing.addresses import Addressed
from bayesnet.model.editing.splicing import added, added_entry, quoted_text, removed, replaced
from bayesnet.model.editing.yaml_places import place_of
from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.model.lookup.intervals import moved_interval

_NUMBER = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)")
_UNCERTAINTY = ("interval", "sample_size")


class NewNumber(Struct, frozen=True, kw_only=True):
    """What is to stand in the file.

    value: as a person types it: a number, or `state: number, ...`. interval: 95 %; sample_size: how
    many patients it is worth; of neither, the interval there is moves along with the value.
    """

    value: str
    source: str
    why: str = ""
    interval: tuple[float, float] | None = None
    sample_size: float | None = None


def _written_fields(found: Addressed, new: NewNumber) -> dict[str, str]:
    """Return {key: its text in the file} of a new number, in the order of the file.

    found: its place, and the number it replaces, if any. Raises EvidenceError for a value that is
    no number, and where nothing tells how sure it is.
    """
    number, states = found.number, _states(new.value)
    fields = {**found.row, _value_key(found, states): _value_text(new.value, states)}
    if number is None or isinstance(number, Frequency | RiskRow):
        fields |= _uncertainty(number, new, states)
    elif new.interval is not None or new.sample_size is not None:
        raise EvidenceError("a benefit, harm or limit has no interval; leave --interval out")
    fields["source"] = f"[{quoted_text(new.source)}]"
    if new.why:
        fields["why"] = quoted_text(new.why)
    return fields


def rewritten(text: str, found: Addressed, new: NewNumber) -> str:
    """Put the new number in the place of the one that was found, or add it whole.

    What is said of how sure the old number was and of its reason goes with it; all else stays.
    Raises what `_written_fields` raises.
    """
    path, fields = found.path, _written_fields(found, new)
    if place_of(text, path) is None:
        return added_entry(text, path, fields)
    if place_of(text, (*path, "values")) is not None and "values" in fields:
        del fields["values"]
        for state, written in _states(new.value).items():
            text = _put(text, (*path, "values", state), written)
    for key, written in fields.items():
        text = _put(text, (*path, key), written)
    for key in (*_UNCERTAINTY, "why"):
        stale = key == "why" or any(each in fields for each in _UNCERTAINTY)
        if stale and key not in fields and place_of(text, (*path, key)) is not None:
            text = removed(text, (*path, key))
    return text


def _states(given: str) -> dict[str, str]:
    """Return {state: number as typed}; empty for one number."""
    if ":" not in given:
        return {}
    pairs = (each.partition(":") for each in given.split(","))
    return {state.strip(): _number_text(number.strip()) for state, _, number in pairs}


def _value_key(found: Addressed, states: dict[str, str]) -> str:
    if isinstance(found.number, RiskRow) or (found.number is None and found.row):
        return "relative_risk"
    return "values" if states else "value"


def _value_text(given: str, states: dict[str, str]) -> str:
    if not states:
        return _number_text(given.strip())
    return f"{{{', '.join(f'{state}: {number}' for state, number in states.items())}}}"


def _number_text(given: str) -> str:
    if _NUMBER.fullmatch(given):
        return given
    meant = given.replace(",", ".")
    if meant.endswith("%") and _NUMBER.fullmatch(meant[:-1].strip()):
        raise EvidenceError(f"'{given}': write it as a fraction: {float(meant[:-1]) / 100:g}")
    if _NUMBER.fullmatch(meant):
        raise EvidenceError(f"'{given}': write it with a point: {meant}")
    raise EvidenceError(
        f"'{given}' is not a number; write one such as 0.22, or for several states "
        "none:0.7,mild:0.3"
    )


def _uncertainty(
    number: Frequency | RiskRow | None, new: NewNumber, states: dict[str, str]
) -> dict[str, str]:
    if new.interval is not None:
        return {"interval": _interval_text(new.interval)}
    if new.sample_size is not None:
        return {"sample_size": f"{new.sample_size:g}"}
    old = next(_single(number), None) if not states else None
    if number is not None and number.interval is not None and old is not None:
        value = float(_number_text(new.value.strip()))
        is_ratio = isinstance(number, RiskRow)
        # What is impossible is refused when the model is read.
        possible = value > 0 and old > 0 and (is_ratio or (value < 1 and old < 1))
        interval = (
            moved_interval(old, number.interval, value, is_ratio) if possible else number.interval
        )
        return {"interval": _interval_text(interval)}
    if number is not None and number.sample_size is not None:
        return {"sample_size": f"{number.sample_size:g}"}
    raise EvidenceError(
        "nothing says how sure the new number is; add --interval LOW,HIGH (95 %) or "
        "--sample-size N (how many cases it is worth)"
    )


def _single(number: Frequency | RiskRow | None) -> Iterator[float]:
    if isinstance(number, RiskRow):
        yield number.relative_risk
    elif number is not None and number.value is not None:
        yield number.value


def _interval_text(interval: tuple[float, float]) -> str:
    return f"[{interval[0]:g}, {interval[1]:g}]"


def _put(text: str, path: KeyPath, written: str) -> str:
    """Put a value in the place of the one there is, or add it."""
    put = added if place_of(text, path) is None else replaced
    return put(text, path, written)
