"""ETags: the same tag for the same bytes, known before they are worked out."""

import pytest
from support.models import BEARING
from support.service import Caller, service

PATHS = ("/v1/diagnosis", "/v1/triage", "/v1/suggest", "/v1/explain", "/v1/what-if")


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


def body_for(path, **more):
    change = {"change": {"whine": "no"}} if path == "/v1/what-if" else {}
    return {"evidence": BEARING, **change, **more}


@pytest.mark.parametrize("path", PATHS)
def test_who_has_the_answer_gets_it_not_again_and_nothing_is_computed(caller, path, monkeypatch):
    cut = f"{path}?fields=" + ("before.model" if path == "/v1/what-if" else "model")
    tag = caller.post(cut, body_for(path)).headers["etag"]

    async def not_computed(*_):
        raise AssertionError

    monkeypatch.setattr("lbp_service.http.compute.Compute.run", not_computed)
    for wanted in (tag, f"W/{tag}", f'"other", {tag}'):
        again = caller.post(cut, body_for(path), If_None_Match=wanted)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    spelt = {"evidence": {**dict(reversed(BEARING.items())), "whine": "PRESENT"}}
    assert caller.post(cut, {**body_for(path), **spelt}, If_None_Match=tag).status == 304


def test_any_other_answer_has_another_tag(caller):
    change = {"change": {"whine": "no"}}
    cut = "?fields=model"
    replies = [
        *(caller.post(f"{path}{cut}", {"evidence": BEARING}) for path in PATHS[:4]),
        caller.post(f"{PATHS[4]}?fields=before.model", {"evidence": BEARING, **change}),
        caller.post(f"{PATHS[4]}?fields=before.model", {"change": {**BEARING, "whine": False}}),
        caller.post(f"{PATHS[0]}?fields=model,disclaimer", {"evidence": BEARING}),
        caller.post(f"{PATHS[0]}{cut}", {"evidence": {**BEARING, "whine": None}}),
        caller.post(f"{PATHS[0]}{cut}", {"evidence": BEARING, "audience": "clinician"}),
        caller.post(f"{PATHS[0]}{cut}", {}),
        caller.post(f"{PATHS[3]}{cut}", {"evidence": BEARING, "causes": ["worn_bearing"]}),
    ]
    assert {each.status for each in replies} <= {200, 422}
    tags = [each.headers["etag"] for each in replies if each.status == 200]
    assert len(tags) == len(set(tags)) >= 10


def test_a_star_matches_what_stands_and_no_answer_that_nobody_has(caller):
    assert caller.post("/v1/triage?fields=model", {}, If_None_Match="*").status == 200
    assert caller.get("/v1/models", If_None_Match="*").status == 304


@pytest.mark.parametrize("address", ["/v1/models", "/v1/models/gearbox", "/openapi.json"])
def test_what_is_shown_has_a_tag_of_what_it_says(caller, address):
    first = caller.get(address)
    assert caller.get(address, If_None_Match=first.headers["etag"]).status == 304
    assert caller.get(address, If_None_Match='"other"').body == first.body


def test_wrong_answers_are_refused_whatever_tag_comes_with_them(caller):
    assert caller.post("/v1/triage", {"evidence": {"wine": True}}, If_None_Match="*").status == 422
