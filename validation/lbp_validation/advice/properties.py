"""Look at many drawn people for what no set of answers may break, read from tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.decisions.policy import EMERGENCY, rank
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.pathways import levels_of
from bayesnet.model.format.triage_rules import Condition
from bayesnet.model.format.variables import YES
from bayesnet.tuning.drawing import draw_many
from lbp_validation.advice.contradictions import ASKED_FIRST
from lbp_validation.simulation.decisions import SELF, questions

Answers = Mapping[str, NDArray[np.object_]]
"""{id: answers of people, None where not asked, shape (people,)}."""
MOST_TOLD = 0.3
"""Largest share of the questions that a drawn person has answered; the least is none."""
AT_ONCE = 1000
"""People decided between two words on how far it is."""


@dataclass(frozen=True)
class Broken:
    """How many of some people break a property, and what the first of them answered."""

    property: str
    people: int
    broken: int
    first: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class _Decided:
    levels: NDArray[np.object_]
    pathways: NDArray[np.object_]
    possible: NDArray[np.bool_]


def properties(
    model: DiagnosticModel, people: int, seed: int, told: Callable[[str], object]
) -> tuple[Broken, ...]:
    """Draw people who answered some questions, and again with one more danger sign, and look.

    told: is given how far it is.
    """
    rng = np.random.default_rng(seed)
    answers = some_answers(model, people, rng)
    before = _decided(model, answers, told)
    signs = _signs(model)
    if not signs:
        return (_pathways_fit(model, answers, before, "some questions answered"),)
    worse = {name: column.copy() for name, column in answers.items()}
    said = np.array([signs[row % len(signs)] for row in range(people)], dtype=object)
    for row, sign in enumerate(said):
        worse[sign][row] = YES
    after = _decided(model, worse, told)
    both = before.possible & after.possible
    fell = both & (_ranks(after.levels) < _ranks(before.levels))
    alone = _alone(model, signs)
    is_emergency = np.isin(said, [sign for sign, level in alone.items() if level == EMERGENCY])
    missed = after.possible & is_emergency & (after.levels != EMERGENCY)
    return (
        _pathways_fit(model, answers, before, "some questions answered"),
        _pathways_fit(model, worse, after, "and one more danger sign"),
        _broken("one more danger sign never lowers the level", worse, both, fell),
        _broken(
            "a sign that is an emergency by itself always is one",
            worse,
            after.possible & is_emergency,
            missed,
        ),
    )


def some_answers(model: DiagnosticModel, people: int, rng: np.random.Generator) -> Answers:
    """Draw people of a model who truly answered a random part of what they can be asked.

    What is asked first is known of everybody.
    """
    codes = draw_many(model.network, rng, people)
    shares = rng.random(people) * MOST_TOLD
    found = {}
    for name in questions(model, SELF):
        states = np.array(model.network.variable(name).states, dtype=object)
        asked = rng.random(people) < (1.0 if name in ASKED_FIRST else shares)
        column = states[codes[name]]
        column[~asked] = None
        found[name] = column
    return found


def _signs(model: DiagnosticModel) -> list[str]:
    """List the danger signs that a person says yes or no to."""
    asked = questions(model, SELF)
    return [n for n in asked if model.known[n].is_yes_no and model.known[n].asked.red_flag]


def _alone(model: DiagnosticModel, signs: Sequence[str]) -> Mapping[str, str]:
    """{sign: the level of somebody with this sign, who says no to all other questions}.

    Without signs of rules that other answers exempt from, such as a fall that was weeks ago.
    """
    rules = model.description.triage.rules.values() if model.description.triage else ()
    exempt = {n for rule in rules if rule.unless is not None for n in _named(rule.when)}
    signs = [sign for sign in signs if sign not in exempt]
    no = {name: model.known[name].is_yes_no for name in questions(model, SELF)}
    people = [{name: YES if name == sign else "no" for name, is_no in no.items() if is_no}
              for sign in signs]  # fmt: skip
    found = model.diagnose_many(people, SELF, fields=["triage"])
    return dict(zip(signs, found["triage"], strict=True))


def _named(condition: Condition) -> Iterator[str]:
    """Yield the findings of a condition and of those that it is made of."""
    if condition.finding is not None:
        yield condition.finding
    for part in (*condition.any, *condition.all, *condition.of):
        yield from _named(part)


def _decided(model: DiagnosticModel, answers: Answers, told: Callable[[str], object]) -> _Decided:
    people = len(next(iter(answers.values())))
    parts = []
    for start in range(0, people, AT_ONCE):
        told(f"  {start:,} of {people:,} people for what no answers may break")
        some = {name: column[start : start + AT_ONCE] for name, column in answers.items()}
        found = model.diagnose_many(some, SELF, fields=["triage", "pathway"])
        parts.append((found["triage"], found["pathway"], found["error"] == np.array(None)))
    levels, pathways, possible = (np.concatenate(each) for each in zip(*parts, strict=True))
    return _Decided(levels, pathways, possible)


def _pathways_fit(
    model: DiagnosticModel, answers: Answers, decided: _Decided, of_whom: str
) -> Broken:
    described = model.description.pathways
    wrong = np.array(
        [
            bool(possible) and pathway is not None and level not in levels_of(described[pathway])
            for level, pathway, possible in zip(
                decided.levels, decided.pathways, decided.possible, strict=True
            )
        ]
    )
    return _broken(
        f"{of_whom}: the pathway is one of the level's", answers, decided.possible, wrong
    )


def _ranks(levels: NDArray[np.object_]) -> NDArray[np.intp]:
    return np.array([-1 if level is None else rank(level) for level in levels], dtype=np.intp)


def _broken(
    name: str, answers: Answers, people: NDArray[np.bool_], wrong: NDArray[np.bool_]
) -> Broken:
    rows = np.flatnonzero(wrong).tolist()
    first = (
        {n: str(c[rows[0]]) for n, c in answers.items() if c[rows[0]] is not None} if rows else {}
    )
    return Broken(name, int(people.sum()), len(rows), first)
