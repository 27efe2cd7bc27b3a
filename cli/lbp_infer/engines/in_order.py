"""Answers to pieces of a table in their order, while workers are some pieces ahead."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from bayesnet.errors import BayesnetError

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort.mapper import CohortMapper
    from bayesnet.diagnosis.cohort.result import CohortResult

Evidence = Mapping[str, Any]
"""{id: cells, one a row} of a piece of a table."""
Answers = Callable[[Iterable[Evidence]], "Iterator[CohortResult]"]
"""Answers for pieces of a table, in their order."""
AHEAD = 2
"""Pieces for each worker that are under way at a time, so that none waits for the next."""
RAISED = re.compile(r"\w[\w.]*(Error|Exception): ")
"""How the last line of a traceback begins, of Python or of Java."""

Piece = TypeVar("Piece")
Handle = TypeVar("Handle")


def told(mapper: "CohortMapper", evidence: Evidence) -> "CohortResult | BayesnetError":
    """Answer for a piece, on a worker; an error is returned, since engines wrap those raised."""
    try:
        return mapper.diagnose_many(evidence)
    except BayesnetError as error:
        return error


def believed(found: "CohortResult | BayesnetError") -> "CohortResult":
    """Return what a worker found; raises the error that it returned."""
    if isinstance(found, BayesnetError):
        raise found
    return found


def in_order(
    submit: Callable[[Piece], Handle],
    result: Callable[[Handle], Any],
    pieces: Iterable[Piece],
    ahead: int,
) -> Iterator[Any]:
    """Yield the result of each piece in order, with at most `ahead` pieces under way.

    >>> list(in_order(str, int, [3, 1, 2], ahead=2))
    [3, 1, 2]
    """
    under_way: deque[Handle] = deque()
    for piece in pieces:
        under_way.append(submit(piece))
        if len(under_way) >= ahead:
            yield result(under_way.popleft())
    while under_way:
        yield result(under_way.popleft())


def stopped(engine: str, error: BaseException) -> BayesnetError:
    """Make the error for an engine that gave up: its reason, or that of its worker's traceback."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    raised = [line for line in lines if RAISED.match(line)]
    reason = raised[-1] if raised else lines[0]
    return BayesnetError(f"{engine} gave up, and nothing is written: {reason}")
