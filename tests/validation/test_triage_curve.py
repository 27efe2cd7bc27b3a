"""Triage of simulated people: groups, the score of all thresholds, and the curve through it."""

import numpy as np
import pytest
from lbp_validation.simulation.decisions import Decisions, excess, thresholds
from lbp_validation.simulation.families import families
from lbp_validation.simulation.simulation import View
from lbp_validation.simulation.triage import FALSE, points, triage_of
from support.models import gearbox, runner

from bayesnet.tuning.patients import Patients


def test_excess_is_one_at_a_threshold_and_nothing_at_the_prevalence() -> None:
    model = gearbox()
    first, second, *_ = thresholds(model)
    causes = model.description.causes
    prior = {name: np.full(3, causes[name].prevalence.value) for name in causes}
    at, half = (
        np.array([1.0, 1.0, 0.0]) * factor * (thresholds(model)[name] - prior[name])
        for name, factor in ((first, 1.0), (second, 0.5))
    )
    found = excess(
        model, {**prior, first: prior[first] + at, second: prior[second] + half}, [first]
    )
    assert found == pytest.approx([1.0, 1.0, 0.0])
    both = {**prior, first: prior[first] + at, second: prior[second] + half}
    assert excess(model, both, [first, second]) == pytest.approx([1.5, 1.5, 0.0])
    less = {**prior, first: prior[first] * 0.1}
    assert excess(model, less, [first]).tolist() == [0.0, 0.0, 0.0]


def test_the_curve_tells_no_more_than_it_may_and_finds_more_by_a_better_score() -> None:
    rng = np.random.default_rng(1)
    having = np.arange(4_000) < 800
    patients = Patients({}, np.where(having, 1.0, 5.0))
    good = rng.normal(size=4_000) + 2.0 * having
    curve = points(patients, good, ~having, having)
    poor = points(patients, rng.normal(size=4_000), ~having, having)
    assert all(point.without <= share for point, share in zip(curve, FALSE, strict=True))
    assert all(a.found > b.found for a, b in zip(curve, poor, strict=True))
    assert [p.found for p in curve] == sorted(p.found for p in curve)
    everybody_alike = points(patients, np.zeros(4_000), ~having, having)
    assert {(point.without, point.found) for point in everybody_alike} == {(0.0, 0.0)}


def test_people_are_told_by_what_they_have() -> None:
    model = runner()
    serious = families(model).urgent[0]
    names = (*thresholds(model), *families(model).all)
    codes = {name: np.zeros(4, dtype=np.intp) for name in names}
    codes[serious] = np.array([1, 0, 0, 1])
    decided = Decisions({}, np.array([4, 3, 0, 0]), np.full(4, None, dtype=object))
    triage = triage_of(model, View(Patients(codes, np.array([1.0, 1.0, 3.0, 1.0])), decided))
    assert triage.without.tolist() == [False, True, True, False]
    assert triage.told("urgent", triage.without).value == pytest.approx(0.25)
    assert triage.told("emergency", triage.having(families(model).urgent)).value == 0.5


def test_families_are_causes_with_thresholds() -> None:
    assert set(families(runner()).all) <= set(thresholds(runner()))
    assert families(runner()).soon
    assert set(families(gearbox()).all) <= set(thresholds(gearbox()))
