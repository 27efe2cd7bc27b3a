"""The people that two models are compared on: textbook presentations, published cases, drawn ones.

Drawn people answer who they are, every screen and some of the other questions.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.histories import draw_histories
from bayesnet.tuning.published_cases import Case

Kind = Literal["textbook", "case", "drawn"]

SEED = 0
ALIKE = 20
"""Drawn people who answer the same questions."""
ANSWERED = 0.25
"""Share of the questions beyond risk factors and screens that such people answer."""


@dataclass(frozen=True)
class Someone:
    """A person that two models are asked about.

    id: of a textbook presentation its cause, of a case its own, of a drawn person the number, from
    1. answers: {id: answer}. causes: what a case turned out to be, as far as that was confirmed.
    """

    kind: Kind
    id: str
    answers: Mapping[str, Any]
    causes: tuple[str, ...] = ()


def textbooks(before: DiagnosticModel, after: DiagnosticModel) -> Iterator[Someone]:
    """Yield the textbook presentations of the model after, and of causes that it has no more."""
    for name, cause in {**before.description.causes, **after.description.causes}.items():
        if cause.textbook:
            yield Someone("textbook", name, cause.textbook)


def of_cases(cases: Iterable[Case]) -> Iterator[Someone]:
    """Yield published cases, as their sources tell them."""
    for case in cases:
        yield Someone("case", case.id, case.evidence, case.causes)


def drawn(model: DiagnosticModel, people: int) -> Iterator[Someone]:
    """Yield people drawn from a model, always the same ones: the first ten of a hundred are ten's.

    >>> import bayesnet
    >>> len(list(drawn(bayesnet.load_model("car-start"), 30)))
    30
    """
    if not people:
        return
    always = {*model.description.risk_factors, *screens(model)}
    (table,) = draw_histories(model, people, SEED)
    asked = [name for name in table if name in model.known and not model.known[name].derived_from]
    rng = np.random.default_rng(SEED)
    for start in range(0, people, ALIKE):
        chance = rng.random(len(asked))
        answered = [n for n, p in zip(asked, chance, strict=True) if n in always or p < ANSWERED]
        for row in range(start, min(start + ALIKE, people)):
            yield Someone("drawn", str(row + 1), {name: table[name][row] for name in answered})


def screens(model: DiagnosticModel) -> list[str]:
    """List the lines of a model's screens."""
    return [line for gate in model.description.interview.gates.values() for line in gate.lines]
