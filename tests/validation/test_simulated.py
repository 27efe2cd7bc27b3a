"""Simulated patients, what is measured of them, and how answers change with the numbers."""

from functools import cache

import numpy as np
import pytest
from lbp_validation.simulation.decisions import (
    Decisions,
    any_of,
    decide,
    joined,
    listed,
    posteriors_of,
    questions,
    thresholds,
)
from lbp_validation.simulation.must_not_miss import most_found, shares
from lbp_validation.simulation.robustness import nearest_prevalence, with_prevalence
from lbp_validation.simulation.simulation import (
    Simulation,
    View,
    patients_of,
    solved_model,
)
from support.models import gearbox

from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.solving.parameters import solve
from bayesnet.tuning.patients import Patients, Sizes

SIZES = Sizes(people=60_000, anyone=300, each_cause=20)


@cache
def cars() -> Patients:
    return patients_of(gearbox(), np.random.default_rng(5), SIZES)


def test_cars_come_in_the_models_proportions() -> None:
    patients = cars()
    for name in ("slipping_belt", "cracked_case", "worn_bearing"):
        share = np.average(patients.having(name), weights=patients.weights)
        exact = gearbox().description.causes[name].prevalence.value or 0.0
        assert share == pytest.approx(exact, rel=0.5)
    assert min(patients.having(c).sum() for c in gearbox().description.causes) >= 8


# --- deciding ---------------------------------------------------------------------------------


def test_patients_are_decided_as_a_single_person_is() -> None:
    model, asked = gearbox(), questions(gearbox(), "self")
    some = cars().take(np.arange(6))
    decided = decide(model, some.codes, "self")
    on_list = listed(model, decided.posteriors)
    for row in range(6):
        evidence = {}
        for name in asked:
            state = model.network.variable(name).states[some.codes[name][row]]
            evidence[name] = state == "yes" if model.known[name].is_yes_no else state
        report = model.diagnose(evidence)
        assert LEVELS[decided.levels[row]] == report.triage.level
        assert report.pathway is not None
        assert decided.pathways[row] == report.pathway.id
        assert {c for c, each in on_list.items() if each[row]} == {
            each.id for each in report.must_not_miss
        }
        for cause in report.causes:
            found = decided.posteriors[cause.id][row]
            assert found == pytest.approx(cause.probability, rel=1e-9)
        none = report.no_identified_cause.probability
        assert decided.posteriors["no_identified_cause"][row] == pytest.approx(none, rel=1e-9)


def test_only_a_clinician_has_tests() -> None:
    alone, examined = (questions(gearbox(), who) for who in ("self", "clinician"))
    assert set(alone) < set(examined)
    assert "ultrasound" in examined
    assert "ultrasound" not in alone


def test_what_is_not_asked_leaves_the_prevalence() -> None:
    found = posteriors_of(gearbox(), {"hours": np.array([-1, 0])})
    prior = gearbox().description.causes["slipping_belt"].prevalence.value
    assert found["slipping_belt"][0] == pytest.approx(prior, abs=1e-9)
    assert found["slipping_belt"][1] != pytest.approx(prior, abs=1e-3)


def test_any_serious_cause_is_one_less_all_absent_together() -> None:
    model, three = gearbox(), cars().take(np.arange(3))
    asked = {name: three.codes[name] for name in questions(model, "clinician")}
    serious = list(thresholds(model))
    for row, found in enumerate(any_of(model, asked, serious)):
        states = {name: model.network.variable(name).states for name in asked}
        evidence = {name: states[name][codes[row]] for name, codes in asked.items()}
        exact = 1.0 - model.engine.joint(serious, evidence).flat[0]
        assert found == pytest.approx(exact, abs=1e-9)


def test_the_most_that_can_be_found_is_counted_at_one_false_list_in_ten(monkeypatch) -> None:
    """Of ten without a serious cause one passes the cut, and two of the four with one do."""
    model = gearbox()
    first = next(iter(thresholds(model)))
    names = {*model.description.causes, *questions(model, "self")}
    codes = {name: np.zeros(14, dtype=np.intp) for name in names}
    codes[first][10:] = 1
    chances = np.array([*np.linspace(0.01, 0.10, 10), 0.05, 0.09, 0.10, 0.20])
    monkeypatch.setattr("lbp_validation.simulation.must_not_miss.any_of", lambda *_: chances)
    people = Patients(codes, np.ones(14))
    nothing = Decisions({}, np.zeros(14, dtype=np.intp), np.full(14, None, dtype=object))
    people = Simulation(model, people, {"self": View(people, nothing)}, {})
    assert most_found(people, "self") == pytest.approx(0.5)


def test_lower_thresholds_list_more_people() -> None:
    model = gearbox()
    chances = np.linspace(0.0, 0.4, len(cars()))
    posteriors = dict.fromkeys(model.description.causes, chances)
    found = [shares(model, cars(), posteriors, factor) for factor in (0.5, 1.0, 2.0)]
    alarms, listed_to = zip(
        *((each.false_alarm.value, each.any_listed.value) for each in found), strict=True
    )
    assert alarms[0] > alarms[1] > alarms[2]
    assert listed_to[0] >= listed_to[1] >= listed_to[2]
    everyone = shares(model, cars(), posteriors, 0.0)
    assert {each.value for each in (everyone.false_alarm, everyone.any_listed)} == {1.0}
    assert everyone.own_listed.value == 1.0


def test_an_alarm_for_another_cause_is_a_list_but_not_the_own_one() -> None:
    model = gearbox()
    first, second, *_ = thresholds(model)
    causes = model.description.causes
    codes = {name: np.zeros(4, dtype=np.intp) for name in causes}
    codes[first] = np.array([1, 1, 0, 0])
    none = np.zeros(4)
    posteriors = dict.fromkeys(causes, none)
    posteriors[first] = np.array([0.9, 0.0, 0.0, 0.0])
    posteriors[second] = np.array([0.0, 0.9, 0.9, 0.0])
    found = shares(model, Patients(codes, np.array([1.0, 3.0, 1.0, 4.0])), posteriors, 1.0)
    shown = (found.false_alarm, found.any_listed, found.own_listed)
    assert [each.value for each in shown] == [0.2, 1.0, 0.25]
    assert all(each.low <= each.value <= each.high for each in shown)


def test_decisions_of_groups_are_put_one_after_the_other() -> None:
    model, some = gearbox(), cars().take(np.arange(5))
    whole = decide(model, some.codes, "self")
    rows = (np.arange(2), np.arange(2, 5))
    parts = joined([decide(model, some.take(each).codes, "self") for each in rows])
    assert parts.levels.tolist() == whole.levels.tolist()
    assert parts.pathways.tolist() == whole.pathways.tolist()
    assert all((parts.posteriors[n] == whole.posteriors[n]).all() for n in whole.posteriors)


# --- robustness -------------------------------------------------------------------------------


def test_a_prevalence_is_changed_as_far_as_the_model_allows() -> None:
    description = gearbox().description
    usual = description.causes["slipping_belt"].prevalence.value or 0.0
    assert nearest_prevalence(description, "slipping_belt", usual / 2) == usual / 2
    changed = solved_model(with_prevalence(description, "slipping_belt", usual / 2))
    assert changed.diagnose({}).causes
    found = {cause.id: cause.probability for cause in changed.diagnose({}).causes}
    assert found["slipping_belt"] == pytest.approx(usual / 2, abs=1e-9)
    assert found["dry_bushing"] == pytest.approx(
        description.causes["dry_bushing"].prevalence.value, abs=1e-9
    )
    most = nearest_prevalence(description, "worn_bearing", 0.9)
    assert usual < most < 0.9
    assert not solve(with_prevalence(description, "worn_bearing", most))[1]
    assert solve(with_prevalence(description, "worn_bearing", most * 1.001))[1]
