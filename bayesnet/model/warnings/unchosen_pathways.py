"""Warn of pathways that can never be advised, since another one is at least as good for all."""

from collections.abc import Iterator, Mapping

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.pathways import NOBODY, Pathway, levels_of
from bayesnet.model.format.triage_rules import LEVELS, Level
from bayesnet.model.lookup.expected_value import URGENT, worth
from bayesnet.model.problems import ModelWarning


def warn_of_pathways(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each pathway that is beaten at each of its levels by one that is always open there."""
    acting = {cause.act_by for cause in description.causes.values()}
    always = {
        name: each
        for name, each in description.pathways.items()
        if each.unless is None and not each.direction
    }
    for name, pathway in description.pathways.items():
        better: dict[Level, str] = {}
        for level in levels_of(pathway):
            open_there = {
                other: each
                for other, each in always.items()
                if level in levels_of(each)
                and (other not in acting or LEVELS.index(level) >= URGENT)
            }
            if (found := _better(description, name, open_there)) is not None:
                better[level] = found
        if better and len(better) == len(levels_of(pathway)):
            by = " or ".join(f"'{each}'" for each in dict.fromkeys(better.values()))
            yield ModelWarning(
                ("pathways", name),
                f"'{name}' can never be advised: at each of its levels {by} is worth at least as "
                "much for every cause",
                "raise its `value` for the causes it is meant for, change its `levels`, or delete "
                "it",
            )


def _better(description: ModelDescription, name: str, others: Mapping[str, Pathway]) -> str | None:
    """Return a pathway that is worth as much for every cause, and comes first among equals."""
    pathway = description.pathways[name]
    for other, each in others.items():
        gains = [
            worth(each, cause) - worth(pathway, cause) for cause in (*description.causes, NOBODY)
        ]
        # Of pathways that are worth the same, the first in the alphabet is advised.
        if other != name and min(gains) >= 0.0 and (max(gains) > 0.0 or other < name):
            return other
    return None
