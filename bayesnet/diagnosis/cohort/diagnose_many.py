"""Diagnose a table of cases: some thousand distinct cases at a time, each computed once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.inference import Inference
from bayesnet.diagnosis.answers.column_evidence import (
    Evidence,
    on_network,
    why_contradictory,
    why_impossible,
)
from bayesnet.diagnosis.answers.column_intake import (
    Cohort,
    distinct_cases,
    first_mistakes,
    take_in_column,
    with_implied,
)
from bayesnet.diagnosis.answers.columns import people_of
from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.cohort.decisions import (
    at_threshold,
    choose_pathways,
    level_names,
    open_questions,
    triage_ranks,
)
from bayesnet.diagnosis.cohort.result import CohortResult, blank, column_names, joined
from bayesnet.diagnosis.decisions.model_fit import conflicting
from bayesnet.diagnosis.decisions.pathways import NONE, causes_at_odds
from bayesnet.diagnosis.decisions.questions import (
    Agenda,
    agenda,
    check_audience,
    choose,
    questions_for,
)
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.diagnosis.decisions.triage import rank
from bayesnet.errors import UnknownNameError
from bayesnet.inference.cases import cases_of
from bayesnet.model.format.description import ModelDescription
from bayesnet.network import Array
from bayesnet.network.evidence import Observed

AT_ONCE = 8192
"""Number of distinct cases computed at a time, which bounds memory; results do not depend on it."""

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Clinic:
    """What is the same for all cases: the model, its engine and the questions for the audience.

    known: {id: askable}; thresholds: {serious cause: its action threshold}; agenda: the questions
    that this audience can be asked, where the next one is wanted.
    """

    description: ModelDescription
    known: Mapping[str, Askable]
    inference: Inference
    thresholds: Mapping[str, ActionThreshold]
    agenda: Agenda

    @property
    def causes(self) -> tuple[str, ...]:
        """Ids of the causes, in the order of the model."""
        return tuple(self.description.causes)

    def positions(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return the positions of these ids' variables in the network."""
        return tuple(self.inference.network.position(name) for name in names)


def diagnose_many(
    description: ModelDescription,
    known: Mapping[str, Askable],
    inference: Inference,
    thresholds: Mapping[str, ActionThreshold],
    table: Any,
    audience: str,
    keep: Sequence[str],
    fields: Sequence[str] | None,
) -> CohortResult:
    """Diagnose each case of a table; see `DiagnosticModel.diagnose_many`.

    Returns a row for each case: posteriors, triage, next question and pathway, or an error. Raises
    UnknownNameError or EvidenceError for a table that cannot be read as one; a case that cannot be
    used has its message in the column `error` instead.
    """
    check_audience(audience)
    every = column_names(tuple(description.causes))
    chosen = every if fields is None else tuple(fields)
    for name in chosen:
        if name not in every:
            raise UnknownNameError("field", name, every)
    people = people_of(table, known, keep)
    cases = people.cases
    names = questions_for(known, audience) if "next_question" in chosen else ()
    mandatory = [name for name in names if known[name].asked.mandatory]
    clinic = Clinic(description, known, inference, thresholds, agenda(known, names, mandatory))
    cohort = {n: take_in_column(known, n, column) for n, column in people.columns.items()}
    mistakes = first_mistakes(cohort, cases)
    sound = np.array([mistake is None for mistake in mistakes], dtype=np.bool_)
    found = _each_kind(clinic, _taken(cohort, np.flatnonzero(sound)), sound).with_errors(
        {int(case): mistakes[case] for case in np.flatnonzero(~sound)}
    )
    return found.only(chosen).beside(people.kept)


def _each_kind(clinic: Clinic, cohort: Cohort, sound: NDArray[np.bool_]) -> CohortResult:
    """Diagnose distinct cases once and put the results in the places of all cases like them.

    cohort: the sound cases; sound: whether a case is one of them, shape (all cases,). The rows of
    the other cases are blank.
    """
    first, kind = distinct_cases(cohort, int(sound.sum()))
    parts = []
    for start in range(0, len(first), AT_ONCE):
        rows = first[start : start + AT_ONCE]
        parts.append(_diagnosed(clinic, _taken(cohort, rows), len(rows)))
    # The row after those of the distinct cases is the blank one.
    place = np.full(len(sound), len(first), dtype=np.intp)
    place[sound] = kind
    return joined([*parts, blank(clinic.causes, 1)]).take(place)


def _diagnosed(clinic: Clinic, cohort: Cohort, cases: int) -> CohortResult:
    """Diagnose cases whose cells are all answers; those of probability 0 become errors."""
    evidence = on_network(clinic.inference.network, clinic.known, cohort, cases)
    probabilities, conflicts, errors = _posteriors(clinic, evidence, cases)
    for case in np.flatnonzero(evidence.contradictory).tolist():
        errors[case] = why_contradictory(clinic.known, cohort, case)
    answers = with_implied(clinic.known, cohort)
    levels = triage_ranks(
        clinic.description, clinic.known, answers, probabilities, clinic.thresholds, conflicts
    )
    pathways, levels = choose_pathways(clinic.description, probabilities, levels, clinic.thresholds)
    open_to = open_questions(clinic.known, clinic.agenda, cohort, cases)
    open_to &= levels < rank("emergency")
    open_to[:, list(errors)] = False
    found = {
        **probabilities,
        "triage": level_names(levels),
        "next_question": _next_questions(clinic, evidence, probabilities, open_to),
        "pathway": pathways,
        "error": np.full(cases, None, dtype=object),
    }
    return CohortResult(found).with_errors(errors)


def _posteriors(
    clinic: Clinic, evidence: Evidence, cases: int
) -> tuple[dict[str, Array], NDArray[np.bool_], dict[int, str]]:
    """Compute the posteriors, find conflicts with the model, and explain impossible cases.

    Returns {cause or NONE: posterior, shape (cases,)}, where NONE is "no cause is present"; whether
    a case's findings conflict, shape (cases,); and {position of an impossible case: message}.
    """
    conflicts = np.zeros(cases, dtype=np.bool_)
    found = {name: np.zeros(cases) for name in (*clinic.causes, NONE)}
    errors: dict[int, str] = {}
    variables = clinic.positions(clinic.causes)
    for observed, rows in evidence.alike():
        scores = clinic.inference.score(observed, variables)
        for name, variable in zip(clinic.causes, variables, strict=True):
            found[name][rows] = scores.marginals[variable][:, 1]
        possible = ~np.isneginf(scores.log_probability)
        # P(no cause | evidence) = P(evidence, all causes absent) / P(evidence).
        absent = observed.codes.copy()
        absent[list(variables)] = 0
        columns = (*observed.columns, *variables)
        without = Observed(absent, observed.likelihoods, columns)
        none = clinic.inference.score(without, ()).log_probability
        ratio = none[possible] - scores.log_probability[possible]
        found[NONE][rows[possible]] = np.minimum(1.0, np.exp(ratio))
        own = {name: values[rows] for name, values in found.items()}
        conflicts[rows] = conflicting(
            clinic.description, clinic.inference, observed, own, scores.log_probability
        )
        bad = np.flatnonzero(~possible)
        told = why_impossible(clinic.inference, observed.take(bad))
        errors.update({int(rows[bad[case]]): message for case, message in told.items()})
    return found, conflicts, errors


def _next_questions(
    clinic: Clinic,
    evidence: Evidence,
    probabilities: Mapping[str, Array],
    open_to: NDArray[np.bool_],
) -> NDArray[np.object_]:
    """Choose the id of each case's next question, None where none is open; shape (cases,).

    open_to: whether a question may be asked, shape (questions of the agenda, cases).
    """
    ids = clinic.agenda.ids
    found = np.full(open_to.shape[1], None, dtype=object)
    waiting: NDArray[np.bool_] = np.asarray(open_to.any(axis=0))
    stop_below = clinic.description.model.stop_below_bits
    questions = np.array(clinic.positions(ids))
    flags, every_question = np.flatnonzero(clinic.agenda.mandatory), np.arange(len(ids))
    # Red flags first where a serious cause reaches its threshold; then the questions with most
    # information about causes at odds, of which the care for one harms another; where no question
    # tells enough about these, those with most information about all causes.
    pressing = at_threshold(clinic.thresholds, probabilities, len(waiting))
    pressing &= open_to[flags].any(axis=0)
    rounds = [(clinic.causes, pressing, flags, -np.inf)]
    rounds += [(*each, every_question, stop_below) for each in _at_odds(clinic, probabilities)]
    for causes, cases, among, least in (*rounds, (clinic.causes, waiting, every_question, 0.0)):
        for observed, every in evidence.alike():
            asked = np.flatnonzero((cases & waiting)[every])
            if not len(asked):
                continue
            rows = every[asked]
            told = clinic.inference.added_information(
                cases_of(observed.take(asked)),
                clinic.positions(causes),
                questions[among].tolist(),
            )
            bits = np.full((len(ids), len(rows)), -np.inf)
            bits[among] = np.where(open_to[among][:, rows] & (told >= least), told, -np.inf)
            chosen = choose(clinic.agenda, bits, stop_below)
            found[rows] = np.array([*ids, None], dtype=object)[chosen.position]
            waiting[rows] = ~(chosen.telling | pressing[rows])
    return found


def _at_odds(
    clinic: Clinic, probabilities: Mapping[str, Array]
) -> Iterator[tuple[tuple[str, ...], NDArray[np.bool_]]]:
    """Group the cases by their set of live causes at odds (`pathways.causes_at_odds`).

    Yields the ids of each set and whether a case has it, shape (cases,).
    """
    odds = causes_at_odds(clinic.description, probabilities)
    if not odds:
        return
    live = np.array(list(odds.values()))
    for one in np.unique(live[:, np.asarray(live.any(axis=0))], axis=1).T:
        causes = tuple(name for name, each in zip(odds, one, strict=True) if each)
        yield causes, np.asarray((live == one[:, None]).all(axis=0))


def _taken(cohort: Cohort, rows: Rows) -> Cohort:
    """Return the answers of the cases at these positions."""
    return {name: answers.take(rows) for name, answers in cohort.items()}
