"""Nothing that is said of a person stands in the log, in the counts, or in what others may keep."""

import logging
import re

from support.models import BEARING, gearbox
from support.service import JSON, service

MARK = "Zq7sentinel"
"""A word that comes up nowhere by itself."""


def everything_wrong_and_right(caller):
    """Speak to every address, with the word in every place that a caller can fill."""
    bodies = [
        {"evidence": BEARING},
        {"evidence": {MARK: True}},
        {"evidence": {"felt_at": MARK}},
        {"evidence": {"hours": MARK}, "change": {MARK: MARK}},
        {"evidence": [{"id": "whine", "choice_id": True, "source": MARK}]},
        {"model": MARK},
        {MARK: 1},
        {"session": {"steps": [[MARK, MARK]]}},
        {"causes": [MARK], "evidence": {"whine": True}},
    ]
    for name in ("diagnosis", "triage", "explain", "suggest", "what-if", "interview", MARK):
        for body in bodies:
            caller.post(f"/v1/{name}?fields=model", body, Authorization=f"Bearer {MARK}")
            caller.post(f"/v1/{name}?{MARK}={MARK}", body)
    for address in (f"/{MARK}", f"/v1/models/{MARK}", f"/v1/models/gearbox/findings?a={MARK}"):
        caller.get(address, Interview_Id=f"{MARK} {MARK}")
        caller.send(MARK, address)
    caller.send("POST", "/v1/diagnosis", [b'{"a": "' + MARK.encode()], JSON)


def test_neither_log_nor_counts_hold_what_was_said(caplog):
    caller = service()
    with caplog.at_level(logging.DEBUG):
        everything_wrong_and_right(caller)
    counted = caller.get("/metrics").body.decode()
    lines = [each.getMessage() for each in caplog.records if each.name == "lbp_service"]
    assert len(lines) > 100
    for text in (caplog.text, counted):
        assert MARK not in text
        for name in gearbox().findings:
            assert f'"{name}"' not in text
    labels = {each for line in counted.splitlines() for each in re.findall(r'(\w+)="', line)}
    assert labels == {"method", "route", "status", "le"}
    assert 'route="/v1/diagnosis",status="422"' in counted
    assert 'route="other",status="404"' in counted


def test_an_interview_id_is_echoed_and_logged_with_the_request(caplog):
    caller = service()
    with caplog.at_level(logging.INFO, "lbp_service"):
        reply = caller.post("/v1/triage?fields=model", {}, Interview_Id="visit-7.a")
        refused = caller.post("/v1/triage", {"x": 1}, Interview_Id="visit-7.a")
    assert reply.headers["interview-id"] == refused.headers["interview-id"] == "visit-7.a"
    assert caplog.text.count('"interview":"visit-7.a"') == 2
    assert "interview-id" not in caller.get("/v1/health/live").headers


def test_counts_stand_by_address_and_status():
    caller = service()
    for _ in range(3):
        caller.post("/v1/triage?fields=model", {})
    caller.get("/v1/models/gearbox")
    text = caller.get("/metrics").body.decode()
    assert 'lbp_requests_total{method="POST",route="/v1/triage",status="200"} 3.0' in text
    assert 'route="/v1/models/{id}",status="200"} 1.0' in text
    assert 'lbp_request_seconds_count{route="/v1/triage"} 3.0' in text
    assert "lbp_answers_waiting 0.0" in text
