"""Tables of cases, on every executor: against enumeration, row by row, and at the edges."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from support.budget import examples
from support.cli import child_environment
from support.exact_oracles import exact_joint, exactly_with, possible_states, two_noisy_ors
from support.networks import (
    any_states,
    drawn_rows,
    drawn_states,
    joint_distribution,
    layered,
    near_zero,
    networks,
    table_of,
    two_state,
    with_evidence,
)

from bayesnet import ImpossibleEvidenceError, Network, NoisyMax, Table, Variable, noisy_or

ROWS = 64
NETWORKS = {"layered": layered(8), "near zero": near_zero(3), "nearer zero": near_zero(7)}


@pytest.fixture(scope="module", params=["numpy", "numba"])
def executor(request):
    if request.param == "numba":
        pytest.importorskip("numba")
    return request.param


def compiled(network, executor):
    return network.compile(executor=executor)


def others(joint, axis):
    return tuple(each for each in range(joint.ndim) if each != axis)


def assert_rows_match_enumeration(engine, rows):
    network = engine.network
    table = table_of(network, rows)
    marginals = engine.marginals_many(table)
    logs = engine.log_probability_many(table)
    assert logs.shape == (len(rows),)
    assert set(marginals) == set(network.names)
    prior = joint_distribution(network)
    for at, row in enumerate(rows):
        joint = with_evidence(network, prior, row)
        assert logs[at] == pytest.approx(math.log(joint.sum()), abs=1e-9), at
        for axis, name in enumerate(network.names):
            expected = joint.sum(axis=others(joint, axis)) / joint.sum()
            np.testing.assert_allclose(
                marginals[name][at], expected, rtol=0, atol=1e-9, err_msg=f"{name}, row {at}"
            )


@examples(20)
@given(network=networks(6))
def test_mixed_rows_match_enumeration(executor, network):
    rows = drawn_rows(network, drawn_states(network, 1, ROWS), seed=2)
    assert_rows_match_enumeration(compiled(network, executor), rows)


@examples(20)
@given(network=networks(6))
def test_mixed_rows_match_each_row_alone(executor, network):
    engine = compiled(network, executor)
    rows = drawn_rows(network, drawn_states(network, 3, ROWS), seed=4)
    table = table_of(network, rows)
    marginals = engine.marginals_many(table)
    logs = engine.log_probability_many(table)
    for at, row in enumerate(rows):
        assert logs[at] == pytest.approx(engine.log_probability(row), abs=1e-12), at
        for name, values in engine.marginals(row).items():
            np.testing.assert_allclose(
                marginals[name][at], values, rtol=0, atol=1e-12, err_msg=f"{name}, row {at}"
            )


@examples(15)
@given(network=networks(6))
def test_rows_that_show_nothing_are_the_prior(executor, network):
    engine = compiled(network, executor)
    assert_rows_match_enumeration(engine, [{}] * ROWS)
    ones = {v.name: np.ones((ROWS, len(v.states))) for v in network.variables}
    np.testing.assert_allclose(engine.log_probability_many(ones), 0, atol=1e-12)
    prior = engine.marginals()
    for name, values in engine.marginals_many(ones).items():
        np.testing.assert_allclose(values, np.tile(prior[name], (ROWS, 1)), atol=1e-12)


@examples(15)
@given(network=networks(6))
def test_rows_that_show_every_state_match_enumeration(executor, network):
    states = drawn_states(network, 5, ROWS)
    rows = [
        {v.name: v.states[code] for v, code in zip(network.variables, codes, strict=True)}
        for codes in states.T
    ]
    assert_rows_match_enumeration(compiled(network, executor), rows)


@examples(15)
@given(network=networks(6))
def test_columns_of_likelihoods_match_enumeration(executor, network):
    """Every column; a state that the row was drawn from is never ruled out."""
    states = drawn_states(network, 6, ROWS)
    random = np.random.default_rng(7)
    rows = [{} for _ in range(ROWS)]
    for variable, codes in zip(network.variables, states, strict=True):
        values = random.choice([0.0, 0.2, 1.0, 7.0], (ROWS, len(variable.states)))
        values[np.arange(ROWS), codes] = random.uniform(0.1, 5, ROWS)
        for row, likelihood in zip(rows, values, strict=True):
            row[variable.name] = likelihood
    assert_rows_match_enumeration(compiled(network, executor), rows)


@pytest.mark.parametrize("pattern", ["mixed", "the later half"])
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_a_row_does_not_depend_on_the_others(executor, network, pattern):
    """Bit for bit, wherever a row stands and whatever stands beside it."""
    large = len(network.names) > 10
    states = any_states(network, 9, ROWS) if large else possible_states(network, 9, ROWS)
    rows = drawn_rows(network, states, seed=10)
    if pattern == "the later half":
        shown = range(len(network.names) // 2, len(network.names))
        named = [network.variables[v] for v in shown]
        rows = [
            {v.name: v.states[c] for v, c in zip(named, codes, strict=True)}
            for codes in states[shown].T
        ]
    table = table_of(network, rows)
    engine = compiled(network, executor)
    whole, logs = engine.marginals_many(table), engine.log_probability_many(table)
    shuffled = np.random.default_rng(11).permutation(ROWS)
    for order in ([0], [5], range(7), range(3, 10), [2, 2, 2], shuffled):
        part = {name: np.asarray(column)[list(order)] for name, column in table.items()}
        np.testing.assert_array_equal(engine.log_probability_many(part), logs[list(order)])
        for name, values in engine.marginals_many(part).items():
            np.testing.assert_array_equal(values, whole[name][list(order)], err_msg=name)


@pytest.mark.parametrize("seed", [*range(9), 10, 11, 12])
def test_near_zeros_match_exact_fractions(executor, seed):
    network = near_zero(seed)
    rows = drawn_rows(network, possible_states(network, seed, ROWS), seed)
    engine, table = compiled(network, executor), table_of(network, rows)
    marginals, logs = engine.marginals_many(table), engine.log_probability_many(table)
    assert logs.min() < math.log(1e-300)
    prior, exponent = exact_joint(network)
    for at, row in enumerate(rows):
        joint, raised = exactly_with(network, prior, row)
        expected = math.log(joint.sum()) - (exponent + raised) * math.log(2)
        assert logs[at] == pytest.approx(expected, abs=1e-9), at
        for axis, name in enumerate(network.names):
            posterior = joint.sum(axis=others(joint, axis)) / joint.sum()
            np.testing.assert_allclose(
                marginals[name][at],
                posterior.astype(float),
                rtol=0,
                atol=1e-11,
                err_msg=f"{name}, row {at}",
            )


@pytest.mark.parametrize(("findings", "small"), [(2, 1e-160), (5, 1e-300), (40, 1e-300)])
def test_tiny_findings_of_one_cause(executor, findings, small):
    """Their product is a float that lost its digits, or no float at all."""
    names = [f"f{i}" for i in range(findings)]
    values = np.array([[1 - small, small], [1 - 2 * small, 2 * small]])
    tables = [Table(name, ("cause",), values) for name in names]
    families = (Table("cause", (), np.array([0.5, 0.5])), *tables)
    engine = compiled(Network((two_state("cause"), *map(two_state, names)), families), executor)
    every = dict.fromkeys(names, "yes")
    table = table_of(engine.network, [every, {}])
    odds = 2.0**findings
    found = engine.marginals_many(table)["cause"]
    np.testing.assert_allclose(found, [[1 / (1 + odds), odds / (1 + odds)], [0.5, 0.5]])
    expected = math.log((1 + odds) / 2) + findings * math.log(small)
    np.testing.assert_allclose(engine.log_probability_many(table), [expected, 0], atol=1e-9)


def test_tiny_and_huge_likelihoods(executor):
    network = Network((two_state("x"),), (Table("x", (), np.array([0.5, 0.5])),))
    engine = compiled(network, executor)
    likelihoods = np.array([[1e-305, 3e-305], [1e-200, 3e-200], [0, 1e-300], [1e300, 3e300]])
    found = engine.marginals_many({"x": likelihoods})["x"]
    np.testing.assert_allclose(found[:, 0], [0.25, 0.25, 0, 0.25], rtol=1e-12)
    expected = np.log(likelihoods.sum(axis=1) / 2)
    np.testing.assert_allclose(engine.log_probability_many({"x": likelihoods}), expected)


def test_variables_with_one_state(executor):
    """As root, in the middle and at the end; observed, by likelihood, and not at all."""
    one = [Variable(name, ("only",)) for name in ("root", "middle", "leaf", "noisy")]
    x, y = two_state("x"), Variable("y", ("a", "b", "c"))
    link = np.array([[0.9, 0.08, 0.02]])
    families = (
        Table("root", (), np.array([1.0])),
        Table("x", ("root",), np.array([[0.8, 0.2]])),
        Table("middle", ("x",), np.ones((2, 1))),
        NoisyMax("y", ("middle", "x"), link[0], (link, np.array([[1, 0, 0], [0.2, 0.3, 0.5]]))),
        Table("leaf", ("y", "middle"), np.ones((3, 1, 1))),
        NoisyMax("noisy", ("x", "root"), np.ones(1), (np.ones((2, 1)), np.ones((1, 1)))),
    )
    network = Network((*one, x, y), families)
    engine = compiled(network, executor)
    for seed in range(4):
        states = drawn_states(network, seed, ROWS)
        assert_rows_match_enumeration(engine, drawn_rows(network, states, seed))
    alone = compiled(Network(one[:1], families[:1]), executor)
    table = {"root": [None, "only"]}
    assert alone.marginals_many(table)["root"].tolist() == [[1.0], [1.0]]
    assert alone.log_probability_many(table).tolist() == [0.0, 0.0]
    halved = {"root": np.array([[0.5], [2.0]])}
    np.testing.assert_allclose(alone.log_probability_many(halved), np.log([0.5, 2.0]))


def causes_and_two_findings(random):
    """60 causes, each a parent of both noisy-ORs; (network, priors, links, leaks)."""
    priors, leaks = random.uniform(0.01, 0.4, 60), np.array([0.01, 0.1])
    links = random.uniform(0.01, 0.3, (60, 2))
    causes = [f"c{i}" for i in range(60)]
    families = [
        *(Table(c, (), np.array([1 - p, p])) for c, p in zip(causes, priors, strict=True)),
        *(noisy_or(f"f{k}", dict(zip(causes, links[:, k], strict=True)), leaks[k]) for k in (0, 1)),
    ]
    variables = [two_state(family.variable) for family in families]
    return Network(tuple(variables), tuple(families)), priors, links, leaks


def test_sixty_parents_on_a_noisy_or(executor):
    random = np.random.default_rng(12)
    network, *numbers = causes_and_two_findings(random)
    rows = drawn_rows(network, any_states(network, 13, ROWS), seed=14)
    rows += [{"f0": "yes"}, {"f1": "no"}, {"f0": "yes", "f1": "yes"}, {"f0": "yes", "f1": "no"}]
    table = table_of(network, rows)
    engine = compiled(network, executor)
    marginals, logs = engine.marginals_many(table), engine.log_probability_many(table)
    for at, row in enumerate(rows):
        weights = np.ones((62, 2))
        for name, value in row.items():
            if isinstance(value, str):
                value = [float(value == "no"), float(value == "yes")]
            weights[network.position(name)] = value
        total, each = two_noisy_ors(weights[:60], weights[60:], *numbers)
        assert logs[at] == pytest.approx(math.log(total), abs=1e-8), at
        found = [marginals[f"c{i}"][at, 1] for i in range(60)]
        np.testing.assert_allclose(found, each / total, rtol=0, atol=1e-9, err_msg=f"row {at}")


@pytest.mark.parametrize("others_show", ["the same", "other variables"])
def test_an_impossible_row_is_named(executor, others_show):
    families = (
        Table("x", (), np.array([0.6, 0.4])),
        Table("y", ("x",), np.array([[1.0, 0.0], [0.5, 0.5]])),
        Table("z", ("x",), np.array([[0.3, 0.7], [0.9, 0.1]])),
    )
    engine = compiled(Network(tuple(map(two_state, "xyz")), families), executor)
    rows = [{"x": "no", "y": "no", "z": "yes"} for _ in range(ROWS)]
    if others_show == "other variables":
        rows = [{name: row[name] for name in "xyz"[at % 3]} for at, row in enumerate(rows)]
    rows[41] = {"x": "no", "y": "yes", "z": "yes"}
    table = table_of(engine.network, rows)
    with pytest.raises(ImpossibleEvidenceError) as raised:
        engine.marginals_many(table)
    assert set(raised.value.conflicting) == {"x = no", "y = yes"}
    told = " ".join([str(raised.value), *getattr(raised.value, "__notes__", [])])
    assert "row 41" in told
    logs = engine.log_probability_many(table)
    assert np.flatnonzero(np.isneginf(logs)).tolist() == [41]
    del rows[41]
    kept = engine.log_probability_many(table_of(engine.network, rows))
    np.testing.assert_array_equal(np.delete(logs, 41), kept)


def test_a_likelihood_of_zeros_is_impossible(executor):
    engine = compiled(Network((two_state("x"),), (Table("x", (), np.array([0.5, 0.5])),)), executor)
    table = {"x": np.array([[1.0, 2.0], [0.0, 0.0]])}
    with pytest.raises(ImpossibleEvidenceError):
        engine.marginals_many(table)
    np.testing.assert_allclose(engine.log_probability_many(table), [math.log(1.5), -math.inf])


def test_a_table_without_rows_gives_none(executor):
    engine = compiled(layered(15), executor)
    table = {"c0": [], "f1": np.empty((0, 3))}
    assert engine.log_probability_many(table).shape == (0,)
    found = engine.marginals_many(table)
    assert {values.shape for values in found.values()} == {(0, 2), (0, 3)}


def test_one_case_by_default_loads_neither_numba_nor_pyarrow():
    script = (
        "import sys, bayesnet\n"
        "x = bayesnet.Variable('x', ('no', 'yes')), bayesnet.Variable('y', ('no', 'yes'))\n"
        "network = bayesnet.Network(x, (\n"
        "    bayesnet.Table('x', (), [0.9, 0.1]), bayesnet.noisy_or('y', {'x': 0.5}, 0.1)))\n"
        "assert network.compile().marginals({'y': 'yes'})['x'][1] > 0.3\n"
        "print([name for name in ('numba', 'pyarrow') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    result = subprocess.run(command, capture_output=True, env=child_environment(), timeout=30)
    assert (result.stdout, result.stderr) == (b"[]\n", b"")
