"""The command with other models, and `lbp-infer model`: check, show and copy."""

import re

import pytest
from cli_support import GEARBOX, answer, refused, run


@pytest.fixture
def gearbox(tmp_path):
    path = tmp_path / "gearbox.yaml"
    path.write_text(GEARBOX)
    return str(path)


def test_another_model_makes_the_flags(gearbox):
    found = answer("--model", gearbox, "--whine")
    assert found["model"]["id"] == "gearbox"
    assert found["causes"][0]["probability"] > 0.5
    assert answer("--whine", LBP_INFER_MODEL=gearbox) == found
    assert "--whine" in refused("--whine")


def test_ids_that_clash_with_other_flags_still_have_their_own(gearbox):
    listed = run("--model", gearbox, "--help").stdout
    assert "--answer-case" in listed
    found = answer("--model", gearbox, "--answer-case", "--no-whine", "--no-answer-whine")
    said = {item["id"]: item["value"] for item in found["evidence"]}
    assert said == {"case": True, "no_whine": True, "whine": False}


def test_model_check_sums_up_or_lists_every_mistake(gearbox, tmp_path):
    sound = run("model", "check", gearbox)
    assert sound.exit_code == 0
    assert sound.stdout.count("\n") == 1
    assert "1 cause, 3 findings" in sound.stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        GEARBOX.replace("value: 0.7", "value: 7").replace("label: Silence", "lable: S")
    )
    bad = run("model", "check", str(broken))
    assert bad.exit_code == 3
    assert bad.stdout == ""
    places = re.findall(r"broken\.yaml:(\d+):\d+: ", bad.stderr)
    assert len(places) >= 2
    assert run("--model", str(broken), "--whine").exit_code == 3
    assert run("model", "check", gearbox, LBP_INFER_MODEL=str(broken)).exit_code == 0


def test_model_show_lists_causes_with_prevalence_and_findings_by_group():
    shown = run("model", "show")
    assert shown.exit_code == 0
    for each in ("lbp-runner", "facet_joint", "10 %", "Aggravating", "coughing", "Red flags"):
        assert each in shown.stdout
    assert run("model", "show", "lbp-runner").stdout == shown.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("facet_joint", ("Prevalence", "5 % to 18 %", "DePalma|Manchikanti", "leaning_back")),
        ("coughing", ("sneezing", "background|none of the causes", "disc", "radiculopathy-025")),
        ("age", ("How old", "worth 60 patients", "facet_joint")),
        ("training_spike", ("12 % to 42 %", "_", r"x \d", "Advice")),
        ("calm_and_neutral", ("Urgency", "no_identified_cause", "Sources")),
        ("neural_tension", ("straight_leg_raise",)),
        ("leg_pain", ("referral",)),
    ],
)
def test_model_show_id_gives_every_number_with_source(name, words):
    shown = run("model", "show", name)
    assert shown.exit_code == 0, shown.stderr
    for each in words:
        assert re.search(each, shown.stdout), each


def test_every_id_can_be_shown(model):
    from lbp_infer.render_entry import entry_page

    for section in ("causes", "shared", "risk_factors", "findings", "derived", "pathways"):
        for name in getattr(model.description, section):
            assert entry_page(model, name)


def test_model_show_of_an_unknown_id_names_the_nearest():
    assert "facet_joint" in refused("model", "show", "facet_jont")


def test_model_copy_can_be_checked_and_used(tmp_path):
    copied = run("model", "copy", "lbp-runner", str(tmp_path / "mine"))
    assert copied.exit_code == 0, copied.stderr
    path = re.search(r"--model (\S+)", copied.stdout.replace("\n", " ")).group(1)
    assert run("model", "check", path).exit_code == 0
    assert "check" in copied.stdout
