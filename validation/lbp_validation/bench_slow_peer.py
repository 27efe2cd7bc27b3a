"""pgmpy against our executors: one case, few rounds, and only for as long as there is patience."""

import math
from collections.abc import Mapping

import numpy as np

from bayesnet.network import Network
from bayesnet.tape.engine import Engine
from lbp_validation.bench_measured import Measured
from lbp_validation.bench_peer import TOLERANCE, Evidence
from lbp_validation.bench_pgmpy import Pgmpy, pgmpy_on
from lbp_validation.bench_timing import Contender, Ratio, interleaved, milliseconds, ratio, short

ROUNDS, OURS_A_ROUND = 3, 5
QUICK = 1.0
"""Seconds a case up to which it is run more than once."""


def slow_peer_row(
    name: str,
    task: str,
    network: Network,
    engines: Mapping[str, Engine],
    case: Evidence,
    patience: float,
) -> tuple[tuple[str, ...], tuple[Measured, ...]]:
    """(name, its ms, how many times faster each of ours is), and the same as findings."""
    peer = pgmpy_on(network)
    answers, took = peer.tried(case, patience)
    difference = max(
        float(np.abs(engine.marginals(case)[v] - found).max())
        for engine in engines.values()
        for v, found in answers.items()
    )
    kind = f"{task}, seen"
    if not difference <= TOLERANCE:
        why = f"answers differ by {difference:.1e}: no time"
        found = tuple(Measured(kind, name, e, None, "pgmpy", note=why) for e in engines)
        return (name, "-", *map(str, found)), found
    rounds = ROUNDS if took < QUICK else 1
    seconds = interleaved(_contenders(peer, engines, case, took < QUICK), rounds, warm_up=1)
    if took >= QUICK:
        seconds["pgmpy"] = np.array([min(took, patience)])
    gave_up = math.isinf(took)
    found = tuple(
        Measured(kind, name, e, _times(seconds, e), "pgmpy", at_least=gave_up) for e in engines
    )
    ms = f"over {short(1e3 * patience)}" if gave_up else milliseconds(seconds["pgmpy"])
    return (name, ms, *map(str, found)), found


def _times(seconds: Mapping[str, np.ndarray], executor: str) -> Ratio:
    return ratio(seconds["pgmpy"], seconds[executor] / OURS_A_ROUND)


def _contenders(
    peer: Pgmpy, engines: Mapping[str, Engine], case: Evidence, again: bool
) -> list[Contender]:
    ours = [_ours(name, engine, case) for name, engine in engines.items()]
    theirs = Contender("pgmpy", lambda: lambda: list(peer.each_posterior(case)))
    return [*ours, theirs] if again else ours


def _ours(name: str, engine: Engine, case: Evidence) -> Contender:
    def run() -> None:
        for _ in range(OURS_A_ROUND):
            engine.marginals(case)

    return Contender(name, lambda: run)
