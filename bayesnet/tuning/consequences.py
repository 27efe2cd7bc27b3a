"""Say what a change of a number does to what a model implies of everybody."""

from collections.abc import Iterator
from dataclasses import dataclass

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.variables import NO, YES

LEAST = 0.0005
"""A change of a probability that is worth a line: it would show at one decimal of a per cent."""


@dataclass(frozen=True)
class Implied:
    """A probability that follows from the numbers, before and after: of whom or what, in words."""

    what: str
    before: float
    after: float


def implied(before: DiagnosticModel, after: DiagnosticModel, path: KeyPath) -> list[Implied]:
    """List what the model implies otherwise since the number at a path changed, largest first.

    It is the share of everybody who has the cause, or shows the finding, that the number belongs
    to; of a cause also the findings it shows as; and the thresholds of serious causes.
    """
    said = [*_shares(before, after, str(path[1])), *_thresholds(before, after)]
    moved = [each for each in said if abs(each.after - each.before) >= LEAST]
    return sorted(moved, key=lambda each: -abs(each.after - each.before))


def _shares(before: DiagnosticModel, after: DiagnosticModel, entry: str) -> Iterator[Implied]:
    """Yield the shares of everybody with an entry, and with the findings of a cause."""
    labels = _touched(after.description, entry)
    one, other = (model.engine.marginals({}, list(labels)) for model in (before, after))
    for name, label in labels.items():
        states = one[name].states
        for state in states[1:] if states == (NO, YES) else states:
            words = label if states == (NO, YES) else f"{label}: {state.replace('_', ' ')}"
            yield Implied(words, float(one[name][state]), float(other[name][state]))
    if entry in after.description.causes:
        yield Implied("None of the causes", before.prior_none, after.prior_none)


def _touched(description: ModelDescription, entry: str) -> dict[str, str]:
    """Return {variable: its label} of an entry, and of what shows directly where it is present."""
    labels = {name: each.label for name, each in description.causes.items()}
    labels |= {name: each.label for name, each in description.risk_factors.items()}
    labels |= {name: each.label for name, each in description.shared.items()}
    labels |= {name: each.label for name, each in description.findings.items()}
    shown = [name for name, each in description.shared.items() if entry in each.causes]
    shown += [name for name, each in description.findings.items() if entry in each.causes]
    return {name: labels[name] for name in (entry, *shown) if name in labels}


def _thresholds(before: DiagnosticModel, after: DiagnosticModel) -> Iterator[Implied]:
    causes = after.description.causes
    for name, threshold in after.thresholds.items():
        if name in before.thresholds:
            words = f"{causes[name].label} is acted on from"
            yield Implied(words, before.thresholds[name].value, threshold.value)
