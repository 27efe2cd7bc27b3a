"""A cohort's cells as answers: each distinct value is taken in once, as for a single person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.columns import EMPTY, NOT_KNOWN, Column
from bayesnet.diagnosis.answers.intake import Askable, state_of
from bayesnet.diagnosis.answers.reading import Value, read_answer
from bayesnet.errors import EvidenceError


@dataclass(frozen=True, eq=False)
class Answers:
    """One id's answers: what was given, who did not know (cases,), and what cannot be used."""

    given: Column
    unknown: NDArray[np.bool_]
    wrong: Column

    def take(self, rows: NDArray[np.intp]) -> "Answers":
        """Some of the cases."""
        return Answers(self.given.take(rows), self.unknown[rows], self.wrong.take(rows))


Cohort = Mapping[str, Answers]
"""{id: answers}, in the order of the table's columns."""


def take_in_column(known: Mapping[str, Askable], name: str, column: Column) -> Answers:
    """Check and read one column."""
    given: dict[Any, int] = {}
    messages: list[str] = []
    codes, unknown, wrong = [], [], []
    for cell in column.values:
        answer, message = _read(known[name], cell)
        known_answer = answer is not None and not message
        codes.append(given.setdefault(answer, len(given)) if known_answer else EMPTY)
        unknown.append(answer is None and not message)
        wrong.append(len(messages) if message else EMPTY)
        messages.extend([message] if message else [])
    return Answers(
        Column(tuple(given), column.looked_up(codes, EMPTY, np.intp)),
        column.looked_up(unknown, False, np.bool_),
        Column(tuple(messages), column.looked_up(wrong, EMPTY, np.intp)),
    )


def first_mistakes(cohort: Cohort, cases: int) -> NDArray[np.object_]:
    """For each case why its first unusable answer cannot be used, or None; shape (cases,)."""
    found = np.full(cases, None, dtype=object)
    for answers in reversed(list(cohort.values())):
        bad = answers.wrong.codes != EMPTY
        found[bad] = answers.wrong.looked_up(answers.wrong.values, None, object)[bad]
    return found


def distinct_cases(cohort: Cohort, cases: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """One case of each kind, and for every case which kind it is of."""
    key = np.zeros(cases, dtype=np.int64)
    kinds = 1
    for answers in cohort.values():
        own = len(answers.given.values) + 2
        if kinds * own >= 2**62:
            seen, key = np.unique(key, return_inverse=True)
            kinds = len(seen)
        # Not asked is 0 and not known is 1; no case holds both an answer and either of them.
        key = key * own + np.where(answers.unknown, 1, 0)
        key += np.where(answers.given.codes == EMPTY, 0, answers.given.codes + 2)
        kinds *= own
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    return first, kind


def with_implied(known: Mapping[str, Askable], cohort: Cohort) -> dict[str, Column]:
    """What was given, and the derived findings that follow from it where they were not."""
    found = {name: answers.given for name, answers in cohort.items()}
    for name, askable in known.items():
        if askable.derived_from in cohort:
            source = cohort[askable.derived_from].given
            told = [_implies(known, askable, value) for value in source.values]
            codes = source.looked_up(told, EMPTY, np.intp)
            if name in cohort:
                own = cohort[name].given
                said = own.looked_up([int(value) for value in own.values], EMPTY, np.intp)
                codes = np.where(said == EMPTY, codes, said)
            found[name] = Column((False, True), codes)
    return found


def answers_of(cohort: Cohort, case: int) -> dict[str, Value]:
    """One case's answers, as `take_in` takes them."""
    return {
        name: answers.given.values[answers.given.codes[case]]
        for name, answers in cohort.items()
        if answers.given.codes[case] != EMPTY
    }


def _implies(known: Mapping[str, Askable], derived: Askable, value: Any) -> int:
    return int(state_of(known[derived.derived_from], value) in derived.derived_states)


def _read(askable: Askable, cell: Any) -> tuple[Value, str]:
    """The answer (None: asked and not known), or why there is none."""
    try:
        told = None if cell is NOT_KNOWN else cell
        return read_answer(askable.id, askable.answer, told), ""
    except EvidenceError as error:
        return None, str(error)
