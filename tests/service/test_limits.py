"""Keys, a queue that can be full, answers that take too long, callers that leave."""

import asyncio
import threading
from functools import partial

import pytest
from lbp_infer.commands.serve import is_open
from lbp_service.http.app import application
from lbp_service.http.compute import Compute, LeftError
from lbp_service.http.keys import check_key, digest, read_keys
from lbp_service.http.pages import HTML_TYPE
from lbp_service.http.problems import ProblemError
from lbp_service.http.settings import Settings
from lbp_service.web.fields import FORM_TYPE
from support.models import GEARBOX_FILE
from support.service import Caller, problem, service

from bayesnet import EvidenceError, UnknownNameError

KEY = "a-key-of-some-length"


@pytest.fixture(scope="module")
def keyed() -> Caller:
    return service(key_digests=(digest("another-key-of-this"), digest(KEY)))


def test_without_a_key_or_with_a_wrong_one_nothing_is_answered(keyed):
    for given in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {KEY}"}):
        for reply in (keyed.post("/v1/triage", {}, **given), keyed.get("/metrics", **given)):
            problem(reply, 401, "unauthorized")
            assert reply.headers["www-authenticate"] == "Bearer"
    assert keyed.get("/v1/models/nothing").status == 401


def test_with_a_key_it_is_answered_and_health_needs_none(keyed):
    right = {"Authorization": f"bearer {KEY}"}
    assert keyed.post("/v1/triage?fields=model", {}, **right).status == 200
    for open_to_all in ("/v1/health/live", "/v1/health/ready", "/openapi.json"):
        assert keyed.get(open_to_all).status == 200
    described = keyed.get("/openapi.json").json
    assert described["security"] == [{"key": []}]
    assert "401" in described["paths"]["/v1/triage"]["post"]["responses"]
    assert "security" not in service().get("/openapi.json").json


PAGES = ("/", "/model/gearbox", "/assets/page.css", "/favicon.ico")


def test_a_page_that_is_open_needs_no_key_and_all_else_does():
    keyed = service(key_digests=(digest(KEY),))
    for path in PAGES:
        assert keyed.get(path).status == 200, path
    sent = keyed.send("POST", "/", [b"do=go"], {"Content-Type": FORM_TYPE})
    assert b'name="asked"' in sent.body
    for path in ("/v1/models", "/metrics", "/assetsx", "/model", "/model/a/b/c", "//"):
        problem(keyed.get(path), 401, "unauthorized")


@pytest.mark.parametrize("keys", [(), (digest(KEY),)], ids=["without keys", "with keys"])
def test_where_the_page_is_off_a_browser_is_told_so(keys):
    caller = service(key_digests=keys, page=False)
    told = caller.get("/")
    assert (told.status, told.headers["content-type"]) == (404, HTML_TYPE)
    assert b"--page open" in told.body
    assert {caller.get(path).status for path in PAGES[1:]} == {401 if keys else 404}


def test_keys_turn_the_page_off_unless_it_is_said_to_be_open():
    for keys, by_default in (((), True), ((digest(KEY),), False)):
        assert is_open(None, keys) == by_default
        assert is_open("open", keys)
        assert not is_open("off", keys)


def test_a_key_is_compared_whole_with_every_known_one(monkeypatch):
    compared = []
    monkeypatch.setattr(
        "hmac.compare_digest", lambda one, other: compared.append((one, other)) or one == other
    )
    check_key(f"Bearer {KEY}", (digest(KEY), digest("b"), digest("c")))
    assert len(compared) == 3


def test_keys_come_from_a_file(tmp_path):
    file = tmp_path / "keys"
    file.write_text(f"# ours\n{KEY}\n\n  another-key-of-this  \n")
    assert read_keys(file) == (digest(KEY), digest("another-key-of-this"))
    for content in ("", "# none\n", "short\n", f"{KEY} {KEY}\n", "ä" * 20):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(EvidenceError):
            read_keys(file)
    with pytest.raises(EvidenceError, match="cannot be read"):
        read_keys(tmp_path / "none")


async def never() -> None:
    await asyncio.Event().wait()


def kept_busy(compute: Compute):
    """Begin work that ends when it is let."""
    begun, ends = threading.Event(), threading.Event()

    def work():
        begun.set()
        assert ends.wait(10)
        return "done"

    task = asyncio.ensure_future(compute.run(work, never))
    return task, begun, ends


def test_a_full_queue_says_when_to_try_again():
    async def scene():
        compute = Compute(2, 10)
        first, begun, ends = kept_busy(compute)
        second = asyncio.ensure_future(compute.run(lambda: "second", never))
        await asyncio.to_thread(begun.wait)
        with pytest.raises(ProblemError) as refused:
            await compute.run(lambda: "third", never)
        assert (refused.value.kind, refused.value.headers) == ("busy", {"Retry-After": "1"})
        ends.set()
        assert [await first, await second] == ["done", "second"]
        assert await compute.run(lambda: "again", never) == "again"
        await asyncio.sleep(0)
        assert compute.waiting == 0
        compute.close()

    asyncio.run(scene())


def test_what_takes_too_long_is_given_up_and_what_waits_behind_it_never_begins():
    async def scene():
        compute, done = Compute(5, 0.05), []
        first, begun, ends = kept_busy(compute)
        await asyncio.to_thread(begun.wait)
        second = asyncio.ensure_future(compute.run(lambda: done.append(2), never))
        for each in (first, second):
            with pytest.raises(ProblemError) as refused:
                await each
            assert refused.value.kind == "too-slow"
            assert refused.value.status == 503
        ends.set()
        compute.close()
        assert done == []

    asyncio.run(scene())


def test_nobody_works_for_one_who_left():
    async def scene():
        compute, done = Compute(5, 10), []
        first, begun, ends = kept_busy(compute)
        await asyncio.to_thread(begun.wait)
        left = asyncio.ensure_future(compute.run(lambda: done.append(2), partial(asyncio.sleep, 0)))
        with pytest.raises(LeftError):
            await left
        ends.set()
        assert await first == "done"
        compute.close()
        assert done == []

    asyncio.run(scene())


def test_a_full_service_still_says_that_it_lives():
    full = service(queue=0)
    reply = full.post("/v1/triage", {})
    problem(reply, 503, "busy")
    assert reply.headers["retry-after"] == "1"
    assert full.get("/v1/health/live").status == 200


def test_the_executor_of_the_settings_runs_the_models():
    with pytest.raises(UnknownNameError, match="unknown executor: 'none'"):
        application(Settings(str(GEARBOX_FILE), executor="none"))
