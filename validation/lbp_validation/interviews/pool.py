"""Interview everybody, in several processes, and say how far it is."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from math import inf
from typing import TypeVar

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.published_cases import Case
from lbp_validation.interviews.cases import CaseInterview, case_interview
from lbp_validation.interviews.kept import Kept
from lbp_validation.interviews.people import Person
from lbp_validation.interviews.policies import VALUE, policies
from lbp_validation.interviews.record import Record, record

EVERY = 10
"""People between two words on how far it is."""
Told = Callable[[str], object]
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Pool:
    """Where interviews are held.

    model: a name or a path; others: policies beside the interview's own; kept: what was held
    before, and where more is added; told: is given how far it is.
    """

    model: str
    processes: int
    others: tuple[str, ...]
    kept: Kept
    told: Told

    def people(
        self, everybody: Sequence[Person], compared: int, minutes: float
    ) -> tuple[Record, ...]:
        """Interview people in their order, the first of them by every policy.

        compared: how many these are; minutes: after which no one else is interviewed.
        """
        work = partial(_of_person, self.model, self.others, compared)
        return tuple(self._each("people", work, list(enumerate(everybody)), minutes))

    def cases(self, cases: Sequence[Case]) -> tuple[CaseInterview, ...]:
        """Interview published cases, in their order."""
        return tuple(self._each("published cases", partial(_of_case, self.model), cases, inf))

    def _each(
        self, what: str, work: Callable[[Item], Result], items: Sequence[Item], minutes: float
    ) -> Iterator[Result]:
        start, kept = time.monotonic(), self.kept.found(what)
        yield from (each for at, each in kept.items() if at < len(items))
        waiting = [at for at in range(len(items)) if at not in kept]
        if not waiting or not minutes:
            return
        pool = ProcessPoolExecutor(self.processes, mp_context=multiprocessing.get_context("spawn"))
        try:
            results = pool.map(work, [items[at] for at in waiting])
            for done, (at, result) in enumerate(zip(waiting, results, strict=True), start=1):
                self.kept.add(what, at, result)
                yield result
                spent = (time.monotonic() - start) / 60
                if done % EVERY == 0:
                    left = min(minutes - spent, spent / done * (len(waiting) - done))
                    self.told(f"{done} of {len(waiting)} {what}, {left:.0f} minutes left")
                if spent >= minutes:
                    return
        finally:
            pool.shutdown(cancel_futures=True)


@cache
def _model(name: str) -> DiagnosticModel:
    """Load the model once a process."""
    return bayesnet.load_model(name)


def _of_person(
    name: str, others: tuple[str, ...], compared: int, numbered: tuple[int, Person]
) -> Record:
    number, person = numbered
    model = _model(name)
    every = policies(model, number)
    own = (VALUE, *others) if number < compared else (VALUE,)
    return record(model, person, {each: every[each] for each in own})


def _of_case(name: str, case: Case) -> CaseInterview:
    return case_interview(_model(name), case)
