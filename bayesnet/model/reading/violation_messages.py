"""Say what is wrong with the shape of a file, in plain words: one function per kind of mistake."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bayesnet.errors import nearest_names, quoted
from bayesnet.model.problems import Problem
from bayesnet.model.reading.schema_violations import Violation, unknown_keys

KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list, such as [first, second]",
    "object": "a block of 'key: value' lines",
}
SPOKEN_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def problems_of(found: Iterable[Violation]) -> list[Problem]:
    """Word every violation as a problem, each once."""
    return list(
        dict.fromkeys(each for violation in found for each in _WORDS[violation.keyword](violation))
    )


def named(path: Sequence[str | int]) -> str:
    """Return the end of a path as a person would say it.

    >>> named(("causes", "disc", "value")), named(("causes", "disc", "source", 1))
    ("'value'", "item 2 of 'source'")
    """
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, str):
        return f"'{last}'"
    return f"item {last + 1} of {named(path[:-1])}"


def shortened(text: object, most: int = 40) -> str:
    """Return a value as text for a message, cut when it is long.

    >>> shortened("seventeen letters", most=10)
    'seventeen…'
    """
    shown = " ".join(str(text).split())
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _unknown(violation: Violation) -> Iterable[Problem]:
    known = ", ".join(violation.rule["properties"])
    for key, near in unknown_keys(violation.value, violation.rule).items():
        hint = f"did you mean {quoted(near)}?" if near else f"known here: {known}"
        yield Problem((*violation.path, key), f"unknown key '{shortened(key)}'; {hint}")


def _missing(violation: Violation) -> Iterable[Problem]:
    # A misspelt key is reported once, as unknown, and not again as missing.
    meant = {near[0] for near in unknown_keys(violation.value, violation.rule).values() if near}
    for key in violation.limit:
        if key not in violation.value and key not in meant:
            yield Problem(violation.path, f"'{key}' is missing in {named(violation.path)}; add it")


def _wrong_type(violation: Violation) -> Iterable[Problem]:
    allowed = [violation.limit] if isinstance(violation.limit, str) else list(violation.limit)
    name, written = named(violation.path), violation.node.written
    if isinstance(violation.value, float) and not math.isfinite(violation.value):
        return  # Reported when it was read.
    if violation.value is None:
        message = f"{name} is empty; give {_kinds(allowed)}, or delete it"
    else:
        got = _described(violation.value, written)
        message = (
            f"{name} is {got}, not {_kinds(allowed)}; {_advice(violation.value, allowed, written)}"
        )
    yield Problem(violation.path, message)


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


def _choice(violation: Violation) -> Iterable[Problem]:
    near = nearest_names(str(violation.value), violation.limit)
    hint = f"did you mean {quoted(near)}? " if near else ""
    action = f"{hint}choose one of {', '.join(violation.limit)}"
    shown = shortened(violation.value)
    if violation.is_key:
        yield Problem((*violation.path, violation.value), f"unknown key '{shown}'; {action}")
    else:
        message = f"'{shown}' is not a choice for {named(violation.path)}; {action}"
        yield Problem(violation.path, message)


def _range(violation: Violation) -> Iterable[Problem]:
    limits = [
        f"{words} {violation.rule[key]:g}"
        for key, words in (
            ("minimum", "at least"),
            ("exclusiveMinimum", "over"),
            ("maximum", "at most"),
        )
        if key in violation.rule
    ]
    percent = violation.rule.get("maximum") == 1 and 1 < violation.value <= 100
    hint = f" (for {violation.value:g} % write {violation.value / 100:g})" if percent else ""
    written = shortened(violation.node.written)
    message = f"{named(violation.path)} is {written}; it must be {' and '.join(limits)}{hint}"
    yield Problem(violation.path, message)


def _empty(violation: Violation) -> Iterable[Problem]:
    yield Problem(violation.path, f"{named(violation.path)} is empty; fill it in")


def _length(violation: Violation) -> Iterable[Problem]:
    least, most = violation.rule.get("minItems", 0), violation.rule.get("maxItems")
    wanted = f"exactly {least}" if least == most else f"at least {least}"
    name, have = named(violation.path), len(violation.value)
    yield Problem(violation.path, f"{name} has {have} items; give {wanted}")


# One entry for each rule that the schema uses; a test holds the two together.
_WORDS: dict[str, Callable[[Violation], Iterable[Problem]]] = {
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
