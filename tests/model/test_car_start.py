"""The second shipped model: what a car that does not start must be told, whatever its numbers."""

import re
from functools import cache

import pytest
from support.cli import answer, refused, run

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS

NO_DANGER = {"smoke": False, "petrol_smell": False, "fuel_puddle": False}
OF_BACKS = re.compile(
    r"\b(backs?|pain|runners?|clinicians?|patients?|people|persons?|examination|doctor|seek|care)\b",
    re.IGNORECASE,
)


@cache
def car() -> DiagnosticModel:
    return bayesnet.load_model("car-start")


def words_of(*arguments: str, stdin: str | None = None) -> str:
    result = run(*arguments, stdin=stdin, LBP_INFER_MODEL="car-start")
    assert result.exit_code == 0, result.output
    return result.output


def test_no_answer_gives_back_the_prevalences():
    for cause in car().diagnose({}).causes:
        assert cause.probability == pytest.approx(cause.prior, abs=1e-9), cause.id


@pytest.mark.parametrize("cause", car().description.causes)
def test_a_textbook_presentation_finds_its_cause(cause):
    report = car().diagnose(car().description.causes[cause].textbook, "clinician")
    assert report.causes[0].id == cause or cause in {each.id for each in report.must_not_miss}


@pytest.mark.parametrize("denied", [{}, NO_DANGER])
def test_smoke_is_an_emergency_whatever_else_is_said(denied):
    report = car().diagnose({**denied, "clicks": True, "smoke": True})
    assert report.triage.level == "emergency"
    assert report.pathway.id == "get_away"


def test_a_smell_of_petrol_forbids_the_key_and_every_spark():
    report = car().diagnose({"petrol_smell": True, "clicks": True, "lights_fade": True})
    assert report.triage.level == "urgent"
    assert "sparks" in report.triage.forbids
    assert report.pathway.id == "leave_it"
    assert report.triage.provisional
    assert [each.id for each in report.triage.ask_first] == ["fuel_puddle"]


@pytest.mark.parametrize("sign", ["petrol_smell", "fuel_puddle", "smoke"])
def test_nobody_is_told_to_jump_start_beside_petrol_or_smoke(sign):
    told = {**NO_DANGER, "cranking": "slow", "clicks": True, "left_on": True, "tried_often": False}
    assert car().diagnose(told).pathway.id == "jump"
    report = car().diagnose({**told, sign: True})
    weighed = {report.pathway.id, *(each.id for each in report.pathway.alternatives)}
    assert not weighed & {"jump", "terminals"}
    assert "jump_start" not in {each.id for each in report.questions}


@pytest.mark.parametrize("sign", NO_DANGER)
def test_a_danger_sign_more_never_lowers_the_level(sign):
    for said in ({}, {"clicks": True}, {"cranking": "normal", "tried_often": True}):
        before = car().diagnose({**said, **NO_DANGER}).triage.level
        after = car().diagnose({**said, **NO_DANGER, sign: True}).triage.level
        assert LEVELS.index(after) >= LEVELS.index(before)


def test_a_lower_voltage_never_speaks_against_a_flat_battery():
    volts = (10, 11.7, 11.8, 12.3, 12.4, 13)
    found = [
        car().diagnose({"battery_voltage": v}).cause("flat_battery").probability for v in volts
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[2] > found[4]


def test_what_says_the_same_counts_once():
    """Clicks and fading lights both say that little current flows; either says most of it."""
    one = car().diagnose({"lights_fade": True}).cause("starter").probability
    both = car().diagnose({"lights_fade": True, "clicks": True}).cause("starter").probability
    assert both == pytest.approx(one, abs=0.02)


def test_the_screen_speaks_of_cars():
    shown = words_of("--clicks")
    assert shown.startswith("TRY IT YOURSELF")
    assert "Of 100 cars with these answers" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("flags",),
        ("--clicks",),
        ("--full", "--clicks", "--no-red-flags"),
        ("--full", "--petrol-smell"),
        ("--full", "--smoke"),
        ("--full", "--audience", "clinician", "--cranking", "silent", "--no-red-flags"),
        ("explain", "--clicks", "--fuel", "petrol"),
        ("what-if", "--clicks", "--change", "petrol_smell=yes"),
        ("model", "show"),
        ("model", "show", "fuel_leak"),
        ("model", "show", "battery_voltage"),
        ("model", "show", "jump"),
    ],
)
def test_no_page_speaks_of_backs_or_of_medicine(arguments):
    said = re.sub(r"--audience\s+clinician|--[\w|-]+|lbp-infer", "", words_of(*arguments))
    # What the program's own options say is the same for every model.
    said = said.partition("\nOptions:")[0].replace("for people who can check it", "")
    assert OF_BACKS.findall(said) == []


def test_the_page_to_print_speaks_of_cars(tmp_path):
    page = tmp_path / "car.html"
    words_of("explain", "--clicks", "--no-red-flags", "--html", str(page))
    body = page.read_text(encoding="utf-8").partition("<body>")[2]
    said = re.sub(r"<[^>]*>", " ", body).replace("for people who can check it", "")
    assert "Of 100 cars" in said
    assert OF_BACKS.findall(said) == []


def test_a_mechanic_is_asked_what_a_test_shows():
    said = {**NO_DANGER, "fuel": "petrol", "cranking": "silent"}
    asked = {each.id for each in car().diagnose(said, "clinician").questions}
    assert {"battery_voltage", "fuel_pressure"} <= asked
    assert {each.asked_of for each in car().diagnose(said).questions} == {"self"}
    shown = words_of("model", "show", "battery_voltage")
    assert "asked of: mechanic" in shown


def test_an_interview_ends_with_a_plan():
    shown = words_of("ask", "--answers", "-", stdin="petrol\n0\nturns slowly\nstop\n")
    assert "Urgency: try it yourself" in shown
    assert "Flat battery" in shown
    assert "Plan: Jump start" in shown


def test_a_table_of_cars_is_diagnosed(tmp_path):
    (tmp_path / "cars.csv").write_text("car,clicks,battery_voltage\n1,yes,11.2\n2,,12.6\n3,,9V\n")
    result = run(
        *("batch", str(tmp_path / "cars.csv"), "-o", str(tmp_path / "out.csv"), "--keep", "car"),
        *("--model", "car-start"),
    )
    assert result.exit_code == 5
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert "battery_voltage" in lines[3]
    assert "from 0 to 15 (volts)" in lines[3]


def test_json_has_the_ids_of_the_levels_and_their_words():
    triage = answer("--model", "car-start", "--smoke")["triage"]
    assert (triage["level"], triage["label"]) == ("emergency", "get away")


def test_an_unknown_word_is_answered_with_flags_of_this_model():
    assert "--battery-age" in refused("--model", "car-start", "battery")
