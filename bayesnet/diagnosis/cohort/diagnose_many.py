"""Diagnose a table of cases: some thousand distinct cases at a time, each computed once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.inference import Inference
from bayesnet.analysis.study import Study
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
from bayesnet.diagnosis.cohort.request import Request
from bayesnet.diagnosis.cohort.result import CohortResult, blank, joined
from bayesnet.diagnosis.decisions.conditions import People
from bayesnet.diagnosis.decisions.model_fit import conflicting
from bayesnet.diagnosis.decisions.pathways import NONE, best_of, expected_values
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.decisions.thresholds import Ranks
from bayesnet.diagnosis.decisions.triage import triage
from bayesnet.diagnosis.interview.conduct import Manner, Standing, decide
from bayesnet.diagnosis.interview.open_questions import open_questions
from bayesnet.diagnosis.interview.prospect import Prospect
from bayesnet.inference.cases import Case, cases_of
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.network import Array
from bayesnet.network.evidence import Observed

AT_ONCE = 8192
"""Number of distinct cases computed at a time, which bounds memory; results do not depend on it."""

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Clinic:
    """What is the same for all cases: how the model decides, its engine, and who is asked.

    asking: whether the next question is wanted.
    """

    policy: Policy
    inference: Inference
    audience: str
    asking: bool

    @property
    def description(self) -> ModelDescription:
        """What the model file says."""
        return self.policy.description

    @property
    def known(self) -> Mapping[str, Askable]:
        """Everything that can be asked, by id."""
        return self.policy.known

    @property
    def causes(self) -> tuple[str, ...]:
        """Ids of the causes, in the order of the model."""
        return tuple(self.description.causes)

    def positions(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return the positions of these ids' variables in the network."""
        return tuple(self.inference.network.position(name) for name in names)


def diagnose_many(
    policy: Policy,
    inference: Inference,
    table: Any,
    request: Request,
) -> CohortResult:
    """Diagnose each case of a table; see `DiagnosticModel.diagnose_many`.

    Returns a row for each case: posteriors, triage, next question and pathway, or an error. Raises
    UnknownNameError or EvidenceError for a table that cannot be read as one; a case that cannot be
    used has its message in the column `error` instead.
    """
    chosen = request.columns(tuple(policy.description.causes))
    known = policy.known
    people = people_of(table, known, request.keep)
    cases = people.cases
    clinic = Clinic(policy, inference, request.audience, "next_question" in chosen)
    # In the order of the model: which of two mistakes in a row is told is not the table's affair.
    named = [name for name in known if name in people.columns]
    cohort = {name: take_in_column(known, name, people.columns[name]) for name in named}
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
    levels, first = _urgencies(clinic, evidence, cohort, probabilities, conflicts)
    people = people_in(clinic.policy, cohort, probabilities, conflicts)
    values = expected_values(clinic.policy, people, levels)
    found = {
        **probabilities,
        "triage": np.array(LEVELS, dtype=object)[levels],
        "next_question": _next_questions(clinic, evidence, people, levels, first, errors),
        "pathway": np.array([*clinic.policy.pathways, None], dtype=object)[best_of(values)],
        "error": np.full(cases, None, dtype=object),
    }
    return CohortResult(found).with_errors(errors)


def _urgencies(
    clinic: Clinic,
    evidence: Evidence,
    cohort: Cohort,
    probabilities: Mapping[str, Array],
    conflicts: NDArray[np.bool_],
) -> tuple[Ranks, list[tuple[str, ...]]]:
    """Decide how urgent each case is.

    Returns the levels, shape (cases,), and of each case the questions that its urgency hangs on.
    """
    levels = np.zeros(len(conflicts), dtype=np.intp)
    first: list[tuple[str, ...]] = [() for _ in conflicts]
    for observed, rows in evidence.consistent():
        people = people_in(
            clinic.policy,
            _taken(cohort, rows),
            {name: each[rows] for name, each in probabilities.items()},
            conflicts[rows],
        )
        found = triage(clinic.policy, people, clinic.inference, observed)
        levels[rows] = found.levels
        for place, row in enumerate(rows.tolist()):
            first[row] = found.first_of(place)
    return levels, first


def people_in(
    policy: Policy,
    cohort: Cohort,
    probabilities: Mapping[str, Array],
    conflicts: NDArray[np.bool_],
) -> People:
    """Put together what decisions look at, of the people of a table."""
    return People(
        policy.known,
        with_implied(policy.known, cohort),
        {name: each.unknown for name, each in cohort.items() if each.unknown.any()},
        probabilities,
        policy.limits,
        conflicts,
    )


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
    for observed, rows in evidence.consistent():
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
    people: People,
    levels: Ranks,
    first: Sequence[tuple[str, ...]],
    errors: Collection[int],
) -> NDArray[np.object_]:
    """Choose the id of each case's next question or screen, None where none is; shape (cases,).

    first: of each case the questions that its urgency hangs on. One case after the other, as for
    one person; only those past the screens need a study of their own.
    """
    found = np.full(len(levels), None, dtype=object)
    if not clinic.asking:
        return found
    for observed, rows in evidence.consistent():
        cases = cases_of(observed)
        for case, row in zip(cases, rows.tolist(), strict=True):
            if row in errors:
                continue
            person = people.taken(np.array([row]))
            level, hangs = int(levels[row]), first[row]
            ahead = Prospect(clinic.policy, clinic.inference, person, _study(clinic, person, case))
            standing = Standing(ahead, level, hangs, clinic.audience, Manner())
            found[row] = decide(standing).id
    return found


def _study(clinic: Clinic, person: People, case: Case) -> Callable[[], Study]:
    """Return how to study a case with all that may be asked."""

    def study() -> Study:
        questions = tuple(open_questions(person, clinic.audience))
        targets = clinic.positions(clinic.causes)
        return clinic.inference.study(case, targets, clinic.positions(questions))

    return study


def _taken(cohort: Cohort, rows: Rows) -> Cohort:
    """Return the answers of the cases at these positions."""
    return {name: answers.take(rows) for name, answers in cohort.items()}
