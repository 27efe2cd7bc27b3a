"""Cut a description down to the part whose numbers can be turned into a network."""

from collections.abc import Iterable, Mapping, Set
from typing import TypeVar

import msgspec

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.variables import RiskFactor
from bayesnet.model.lookup.scope import VARIABLES

Entry = TypeVar("Entry")

# Keys of an entry that say nothing of the network.
_BESIDE = {
    "label",
    "about",
    "asked",
    "labels",
    "unit",
    "modifiable",
    "serious",
    "act_by",
    "harmed_by",
    "textbook",
    "interval",
    "sample_size",
    "source",
    "why",
}
_IDS = {"causes": 1, "background_by": 2, "textbook": 1}
"""{key of an entry: how many ids follow it in a path}."""


def solvable_part(description: ModelDescription, broken: Iterable[KeyPath]) -> ModelDescription:
    """Drop the variables whose numbers or structure are touched by a broken place.

    broken: paths of mistakes. Risk factors whose frequency depends on a dropped one are dropped
    too.
    """
    lost: set[str] = set()
    for path in broken:
        # That a band is there matters to the network, where it ends does not.
        beside = _BESIDE & set(_keys(path)) or "bands" in path[2:-1]
        if path and path[0] in VARIABLES and not beside:
            section = str(path[0])
            # An id that stands in two sections is lost in both.
            lost.update([str(path[1])] if path[1:] else getattr(description, section))
    return msgspec.structs.replace(
        description,
        risk_factors=_known(_without(description.risk_factors, lost)),
        causes=_without(description.causes, lost),
        shared=_without(description.shared, lost),
        findings=_without(description.findings, lost),
    )


def _keys(path: KeyPath) -> KeyPath:
    """Return the keys of a path below its entry that are no ids."""
    ids = _IDS.get(str(path[2]), 0) if len(path) > 2 else 0
    return (*path[2:3], *path[3 + ids :])


def _without(entries: Mapping[str, Entry], lost: Set[str]) -> dict[str, Entry]:
    return {name: entry for name, entry in entries.items() if name not in lost}


def _known(factors: Mapping[str, RiskFactor]) -> dict[str, RiskFactor]:
    """Drop the risk factors whose frequency depends on one that is absent, in turn."""
    lost = {
        name
        for name, factor in factors.items()
        if any(other not in factors for row in factor.frequency_by for other in row.when)
    }
    return _known(_without(factors, lost)) if lost else dict(factors)
