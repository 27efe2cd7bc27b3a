"""Which cases share a plan: how each variable is observed, and which hubs a row knows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import any_states, drawn_rows, networks, table_of, two_state

from bayesnet import Network, NoisyMax, Table, compiling, noisy_or, open_plan
from bayesnet.circuit import CircuitBuilder
from bayesnet.tape.engine import Engine
from bayesnet.evidence import MISSING, Observed, encode_table
from bayesnet.graph import best_elimination, junction_tree
from bayesnet.lowering import HARD, LOWEST, SOFT
from bayesnet.patterns import HUB, NO_CODE, grouped, kinds, lowest_codes, table_groups

FAMILIES = (
    Table("x", (), np.array([0.5, 0.5])),
    NoisyMax("up", ("x",), np.array([0.7, 0.2, 0.1]), (np.eye(3)[:2],), 0),
    NoisyMax("down", ("x",), np.array([0.7, 0.2, 0.1]), (np.eye(3)[::-1][:2],), -1),
)


def observed(codes, likelihoods=None, columns=()):
    return Observed(np.array(codes, dtype=np.intp), likelihoods or {}, columns)


def test_the_lowest_code_is_the_end_that_the_family_names():
    assert lowest_codes(FAMILIES).tolist() == [NO_CODE, 0, 2]


def test_each_observation_is_told_from_the_others():
    """Lowest states fall apart by parents, so they make a pattern of their own."""
    codes = [[0, 1, -1, -1, 1], [0, 1, 2, -1, -1], [0, 1, 2, -1, -1]]
    likelihoods = {0: np.ones((5, 2))}
    lowest = lowest_codes(FAMILIES)
    expected = [
        [HARD, HARD, 0, 0, HARD],
        [LOWEST, HARD, HARD, 0, 0],
        [HARD, HARD, LOWEST, 0, 0],
    ]
    assert kinds(observed(codes), lowest).tolist() == expected
    assert kinds(observed(codes, likelihoods), lowest).tolist() == [[SOFT] * 5, *expected[1:]]


@settings(max_examples=50)
@given(networks(6), st.sampled_from([1, 2, 30]), st.integers(0, 99))
def test_rows_of_a_group_observe_the_same_in_the_same_way(network, count, seed):
    rows = drawn_rows(network, any_states(network, seed, count), seed)
    seen = encode_table(network, table_of(network, rows))
    lowest = lowest_codes(network.families)
    found = kinds(seen, lowest)
    groups = grouped(seen, lowest)
    assert sorted(row for _, each in groups for row in each.tolist()) == list(range(count))
    assert len({pattern for pattern, _ in groups}) == len(groups)
    for pattern, each in groups:
        for row in each.tolist():
            column = {v: int(how) for v, how in enumerate(found[:, row]) if how}
            assert dict(pattern) == column


CHILDREN = (HUB, HUB - 1, HUB + 1, 0)
NOISY = np.array([NO_CODE, NO_CODE, NO_CODE, 0])


def test_rows_are_told_apart_by_every_hub_they_know():
    codes = [[0, 1, -1, -1, 0], [0, 0, 0, -1, -1], [1, -1, 1, -1, 0], [0, -1, 0, 1, -1]]
    groups = list(table_groups(observed(codes, columns=(0, 1, 2, 3)), NOISY, CHILDREN))
    assert {known: (asked, rows.tolist()) for known, asked, rows in groups} == {
        (): ((0, 1, 2, 3), [3]),
        (0,): ((1, 2, 3), [1]),
        (2,): ((0, 1, 3), [2]),
        (0, 2): ((1, 3), [0, 4]),
    }


def test_only_columns_count_and_likelihoods_are_no_hubs():
    codes = [[0, -1], [-1, -1], [-1, -1], [1, -1]]
    seen = observed(codes, {2: np.ones((2, 3))}, (0, 2, 3))
    groups = list(table_groups(seen, NOISY, CHILDREN))
    assert [(known, asked, rows.tolist()) for known, asked, rows in groups] == [
        ((), (0, 3), [1]),
        ((0,), (3,), [0]),
    ]


def test_tables_only_make_one_group_for_every_column():
    seen = observed([[0, -1], [1, 1], [-1, 0], [0, 0]], {1: np.ones((2, 2))}, (0, 1))
    (known, asked, rows), *more = table_groups(seen, np.full(4, NO_CODE), CHILDREN)
    assert (known, asked, rows.tolist(), more) == ((), (0, 2, 3), [0, 1], [])


@settings(max_examples=40)
@given(networks(6), st.integers(0, 99))
def test_the_group_of_a_row_does_not_depend_on_the_others(network, seed):
    rows = drawn_rows(network, any_states(network, seed, 20), seed)
    seen = encode_table(network, table_of(network, rows))
    engine = network.compile()
    whole = {r: (k, a) for k, a, each in engine.plans.table_groups(seen) for r in each.tolist()}
    assert sorted(whole) == list(range(20))
    for row in range(20):
        ((known, asked, _),) = engine.plans.table_groups(seen.take([row]))
        assert (known, asked) == whole[row]
        assert all(seen.codes[v, row] != MISSING for v in known)


def star():
    """A cause of four findings, and one that has a finding of its own."""
    findings = {f"f{i}": {"cause": 0.2 + 0.1 * i} for i in range(4)} | {"g": {"other": 0.5}}
    causes = [Table(name, (), np.array([0.8, 0.2])) for name in ("cause", "other")]
    families = (*causes, *(noisy_or(name, links, 0.1) for name, links in findings.items()))
    variables = [two_state(family.variable) for family in families]
    return Network(tuple(variables), families)


@pytest.fixture
def without_one_for_all(monkeypatch):
    monkeypatch.setattr(compiling, "SMALL", -1)


@pytest.mark.usefixtures("without_one_for_all")
def test_a_table_gets_a_circuit_for_each_group_and_keeps_it():
    engine = star().compile()
    table = {"cause": ["yes", None, "no"], "f0": [None, "yes", "no"], "other": [None, "no", "yes"]}
    seen = encode_table(engine.network, table)
    first = list(engine.circuits.for_table(seen, (0, 1)))
    assert [rows.tolist() for _, rows in first] == [[1], [0, 2]]
    again = list(engine.circuits.for_table(seen, (0, 1)))
    assert [made for made, _ in again] == [made for made, _ in first]
    others = list(engine.circuits.for_table(seen, (0,)))
    assert not {id(made) for made, _ in others} & {id(made) for made, _ in first}
    assert [set(made.places) for made, _ in first] == [{0, 1}, {1}]


@pytest.mark.usefixtures("without_one_for_all")
def test_a_table_too_wide_for_one_plan_gets_a_circuit_for_each_pattern(monkeypatch):
    monkeypatch.setattr(compiling, "WIDE", 0)
    monkeypatch.setattr(compiling, "MUCH", 2)
    engine = star().compile()
    table = {"f0": ["yes", "no", "yes", None], "f1": ["no", "no", None, "no"]}
    seen = encode_table(engine.network, table)
    made = list(engine.circuits.for_table(seen, (0, 1)))
    assert sorted(rows.tolist() for _, rows in made) == [[0], [1], [2], [3]]
    assert len({id(each) for each, _ in made}) == 4
    again = {tuple(rows): each for each, rows in engine.circuits.for_table(seen, (0, 1))}
    assert all(again[tuple(rows)] is each for each, rows in made)


@pytest.mark.usefixtures("without_one_for_all")
def test_rows_that_answer_much_of_a_wide_table_share_a_plan_and_the_others_do_not(monkeypatch):
    monkeypatch.setattr(compiling, "WIDE", 0)
    engine = star().compile()
    table = {"f0": ["yes", "no", None, None], "f1": ["no", None, None, None], "f2": ["no"] * 4}
    seen = encode_table(engine.network, table)
    made = list(engine.circuits.for_table(seen, (0, 1)))
    assert sorted(rows.tolist() for _, rows in made) == [[0, 1], [2, 3]]


@pytest.mark.usefixtures("without_one_for_all")
def test_a_tree_too_wide_for_a_circuit_gets_none(monkeypatch):
    monkeypatch.setattr(compiling, "WIDE", 0)
    monkeypatch.setattr(compiling, "MUCH", 2)
    engine = star().compile()
    seen = encode_table(engine.network, {"f0": ["yes", "no"], "f1": ["no", None]})
    widest = max(made.plan.program.entries for made, _ in engine.circuits.for_table(seen, (0, 1)))
    for limit, none in ((widest, False), (0, True)):
        monkeypatch.setattr(compiling, "WIDEST", limit)
        circuits = star().compile().circuits
        tables = [made is None for made, _ in circuits.for_table(seen, (0, 1))]
        assert tables == [none, none]
        first, again = (circuits.for_one(seen.take([0]), (0, 1)) for _ in range(2))
        assert first is None
        assert (again is None) == none


def test_what_a_circuit_weighs_counts_its_registers_and_its_plan():
    everything = star().compile().circuits.everything
    circuit = everything.circuit
    named = [
        each.nbytes for layer in circuit.layers for each in [layer.operands] if each is not None
    ]
    assert circuit.memory >= 8 * circuit.size + sum(named) + circuit.looked_up.pool.nbytes
    assert everything.memory == everything.plan.program.memory + 2 * circuit.memory


@pytest.mark.usefixtures("without_one_for_all")
@pytest.mark.parametrize(("capacity", "kept"), [(1, False), (1 << 20, True)])
def test_circuits_go_when_there_is_no_more_room(monkeypatch, capacity, kept):
    monkeypatch.setattr(compiling, "CIRCUITS_BYTES", capacity)
    circuits = star().compile().circuits
    tables = [encode_table(circuits.plans.network, {name: ["yes"]}) for name in ("f0", "f1", "f0")]
    (first, _), _, (again, _) = (next(circuits.for_table(seen, (0,))) for seen in tables)
    assert (again is first) == kept


def test_registers_of_a_scratch_serve_again():
    builder = CircuitBuilder()
    before = builder.size
    for count in (5, 3):
        with builder.scratch():
            assert builder.reserve(count) == before
    assert (builder.reserve(1), builder.most) == (before, before + 5)


def test_open_plans_are_kept_by_all_that_they_are_for():
    engine = star().compile()
    asked = [((2,), (), ()), ((2,), (), (0,)), ((2,), (0,), ()), ((2, 3), (), ()), ((3,), (), (0,))]
    plans = [engine.plans.open_plan(*each, kept) for each in asked for kept in ((1,), (0, 1))]
    assert len({id(plan) for plan in plans}) == len(plans)
    assert [len(plan.program.soft) for plan in plans] == [0, 0, 1, 1, 0, 0, 0, 0, 1, 1]
    assert engine.plans.open_plan(*asked[1], (1,)) is plans[2]


def coupled(seed):
    """Seven causes of eight noisy-ORs."""
    random = np.random.default_rng(seed)
    names = [f"c{i}" for i in range(7)]
    families = [Table(name, (), np.array([0.8, 0.2])) for name in names]
    for i in range(8):
        chosen = random.choice(names, int(random.integers(3, 6)), replace=False)
        families.append(noisy_or(f"f{i}", {str(name): 0.3 for name in chosen}, 0.1))
    return Network(tuple(two_state(f.variable) for f in families), tuple(families))


def test_chains_take_their_parents_in_the_cheaper_order(monkeypatch):
    """Of the orders that were tried; for some of these networks they differ."""
    tried, taken = [], []

    def eliminated(*args):
        tried.append(best_elimination(*args))
        return tried[-1]

    def laid_out(sizes, elimination):
        taken.append(elimination)
        return junction_tree(sizes, elimination)

    monkeypatch.setattr(open_plan, "best_elimination", eliminated)
    monkeypatch.setattr(open_plan, "junction_tree", laid_out)
    differ = 0
    for seed in range(6):
        Engine(coupled(seed)).plans.open_plan(tuple(range(7, 15)), (), (), ())
        costs = [each.cost for each in tried]
        assert taken[-1].cost == min(costs)
        differ += len(set(costs)) > 1
        tried.clear()
    assert differ
