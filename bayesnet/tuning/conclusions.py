"""Conclude what two models would: the first cause, urgency and pathway of each of many people."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.cohort.result import ERROR, CohortResult
from bayesnet.diagnosis.decisions.policy import rank
from bayesnet.diagnosis.model import DiagnosticModel

AT_ONCE = 20
"""People diagnosed between two words of progress; those drawn together answer the same."""

Person = Mapping[str, Any]
"""{id: answer}"""
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
    probabilities: dict[str, float]


def is_less_urgent(before: Conclusion, after: Conclusion) -> bool:
    """Tell whether the urgency falls."""
    return rank(after.level) < rank(before.level)


def conclude_both(
    before: DiagnosticModel, after: DiagnosticModel, people: Sequence[Person], tell: Tell
) -> list[tuple[Outcome | None, Outcome | None]]:
    """Conclude what each model would of each person; None where it cannot read the answers.

    An answer to what a model does not ask is not heard by it, as in life.
    """
    found: list[tuple[Outcome | None, Outcome | None]] = []
    for start in range(0, len(people), AT_ONCE):
        part = people[start : start + AT_ONCE]
        found += zip(_concluded(before, part), _concluded(after, part), strict=True)
        tell(len(found), len(found) / len(people))
    return found


def _concluded(model: DiagnosticModel, people: Sequence[Person]) -> list[Outcome | None]:
    heard = [{n: answer for n, answer in each.items() if n in model.known} for each in people]
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
