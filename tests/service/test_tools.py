"""The tools of language models, without any transport: answers, words and definitions."""

import json

import pytest
from jsonschema import Draft202012Validator
from lbp_service.tools.brevity import ALWAYS, MOST_QUESTIONS
from lbp_service.tools.definitions import anthropic_tools, openai_tools
from lbp_service.tools.resources import patterns, read, resources
from lbp_service.tools.tools import TOOLS, call
from support.cli import run
from support.models import BEARING, gearbox

from bayesnet import BayesnetError, UnknownNameError

BURNING = {"smoke": True}
"""An emergency."""
CALLS = [
    ("start_interview", {}),
    ("start_interview", {"evidence": {"hours": 4000}, "audience": "clinician"}),
    ("start_interview", {"evidence": BURNING}),
    ("assess_case", {}),
    ("assess_case", {"evidence": BEARING}),
    ("assess_case", {"evidence": BURNING}),
    ("explain_cause", {"evidence": BEARING, "cause": "worn_bearing"}),
    ("explain_cause", {"evidence": BURNING, "cause": "worn_bearing"}),
    ("what_if", {"evidence": BEARING, "change": {"whine": False}}),
    ("what_if", {"evidence": BEARING, "change": BURNING}),
    ("what_if", {"evidence": BURNING, "change": {"smoke": False}}),
    ("list_findings", {}),
    ("list_findings", {"containing": "WHINE"}),
    ("show_model_number", {"id": "whine"}),
    ("show_model_number", {"id": "worn_bearing", "about": "whine"}),
]
OF_A_PERSON = [each for each in CALLS if each[0] not in ("list_findings", "show_model_number")]


def answered(name, **given):
    return call(gearbox(), name, given)


def whole(answers):
    """The report of the command line, with the few questions that tools give."""
    in_order = {name: answers[name] for name in gearbox().findings if name in answers}
    report = gearbox().diagnose(in_order).to_dict()
    return {**report, "questions": report["questions"][:MOST_QUESTIONS]}


def urgency(document):
    """The part of an answer that says how urgent it is."""
    held = document.get("report") or document.get("before") or document
    assert next(iter(held)) == "triage"
    return held


def interviewed(answers):
    """The last answer of an interview in which all else is not known."""
    turn = answered("start_interview").document
    while (question := turn["next_question"]) is not None:
        assert not turn["should_stop"]
        lines = [each["id"] for each in question["items"]] or [question["id"]]
        said = {name: answers.get(name) for name in lines}
        turn = answered("answer_question", session=turn["session"], answers=said).document
    assert turn["should_stop"]
    return turn


@pytest.mark.parametrize(("name", "given"), CALLS)
def test_an_answer_is_what_its_schema_says(name, given):
    document = answered(name, **given).document
    Draft202012Validator(TOOLS[name].output_schema).validate(document)
    assert json.loads(json.dumps(document)) == document


@pytest.mark.parametrize(("name", "given"), OF_A_PERSON)
def test_the_urgency_is_first_and_the_disclaimer_last(name, given):
    found = answered(name, **given)
    held = urgency(found.document)
    first, *_, last = found.text.splitlines()
    assert first.startswith("URGENCY (")
    assert held["triage"]["message"] in first
    assert last == held["disclaimer"] == gearbox().description.model.disclaimer
    assert found.text.count("\n") < 15


def test_in_an_emergency_there_is_nothing_but_where_to_go_and_why():
    for name, given in OF_A_PERSON:
        if given.get("evidence") != BURNING:
            continue
        found = answered(name, **given)
        held = urgency(found.document)
        assert held["triage"]["level"] == "emergency"
        assert set(held) == set(ALWAYS)
        assert {each["level"] for each in held["triage"]["reasons"]} == {"emergency"}
        assert not any(each["would_fall_if"] for each in held["triage"]["reasons"])
        reasons = [f"Why: {each['reason']}" for each in held["triage"]["reasons"]]
        assert found.text.splitlines()[1:-1] == reasons
        assert set(found.document.get("after", ALWAYS)) == set(ALWAYS)
        assert found.document.get("next_question") is None


def test_what_is_imagined_does_not_lower_what_is():
    found = answered("what_if", evidence={"whine": True}, change=BURNING)
    first, second, *_ = found.text.splitlines()
    assert "emergency" not in first
    assert second.startswith("If it were otherwise: URGENCY (emergency")
    assert set(found.document["after"]) == set(ALWAYS)


def test_the_report_is_that_of_the_command_line_with_fewer_questions():
    document = answered("assess_case", evidence=BEARING).document
    assert document == whole(BEARING)


def test_an_interview_ends_in_the_report_of_its_answers():
    last = interviewed(BEARING)
    given = {each["id"]: each["value"] for each in last["report"]["evidence"]}
    assert last["report"] == whole(given)


def test_an_interview_goes_back_and_on():
    begun = answered("start_interview").document
    asked = begun["next_question"]["id"]
    session = answered("answer_question", session=begun["session"], answers={"whine": True})
    back = answered("answer_question", session=session.document["session"], back=True).document
    assert back["next_question"]["id"] == asked
    assert back["report"]["evidence"] == []
    more = answered("answer_question", session=interviewed({})["session"], more=True).document
    assert more["next_question"] is not None


WRONG = {
    "evidence as JSON in a string": ("assess_case", {"evidence": '{"whine": true}'}, "object"),
    "evidence a list": ("assess_case", {"evidence": ["whine"]}, "evidence"),
    "an argument more": ("assess_case", {"evidence": {}, "fields": ["x"]}, "fields"),
    "an argument misspelt": ("assess_case", {"evidense": {}}, "evidence"),
    "an unknown finding": ("assess_case", {"evidence": {"wine": True}}, "whine"),
    "an unknown choice": ("assess_case", {"evidence": {"felt_at": "flor"}}, "floor"),
    "an answer with parts": ("assess_case", {"evidence": {"whine": {"value": True}}}, "whine"),
    "a number out of range": ("assess_case", {"evidence": {"hours": -1}}, "hours"),
    "no number": ("assess_case", {"evidence": {"hours": float("inf")}}, "hours"),
    "another audience": ("assess_case", {"audience": "nurse"}, "audience"),
    "1,000 unknown keys": ("assess_case", {"evidence": {f"x{n}": 1 for n in range(1000)}}, "x0"),
    "1,000 arguments": ("assess_case", {f"x{n}": 1 for n in range(1000)}, "x0"),
    "an unknown cause": ("explain_cause", {"cause": "worn_baring"}, "worn_bearing"),
    "no cause": ("explain_cause", {}, "cause"),
    "no change": ("what_if", {"change": {}}, "change"),
    "no session": ("answer_question", {"answers": {"whine": True}}, "session"),
    "no real session": ("answer_question", {"session": {"steps": 1}}, "session"),
    "a session in a string": ("answer_question", {"session": "{}"}, "session"),
    "no such word": ("list_findings", {"containing": "whne"}, "whine"),
    "an unknown id": ("show_model_number", {"id": "worn_bering"}, "worn_bearing"),
    "unknown beside": ("show_model_number", {"id": "whine", "about": "worn_bering"}, "bearing"),
}


@pytest.mark.parametrize(("name", "given", "hint"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_the_nearest(name, given, hint):
    with pytest.raises(BayesnetError, match=hint):
        answered(name, **given)


def test_an_unknown_tool_is_refused_with_the_nearest():
    with pytest.raises(UnknownNameError, match="assess_case"):
        answered("asses_case")


def test_the_definitions_are_of_the_same_schemas():
    schemas = {name: tool.input_schema for name, tool in TOOLS.items()}
    functions = [each["function"] for each in openai_tools()]
    assert {each["name"]: each["parameters"] for each in functions} == schemas
    assert {each["name"]: each["input_schema"] for each in anthropic_tools()} == schemas
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"
        assert schema["additionalProperties"] is False
        assert all(part["description"] for part in schema["properties"].values())
    assert json.loads(run("schema", "openai-tools").stdout) == openai_tools()
    assert json.loads(run("schema", "anthropic-tools").stdout) == anthropic_tools()


@pytest.mark.parametrize(("name", "given"), CALLS)
def test_arguments_are_what_their_schema_says(name, given):
    Draft202012Validator(TOOLS[name].input_schema).validate(given)


def test_a_cause_is_read_with_its_codes():
    told = json.loads(read(gearbox(), "model://gearbox/causes/worn_bearing"))
    assert [each["code"] for each in told["codings"]] == ["B7", "12"]


def test_every_resource_can_be_read():
    listed = [each.address for each in resources(gearbox())]
    assert len(set(listed)) == len(listed) == 3 + len(gearbox().causes)
    for address in listed:
        assert json.loads(read(gearbox(), address))["model"]["id"] == "gearbox"
    for each in patterns(gearbox()):
        address = each.address.replace("{cause}", "worn_bearing").replace("{id}", "whine")
        assert json.loads(read(gearbox(), address))["numbers"]


@pytest.mark.parametrize(
    "address",
    ["", "model://", "model://gear", "model://gearbox/numbers", "model://gearbox/causes/whine",
     "model://gearbox/numbers/wine", "model://gearbox/../x", "file:///etc/passwd", "gearbox"],
)  # fmt: skip
def test_there_is_no_other_resource(address):
    with pytest.raises(UnknownNameError):
        read(gearbox(), address)
