"""Networks of the literature against pyAgrum: all posteriors, a fifth of the nodes observed."""

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import bayesnet
from bayesnet.engine import Engine
from bayesnet.network import Network, topological_order
from lbp_validation.bench_peer import TOLERANCE, Evidence, largest_difference, peers
from lbp_validation.bench_timing import (
    Contender,
    Job,
    fastest_of,
    interleaved,
    milliseconds,
    ratio,
    worth_timing,
)
from lbp_validation.document import Block, Grid, Section

NAMES = ("asia", "child", "insurance", "alarm", "hailfinder", "hepar2", "win95pts")
OBSERVED_SHARE = 0.2
SEEN_PATTERNS, CASES_PER_PATTERN = 2, 5
NEW_PATTERNS = 10
ROUNDS = 25
HEADERS = (
    "network",
    "pattern",
    "ours ms",
    "pyAgrum ms",
    "pyAgrum's best",
    "times faster (10-90 %)",
)


def networks_section(folder: Path) -> Section:
    """Two rows for each network that is there: patterns seen before, and new each time."""
    rows: list[tuple[str, ...]] = []
    absent = []
    for name in NAMES:
        path = folder / f"{name}.bif.gz"
        if path.is_file():
            rows += _rows(name, bayesnet.read_network(path))
        else:
            absent.append(name)
    blocks: list[Block] = [
        f"Posteriors of all unobserved variables, {OBSERVED_SHARE:.0%} of the nodes observed, "
        "their values drawn from the network; time per case. `seen`: the engine has met the set of "
        f"observed nodes before ({SEEN_PATTERNS} sets, {CASES_PER_PATTERN} cases each, in a row). "
        f"`new`: {NEW_PATTERNS} cases, no two with the same set, and an engine that has met none."
    ]
    if rows:
        blocks.append(Grid(HEADERS, tuple(rows), frozenset({HEADERS[2], HEADERS[3], HEADERS[5]})))
    if absent:
        blocks.append(f"Not there, so left out: {', '.join(absent)} (looked in {folder.name}/).")
    return Section("Networks of the literature", tuple(blocks))


def _rows(name: str, network: Network) -> list[tuple[str, ...]]:
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    seen = [
        _observed(network, pattern, rng)
        for pattern in _patterns(network, SEEN_PATTERNS, rng)
        for _ in range(CASES_PER_PATTERN)
    ]
    new = [_observed(network, p, rng) for p in _patterns(network, NEW_PATTERNS, rng)]
    engine = Engine(network)
    return [
        _row(name, "seen", network, seen, lambda: engine),
        _row("", "new", network, new, lambda: Engine(network)),
    ]


def _row(
    label: str,
    pattern: str,
    network: Network,
    cases: Sequence[Evidence],
    engine_for: Callable[[], Engine],
) -> tuple[str, ...]:
    rivals = peers(network)
    engine = engine_for()
    difference = largest_difference(rivals, [(case, engine.marginals(case)) for case in cases])
    if not difference <= TOLERANCE:
        return (label, pattern, "-", "-", "-", f"answers differ by {difference:.1e}: no time")

    def prepare() -> Job:
        ready = engine_for()
        return lambda: [ready.marginals(case) for case in cases]

    theirs = worth_timing([_over(peer.name, peer.posteriors, cases) for peer in rivals])
    seconds = interleaved([Contender("ours", prepare), *theirs], ROUNDS)
    best = fastest_of(seconds, [each.name for each in theirs])
    return (
        label,
        pattern,
        milliseconds(seconds["ours"], len(cases)),
        milliseconds(seconds[best], len(cases)),
        best,
        str(ratio(seconds[best], seconds["ours"])),
    )


def _over(name: str, query: Callable[[Evidence], object], cases: Sequence[Evidence]) -> Contender:
    return Contender(name, lambda: lambda: [query(case) for case in cases])


def _patterns(network: Network, count: int, rng: np.random.Generator) -> list[tuple[str, ...]]:
    """Different sets of a fifth of the nodes."""
    size = max(1, round(OBSERVED_SHARE * len(network.names)))
    found: dict[tuple[str, ...], None] = {}
    while len(found) < count:
        chosen = rng.choice(len(network.names), size, replace=False)
        found[tuple(network.names[i] for i in sorted(chosen))] = None
    return list(found)


def _observed(network: Network, pattern: Sequence[str], rng: np.random.Generator) -> Evidence:
    drawn = draw(network, rng)
    return {name: drawn[name] for name in pattern}


def draw(network: Network, rng: np.random.Generator) -> dict[str, str]:
    """One case from the network, parents before children: {variable: state}."""
    codes: dict[str, int] = {}
    for name in topological_order({f.variable: f.parents for f in network.families}):
        family = network.family(name)
        row = family.table()[tuple(codes[parent] for parent in family.parents)]
        codes[name] = int(rng.choice(len(row), p=row / row.sum()))
    return {name: network.variable(name).states[code] for name, code in codes.items()}
