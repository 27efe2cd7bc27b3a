"""The engine against brute force on random networks."""

import itertools
import math

import numpy as np
import pandas
import pytest
from hypothesis import given
from support.budget import examples
from support.networks import cases, joint_distribution, networks, with_evidence
from support.readouts import left_out

from bayesnet.errors import EvidenceError, ImpossibleEvidenceError
from bayesnet.network import Network, Table, Variable
from bayesnet.network.evidence import encode_case


@examples(100)
@given(cases())
def test_marginals_and_log_probability_match_enumeration(case):
    network, evidence = case
    engine = network.compile()
    joint = with_evidence(network, joint_distribution(network), evidence)
    total = joint.sum()
    if total == 0:
        assert engine.log_probability(evidence) == -math.inf
        with pytest.raises(ImpossibleEvidenceError):
            engine.marginals(evidence)
        return
    assert engine.log_probability(evidence) == pytest.approx(math.log(total), abs=1e-9)
    found = engine.marginals(evidence)
    hard = {name for name, value in evidence.items() if isinstance(value, str)}
    assert set(found) == set(network.names) - hard
    for name, values in found.items():
        axis = network.position(name)
        expected = joint.sum(axis=tuple(a for a in range(joint.ndim) if a != axis)) / total
        np.testing.assert_allclose(values, expected, atol=1e-9)


@examples(40)
@given(cases(7))
def test_joint_of_any_variables_matches_enumeration(case):
    network, evidence = case
    joint = with_evidence(network, joint_distribution(network), evidence)
    if joint.sum() == 0:
        return
    names = list(network.names)[::-1][:4]
    found = network.compile().joint(names, evidence)
    axes = [network.position(name) for name in names]
    expected = joint.sum(axis=tuple(a for a in range(joint.ndim) if a not in axes)) / joint.sum()
    np.testing.assert_allclose(
        found, expected.transpose([sorted(axes).index(a) for a in axes]), atol=1e-9
    )


@examples(40)
@given(cases(6))
def test_most_probable_matches_enumeration(case):
    network, evidence = case
    joint = with_evidence(network, joint_distribution(network), evidence)
    if joint.sum() == 0:
        return
    hard = {name for name, value in evidence.items() if isinstance(value, str)}
    names = [name for name in network.names if name not in hard][::2]
    axes = [network.position(name) for name in names]
    table = joint.sum(axis=tuple(a for a in range(joint.ndim) if a not in axes)) / joint.sum()
    expected = sorted((p for p in table.ravel() if p > 0), reverse=True)[:5]
    found = network.compile().most_probable(evidence, names, k=5)
    np.testing.assert_allclose([each.probability for each in found], expected, atol=1e-9)
    assert len({tuple(each.states.items()) for each in found}) == len(found)
    for each in found:
        at = tuple(network.variable(n).index(each.states[n]) for n in network.names if n in names)
        assert table[at] == pytest.approx(each.probability, abs=1e-9)


@examples(60)
@given(cases(7))
def test_information_matches_enumeration(case):
    network, evidence = case
    joint = with_evidence(network, joint_distribution(network), evidence)
    if joint.sum() == 0:
        return
    joint = joint / joint.sum()
    names = network.names
    targets = [name for i, name in enumerate(names) if i % 2 == 0]
    questions = list(names)
    found = network.compile().information(targets, questions, evidence)
    aims = [network.position(name) for name in targets]

    def entropy(axes):
        table = joint.sum(axis=tuple(a for a in range(joint.ndim) if a not in axes)).ravel()
        table = table[table > 0]
        return -(table * np.log2(table)).sum()

    for name in questions:
        axis = network.position(name)
        expected = entropy([axis]) + entropy(aims) - entropy(sorted({*aims, axis}))
        assert found[name] == pytest.approx(expected, abs=1e-9), name


@examples(30)
@given(cases(7))
def test_marginals_and_information_from_one_propagation_match_those_from_two(case):
    network, evidence = case
    if with_evidence(network, joint_distribution(network), evidence).sum() == 0:
        return
    engine = network.compile()
    targets, questions = network.names[::2], network.names[::3]
    marginals, bits = engine.marginals_and_information(targets, questions, evidence)
    expected = engine.marginals(evidence)
    assert set(marginals) == set(expected)
    for name, values in marginals.items():
        np.testing.assert_allclose(values, expected[name], atol=1e-12)
    assert bits == pytest.approx(engine.information(targets, questions, evidence), abs=1e-12)


@examples(40)
@given(cases(7))
def test_what_is_left_without_each_observation_matches_enumeration(case):
    network, evidence = case
    joint = joint_distribution(network)
    if with_evidence(network, joint, evidence).sum() == 0:
        return
    engine = network.compile()
    observed = encode_case(network, evidence)
    hard = {name for name, value in evidence.items() if isinstance(value, str)}
    targets = [v for v, name in enumerate(network.names) if name not in hard][:3]
    found = left_out(engine, observed, targets)
    assert {network.names[v] for v in found} == set(evidence)
    for variable, posteriors in found.items():
        rest = {n: v for n, v in evidence.items() if n != network.names[variable]}
        table = with_evidence(network, joint, rest)
        for target, values in posteriors.items():
            axes = tuple(axis for axis in range(table.ndim) if axis != target)
            np.testing.assert_allclose(values, table.sum(axis=axes) / table.sum(), atol=1e-9)


@examples(30)
@given(networks(6))
def test_a_table_of_cases_gives_what_each_row_gives_alone(network):
    engine = network.compile()
    random = np.random.default_rng(0)
    rows = []
    for _ in range(16):
        row = {
            v.name: v.states[random.integers(len(v.states))]
            for v in network.variables
            if random.random() < 0.4
        }
        if engine.log_probability(row) > -math.inf:
            rows.append(row)
    if not rows:
        return
    table = {name: [row.get(name) for row in rows] for name in network.names}
    many = engine.marginals_many(table)
    for i, row in enumerate(rows):
        for name, values in engine.marginals(row).items():
            np.testing.assert_allclose(many[name][i], values, atol=1e-12)
        for name, state in row.items():
            assert many[name][i, network.variable(name).index(state)] == 1.0
    logs = engine.log_probability_many(table)
    np.testing.assert_allclose(logs, [engine.log_probability(row) for row in rows], atol=1e-9)


@examples(40)
@given(cases(6))
def test_impossible_evidence_names_a_smallest_conflict(case):
    network, evidence = case
    joint = joint_distribution(network)
    if with_evidence(network, joint, evidence).sum() > 0:
        return
    smallest = next(
        size
        for size in range(1, len(evidence) + 1)
        for subset in itertools.combinations(evidence.items(), size)
        if with_evidence(network, joint, dict(subset)).sum() == 0
    )
    with pytest.raises(ImpossibleEvidenceError) as raised:
        network.compile().marginals(evidence)
    assert len(raised.value.conflicting) == smallest
    named = {each.split(" ")[0] for each in raised.value.conflicting}
    assert with_evidence(network, joint, {n: evidence[n] for n in named}).sum() == 0


def test_probabilities_far_below_the_smallest_float_stay_right():
    count = 400
    variables = [Variable("root", ("a", "b"))]
    families = [Table("root", (), np.array([0.5, 0.5]))]
    for i in range(count):
        variables.append(Variable(f"x{i}", ("a", "b")))
        families.append(Table(f"x{i}", ("root",), np.array([[0.999, 0.001], [0.998, 0.002]])))
    engine = Network(tuple(variables), tuple(families)).compile()
    evidence = {f"x{i}": "b" for i in range(count)}
    expected = math.log(0.5) + count * math.log(0.002) + math.log1p(0.5**count)
    assert expected < math.log(1e-300)
    assert engine.log_probability(evidence) == pytest.approx(expected, abs=1e-9)
    assert engine.marginals(evidence)["root"][1] == pytest.approx(1.0)


HALVES = Network((Variable("x", ("no", "yes")),), (Table("x", (), np.array([0.5, 0.5])),))


@pytest.mark.parametrize(
    "table",
    [
        {"x": ["yes", None, math.nan]},
        pandas.DataFrame({"x": pandas.array(["yes", None, None], dtype="string")}),
        pandas.DataFrame({"x": pandas.array([True, None, None], dtype="boolean")}),
        pandas.DataFrame({"x": pandas.Categorical(["yes", None, None])}),
    ],
)
def test_what_a_list_or_a_data_frame_calls_missing_is_unobserved(table):
    found = HALVES.compile().marginals_many(table)["x"]
    assert found.tolist() == [[0.0, 1.0], [0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize(
    "table",
    [
        None,
        ["yes"],
        "x",
        {"x": "yes"},
        {"x": [["yes"], {}]},
        {"x": 1},
        {5: ["yes"]},
        {"x": [{}, {}]},
    ],
)
def test_what_is_no_table_of_cases_is_refused(table):
    with pytest.raises(EvidenceError, match=r"mapping of variable|one value a case|unknown"):
        HALVES.compile().marginals_many(table)


@pytest.mark.parametrize("evidence", [["x"], "x", 3])
def test_what_is_no_evidence_is_refused(evidence):
    with pytest.raises(EvidenceError, match="mapping of variable"):
        HALVES.compile().marginals(evidence)


def test_a_column_that_stands_there_twice_is_not_taken_for_likelihoods():
    table = pandas.DataFrame([[True, False]], columns=["x", "x"])
    with pytest.raises(EvidenceError, match="'x' stands there twice"):
        HALVES.compile().marginals_many(table)
