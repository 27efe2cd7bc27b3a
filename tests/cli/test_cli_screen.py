"""What people see: the help, the page of the answer, its width and its colours."""

import re

import pytest
from lbp_infer.commands.vocabulary import vocabulary
from lbp_infer.screen.page import bar
from lbp_infer.screen.reader import Reader
from lbp_infer.screen.render_report import report_page
from msgspec.structs import replace
from support.cli import GEARBOX, GEARBOX_FLAGS, on_terminal, run, spawn
from support.models import BEARING, gearbox

from bayesnet.diagnosis.report.percent import percent
from bayesnet.diagnosis.report.records import MustNotMiss

CLINICIAN = ("--audience", "clinician")

pytestmark = pytest.mark.usefixtures("gearbox_by_default")


@pytest.fixture
def model():
    return gearbox()


def text_of(report, model, capsys):
    from lbp_infer.screen.page import print_page

    reader = Reader(model.description, vocabulary(model.description), "clinician")
    print_page(report_page(report, reader))
    return capsys.readouterr().out


def test_help_groups_the_flags_within_80_columns(model):
    shown = run("--help").stdout
    assert run("-h").stdout == shown
    assert max(map(len, shown.splitlines())) <= 80
    headings = [line.rstrip(":") for line in shown.splitlines() if re.match(r"\S.*:$", line)]
    groups = ["Examples", "Aggravating", "Easing", "Site", "Onset", "History", "Contributors"]
    assert headings == [*groups, "Red flags", "Tests", "Options", "Commands"]
    for flag in vocabulary(model.description).flags.values():
        assert re.search(rf"^  {flag}( |$)", shown, re.MULTILINE), flag
    # Denials are explained once, not listed.
    listed = shown[shown.index("Aggravating:") : shown.index("Options:")]
    assert listed.count("--no-") == 1  # A finding is called so.
    assert "Does it squeal when cold" in shown


def test_version():
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("lbp-infer ")
    assert run("--version", LBP_INFER_MODEL="/nowhere.yaml").exit_code == 0


def test_triage_comes_first_and_an_emergency_fills_the_top():
    lines = run("--smoke", "--hours", "42").stdout.splitlines()
    assert lines[0] == "EMERGENCY  Stop now."
    assert lines[-1] == "EMERGENCY: Stop now."
    full = run("--full", "--smoke").stdout
    assert "EMERGENCY" in full.splitlines()[0]
    assert "Pathway" not in full
    assert "█" not in full
    assert run(*GEARBOX_FLAGS).stdout.split()[0] == "ROUTINE"


def test_the_page_holds_the_whole_answer(model):
    shown = " ".join(run("--full", *CLINICIAN, *GEARBOX_FLAGS, "--rough-road").stdout.split())
    report = model.diagnose({**BEARING, "rough_road": True}, "clinician")
    asked = report.next_question
    assert f"{asked.text} " in shown
    assert f"--unknown {asked.id}" in shown
    for part in (report.pathway.label, report.pathway.avoid[0], report.contributors[0].advice):
        assert part in shown
    for phase in report.pathway.phases:
        for exercise in phase.exercises:
            assert f"{exercise.name}: {exercise.dose}" in shown
            assert f"Progression: {exercise.progression}" in shown
            assert f"Stop if: {exercise.stop_if}" in shown
    assert report.disclaimer in shown
    assert "Quiet downhill: yes (+" in shown
    assert "--no-red-flags" in shown
    assert "No identified cause" in shown


def test_must_not_miss_clinicians_questions_and_intervals_are_shown(model, capsys):
    report = model.diagnose({"hours": 45})
    missed = MustNotMiss("loose_bolt", "A bolt that falls", 0.031, 4.4, 0.02, "Harm outweighs.")
    question = replace(
        model.diagnose({}).next_question, id="hours", choices=(), unit="hours", asked_of="clinician"
    )
    first = replace(report.causes[0], interval=(0.2, 0.9))
    triage = replace(report.triage, level="urgent", label="urgent")
    changed = replace(
        report,
        next_question=question,
        causes=(first, *report.causes[1:]),
        triage=triage,
        must_not_miss=(missed,),
    )
    shown = " ".join(text_of(changed, model, capsys).split())
    assert "! A bolt that falls: 3.1 % (4.4 times its prevalence): Harm" in shown
    assert "--hours NUMBER" in shown
    assert "(for the mechanic)" in shown
    assert "20 to 90 %" in shown
    assert "URGENT" in shown
    done = replace(report, next_question=None, stop_reason="all was asked")
    assert re.search("None[.:] all was asked", text_of(done, model, capsys))


@pytest.mark.parametrize("columns", [20, 60, 80, 120, 400])
def test_the_page_keeps_to_the_width(columns):
    for args in (
        GEARBOX_FLAGS,
        ("--full", *GEARBOX_FLAGS),
        ("--smoke",),
        ("explain", *GEARBOX_FLAGS),
        ("model", "show", "worn_bearing"),
    ):
        shown = run(*args, COLUMNS=str(columns)).stdout
        assert max(map(len, shown.splitlines())) <= max(60, min(120, columns))


def test_percentages_and_bars():
    numbers = (0, 0.0001, 0.043, 0.0999, 0.38, 0.9999, 1)
    said = [percent(p) for p in numbers]
    assert said == ["0 %", "<0.1 %", "4.3 %", "10 %", "38 %", ">99.9 %", "100 %"]
    assert bar(1.0, 20, True) == "█" * 20
    assert bar(0.5, 4, False) == "##"
    assert bar(0.0, 4, True) == ""


def test_colour_only_on_a_terminal_and_never_with_no_color():
    assert "\x1b[" in on_terminal(*GEARBOX_FLAGS)
    assert "\x1b[" not in on_terminal(*GEARBOX_FLAGS, NO_COLOR="1")
    assert "\x1b[" not in on_terminal("--json")
    assert b"\x1b[" not in spawn(*GEARBOX_FLAGS, FORCE_COLOR="1").stdout


def test_text_on_a_terminal_that_knows_only_ascii():
    result = spawn(*GEARBOX_FLAGS, PYTHONIOENCODING="ascii")
    assert result.returncode == 0, result.stderr
    assert b"####" in result.stdout


def test_headings_are_the_models_own_words(tmp_path):
    path = tmp_path / "gearbox.yaml"
    path.write_text(GEARBOX.replace("group: tests", "group: on the lift"), encoding="utf-8")
    shown = run("--model", str(path), "--help").stdout
    headings = [line.rstrip(":") for line in shown.splitlines() if re.match(r"\S.*:$", line)]
    assert headings == ["Examples", "Aggravating", "Easing", "On the lift", "Options", "Commands"]


def test_a_screen_of_signs_is_shown_with_the_flag_of_each():
    shown = run("--hours", "4000", "--drive", "manual").stdout
    told = " ".join(shown.partition("Next question")[2].split())
    assert "Do you notice any of these?" in told
    for flag in ("--smoke", "--burning-smell", "--gear-jumps"):
        assert flag in told
