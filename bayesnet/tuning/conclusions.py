"""Conclude what two models would: the first cause, urgency and pathway of each of many people."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.cohort.result import ERROR, CohortResult
from bayesnet.diagnosis.decisions.policy import rank
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.compared_people import Kind, Someone

AT_ONCE = 20
"""People diagnosed between two words of progress; those drawn together answer the same."""

Tell = Callable[[int, float], None]
"""Takes how many are done, and their share of all."""


class Conclusion(msgspec.Struct, frozen=True):
    """What a model concludes of a person.

    first: the most probable cause; listed: serious causes at or over their action threshold.
    """

    first: str
    probability: float
    level: str
    pathway: str | None
    listed: tuple[str, ...]


class Outcome(msgspec.Struct, frozen=True):
    """A conclusion, and the probability of each cause behind it."""

    conclusion: Conclusion
    probabilities: Mapping[str, float]


class Pair(msgspec.Struct, frozen=True):
    """What two models conclude of a person."""

    who: Someone
    before: Outcome
    after: Outcome


class Concluded(msgspec.Struct, frozen=True):
    """What two models conclude of people; lost: those whose answers one of them cannot take."""

    pairs: tuple[Pair, ...]
    lost: tuple[Someone, ...]

    @property
    def changed(self) -> tuple["Changed", ...]:
        """The people of whom the models conclude otherwise."""
        both = [
            Changed(each.who.kind, each.who.id, each.before.conclusion, each.after.conclusion)
            for each in self.pairs
        ]
        return tuple(each for each in both if _said(each.before) != _said(each.after))


class Changed(msgspec.Struct, frozen=True):
    """A person of whom the models conclude otherwise.

    id: of a textbook presentation its cause, of a published case its own, of a drawn person the
    number, from 1.
    """

    kind: Kind
    id: str
    before: Conclusion
    after: Conclusion

    @property
    def is_less_urgent(self) -> bool:
        """Whether the urgency falls."""
        return rank(self.after.level) < rank(self.before.level)

    @property
    def is_more_urgent(self) -> bool:
        """Whether the urgency rises."""
        return rank(self.after.level) > rank(self.before.level)

    @property
    def is_led_otherwise(self) -> bool:
        """Whether another cause comes first."""
        return self.before.first != self.after.first

    @property
    def is_cared_for_otherwise(self) -> bool:
        """Whether another pathway is advised."""
        return self.before.pathway != self.after.pathway

    @property
    def listed_gained(self) -> frozenset[str]:
        """Serious causes that are listed only after."""
        return frozenset(self.after.listed) - frozenset(self.before.listed)

    @property
    def listed_lost(self) -> frozenset[str]:
        """Serious causes that are listed only before."""
        return frozenset(self.before.listed) - frozenset(self.after.listed)


def conclude_both(
    before: DiagnosticModel, after: DiagnosticModel, people: Sequence[Someone], tell: Tell
) -> Concluded:
    """Conclude what each model would of each person, in their order.

    An answer to what a model does not ask is not heard by it, as in life. tell: called with the
    people done, and their share.
    """
    pairs: list[Pair] = []
    lost: list[Someone] = []
    for start in range(0, len(people), AT_ONCE):
        part = people[start : start + AT_ONCE]
        both = zip(part, _concluded(before, part), _concluded(after, part), strict=True)
        for who, one, other in both:
            if one and other:
                pairs.append(Pair(who, one, other))
            else:
                lost.append(who)
        done = start + len(part)
        tell(done, done / len(people))
    return Concluded(tuple(pairs), tuple(lost))


def _said(found: Conclusion) -> tuple[str, str, str | None, frozenset[str]]:
    return found.first, found.level, found.pathway, frozenset(found.listed)


def _concluded(model: DiagnosticModel, people: Sequence[Someone]) -> list[Outcome | None]:
    heard = [{n: a for n, a in each.answers.items() if n in model.known} for each in people]
    causes = list(model.description.causes)
    result = model.diagnose_many(heard, fields=[*causes, "triage", "pathway"])
    chances = np.column_stack([result[cause] for cause in causes])
    return [
        _one(model, result, row, chances[row]) if result[ERROR][row] is None else None
        for row in range(len(result))
    ]


def _one(
    model: DiagnosticModel, result: CohortResult, row: int, chances: NDArray[np.float64]
) -> Outcome:
    probabilities = dict(zip(model.description.causes, chances.tolist(), strict=True))
    # Rounded, so that equal causes do not change places with the last bits of an answer.
    first = max(probabilities, key=lambda cause: round(probabilities[cause], 12))
    acted_on = model.thresholds.items()
    listed = tuple(name for name, from_ in acted_on if probabilities[name] >= from_.value)
    level, pathway = result["triage"][row], result["pathway"][row]
    return Outcome(Conclusion(first, probabilities[first], level, pathway, listed), probabilities)
