"""Noisy-MAX found in plain tables: nothing missed that is one, nothing taken that is not."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.benchmark_networks import benchmark_network
from support.networks import joint_distribution, networks

from bayesnet import Network, NoisyMax, Table, Variable, noisy_or
from bayesnet.inference import factors, family_factors
from bayesnet.inference.cases import Case
from bayesnet.inference.structure import structure_of
from bayesnet.inference.tape_layout import eliminated
from bayesnet.network import Array
from bayesnet.network.noisy_recognition import (
    as_noisy_max,
    chain_repays,
    simplified,
    without_idle_parents,
)


def family(leak: Array, *links: Array) -> NoisyMax:
    return NoisyMax("y", tuple(f"x{i}" for i in range(len(links))), leak, links)


def found_in(values: Array) -> NoisyMax:
    found = as_noisy_max(values)
    assert found is not None
    leak, links = found
    for rows in (leak, *links):
        assert (rows >= 0).all()
        np.testing.assert_allclose(rows.sum(axis=-1), 1.0, rtol=1e-14)
    return family(leak, *links)


def assert_found(values: Array) -> NoisyMax:
    found = found_in(values)
    np.testing.assert_allclose(found.table(), values, rtol=1e-12, atol=0)
    return found


def deterministic(function, sizes: list[int], states: int) -> Array:
    values = np.zeros((*sizes, states))
    for row in itertools.product(*map(range, sizes)):
        values[(*row, function(row))] = 1.0
    return values


@st.composite
def noisy_families(draw: st.DrawFn, least: int = 1, zeros: tuple[float, ...] = (0.0, 0.4)):
    """Up to four parents and the variable with `least` to four states; some entries zero."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    states = draw(st.integers(least, 4))
    sizes = draw(st.lists(st.integers(least, 4), min_size=least, max_size=4))
    absent = draw(st.sampled_from(zeros))

    def rows(*shape: int) -> Array:
        values = random.dirichlet(np.ones(states), size=shape or None)
        values = np.where(random.random(values.shape) < absent, 0.0, values)
        at = random.integers(states)
        values[..., at] = np.where(values.sum(axis=-1) == 0, 1.0, values[..., at])
        return values / values.sum(axis=-1, keepdims=True)

    return family(rows(), *(rows(size) for size in sizes))


@given(noisy_families())
def test_every_noisy_max_is_found_again(made):
    assert_found(made.table())


@given(noisy_families())
def test_scaled_rows_are_found_too(made):
    values = made.table() * (1 + 1e-16)
    assert_found(values / values.sum(axis=-1, keepdims=True))


@given(noisy_families(least=2, zeros=(0.0,)), st.data())
def test_one_entry_a_billionth_off_is_refused(made, data):
    values = made.table().copy()
    row = tuple(data.draw(st.integers(0, size - 1)) for size in values.shape[:-1])
    larger, smaller = np.argsort(values[row])[[-1, 0]]
    values[row][larger] -= 1e-9
    values[row][smaller] += 1e-9
    assert as_noisy_max(values) is None


@given(noisy_families(least=2, zeros=(0.0,)), st.data())
def test_a_row_that_no_longer_sums_to_one_is_refused(made, data):
    values = made.table().copy()
    values[tuple(data.draw(st.integers(0, size - 1)) for size in values.shape)] += 1e-9
    assert as_noisy_max(values) is None


@pytest.mark.parametrize("leak", [0.0, 1e-300, 0.05, 1.0])
def test_a_noisy_or_with_an_inactive_state_comes_back_as_it_was(leak):
    made = noisy_or("y", {"x0": 0.3, "x1": 1e-9, "x2": 1.0}, leak)
    found = assert_found(made.table())
    np.testing.assert_allclose(found.leak, made.leak, rtol=1e-12)
    for link, expected in zip(found.links, made.links, strict=True):
        # A sure leak hides every link, so any will do; the simplest is none at all.
        shown = expected if leak < 1 else np.array([[1.0, 0.0], [1.0, 0.0]])
        # Beside the leak, a link shows only as far as the digits of their sum go.
        np.testing.assert_allclose(link, shown, rtol=1e-12, atol=1e-16 * min(1.0, leak * 1e3))


def test_the_leak_takes_what_no_parent_can_be_blamed_for():
    without_inactive = np.array([[0.7, 0.2, 0.1], [0.4, 0.3, 0.3]])
    made = family(np.array([0.9, 0.06, 0.04]), without_inactive, without_inactive[::-1])
    found = assert_found(made.table())
    for at, link in enumerate(found.links):
        np.testing.assert_allclose(link[at], [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(found.leak, made.table()[0, 1], rtol=1e-14)


def test_deterministic_maximum_and_or():
    for sizes in ([2, 2, 2], [3, 3], [3, 2, 1, 3]):
        values = deterministic(max, sizes, max(sizes))
        found = assert_found(values)
        assert found.leak[0] == 1.0
        np.testing.assert_array_equal(found.links[0], np.eye(max(sizes))[: sizes[0]])


def test_and_is_one_with_its_states_turned_round():
    values = deterministic(min, [2, 2, 2], 2)
    assert as_noisy_max(values) is None
    assert_found(values[..., ::-1])


@given(noisy_families(least=2, zeros=(0.0,)))
def test_a_noisy_min_is_found_only_turned_round(made):
    falling = made.table()[..., ::-1]
    assert_found(falling[..., ::-1])
    assert as_noisy_max(falling) is None


def test_exclusive_or_is_refused():
    values = deterministic(lambda row: sum(row) % 2, [2, 2], 2)
    assert as_noisy_max(values) is None
    assert as_noisy_max(values[..., ::-1]) is None


def test_zeros_that_no_product_makes_are_refused():
    below = np.array([[0.9, 0.5, 0.0], [0.4, 0.0, 0.0], [0.5, 0.2, 0.0]])
    assert as_noisy_max(np.stack([below, 1 - below], axis=-1)) is None


def test_the_impossible_is_told_from_the_improbable():
    below = np.array([[1.0, 1e-8], [1e-8, 1e-16]])
    values = np.stack([below, 1 - below], axis=-1)
    assert_found(values)
    values[1, 1, 0] = 0.0
    assert as_noisy_max(values) is None


def test_small_chances_keep_their_digits():
    links = [
        np.array([[1.0, 0.0, 0.0], [1.0 - 2.0 * tiny, 1.9 * tiny, 0.1 * tiny]])
        for tiny in (1e-12, 1e-100, 1e-300)
    ]
    assert_found(family(np.array([1.0, 1e-200, 1e-290]), *links).table())


def test_no_parents_and_parents_with_one_state():
    leak = np.array([0.2, 0.3, 0.5])
    np.testing.assert_allclose(found_in(leak).leak, leak, rtol=1e-15)
    one = np.array([[0.5, 0.5, 0.0]])
    found = assert_found(family(leak, one, np.array([[0.1, 0.1, 0.8], [0.6, 0.4, 0.0]])).table())
    np.testing.assert_allclose(found.links[0], [[1, 0, 0]], atol=1e-15)


def test_idle_parents_are_dropped():
    rows = np.array([[0.1, 0.9], [0.4, 0.6]])
    values = np.broadcast_to(rows[None, :, None, :], (3, 2, 4, 2))
    kept = without_idle_parents(Table("y", ("a", "b", "c"), values))
    assert kept.parents == ("b",)
    np.testing.assert_array_equal(kept.values, rows)
    assert without_idle_parents(kept) is kept
    constant = without_idle_parents(Table("y", ("a",), np.full((3, 2), 0.5)))
    assert constant.parents == ()
    np.testing.assert_array_equal(constant.values, [0.5, 0.5])


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((2,), False),
        ((2, 2), False),
        ((2, 2, 2), False),
        ((2, 2, 2, 2), True),
        ((3, 3, 2), True),
        ((2, 2, 2, 4), False),
        ((2, 4, 3), False),
        ((2, 2, 2, 2, 4), True),
        ((2, 2, 2, 2, 8), False),
    ],
)
def test_when_a_chain_repays(shape, expected):
    assert chain_repays(shape) is expected
    *sizes, states = shape
    if len(sizes) < 2:
        return
    names = tuple(f"x{i}" for i in range(len(sizes)))
    states_of = [*sizes, states]
    variables = tuple(
        Variable(name, tuple(map(str, range(size))))
        for name, size in zip((*names, "y"), states_of, strict=True)
    )
    roots = [
        Table(name, (), np.full(size, 1 / size)) for name, size in zip(names, sizes, strict=True)
    ]
    links = tuple(np.full((size, states), 1 / states) for size in sizes)
    network = Network(variables, (*roots, NoisyMax("y", names, np.full(states, 1 / states), links)))
    made = factors_without_evidence(network)
    largest = max(math.prod(made.sizes[v] for v in factor.scope) for factor in made.factors)
    assert (largest < math.prod(shape)) is expected


def factors_without_evidence(network: Network) -> factors.Factors:
    """Of every variable, a noisy-MAX as a chain wherever that is smaller."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(family_factors, "TABLE_ENTRIES", 0)
        every = range(len(network.names))
        return factors.factors_of(structure_of(network), Case({}, {}), every)


def as_tables(network: Network) -> Network:
    return Network(
        network.variables,
        tuple(Table(f.variable, f.parents, f.table()) for f in network.families),
    )


@given(networks(most=8))
def test_a_simplified_network_is_the_same_network(network):
    tables = as_tables(network)
    simpler = simplified(tables)
    assert simpler.variables == tables.variables
    np.testing.assert_allclose(
        joint_distribution(simpler), joint_distribution(tables), rtol=1e-11, atol=0
    )


def test_a_noisy_min_is_simplified_too():
    made = noisy_or("y", {f"x{i}": 0.1 * (i + 1) for i in range(4)}, 0.05)
    variables = tuple(Variable(name, ("yes", "no")) for name in (*made.parents, "y"))
    roots = [Table(name, (), np.array([0.3, 0.7])) for name in made.parents]
    table = Table("y", made.parents, np.flip(made.table()))
    network = Network(variables, (*roots, table))
    found = simplified(network).family("y")
    assert isinstance(found, NoisyMax)
    assert found.lowest == -1
    np.testing.assert_allclose(found.table(), table.values, rtol=1e-12)


def test_a_network_with_nothing_to_gain_is_left_alone():
    variables = (Variable("x", ("a", "b")), Variable("y", ("a", "b")))
    rows = np.array([[0.1, 0.9], [0.4, 0.6]])
    network = Network(variables, (Table("x", (), rows[0]), Table("y", ("x",), rows)))
    assert simplified(network) is network


def test_the_shipped_model_is_found_in_its_own_tables(model):
    noisy = [f for f in model.network.families if isinstance(f, NoisyMax)]
    repaying = {f.variable for f in noisy if chain_repays(f.table().shape)}
    simpler = simplified(as_tables(model.network))
    found = {f.variable for f in simpler.families if isinstance(f, NoisyMax)}
    assert len(repaying) > 20
    assert repaying <= found


def entries(network: Network) -> float:
    """Of all cliques when nothing is observed and every variable is kept."""
    made = factors_without_evidence(network)
    return eliminated(made.sizes, [factor.scope for factor in made.factors])[1]


def test_a_network_of_the_literature_costs_a_quarter_of_its_tables():
    network = benchmark_network("barley")
    simpler = simplified(network)
    assert entries(simpler) < 0.3 * entries(network)
    for new, old in zip(simpler.families, network.families, strict=True):
        axes = tuple(
            1 if p not in new.parents else len(network.variable(p).states) for p in old.parents
        )
        expected = np.broadcast_to(new.table().reshape(*axes, -1), old.table().shape)
        np.testing.assert_array_equal(old.table(), expected)
