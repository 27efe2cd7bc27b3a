"""Work out answers beside the event loop, one at a time, from a queue that can be full."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from lbp_service.http.problems import ProblemError

T = TypeVar("T")
RETRY_SECONDS = 1
"""When to try again where the queue is full: some ten answers later."""


class LeftError(Exception):
    """The one who asked has left, so nobody waits for the answer."""


class Compute:
    """One thread that works out answers, and those that wait for it.

    Processes share the machine's cores, so one thread each is enough; arithmetic holds the
    interpreter's lock most of the time anyway. most: answers that may wait or be worked on;
    seconds: how long one may take, waiting included.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._thread = ThreadPoolExecutor(1, "answers")
        self.waiting = 0

    async def run(self, work: Callable[[], T], gone: Callable[[], Awaitable[object]]) -> T:
        """Return what the work returns, or raise what it raises.

        gone: ends when the one who asked leaves. Raises ProblemError where the queue is full or the
        answer takes too long, and LeftError; work that has not begun is then never done.
        """
        if self.waiting >= self._most:
            raise _busy("busy", "too many answers are being worked out; try again in a moment")
        self.waiting += 1
        job = self._thread.submit(work)
        job.add_done_callback(self._leave(asyncio.get_running_loop()))
        answer, left = asyncio.wrap_future(job), asyncio.ensure_future(gone())
        try:
            await asyncio.wait(
                (answer, left), timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if answer.done():
                return answer.result()
            if left.done():
                raise LeftError
            said = f"the answer was not there within {self._seconds:g} seconds; try again"
            raise _busy("too-slow", said)
        finally:
            answer.cancel()
            left.cancel()

    def close(self) -> None:
        """Finish what has begun and let go of the thread."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _leave(self, loop: asyncio.AbstractEventLoop) -> Callable[["Future[T]"], None]:
        def left() -> None:
            self.waiting -= 1

        def done(_: "Future[T]") -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(left)

        return done


def _busy(kind: str, said: str) -> ProblemError:
    return ProblemError(kind, said, headers={"Retry-After": str(RETRY_SECONDS)})
