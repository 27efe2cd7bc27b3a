"""Interleaved timing: every contender runs in every round, and only ratios are carried away."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Job = Callable[[], object]
Seconds = NDArray[np.float64]
WARM_UP = 2
WORTH_TIMING = 1.6


@dataclass(frozen=True)
class Contender:
    """prepare: makes what is to be timed; its own time does not count."""

    name: str
    prepare: Callable[[], Job]


@dataclass(frozen=True)
class Ratio:
    """Median over the rounds of one contender's time over another's, and the 10-90 % spread."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.low)}-{_short(self.high)})"


def interleaved(contenders: Sequence[Contender], rounds: int) -> dict[str, Seconds]:
    """{contender: seconds per round}; the order turns by one each round, the warm-up is dropped."""
    seconds: dict[str, list[float]] = {each.name: [] for each in contenders}
    for turn in range(WARM_UP + rounds):
        first = turn % len(contenders)
        gc.collect()
        for each in (*contenders[first:], *contenders[:first]):
            seconds[each.name].append(timed(each.prepare()))
    return {name: np.array(values[WARM_UP:]) for name, values in seconds.items()}


def timed(job: Job) -> float:
    """Seconds that one run takes, the garbage collector waiting."""
    gc.disable()
    try:
        start = time.perf_counter()
        job()
        return time.perf_counter() - start
    finally:
        gc.enable()


def worth_timing(contenders: Sequence[Contender]) -> list[Contender]:
    """Those that the better of two trial runs does not show to be far behind the fastest."""
    jobs = [each.prepare() for each in contenders]
    trial = [min(timed(job), timed(job)) for job in jobs]
    limit = WORTH_TIMING * min(trial)
    return [each for each, best in zip(contenders, trial, strict=True) if best <= limit]


def fastest_of(seconds: Mapping[str, Seconds], names: Sequence[str]) -> str:
    """The name with the least median time."""
    return min((name for name in names if name in seconds), key=lambda n: np.median(seconds[n]))


def ratio(slow: Seconds, fast: Seconds) -> Ratio:
    """Round by round slow / fast: how many times faster the second is."""
    low, median, high = np.quantile(slow / fast, [0.1, 0.5, 0.9])
    return Ratio(float(median), float(low), float(high))


def milliseconds(seconds: Seconds, queries: int = 1) -> str:
    """Median per query in ms, three significant digits."""
    return _short(1000 * float(np.median(seconds)) / queries)


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
