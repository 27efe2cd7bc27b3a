"""What the benchmark makes of its measurements, and that its rivals are asked the right thing."""

import math
import os
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from lbp_validation.bench.cohort import one_core
from lbp_validation.bench.comparison import Comparison, Goal, goal_row, verdict
from lbp_validation.bench.forward_sampling import draw_many, patterns
from lbp_validation.bench.goals import rate_row
from lbp_validation.bench.peer import TOLERANCE, Peer, peers
from lbp_validation.bench.timing import Contender, Ratio, interleaved, short, within

import bayesnet
from bayesnet.network.evidence import encode_table

EACH = Goal("task", "in words", "numpy", 8, "each")
MEDIAN = Goal("task", "in words", "numpy", 8, "median")


def measured(times: float | None, **different: str) -> Comparison:
    found = None if times is None else Ratio(times, times / 2, times * 2)
    return Comparison(
        different.get("task", "task"),
        "subject",
        different.get("executor", "numpy"),
        found,
        different.get("peer", "pyAgrum"),
        note="answers differ",
    )


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


# --- verdicts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "ratios", "met"),
    [
        (EACH, [8.0, 9.0, 30.0], True),
        (EACH, [7.9, 9.0, 30.0], False),
        (MEDIAN, [1.0, 8.0, 30.0], True),
        (MEDIAN, [1.0, 7.9, 30.0], False),
        (EACH, [9.0, None], False),
        (MEDIAN, [9.0, None, None], False),
    ],
)
def test_a_goal_is_met_by_each_or_by_the_median(goal, ratios, met):
    judged = verdict(goal, [measured(times) for times in ratios])
    assert judged is not None
    assert judged.met is met
    assert judged.subjects == len(ratios)
    assert judged.reached == sum(times is not None and times >= 8 for times in ratios)


def test_a_goal_counts_only_its_task_its_executor_and_pyagrum():
    others = [
        measured(0.1, task="other"),
        measured(0.1, executor="numba"),
        measured(0.1, peer="pgmpy"),
    ]
    assert verdict(EACH, others) is None
    judged = verdict(EACH, [*others, measured(10.0)])
    assert judged is not None
    assert judged.subjects == 1
    assert judged.met


def test_goal_rows_say_what_was_reached():
    found = [measured(5.0), measured(20.0), measured(40.0)]
    assert goal_row(EACH, found)[2:] == ("8 each", "20 (5-40)", "2 of 3", "not met")
    assert goal_row(MEDIAN, found)[2:] == ("8 median", "20 (5-40)", "2 of 3", "met")
    assert goal_row(EACH, [])[3:] == ("not measured", "-", "not met")


def test_the_rate_is_judged_by_the_median_table():
    assert rate_row({"x": 10_000.0, "y": 41_000.0, "z": 90_000.0})[-2:] == ("2 of 3", "met")
    assert rate_row({"x": 10_000.0, "y": 39_000.0, "z": 90_000.0})[-2:] == ("1 of 3", "not met")
    assert rate_row({})[-1] == "not met"


def test_a_measurement_says_its_spread_its_bound_or_why_there_is_none():
    assert str(measured(4.0)) == "4 (2-8)"
    assert str(measured(None)) == "answers differ"
    ratio = Ratio(1234.0, 1234.0, 1234.0)
    assert str(Comparison("t", "s", "numpy", ratio, "pgmpy", at_least=True)) == "over 1,234"
    assert short(0.012345) == "0.0123"


# --- running ----------------------------------------------------------------------------------


def test_when_time_is_up_no_round_is_begun_but_one_has_counted():
    contender = Contender("a", lambda: lambda: None)
    assert len(interleaved([contender], rounds=5, limit=0.0)["a"]) == 1
    assert len(interleaved([contender], rounds=5)["a"]) == 5


def test_patience_ends_between_two_results():
    seen: list[int] = []

    def results():
        for number in range(3):
            seen.append(number)
            yield number

    assert math.isinf(within(results(), -1.0))
    assert seen == [0]
    assert math.isfinite(within(results(), math.inf))
    assert seen == [0, 0, 1, 2]


def test_one_core_is_given_back():
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("cores cannot be chosen here")
    before = os.sched_getaffinity(0)
    with one_core():
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before


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


def test_patterns_differ_and_have_their_share():
    found = patterns(small_network(), 0.5, 6, np.random.default_rng(0))
    assert len(set(found)) == 6
    assert all(len(pattern) == 2 for pattern in found)


# --- rivals -----------------------------------------------------------------------------------


def test_an_engine_is_named_by_its_initials_and_threads():
    assert Peer("LazyPropagation", None, ()).initials == "LP"
    assert Peer("ShaferShenoyInference, 2 threads", None, ()).initials == "SSI 2t"


@pytest.mark.parametrize("evidence", [{}, {"f": "yes"}])
def test_pyagrums_information_is_that_of_brute_force(evidence):
    pytest.importorskip("pyagrum")
    from lbp_validation.bench.informant import Ask, informants

    network = small_network()
    causes = ("a", "b")
    questions = tuple(name for name in ("f", "g") if name not in evidence)
    expected = [[brute_force_bits(network, c, q, evidence) for q in questions] for c in causes]
    for informant in informants(peers(network)):
        found = informant.bits(Ask(evidence, causes, questions))
        assert found == pytest.approx(np.array(expected), abs=TOLERANCE), informant.name


def brute_force_bits(network, cause, question, evidence):
    joint = np.zeros((2, len(network.variable(question).states)))
    for states in product(*(range(len(v.states)) for v in network.variables)):
        at = dict(zip(network.names, states, strict=True))
        if any(network.variable(n).states[at[n]] != state for n, state in evidence.items()):
            continue
        factors = [
            f.table()[(*(at[p] for p in f.parents), at[f.variable])] for f in network.families
        ]
        joint[at[cause], at[question]] += math.prod(factors)
    joint /= joint.sum()
    independent = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
    return float((joint * np.log2(joint / independent)).sum())


def test_pyagrum_answers_tables_whose_rows_observe_more_less_and_other_things():
    pytest.importorskip("pyagrum")
    from lbp_validation.bench.peer_cohort import clerks

    network = small_network()
    table = {"f": [1, 0, 1, -1, -1], "g": [2, 1, -1, 0, -1]}
    observed = encode_table(network, network.state_names(table))
    every = tuple(range(4))
    ours = network.compile().inference.score(observed, every).marginals
    for targets in (every, (0, 1)):
        for clerk in clerks(network, targets):
            assert clerk.difference(observed, ours) <= TOLERANCE, clerk.name
    wrong = {**ours, 0: ours[0] + 1e-6}
    assert clerks(network, every)[0].difference(observed, wrong) > TOLERANCE


def test_the_picture_is_drawn_from_few_measurements(tmp_path: Path):
    pytest.importorskip("matplotlib")
    from lbp_validation.bench.plot import plot

    found = [
        Comparison("small, seen", "asia", "numpy", Ratio(9.0, 8.0, 10.0)),
        Comparison("small, seen", "asia", "numpy", Ratio(99.0, 99.0, 99.0), "pgmpy", at_least=True),
        Comparison("large, new", "munin", "numba", None, note="answers differ"),
        Comparison("person, + each", "somebody", "numba", Ratio(0.5, 0.4, 0.6)),
    ]
    plot(found, tmp_path / "picture.svg")
    drawn = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    assert "asia" in drawn
    assert "somebody" in drawn
    assert "munin" not in drawn
