"""The examples of docs/fhir.md: each is answered with what stands below it."""

import json

import pytest
from lbp_service.http.fhir import BASE, fhir_routes
from support.curl import examples, sent, shape
from support.paths import ROOT
from support.service import Caller, service

TEXT = (ROOT / "docs" / "fhir.md").read_text(encoding="utf-8")
EXAMPLES = examples(TEXT)


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service("lbp-runner")


@pytest.mark.parametrize(("command", "answer"), EXAMPLES)
def test_an_example_is_answered_as_it_says(caller, command, answer):
    reply, shown = sent(caller, command), json.loads(answer)
    assert shape(reply.json) == shape(shown)
    if reply.status != 200:
        assert reply.json["issue"] == shown["issue"]


def test_the_card_of_the_page_is_the_one_that_is_answered(caller):
    command, answer = EXAMPLES[-1]
    (card,), (shown,) = sent(caller, command).json["cards"], json.loads(answer)["cards"]
    for name in ("summary", "indicator", "source"):
        assert card[name] == shown[name]
    assert card["detail"].startswith(shown["detail"].removesuffix(" ..."))


def test_every_address_is_on_the_page():
    assert len(EXAMPLES) == TEXT.count("curl ") == 3
    # Those without methods only say that there is nothing.
    for route in (each for each in fhir_routes(None) if each.methods):
        below = route.path.removeprefix(f"{BASE}/")[3:]
        assert below.replace("{id}", "ID") in TEXT
