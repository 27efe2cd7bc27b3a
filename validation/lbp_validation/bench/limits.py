"""Networks at the edge of what can be done: very many parents, too wide, very long."""

from dataclasses import replace

import numpy as np

from lbp_validation.bench.child import Ran, run
from lbp_validation.bench.contest import filled
from lbp_validation.bench.goals import FIFTY_THOUSAND, QMR, TOO_WIDE
from lbp_validation.bench.row import NEVER, Row, farthest, refused
from lbp_validation.bench.timing import Told

ROUNDS, QUICK = 3, 5.0
"""A job that takes longer than QUICK seconds is run once."""


def qmr(told: Told) -> list[Row]:
    """Time compiling and asking a QMR-like network."""
    told("compile and first query")
    what = "QMR-like noisy-OR, 200 causes, 40 findings of 60 parents: compile and first query"
    return [_row(Row("qmr", what, unit="s", goal=QMR), "checked by Quickscore", "qmr")]


def too_wide(told: Told) -> list[Row]:
    """Time how soon a network that is too wide is refused."""
    told("refusal")
    what = "refusing a network that is too wide: 154 nodes, 380 edges, 4 states"
    return [_row(Row("too-wide", what, unit="s", goal=TOO_WIDE), "", "too-wide")]


def fifty_thousand(told: Told) -> list[Row]:
    """Time compiling and asking networks of 50,000 nodes."""
    rows = []
    for maker in ("polytree", "chain"):
        told(maker)
        what = f"{maker} of 50,000 nodes, a tenth observed: compile and all posteriors"
        base = Row("fifty-thousand", what, unit="s", goal=FIFTY_THOUSAND)
        note = "checked by pyAgrum on one of 2,000 nodes"
        rows.append(_row(base, note, "fifty-thousand", maker))
    return rows


def _row(base: Row, note: str, *job: str) -> Row:
    """Run a job a few times if it is quick, and fill its row."""
    ran: list[Ran] = []
    while len(ran) < ROUNDS and (not ran or ran[-1].answer["seconds"] <= QUICK):
        ran.append(run(*job))
        if ran[-1].why_not:
            found = NEVER if ran[-1].stopped else None
            return replace(base, found=found, note=ran[-1].why_not)
    answers = [each.answer for each in ran]
    apart = [each["apart"] for each in answers if "apart" in each]
    row = replace(base, apart=farthest(apart) if apart else None)
    return refused(row) or replace(
        filled(row, np.array([each["seconds"] for each in answers]), None, ""), note=note
    )
