"""The part of a tree that a mean is taken over, against every part there is; and its cost."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.networks import two_state

from bayesnet import Network, NoisyMax, Table
from bayesnet.inference.circuit_building import build_circuit
from bayesnet.inference.circuit_means import _hull
from bayesnet.inference.plan import Request, make_plan
from bayesnet.inference.triangulation import RULES, best_elimination, junction_tree, mask_of


@st.composite
def trees(draw):
    """Parents and masks of the cliques of a tree, and some of its vertices."""
    count = draw(st.integers(2, 9))
    scopes = [(draw(st.integers(max(0, v - 3), v - 1)), v) for v in range(1, count)]
    scopes += draw(st.lists(st.tuples(*[st.integers(0, count - 1)] * 2), max_size=2))
    sizes = [2] * count
    found = junction_tree(sizes, best_elimination(sizes, [tuple({*s}) for s in scopes], RULES))
    vertices = draw(st.sets(st.integers(0, count - 1), min_size=1))
    return found.parents, [mask_of(clique) for clique in found.cliques], sorted(vertices)


@settings(max_examples=200)
@given(trees())
def test_it_is_the_smallest_part_that_holds_the_vertices(case):
    parents, masks, vertices = case
    tops = {v: next(i for i, mask in enumerate(masks) if mask >> v & 1) for v in vertices}
    hull = _hull(parents, masks, tops)
    assert hull == sorted(set(hull))
    assert hangs_together(parents, hull)
    assert holds(masks, hull, vertices)
    for count in range(1, len(hull)):
        for part in itertools.combinations(range(len(masks)), count):
            assert not (hangs_together(parents, part) and holds(masks, part, vertices)), part


def hangs_together(parents, part):
    return sum(parents[index] not in part for index in part) == 1


def holds(masks, part, vertices):
    return all(any(masks[index] >> vertex & 1 for index in part) for vertex in vertices)


def leaf_on_a_star(parents):
    """A hub of five others; a noisy-OR leaf of which some are parents."""
    random = np.random.default_rng(0)
    others = [f"x{i}" for i in range(5)]
    families = [Table("hub", (), np.array([0.3, 0.7]))]
    families += [Table(x, ("hub",), random.dirichlet(np.ones(2), 2)) for x in others]
    links = tuple(random.dirichlet(np.ones(2), 2) for _ in parents)
    families.append(NoisyMax("leaf", parents, np.array([0.9, 0.1]), links))
    return Network(tuple(two_state(f.variable) for f in families), tuple(families))


def circuit_of(network, variables):
    """All variables but the leaf in the tree."""
    parents = [tuple(map(network.position, family.parents)) for family in network.families]
    kept = tuple(range(len(parents) - 1))
    leaf = len(parents) - 1
    request = Request(wanted=(leaf,), kept=kept)
    plan = make_plan(network, parents, (), request, 1 << 30)
    return build_circuit(network, parents, plan, variables)


def test_a_leaf_whose_parents_share_a_clique_is_read_from_that_alone():
    """Parents that are far apart take messages from one to the other, and more of them."""
    leaf = 6
    near, apart, all_five = (
        circuit_of(leaf_on_a_star(parents), [leaf]).operations
        for parents in (("hub", "x3"), ("x1", "x3"), tuple(f"x{i}" for i in range(5)))
    )
    assert near < apart < all_five
