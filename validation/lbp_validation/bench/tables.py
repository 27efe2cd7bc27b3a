"""Tables of people: cases a second of the engine, and of whole diagnoses."""

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import numpy as np

import bayesnet
from bayesnet.network import Array
from lbp_validation.bench.child import Ran, run
from lbp_validation.bench.conditioned import by_cases
from lbp_validation.bench.contest import Entry, beside, filled
from lbp_validation.bench.goals import FIXED, MANY_LOOP, MANY_PEAK, MANY_RATE, RAGGED
from lbp_validation.bench.people import AGE_AND_SEX, MODEL, POOL, Crowd, questionnaires, ragged
from lbp_validation.bench.row import EXECUTORS, NEVER, Goal, Row, farthest, group, refused
from lbp_validation.bench.timing import Contender, Job, Pace, Told, spread, timed

Work = Callable[[Crowd, int, int], Mapping[str, Array]]
"""(table, first row, rows) -> {variable: posteriors, shape (rows, states)}"""
CHECKED, FIRST_ROWS, ENOUGH, MOST_ROWS = 8, 16, 0.2, 1 << 13
PACE = Pace(9, 10.0, warm_up=1)
ROUNDS, SLOW = 3, 60.0
"""A round of whole diagnoses that takes longer than SLOW seconds is the last."""


def each_row_its_own(told: Told) -> list[Row]:
    """Time the causes' posteriors of rows that each answered other things."""
    model = bayesnet.load_model(MODEL)
    causes = tuple(model.description.causes)
    crowd = ragged(model)
    told(crowd.name)
    works = {
        executor: _causes_work(model.network.compile(executor=executor), causes)
        for executor in EXECUTORS
    }
    base = Row("ragged", f"{crowd.name}: causes' posteriors", unit="rows/s")
    return _raced(base, crowd, works, model.engine, causes, {"numba": RAGGED})


def fixed(told: Told) -> list[Row]:
    """Time all posteriors of rows that answered the same questions."""
    model = bayesnet.load_model(MODEL)
    rows: list[Row] = []
    for crowd in questionnaires(model):
        told(crowd.name)
        works = {
            executor: partial(_all_work, model.network.compile(executor=executor))
            for executor in EXECUTORS
        }
        base = Row("fixed", f"{crowd.name}, ten findings, age, sex: all posteriors", unit="rows/s")
        rows += _raced(base, crowd, works, model.engine, model.network.names, {})
    ours = [row for row in rows if row.executor == "numba"]
    what = "fixed questionnaires of ten findings, age, sex: all posteriors"
    return [group(Row("fixed", what, "numba", "rows/s", goal=FIXED), ours), *rows]


def _causes_work(engine: Any, causes: Sequence[str]) -> Work:
    """Ask for the causes alone: of the whole table where the engine can, else row by row."""
    if "variables" in inspect.signature(engine.marginals_many).parameters:
        return lambda crowd, start, rows: engine.marginals_many(
            crowd.table(start, rows), variables=causes
        )

    def row_by_row(crowd: Crowd, start: int, rows: int) -> Mapping[str, Array]:
        found = [engine.marginals(case, causes) for case in crowd.cases(start, rows)]
        return {name: np.array([each[name] for each in found]) for name in causes}

    return row_by_row


def _all_work(engine: Any, crowd: Crowd, start: int, rows: int) -> Mapping[str, Array]:
    found: Mapping[str, Array] = engine.marginals_many(crowd.table(start, rows))
    return found


def _raced(
    base: Row,
    crowd: Crowd,
    works: Mapping[str, Work],
    engine: Any,
    targets: Sequence[str],
    goals: Mapping[str, Goal],
) -> list[Row]:
    """Time our ways beside pyAgrum, case by case; every run takes rows that none had before."""
    told = "causes" if len(targets) < len(engine.network.names) else "all"
    expected = [
        by_cases(engine, case, tuple(AGE_AND_SEX), targets) for case in crowd.cases(0, CHECKED)
    ]
    entries = []
    for executor, work in works.items():
        ours = work(crowd, 0, CHECKED)
        apart = farthest(
            np.abs(ours[name][place] - values).max()
            for place, each in enumerate(expected)
            for name, values in each.items()
        )
        rows = _size(crowd, work)
        row = replace(base, executor=executor, apart=apart, goal=goals.get(executor))
        row = replace(row, note=f"{rows:,} rows a run")
        entries.append(Entry(row, Contender(executor, _in_turn(crowd, work, rows)), rows))
    return beside(entries, "pyAgrum SSI", run("pyagrum", crowd.name, told), PACE)


def _size(crowd: Crowd, work: Work) -> int:
    """Double the rows until a run is long enough; each run takes rows that none had before."""
    rows, start = FIRST_ROWS, CHECKED
    while True:
        took = timed(partial(work, crowd, start, rows))
        if took >= ENOUGH or rows >= MOST_ROWS:
            return rows
        start += rows
        rows *= 2


def _in_turn(crowd: Crowd, work: Callable[..., object], rows: int) -> Callable[[], Job]:
    starts = count(POOL // 2, rows)
    return lambda: partial(work, crowd, next(starts), rows)


def diagnose_many(told: Told) -> list[Row]:
    """Time whole diagnoses of a table, against a loop of `diagnose`, each in its own process."""
    rows: list[Row] = []
    for which, words in (
        ("ragged", "each row its own ten answers"),
        ("fixed", "one questionnaire"),
    ):
        pairs: list[tuple[Ran, Ran]] = []
        for turn in range(ROUNDS):
            told(f"{words}, round {turn + 1}")
            begun = time.perf_counter()
            pairs.append((run("many", which, "table"), run("many", which, "loop")))
            if time.perf_counter() - begun > SLOW or any(ran.why_not for ran in pairs[-1]):
                break
        rows += _of_pairs(f"`diagnose_many`, {words}", pairs, which == "ragged")
    return rows


def _of_pairs(what: str, pairs: Sequence[tuple[Ran, Ran]], judged: bool) -> list[Row]:
    """Rate, ratio to the loop and peak memory over the rounds that came to their end."""
    rate, loop, memory = (
        Row("diagnose-many", f"{what}{words}", unit=unit, goal=goal if judged else None)
        for words, unit, goal in (
            ("", "rows/s", MANY_RATE),
            (", against a loop of `diagnose`", "x faster", MANY_LOOP),
            (": peak memory of the process", "MB", MANY_PEAK),
        )
    )
    done = [pair for pair in pairs if not any(ran.why_not for ran in pair)]
    if not done:
        fault = next(ran for ran in pairs[0] if ran.why_not)
        found = NEVER if fault.stopped else None
        return [replace(row, found=found, note=fault.why_not) for row in (rate, loop, memory)]
    ours = np.array([table.answer["seconds"] for table, _ in done])
    theirs = np.array([by_loop.answer["seconds"] for _, by_loop in done])
    peaks = spread([table.peak for table, _ in done])
    note = f"{done[0][0].answer['rows']:,} rows a run"
    apart = farthest(ran.answer["apart"] for pair in done for ran in pair)
    filled_in = (
        replace(filled(rate, ours, None, ""), note=note),
        filled(loop, ours, theirs, "a loop of `diagnose`"),
        replace(memory, found=peaks, note=note),
    )
    return [
        refused(replace(base, apart=apart)) or replace(row, apart=apart)
        for base, row in zip((rate, loop, memory), filled_in, strict=True)
    ]
