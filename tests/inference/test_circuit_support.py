"""Structural zeros: which entries of a tree stay, and what that leaves of a circuit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.networks import joint_distribution, networks, two_state

from bayesnet import Network, Table, Variable
from bayesnet.inference.circuit_building import build_circuit
from bayesnet.inference.plan import Request, make_plan
from bayesnet.inference.structural_zeros import possible_entries


def plain(network):
    """The network with every family as a table."""
    tables = [Table(f.variable, f.parents, f.table()) for f in network.families]
    return Network(network.variables, tuple(tables))


def planned(network, pattern=()):
    parents = [tuple(map(network.position, family.parents)) for family in network.families]
    every = tuple(range(len(parents)))
    return parents, make_plan(network, parents, pattern, Request(wanted=every, kept=every), 1 << 30)


@settings(max_examples=60)
@given(networks(8))
def test_what_stays_is_what_some_joint_state_reaches(network):
    """No entry too few, and none too many: a full reducer leaves the joint's projections."""
    network = plain(network)
    _, plan = planned(network)
    possible = joint_distribution(network) > 0
    for clique, mask in zip(plan.program.cliques, possible_entries(plan.program), strict=True):
        rest = tuple(axis for axis in range(possible.ndim) if axis not in clique.vertices)
        reached = possible.any(axis=rest)
        order = np.argsort(np.argsort(clique.vertices))
        np.testing.assert_array_equal(mask.reshape(clique.shape), reached.transpose(order))


@settings(max_examples=60)
@given(networks(7), st.data())
def test_no_case_needs_an_entry_that_was_dropped(network, data):
    """Whatever state each observed variable is in; noisy-MAX and chains included."""
    observed = data.draw(st.sets(st.sampled_from(range(len(network.names)))))
    _, plan = planned(network, tuple((v, 1) for v in sorted(observed)))
    possible = joint_distribution(network) > 0
    vertices = {vertex: variable for variable, vertex in plan.vertex_of.items()}
    for clique, mask in zip(plan.program.cliques, possible_entries(plan.program), strict=True):
        own = [vertices[v] for v in clique.vertices if v in vertices]
        chain = tuple(at for at, v in enumerate(clique.vertices) if v not in vertices)
        rest = tuple(axis for axis in range(possible.ndim) if axis not in own)
        reached = possible.any(axis=rest).transpose(np.argsort(np.argsort(own)))
        kept = mask.reshape(clique.shape).any(axis=chain)
        assert not (reached & ~kept).any()


def test_zeros_take_no_registers():
    """A deterministic copy of a wide variable: as many entries as states, not their square."""
    states = tuple(f"s{i}" for i in range(50))
    families = (
        Table("x", (), np.full(50, 0.02)),
        Table("copy", ("x",), np.eye(50)),
        Table("end", ("copy",), np.tile([0.5, 0.5], (50, 1))),
    )
    network = Network((Variable("x", states), Variable("copy", states), two_state("end")), families)
    parents, plan = planned(network)
    assert sum(mask.sum() for mask in possible_entries(plan.program)) == 150
    circuit = build_circuit(network, parents, plan, range(3))
    assert circuit.size < 1000
    assert circuit.operations < 2000


def test_a_state_that_cannot_be_is_read_as_zero():
    """The first, the last, and one between; their variable read with and without the others."""
    prior = np.array([0.0, 0.4, 0.0, 0.6, 0.0])
    x, y = Variable("x", tuple("abcde")), two_state("y")
    families = (Table("x", (), prior), Table("y", ("x",), np.tile([0.3, 0.7], (5, 1))))
    engine = Network((x, y), families).compile()
    for found in (engine.marginals(), engine.marginals(None, ["x"]), engine.marginals(None, ["x"])):
        np.testing.assert_allclose(found["x"], prior, atol=1e-15)
    np.testing.assert_allclose(engine.marginals_many({"y": ["no", None]})["x"], [prior] * 2)
