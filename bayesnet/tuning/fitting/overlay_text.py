"""An overlay of fitted numbers, each with what it was before and where that was from."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bayesnet.model.editing.splicing import flow_text, quoted_text
from bayesnet.model.format.numbers import JUDGEMENT, ConditionalFrequency, RiskRow
from bayesnet.model.overlays.rows import about
from bayesnet.model.solving.number_change import Uncertain
from bayesnet.tuning.fitting.fit import Refitted

SCHEMA_LINE = "# yaml-language-server: $schema=overlay.schema.json"
WIDTH = 100
INDENT = "  "


def overlay_text(
    extends: str, told: Sequence[str], source: str, numbers: Sequence[Refitted]
) -> str:
    """Write an overlay of fitted numbers, in the order that they come in.

    extends: as the file says it; told: what stands at its top, as comments; source: where the
    fitted numbers come from.
    """
    lines = [SCHEMA_LINE, *(f"# {each}".rstrip() for each in told), "", f"extends: {extends}"]
    tree: dict[str | int, Any] = {}
    for each in numbers:
        inside = tree
        for key in each.path:
            inside = inside.setdefault(key, {})
        inside.update(_fields(each, source))
    for section, entries in tree.items():
        lines += ["", f"{section}:", *_block(entries, 1)]
    return "\n".join(lines) + "\n"


def _fields(each: Refitted, source: str) -> dict[str, Any]:
    """Return {key: its text, or the texts of its entries} of a number."""
    number = each.after
    found: dict[str, Any] = {}
    if isinstance(number, RiskRow | ConditionalFrequency):
        found |= {key: flow_text(value) for key, value in about(number).items()}
    if isinstance(number, RiskRow):
        found["relative_risk"] = _text(number.relative_risk)
    elif number.values is not None:
        found["values"] = {state: _text(share) for state, share in number.values.items()}
    else:
        found["value"] = _text(number.value or 0.0)
    if number.interval is not None:
        found["interval"] = f"[{', '.join(map(_text, number.interval))}]"
    elif number.sample_size is not None:
        found["sample_size"] = _text(number.sample_size)
    # What judgement had a part in stays adapted, and is no published figure.
    judged = [JUDGEMENT] if JUDGEMENT in each.before.source else []
    found["source"] = flow_text([source, *judged])
    found["why"] = f"{in_words(each.before)} before the fit, from {'; '.join(each.before.source)}"
    return found


def in_words(number: Uncertain) -> str:
    """Write a number with how sure it is, as in a sentence.

    >>> in_words(RiskRow(factor="age", relative_risk=2.0, interval=(1.5, 2.7), source=("x",)))
    '2 [1.5, 2.7]'
    """
    if isinstance(number, RiskRow):
        said = _text(number.relative_risk)
    elif number.values is not None:
        said = ", ".join(f"{state} {_text(share)}" for state, share in number.values.items())
    else:
        said = _text(number.value or 0.0)
    if number.interval is not None:
        return f"{said} [{', '.join(map(_text, number.interval))}]"
    return f"{said} (sample size {_text(number.sample_size or 0.0)})"


def _block(entries: Mapping[str | int, Any], depth: int) -> Iterator[str]:
    """Yield the lines of a block; one whose keys are places is a list of blocks."""
    space = INDENT * depth
    for key, inside in entries.items():
        if isinstance(key, int):
            first, *others = _block(inside, depth + 1)
            yield f"{space}- {first.lstrip()}"
            yield from others
        elif isinstance(inside, dict):
            yield f"{space}{quoted_text(key)}:"
            yield from _block(inside, depth + 1)
        elif key == "why":
            yield f"{space}why: >-"
            yield from textwrap.wrap(
                inside,
                WIDTH,
                initial_indent=space + INDENT,
                subsequent_indent=space + INDENT,
                break_long_words=False,
                break_on_hyphens=False,
            )
        else:
            yield f"{space}{quoted_text(key)}: {inside}"


def _text(number: float) -> str:
    return f"{number:.10g}"
