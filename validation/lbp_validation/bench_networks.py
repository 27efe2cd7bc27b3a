"""Networks of the literature: all posteriors of a case, a fifth of the nodes observed."""

import sys
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

import bayesnet
from bayesnet.errors import TooLargeError
from bayesnet.network import Network
from bayesnet.tape.engine import Engine
from lbp_validation.bench_contest import MEETINGS, Contest, race, worthy
from lbp_validation.bench_draw import Case, observe, patterns
from lbp_validation.bench_measured import EXECUTORS, Measured
from lbp_validation.bench_peer import Peer, peers
from lbp_validation.bench_slow_peer import slow_peer_row
from lbp_validation.bench_timing import short
from lbp_validation.document import Block, Grid, Section

SHARE = 0.2
SEEN, NEW, WITH_COMPILE = "seen", "new", "new + compile()"
HEADERS = ("network", "pattern", *(f"{x} ms" for x in EXECUTORS), "pyAgrum ms", "by")
TIMES = tuple(f"{x} times faster" for x in EXECUTORS)
START = (
    "network",
    "read s",
    *(f"{x} {what} ms" for x in EXECUTORS for what in ("compile()", "1st")),
)


@dataclass(frozen=True)
class Scale:
    """How much of a group of networks is run; left_out: engines of pyAgrum that are hopeless.

    limit: seconds for each kind of pattern; patience: seconds for a case of pgmpy.

    per_round: cases timed together. With many, each round of new patterns begins with an engine
    that has met none; with one, each round brings one more pattern to the same engine.
    """

    task: str
    title: str
    names: tuple[str, ...]
    patterns_seen: int
    per_round: int
    rounds: int
    limit: float
    warm_up: int
    patience: float
    left_out: frozenset[str] = frozenset()

    @property
    def length(self) -> tuple[int, float, int]:
        """Rounds, seconds after which no more are begun, and rounds that do not count."""
        return self.rounds, self.limit, self.warm_up


SMALL = Scale(
    "small",
    "Small and medium networks",
    ("asia", "child", "insurance", "alarm", "hailfinder", "hepar2", "win95pts"),
    patterns_seen=4,
    per_round=10,
    rounds=11,
    limit=1.5,
    warm_up=2,
    patience=10.0,
)
LARGE = Scale(
    "large",
    "Large networks",
    (
        *("water", "pathfinder", "andes", "pigs", "mildew"),
        *("barley", "munin1", "diabetes", "link", "munin"),
    ),
    patterns_seen=4,
    per_round=1,
    rounds=11,
    limit=4.0,
    warm_up=1,
    patience=3.0,
    left_out=frozenset({"VariableElimination"}),
)


@dataclass(frozen=True, eq=False)
class Found:
    """What one network gave: rows of the three tables, and ratios."""

    rows: tuple[tuple[str, ...], ...]
    start: tuple[str, ...]
    slow: tuple[str, ...]
    measured: tuple[Measured, ...]


def networks_section(folder: Path, scale: Scale) -> tuple[Section, tuple[Measured, ...]]:
    """Rows for each network that is there, and the ratios found."""
    found, absent = [], []
    for name in scale.names:
        path = folder / f"{name}.bif.gz"
        if path.is_file():
            sys.stderr.write(f"{name} ...\n")
            found.append(_network(name, path, scale))
        else:
            absent.append(name)
    blocks: list[Block] = [_words(scale)]
    if found:
        headers = (*HEADERS, *TIMES)
        rows = tuple(row for each in found for row in each.rows)
        blocks.append(Grid(headers, rows, frozenset((*HEADERS[2:5], *TIMES))))
        blocks.append(_slow_words(scale))
        slow = ("network", "pgmpy ms", *TIMES)
        blocks.append(Grid(slow, tuple(each.slow for each in found), frozenset(slow[1:])))
        blocks.append(
            "What comes before: reading the file, `compile()`, and the first case by an engine "
            "that has just been compiled."
        )
        blocks.append(Grid(START, tuple(each.start for each in found), frozenset(START[1:])))
    if absent:
        blocks.append(f"Not there, so left out: {', '.join(absent)} (looked in {folder.name}/).")
    return Section(scale.title, tuple(blocks)), tuple(m for each in found for m in each.measured)


def _network(name: str, path: Path, scale: Scale) -> Found:
    begun = time.perf_counter()
    network = bayesnet.read_network(path)
    read = time.perf_counter() - begun
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    try:
        starts = {executor: _start(network, executor, rng) for executor in EXECUTORS}
    except TooLargeError as error:
        return _refused(name, scale, str(error))
    engines = {executor: start.engine for executor, start in starts.items()}
    seen = _seen_cases(network, scale, rng)
    entered = [peer for peer in peers(network) if peer.name not in scale.left_out]
    rivals = worthy(entered, seen[: scale.per_round])
    rows: list[tuple[str, ...]] = []
    measured: list[Measured] = []
    for kind, contest in (
        (SEEN, _seen(engines, seen, rivals, scale)),
        *_new(network, engines, rivals, scale, rng),
    ):
        outcome = race(contest)
        found = [outcome.measured(f"{scale.task}, {kind}", name, e) for e in EXECUTORS]
        measured += found
        best = (outcome.ms(outcome.best), outcome.best)
        ms = (outcome.ms(e) for e in EXECUTORS)
        rows.append(("" if rows else name, kind, *ms, *best, *map(str, found)))
    slow, further = slow_peer_row(name, scale.task, network, engines, seen[0], scale.patience)
    before = [cell for start in starts.values() for cell in (start.compile_ms, start.first_ms)]
    return Found(tuple(rows), (name, f"{read:.2f}", *before), slow, (*measured, *further))


def _seen_cases(network: Network, scale: Scale, rng: np.random.Generator) -> list[Case]:
    """The same number of cases of each of a few patterns."""
    chosen = patterns(network, SHARE, scale.patterns_seen, rng)
    each = max(1, scale.per_round // len(chosen))
    return [observe(network, pattern, rng) for pattern in chosen for _ in range(each)]


def _seen(
    engines: Mapping[str, Engine], cases: Sequence[Case], rivals: Sequence[Peer], scale: Scale
) -> Contest:
    """Patterns met before."""
    for engine in engines.values():
        for case in cases:
            for _ in range(MEETINGS):
                engine.marginals(case)
    batches = [cases[i : i + scale.per_round] for i in range(0, len(cases), scale.per_round)]
    ready = {name: partial(_same, engine) for name, engine in engines.items()}
    return Contest(batches, cases, ready, rivals, *scale.length, seen=True)


def _new(
    network: Network,
    engines: Mapping[str, Engine],
    rivals: Sequence[Peer],
    scale: Scale,
    rng: np.random.Generator,
) -> list[tuple[str, Contest]]:
    """Patterns never met by the engine that is asked."""
    if scale.per_round > 1:
        cases = [observe(network, p, rng) for p in patterns(network, SHARE, scale.per_round, rng)]
        fresh = {executor: partial(network.compile, executor=executor) for executor in EXECUTORS}
        contest = partial(Contest, [cases], cases, fresh, rivals, *scale.length)
        return [(NEW, contest()), (WITH_COMPILE, contest(timed_too=frozenset(fresh)))]
    count = 1 + scale.rounds + scale.warm_up
    check, *cases = [observe(network, p, rng) for p in patterns(network, SHARE, count, rng)]
    ready = {name: partial(_same, engine) for name, engine in engines.items()}
    batches = [[case] for case in cases]
    return [(NEW, Contest(batches, [check], ready, rivals, *scale.length))]


@dataclass(frozen=True, eq=False)
class Start:
    """An engine that has answered one case, and milliseconds of `compile()` and of that case."""

    engine: Engine
    compile_ms: str
    first_ms: str


def _start(network: Network, executor: str, rng: np.random.Generator) -> Start:
    (pattern,) = patterns(network, SHARE, 1, rng)
    case = observe(network, pattern, rng)
    begun = time.perf_counter()
    engine = network.compile(executor=executor)
    compiled = time.perf_counter()
    engine.marginals(case)
    done = time.perf_counter()
    return Start(engine, short(1e3 * (compiled - begun)), short(1e3 * (done - compiled)))


def _refused(name: str, scale: Scale, why: str) -> Found:
    kinds = (SEEN, NEW)
    measured = tuple(
        Measured(f"{scale.task}, {kind}", name, executor, None, note=why)
        for kind in kinds
        for executor in EXECUTORS
    )
    row = (name, "all", *["-"] * 4, why, why)
    return Found((row,), (name, *["-"] * 5), (name, *["-"] * 3), measured)


def _same(engine: Engine) -> Engine:
    return engine


def _words(scale: Scale) -> str:
    said = (
        f"Posteriors of all unobserved variables, {SHARE:.0%} of the nodes observed, their values "
        f"drawn from the network; time per case. `{SEEN}`: the engine has met the set of observed "
        f"nodes {MEETINGS} times before. `{NEW}`: sets that it has never met, so planning is in "
    )
    if scale.per_round > 1:
        return said + (
            f"the time; each round begins with an engine that has met none and asks it "
            f"{scale.per_round} cases, no two with the same set. `{WITH_COMPILE}`: the same, and "
            "`compile()` is in the time as well."
        )
    return said + (
        "the time; one case a round, each with a set of its own. Left out: pyAgrum's "
        f"{', '.join(sorted(scale.left_out))}, which begins anew for each variable and takes "
        "seconds to minutes a case."
    )


def _slow_words(scale: Scale) -> str:
    return (
        "pgmpy's VariableElimination, one query for each variable, on one case of a set seen "
        f"before. It is given {short(scale.patience)} s."
    )
