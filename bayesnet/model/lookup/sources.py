"""Find everything in a model that must say where it comes from, with its path."""

from collections.abc import Iterator
from typing import Protocol

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import (
    Frequency,
    RatioThreshold,
    RiskRow,
    Threshold,
)
from bayesnet.model.format.pathways import Utility
from bayesnet.model.format.triage_rules import stakes_of
from bayesnet.model.lookup.codings import codings_of
from bayesnet.model.lookup.scope import frequencies

SourcedNumber = Frequency | RiskRow | Threshold | RatioThreshold | Utility


class Sourced(Protocol):
    """An entry with sources and the reason for what it says."""

    @property
    def source(self) -> tuple[str, ...]: ...

    @property
    def why(self) -> str: ...


def sourced(description: ModelDescription) -> Iterator[tuple[KeyPath, Sourced]]:
    """Yield every number, code, exercise, pathway, block of advice and part of triage."""
    yield from sourced_numbers(description)
    yield from codings_of(description)
    for name, cause in description.causes.items():
        for at, harm in enumerate(cause.harmed_by):
            yield ("causes", name, "harmed_by", at), harm
    for name, exercise in description.exercises.items():
        yield ("exercises", name), exercise
    for name, pathway in description.pathways.items():
        yield ("pathways", name), pathway
    for name, block in description.advice.items():
        yield ("advice", name), block
    if description.triage:
        for name, rule in description.triage.rules.items():
            yield ("triage", "rules", name), rule
        for name, words in description.triage.scope.items():
            yield ("triage", "scope", name), words
        for name, urgency in description.triage.thresholds.items():
            for level, stakes in stakes_of(urgency).items():
                yield ("triage", "thresholds", name, level), stakes


def sourced_numbers(description: ModelDescription) -> Iterator[tuple[KeyPath, SourcedNumber]]:
    """Yield every frequency, relative risk, threshold and utility, with its path."""
    yield ("model", "conflict_from"), description.model.conflict_from
    if description.model.live_from is not None:
        yield ("model", "live_from"), description.model.live_from
    for path, number, _ in frequencies(description):
        yield path, number
    for name, cause in description.causes.items():
        for at, row in enumerate(cause.risk_factors):
            yield ("causes", name, "risk_factors", at), row
    for name, pathway in description.pathways.items():
        for key, utility in pathway.value.items():
            yield ("pathways", name, "value", key), utility
