"""What of a base's number stays when an overlay changes it: neither its source nor its reason."""

import math
from collections.abc import Mapping, Set
from typing import Any

from msgspec import structs

from bayesnet.model.lookup.intervals import moved_interval
from bayesnet.model.reading.positions import Node, with_children

_FREQUENCY = frozenset({"value", "values", "interval", "sample_size"})
SAYS: Mapping[str, Set[str]] = {
    "Frequency": _FREQUENCY,
    "ConditionalFrequency": _FREQUENCY,
    "Effect": _FREQUENCY | {"lowers"},
    "RiskRow": frozenset({"relative_risk", "interval", "sample_size"}),
    "Coding": frozenset({"display"}),
    "Threshold": frozenset({"value"}),
    "RatioThreshold": frozenset({"value"}),
    "Utility": frozenset({"value"}),
    "Stakes": frozenset({"benefit", "harm"}),
    "TriageRule": frozenset({"level", "when", "unless", "confirm", "denied", "forbids"}),
    "ScopeRule": frozenset({"level", "when", "forbids"}),
}
"""{kind of entry: the keys that its source is the source of}."""
PROVENANCE = frozenset({"source", "why", "conflicts"})
_INSTEAD: Mapping[str, Set[str]] = {
    "value": frozenset({"values"}),
    "values": frozenset({"value", "interval"}),
    "interval": frozenset({"sample_size"}),
    "sample_size": frozenset({"interval"}),
}
"""{key: what cannot stand beside it}."""


def left_of(base: Node, over: Node, kind: str) -> Node:
    """Return what stays of a base's entry under an overlay's.

    kind: the record of the format that both are. Where a number or rule is changed, its source and
    reason go; an interval of which nothing is said moves along with the value.
    """
    if not SAYS.get(kind, frozenset()) & over.children.keys():
        return base
    gone = PROVENANCE.union(*(_INSTEAD.get(str(key), frozenset()) for key in over.children))
    kept = {key: child for key, child in base.children.items() if key not in gone}
    value = "relative_risk" if kind == "RiskRow" else "value"
    if value in over.children and value in kept and "interval" in kept:
        kept["interval"] = _moved(kept["interval"], kept[value], over.children[value], value)
    return with_children(base, kept)


def _moved(interval: Node, old: Node, new: Node, key: str) -> Node:
    """Return the interval as `model set` would move it, at the place of the new value."""
    most = math.inf if key == "relative_risk" else 1.0
    values = (old.data, new.data)
    if old.data == new.data or not all(_within(each, most) and 0 < each < most for each in values):
        return interval
    ends = interval.data if isinstance(interval.data, list) else []
    if len(ends) != 2 or not all(_within(end, most) for end in ends):
        return interval
    data = list(moved_interval(old.data, (ends[0], ends[1]), new.data, most == math.inf))
    parts: dict[str | int, Node] = {at: Node(end, new.position) for at, end in enumerate(data)}
    return structs.replace(interval, data=data, position=new.position, children=parts)


def _within(value: Any, most: float) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= most
