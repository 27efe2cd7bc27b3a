"""Networks of the literature: all posteriors of a case, a fifth of the nodes observed."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import cycle
from typing import Any

import numpy as np

import bayesnet
from bayesnet import Network
from lbp_validation.bench.ck_peer import NAME, Circuits, compiled, interpreter
from lbp_validation.bench.contest import Entry, filled, race, worth_timing
from lbp_validation.bench.forward_sampling import Case, observe, patterns
from lbp_validation.bench.goals import AS_BEFORE, CIRCUITS, LARGE, LARGE_BEFORE, SECOND_ASK
from lbp_validation.bench.peer import FOR_LARGE, Peer, peers
from lbp_validation.bench.row import EXECUTORS, Row, farthest, group, refused
from lbp_validation.bench.timing import Contender, Job, Pace, Spread, Told, timed
from lbp_validation.paths import NETWORKS

Batches = Sequence[Sequence[Case]]
SHARE = 0.2
SMALL_NETWORKS = ("asia", "child", "insurance", "alarm", "hailfinder", "hepar2", "win95pts")
LARGE_NETWORKS = (
    *("water", "pathfinder", "andes", "pigs", "mildew", "barley", "diabetes", "link"),
    *("munin", "munin1", "munin2", "munin3", "munin4"),
)
ASKED_TWICE = ("water", "barley", "link", "insurance")
MEETINGS, PATTERNS, CASES = 3, 4, 10
SMALL_PACE, LARGE_PACE = Pace(11, 2.0), Pace(9, 6.0, warm_up=1)
TWICE = 7
PYAGRUM = "pyAgrum"
SEEN, NEW = "pattern asked before", "new pattern each case"


def small(told: Told, python: str) -> list[Row]:
    """Race seven small networks against compiled-knowledge and against pyAgrum.

    python: an interpreter that has compiled-knowledge; empty: one is looked for on the PATH.
    """
    found = interpreter(python)
    rows = [_small(name, network, found) for name, network in _networks(SMALL_NETWORKS, told)]
    summed = []
    for rival, kind in ((NAME, SEEN), (NAME, NEW), (PYAGRUM, SEEN), (PYAGRUM, NEW)):
        for executor in EXECUTORS:
            what = f"seven networks from asia to win95pts, {kind}, against {rival}"
            goal = CIRCUITS[executor] if (rival, kind) == (NAME, SEEN) else None
            base = Row("small", what, executor, "x faster", goal=goal)
            summed.append(group(base, [each[rival, kind, executor] for each in rows]))
    return [*summed, *(row for each in rows for row in each.values())]


def _small(name: str, network: Network, python: str) -> dict[tuple[str, str, str], Row]:
    """Rows by rival, kind of pattern and executor."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    chosen = patterns(network, SHARE, PATTERNS, rng)
    seen = [[observe(network, pattern, rng) for _ in range(CASES)] for pattern in chosen]
    new = [[observe(network, p, rng) for p in patterns(network, SHARE, CASES, rng)]]
    entered = peers(network)
    circuits = compiled(python, network) if python else None
    checks = [batch[0] for batch in (*seen, *new)]
    apart = _apart(network, entered[0], circuits, checks)
    rows = {}
    for kind, batches in ((SEEN, seen), (NEW, new)):
        ours = {
            executor: _asked_before(network.compile(executor=executor), executor, batches)
            if kind == SEEN
            else _never_asked(network, executor, batches)
            for executor in EXECUTORS
        }
        rivals = {
            NAME: [circuits.contender(batches)] if circuits else [],
            PYAGRUM: worth_timing([_pyagrum(peer, batches) for peer in entered]),
        }
        for rival, theirs in rivals.items():
            what = f"{name}, {kind}, against {rival}"
            bases = [Row("small", what, e, "x faster", apart=apart) for e in EXECUTORS]
            if not theirs:
                note = "no Python (3.12 or newer) that has compiled-knowledge"
                done = [replace(base, note=note) for base in bases]
            else:
                entries = [Entry(base, ours[base.executor], CASES) for base in bases]
                done = race(entries, theirs, SMALL_PACE, CASES)
            rows.update({(rival, kind, row.executor): row for row in done})
    if circuits:
        circuits.close()
    return rows


def _apart(network: Network, peer: Peer, circuits: Circuits | None, cases: Sequence[Case]) -> float:
    """Difference between our executors and either rival."""
    engines = [network.compile(executor=executor) for executor in EXECUTORS]
    apart = [peer.difference(case, *(e.marginals(case) for e in engines)) for case in cases]
    if circuits:
        apart += [peer.difference(case, circuits.marginals(case)) for case in cases]
    return farthest(apart)


def _asked_before(engine: Any, executor: str, batches: Batches) -> Contender:
    for batch in batches:
        for case in batch[:MEETINGS]:
            engine.marginals(case)
    turns = cycle(batches)

    def prepare() -> Job:
        batch = next(turns)
        # One case first, so that all contenders find their data at hand.
        engine.marginals(batch[-1])
        return partial(_all_of, engine.marginals, batch)

    return Contender(executor, prepare)


def _never_asked(network: Network, executor: str, batches: Batches) -> Contender:
    """Each round an engine that was compiled for it."""
    turns = cycle(batches)
    return Contender(
        executor,
        lambda: partial(_all_of, network.compile(executor=executor).marginals, next(turns)),
    )


def _pyagrum(peer: Peer, batches: Batches) -> Contender:
    turns = cycle(batches)

    def prepare() -> Job:
        batch = next(turns)
        peer.posteriors(batch[-1])
        return partial(_all_of, peer.posteriors, batch)

    return Contender(f"{PYAGRUM} {peer.initials}", prepare)


def _all_of(ask: Callable[[Case], object], batch: Sequence[Case]) -> None:
    for case in batch:
        ask(case)


def large(told: Told) -> list[Row]:
    """Race the large networks against pyAgrum, each case with a pattern of its own."""
    rows: list[Row] = []
    for name, network in _networks(LARGE_NETWORKS, told):
        rows += _large(name, network)
    summed = []
    for executor in EXECUTORS:
        ours = [row for row in rows if row.executor == executor]
        what = f"large networks, {NEW}, against {PYAGRUM}"
        summed.append(group(Row("large", what, executor, "x faster", goal=LARGE), ours))
        what = f"large networks, {NEW}: their ratio to {PYAGRUM} against what it was"
        base = Row("large", what, executor, "x", goal=AS_BEFORE)
        summed.append(group(base, [_against_before(row) for row in ours if _network(row)]))
    return [*summed, *rows]


def _network(row: Row) -> float:
    """Find what the row's network had before; 0 where it was not measured then."""
    return LARGE_BEFORE.get(row.what.partition(",")[0], 0.0)


def _against_before(row: Row) -> Row:
    if row.found is None:
        return row
    before = _network(row)
    found = row.found
    return replace(
        row, found=Spread(found.median / before, found.least / before, found.most / before)
    )


def _large(name: str, network: Network) -> list[Row]:
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    check, *cases = [
        observe(network, pattern, rng)
        for pattern in patterns(network, SHARE, 1 + LARGE_PACE.warm_up + LARGE_PACE.rounds, rng)
    ]
    entered = peers(network, FOR_LARGE)
    able = worth_timing([Contender(p.name, partial(partial, p.posteriors, check)) for p in entered])
    rivals = [peer for peer in entered if peer.name in {each.name for each in able}]
    entries = []
    for executor in EXECUTORS:
        engine = network.compile(executor=executor)
        apart = rivals[0].difference(check, engine.marginals(check))
        row = Row("large", f"{name}, {NEW}", executor, "x faster", apart=apart)
        entries.append(Entry(row, _in_turn(executor, engine.marginals, cases)))
    theirs = [_in_turn(f"{PYAGRUM} {p.initials}", p.posteriors, cases) for p in rivals]
    return race(entries, theirs, LARGE_PACE)


def _in_turn(name: str, ask: Callable[[Case], object], cases: Sequence[Case]) -> Contender:
    turns = cycle(cases)
    return Contender(name, lambda: partial(ask, next(turns)))


def second_ask(told: Told) -> list[Row]:
    """Time the second ask of a pattern against its first, on an engine that has answered others."""
    rows = []
    for name, network in _networks(ASKED_TWICE, told):
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        check, *cases = [
            observe(network, pattern, rng) for pattern in patterns(network, SHARE, 1 + TWICE, rng)
        ]
        peer = peers(network, FOR_LARGE[:1])[0]
        for executor in EXECUTORS:
            engine = network.compile(executor=executor)
            apart = peer.difference(check, engine.marginals(check), engine.marginals(check))
            row = Row("second-ask", f"{name}, second ask", executor, "x", apart=apart)
            pairs = np.array([_twice(engine, case) for case in cases])
            rows.append(refused(row) or filled(row, pairs[:, 1], pairs[:, 0], "itself, first ask"))
    summed = []
    for executor in EXECUTORS:
        what = f"second ask of a pattern against its first: {', '.join(ASKED_TWICE)}"
        base = Row("second-ask", what, executor, "x", goal=SECOND_ASK)
        summed.append(group(base, [row for row in rows if row.executor == executor]))
    return [*summed, *rows]


def _twice(engine: Any, case: Case) -> tuple[float, float]:
    return timed(partial(engine.marginals, case)), timed(partial(engine.marginals, case))


def _networks(names: Sequence[str], told: Told) -> Iterator[tuple[str, Network]]:
    """Read those that lie beside the checkout, one after the other."""
    for name in names:
        path = NETWORKS / f"{name}.bif.gz"
        if path.is_file():
            told(name)
            yield name, bayesnet.read_network(path)
        else:
            told(f"{name} is not in {NETWORKS.name}/, so it is left out")
