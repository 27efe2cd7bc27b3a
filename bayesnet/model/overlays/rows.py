"""Rows of relative risks, frequencies and codes: known by what they are about, not by order."""

from collections.abc import Mapping
from typing import Any

from msgspec import json

from bayesnet.model.format.codings import Coding
from bayesnet.model.format.numbers import ConditionalFrequency, RiskRow
from bayesnet.model.reading.positions import Node

AMONG = "among"
KNOWN_BY: Mapping[str, tuple[str, ...]] = {
    RiskRow.__name__: ("factor", "state", AMONG),
    ConditionalFrequency.__name__: ("when",),
    Coding.__name__: ("system", "code"),
}
"""{kind of row: the keys that say what it is about}."""


def same_row(rows: Mapping[int, Node], about: Mapping[str, Any], kind: str) -> int | None:
    """Find the row that is about the same as another.

    about: the other, as data. Whom it was measured among need not be said where there is one such
    row only.
    """
    close = tuple(key for key in KNOWN_BY[kind] if key != AMONG or AMONG in about)
    near = [at for at, row in rows.items() if _same(row, about, close)]
    same = [at for at in near if _same(rows[at], about, KNOWN_BY[kind])]
    return next(iter(same or (near if len(near) == 1 else ())), None)


def about(number: RiskRow | ConditionalFrequency) -> dict[str, Any]:
    """Return what a row is about, as data: the keys of it that are not empty.

    >>> about(RiskRow(factor="age", state="old", relative_risk=2.0, source=("x",)))
    {'factor': 'age', 'state': 'old'}
    """
    found = {key: getattr(number, key) for key in KNOWN_BY[type(number).__name__]}
    said: dict[str, Any] = json.decode(json.encode(found))
    return {key: value for key, value in said.items() if value}


def _same(row: Node, about: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    data = row.data if isinstance(row.data, dict) else {}
    return all((data.get(key) or None) == (about.get(key) or None) for key in keys)
