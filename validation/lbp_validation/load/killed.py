"""Kill a worker under load: what its callers see, and whether any answer is another one."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from lbp_validation.load.client import OK, ask, connection


@dataclass(frozen=True)
class Survived:
    """How many answers were right, were others than before, and never came."""

    right: int
    wrong: int
    lost: int


async def through_a_kill(
    port: int,
    path: str,
    expected: Mapping[bytes, bytes],
    callers: int,
    seconds: float,
    kill: Callable[[], None],
) -> Survived:
    """Ask as fast as answers come, and kill half-way; who loses a connection opens another.

    expected: {body of a request: its answer}.
    """
    end = time.perf_counter() + seconds
    bodies = list(expected)
    told = {"right": 0, "wrong": 0, "lost": 0}

    async def caller(number: int) -> None:
        at = count(number, callers)
        while time.perf_counter() < end:
            try:
                async with connection(port) as streams:
                    while time.perf_counter() < end:
                        body = bodies[next(at) % len(bodies)]
                        reply = await ask(streams, path, body)
                        same = reply.status == OK and reply.body == expected[body]
                        told["right" if same else "wrong"] += 1
            except (OSError, EOFError):
                told["lost"] += 1

    async def killer() -> None:
        await asyncio.sleep(seconds / 2)
        kill()

    await asyncio.gather(killer(), *(caller(number) for number in range(callers)))
    return Survived(**told)


async def answers_to(port: int, path: str, bodies: list[bytes]) -> dict[bytes, bytes]:
    """Ask each once; returns {body: its answer}."""
    async with connection(port) as streams:
        return {body: (await ask(streams, path, body)).body for body in bodies}
