"""Interleaved timing: every contender runs in every round, and only ratios are carried away.

All times are the processor's: on a machine that does other work too, the clock on the wall goes on
while a contender waits. So all run with one thread.
"""

import gc
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Job = Callable[[], object]
Seconds = NDArray[np.float64]
Told = Callable[[str], None]
"""Is told what is being measured now."""


@dataclass(frozen=True)
class Took:
    """What a job returns that measured itself, as one does that runs in another process."""

    seconds: float


@dataclass(frozen=True)
class Contender:
    """A name, and what makes the job that is to be timed; making it does not count."""

    name: str
    prepare: Callable[[], Job]


def ready(name: str, job: Job) -> Contender:
    """Make a contender that needs no preparing."""
    return Contender(name, lambda: job)


@dataclass(frozen=True)
class Pace:
    """How long a contest runs.

    limit: seconds on the clock after which no round is begun, once one has counted; warm_up:
    rounds that do not count, for caches to fill.
    """

    rounds: int
    limit: float = math.inf
    warm_up: int = 2


@dataclass(frozen=True)
class Spread:
    """Median, least and most of a figure over the rounds, or over the members of a group."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        if self.least == self.most:
            return short(self.median)
        return f"{short(self.median)} ({short(self.least)}-{short(self.most)})"


def spread(figures: Sequence[float] | Seconds) -> Spread:
    """Summarise at least one figure."""
    values = np.asarray(figures, dtype=np.float64)
    return Spread(float(np.median(values)), float(values.min()), float(values.max()))


def interleaved(contenders: Sequence[Contender], pace: Pace) -> dict[str, Seconds]:
    """Time every contender in every round: {contender: seconds, shape (rounds,)}.

    The order turns by one each round, so that nobody always runs on another's heels.
    """
    seconds: dict[str, list[float]] = {each.name: [] for each in contenders}
    begun = time.perf_counter()
    for turn in range(pace.warm_up + pace.rounds):
        if turn > pace.warm_up and time.perf_counter() - begun > pace.limit:
            break
        first = turn % len(contenders)
        gc.collect()
        for each in (*contenders[first:], *contenders[:first]):
            seconds[each.name].append(timed(each.prepare()))
    return {name: np.array(values[pace.warm_up :]) for name, values in seconds.items()}


def timed(job: Job) -> float:
    """Measure one run in seconds of the processor, the garbage collector waiting."""
    gc.disable()
    try:
        start = time.process_time()
        result = job()
        took = time.process_time() - start
    finally:
        gc.enable()
    return result.seconds if isinstance(result, Took) else took


def fastest_of(seconds: Mapping[str, Seconds], names: Sequence[str]) -> str:
    """Find the name with the least median time."""
    return min(names, key=lambda name: float(np.median(seconds[name])))


def short(number: float) -> str:
    """Three significant digits."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
