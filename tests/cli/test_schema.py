"""`lbp-infer schema`: what the command writes is what the schemas say, to the last name."""

import json

import pytest
from jsonschema import Draft202012Validator
from support.cli import GEARBOX_FLAGS, SAME, answer, refused, run
from support.reader import MODEL

DOCUMENTS = ("report", "explain", "what-if", "case", "record", "check", "diff", "test", "fit")


def schema(*document):
    result = run("schema", *document)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def closed(part):
    """The schema with no name allowed that it does not list."""
    if isinstance(part, list):
        return [closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {name: closed(each) for name, each in part.items()}
    if "properties" in found and "type" in found:
        found.setdefault("additionalProperties", False)
    return found


def check(document, written):
    Draft202012Validator(closed(schema(document))).validate(written)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_is_a_schema_with_a_version(document):
    found = schema(document)
    Draft202012Validator.check_schema(found)
    assert found["$schema"].startswith("https://json-schema.org/")
    assert found["title"]
    assert ">>>" not in json.dumps(found)


def test_the_report_comes_first():
    assert schema() == schema("report")


def test_what_a_check_writes_is_valid(tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text(MODEL.replace("Jones 2001", "Jones").replace("derived_from: heat", "x: 1"))
    check("check", json.loads(run("model", "check", str(path), "--json").stdout))


@pytest.mark.usefixtures("gearbox_by_default")
@pytest.mark.parametrize(
    "args", [(), GEARBOX_FLAGS, ("--whine", "--audience", "clinician"), ("--sensitivity",)]
)
def test_a_report_is_valid(args):
    check("report", answer(*args))


def test_reports_of_the_shipped_model_are_valid():
    for args in ((), ("--saddle-numbness",), ("--age", "70", "--pulsating-abdomen")):
        check("report", answer(*args))


@pytest.mark.usefixtures("gearbox_by_default")
def test_explanations_and_comparisons_are_valid():
    check("explain", answer("explain", *GEARBOX_FLAGS))
    check("what-if", answer("what-if", *GEARBOX_FLAGS, "--change", "whine=unknown"))


@pytest.mark.usefixtures("gearbox_by_default")
def test_a_kept_interview_and_its_record_are_valid(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    record = tmp_path / "record.jsonl"
    typed = "hours=4000\nsmoke=unknown\nback\nwhine=no\nstop\n"
    assert run("ask", "--record", str(record), stdin=typed).exit_code == 0
    lines = record.read_text().splitlines()
    assert len(lines) > 3
    for line in lines:
        check("record", json.loads(line))
    (kept,) = (tmp_path / "lbp-infer" / "interviews").iterdir()
    check("case", json.loads(kept.read_text()))


def test_a_case_by_hand_is_valid_and_a_misspelt_one_is_not():
    validator = Draft202012Validator(schema("case"))
    assert validator.is_valid(SAME)
    assert validator.is_valid({"evidence": {**SAME, "coughing": "unknown", "age": None}})
    for wrong in ({"cuoghing": True}, {"coughing": 3}, {"age": 400}, {"referral": "feet"}):
        assert not validator.is_valid(wrong)
        assert not validator.is_valid({"evidence": wrong})


def test_what_is_no_document_is_refused():
    said = refused("schema", "reprot")
    for each in DOCUMENTS:
        assert each in said
