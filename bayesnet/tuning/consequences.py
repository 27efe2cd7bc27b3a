"""Say what a change of a model does: to what it implies, and to the textbook presentations."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bayesnet.diagnosis.decisions.policy import rank
from bayesnet.diagnosis.found import find
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.bands import Number
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.format.variables import NO, YES

LEAST = 0.0005
"""A change of a probability that is worth a line: it would show at one decimal of a per cent."""


@dataclass(frozen=True)
class Implied:
    """A probability that follows from the numbers, before and after: of whom or what, in words."""

    what: str
    before: float
    after: float


@dataclass(frozen=True)
class Presentation:
    """What a textbook presentation leads to: its first cause with its probability, and urgency."""

    first: str
    probability: float
    level: str


@dataclass(frozen=True)
class Presented:
    """The textbook presentation of a cause, before and after.

    own: the cause's own probability before and after.
    """

    cause: str
    before: Presentation
    after: Presentation
    own: tuple[float, float]

    @property
    def is_changed(self) -> bool:
        """Whether another cause leads, or the urgency differs."""
        before, after = self.before, self.after
        return (before.first, before.level) != (after.first, after.level)

    @property
    def is_less_urgent(self) -> bool:
        """Whether the urgency falls."""
        return rank(self.after.level) < rank(self.before.level)


def implied(before: DiagnosticModel, after: DiagnosticModel, path: KeyPath) -> list[Implied]:
    """List what the model implies otherwise since the number at a path changed, largest first.

    It is the share of everybody who has the cause, or shows the finding, that the number belongs
    to; of a cause also the findings it shows as; and the thresholds of serious causes.
    """
    said = [*_shares(before, after, str(path[1])), *_thresholds(before, after)]
    moved = [each for each in said if abs(each.after - each.before) >= LEAST]
    return sorted(moved, key=lambda each: -abs(each.after - each.before))


def presented(
    before: DiagnosticModel, after: DiagnosticModel, tell: Callable[[int, float], None]
) -> list[Presented]:
    """Diagnose the textbook presentation of each cause with both models, in the model's order.

    tell: called with the presentations that are done, and their share of all.
    """
    shown = [name for name, cause in after.description.causes.items() if cause.textbook]
    found = []
    for at, name in enumerate(shown):
        answers = after.description.causes[name].textbook
        one, other = (_presentation(model, answers, name) for model in (before, after))
        found.append(Presented(name, one[0], other[0], (one[1], other[1])))
        tell(at + 1, (at + 1) / len(shown))
    return found


def _presentation(
    model: DiagnosticModel, answers: Mapping[str, str | bool | Number], cause: str
) -> tuple[Presentation, float]:
    found = find(model.policy, model.engine.inference, answers, "self")
    first, p = found.leading, found.probabilities
    level = LEVELS[int(found.urgency.levels[0])]
    return Presentation(first, p[first], level), p[cause]


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
