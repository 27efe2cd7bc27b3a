"""Interview everybody, in several processes, and say how far it is."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeVar

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.published_cases import Case
from lbp_validation.interviews.cases import CaseInterview, case_interview
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

    model: a name or a path; others: policies beside the interview's own; told: is given how far it
    is.
    """

    model: str
    processes: int
    others: tuple[str, ...]
    told: Told

    def people(self, everybody: Sequence[Person]) -> tuple[Record, ...]:
        """Interview people by every policy, in their order."""
        work = partial(_of_person, self.model, self.others)
        return tuple(self._each("people", work, list(enumerate(everybody))))

    def cases(self, cases: Sequence[Case]) -> tuple[CaseInterview, ...]:
        """Interview published cases, in their order."""
        return tuple(self._each("published cases", partial(_of_case, self.model), cases))

    def _each(
        self, what: str, work: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[Result]:
        start = time.monotonic()
        with ProcessPoolExecutor(
            self.processes, mp_context=multiprocessing.get_context("spawn")
        ) as pool:
            for done, result in enumerate(pool.map(work, items), start=1):
                if done % EVERY == 0:
                    left = (time.monotonic() - start) / done * (len(items) - done) / 60
                    self.told(f"{done} of {len(items)} {what}, {left:.0f} minutes left")
                yield result


@cache
def _model(name: str) -> DiagnosticModel:
    """Load the model once a process."""
    return bayesnet.load_model(name)


def _of_person(name: str, others: tuple[str, ...], numbered: tuple[int, Person]) -> Record:
    number, person = numbered
    model = _model(name)
    every = policies(model, number)
    return record(model, person, {each: every[each] for each in (VALUE, *others)})


def _of_case(name: str, case: Case) -> CaseInterview:
    return case_interview(_model(name), case)
