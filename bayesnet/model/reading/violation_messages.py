"""Say what is wrong with the shape of a file, in plain words: one function per kind of mistake."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bayesnet.errors import nearest_names, quoted
from bayesnet.model.problems import Problem
from bayesnet.model.reading.meant_numbers import (
    is_number,
    is_percent,
    meant_number,
    meant_numbers,
    number_with_range,
)
from bayesnet.model.reading.schema_violations import (
    Rule,
    Violation,
    resolved,
    sections_with,
    unknown_keys,
)

KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list, such as [first, second]",
    "object": "a block of 'key: value' lines",
}
OTHERWISE_CALLED = {
    "because": "why",
    "cases": "sample_size",
    "ci": "interval",
    "is": "equals",
    "n": "sample_size",
    "name": "label",
    "probability": "value",
    "range": "interval",
    "reason": "why",
    "text": "question",
}
"""Keys by names that other files and papers have for them."""
SPOKEN_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def problems_of(found: Iterable[Violation]) -> list[Problem]:
    """Word every violation as a problem, each once."""
    every = list(found)
    # What makes two numbers of an interval's text is said of the interval, not of the text again.
    told = {each.path for each in every if each.keyword == "minItems" and _two_meant(each.value)}
    return list(
        dict.fromkeys(
            each
            for violation in every
            if violation.path[:-1] not in told
            for each in _WORDS[violation.keyword](violation)
        )
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
    for key, resembling in unknown_keys(violation.value, violation.rule).items():
        meant = OTHERWISE_CALLED.get(key.lower(), "")
        near = [meant] if meant in violation.rule["properties"] else resembling
        hint = f"did you mean {quoted(near)}?" if near else f"known here: {known}"
        if not violation.path and len(sections := sections_with(key)) > 1:
            hint = f"it belongs to entries of {quoted(sections)}"
        message = f"unknown key '{shortened(key)}'; {hint}{_elsewhere(violation.path, key)}"
        yield Problem((*violation.path, key), message)


def _elsewhere(path: Sequence[str | int], key: str) -> str:
    """Say which sections have entries with such a key, where one of them may have been meant."""
    if len(path) != 2:
        return ""
    others = [section for section in sections_with(key) if section != path[0]]
    if not others:
        return ""
    return f". This stands under `{path[0]}:`; it belongs to entries of {quoted(others)}"


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
        message = f"{name} is {got}, not {_kinds(allowed)}; {_advice(violation, allowed, written)}"
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


def _advice(violation: Violation, allowed: Sequence[str], written: str) -> str:
    value, first, rule = violation.value, allowed[0], violation.rule
    if first == "string" and not isinstance(value, list | dict):
        return f'put it in quotes: "{shortened(written)}"'
    if first == "array" and not isinstance(value, dict):
        return _as_list(rule, str(value), written)
    if first == "array" and resolved(rule.get("items", {})).get("type") == "object":
        return "begin it with a dash, or put it in brackets: [{...}]"
    if first == "object" and "value" in rule.get("properties", {}):
        number = meant_number(written)
        stated = "0.1" if number is None else f"{number:g}"
        interval = "interval: [low, high], " if "interval" in rule["properties"] else ""
        return f"write {{value: {stated}, {interval}source: [...]}}"
    if first == "object" and "finding" in rule.get("properties", {}) and written.isidentifier():
        return f"write {{finding: {written}}}, or {_block(rule).removeprefix('write ')}"
    if first == "object":
        keys = rule.get("required", ()) or ([] if "properties" in rule else ["name"])
        return f"write {{{', '.join(f'{key}: ...' for key in keys)}}}" if keys else _block(rule)
    if isinstance(value, str):
        return _advice_for_text(value, first)
    return f"write {KINDS[first]}"


def _block(rule: Rule) -> str:
    return f"write a block with some of {', '.join(rule['properties'])}"


def _as_list(rule: Rule, text: str, written: str) -> str:
    """Say how to write as a list what is none: two numbers, blocks, or words."""
    if rule.get("maxItems") == 2 and not meant_numbers(text):
        return "write both ends in brackets: [low, high]"
    items = resolved(rule.get("items", {}))
    if items.get("type") == "object":
        keys = items.get("required", ()) or tuple(items.get("properties", ()))[:1]
        return f"write [{{{', '.join(f'{key}: ...' for key in keys)}}}]"
    return f"put it in brackets: {_bracketed(text, written)}"


def _bracketed(text: str, written: str) -> str:
    """Return one text, or the two numbers in it, as a list."""
    if len(numbers := meant_numbers(text)) == 2:
        return f"[{numbers[0]:g}, {numbers[1]:g}]"
    items = [each.strip() for each in written.split(",")]
    safe = all(each.replace("-", "").replace("_", "").isalnum() for each in items)
    return f"[{', '.join(items)}]" if safe else f'["{shortened(written)}"]'


def _advice_for_text(given: str, wanted: str) -> str:
    text = given.strip()
    if wanted == "boolean" and text.lower() in SPOKEN_BOOLEANS:
        return f"write {SPOKEN_BOOLEANS[text.lower()]}"
    if wanted in ("number", "integer"):
        if (whole := number_with_range(text)) is not None:
            value, low, high = whole
            return (
                f"write the number alone, {value:g}, and `interval: [{low:g}, {high:g}]` beside it"
            )
        if (number := meant_number(text)) is None:
            return f"write {KINDS[wanted]}, such as {'3' if wanted == 'integer' else '0.25'}"
        if is_percent(text):
            return f"write it as a fraction: {number:g}"
        if "," in text:
            return f"write it with a point: {number:g}"
        if not given.isascii() and is_number(text):
            return f"a space of another kind (no-break space) is beside it; type {number:g} again"
        return f"write it without {'quotes' if is_number(text) else 'anything else'}: {number:g}"
    return f"write {KINDS[wanted]}"


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
    hint = ""
    if most == 2 and (meant := _two_meant(violation.value)):
        hint = f": [{meant[0]:g}, {meant[1]:g}]"
    elif (have, most) == (4, 2) and all(type(each) is int for each in violation.value):
        first, second, third, fourth = violation.value
        hint = f"; with points for commas: [{first}.{second}, {third}.{fourth}]"
    yield Problem(violation.path, f"{name} has {have} item{'s' * (have != 1)}; give {wanted}{hint}")


def _two_meant(items: Sequence[Any]) -> tuple[float, ...]:
    """Return the two numbers that the one text of a list means; empty for any other list."""
    return meant_numbers(str(items[0])) if len(items) == 1 else ()


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
