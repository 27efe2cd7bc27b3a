"""Find reports that contradict themselves: triage says one thing, and the pathway another."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import msgspec
import numpy as np
import yaml

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.records import Report
from bayesnet.errors import BayesnetError
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.format.variables import states_of
from lbp_validation.paths import CONTRADICTIONS

Answers = Mapping[str, str]


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


def contradictions(report: Report, rules: Sequence[Ruled]) -> tuple[str, ...]:
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
    audience: str,
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
        found = [told for each in looked_at for told in _told(model, each, audience, rules)]
        reports += len(looked_at)
        contradicting += len(rows) if found else 0
        wrong += found
    return Found(len(levels), contradicting, reports, tuple(wrong))


def among_each(model: DiagnosticModel, people: Iterable[Answers], audience: str) -> Found:
    """Look at everybody's own report."""
    rules = ruled_out()
    found = [_told(model, each, audience, rules) for each in people]
    wrong = tuple(told for each in found for told in each)
    return Found(len(found), sum(map(bool, found)), len(found), wrong)


def single_answers(model: DiagnosticModel) -> list[Answers]:
    """List every single answer that is not the least of its question's, as one person each."""
    return [
        {name: state}
        for name, askable in model.known.items()
        for state in states_of(askable.answer)[1:]
    ]


def pairs_of_answers(model: DiagnosticModel, most: int, rng: np.random.Generator) -> list[Answers]:
    """Draw so many different pairs of single answers to different questions, at most all."""
    single = [next(iter(each.items())) for each in single_answers(model)]
    every = [(a, b) for a, b in combinations(single, 2) if a[0] != b[0]]
    drawn = rng.choice(len(every), min(most, len(every)), replace=False)
    return [dict(every[at]) for at in sorted(drawn)]


def _told(
    model: DiagnosticModel, answers: Answers, audience: str, rules: Sequence[Ruled]
) -> list[Contradiction]:
    try:
        report = model.diagnose(answers, audience)
    except BayesnetError:
        # Two answers that exclude each other are nobody's.
        return []
    return [Contradiction(answers, how) for how in contradictions(report, rules)]
