"""Flattened junction trees: of the same scopes, as flat as can be, and hardly dearer."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesnet.inference import rerooting as module
from bayesnet.inference.rerooting import shallow
from bayesnet.inference.triangulation import (
    RULES,
    JunctionTree,
    best_elimination,
    junction_tree,
    mask_of,
    members,
)


@st.composite
def trees(draw):
    """Sizes, scopes, and a junction tree (or forest) of them."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=14))
    vertices = st.integers(0, len(sizes) - 1)
    scopes = draw(st.lists(st.lists(vertices, min_size=1, max_size=3, unique=True), max_size=14))
    scopes += [[vertex] for vertex in range(len(sizes))]
    return sizes, scopes, junction_tree(sizes, best_elimination(sizes, scopes, RULES))


@pytest.fixture(scope="module", params=[-1000, 0, 10, 128])
def slack(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SLACK", request.param)
        yield request.param


def depths(tree):
    found = []
    for parent in tree.parents:
        found.append(found[parent] + 1 if parent >= 0 else 0)
    return found


def entries(sizes, clique):
    return math.prod(sizes[v] for v in clique)


@given(trees())
def test_it_is_a_junction_tree_of_the_same_scopes(slack, case):
    sizes, scopes, tree = case
    found = shallow(tree, sizes)
    masks = [mask_of(clique) for clique in found.cliques]
    for scope in scopes:
        assert any(not mask_of(scope) & ~mask for mask in masks)
    for clique, parent, count in zip(found.cliques, found.parents, found.separators, strict=True):
        assert len(set(clique)) == len(clique)
        assert parent < len(found.cliques)
        shared = masks[parent] & mask_of(clique) if parent >= 0 else 0
        assert mask_of(clique[:count]) == shared
    for at, parent in enumerate(found.parents):
        assert parent < at
    for vertex in range(len(sizes)):
        tops = [
            at
            for at, parent in enumerate(found.parents)
            if masks[at] >> vertex & 1 and not (parent >= 0 and masks[parent] >> vertex & 1)
        ]
        assert len(tops) == 1


@given(trees())
def test_its_cost_counts_entries_and_grows_by_little(slack, case):
    sizes, _, tree = case
    found = shallow(tree, sizes)
    assert found.cost == sum(entries(sizes, clique) for clique in found.cliques)
    joined = len(tree.cliques) - len(found.cliques)
    assert found.cost <= tree.cost + max(slack, 0) * joined
    if slack < -500:
        assert {mask_of(c) for c in found.cliques} == {mask_of(c) for c in tree.cliques}


@given(trees())
def test_parts_stay_apart_and_none_is_deeper_than_half_its_longest_path(slack, case):
    sizes, _, tree = case
    found = shallow(tree, sizes)
    assert found.parents.count(-1) == tree.parents.count(-1)
    around = [set() for _ in found.cliques]
    for at, parent in enumerate(found.parents):
        if parent >= 0:
            around[at].add(parent)
            around[parent].add(at)

    def distances(start):
        reached = {start: 0}
        waiting = [start]
        for at in waiting:
            for other in around[at] - reached.keys():
                reached[other] = reached[at] + 1
                waiting.append(other)
        return reached

    deep = depths(found)
    for root in [at for at, parent in enumerate(found.parents) if parent < 0]:
        part = distances(root)
        longest = max(max(distances(at).values()) for at in part)
        assert max(deep[at] for at in part) == -(-longest // 2)


def test_neighbours_that_share_much_are_joined_and_large_ones_are_not():
    """0-1-2-3: joining two cliques of 100 entries makes 1000, of 4 entries 8."""
    chain = JunctionTree(((0, 1), (1, 2), (2, 3)), (-1, 0, 1), (0, 1, 1), 300)
    apart = shallow(chain, [10, 10, 10, 10])
    assert sorted(map(sorted, apart.cliques)) == [[0, 1], [1, 2], [2, 3]]
    assert apart.parents == (-1, 0, 0)
    assert apart.cliques[0] == (1, 2)
    joined = shallow(chain, [2, 2, 2, 2])
    assert [sorted(clique) for clique in joined.cliques] == [[0, 1, 2, 3]]
    assert (joined.parents, joined.separators, joined.cost) == ((-1,), (0,), 16)


def test_what_was_joined_to_a_joined_clique_keeps_its_edge():
    """A large clique under two small ones that go into one."""
    sizes = [2, 2, 2, 40]
    tree = JunctionTree(((0,), (0, 1), (1, 2), (2, 3)), (-1, 0, 1, 2), (0, 1, 1, 1), 90)
    found = shallow(tree, sizes)
    assert list(members(mask_of(v for clique in found.cliques for v in clique))) == [0, 1, 2, 3]
    assert found.parents.count(-1) == 1


@pytest.mark.parametrize(("size", "cliques"), [(2, 1), (3, 2)])
def test_two_cliques_are_joined_up_to_what_both_take(monkeypatch, size, cliques):
    """4 + 4 entries make 8; 6 + 4 make 12."""
    monkeypatch.setattr(module, "SLACK", 0)
    tree = JunctionTree(((0, 1), (1, 2)), (-1, 0), (0, 1), 2 * size + 4)
    assert len(shallow(tree, [size, 2, 2]).cliques) == cliques
    monkeypatch.setattr(module, "SLACK", 2)
    assert len(shallow(tree, [size, 2, 2]).cliques) == 1
