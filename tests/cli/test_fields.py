"""`--json --fields A,B.C`: these parts of the JSON and no others."""

import pytest
from support.cli import GEARBOX_FLAGS, answer, refused

pytestmark = pytest.mark.usefixtures("gearbox_by_default")


def test_a_part_is_what_the_whole_has_there():
    whole = answer(*GEARBOX_FLAGS)
    found = answer(*GEARBOX_FLAGS, "--fields", "triage.level,model,causes.id,causes.probability")
    assert list(found) == ["model", "triage", "causes"]
    assert found["model"] == whole["model"]
    assert found["triage"] == {"level": whole["triage"]["level"]}
    assert found["causes"] == [
        {"id": each["id"], "probability": each["probability"]} for each in whole["causes"]
    ]


def test_a_part_named_twice_or_with_its_whole_is_there_once():
    whole = answer(*GEARBOX_FLAGS)
    again = answer(*GEARBOX_FLAGS, "--fields", "triage", "--fields", "triage.level, triage.message")
    assert again == {"triage": whole["triage"]}


def test_what_is_null_stays_null():
    names = ("--fields", "next_question.text,should_stop")
    found = answer("--model", "lbp-runner", "--saddle-numbness", "--bladder-change", *names)
    assert found == {"next_question": None, "should_stop": True}


def test_commands_that_write_json_take_it_on_either_side():
    one = answer("explain", *GEARBOX_FLAGS, "--fields", "reasoning.method,triage.level")
    assert one == answer("--fields", "reasoning.method,triage.level", "explain", *GEARBOX_FLAGS)
    assert set(one) == {"triage", "reasoning"}
    two = answer("what-if", "--change", "whine=yes", "--fields", "before.triage.level,changes")
    assert set(two) == {"changes", "before"}
    assert set(two["before"]) == {"triage"}


def test_an_interview_ends_in_the_same_parts(tmp_path):
    lines = tmp_path / "answers"
    lines.write_text("whine=yes\nhours=4000\n")
    fields = ("--fields", "causes.probability")
    asked = answer("ask", "--answers", str(lines), *fields)
    assert asked == answer("--whine", "--hours", "4000", *fields)


def test_the_sensitivity_is_a_part_where_it_is_asked_for():
    found = answer("--sensitivity", "--fields", "sensitivity.cause")
    assert found["sensitivity"][0]["cause"]
    said = refused("--json", "--fields", "sensitivity.cause")
    assert "--sensitivity" in said


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("trage", ("'trage'", "'triage'", "lbp-infer schema")),
        ("causes.idd", ("'causes'", "'idd'", "'id'")),
        ("triage.level.x", ("'triage.level' has no parts",)),
        ("", ("unknown field: ''",)),
        ("triage,", ("unknown field: ''",)),
        ("triage..level", ("unknown field of 'triage': ''",)),
        ("a\x1b[31mb", (r"a\x1b[31mb",)),
    ],
)
def test_a_name_that_is_none_is_refused_with_near_ones(fields, words):
    said = refused("--json", "--fields", fields)
    for each in words:
        assert each in said


def test_an_interview_is_not_begun_for_a_name_that_is_none():
    assert "unknown field" in refused("ask", "--json", "--fields", "trage", stdin="stop\n")


def test_it_goes_with_json():
    assert "--json" in refused("--fields", "triage")
    assert "--json" in refused("explain", "--fields", "triage")


@pytest.mark.parametrize(
    ("args", "extra"),
    [
        (("--json", "--fields", "triage", "schema"), "--json"),
        (("--fields", "triage", "replay", "x"), "--fields"),
        (("--whine", "flags"), "--whine"),
        (("--json", "completion", "bash"), "--json"),
        (("--full", "explain"), "--full"),
        (("--sensitivity", "worn_bearing", "ask"), "--sensitivity"),
    ],
)
def test_an_option_that_a_command_does_not_take_is_refused(args, extra):
    said = refused(*args)
    assert extra in said
    assert "leave it out" in said
