"""Tell a cause's own pathway and neutral care, from the model's own values."""

from collections.abc import Iterable
from typing import Literal

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.pathways import NOBODY
from bayesnet.model.lookup.expected_value import worth

NEAR = 0.9
"""A pathway worth this much of the best one for a cause is the cause's own, too."""
Chosen = Literal["own", "neutral", "other"]


def own_pathways(model: DiagnosticModel, cause: str) -> frozenset[str]:
    """Return the pathways that are a cause's own: the one that acts on it, and those worth most.

    None for a cause that no pathway does good to.
    """
    description = model.description
    values = {name: worth(each, cause) for name, each in description.pathways.items()}
    best = max(values.values(), default=0.0)
    act_by = description.causes[cause].act_by
    named = {act_by} if act_by is not None else set()
    return frozenset(named | {n for n, value in values.items() if value >= NEAR * best > 0})


def neutral_pathways(model: DiagnosticModel) -> frozenset[str]:
    """Return the care for people of whom no cause stands out: worth most to people with none."""
    values = {name: worth(each, NOBODY) for name, each in model.description.pathways.items()}
    best = max(values.values(), default=0.0)
    return frozenset(name for name, value in values.items() if value == best > 0)


def chosen(model: DiagnosticModel, pathway: str | None, causes: Iterable[str]) -> Chosen:
    """Tell whether a pathway is the own one of some causes, neutral care, or another one."""
    if any(pathway in own_pathways(model, cause) for cause in causes):
        return "own"
    return "neutral" if pathway in neutral_pathways(model) else "other"
