"""Simulated patients: drawn as often as they come, rare causes more often and weighted back."""

import numpy as np
import pytest

import bayesnet
from bayesnet.tuning.patients import Patients, Sizes, simulate
from bayesnet.tuning.scoring.shares import share_error


def small_network() -> bayesnet.Network:
    """Risk r, causes c (common) and d (rare, from r), finding f of both."""
    names = ("r", "c", "d", "f")
    variables = tuple(bayesnet.Variable(name, ("no", "yes")) for name in names)
    families = (
        bayesnet.Table("r", (), np.array([0.7, 0.3])),
        bayesnet.Table("c", (), np.array([0.8, 0.2])),
        bayesnet.Table("d", ("r",), np.array([[0.99, 0.01], [0.96, 0.04]])),
        bayesnet.noisy_or("f", {"c": 0.5, "d": 0.8}, 0.1),
    )
    return bayesnet.Network(variables, families)


PREVALENCES = {"c": 0.2, "d": 0.019}


MANY = Sizes(400_000, 4_000, 4_000)


def simulated(seed: int = 1, sizes: Sizes = MANY) -> Patients:
    return simulate(small_network(), PREVALENCES, np.random.default_rng(seed), sizes)


def test_weighted_patients_have_the_exact_marginals_and_conditionals() -> None:
    engine = small_network().compile()
    patients = simulated()
    for name, exact in engine.marginals().items():
        found = np.average(patients.codes[name], weights=patients.weights)
        assert found == pytest.approx(exact[1], abs=0.012), name
    for given in ("c", "d"):
        has = patients.having(given)
        for name, exact in engine.marginals({given: "yes"}).items():
            found = patients.share(patients.codes[name] == 1, has)
            assert found == pytest.approx(exact[1], abs=0.025), (given, name)


def test_weights_add_up_to_the_people_and_a_rare_cause_has_its_patients() -> None:
    patients = simulated()
    assert patients.weights.sum() == pytest.approx(400_000, rel=0.02)
    assert patients.having("d").sum() == pytest.approx(4_000, rel=0.06)
    assert np.unique(patients.weights).size == 3
    rare = patients.weights[patients.having("d")]
    assert np.ptp(rare) == 0.0
    assert rare[0] == pytest.approx(400_000 * 0.019 / 4_000)


def test_those_of_a_group_are_as_many_as_wanted_and_weigh_the_same() -> None:
    sizes = Sizes(people=40_000, anyone=1_000, each_cause=20, each_group=2_000)
    drawn = simulate(small_network(), PREVALENCES, np.random.default_rng(1), sizes, [("c", "d")])
    having = drawn.having_any(("c", "d"))
    assert having.sum() == pytest.approx(2_000, rel=0.06)
    assert np.ptp(drawn.weights[having]) == 0.0
    assert drawn.weights.sum() == pytest.approx(40_000, rel=0.1)


def test_a_shares_error_is_its_spread_over_samples() -> None:
    sizes = Sizes(4_000, 300, 60)
    found, errors = [], []
    for seed in range(120):
        patients = simulated(seed, sizes)
        everyone = np.ones(len(patients), dtype=np.bool_)
        shown = patients.codes["f"] == 1
        found.append(patients.share(shown, everyone))
        errors.append(share_error(shown, patients.weights))
    assert np.std(found) == pytest.approx(np.mean(errors), rel=0.2)
    assert np.mean(found) == pytest.approx(small_network().compile().marginals()["f"][1], abs=0.01)


def test_everyone_is_kept_when_as_many_are_wanted_as_there_are() -> None:
    patients = simulated(sizes=Sizes(300, 300, 1))
    assert len(patients) == 300
    assert (patients.weights == 1.0).all()


def test_the_seed_decides_who_comes() -> None:
    first, again, other = simulated(2), simulated(2), simulated(3)
    assert all((first.codes[n] == again.codes[n]).all() for n in first.codes)
    assert len(first) != len(other) or any(
        (first.codes[n] != other.codes[n]).any() for n in first.codes
    )
