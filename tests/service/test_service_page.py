"""The examples of docs/service.md: each is answered with what stands below it."""

import json

import pytest
from lbp_service.http.endpoints import ANSWERED, SHOWN
from lbp_service.http.problems import KINDS
from support.curl import examples, sent, shape
from support.paths import ROOT
from support.service import Caller, service

TEXT = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
EXAMPLES = examples(TEXT)


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service("lbp-runner")


@pytest.mark.parametrize(("command", "answer"), EXAMPLES)
def test_an_example_is_answered_as_it_says(caller, command, answer):
    reply, shown = sent(caller, command), json.loads(answer)
    assert shape(reply.json) == shape(shown)
    if reply.status != 200:
        for name in ("type", "title", "status", "detail", "nearest"):
            assert reply.json[name] == shown[name]


def test_there_are_examples():
    assert len(EXAMPLES) == TEXT.count("curl ") >= 4


def test_every_address_and_status_is_on_the_page():
    for each in (*ANSWERED, *SHOWN):
        assert f"{each.path}`" in TEXT
    for status, _ in KINDS.values():
        assert status == 500 or str(status) in TEXT
