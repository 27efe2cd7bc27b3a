"""The interview on the page without JavaScript: to its end, back, and with answers changed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lbp_service.web.state import spelled
from support.cli import answer as command_line
from support.forms import Visitor
from support.models import BEARING, gearbox, runner
from support.service import Caller, service

from bayesnet import DiagnosticModel
from bayesnet.diagnosis.report.audience_words import WORDING


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


@pytest.fixture
def visitor(caller: Caller) -> Visitor:
    return Visitor(caller)


Steps = list[tuple[str, Any]]


def interviewed(visitor: Visitor, known: Mapping[str, Any], audience: str = "self") -> Steps:
    """Answer what is asked to the end: what is not known is denied, and left open where it cannot.

    Returns each answer; a screen that is denied stands as itself.
    """
    steps: Steps = []
    visitor.press("Begin", audience=audience)
    while name := visitor.asked:
        boxes = [
            each.get("value") for each in visitor.page.all("input") if each.get("name") == "line"
        ]
        offered = [
            each.get("value") for each in visitor.page.all("input") if each.get("name") == "answer"
        ]
        ticked = [each for each in boxes if known.get(each) is True]
        if ticked:
            steps += [(each, True) for each in ticked]
            visitor.press("Continue", line=ticked)
        elif boxes:
            steps.append((name, "none"))
            visitor.press("Continue", none="yes")
        elif name in known or "no" in offered:
            steps.append((name, known.get(name, False)))
            visitor.press("Continue", answer=spelled(steps[-1][1]))
        else:
            steps.append((name, None))
            visitor.press("I don't know")
    return steps


def heard(model: DiagnosticModel, steps: Steps, audience: str = "self") -> dict[str, Any]:
    """What a session has heard after these answers."""
    session = model.interview(audience=audience)
    for name, value in steps:
        session = session.answer(name, value)
    return dict(session.given)


def same_as_the_command_line(
    visitor: Visitor, given: Mapping[str, Any], folder: Path, *flags: str
) -> None:
    """Compare the page of the result with the command line's report, number by number."""
    case = folder / "case.json"
    case.write_text(json.dumps(given), encoding="utf-8")
    report = command_line("--case", str(case), *flags)
    words = WORDING[flags[1] if flags else "self"]
    shown = visitor.numbers
    for each in report["causes"]:
        label = each["label"] + (" (serious)" if each["serious"] else "")
        assert shown.pop(label) == each["probability"]
    none = words.none_of_them
    assert shown.pop(none[:1].upper() + none[1:]) == report["no_identified_cause"]["probability"]
    weights = {
        one["label"]: one["decibans"]
        for each in report["explanation"]
        for one in [*each["evidence_for"], *each["evidence_against"]]
    }
    assert set(shown) <= set(weights)
    text = visitor.page.text
    assert visitor.heading == f"How urgent: {_urgency(report)}"
    assert report["triage"]["message"] in text
    assert report["pathway"]["label"] in text
    for phase in report["pathway"]["phases"]:
        assert all(" ".join(each["dose"].split()) in text for each in phase["exercises"])
    assert report["disclaimer"] in text
    for each in report["must_not_miss"]:
        assert each["label"] in text
    assert report["model"]["sha256"][:12] in text


def _urgency(report: Any) -> str:
    rising = report["triage"]["level"] not in ("urgent", "emergency") and any(
        each["mandatory"] for each in report["questions"]
    )
    return report["triage"]["label"] + (
        " so far" if report["triage"]["provisional"] or rising else ""
    )


@pytest.mark.usefixtures("gearbox_by_default")
@pytest.mark.parametrize("audience", ["self", "clinician"])
def test_an_interview_ends_in_the_command_line_s_report(visitor, audience, tmp_path):
    steps = interviewed(visitor, BEARING, audience)
    flags = () if audience == "self" else ("--audience", audience)
    same_as_the_command_line(visitor, heard(gearbox(), steps, audience), tmp_path, *flags)


def test_what_is_asked_is_what_a_session_asks(visitor):
    session = gearbox().interview()
    for name, value in interviewed(visitor, BEARING):
        question = session.next_question
        assert name in (question.id, *(each.id for each in question.items))
        session = session.answer(name, value)
    assert session.should_stop
    assert session.stop_reason in visitor.page.text


def test_an_interview_of_a_runner_ends_in_the_command_line_s_report(tmp_path):
    visitor = Visitor(service("lbp-runner"))
    known = {**runner().description.causes["facet_joint"].textbook, "age": 42, "sex": "male"}
    steps = interviewed(visitor, known)
    same_as_the_command_line(visitor, heard(runner(), steps), tmp_path)
