"""Time contenders interleaved: each runs in every round, and only ratios are carried away."""

import gc
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Job = Callable[[], object]
Seconds = NDArray[np.float64]
WARM_UP = 2
"""Rounds that do not count: in the first, caches are cold and code is compiled."""
WORTH_TIMING, MOST = 1.6, 2
"""Rivals are timed within this factor of the fastest in a trial run, and so many at most."""


@dataclass(frozen=True)
class Contender:
    """One that is timed; prepare: makes the job, and its own time does not count."""

    name: str
    prepare: Callable[[], Job]


@dataclass(frozen=True)
class Ratio:
    """Median over the rounds of one contender's time over another's, and the 10-90 % range."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{short(self.median)} ({short(self.low)}-{short(self.high)})"


def interleaved(
    contenders: Sequence[Contender],
    rounds: int,
    limit: float = math.inf,
    warm_up: int = WARM_UP,
) -> dict[str, Seconds]:
    """Time contenders: {contender: seconds per round, warm-up dropped}.

    Who runs first turns by one each round. limit: seconds after which no round is begun, once one
    has counted.
    """
    seconds: dict[str, list[float]] = {each.name: [] for each in contenders}
    begun = time.perf_counter()
    for turn in range(warm_up + rounds):
        if turn > warm_up and time.perf_counter() - begun > limit:
            break
        first = turn % len(contenders)
        gc.collect()
        for each in (*contenders[first:], *contenders[:first]):
            seconds[each.name].append(timed(each.prepare()))
    return {name: np.array(values[warm_up:]) for name, values in seconds.items()}


def timed(job: Job) -> float:
    """Return the seconds that one run takes, with garbage collection switched off."""
    gc.disable()
    try:
        start = time.perf_counter()
        job()
        return time.perf_counter() - start
    finally:
        gc.enable()


def within(results: Iterable[object], limit: float) -> float:
    """Return the seconds that running through the results takes; infinite when over the limit."""
    start = time.perf_counter()
    for _ in results:
        if time.perf_counter() - start > limit:
            return math.inf
    return time.perf_counter() - start


def worth_timing(contenders: Sequence[Contender]) -> list[Contender]:
    """Keep the few fastest by the better of two trial runs, but not those far behind the first."""
    trial: list[float] = []
    for each in contenders:
        first = timed(each.prepare())
        hopeless = first > 4 * WORTH_TIMING * min(trial, default=math.inf)
        trial.append(first if hopeless else min(first, timed(each.prepare())))
    ranked = sorted(zip(trial, contenders, strict=True), key=lambda pair: pair[0])
    return [each for took, each in ranked[:MOST] if took <= WORTH_TIMING * ranked[0][0]]


def fastest_of(seconds: Mapping[str, Seconds], names: Sequence[str]) -> str:
    """Return the name with the least median time."""
    return min((name for name in names if name in seconds), key=lambda n: np.median(seconds[n]))


def ratio(slow: Seconds, fast: Seconds) -> Ratio:
    """Return how many times faster the second is, round by round."""
    low, median, high = np.quantile(slow / fast, [0.1, 0.5, 0.9])
    return Ratio(float(median), float(low), float(high))


def milliseconds(seconds: Seconds, queries: int = 1) -> str:
    """Return the median per query in ms, three significant digits."""
    return short(1000 * float(np.median(seconds)) / queries)


def short(number: float) -> str:
    """Return a number in three significant digits.

    >>> short(0.012345), short(12345.6)
    ('0.0123', '12,346')
    """
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
