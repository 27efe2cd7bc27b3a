"""What is wrong with the shape of a file, in plain words: one function per kind of mistake."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bayesnet.errors import nearest_names, quoted
from bayesnet.model.format.compiled import Problem
from bayesnet.model.reading.misfits import Misfit, unknown_keys

KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list, such as [first, second]",
    "object": "a block of 'key: value' lines",
}
SPOKEN_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def in_words(found: Iterable[Misfit]) -> list[Problem]:
    """What to say of each misfit, once."""
    return list(dict.fromkeys(each for misfit in found for each in _WORDS[misfit.keyword](misfit)))


def named(path: Sequence[str | int]) -> str:
    """The end of a path as a person would say it: 'value', or item 2 of 'source'."""
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, str):
        return f"'{last}'"
    return f"item {last + 1} of {named(path[:-1])}"


def shortened(text: object, most: int = 40) -> str:
    """A value for a message, cut when it is long."""
    shown = " ".join(str(text).split())
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _unknown(misfit: Misfit) -> Iterable[Problem]:
    known = ", ".join(misfit.rule["properties"])
    for key, near in unknown_keys(misfit.value, misfit.rule).items():
        hint = f"did you mean {quoted(near)}?" if near else f"known here: {known}"
        yield Problem((*misfit.path, key), f"unknown key '{shortened(key)}'; {hint}")


def _missing(misfit: Misfit) -> Iterable[Problem]:
    # A misspelt key is reported once, as unknown, and not again as missing.
    meant = {near[0] for near in unknown_keys(misfit.value, misfit.rule).values() if near}
    for key in misfit.limit:
        if key not in misfit.value and key not in meant:
            yield Problem(misfit.path, f"'{key}' is missing in {named(misfit.path)}; add it")


def _wrong_type(misfit: Misfit) -> Iterable[Problem]:
    allowed = [misfit.limit] if isinstance(misfit.limit, str) else list(misfit.limit)
    name, written = named(misfit.path), misfit.node.written
    if isinstance(misfit.value, float) and not math.isfinite(misfit.value):
        return  # Reported when it was read.
    if misfit.value is None:
        message = f"{name} is empty; give {_kinds(allowed)}, or delete it"
    else:
        got = _described(misfit.value, written)
        message = (
            f"{name} is {got}, not {_kinds(allowed)}; {_advice(misfit.value, allowed, written)}"
        )
    yield Problem(misfit.path, message)


def _kinds(allowed: Sequence[str]) -> str:
    return " or ".join(KINDS[each] for each in allowed)


def _described(value: Any, written: str) -> str:
    if isinstance(value, bool):
        return f"the logical value {written}"
    if isinstance(value, int | float):
        return f"the number {shortened(written)}"
    if isinstance(value, str):
        return f"the text '{shortened(value)}'"
    return "a list" if isinstance(value, list) else "a block of keys"


def _advice(value: Any, allowed: Sequence[str], written: str) -> str:
    first = allowed[0]
    if first == "string" and not isinstance(value, list | dict):
        return f'put it in quotes: "{shortened(written)}"'
    if first == "array" and not isinstance(value, dict):
        return f"put it in brackets: [{shortened(written)}]"
    if isinstance(value, str):
        return _advice_for_text(value.strip(), first)
    return f"write {KINDS[first]}"


def _advice_for_text(text: str, wanted: str) -> str:
    if wanted == "boolean" and text.lower() in SPOKEN_BOOLEANS:
        return f"write {SPOKEN_BOOLEANS[text.lower()]}"
    if wanted in ("number", "integer"):
        if _number(text) is not None:
            return f"write it without quotes: {text}"
        if (pointed := _number(text.replace(",", "."))) is not None:
            return f"write it with a point: {pointed:g}"
        if text.endswith("%") and (percent := _number(text[:-1].replace(",", "."))) is not None:
            return f"write it as a fraction: {percent / 100:g}"
    return f"write {KINDS[wanted]}"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _choice(misfit: Misfit) -> Iterable[Problem]:
    near = nearest_names(str(misfit.value), misfit.limit)
    hint = f"did you mean {quoted(near)}? " if near else ""
    action = f"{hint}choose one of {', '.join(misfit.limit)}"
    shown = shortened(misfit.value)
    if misfit.is_key:
        yield Problem((*misfit.path, misfit.value), f"unknown key '{shown}'; {action}")
    else:
        message = f"'{shown}' is not a choice for {named(misfit.path)}; {action}"
        yield Problem(misfit.path, message)


def _range(misfit: Misfit) -> Iterable[Problem]:
    limits = [
        f"{words} {misfit.rule[key]:g}"
        for key, words in (
            ("minimum", "at least"),
            ("exclusiveMinimum", "over"),
            ("maximum", "at most"),
        )
        if key in misfit.rule
    ]
    percent = misfit.rule.get("maximum") == 1 and 1 < misfit.value <= 100
    hint = f" (for {misfit.value:g} % write {misfit.value / 100:g})" if percent else ""
    written = shortened(misfit.node.written)
    message = f"{named(misfit.path)} is {written}; it must be {' and '.join(limits)}{hint}"
    yield Problem(misfit.path, message)


def _empty(misfit: Misfit) -> Iterable[Problem]:
    yield Problem(misfit.path, f"{named(misfit.path)} is empty; fill it in")


def _length(misfit: Misfit) -> Iterable[Problem]:
    least, most = misfit.rule.get("minItems", 0), misfit.rule.get("maxItems")
    wanted = f"exactly {least}" if least == most else f"at least {least}"
    name, have = named(misfit.path), len(misfit.value)
    yield Problem(misfit.path, f"{name} has {have} items; give {wanted}")


# One entry for each rule that the schema uses; a test holds the two together.
_WORDS: dict[str, Callable[[Misfit], Iterable[Problem]]] = {
    "additionalProperties": _unknown,
    "required": _missing,
    "type": _wrong_type,
    "enum": _choice,
    "minimum": _range,
    "maximum": _range,
    "exclusiveMinimum": _range,
    "minLength": _empty,
    "minItems": _length,
    "maxItems": _length,
}
