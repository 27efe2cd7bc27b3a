"""Find the questions that may still be asked in each case of a table."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.column_intake import Cohort
from bayesnet.diagnosis.answers.columns import EMPTY
from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.decisions.questions import Agenda


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
