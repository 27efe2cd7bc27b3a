"""Our model on a table of cases: cases a second, against pyAgrum case by case."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.evidence import Observed
from bayesnet.tape.engine import Engine
from lbp_validation.bench_measured import EXECUTORS, Measured
from lbp_validation.bench_peer import TOLERANCE
from lbp_validation.bench_peer_cohort import Clerk, clerks
from lbp_validation.bench_tables import ANSWERS, FIXED, POOL, RAGGED, Cohort
from lbp_validation.bench_timing import (
    Contender,
    Job,
    Seconds,
    fastest_of,
    interleaved,
    ratio,
    short,
    worth_timing,
)
from lbp_validation.document import Grid, Section

FIRST_ROWS, ENOUGH = 16, 0.2
"""Rows are doubled until a run takes this many seconds."""
ROUNDS, LIMIT, PEER_ROWS = 9, 3.0, 8
ALL, CAUSES = "all", "causes"
ONE_CORE, ALL_CORES = "numba, 1 core", "numba"
CONTENDERS = (*EXECUTORS[:1], ONE_CORE, ALL_CORES)
HEADERS = ("table", "computed", "executor", "rows a run", "cases a second", "pyAgrum's", "by")
TIMES, FIRST_RUN = "times faster", "1st s"


@dataclass(frozen=True, eq=False)
class Query:
    """What is asked of a cohort, and of which variables."""

    cohort: Cohort
    computed: str
    variables: tuple[int, ...]


@dataclass(frozen=True)
class Size:
    """Rows of a run, and seconds of the very first one, planning and compiling included."""

    rows: int
    first: float


@dataclass(frozen=True, eq=False)
class Found:
    """The section, the ratios, and {table: cases a second of numba, all posteriors}."""

    section: Section
    measured: tuple[Measured, ...]
    rates: Mapping[str, float]


def cohort_section(model: DiagnosticModel, tables: Sequence[Cohort]) -> Found:
    """One row for each table, query and executor."""
    network = model.network
    causes = tuple(network.position(name) for name in model.description.causes)
    asked = ((ALL, tuple(range(len(network.names)))), (CAUSES, causes))
    results = [
        _result(model, Query(cohort, computed, variables))
        for cohort in tables
        for computed, variables in asked
    ]
    words = (
        f"{POOL:,} drawn cases. Fixed: {ANSWERS} findings drawn at random, age and sex, the same "
        f"in every row; {FIXED} such questionnaires. Ragged: each row answers {ANSWERS} questions "
        f"of its own. Computed: `{ALL}` posteriors, or those of the `{CAUSES}`. A run takes rows "
        f"that it has not seen, as many as last {ENOUGH} s or more; pyAgrum takes {PEER_ROWS} "
        f"cases a run, one by one. `{FIRST_RUN}`: the first {FIRST_ROWS} rows by a new engine, "
        "planning included."
    )
    headers = (*HEADERS, TIMES, FIRST_RUN)
    rows = tuple(row for each in results for row in each.rows)
    grid = Grid(headers, rows, frozenset((*HEADERS[3:6], TIMES, FIRST_RUN)))
    return Found(
        Section(f"{model.description.model.id}: tables of cases", (words, grid)),
        tuple(m for each in results for m in each.measured),
        {e.query.cohort.name: e.rate for e in results if e.query.computed == ALL and e.rate},
    )


@dataclass(frozen=True, eq=False)
class Result:
    """Rows of the table, ratios, and cases a second of numba on all cores; 0 without a time."""

    query: Query
    rows: tuple[tuple[str, ...], ...]
    measured: tuple[Measured, ...]
    rate: float


def _result(model: DiagnosticModel, query: Query) -> Result:
    subject = query.cohort.name
    sys.stderr.write(f"{subject}, {query.computed} ...\n")
    engines = {x: model.network.compile(executor=x) for x in EXECUTORS}
    sizes = {x: _size(engine, query) for x, engine in engines.items()}
    task = f"cohort, {RAGGED if subject == RAGGED else 'fixed'}, {query.computed}"
    theirs = _their_best(model, query, engines)
    if isinstance(theirs, str):
        refused = tuple(Measured(task, subject, x, None, note=theirs) for x in EXECUTORS)
        return Result(query, ((subject, query.computed, *["-"] * 5, theirs, "-"),), refused, 0.0)
    seconds = _seconds(engines, sizes, query, theirs)
    best = fastest_of(seconds, [clerk.name for clerk in theirs])
    rows: list[tuple[str, ...]] = []
    measured: list[Measured] = []
    for name in CONTENDERS:
        size = sizes[name.partition(",")[0]]
        measured.append(Measured(task, subject, name, ratio(seconds[best], seconds[name])))
        labels = ("", "") if rows else (subject, query.computed)
        rates = (short(_rate(seconds[name])), short(_rate(seconds[best])), best)
        rows.append(
            (*labels, name, f"{size.rows:,}", *rates, str(measured[-1]), f"{size.first:.2f}")
        )
    return Result(query, tuple(rows), tuple(measured), _rate(seconds[ALL_CORES]))


def _their_best(
    model: DiagnosticModel, query: Query, engines: Mapping[str, Engine]
) -> list[Clerk] | str:
    """Those worth timing, or why no time is given."""
    entered = clerks(model.network, query.variables)
    some = query.cohort.take(0, PEER_ROWS)
    trials = [Contender(each.name, partial(partial, each.work, some)) for each in entered]
    names = {each.name for each in worth_timing(trials)}
    kept = [each for each in entered if each.name in names]
    scores = [engine.score(some, query.variables) for engine in engines.values()]
    apart = max(clerk.difference(some, each.marginals) for clerk in kept for each in scores)
    return kept if apart <= TOLERANCE else f"answers differ by {apart:.1e}: no time"


def _seconds(
    engines: Mapping[str, Engine],
    sizes: Mapping[str, Size],
    query: Query,
    theirs: Sequence[Clerk],
) -> dict[str, Seconds]:
    """Seconds a case of every contender."""
    ours = {x: _in_turn(query, sizes[x].rows, partial(_score, engines[x], query)) for x in sizes}
    pinned = _in_turn(query, sizes["numba"].rows, partial(_pinned, engines["numba"], query))
    contenders = [Contender(name, prepare) for name, prepare in ours.items()]
    contenders.append(Contender(ONE_CORE, pinned))
    contenders += [Contender(c.name, _in_turn(query, PEER_ROWS, c.work)) for c in theirs]
    cases = {x: size.rows for x, size in sizes.items()}
    cases[ONE_CORE] = sizes["numba"].rows
    seconds = interleaved(contenders, ROUNDS, LIMIT, warm_up=1)
    return {name: values / cases.get(name, PEER_ROWS) for name, values in seconds.items()}


def _size(engine: Engine, query: Query) -> Size:
    rows, start, first = FIRST_ROWS, 0, 0.0
    while True:
        begun = time.perf_counter()
        engine.score(query.cohort.take(start, rows), query.variables)
        took = time.perf_counter() - begun
        first = first or took
        if start and (took >= ENOUGH or rows >= query.cohort.observed.cases):
            return Size(rows, first)
        start += rows
        rows = rows if took >= ENOUGH else 2 * rows


def _in_turn(query: Query, rows: int, work: Callable[[Observed], object]) -> Callable[[], Job]:
    """Prepares work on the next rows."""
    starts = _starts(rows)

    def prepare() -> Job:
        return partial(work, query.cohort.take(next(starts), rows))

    return prepare


def _starts(rows: int) -> Iterator[int]:
    start = POOL // 2
    while True:
        yield start
        start += rows


def _score(engine: Engine, query: Query, observed: Observed) -> None:
    engine.score(observed, query.variables)


def _pinned(engine: Engine, query: Query, observed: Observed) -> None:
    with one_core():
        engine.score(observed, query.variables)


@contextmanager
def one_core() -> Iterator[None]:
    """Keeps this thread, and threads that it starts, on one core, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _rate(seconds: Seconds) -> float:
    return 1.0 / float(np.median(seconds))
