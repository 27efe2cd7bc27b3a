"""Find reports that contradict themselves: triage says one thing, and the pathway another."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import msgspec
import numpy as np
import yaml

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.errors import EvidenceError, ImpossibleEvidenceError
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.format.variables import states_of
from lbp_validation.conclusion import Conclusion, conclude
from lbp_validation.paths import CONTRADICTIONS

Answers = Mapping[str, str]
ASKED_FIRST = ("age", "sex")


@dataclass(frozen=True)
class Ruled:
    """What words of triage rule out in a pathway's first phase; regular expressions, any case."""

    said: str
    advised: str


@dataclass(frozen=True)
class Contradiction:
    """A report that contradicts itself: by which answers, and how."""

    answers: Answers
    how: str


@dataclass(frozen=True)
class Found:
    """How many people were looked at, and how many have a report that contradicts itself.

    reports: how many reports were read for it; contradictions: all that was found in these.
    """

    people: int
    contradicting: int
    reports: int
    contradictions: tuple[Contradiction, ...]


def ruled_out() -> tuple[Ruled, ...]:
    """Read what the words of triage rule out."""
    entries = yaml.load(CONTRADICTIONS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(entries, tuple[Ruled, ...])


def contradictions(report: Conclusion, rules: Sequence[Ruled]) -> tuple[str, ...]:
    """Say how a report contradicts itself: a pathway less urgent, or what triage rules out."""
    pathway, triage = report.pathway, report.triage
    if pathway is None:
        return ()
    found = []
    if LEVELS.index(pathway.urgency) < LEVELS.index(triage.level):
        found.append(f"{triage.level}, but {pathway.id} is {pathway.urgency}")
    advice = " ".join(pathway.phases[0].actions) if pathway.phases else ""
    for rule in rules:
        against = re.search(rule.advised, advice, re.IGNORECASE)
        if re.search(rule.said, triage.message, re.IGNORECASE) and against:
            found.append(f"'{rule.said}', but {pathway.id} says '{against[0]}'")
    return tuple(found)


def among_kinds(
    model: DiagnosticModel,
    levels: Sequence[str],
    pathways: Sequence[str | None],
    answers_of: Callable[[int], Answers],
    each_kind: int,
) -> Found:
    """Look at the reports of some people of each kind: of each level with each pathway.

    levels, pathways: of people diagnosed in a table; answers_of: what a person answered, by row;
    each_kind: how many of a kind have a report made, the first ones.
    """
    kinds: dict[tuple[str, str | None], list[int]] = {}
    for row, kind in enumerate(zip(levels, pathways, strict=True)):
        kinds.setdefault(kind, []).append(row)
    rules, wrong, contradicting, reports = ruled_out(), [], 0, 0
    for rows in kinds.values():
        looked_at = [answers_of(row) for row in rows[:each_kind]]
        found = [told for each in looked_at for told in _told(model, each, rules)]
        reports += len(looked_at)
        contradicting += len(rows) if found else 0
        wrong += found
    return Found(len(levels), contradicting, reports, tuple(wrong))


def among_each(model: DiagnosticModel, people: Iterable[Answers]) -> Found:
    """Look at everybody's own report."""
    rules = ruled_out()
    found = [_told(model, each, rules) for each in people]
    wrong = tuple(told for each in found for told in each)
    return Found(len(found), sum(map(bool, found)), len(found), wrong)


def single_answers(model: DiagnosticModel) -> list[Answers]:
    """List every answer that is not the least of its question's, each from a person of its own.

    Age and sex are known of everybody, where a model asks them, since they are asked first.
    """
    return [{**_first_known(model), name: state} for name, state in _not_least(model)]


def pairs_of_answers(model: DiagnosticModel) -> list[Answers]:
    """List every two such answers to different questions, age and sex known as well."""
    every = combinations(_not_least(model), 2)
    return [{**_first_known(model), **dict(pair)} for pair in every if pair[0][0] != pair[1][0]]


def some_of(people: Sequence[Answers], most: int, rng: np.random.Generator) -> list[Answers]:
    """Draw so many different people, at most all, in their order."""
    drawn = rng.choice(len(people), min(most, len(people)), replace=False)
    return [people[at] for at in sorted(drawn)]


def _not_least(model: DiagnosticModel) -> list[tuple[str, str]]:
    return [
        (name, state)
        for name, askable in model.known.items()
        for state in states_of(askable.answer)[1:]
    ]


def _first_known(model: DiagnosticModel) -> dict[str, str]:
    """Return the middle one of the answers to what is asked first."""
    states = {n: states_of(model.known[n].answer) for n in ASKED_FIRST if n in model.known}
    return {name: each[len(each) // 2] for name, each in states.items()}


def _told(model: DiagnosticModel, answers: Answers, rules: Sequence[Ruled]) -> list[Contradiction]:
    try:
        report = conclude(model, answers)
    except (EvidenceError, ImpossibleEvidenceError):
        # Two answers that exclude each other are nobody's.
        return []
    return [Contradiction(answers, how) for how in contradictions(report, rules)]
