"""Compare two models: the numbers that differ, and what that does to people."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec
import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.identity import ModelIdentity, identity_of
from bayesnet.errors import counted
from bayesnet.tuning.conclusions import (
    Conclusion,
    Outcome,
    Person,
    Tell,
    conclude_both,
    is_less_urgent,
)
from bayesnet.tuning.differences import NumberChange, changed_numbers, changed_places
from bayesnet.tuning.histories import draw_histories

DRAWN, SEED = 200, 0
"""People drawn from the model before, and the seed."""
ALIKE = 20
"""Drawn people who answer the same questions."""
ANSWERED = 0.25
"""Share of the questions beyond risk factors and screens that such people answer."""
MOST_MOVED = 10

Kind = Literal["textbook", "drawn"]


class Changed(msgspec.Struct, frozen=True):
    """A person of whom the models conclude otherwise.

    id: of a textbook presentation its cause, of a drawn person the number, from 1.
    """

    kind: Kind
    id: str
    before: Conclusion
    after: Conclusion

    @property
    def listed_gained(self) -> frozenset[str]:
        """Serious causes that are listed only after."""
        return frozenset(self.after.listed) - frozenset(self.before.listed)

    @property
    def listed_lost(self) -> frozenset[str]:
        """Serious causes that are listed only before."""
        return frozenset(self.before.listed) - frozenset(self.after.listed)


class Moved(msgspec.Struct, frozen=True):
    """The cause whose probability differs most in a person, of those that both models have."""

    kind: Kind
    id: str
    cause: str
    before: float
    after: float


class Counts(msgspec.Struct, frozen=True):
    """How many people are compared, cannot be, and of whom the models conclude otherwise."""

    compared: int
    not_compared: int
    urgency_lowered: int
    urgency_raised: int
    first_cause_other: int
    listed_gained: int
    listed_lost: int
    pathway_other: int


class Comparison(msgspec.Struct, frozen=True):
    """Two models compared.

    others: where anything but a number differs. not_compared: people whose answers one of the
    models cannot take, as `kind id`. changed: the people of whom they conclude otherwise.
    """

    before: ModelIdentity
    after: ModelIdentity
    numbers: tuple[NumberChange, ...]
    others: tuple[str, ...]
    counts: Counts
    not_compared: tuple[str, ...]
    changed: tuple[Changed, ...]
    most_moved: tuple[Moved, ...]
    verdict: str


def compare(before: DiagnosticModel, after: DiagnosticModel, tell: Tell) -> Comparison:
    """Compare two models over textbook presentations and drawn people.

    Presentations are those of the model after, and of causes that only the one before has. Nobody
    is diagnosed where nothing differs. tell: called with the people done, and their share.
    """
    numbers = changed_numbers(before.description, after.description)
    others = changed_places(before.description, after.description)
    differs = before.description != after.description
    people = [*_textbooks(before, after), *_drawn(before)] if differs else []
    outcomes = conclude_both(before, after, [each for _, _, each in people], tell)
    both, lost = [], []
    for (kind, name, _), (one, other) in zip(people, outcomes, strict=True):
        if one and other:
            both.append((kind, name, one, other))
        else:
            lost.append(f"{kind} {name}")
    changed = [
        Changed(kind, name, one.conclusion, other.conclusion)
        for kind, name, one, other in both
        if _differ(one.conclusion, other.conclusion)
    ]
    moved = [each for person in both for each in _most_moved(*person)]
    moved.sort(key=lambda each: -abs(each.after - each.before))
    counts = _counts(len(both), len(lost), changed)
    return Comparison(
        identity_of(before.compiled),
        identity_of(after.compiled),
        numbers,
        others,
        counts,
        tuple(lost),
        tuple(changed),
        tuple(moved[:MOST_MOVED]),
        _verdict(numbers, others, counts) if differs else "nothing differs",
    )


def _textbooks(
    before: DiagnosticModel, after: DiagnosticModel
) -> Iterator[tuple[Kind, str, Person]]:
    for name, cause in {**before.description.causes, **after.description.causes}.items():
        if cause.textbook:
            yield "textbook", name, cause.textbook


def _drawn(model: DiagnosticModel) -> Iterator[tuple[Kind, str, Person]]:
    """Yield people who answer who they are, every screen, and some of the other questions."""
    screens = [line for gate in model.description.interview.gates.values() for line in gate.lines]
    always = {*model.description.risk_factors, *screens}
    (table,) = draw_histories(model, DRAWN, SEED)
    asked = [name for name in table if name in model.known and not model.known[name].derived_from]
    rng = np.random.default_rng(SEED)
    for start in range(0, DRAWN, ALIKE):
        chance = rng.random(len(asked))
        answered = [n for n, p in zip(asked, chance, strict=True) if n in always or p < ANSWERED]
        for row in range(start, start + ALIKE):
            yield "drawn", str(row + 1), {name: table[name][row] for name in answered}


def _differ(before: Conclusion, after: Conclusion) -> bool:
    one, other = (
        (each.first, each.level, each.pathway, set(each.listed)) for each in (before, after)
    )
    return one != other


def _most_moved(kind: Kind, name: str, before: Outcome, after: Outcome) -> Iterator[Moved]:
    one, other = before.probabilities, after.probabilities
    both = [cause for cause in one if cause in other]
    if both:
        cause = max(both, key=lambda each: abs(other[each] - one[each]))
        if one[cause] != other[cause]:
            yield Moved(kind, name, cause, one[cause], other[cause])


def _counts(compared: int, lost: int, changed: Sequence[Changed]) -> Counts:
    return Counts(
        compared,
        lost,
        _many(is_less_urgent(each.before, each.after) for each in changed),
        _many(is_less_urgent(each.after, each.before) for each in changed),
        _many(each.before.first != each.after.first for each in changed),
        _many(bool(each.listed_gained) for each in changed),
        _many(bool(each.listed_lost) for each in changed),
        _many(each.before.pathway != each.after.pathway for each in changed),
    )


def _many(holds: Iterable[bool]) -> int:
    return sum(holds)


def _verdict(numbers: Sequence[NumberChange], others: Sequence[str], counts: Counts) -> str:
    said = [counted(len(numbers), "number")]
    if others:
        said.append(f"{counted(len(others), 'other place')}")
    people = (
        f"urgency lowered in {counts.urgency_lowered} of {counts.compared}, raised in "
        f"{counts.urgency_raised}; first cause other in {counts.first_cause_other}; "
        f"pathway other in {counts.pathway_other}"
    )
    lost = f"; {counts.not_compared} not compared" if counts.not_compared else ""
    return f"{' and '.join(said)}; {people}{lost}"
