"""Interview published cases: an answer only where the source states it, all else not known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from bayesnet.diagnosis.interview.conduct import Manner
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.tuning.published_cases import Case
from bayesnet.tuning.scoring.shares import Share, of_people
from lbp_validation.interviews.policies import Answers, Next, by_worth
from lbp_validation.interviews.record import ALL, END, said
from lbp_validation.interviews.walk import Step, steps, to_the_end
from lbp_validation.report.document import Grid

CLINICIAN = "clinician"
DIFFERS = ("case", "at once", "interviewed", "questions", "facts", "never asked")
PAUSED = ("not known in a row", "questions, median (90th)", "urgency as at once", "lower")
IN_A_ROW = (10, 15, 20, 30)
NOTHING = "nothing: what was asked besides and not known settled a screen"


@dataclass(frozen=True)
class Turns:
    """An interview question by question, to its end.

    known: whether each was answered; ranks: the urgency before each of them and at the end; may:
    whether it may pause there.
    """

    known: tuple[bool, ...]
    ranks: tuple[int, ...]
    may: tuple[bool, ...]

    def end(self, most: int | None) -> int:
        """Return the question before which so many in a row were not known, or the end."""
        row = 0
        for at, known in enumerate(self.known):
            if most is not None and row >= most and self.may[at]:
                return at
            row = 0 if known else row + 1
        return len(self.known)


@dataclass(frozen=True)
class CaseInterview:
    """A case interviewed to its end.

    at_once, level: the urgency with all its facts at once, and at the end; unasked: facts that
    were never asked. turns: of the interview as it would go on without a pause after questions
    not known in a row.
    """

    case: Case
    questions: int
    at_once: str
    level: str
    unasked: tuple[str, ...]
    turns: Turns

    @property
    def same(self) -> bool:
        """Whether the interview came to the urgency of all facts at once."""
        return self.level == self.at_once


def case_interview(model: DiagnosticModel, case: Case) -> CaseInterview:
    """Interview a case as its clinician would be."""
    choose = by_worth(model, CLINICIAN)

    def patient(given: Answers, manner: Manner) -> Next:
        return choose(given, replace(manner, unknown=0))

    walk = to_the_end(steps(model, case.evidence, patient, CLINICIAN))
    views = [step.following.seen for step in walk]
    turns = Turns(
        tuple(_answered(before, after) for before, after in pairwise(walk)),
        tuple(each.level for each in views if each is not None),
        tuple(each is not None and each.left is not None for each in views),
    )
    end = turns.end(model.description.interview.most_unknown)
    given = walk[end].given
    found = said(model, {ALL: case.evidence, END: given}, CLINICIAN)
    at_once, level = (LEVELS[rank] for rank in found.levels)
    unasked = tuple(name for name in case.evidence if name not in given)
    return CaseInterview(case, end, at_once, level, unasked, turns)


def paused(found: Sequence[CaseInterview]) -> Grid:
    """Tabulate what a pause after so many questions not known in a row would spare and cost."""
    rows = []
    for most in (*IN_A_ROW, None):
        ends = [each.turns.end(most) for each in found]
        at_once = [LEVELS.index(each.at_once) for each in found]
        levels = [each.turns.ranks[end] for each, end in zip(found, ends, strict=True)]
        pairs = list(zip(levels, at_once, strict=True))
        rows.append(
            (
                "never" if most is None else str(most),
                f"{np.median(ends):.0f} ({np.percentile(ends, 90):.0f})",
                str(of_people([level == whole for level, whole in pairs])),
                str(sum(level < whole for level, whole in pairs)),
            )
        )
    return Grid(PAUSED, tuple(rows), frozenset(PAUSED))


def _answered(before: Step, after: Step) -> bool:
    return any(v is not None for name, v in after.given.items() if name not in before.given)


def same_urgency(found: Sequence[CaseInterview]) -> Share:
    """Return the share of cases whose interview came to the urgency of all facts at once."""
    return of_people([each.same for each in found])


def lower(found: Sequence[CaseInterview]) -> list[CaseInterview]:
    """List the cases whose interview came to a lower urgency than all facts at once."""
    return [each for each in found if LEVELS.index(each.level) < LEVELS.index(each.at_once)]


def differing(found: Sequence[CaseInterview]) -> Grid:
    """Tabulate the cases whose urgency differs, the lower ones first, with what was not asked."""
    less = lower(found)
    rows = [*less, *(each for each in found if not each.same and each not in less)]
    return Grid(
        DIFFERS,
        tuple(
            (
                each.case.id,
                each.at_once,
                each.level,
                str(each.questions),
                str(len(each.case.evidence)),
                ", ".join(each.unasked) or NOTHING,
            )
            for each in rows
        ),
        frozenset(DIFFERS[3:5]),
    )
