"""Decide triage, pathway and open questions of many cases at once, by the rules for one."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.column_intake import Cohort
from bayesnet.diagnosis.answers.columns import EMPTY, Column
from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.decisions.pathways import competes, directions_at_odds, may_act
from bayesnet.diagnosis.decisions.questions import Agenda
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.diagnosis.decisions.triage import Facts, demands, holds, limit_of, rank
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import LEVELS, Condition
from bayesnet.model.lookup.expected_value import expected_value
from bayesnet.network import Array

Ranks = NDArray[np.intp]
"""Triage levels as positions in LEVELS, the least urgent first; shape (cases,)."""


def triage_ranks(
    description: ModelDescription,
    known: Mapping[str, Askable],
    answers: Mapping[str, Column],
    probabilities: Mapping[str, Array],
    thresholds: Mapping[str, ActionThreshold],
    conflicts: NDArray[np.bool_],
) -> Ranks:
    """Find the highest level that any triage rule demands in each case, shape (cases,).

    answers: {id: column}, those that follow from others included; probabilities: {cause:
    posteriors, shape (cases,)}; conflicts: whether a case's findings conflict with the model
    (`model_fit.conflicting`), shape (cases,).
    """
    cases = len(conflicts)
    if description.triage is None:
        return np.zeros(cases, dtype=np.intp)

    def single(condition: Condition) -> NDArray[np.bool_]:
        if condition.conflict:
            return conflicts
        found = np.zeros(cases, dtype=np.bool_)
        if condition.cause is not None and condition.cause in probabilities:
            found = probabilities[condition.cause] >= limit_of(condition, thresholds)
        finding = condition.finding
        if finding is not None and finding in answers:
            column = answers[finding]
            told = [
                holds(condition, Facts({finding: value}, {}, known, {})) for value in column.values
            ]
            found = column.looked_up(told, False, np.bool_)
        return found

    levels = np.full(cases, rank(description.triage.default), dtype=np.intp)
    for rule in description.triage.rules.values():
        held = demands(rule, single)
        levels = np.maximum(levels, np.where(held, rank(rule.level), 0))
    return levels


def choose_pathways(
    description: ModelDescription,
    probabilities: Mapping[str, Array],
    levels: Ranks,
    thresholds: Mapping[str, ActionThreshold],
) -> NDArray[np.object_]:
    """Choose each case's pathway of highest expected value among those that its level allows.

    probabilities: {cause: posteriors, shape (cases,)}; levels: shape (cases,). Returns the
    pathways' ids, shape (cases,), None where none may be chosen. Ties go to the first id in the
    alphabet, as for a single case.
    """
    names = sorted(description.pathways)
    if not names:
        return np.full(len(levels), None, dtype=object)
    pathways = [description.pathways[name] for name in names]
    odds = directions_at_odds(description, probabilities)
    values = np.empty((len(names), len(levels)))
    for row, (name, pathway) in enumerate(zip(names, pathways, strict=True)):
        open_to = competes(pathway, levels, odds)
        open_to = open_to & may_act(name, levels, probabilities, thresholds)
        values[row] = np.where(open_to, expected_value(pathway, probabilities), -np.inf)
    chosen = np.where(np.isneginf(values).all(axis=0), EMPTY, values.argmax(axis=0))
    column = Column(tuple(names), chosen)
    return column.looked_up(names, None, object)


def at_threshold(
    thresholds: Mapping[str, ActionThreshold], probabilities: Mapping[str, Array], cases: int
) -> NDArray[np.bool_]:
    """Tell in which cases some cause reaches its action threshold, shape (cases,).

    thresholds: {cause: its threshold}; probabilities: {cause: posteriors, shape (cases,)}.
    """
    found = np.zeros(cases, dtype=np.bool_)
    for name, threshold in thresholds.items():
        found |= probabilities[name] >= threshold.value
    return found


def open_questions(
    known: Mapping[str, Askable], agenda: Agenda, cohort: Cohort, cases: int
) -> NDArray[np.bool_]:
    """Tell which questions of the agenda may still be asked, shape (questions, cases).

    A question is closed once it is answered or not known, and the one that a derived finding
    derives from also once that finding is answered.
    """
    found = np.ones((len(agenda.ids), cases), dtype=np.bool_)
    row_of = {name: row for row, name in enumerate(agenda.ids)}
    for name, answers in cohort.items():
        given = answers.given.codes != EMPTY
        source = known[name].derived_from
        if name in row_of:
            found[row_of[name]] &= ~(given | answers.unknown)
        if source in row_of:
            found[row_of[source]] &= ~given
    return found


def level_names(levels: Ranks) -> NDArray[np.object_]:
    """Return the names of triage levels, shape (cases,)."""
    return np.array(LEVELS, dtype=object)[levels]
