"""A question answered with a decimal number: the same at every door, and each limit where it is."""

import json

import numpy as np
import pytest
from support.cli import answer, refused, run
from support.reader import MODEL

import bayesnet
from bayesnet import EvidenceError
from bayesnet.diagnosis.answers.intake import Askable, state_of
from bayesnet.diagnosis.answers.reading import read_answer
from bayesnet.diagnosis.decisions.conditions import People, holds, one_answer
from bayesnet.errors import ModelFileError
from bayesnet.model.format.triage_rules import Condition
from bayesnet.model.format.variables import Choices, QuestionSpec

WHOLE = "bands: {up_to_1000: [0, 1000], over_1000: [1001, 9000]}"
DECIMAL = "bands: {up_to_1000: [0, 0.99], over_1000: [1, 9.5]}"
VOLTS = Choices(unit="volts", bands={"flat": (9, 11.7), "low": (11.8, 12.3), "full": (12.4, 15)})
BATTERY = Askable("battery", "Battery", QuestionSpec(question="Volts?", group="tests"), VOLTS)


def written(bands: str) -> str:
    return MODEL.replace(WHOLE, bands).replace("hours: 1500", "hours: 1.5")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "gearbox.yaml"
    file.write_text(written(DECIMAL), encoding="utf-8")
    return file


@pytest.mark.parametrize("value", [12.4, "12.4", " 12.40", np.float32(12.4), np.float64(12.4)])
def test_a_decimal_means_the_same_in_every_spelling(value):
    assert read_answer("battery", VOLTS, value) == 12.4
    assert state_of(BATTERY, read_answer("battery", VOLTS, value)) == "full"


@pytest.mark.parametrize("value", [12, 12.0, "12", "12.0", np.float32(12)])
def test_a_whole_number_among_decimals_is_one_answer(value):
    found = read_answer("battery", VOLTS, value)
    assert found == 12
    assert type(found) is int


@pytest.mark.parametrize(
    "value", ["12,4", "12.4 V", "8.99", 15.01, True, np.inf, "1e1", "", 10**400]
)
def test_what_is_no_such_number_is_refused_with_what_would_be(value):
    with pytest.raises(EvidenceError, match=r"decimals after a point\) from 9 to 15 \(volts\)"):
        read_answer("battery", VOLTS, value)


def test_a_decimal_is_no_whole_number():
    with pytest.raises(EvidenceError, match="give a whole number from 0 to 9"):
        read_answer("hours", Choices(bands={"few": (0, 4), "many": (5, 9)}), 4.5)


@pytest.mark.parametrize(
    ("value", "band"), [(9, "flat"), (11.75, "flat"), (11.8, "low"), (12.399, "low"), (15, "full")]
)
def test_what_lies_between_two_steps_belongs_to_the_lower_band(value, band):
    assert state_of(BATTERY, value) == band


@pytest.mark.parametrize(
    ("value", "limit", "below"),
    [
        (12.3, 12.4, True),
        (12.4, 12.4, False),
        ("low", 12.4, True),
        ("low", 12.35, False),
        ("full", 15, False),
    ],
)
def test_a_limit_holds_for_a_band_only_when_it_holds_for_all_of_it(value, limit, below):
    person = People(
        {"battery": BATTERY}, {"battery": one_answer(value)}, {}, {}, {}, np.array([False])
    )
    assert holds(Condition(finding="battery", below=limit), person)[0] == below


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        ("bands: {up_to_1000: [0, 0.9], over_1000: [1.1, 9.5]}", "ends at 0.9, and .* it at 1.0"),
        ("bands: {up_to_1000: [0, 1.0], over_1000: [1.0, 9.5]}", "overlap .* start it at 1.1"),
        ("bands: {up_to_1000: [0, 0.9], over_1000: [9.5, 1]}", r"9.5 down to 1; write \[1, 9.5\]"),
        ("bands: {up_to_1000: [0, 0.0000001], over_1000: [1, 2]}", "more than 6 digits"),
    ],
)
def test_bands_that_do_not_meet_are_named_with_what_would(bands, message, tmp_path):
    (tmp_path / "m.yaml").write_text(written(bands), encoding="utf-8")
    with pytest.raises(ModelFileError, match=message):
        bayesnet.load_model(tmp_path / "m.yaml")


def test_a_decimal_in_a_textbook_presentation_of_whole_numbers_is_named(tmp_path):
    (tmp_path / "m.yaml").write_text(written(WHOLE).replace("hours: 1.5", "hours: 1500.5"))
    with pytest.raises(ModelFileError, match=r"'hours' is a whole number; round 1500\.5"):
        bayesnet.load_model(tmp_path / "m.yaml")


def test_one_decimal_gives_one_answer_at_every_door(path, tmp_path):
    model = bayesnet.load_model(path)
    report = model.diagnose({"hours": 0.99})
    assert report.evidence[0].label == "Hours run: 0.99 hours"
    told = answer("--model", str(path), "--hours", "0.99")
    assert told["causes"] == json.loads(report.to_json())["causes"]
    assert told["evidence"][0]["value"] == 0.99
    (tmp_path / "case.json").write_text('{"hours": 0.99}')
    assert answer("--model", str(path), "--case", str(tmp_path / "case.json")) == told
    table = model.diagnose_many({"hours": ["0.99", 0.99, np.float32(0.99), "1", 9.6]})
    assert len(set(table["worn_bearing"][:3])) == 1
    assert table["worn_bearing"][3] > table["worn_bearing"][0]
    assert "from 0 to 9.5 (hours)" in table["error"][4]


def test_a_mistyped_decimal_says_what_to_type(path):
    said = refused("--model", str(path), "--hours", "0,99")
    assert "a number (decimals after a point) from 0 to 9.5 (hours)" in said


def test_an_interview_takes_a_decimal(path):
    lines = run("ask", "--model", str(path), "--answers", "-", stdin="hours=0.5\nso far\nstop\n")
    assert lines.exit_code == 0, lines.output
    assert "Hours run: 0.5 hours" in lines.output


def test_the_schema_of_a_case_allows_decimals(path):
    said = json.loads(run("schema", "case", "--model", str(path)).stdout)
    number = said["$defs"]["Answers"]["properties"]["hours"]["anyOf"][0]
    assert number == {"type": "number", "minimum": 0, "maximum": 9.5}
