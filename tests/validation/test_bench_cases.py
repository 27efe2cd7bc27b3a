"""What the benchmark asks, and that its rivals are asked the right thing."""

import sys
from itertools import product
from math import prod
from pathlib import Path

import numpy as np
import pytest
from lbp_validation.bench import ck_peer
from lbp_validation.bench.conditioned import by_cases
from lbp_validation.bench.forward_sampling import draw, patterns
from lbp_validation.bench.goals import LARGE_BEFORE
from lbp_validation.bench.made import chain, clinic, polytree, qmr, quickscore, too_wide
from lbp_validation.bench.networks import ASKED_TWICE, LARGE_NETWORKS
from lbp_validation.bench.peer import TOLERANCE, Peer, peers, table_peer
from lbp_validation.bench.people import (
    EVERYTHING,
    MODEL,
    SIX,
    people,
    questionnaires,
    questions,
    ragged,
)

import bayesnet
from bayesnet.tuning.drawing import draw_many


def small_network() -> bayesnet.Network:
    def cause(name: str, chance: float) -> bayesnet.Table:
        return bayesnet.Table(name, (), np.array([1 - chance, chance]))

    return bayesnet.Network(
        (
            bayesnet.Variable("a", ("no", "yes")),
            bayesnet.Variable("b", ("no", "yes")),
            bayesnet.Variable("f", ("no", "yes")),
            bayesnet.Variable("g", ("none", "some", "much")),
        ),
        (
            cause("a", 0.1),
            cause("b", 0.02),
            bayesnet.noisy_or("f", {"a": 0.7, "b": 0.9}, 0.05),
            bayesnet.Table("g", ("b",), np.array([[0.8, 0.15, 0.05], [0.1, 0.3, 0.6]])),
        ),
    )


# --- cases ------------------------------------------------------------------------------------


def test_many_drawn_cases_follow_the_network():
    network = small_network()
    drawn = draw_many(network, np.random.default_rng(0), 20_000)
    prior = network.compile().marginals()
    for name, codes in drawn.items():
        shares = np.bincount(codes, minlength=len(prior[name])) / len(codes)
        assert shares == pytest.approx(prior[name], abs=0.015)
    both = drawn["g"][drawn["b"] == 1]
    assert np.mean(both == 2) == pytest.approx(0.6, abs=0.08)


def test_a_case_is_drawn_parents_before_children():
    network = bayesnet.Network(
        (bayesnet.Variable("b", ("low", "high")), bayesnet.Variable("a", ("no", "yes"))),
        (
            bayesnet.Table("b", ("a",), np.array([[1.0, 0.0], [0.0, 1.0]])),
            bayesnet.Table("a", (), np.array([0.25, 0.75])),
        ),
    )
    rng = np.random.default_rng(1)
    drawn = [draw(network, rng) for _ in range(400)]
    assert all((case["a"] == "yes") == (case["b"] == "high") for case in drawn)
    assert 270 <= sum(case["a"] == "yes" for case in drawn) <= 330


def test_patterns_differ_and_have_their_share():
    found = patterns(small_network(), 0.5, 6, np.random.default_rng(0))
    assert len(set(found)) == 6
    assert all(len(pattern) == 2 for pattern in found)


def test_the_people_can_be_diagnosed_and_are_evidence_on_the_network():
    model = bayesnet.load_model(MODEL)
    everyone = people(model)
    assert model.diagnose(everyone[SIX], audience="clinician").causes
    assert all(np.isfinite(model.engine.log_probability(each)) for each in everyone.values())
    assert set(everyone[EVERYTHING]) == set(questions(model))


def test_tables_of_people_go_on_from_their_top():
    model = bayesnet.load_model(MODEL)
    fixed, mixed = questionnaires(model)[0], ragged(model)
    assert all(len(case) == 12 for case in fixed.cases(0, 5))
    cases = mixed.cases(0, 40)
    assert all(len(case) == 10 for case in cases)
    assert len({frozenset(case) for case in cases}) == 40
    assert set().union(*cases) <= set(questions(model))
    length = len(next(iter(mixed.columns.values())))
    assert mixed.cases(length, 2) == cases[:2]


# --- networks that are made -------------------------------------------------------------------


def test_a_clinic_is_the_same_again_and_has_its_shape():
    made, again = clinic(3), clinic(3)
    assert made.positive == again.positive
    assert np.array_equal(
        made.network.family(made.causes[0]).table(), again.network.family(made.causes[0]).table()
    )
    aged = sum("age" in made.network.family(cause).parents for cause in made.causes)
    assert 0.4 <= aged / len(made.causes) <= 0.9
    assert (len(made.causes), len(made.findings), len(set(made.positive))) == (27, 150, 10)
    assert len(made.open_to(dict.fromkeys(made.positive, "yes"))) == 140


def test_quickscore_is_brute_force():
    made = qmr(1, causes=5, findings=4, parents=3)
    engine = made.network.compile()
    found = engine.marginals({"finding_0": "yes", "finding_2": "yes", "finding_3": "no"})
    expected = [found[f"cause_{i}"][1] for i in range(5)]
    assert quickscore(made, [0, 2], [3]) == pytest.approx(expected, abs=TOLERANCE)


def test_a_polytree_has_no_loop_and_a_chain_is_one():
    for network in (polytree(0, 60), chain(0, 60)):
        assert sum(len(family.parents) for family in network.families) == 59
    assert max(len(family.parents) for family in polytree(0, 60).families) <= 3
    assert max(len(family.parents) for family in chain(0, 60).families) == 1


def test_the_wide_network_has_its_edges():
    network = too_wide(0)
    assert len(network.names) == 154
    assert sum(len(family.parents) for family in network.families) == 380


def test_what_was_measured_before_is_measured_still():
    assert set(LARGE_BEFORE) <= set(LARGE_NETWORKS)
    assert len(ASKED_TWICE) == 4


# --- rivals -----------------------------------------------------------------------------------


def test_an_engine_is_named_by_its_initials():
    assert Peer("LazyPropagation", None, ()).initials == "LP"
    assert Peer("LazyPropagation", None, (), changes=True).initials == "LP, changed"


def test_the_peer_agrees_and_a_wrong_answer_is_noticed():
    pytest.importorskip("pyagrum")
    network = bayesnet.Network(
        (
            bayesnet.Variable("a", ("no", "yes")),
            bayesnet.Variable("b", ("x", "y", "z")),
            bayesnet.Variable("c", ("no", "yes")),
        ),
        (
            bayesnet.Table("a", (), np.array([0.9, 0.1])),
            bayesnet.Table("b", ("a",), np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])),
            bayesnet.NoisyMax(
                "c",
                ("b", "a"),
                np.array([0.95, 0.05]),
                (
                    np.array([[1.0, 0.0], [0.7, 0.3], [0.4, 0.6]]),
                    np.array([[1.0, 0.0], [0.2, 0.8]]),
                ),
            ),
        ),
    )
    evidence = {"c": "yes"}
    ours = network.compile().marginals(evidence)
    assert max(peer.difference(evidence, ours) for peer in peers(network)) <= TOLERANCE
    wrong = {**ours, "a": ours["a"] + np.array([1e-6, -1e-6])}
    assert min(peer.difference(evidence, wrong) for peer in peers(network)) > TOLERANCE


@pytest.mark.parametrize("evidence", [{}, {"f": "yes"}])
def test_pyagrums_information_is_that_of_brute_force(evidence):
    pytest.importorskip("pyagrum")
    network = small_network()
    asked = [name for name in ("f", "g") if name not in evidence]
    for peer in peers(network):
        found = peer.information(evidence, ("a", "b"), asked)
        for cause, question in product(("a", "b"), asked):
            expected = brute_force_bits(network, cause, question, evidence)
            assert found[cause][question] == pytest.approx(expected, abs=TOLERANCE), peer.name


def brute_force_bits(network, cause, question, evidence):
    joint = np.zeros((2, len(network.variable(question).states)))
    for states in product(*(range(len(v.states)) for v in network.variables)):
        at = dict(zip(network.names, states, strict=True))
        if any(network.variable(n).states[at[n]] != state for n, state in evidence.items()):
            continue
        factors = [
            f.table()[(*(at[p] for p in f.parents), at[f.variable])] for f in network.families
        ]
        joint[at[cause], at[question]] += prod(factors)
    joint /= joint.sum()
    independent = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
    return float((joint * np.log2(joint / independent)).sum())


def test_pyagrum_answers_tables_whose_rows_observe_more_less_and_other_things():
    pytest.importorskip("pyagrum")
    network = small_network()
    cases = [
        {"f": "yes", "g": "much"},
        {"f": "no", "g": "some"},
        {"f": "yes"},
        {"g": "none"},
        {},
    ]
    engine = network.compile()
    for targets in (network.names, ("a", "b")):
        peer = table_peer(network, targets)
        for case in cases:
            ours = engine.marginals(case)
            assert peer.difference(case, ours) <= TOLERANCE, peer.initials
            wrong = {**ours, "a": ours["a"] + 1e-6}
            assert peer.difference(case, wrong) > TOLERANCE


@pytest.mark.parametrize("evidence", [{"f": "yes"}, {"f": "yes", "b": "yes"}])
def test_by_total_probability_comes_the_same_posterior(evidence):
    engine = small_network().compile()
    found = by_cases(engine, evidence, ("b", "g"), ("a", "b"))
    assert set(found) == {"a"}
    assert found["a"] == pytest.approx(engine.marginals(evidence)["a"], abs=TOLERANCE)


def test_without_a_newer_python_there_are_no_circuits(tmp_path: Path):
    assert ck_peer.interpreter(str(tmp_path / "python3.13")) == ""
    assert ck_peer.interpreter(sys.executable) in ("", sys.executable)


def test_another_process_is_told_the_network_and_the_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """With a stand-in that answers the product of what it was told, not a circuit."""
    stand_in = tmp_path / "program.py"
    stand_in.write_text(STAND_IN, encoding="utf-8")
    monkeypatch.setattr(ck_peer, "PROGRAM", stand_in)
    network = small_network()
    circuits = ck_peer.compiled(sys.executable, network)
    try:
        found = circuits.marginals({"g": "much"})
        assert set(found) == {"a", "b", "f"}
        assert found["f"] == pytest.approx([0.95, 0.05])
        job = circuits.contender([[{"g": "much"}], [{}]]).prepare()
        assert job().seconds == 1.0
    finally:
        circuits.close()
    assert circuits.process.returncode == 0


STAND_IN = """
import json, sys
families = json.loads(sys.stdin.readline())["families"]
print("{}", flush=True)
for line in sys.stdin:
    cases = json.loads(line)["cases"]
    first = [family["table"][0] for family in families]
    print(json.dumps({"seconds": float(len(cases)), "answers": [first for _ in cases]}), flush=True)
"""
