"""Scores of tables: impossible rows, rows too improbable for a circuit, and the same bits twice."""

import itertools
import math

import numpy as np
import pytest
from support.networks import any_states, drawn_rows, layered, table_of, two_state

from bayesnet import Network, NoisyMax, Table, Variable, noisy_or
from bayesnet.inference.cases import cases_of
from bayesnet.network.evidence import encode_table


@pytest.fixture(params=["numpy", "numba"])
def executor(request):
    if request.param == "numba":
        pytest.importorskip("numba")
    return request.param


def rare_and_impossible():
    """Two causes apart from each other; a finding of each that is as rare as can be, or never."""
    names = ("x", "y")
    families = []
    for name in names:
        families.append(Table(name, (), np.array([0.75, 0.25])))
        rare = np.array([[1.0, 1e-250, 0.0], [1.0, 3e-250, 0.0]])
        families.append(Table(f"of_{name}", (name,), rare))
    variables = [
        variable
        for name in names
        for variable in (two_state(name), Variable(f"of_{name}", ("none", "rare", "never")))
    ]
    return Network(tuple(variables), tuple(families))


ROWS = [
    {},
    {"of_x": "rare"},
    {"of_x": "rare", "of_y": "rare"},
    {"of_x": "never"},
    {"of_x": "none", "of_y": "rare"},
    {"of_x": "rare", "of_y": "never"},
]


@pytest.mark.parametrize("likelihoods", [False, True])
def test_rare_and_impossible_rows_among_others(executor, likelihoods):
    """Each is what it is by itself; what is impossible has no posterior at all."""
    network = rare_and_impossible()
    rows = ROWS * 20
    table = table_of(network, rows)
    if likelihoods:
        table["y"] = np.tile([2.0, 2.0], (len(rows), 1))
    engine = network.compile(executor=executor)
    found = engine.inference.score(encode_table(network, table), range(4))
    rare, more = math.log(1.5) + math.log(1e-250), math.log(2.0) if likelihoods else 0.0
    expected = np.array([0.0, rare, 2 * rare, -math.inf, rare, -math.inf]) + more
    np.testing.assert_allclose(found.log_probability, np.tile(expected, 20), atol=1e-9)
    x, y = ([0.75, 0.5, 0.5, 0, 0.75, 0], [0.75, 0.75, 0.5, 0, 0.5, 0])
    possible = np.array([1, 1, 1, 0, 1, 0])
    for variable, first in ((0, x), (2, y)):
        each = np.stack([first, possible - first], axis=1)
        np.testing.assert_allclose(found.marginals[variable], np.tile(each, (20, 1)), atol=1e-12)
    for v in range(4):
        np.testing.assert_allclose(found.marginals[v].sum(axis=1), np.tile(possible, 20))
    np.testing.assert_array_equal(found.marginals[1][1], [0, 1, 0])
    nothing = engine.inference.score(encode_table(network, table), ())
    np.testing.assert_allclose(nothing.log_probability, found.log_probability, atol=1e-9)
    assert nothing.marginals == {}


def test_rows_of_a_likelihood_column_take_its_scale(executor):
    """Twice the likelihood is twice the probability; the posteriors stay."""
    network = rare_and_impossible()
    engine = network.compile(executor=executor)
    values = np.array([[1.0, 0.5], [2.0, 1.0], [1e-300, 5e-301], [1e300, 5e299], [0.0, 0.0]])
    table = {"x": values, "of_x": ["rare"] * 5}
    found = engine.inference.score(encode_table(network, table), [0, 2])
    weights = np.array([0.75, 0.75]) * 1e-50 * values[0]
    logs = np.log(weights.sum()) - 200 * math.log(10) + np.log([1, 2, 1e-300, 1e300])
    np.testing.assert_allclose(found.log_probability, [*logs, -math.inf], atol=1e-9)
    np.testing.assert_allclose(found.marginals[0][:4, 0], 2 / 3, rtol=1e-12)
    np.testing.assert_allclose(found.marginals[2][:4, 0], 0.75, rtol=1e-12)
    assert not found.marginals[0][4].any()


def test_one_row_is_not_the_next_one_s(executor):
    """Unobserved leaves of a pattern that comes again are read for the case that is asked."""
    links = (np.array([[1, 0, 0], [0.2, 0.3, 0.5]]),) * 2
    families = (
        Table("x", (), np.array([0.7, 0.3])),
        Table("y", ("x",), np.array([[0.9, 0.1], [0.4, 0.6]])),
        NoisyMax("leaf", ("x", "y"), np.array([0.8, 0.1, 0.1]), links),
        noisy_or("f", {"x": 0.5, "y": 0.8}, 0.01),
    )
    leaf = Variable("leaf", ("none", "some", "much"))
    network = Network((two_state("x"), two_state("y"), leaf, two_state("f")), families)
    engine = network.compile(executor=executor)
    observed = encode_table(network, {"y": ["no", "yes", "no"], "f": ["yes", "yes", "no"]})
    for _ in range(2):
        found = engine.inference.score(observed, (0, 2))
        for row, case in enumerate(cases_of(observed)):
            alone = engine.inference.posterior(case, (0, 2))
            assert found.log_probability[row] == pytest.approx(alone.log_z[0], abs=1e-12)
            for variable, values in alone.marginals([0, 2]).items():
                np.testing.assert_allclose(found.marginals[variable][row], values[:, 0], atol=1e-12)


def test_the_same_bits_twice_and_from_a_fresh_engine(executor):
    network = layered(6)
    rows = drawn_rows(network, any_states(network, 1, 70), seed=2)
    table = table_of(network, rows)
    columns = ["r0", "c1", *(f"f{i}" for i in range(0, 16, 3))]
    observed = encode_table(network, {name: table[name] for name in columns})
    variables = [network.position(name) for name in ("c3", "f0", "f1", "f2", "r0")]
    engine = network.compile(executor=executor)
    runs = [each.inference.score(observed, variables) for each in (engine, engine)]
    runs.append(layered(6).compile(executor=executor).inference.score(observed, variables))
    for other in runs[1:]:
        np.testing.assert_array_equal(other.log_probability, runs[0].log_probability)
        for variable in variables:
            np.testing.assert_array_equal(other.marginals[variable], runs[0].marginals[variable])


def test_the_order_of_the_variables_does_not_matter(executor):
    network = layered(6)
    rows = drawn_rows(network, any_states(network, 1, 9), seed=2)
    table = table_of(network, rows)
    columns = ["r0", "c1", *(f"f{i}" for i in range(0, 16, 3))]
    observed = encode_table(network, {name: table[name] for name in columns})
    inference = network.compile(executor=executor).inference
    some = [network.position(name) for name in ("f1", "c3", "f0")]
    one, other = (
        inference.score(observed, some),
        inference.score(observed, some[::-1]),
    )
    for variable in some:
        found = other.marginals[variable]
        np.testing.assert_allclose(one.marginals[variable], found, rtol=1e-12, atol=1e-15)


def impossible_highest_state(seed):
    """A chain of eight; a leaf with parents along it, whose highest state none brings about."""
    random = np.random.default_rng(seed)
    names = [f"x{i}" for i in range(8)]
    families = [Table("x0", (), random.dirichlet(np.ones(2)))]
    for above, name in itertools.pairwise(names):
        families.append(Table(name, (above,), random.dirichlet(np.ones(2), 2)))
    links = [np.pad(random.dirichlet(np.ones(2), 2), ((0, 0), (0, 1))) for _ in range(3)]
    leak = np.array([0.7, 0.3, 0.0])
    families.append(NoisyMax("leaf", ("x0", "x4", "x7"), leak, tuple(links)))
    leaf = Variable("leaf", ("none", "some", "much"))
    return Network((*map(two_state, names), leaf), tuple(families))


def test_no_probability_is_below_zero(executor):
    for seed in range(20):
        engine = impossible_highest_state(seed).compile(executor=executor)
        found = engine.marginals_many({"x3": ["yes", "no", None]})
        assert min(values.min() for values in found.values()) >= 0, seed


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_information_about_a_leaf_with_an_impossible_state_is_a_number(executor):
    for seed in range(20):
        engine = impossible_highest_state(seed).compile(executor=executor)
        for _ in range(2):
            bits = engine.information_each(["x0", "x7"], ["leaf"], {"x3": "yes"})
            assert all(math.isfinite(each["leaf"]) for each in bits.values()), seed
