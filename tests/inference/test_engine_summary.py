"""What an engine says of itself, and what it refuses."""

import itertools

import numpy as np
import pytest
from support.networks import joint_distribution, two_state, with_evidence

from bayesnet import Network, NoisyMax, Table, TooLargeError, Variable
from bayesnet.errors import readable_bytes


def tangle(count, parents=3):
    """Two-state variables, each a child of three of those before it."""
    random = np.random.default_rng(0)
    families = []
    for i in range(count):
        chosen = sorted(random.choice(i, min(i, parents), replace=False).tolist())
        rows = random.dirichlet(np.ones(2), (2,) * len(chosen))
        families.append(Table(f"x{i}", tuple(f"x{p}" for p in chosen), rows))
    return Network(tuple(two_state(f"x{i}") for i in range(count)), tuple(families))


def chained():
    """Six causes of one noisy finding, and what follows from that."""
    causes = [Table(f"c{i}", (), np.array([0.9, 0.1])) for i in range(6)]
    links = tuple(np.array([[1, 0, 0], [0.3, 0.3, 0.4]]) for _ in causes)
    names = tuple(table.variable for table in causes)
    finding = NoisyMax("finding", names, np.array([0.8, 0.1, 0.1]), links)
    after = Table("after", ("finding",), np.array([[0.9, 0.1], [0.5, 0.5], [0.2, 0.8]]))
    middle = Variable("finding", ("none", "some", "much"))
    variables = (*map(two_state, names), middle, two_state("after"))
    return Network(variables, (*causes, finding, after))


@pytest.mark.parametrize("executor", ["numpy", "numba"])
def test_what_is_computed_and_what_it_costs(executor):
    pytest.importorskip(executor)
    engine = chained().compile(executor=executor)
    told = str(engine)
    sketch = engine.sketch()
    first, *lines = told.splitlines()
    assert first.startswith("Engine for 8 variables, 1 of them noisy-MAX and kept factorised")
    assert first.endswith(f"passes run by {executor}")
    assert f"  cliques: {len(sketch.cliques)}" in lines
    assert f"  cost of one propagation: {sketch.entries:,} table entries" in lines
    assert f"  memory: {readable_bytes(sketch.memory)} of 2.0 GiB" in lines
    assert not any("too wide" in line for line in lines)


def test_the_largest_cliques_come_first_and_are_named():
    sizes = {"a": 2, "b": 3, "c": 30, "d": 20, "end": 2}
    random = np.random.default_rng(1)
    families = [Table("a", (), random.dirichlet(np.ones(2)))]
    for above, name in itertools.pairwise(sizes):
        rows = random.dirichlet(np.ones(sizes[name]), sizes[above])
        families.append(Table(name, (above,), rows))
    variables = [Variable(n, tuple(f"s{i}" for i in range(size))) for n, size in sizes.items()]
    lines = str(Network(tuple(variables), tuple(families)).compile()).splitlines()
    largest = lines[lines.index("  largest cliques:") + 1 :]
    found = {}
    for line in largest:
        entries, members = line.split(" entries: ")
        found[frozenset(members.split(", "))] = int(entries.replace(",", ""))
    assert found == {frozenset("cd"): 600, frozenset("bc"): 90, frozenset("ab"): 6}
    assert list(found.values()) == [600, 90, 6]


def test_what_a_noisy_max_adds_to_the_tree_is_called_a_chain():
    assert "(chain)" in str(chained().compile())


def test_a_network_too_wide_is_refused_with_its_size():
    network = tangle(16)
    needed = network.compile().sketch().memory
    budget = 100
    with pytest.raises(TooLargeError) as raised:
        network.compile(memory_budget=budget)
    assert (raised.value.needed, raised.value.budget) == (needed, budget)
    told = str(raised.value)
    assert readable_bytes(needed) in told
    assert "100 bytes" in told
    assert "16 variables" in told
    assert "memory_budget" in told


def test_a_network_that_evidence_narrows_is_not_refused():
    """It says so when printed; without evidence it is refused when asked, with its size."""
    network = tangle(12)
    needed = network.compile().sketch().memory
    engine = network.compile(memory_budget=needed - 1)
    told = str(engine)
    assert "too wide without evidence; what is observed is sliced away first" in told
    assert f"{readable_bytes(needed)} of {readable_bytes(needed - 1)}" in told
    with pytest.raises(TooLargeError) as raised:
        engine.marginals()
    assert raised.value.needed >= needed
    evidence = {f"x{i}": "yes" for i in range(2, 10)}
    joint = with_evidence(network, joint_distribution(network), evidence)
    for _ in range(2):
        for name, values in engine.marginals(evidence).items():
            axis = network.position(name)
            expected = joint.sum(axis=tuple(a for a in range(12) if a != axis)) / joint.sum()
            np.testing.assert_allclose(values, expected, atol=1e-12)
    table = {name: [state] for name, state in evidence.items()}
    np.testing.assert_allclose(engine.log_probability_many(table), np.log(joint.sum()), atol=1e-12)


def test_a_budget_that_just_suffices_is_enough():
    network = tangle(12)
    needed = network.compile().sketch().memory
    engine = network.compile(memory_budget=needed)
    assert set(engine.marginals()) == set(network.names)
