"""Draw the people who are interviewed: as they come, and others who have a rare cause.

They are drawn from the model itself and answer truly, every question: arithmetic of the model, and
an upper end for real people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.drawing import Codes, draw_many
from bayesnet.tuning.patients import PRESENT, Sizes, simulate
from lbp_validation.simulation.decisions import SELF, questions

HALVES: Mapping[str, int] = {"choosing": 20, "held back": 21}
"""{half of the people: its seed}: weights may be chosen on the first alone."""
NATURAL, RARE = "as they come", "drawn for a cause"
ORDER = 22
"""The seed of the order in which people are interviewed."""
TWICE, SPARE = 2, 4
"""How many times as many people with each rare cause are drawn as are wanted, and of how many."""


@dataclass(frozen=True)
class Person:
    """One person, who answers truly.

    answers: {question: state, of every question that a person can answer}; causes: those that the
    person has; group: NATURAL or RARE; half: one of HALVES.
    """

    answers: Mapping[str, str]
    causes: frozenset[str]
    group: str
    half: str


def people(model: DiagnosticModel, count: int, more: Sequence[str] = ()) -> tuple[Person, ...]:
    """Draw about so many people, half of them by each seed.

    Two thirds come as they are; the others have a serious cause, each cause as often. more: causes
    that as many people are drawn with besides. The same numbers give the same people.
    """
    serious = [name for name, cause in model.description.causes.items() if cause.serious]
    found: list[Person] = []
    for at, (half, seed) in enumerate(HALVES.items()):
        own = (count + 1 - at) // len(HALVES)
        natural = ceil(own * 2 / 3)
        found += _drawn(model, draw_many(model.network, _rng(seed, 0), natural), NATURAL, half)
        each = ceil((own - natural) / max(1, len(serious)))
        rare = tuple(dict.fromkeys((*serious, *more)))
        if each and rare:
            found += _with(model, rare, each, _rng(seed, 1), half)
    return tuple(found)


def mixed(everybody: Sequence[Person]) -> tuple[Person, ...]:
    """Return people in an order, always the same, in which the first few are like all of them."""
    order = np.random.default_rng(ORDER).permutation(len(everybody))
    return tuple(everybody[at] for at in order.tolist())


def _rng(seed: int, part: int) -> np.random.Generator:
    return np.random.default_rng([seed, part])


def _with(
    model: DiagnosticModel, causes: Sequence[str], each: int, rng: np.random.Generator, half: str
) -> Iterator[Person]:
    """Yield so many people with each cause; who has two of them counts for the first."""
    described = model.description.causes
    prevalences = {name: described[name].prevalence.value or 0.0 for name in causes}
    rarest = min(p for p in prevalences.values() if p > 0)
    sizes = Sizes(people=ceil(SPARE * each / rarest), anyone=0, each_cause=TWICE * each)
    codes = simulate(model.network, prevalences, rng, sizes).codes
    rows: dict[int, None] = {}
    for name in causes:
        new = [row for row in np.flatnonzero(codes[name] == PRESENT).tolist() if row not in rows]
        rows |= dict.fromkeys(new[:each])
    own = {name: column[list(rows)] for name, column in codes.items()}
    yield from _drawn(model, own, RARE, half)


def _drawn(model: DiagnosticModel, codes: Codes, group: str, half: str) -> Iterator[Person]:
    network, asked = model.network, questions(model, SELF)
    states = {name: network.variable(name).states for name in asked}
    for row in range(len(next(iter(codes.values())))):
        answers = {name: str(states[name][codes[name][row]]) for name in asked}
        causes = [name for name in model.description.causes if codes[name][row] == PRESENT]
        yield Person(answers, frozenset(causes), group, half)
