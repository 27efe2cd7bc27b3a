"""What a network and its engine tell of themselves: nodes, edges, one line, copies."""

import copy
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise
from multiprocessing import get_context

import networkx
import numpy as np
import pytest
from support.cli import child_environment
from support.networks import layered

from bayesnet import (
    EvidenceError,
    ImpossibleEvidenceError,
    MissingExtraError,
    ModelFileError,
    Network,
    NetworkError,
    Table,
    TooLargeError,
    UnknownNameError,
    Variable,
)

NETWORK = layered(15)
EVIDENCE = {"f0": "yes", "f3": "no"}
EMPTY = Network((), ())


def test_nodes_edges_parents_and_states():
    network = Network(
        (Variable("a", ("no", "yes")), Variable("b", ("x", "y"))),
        (Table("a", (), np.array([0.5, 0.5])), Table("b", ("a",), np.full((2, 2), 0.5))),
    )
    assert network.nodes == ("a", "b")
    assert network.edges == (("a", "b"),)
    assert (network.parents("a"), network.parents("b")) == ((), ("a",))
    assert network.states("b") == ("x", "y")
    for ask in (network.parents, network.states):
        with pytest.raises(UnknownNameError, match="unknown variable"):
            ask("c")


def test_its_graph_in_networkx():
    graph = NETWORK.to_networkx()
    assert networkx.is_directed_acyclic_graph(graph)
    assert tuple(graph.nodes) == NETWORK.nodes
    assert set(graph.edges) == set(NETWORK.edges)
    assert graph.nodes["f0"]["states"] == NETWORK.states("f0")
    for name in NETWORK.nodes:
        assert set(graph.predecessors(name)) == set(NETWORK.parents(name))


def test_a_cycle_is_named_from_its_start_to_its_start():
    names = "abcde"
    families = [
        Table(name, (names[i - 1],) if i > 1 else (), np.full((2, 2) if i > 1 else 2, 0.5))
        for i, name in enumerate(names)
    ]
    families[1] = Table("b", ("e",), np.full((2, 2), 0.5))
    with pytest.raises(NetworkError) as raised:
        Network(tuple(Variable(name, ("no", "yes")) for name in names), tuple(families))
    cycle = str(raised.value).removeprefix("cycle: ").split(" -> ")
    assert cycle[0] == cycle[-1]
    steps = {("b", "c"), ("c", "d"), ("d", "e"), ("e", "b")}
    assert set(pairwise(cycle)) == steps


def test_loading_the_package_loads_neither_networkx_nor_pandas_nor_pyarrow():
    script = "import sys, bayesnet; print({'networkx', 'pandas', 'pyarrow'} & set(sys.modules))"
    command = [sys.executable, "-c", script]
    result = subprocess.run(command, capture_output=True, env=child_environment(), timeout=60)
    assert (result.stdout, result.stderr) == (b"set()\n", b"")


def test_a_network_and_an_engine_are_one_line():
    assert repr(NETWORK).startswith(f"Network({len(NETWORK.nodes)} variables, ")
    assert repr(EMPTY) == "Network(0 variables, 0 edges)"
    engine = NETWORK.compile()
    engine.marginals(EVIDENCE)
    for each in (NETWORK, engine, *NETWORK.families):
        assert len(repr(each)) < 160
        assert "\n" not in repr(each)


def all_bits(engine):
    return {name: found.tobytes() for name, found in engine.marginals(EVIDENCE).items()}


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_a_used_network_and_engine_copy_and_answer_with_the_same_bits(again):
    engine = NETWORK.compile(memory_budget=1 << 24)
    first = all_bits(engine)
    for _ in range(3):
        engine.marginals(EVIDENCE)
        engine.marginals_many([EVIDENCE, {}])
        engine.information(["c0"], ["f1"], EVIDENCE)
    other = again(engine)
    assert (other.memory_budget, other.executor) == (engine.memory_budget, engine.executor)
    assert all_bits(other) == first
    network = again(NETWORK)
    assert network.variables == NETWORK.variables
    assert all_bits(network.compile()) == first


def test_a_copy_holds_nothing_of_what_was_asked():
    engine = NETWORK.compile()
    fresh = len(pickle.dumps(engine))
    for name in NETWORK.nodes:
        engine.marginals({name: NETWORK.states(name)[0]})
    assert len(pickle.dumps(engine)) == fresh


def test_a_used_engine_answers_in_another_process():
    engine = NETWORK.compile()
    first = all_bits(engine)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(all_bits, engine).result(timeout=120) == first


def test_threads_share_an_engine():
    engine = NETWORK.compile()
    cases = [{name: NETWORK.states(name)[0]} for name in NETWORK.nodes] * 4
    alone = [NETWORK.compile().marginals(case).to_dict() for case in cases]
    with ThreadPoolExecutor(8) as pool:
        shared = list(pool.map(lambda case: engine.marginals(case).to_dict(), cases))
    for one, other in zip(alone, shared, strict=True):
        assert one.keys() == other.keys()
        for name, posterior in one.items():
            assert other[name] == pytest.approx(posterior, abs=1e-12)


@pytest.mark.parametrize(
    "error",
    [
        EvidenceError("said"),
        UnknownNameError("state", "yess", ["yes", "no"], "'x'"),
        ImpossibleEvidenceError(["a = yes", "b = no"]),
        ModelFileError(["one", "two"]),
        TooLargeError("a tree", 10, 5, "do less"),
        MissingExtraError("tables", "cohort", "no module"),
    ],
)
def test_errors_come_out_of_other_processes_as_they_were(error):
    error.add_note("in row 3 of the table")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)


def test_the_empty_network_answers_with_nothing():
    for executor in ("numpy", "numba"):
        engine = EMPTY.compile(executor=executor)
        for _ in range(2):
            assert dict(engine.marginals()) == {}
            assert engine.log_probability() == 0.0
            assert dict(engine.marginals_many([{}, {}])) == {}
            assert engine.log_probability_many([{}, {}]).tolist() == [0.0, 0.0]
            assert engine.log_probability_many({}).shape == (0,)
            assert engine.information([], []) == engine.information_many([], [], [{}]) == {}
            assert float(engine.joint([])) == 1.0
            assert engine.most_probable()[0].probability == 1.0
    assert EMPTY.to_networkx().number_of_nodes() == 0
    assert "0 variables" in str(EMPTY.compile())


def test_nothing_is_compiled_anew_for_a_network_without_variables():
    pytest.importorskip("numba")
    from bayesnet.inference.compiled.layout import layout
    from bayesnet.inference.structure import structure_of

    empty, other = (layout(structure_of(network)) for network in (EMPTY, NETWORK))
    assert [each.dtype for each in empty] == [each.dtype for each in other]


def test_a_network_of_which_all_is_observed_answers_with_nothing():
    one = Network((Variable("only", ("here",)),), (Table("only", (), np.array([1.0])),))
    for network in (one, NETWORK):
        engine = network.compile()
        everything = {name: network.states(name)[0] for name in network.nodes}
        assert dict(engine.marginals(everything)) == {}
        found = engine.marginals_many([everything, everything])
        assert all(each[:, 0].tolist() == [1.0, 1.0] for each in found.values())
        assert engine.log_probability(everything) <= 0.0
    assert one.compile().marginals()["only"].to_dict() == {"here": 1.0}
    assert one.compile().marginals({"only": [2.0]})["only"].tolist() == [1.0]
