"""Read a cohort's cells as answers: each distinct value once, by the rules for a single person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.columns import EMPTY, NOT_KNOWN, Column
from bayesnet.diagnosis.answers.intake import Askable, implied_by
from bayesnet.diagnosis.answers.reading import Value, read_answer
from bayesnet.errors import EvidenceError


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers of all cases to one question.

    given: the answers read; unknown: who was asked and did not know, shape (cases,); wrong: for
    cells that are no answer, the error messages. Each case is in one of the three at most.
    """

    given: Column
    unknown: NDArray[np.bool_]
    wrong: Column

    def take(self, rows: NDArray[np.intp]) -> "Answers":
        """Return the cases at these positions, in this order."""
        return Answers(self.given.take(rows), self.unknown[rows], self.wrong.take(rows))


Cohort = Mapping[str, Answers]
"""{id: answers}, in the order of the table's columns."""


def take_in_column(known: Mapping[str, Askable], name: str, column: Column) -> Answers:
    """Read the cells of one column as answers to the question `name`.

    A cell that is no answer raises nothing: its message is kept in `Answers.wrong`.
    """
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
    """Return the message about each case's first wrong cell, or None; shape (cases,)."""
    found = np.full(cases, None, dtype=object)
    for answers in reversed(list(cohort.values())):
        bad = answers.wrong.codes != EMPTY
        found[bad] = answers.wrong.looked_up(answers.wrong.values, None, object)[bad]
    return found


def distinct_cases(cohort: Cohort, cases: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the distinct cases: those that agree in every answer are computed once.

    Returns the position of one case of each distinct combination of answers, shape (distinct,),
    and for each case the number of its combination, shape (cases,). "Not known" and "not asked"
    are different answers here, since only the latter may be asked next.
    """
    key = np.zeros(cases, dtype=np.int64)
    kinds = 1
    for answers in cohort.values():
        own = len(answers.given.values) + 2
        if kinds * own >= 2**62:
            # The key would overflow 64 bits: number the combinations that occur so far.
            seen, key = np.unique(key, return_inverse=True)
            kinds = len(seen)
        # Digit of the key: 0 is not asked, 1 not known, from 2 on the answers.
        key = key * own + np.where(answers.unknown, 1, 0)
        key += np.where(answers.given.codes == EMPTY, 0, answers.given.codes + 2)
        kinds *= own
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    return first, kind


def with_implied(known: Mapping[str, Askable], cohort: Cohort) -> dict[str, Column]:
    """Return the given answers, with those about derived findings filled in where they follow.

    A derived finding follows from the answer that it derives from; where it was answered itself,
    that answer stands.
    """
    found = {name: answers.given for name, answers in cohort.items()}
    for name, askable in known.items():
        if askable.derived_from in cohort:
            source = cohort[askable.derived_from].given
            follows = [implied_by(known, askable, value) for value in source.values]
            given = cohort[name].given.values if name in cohort else ()
            values = tuple(dict.fromkeys([False, True, *given, *follows]))
            codes = source.looked_up([values.index(each) for each in follows], EMPTY, np.intp)
            if name in cohort:
                own = [values.index(each) for each in given]
                said = cohort[name].given.looked_up(own, EMPTY, np.intp)
                codes = np.where(said == EMPTY, codes, said)
            found[name] = Column(values, codes)
    return found


def answers_of(cohort: Cohort, case: int) -> dict[str, Value]:
    """Return one case's answers, {id: value}, as `take_in` takes them; `case` is its position."""
    return {
        name: answers.given.values[answers.given.codes[case]]
        for name, answers in cohort.items()
        if answers.given.codes[case] != EMPTY
    }


def _read(askable: Askable, cell: Any) -> tuple[Value, str]:
    """Read a cell: (answer, ""), with None for asked and not known, or (None, error message)."""
    try:
        told = None if cell is NOT_KNOWN else cell
        return read_answer(askable.id, askable.answer, told), ""
    except EvidenceError as error:
        return None, str(error)
