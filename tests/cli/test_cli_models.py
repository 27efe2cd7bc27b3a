"""The command with other models, and `lbp-infer model`: check, show and copy."""

import json
import re

import pytest
from support.cli import GEARBOX, answer, refused, run
from support.models import GEARBOX_FILE, runner
from support.models import gearbox as whole_gearbox
from support.paths import MODELS


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
    listed = run("--model", gearbox, "flags").stdout
    assert "--answer-case" in listed
    found = answer("--model", gearbox, "--answer-case", "--no-whine", "--no-answer-whine")
    said = {item["id"]: item["value"] for item in found["evidence"]}
    assert said == {"case": True, "no_whine": True, "whine": False}


def test_model_check_does_not_need_the_default_model(gearbox, tmp_path):
    sound = run("model", "check", gearbox)
    assert sound.exit_code == 0
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
    shown = run("model", "show", str(GEARBOX_FILE))
    assert shown.exit_code == 0
    for each in ("gearbox", "worn_bearing", "16 %", "Aggravating", "squeal_cold", "Red flags"):
        assert each in shown.stdout
    assert run("model", "show", LBP_INFER_MODEL=str(GEARBOX_FILE)).stdout == shown.stdout


def show(*args, columns="80"):
    """What `model show` says of the gearbox, on one line."""
    shown = run("model", "show", *args, LBP_INFER_MODEL=str(GEARBOX_FILE), COLUMNS=columns)
    assert shown.exit_code == 0, shown.stderr
    return " ".join(shown.stdout.split())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("worn_bearing", ("Prevalence", "9 % to 26 %", "Smith", "whine_under_load", "play_test")),
        ("worn_bearing", ("Codes", "B7 Bearing, worn", "damage .urn:oid:2.999.1.: by its picture")),
        ("drive", ("Codes", "Q1 Kind of drive", "manual: M Manual drive", "Smith 2019")),
        ("bearing-001", ("Codes that rest on it", "worn_bearing: B7 Bearing, worn")),
        ("whine", ("drive off", "none of the causes", "worn_bearing", "bearing-006")),
        ("hours", ("How many hours", "worth 60 cases", "worn_bearing")),
        ("old_oil", ("10 % to 34 %", r"x \d", "Advice")),
        ("tow", ("Chosen at: urgent", "no_identified_cause", "Sources")),
        ("vibration", ("stethoscope",)),
        ("felt", ("felt_at",)),
        ("loose_bolt", ("recent_repair", "bolt_check")),
    ],
)
def test_model_show_id_gives_every_number_with_source(name, words):
    for each in words:
        assert re.search(each, show(name)), each


def test_every_id_can_be_shown():
    from lbp_infer.screen.render_entry import entry_page

    for section in ("causes", "shared", "risk_factors", "findings", "derived", "pathways"):
        for name in getattr(whole_gearbox().description, section):
            assert entry_page(whole_gearbox(), name)


def test_model_show_of_an_unknown_id_names_the_nearest():
    said = refused("--model", str(GEARBOX_FILE), "model", "show", "worn_baring")
    assert "worn_bearing" in said


def test_cause_tells_the_whole_story():
    shown = show("worn_bearing", columns="120")
    for each in (
        r"of cars in this setting 16 % \(9 % to 26 %\) adapted",
        "not followed, bearing-003: 40 %",
        "judgement: expert judgement alone",
        "doi:",
        "three fleets, boxes opened; n 340",
        "read in its abstract",
        "Published, and not followed or not used .* bearing-004 from memory, not checked",
        "Set aside: no colour of grease in the model",
    ):
        assert re.search(each, shown), each


def test_finding_tells_which_figures_it_does_not_follow():
    shown = show("play_test")
    assert "not followed, bearing-008: 41 % by apprentices" in shown
    assert "Smith 2022" in shown


def test_figure_shows_its_fields_and_what_rests_on_it():
    shown = show("bearing-007")
    for each in (
        r"LR\+ 8 \(95 % interval 4 to 16\)",
        "Smith 2022",
        "Numbers that rest on it .* play_test, with worn_bearing: 70 %",
    ):
        assert re.search(each, shown), each
    aside = show("bearing-008")
    assert "Numbers that do not follow it, and why - play_test, with worn_bearing" in aside
    assert "Why no number rests on it" in aside
    assert "Rules and care that rest on it" in show("case-002")


@pytest.mark.parametrize("model", [whole_gearbox, runner], ids=["gearbox", "runner"])
def test_every_figure_can_be_shown(model):
    from lbp_infer.screen.render_entry import entry_page

    for name in list(model().description.figures)[::20]:
        assert entry_page(model(), name)


def test_numbers_lists_all_with_grades():
    shown = run("model", "show", "--numbers", LBP_INFER_MODEL=str(GEARBOX_FILE))
    assert shown.exit_code == 0
    assert shown.stdout.count("all ") >= 2
    assert re.search(r"prevalence +16 % +\(9 % to 26 %\) +adapted +bearing-001", shown.stdout)
    assert re.search(r"play_test \(finding\)\n  background", shown.stdout)
    assert "…" not in shown.stdout


def test_numbers_of_one_id_as_json():
    model = {"LBP_INFER_MODEL": str(GEARBOX_FILE)}
    found = json.loads(run("model", "show", "--numbers", "--json", "worn_bearing", **model).stdout)
    assert found["model"]["id"] == "gearbox"
    assert sum(found["grades"].values()) == len(found["numbers"])
    prevalence = found["numbers"][0]
    assert prevalence["path"] == ["causes", "worn_bearing", "prevalence"]
    assert prevalence["grade"] == "adapted"
    assert "bearing-003" in prevalence["conflicts"]
    assert {each["entry"] for each in found["numbers"]} >= {"worn_bearing", "whine"}
    whole = json.loads(run("model", "show", "--numbers", "--json", **model).stdout)
    assert len(whole["numbers"]) > len(found["numbers"])
    assert [each["code"] for each in found["codings"]] == ["B7", "12"]
    manual = next(each for each in whole["codings"] if each["answer"])
    assert manual == {
        "id": "drive",
        "answer": "manual",
        "system": "http://workshop.example/drives",
        "code": "M",
        "display": "Manual drive",
        "source": ["Smith 2019, J Gears 1:2"],
        "why": "",
    }


def test_numbers_refuses_what_it_cannot_do(gearbox):
    named = ("--model", gearbox, "model", "show")
    assert "worn_bearing" in refused(*named, "--numbers", "worn_baring")
    assert "'--json' goes with '--numbers'" in refused("model", "show", "--json")
    shown = run("model", "show", "--numbers", gearbox)
    assert re.search(r"judgement +7 +100%", shown.stdout)


def test_model_copy_can_be_checked_and_used(tmp_path):
    copied = run("model", "copy", "car-start", str(tmp_path / "mine"))
    assert copied.exit_code == 0, copied.stderr
    path = re.search(r"--model (\S+)", copied.stdout.replace("\n", " ")).group(1)
    assert run("model", "check", path).exit_code == 0
    assert "check" in copied.stdout


def test_a_copy_is_the_shipped_files_as_they_are(tmp_path):
    run("model", "copy", "lbp-runner", str(tmp_path))
    copied = {each.name: each.read_bytes() for each in (tmp_path / "lbp_runner").glob("*.yaml")}
    shipped = (MODELS / "lbp_runner").glob("*.yaml")
    assert copied == {each.name: each.read_bytes() for each in shipped}
