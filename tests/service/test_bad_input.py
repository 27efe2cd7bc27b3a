"""Requests that are wrong: each gets a problem document that says what, and what to do."""

import gzip
import json

import pytest
from support.models import BEARING
from support.service import JSON, Caller, problem, service

DIAGNOSIS = "/v1/diagnosis"


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


BROKEN = {
    "nothing": b"",
    "blank": b" \n",
    "half": b'{"evidence": {"whine": true}',
    "two": b"{} {}",
    "NaN": b'{"evidence": {"hours": NaN}}',
    "Infinity": b'{"evidence": {"hours": -Infinity}}',
    "1e400": b'{"evidence": {"hours": 1e400}}',
    "6000 digits": b'{"evidence": {"hours": ' + b"9" * 6000 + b"}}",
    "key twice": b'{"evidence": {"whine": true, "whine": false}}',
    "key twice, the same": b'{"evidence": {"whine": true, "whine": true}}',
    "two models": b'{"model": "gearbox", "model": "lbp-runner"}',
    "key twice, deep": b'{"session": {"a": [{"b": 1, "b": 2}]}}',
    "UTF-16": '{"evidence": {"whine": true}}'.encode("utf-16"),
    "UTF-32": '{"evidence": {"whine": true}}'.encode("utf-32-le"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "latin-1": '{"evidence": {"whine": "\xe4"}}'.encode("latin-1"),
    "lone surrogate": b'{"evidence": {"whine": "\\ud800"}}',
    "single quotes": b"{'evidence': {}}",
    "comment": b"{} // why",
    "NUL": b'{"evidence": {"whine": "\x00"}}',
    "form": b"evidence=whine",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_is_no_json_or_says_two_things_is_malformed(caller, body):
    for path in (DIAGNOSIS, "/v1/interview"):
        problem(caller.send("POST", path, [body], JSON), 400, "malformed-request")


WRONG = {
    "a list": ([], "a list"),
    "null": (None, "null"),
    "a number": (42, "a single value"),
    "no such part": ({"evidense": {}}, "evidence"),
    "audience": ({"audience": "nurse"}, "audience"),
    "model no text": ({"model": 1}, "model"),
    "model unknown": ({"model": "gearbx"}, "gearbox"),
    "model a path": ({"model": "../../etc/passwd"}, "/v1/models"),
    "model a file": ({"model": "/etc/passwd"}, "/v1/models"),
    "model NUL": ({"model": "gearbox\0"}, "gearbox"),
    "id": ({"evidence": {"wine": True}}, "whine"),
    "id in a list": ({"evidence": [{"id": "wine", "choice_id": "present"}]}, "whine"),
    "prototype": ({"evidence": {"__proto__": True}}, "__proto__"),
    "constructor": ({"evidence": {"constructor": {"prototype": {}}}}, "constructor"),
    "no id": ({"evidence": {"": True}}, "unknown evidence"),
    "choice": ({"evidence": {"felt_at": "flor"}}, "floor"),
    "choice of yes/no": ({"evidence": {"whine": "perhaps"}}, "yes/no"),
    "number for yes/no": ({"evidence": {"whine": 2}}, "yes/no"),
    "blank": ({"evidence": {"whine": " "}}, "blank"),
    "age in months": ({"evidence": {"hours": {"value": 42, "unit": "month"}}}, "single answer"),
    "list of answers": ({"evidence": {"whine": [True, False]}}, "single answer"),
    "below": ({"evidence": {"hours": -1}}, "hours"),
    "above": ({"evidence": {"hours": 1e300}}, "hours"),
    "over 64 bits": ({"evidence": {"hours": 10**22}}, "hours"),
    "no number": ({"evidence": {"hours": "many"}}, "hours"),
    "yes for a number": ({"evidence": {"hours": True}}, "hours"),
    "text for evidence": ({"evidence": "whine"}, "evidence"),
    "null for evidence": ({"evidence": None}, "evidence"),
    "list of texts": ({"evidence": ["whine"]}, "evidence"),
    "no choice": ({"evidence": [{"id": "whine"}]}, "choice_id"),
    "part of a statement": (
        {"evidence": [{"id": "whine", "choice_id": True, "initial": True}]},
        "initial",
    ),
    "twice, differently": (
        {
            "evidence": [
                {"id": "whine", "choice_id": "present"},
                {"id": "whine", "choice_id": "absent"},
            ]
        },
        "contradictory",
    ),
    "known and not": (
        {"evidence": [{"id": "whine", "choice_id": "no"}, {"id": "whine", "choice_id": None}]},
        "contradictory",
    ),
}


@pytest.mark.parametrize(("body", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_answered_says_what_and_what_would_do(caller, body, said):
    reply = caller.post(DIAGNOSIS, body)
    kind = reply.json["type"].rpartition(":")[2]
    assert kind in ("invalid-request", "unknown-name")
    told = problem(reply, 422, kind)
    assert said in told["detail"] or said in told["nearest"]


def test_the_nearest_names_stand_apart(caller):
    told = caller.refused(422, "unknown-name", DIAGNOSIS, {"evidence": {"wine": True}})
    assert told["nearest"][0] == "whine"
    told = caller.refused(422, "unknown-name", "/v1/explain", {"causes": ["bearin"]})
    assert told["nearest"]
    told = caller.refused(422, "unknown-name", f"{DIAGNOSIS}?fields=triag", {})
    assert told["nearest"] == ["triage"]


def test_answers_that_cannot_all_be_true_are_named(caller):
    runner = service("lbp-runner")
    clash = {"evidence": {"sex": "male", "recent_childbirth": True, "age": 42}}
    for path in (DIAGNOSIS, "/v1/interview", f"{DIAGNOSIS}?fields=triage.level"):
        told = runner.refused(409, "impossible-evidence", path, clash)
        assert {"sex", "recent_childbirth"} == {each.split()[0] for each in told["conflicting"]}
    contradiction = {"evidence": {"felt_at": "floor", "felt": True}}
    told = caller.refused(422, "invalid-request", DIAGNOSIS, contradiction)
    assert "contradict" in told["detail"]


def test_text_that_is_a_number_counts(caller):
    as_text = caller.post(f"{DIAGNOSIS}?fields=evidence", {"evidence": {"hours": "4000"}})
    as_number = caller.post(f"{DIAGNOSIS}?fields=evidence", {"evidence": {"hours": 4000}})
    assert as_text.status == 200
    assert as_text.body == as_number.body


LARGE = {
    "100,000 answers": json.dumps({"evidence": {f"x{n}": True for n in range(100_000)}}).encode(),
    "one long text": b'{"model": "' + b"a" * 70_000 + b'"}',
}


@pytest.mark.parametrize("body", LARGE.values(), ids=LARGE)
def test_a_large_body_is_refused_by_what_it_says_and_by_what_comes(caller, body):
    lengths = ({"Content-Length": str(len(body))}, {"Content-Length": "3"}, {})
    for length in lengths:
        chunks = [body[at : at + 5000] for at in range(0, len(body), 5000)]
        reply = caller.send("POST", DIAGNOSIS, chunks, {**JSON, **length})
        problem(reply, 413, "too-large")
        assert reply.headers["connection"] == "close"
    problem(
        caller.send("POST", DIAGNOSIS, [], {**JSON, "Content-Length": "9" * 30}), 413, "too-large"
    )


@pytest.mark.parametrize("levels", [21, 10_000])
def test_deep_nesting_is_refused(caller, levels):
    for left, right in (("[", "]"), ('{"a":', "}")):
        body = left * levels + ("0" if left != "[" else "") + right * levels
        problem(caller.send("POST", DIAGNOSIS, [body.encode()], JSON), 422, "invalid-request")
    half = b'{"evidence":' + b"[" * levels
    problem(caller.send("POST", DIAGNOSIS, [half], JSON), 422, "invalid-request")
    quoted = json.dumps({"model": "[" * levels}).encode()
    problem(caller.send("POST", DIAGNOSIS, [quoted], JSON), 422, "unknown-name")


TYPES = {
    "none": {},
    "text": {"Content-Type": "text/plain"},
    "form": {"Content-Type": "application/x-www-form-urlencoded"},
    "other charset": {"Content-Type": "application/json; charset=utf-16"},
    "gzip": {**JSON, "Content-Encoding": "gzip"},
    "twice gzip": {**JSON, "Content-Encoding": "gzip, gzip"},
}


@pytest.mark.parametrize("headers", TYPES.values(), ids=TYPES)
def test_only_plain_json_is_read(caller, headers):
    bomb = gzip.compress(b" " * 1_000_000)
    problem(caller.send("POST", DIAGNOSIS, [bomb], headers), 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "said", ["application/json; charset=UTF-8", 'Application/JSON;charset="utf-8"']
)
def test_a_charset_that_is_utf_8_is_read(caller, said):
    assert caller.send("POST", DIAGNOSIS, [b"{}"], {"Content-Type": said}).status == 200


def test_a_body_that_does_not_end_is_given_up(caller, monkeypatch):
    monkeypatch.setattr("lbp_service.http.body.BODY_SECONDS", 0.01)
    for chunks in ([], [b'{"evidence"'], [b"{}"]):
        reply = caller.send("POST", DIAGNOSIS, chunks, JSON, ends=False)
        problem(reply, 408, "slow-request")


ADDRESSES = (
    "/v1",
    "/v1/diagnosis/",
    "/v1//diagnosis",
    "/V1/diagnosis",
    "/v1/models/",
    "/v1/models/../../../etc/passwd",
    "/v1/models/..%2f..%2fetc%2fpasswd/findings",
    "/%00",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_nowhere_is_not_found(caller, address):
    assert problem_of(caller.get(address)) in ("not-found", "unknown-model")


@pytest.mark.parametrize("name", ["gearbx", "%2e%2e", "..%2f", "gearbox%00", "%ff", "gearbox.yaml"])
def test_a_model_that_is_none_is_not_found_with_the_nearest(caller, name):
    reply = caller.get(f"/v1/models/{name}/findings")
    assert reply.status == 404
    assert problem_of(reply) in ("unknown-model", "not-found")
    assert name != "gearbx" or reply.json["nearest"] == ["gearbox"]


def problem_of(reply):
    """The kind of problem, whose document is whole."""
    kind = reply.json["type"].rpartition(":")[2]
    problem(reply, reply.status, kind)
    return kind


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_another_method_is_told_the_right_one(caller, method):
    reply = caller.send(method, DIAGNOSIS)
    problem(reply, 405, "method-not-allowed")
    assert reply.headers["allow"] == "POST"
    if method != "GET":
        reply = caller.send(method, "/v1/models")
        problem(reply, 405, "method-not-allowed")
        assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_head_is_get_without_its_body(caller):
    for address in ("/v1/models", "/openapi.json", "/v1/health/live"):
        got, head = caller.get(address), caller.send("HEAD", address)
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-length"] == str(len(got.body))


@pytest.mark.parametrize(
    "query", ["?model=gearbox", "?whine=yes", "?fields=triage&age=42", "?x" + "&x" * 60]
)
def test_nothing_but_fields_stands_in_an_address(caller, query):
    reply = caller.post(DIAGNOSIS + query, {})
    assert reply.status in (400, 422)
    assert problem_of(reply) in ("unknown-name", "malformed-request")


@pytest.mark.parametrize(
    "fields", ["", ",", "triage,", "triage..level", "triage.level.x", "%00", "*"]
)
def test_fields_that_are_none_are_refused(caller, fields):
    reply = caller.post(f"{DIAGNOSIS}?fields={fields}", {"evidence": BEARING})
    assert reply.status == 422
    assert problem_of(reply) in ("unknown-name", "invalid-request")


@pytest.mark.parametrize(
    "name", ["", "a b", "a\r\nSet-Cookie: b", "a\n", "é", "x" * 65, "a,b", "<b>"]
)
def test_an_interview_id_is_one_plain_word(caller, name):
    for headers in ({**JSON, "Interview-Id": name}, [*JSON.items(), *[("Interview-Id", name)] * 2]):
        reply = caller.send("POST", DIAGNOSIS, [b"{}"], headers)
        problem(reply, 400, "malformed-request")
        assert "interview-id" not in reply.headers


WHAT_IF = {
    "nothing changed": {"evidence": {"whine": True}, "change": {}},
    "no change": {"evidence": {"whine": True}},
    "change unknown": {"change": {"wine": True}},
    "change a text": {"change": "whine"},
}


@pytest.mark.parametrize("body", WHAT_IF.values(), ids=WHAT_IF)
def test_a_comparison_needs_a_change(caller, body):
    reply = caller.post("/v1/what-if", body)
    assert reply.status == 422
    assert problem_of(reply) in ("unknown-name", "invalid-request")


def test_a_fault_of_the_service_says_nothing_of_the_person(caller, monkeypatch, caplog):
    from lbp_service.http.endpoints import ANSWERED

    def fail(*_):
        raise ZeroDivisionError("whine is secret-value")

    failing = next(each for each in ANSWERED if each.name == "diagnosis")
    monkeypatch.setitem(failing.__dict__, "answer", fail)
    reply = caller.post(DIAGNOSIS, {"evidence": {"whine": True}})
    told = problem(reply, 500, "internal-error")
    assert "secret" not in reply.body.decode()
    assert "secret" not in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert told["instance"].removeprefix("urn:uuid:") in caplog.text
