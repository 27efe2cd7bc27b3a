"""Ask over loopback: as fast as answers come, or at a steady rate, bounded in number and time."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

HOST = "127.0.0.1"
OK = 200
MOST_CONNECTIONS = 64

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Reply(NamedTuple):
    """One answer: its status, the seconds that it took, and what it says."""

    status: int
    seconds: float
    body: bytes


@dataclass(frozen=True)
class Asked:
    """What came of asking: seconds of each answer, statuses other than 200, seconds in all."""

    seconds: tuple[float, ...]
    others: tuple[int, ...]
    took: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.took

    def within(self, share: float) -> float:
        """Return the seconds within which this share of the answers came.

        >>> Asked((0.1, 0.2, 0.3, 0.4), (), 1.0).within(0.5)
        0.2
        """
        ordered = sorted(self.seconds)
        return ordered[max(0, round(share * len(ordered)) - 1)]


async def as_fast_as_it_goes(
    port: int, path: str, bodies: Sequence[bytes], callers: int, seconds: float
) -> Asked:
    """Ask from several connections, each at once and again as soon as its last answer came."""
    end = time.perf_counter() + seconds

    async def caller(number: int) -> list[tuple[int, float]]:
        found = []
        async with connection(port) as streams:
            for at in count(number, callers):
                reply = await ask(streams, path, bodies[at % len(bodies)])
                found.append((reply.status, reply.seconds))
                if time.perf_counter() >= end:
                    break
        return found

    began = time.perf_counter()
    found = await asyncio.gather(*(caller(number) for number in range(callers)))
    return _asked([each for told in found for each in told], time.perf_counter() - began)


async def steadily(
    port: int, path: str, bodies: Sequence[bytes], rate: float, seconds: float
) -> Asked:
    """Ask at a steady rate, whether answers came or not; time counts from when it was due."""
    free: list[Streams] = []
    room = asyncio.Semaphore(MOST_CONNECTIONS)

    async def one(number: int, due: float) -> tuple[int, float]:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        async with room:
            streams = free.pop() if free else await asyncio.open_connection(HOST, port)
            reply = await ask(streams, path, bodies[number % len(bodies)])
            free.append(streams)
        return reply.status, time.perf_counter() - due

    began = time.perf_counter()
    dues = (began + number / rate for number in range(int(rate * seconds)))
    found = await asyncio.gather(*(one(number, due) for number, due in enumerate(dues)))
    took = time.perf_counter() - began
    for _, writer in free:
        await _end(writer)
    return _asked(found, took)


@asynccontextmanager
async def connection(port: int) -> AsyncIterator[Streams]:
    """Open a connection, and close it in the end."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        yield reader, writer
    finally:
        await _end(writer)


async def _end(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def ask(streams: Streams, path: str, body: bytes) -> Reply:
    """Ask once."""
    reader, writer = streams
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    began = time.perf_counter()
    writer.write(head.encode() + body)
    told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = told.partition("content-length: ")[2].partition("\r\n")[0]
    said = await reader.readexactly(int(length))
    return Reply(int(told.split(" ", 2)[1]), time.perf_counter() - began, said)


def _asked(found: Sequence[tuple[int, float]], took: float) -> Asked:
    others = tuple(status for status, _ in found if status != OK)
    return Asked(tuple(seconds for status, seconds in found if status == OK), others, took)
