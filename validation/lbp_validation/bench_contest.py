"""A race on the same cases: our executors and pyAgrum, once their answers are found to agree."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from bayesnet.tape.engine import Engine
from lbp_validation.bench_measured import Measured
from lbp_validation.bench_peer import TOLERANCE, Evidence, Peer
from lbp_validation.bench_timing import (
    Contender,
    Job,
    Ratio,
    Seconds,
    fastest_of,
    interleaved,
    milliseconds,
    ratio,
    short,
    within,
    worth_timing,
)

Batch = Sequence[Evidence]
MEETINGS = 3
"""Times that an engine has met a pattern before it counts as seen."""
GIVE_UP = 20.0
FAR = 3.0


@dataclass(frozen=True, eq=False)
class Contest:
    """What is run: one batch of cases a round, the next one each round.

    checks: cases whose answers must agree beforehand. engine_for: how each executor comes by its
    engine, before the clock starts; timed_too: those for whom that counts as well. seen: the
    engines know the batches, so everybody answers one case before the clock starts.
    """

    batches: Sequence[Batch]
    checks: Sequence[Evidence]
    engine_for: Mapping[str, Callable[[], Engine]]
    rivals: Sequence[Peer]
    rounds: int
    limit: float
    warm_up: int
    timed_too: frozenset[str] = frozenset()
    seen: bool = False


@dataclass(frozen=True, eq=False)
class Outcome:
    """Seconds a round of each of ours and of the best rival, or why there are none."""

    seconds: Mapping[str, Seconds]
    best: str
    batch: int
    why_not: str = ""

    def ms(self, name: str) -> str:
        """Median per case in ms."""
        return milliseconds(self.seconds[name], self.batch) if name in self.seconds else "-"

    def times(self, name: str) -> Ratio | None:
        """How many times faster than the best rival."""
        if self.best not in self.seconds:
            return None
        return ratio(self.seconds[self.best], self.seconds[name])

    def measured(self, task: str, subject: str, executor: str) -> Measured:
        """As one finding."""
        found = None if self.why_not else self.times(executor)
        return Measured(task, subject, executor, found, note=self.why_not)


def worthy(rivals: Sequence[Peer], cases: Batch) -> list[Peer]:
    """Those that trial runs do not show to be far behind the fastest; none if all take too long."""
    best, kept = GIVE_UP / FAR, []
    for rival in rivals:
        took = within(rival.each_posterior(cases[0]), FAR * best)
        if math.isfinite(took):
            kept.append(rival)
            best = min(best, took)
    if not kept:
        return []
    trials = [Contender(rival.name, _job(rival, cases)) for rival in kept]
    names = {each.name for each in worth_timing(trials)}
    return [rival for rival in kept if rival.name in names]


def race(contest: Contest) -> Outcome:
    """Check, then time: no time without agreement."""
    size = len(contest.batches[0])
    if not contest.rivals:
        return Outcome({}, "", size, f"pyAgrum takes over {short(GIVE_UP)} s a case")
    difference = _difference(contest)
    if not difference <= TOLERANCE:
        return Outcome({}, "", size, f"answers differ by {difference:.1e}: no time")
    ours = [_ours(name, contest) for name in contest.engine_for]
    theirs = [_theirs(rival, contest) for rival in contest.rivals]
    seconds = interleaved([*ours, *theirs], contest.rounds, contest.limit, contest.warm_up)
    best = fastest_of(seconds, [rival.name for rival in contest.rivals])
    initials = {rival.name: rival.initials for rival in contest.rivals}[best]
    kept = {name: seconds[name] for name in contest.engine_for}
    return Outcome({**kept, initials: seconds[best]}, initials, size)


def _difference(contest: Contest) -> float:
    """Largest over our executors, the rivals and the cases."""
    engines = [engine_for() for engine_for in contest.engine_for.values()]
    found = [
        rival.difference(case, *answers)
        for case in contest.checks
        for answers in [[engine.marginals(case) for engine in engines]]
        for rival in contest.rivals
    ]
    return float(np.max(found))


def _ours(name: str, contest: Contest) -> Contender:
    engine_for, turns = contest.engine_for[name], cycle(contest.batches)

    def all_of_it() -> Job:
        batch = next(turns)

        def run() -> None:
            engine = engine_for()
            for case in batch:
                engine.marginals(case)

        return run

    def queries_only() -> Job:
        engine, batch = engine_for(), next(turns)
        if contest.seen:
            engine.marginals(batch[-1])
        return lambda: [engine.marginals(case) for case in batch]

    return Contender(name, all_of_it if name in contest.timed_too else queries_only)


def _theirs(rival: Peer, contest: Contest) -> Contender:
    turns = cycle(contest.batches)

    def prepare() -> Job:
        batch = next(turns)
        if contest.seen:
            rival.posteriors(batch[-1])
        return _job(rival, batch)()

    return Contender(rival.name, prepare)


def _job(rival: Peer, cases: Batch) -> Callable[[], Job]:
    return lambda: lambda: [rival.posteriors(case) for case in cases]
