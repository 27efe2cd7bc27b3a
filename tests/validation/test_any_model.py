"""The validation of models that the data is not of: all that needs none runs, the rest is named."""

from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner
from lbp_validation.__main__ import main
from lbp_validation.cases.textbook import least_levels
from lbp_validation.held import held_cases, held_figures, is_of
from lbp_validation.paths import CASES
from lbp_validation.published.entries import load_published
from lbp_validation.published.events import variables_of
from lbp_validation.report.model_card import model_card_section
from lbp_validation.report.part import Part
from lbp_validation.report.validation_report import JOBS, Run, Scale
from lbp_validation.simulation.families import families
from support.models import gearbox, runner

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.patients import Sizes
from bayesnet.tuning.published_cases import load_cases

TINY = Scale(
    patients=Sizes(people=4_000, anyone=24, each_cause=4),
    examined=3,
    worlds=1,
    of_each_world=Sizes(people=2_000, anyone=12, each_cause=1),
    followed=Sizes(people=2_000, anyone=6, each_cause=0),
    intervals=Sizes(people=2_000, anyone=3, each_cause=0),
    around=2,
    alarms=(4, 1, 4_000),
    nulls=1,
    answers=(3, 5, 0),
    drawn=24,
    interviewed=1,
    causes_changed=1,
)


@cache
def car() -> DiagnosticModel:
    return bayesnet.load_model("car-start")


@cache
def parts() -> tuple[Part, ...]:
    """All parts of the validation of the car."""
    told: list[str] = []
    run = Run(car(), load_cases(CASES), (), TINY, told.append)
    return tuple(chain.from_iterable(job(run) for job in JOBS))


@pytest.fixture
def without(tmp_path: Path) -> DiagnosticModel:
    """The runner model without a cause and a finding."""
    path = tmp_path / "less.yaml"
    path.write_text(
        "extends: lbp-runner\nsource: [audit 2026]\nunsafe: true\n"
        "causes: {hip_joint: null}\nfindings: {coughing: null}\n",
        encoding="utf-8",
    )
    return bayesnet.load_model(str(path))


def test_what_needs_no_data_runs_and_the_rest_is_named() -> None:
    titles = [section.title for part in parts() for section in part.sections]
    for title in ("Textbook presentations", "Robustness", "Interviews", "Arithmetic: calibration"):
        assert any(each.startswith(title) for each in titles), title
    left_out = {
        section.title
        for part in parts()
        for section in part.sections
        if str(section.blocks[0]).startswith("Left out")
    }
    assert left_out == {"Model-implied against published", "Published cases"}
    (card,) = model_card_section(car(), {}).blocks
    assert str(card).startswith("Left out")
    assert any("hours" in goal.asked for part in parts() for goal in part.goals)


def test_no_part_of_a_car_speaks_of_backs() -> None:
    said = " ".join(goal.asked for part in parts() for goal in part.goals)
    for word in ("cauda", "bone", "spine", "vertebra"):
        assert word not in said


def test_every_comparison_and_case_is_of_the_model_that_they_were_written_for() -> None:
    assert held_figures(runner(), load_published()) == load_published()
    assert held_cases(runner(), load_cases(CASES)) == load_cases(CASES)


def test_an_overlay_keeps_what_it_still_holds(without: DiagnosticModel) -> None:
    figures, cases = load_published(), load_cases(CASES)
    held = held_figures(without, figures).entries
    assert 0 < len(held) < len(figures.entries)
    assert not any("hip_joint" in entry.causes for entry in held)
    assert not any("coughing" in variables_of(entry.event) for entry in held)
    heard = held_cases(without, cases)
    gone = {each.id for each in cases} - {each.id for each in heard}
    assert gone == {e.id for e in cases if "hip_joint" in (e.confirmed, *e.also) and e.inside_model}
    assert not any("coughing" in each.evidence for each in heard)
    assert any("coughing" in each.evidence for each in cases)
    assert is_of(without, "lbp-runner")
    assert not is_of(car(), "lbp-runner")


def test_a_model_of_something_else_holds_none_of_it() -> None:
    for model in (gearbox(), car()):
        assert held_figures(model, load_published()).entries == ()
        assert held_cases(model, load_cases(CASES)) == ()


def test_families_and_levels_of_another_model_are_those_it_acts_at() -> None:
    assert families(car()).urgent == ("hot_cable",)
    assert families(car()).soon == ("fuel_leak",)
    assert least_levels(car()) == {"fuel_leak": "soon", "hot_cable": "urgent"}
    assert "cauda_equina" in families(runner()).urgent
    assert least_levels(runner())["cauda_equina"] == "emergency"


def test_what_cannot_be_validated_says_so(tmp_path: Path) -> None:
    unknown = CliRunner().invoke(main, ["--model", "lbp-runers"])
    assert unknown.exit_code != 0
    assert "lbp-runner" in unknown.output
    (tmp_path / "taken").write_text("", encoding="utf-8")
    words = ["--model", "car-start", "--out", str(tmp_path / "taken" / "below")]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 1
    assert "cannot write" in refused.output
