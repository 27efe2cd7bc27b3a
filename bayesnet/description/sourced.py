"""Everything in a model that must say where it comes from, with its path."""

from collections.abc import Iterator
from typing import Protocol

from bayesnet.description.format import (
    ConditionalFrequency,
    Frequency,
    ModelDescription,
    RiskRow,
    Threshold,
    Utility,
)
from bayesnet.description.scope import Path, numbers

SourcedNumber = Frequency | ConditionalFrequency | RiskRow | Threshold | Utility


class Sourced(Protocol):
    """An entry with sources and a reason."""

    @property
    def source(self) -> tuple[str, ...]: ...

    @property
    def why(self) -> str: ...


def sourced(description: ModelDescription) -> Iterator[tuple[Path, Sourced]]:
    """Every number, exercise, pathway and triage rule."""
    yield ("model", "conflict_from"), description.model.conflict_from
    yield from sourced_numbers(description)
    for name, exercise in description.exercises.items():
        yield ("exercises", name), exercise
    for name, pathway in description.pathways.items():
        yield ("pathways", name), pathway
    if description.triage:
        for name, rule in description.triage.rules.items():
            yield ("triage", "rules", name), rule


def sourced_numbers(description: ModelDescription) -> Iterator[tuple[Path, SourcedNumber]]:
    """Every frequency, relative risk, threshold and utility."""
    for path, number, _ in numbers(description):
        yield path, number
    for name, cause in description.causes.items():
        if cause.action_threshold:
            yield ("causes", name, "action_threshold"), cause.action_threshold
        for at, row in enumerate(cause.risk_factors):
            yield ("causes", name, "risk_factors", at), row
    for name, pathway in description.pathways.items():
        for key, utility in pathway.value.items():
            yield ("pathways", name, "value", key), utility
