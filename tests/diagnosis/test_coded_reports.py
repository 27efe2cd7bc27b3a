"""Codes of other systems: on the face of a model, and in a report beside what they name."""

import pytest
from support.models import BEARING, gearbox

import bayesnet


def test_a_model_gives_the_codes_of_causes_and_questions_by_id() -> None:
    codings = gearbox().codings
    assert list(codings) == ["worn_bearing", "drive", "whine", "felt"]
    assert codings["worn_bearing"] == gearbox().causes["worn_bearing"].codings
    assert all(codings[each] == gearbox().findings[each].codings for each in list(codings)[1:])
    first = codings["worn_bearing"][0]
    assert type(first) is bayesnet.Coding
    assert (first.system, first.code, first.display, first.source) == (
        "http://workshop.example/faults",
        "B7",
        "Bearing, worn",
        ("bearing-001",),
    )


def test_codes_of_an_answer_are_among_the_choices() -> None:
    assert [each.code for each in gearbox().findings["drive"].answer.codings["manual"]] == ["M"]


def test_a_report_has_the_codes_of_causes_and_of_what_was_answered() -> None:
    report = gearbox().diagnose({**BEARING, "towing": None})
    told = report.to_dict()
    by_id = {each["id"]: each["codings"] for part in ("causes", "evidence") for each in told[part]}
    assert by_id["worn_bearing"] == [
        {"system": "http://workshop.example/faults", "code": "B7", "display": "Bearing, worn"},
        {"system": "urn:oid:2.999.1", "code": "12", "display": "Roller bearing damage"},
    ]
    assert by_id["whine"] == [
        {"system": "http://workshop.example/questions", "code": "Q2", "display": "Whine"}
    ]
    assert {name for name, codings in by_id.items() if codings} == {"worn_bearing", "whine"}


def test_an_answer_that_is_not_known_has_its_codes_too() -> None:
    (item,) = gearbox().diagnose({"whine": None}).evidence
    assert [each.code for each in item.codings] == ["Q2"]


@pytest.mark.parametrize("field", ["causes.codings", "causes.codings.code"])
def test_a_caller_can_ask_for_the_codes_alone(field: str) -> None:
    (told,) = gearbox().parts({}, [field, "causes.id"]).values()
    found = {each["id"]: each["codings"] for each in told}["worn_bearing"]
    assert [each["code"] for each in found] == ["B7", "12"]
