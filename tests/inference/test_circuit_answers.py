"""Tables of cases by every kind of circuit, in trees of many cliques, against enumeration.

Small networks fit one circuit and one clique. Here limits are lowered, so that they take the ways
of large ones: circuits for the hubs that rows know or for each pattern, or none at all, and no
cliques joined.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.networks import any_states, drawn_rows, joint_distribution, networks, table_of

from bayesnet import Network, NoisyMax, Table, Variable
from bayesnet.inference import circuits as compiling
from bayesnet.inference import plan, scoring
from bayesnet.inference import rerooting as shallow
from bayesnet.network.evidence import encode_table

COUNTS = st.sampled_from([1, 2, 7, 8, 9, 33, 65, 70])
SEEDS = st.integers(0, 2**32 - 1)
WAYS = {
    "one circuit": {},
    "by hubs": {(compiling, "SMALL"): -1},
    "by patterns": {(compiling, "SMALL"): -1, (compiling, "WIDE"): 0, (compiling, "MUCH"): 2},
    "much in one plan": {(compiling, "SMALL"): -1, (compiling, "WIDE"): 0},
    "leaves as products": {
        (compiling, "SMALL"): -1,
        (compiling, "WIDE"): 0,
        (plan, "SMALL_TABLE"): 0,
    },
    "without a circuit": {
        (compiling, "SMALL"): -1,
        (compiling, "WIDE"): 0,
        (compiling, "WIDEST"): -1,
        (scoring, "PROPAGATED_BYTES"): 3000,
    },
}


@pytest.fixture(scope="module", params=["numpy", "numba"])
def executor(request):
    if request.param == "numba":
        pytest.importorskip("numba")
    return request.param


@pytest.fixture(scope="module", params=WAYS.values(), ids=WAYS)
def way(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shallow, "SLACK", -(1 << 60))
        for (module, name), value in request.param.items():
            patch.setattr(module, name, value)
        yield


def weights_of(variable, value):
    if isinstance(value, np.ndarray):
        return value
    return [float(value is None or state == value) for state in variable.states]


def enumerated(network, rows):
    """P(evidence) of each row, and {variable: posteriors}; 0 where a row is impossible."""
    joint = joint_distribution(network)[None]
    for axis, variable in enumerate(network.variables, start=1):
        weights = np.array([weights_of(variable, row.get(variable.name)) for row in rows])
        shape = np.ones(joint.ndim, dtype=int)
        shape[[0, axis]] = weights.shape
        joint = joint * weights.reshape(shape)
    totals = joint.reshape(len(rows), -1).sum(axis=1)
    scale = np.where(totals > 0, totals, 1)[:, None]
    axes = range(1, joint.ndim)
    return totals, {
        variable.name: joint.sum(axis=tuple(other for other in axes if other != axis)) / scale
        for axis, variable in enumerate(network.variables, start=1)
    }


def assert_scores_match(engine, rows, columns, variables):
    """rows: evidence on columns only."""
    network = engine.network
    table = {name: values for name, values in table_of(network, rows).items() if name in columns}
    found = engine.inference.score(
        encode_table(network, table), [network.position(v) for v in variables]
    )
    totals, posteriors = enumerated(network, rows)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(found.log_probability, np.log(totals), rtol=0, atol=1e-9)
    assert {network.names[v] for v in found.marginals} == set(variables)
    for v, values in found.marginals.items():
        name = network.names[v]
        np.testing.assert_allclose(values, posteriors[name], rtol=0, atol=1e-9, err_msg=name)


def assert_any_columns_match(network, executor, count, seed, soft=True):
    """Rows, among them impossible ones, on some of the columns; some of the variables."""
    random = np.random.default_rng(seed)
    names = np.array(network.names)
    columns = [str(name) for name in names[random.random(len(names)) < random.choice([0.3, 0.8])]]
    columns = columns or [str(names[0])]
    rows = drawn_rows(network, any_states(network, seed, count), seed)
    hard = [{n: v for n, v in row.items() if soft or isinstance(v, str)} for row in rows]
    shown = [{name: row[name] for name in columns if name in row} for row in hard]
    engine = network.compile(executor=executor)
    assert_scores_match(engine, shown, columns, network.names)
    some = random.permutation(names)[: random.integers(1, len(names) + 1)]
    assert_scores_match(engine, shown, columns, [str(name) for name in some])


@settings(max_examples=25)
@given(network=networks(6), count=COUNTS, seed=SEEDS)
def test_random_networks(executor, way, network, count, seed):
    assert_any_columns_match(network, executor, count, seed)


def distributions(random, *shape):
    values = random.dirichlet(np.ones(shape[-1]), size=shape[:-1] or None)
    kept = np.where(random.random(values.shape) < 0.15, 0.0, values)
    kept[..., 0] += kept.sum(axis=-1) == 0
    return kept / kept.sum(axis=-1, keepdims=True)


def noisy(random, name, parents, sizes):
    links = tuple(distributions(random, size, sizes[name]) for size in map(sizes.get, parents))
    leak = distributions(random, sizes[name])
    return NoisyMax(name, tuple(parents), leak, links, int(random.choice([0, -1])))


def network_of(families, sizes):
    variables = [Variable(name, tuple(f"s{i}" for i in range(sizes[name]))) for name in sizes]
    return Network(tuple(variables), tuple(families))


def spread(seed):
    """A tree of seven variables, or a few trees, and leaves whose parents lie anywhere in it."""
    random = np.random.default_rng(seed)
    names = [f"x{i}" for i in range(7)]
    sizes = {name: int(random.choice([1, 2, 2, 2, 3])) for name in names}
    families = []
    for i, name in enumerate(names):
        above = (names[random.integers(max(0, i - 3), i)],) if i and random.random() < 0.8 else ()
        rows = distributions(random, *(sizes[p] for p in above), sizes[name])
        families.append(Table(name, above, rows))
    for i in range(3):
        parents = [str(p) for p in random.choice(names, random.integers(2, 6), replace=False)]
        sizes[f"leaf{i}"] = int(random.integers(2, 4))
        families.append(noisy(random, f"leaf{i}", parents, sizes))
    return network_of(families, sizes)


@settings(max_examples=12)
@given(seed=SEEDS, count=st.sampled_from([3, 9]))
def test_leaves_whose_parents_lie_far_apart(executor, way, seed, count):
    assert_any_columns_match(spread(seed), executor, count, seed, soft=bool(seed % 2))


def hubs(seed):
    """Two variables of the middle with four noisy children each, some of them shared."""
    random = np.random.default_rng(seed)
    names = ["root", "one", "two", *(f"f{i}" for i in range(5))]
    sizes = {name: int(random.integers(2, 4)) for name in names}
    families = [
        Table("root", (), distributions(random, sizes["root"])),
        noisy(random, "one", ["root"], sizes),
        Table("two", ("root",), distributions(random, sizes["root"], sizes["two"])),
    ]
    for i in range(5):
        parents = [name for name, left in (("one", 4), ("two", 0)) if i != left]
        families.append(noisy(random, f"f{i}", [*parents, "root"][: 2 + i % 2], sizes))
    return network_of(families, sizes)


@settings(max_examples=4)
@given(seed=SEEDS)
def test_rows_that_know_some_of_the_hubs(executor, way, seed):
    network = hubs(seed)
    rows = drawn_rows(network, any_states(network, seed, 24), seed)
    hard = [{n: v for n, v in row.items() if isinstance(v, str)} for row in rows]
    engine = network.compile(executor=executor)
    assert_scores_match(engine, hard, network.names, network.names)
    assert_scores_match(engine, rows, network.names, ["root", "f0"])


def test_what_is_kept_for_one_table_answers_no_other(executor, way):
    """One engine for tables that share some columns; every row that can be among them."""
    network = hubs(1)
    engine = network.compile(executor=executor)
    codes = any_states(network, 1, 1)[:, 0]
    state = {v.name: v.states[c] for v, c in zip(network.variables, codes, strict=True)}
    for hard in subsets(["one", "f0", "f1"]):
        for soft in subsets(["root", "two"]):
            vague = {name: np.linspace(0.2, 1, len(network.variable(name).states)) for name in soft}
            rows = [vague, {**vague, **{name: state[name] for name in hard}}]
            if hard or soft:
                assert_scores_match(engine, rows, [*hard, *soft], ["one", "f2"])
    assert_scores_match(engine, rows, network.names, ["two", "f2"])


def subsets(names):
    return [part for size in range(len(names) + 1) for part in itertools.combinations(names, size)]


@settings(max_examples=6)
@given(seed=SEEDS)
def test_tables_of_one_row_one_after_the_other(executor, way, seed):
    """The same columns, each time in other states: the lowest of a noisy-MAX or not."""
    network = hubs(seed)
    engine = network.compile(executor=executor)
    random = np.random.default_rng(seed)
    columns = [str(name) for name in random.permutation(network.names)[:4]]
    states = any_states(network, seed, 12)
    for at, codes in enumerate(states.T):
        shown = {v.name: v.states[c] for v, c in zip(network.variables, codes, strict=True)}
        row = {name: shown[name] for name in columns[at % 2 :]}
        assert_scores_match(engine, [row], columns, network.names)
