"""Parts of a report: what the whole has there, and nothing else worked out for them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from support.models import BEARING, gearbox

from bayesnet import EvidenceError, ImpossibleEvidenceError, UnknownNameError
from bayesnet.analysis.study import Study
from bayesnet.diagnosis.interview import prospect, standing
from bayesnet.diagnosis.report.schema import report_schema

PEOPLE = ({}, {"hours": 4000, "oil_puddle": True}, BEARING, {"smoke": True, "towing": True})
"""Nothing known, a danger sign, a bearing, an emergency."""


def every_name() -> Iterator[str]:
    """Every name of a report's JSON down to its second level."""
    schema = report_schema()
    for name, part in schema["properties"].items():
        yield name
        inside = part.get("items", part)
        reference = next((each for each in inside.get("anyOf", [inside]) if "$ref" in each), {})
        record = schema["$defs"].get(reference.get("$ref", "").rpartition("/")[2], {})
        yield from (f"{name}.{each}" for each in record.get("properties", ()))


def cut(data: Any, path: list[str]) -> Any:
    """What is at a path, by itself."""
    if not path or data is None:
        return data
    if isinstance(data, list):
        return [cut(each, path) for each in data]
    return {path[0]: cut(data[path[0]], path[1:])} if path[0] in data else {}


@pytest.fixture(scope="module")
def wholes():
    return [gearbox().diagnose(person).to_dict() for person in PEOPLE]


@pytest.mark.parametrize("name", list(every_name()))
def test_each_part_is_to_the_last_bit_what_the_whole_has(wholes, name):
    for person, whole in zip(PEOPLE, wholes, strict=True):
        assert gearbox().parts(person, [name]) == cut(whole, name.split("."))


def test_parts_stand_in_the_order_of_the_report(wholes):
    names = ["pathway", "causes.probability", "triage", "causes.id", "model.id"]
    found = gearbox().parts(BEARING, names)
    assert list(found) == ["model", "triage", "causes", "pathway"]
    assert list(found["causes"][0]) == ["id", "probability"]
    assert gearbox().parts(BEARING, "triage") == {"triage": wholes[2]["triage"]}
    assert gearbox().parts(BEARING, []) == {}


def test_clinicians_have_their_own_next_question():
    whole = gearbox().diagnose(BEARING, "clinician").to_dict()
    found = gearbox().parts(BEARING, ["next_question", "questions"], "clinician")
    assert found == {name: whole[name] for name in ("next_question", "questions")}


def test_threads_share_a_model():
    names = ["triage", "causes", "next_question"]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda person: gearbox().parts(person, names), PEOPLE * 3))
    assert found[:4] == found[4:8] == found[8:]
    assert found[:4] == [gearbox().parts(person, names) for person in PEOPLE]


OWNERS = {"study": Study, "prospect": prospect, "standing": standing}


@pytest.fixture
def without(monkeypatch):
    """Make what may not be worked out raise."""

    def fail(*_: object) -> None:
        raise AssertionError("worked out though nobody asked for it")

    def refuse(*names: str) -> None:
        for name in names:
            owner, what = name.split(".")
            monkeypatch.setattr(OWNERS[owner], what, property(fail) if owner == "study" else fail)

    return refuse


QUESTIONS = ("study.pairs", "prospect.outlook_of", "prospect.worth_of", "standing.next_question")


@pytest.mark.parametrize(
    ("names", "spared"),
    [
        (["triage", "causes", "pathway", "fit"], (*QUESTIONS, "standing.decide")),
        (["causes.id", "no_identified_cause.probability"], (*QUESTIONS, "study.supposed")),
        (["must_not_miss", "warnings", "evidence"], (*QUESTIONS, "study.supposed")),
        (["next_question"], ("study.supposed", "study.without")),
        (["model", "disclaimer"], (*QUESTIONS, "study.supposed", "study.absent")),
    ],
)
def test_what_is_not_asked_for_is_not_worked_out(without, names, spared):
    without(*spared)
    assert gearbox().parts({"hours": 4000}, names)


def test_whether_to_stop_is_known_without_what_each_question_is_worth(without):
    without(*QUESTIONS)
    assert gearbox().parts({}, ["should_stop"]) == {"should_stop": False}


def test_names_are_checked_before_anything_is_worked_out(without):
    without("study.absent", "standing.decide")
    with pytest.raises(UnknownNameError, match="unknown field: 'trage'; did you mean 'triage'"):
        gearbox().parts({}, ["causes", "trage"])
    with pytest.raises(UnknownNameError, match=r"unknown field of 'causes': 'idd'.*'id'"):
        gearbox().parts({}, ["causes.idd"])
    with pytest.raises(EvidenceError, match=r"'triage.level' has no parts; leave out '.x'"):
        gearbox().parts({}, ["triage.level.x"])
    with pytest.raises(UnknownNameError):
        gearbox().parts({}, "")


def test_what_is_wrong_with_the_answers_is_said_as_by_the_whole():
    with pytest.raises(UnknownNameError, match="did you mean"):
        gearbox().parts({"hour": 3}, ["model"])
    with pytest.raises(EvidenceError, match="audience"):
        gearbox().parts({}, ["model"], "nobody")
    with pytest.raises(ImpossibleEvidenceError):
        gearbox().parts({"drive": "automatic", "new_clutch": True}, ["model"])
