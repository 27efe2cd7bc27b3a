"""The load on the service: who asks, how fast, and that everything asked is counted."""

import asyncio
import json

import pytest
from lbp_validation.load.client import as_fast_as_it_goes, steadily
from lbp_validation.load.killed import Survived, answers_to, through_a_kill
from lbp_validation.load.people import bodies
from support.models import gearbox


async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Give each body back; say 503 to every body that asks for it."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            body = await reader.readexactly(int(head.partition(b"content-length: ")[2].split()[0]))
            status = b"503 Busy" if body == b"busy" else b"200 OK"
            writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body)
    except asyncio.IncompleteReadError:
        writer.close()


async def on_a_server(ask):
    server = await asyncio.start_server(answering, "127.0.0.1", 0)
    async with server:
        found = await ask(server.sockets[0].getsockname()[1])
        # The other ends hear that nobody asks any more.
        await asyncio.sleep(0.01)
        return found


def test_callers_ask_one_after_the_other_until_the_time_is_over():
    said = [b"{}", b"busy"]
    found = asyncio.run(on_a_server(lambda port: as_fast_as_it_goes(port, "/", said, 3, 0.05)))
    assert found.seconds
    assert set(found.others) == {503}
    assert found.rate == pytest.approx(len(found.seconds) / found.took)


def test_a_steady_caller_asks_as_often_as_it_was_told():
    found = asyncio.run(on_a_server(lambda port: steadily(port, "/", [b"{}"], 200, 0.1)))
    assert len(found.seconds) == 20
    assert found.within(0.5) <= found.within(0.99)


def test_who_loses_a_connection_asks_on_and_wrong_answers_are_counted():
    open_now = []

    async def breakable(reader, writer):
        open_now.append(writer)
        await answering(reader, writer)

    async def scene():
        server = await asyncio.start_server(breakable, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            expected = await answers_to(port, "/", [b"{}", b"[]"])
            assert expected == {b"{}": b"{}", b"[]": b"[]"}
            break_off = lambda: [each.transport.abort() for each in open_now]  # noqa: E731
            found = await through_a_kill(port, "/", expected, 2, 0.1, break_off)
            other = {**expected, b"[]": b"!"}
            return found, await through_a_kill(port, "/", other, 1, 0.02, lambda: None)

    found, other = asyncio.run(scene())
    assert found == Survived(found.right, 0, 2)
    assert found.right > 2
    assert abs(other.right - other.wrong) <= 1


def test_people_are_mixed_and_the_same_again():
    said = bodies(gearbox(), 30, 2)
    assert said == bodies(gearbox(), 30, 2)
    evidence = [json.loads(each)["evidence"] for each in said]
    assert len({len(each) for each in evidence}) > 4
    for each in evidence:
        assert gearbox().interview(each).given
