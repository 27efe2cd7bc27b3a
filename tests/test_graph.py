"""Elimination and junction trees on random graphs, with networkx as the oracle."""

import itertools
import math
from dataclasses import dataclass
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bayesnet.graph import (
    RULES,
    Elimination,
    JunctionTree,
    best_elimination,
    eliminate,
    junction_tree,
    mask_of,
    members,
    moralise,
)


@dataclass(frozen=True)
class Case:
    """The families of a random network: each vertex with parents among those before it."""

    sizes: tuple[int, ...]
    scopes: tuple[tuple[int, ...], ...]
    last: int

    @property
    def moral(self) -> nx.Graph:
        directed = nx.DiGraph()
        directed.add_nodes_from(range(len(self.sizes)))
        directed.add_edges_from((p, scope[-1]) for scope in self.scopes for p in scope[:-1])
        return nx.Graph(nx.moral_graph(directed))

    def elimination(self, restarts: int = 0) -> Elimination:
        return best_elimination(self.sizes, self.scopes, RULES, restarts, self.last)

    def tree(self) -> JunctionTree:
        return junction_tree(self.sizes, self.elimination(), self.last)


@st.composite
def cases(draw, with_last=True):
    count = draw(st.integers(1, 30))
    most = draw(st.integers(1, 4))
    # Hypothesis by itself draws sparse graphs, in which every elimination order is a good one.
    random = Random(draw(st.integers(0, 2**32 - 1)))
    sizes = tuple(random.randint(1, 5) for _ in range(count))
    scopes = []
    for vertex in range(count):
        parents = random.sample(range(vertex), random.randint(0, min(vertex, most)))
        scopes.append((*parents, vertex))
    last = random.getrandbits(count) if with_last and draw(st.booleans()) else 0
    return Case(sizes, tuple(scopes), last)


def union_of(cliques, count):
    graph = nx.empty_graph(count)
    for clique in cliques:
        graph.add_edges_from(itertools.combinations(clique, 2))
    return graph


@given(cases())
def test_moral_graph(case):
    adjacent = moralise(len(case.sizes), case.scopes)
    moral = case.moral
    assert [set(members(mask)) for mask in adjacent] == [set(moral[v]) for v in moral]


@given(cases())
def test_every_family_is_inside_a_clique(case):
    cliques = [set(clique) for clique in case.tree().cliques]
    for scope in case.scopes:
        assert any(clique.issuperset(scope) for clique in cliques)


@given(cases())
def test_cliques_of_a_vertex_hang_together(case):
    """The running intersection property, by the tree that the parents make."""
    tree = case.tree()
    graph = nx.empty_graph(len(tree.cliques))
    graph.add_edges_from((at, parent) for at, parent in enumerate(tree.parents) if parent >= 0)
    assert nx.is_forest(graph)
    for vertex in range(len(case.sizes)):
        holders = [at for at, clique in enumerate(tree.cliques) if vertex in clique]
        assert nx.is_connected(graph.subgraph(holders))


@given(cases())
def test_separators_are_what_a_clique_shares_with_its_parent(case):
    tree = case.tree()
    for at, (clique, parent) in enumerate(zip(tree.cliques, tree.parents, strict=True)):
        assert len(set(clique)) == len(clique)
        assert parent < at
        shared = set(clique) & set(tree.cliques[parent]) if parent >= 0 else set()
        assert set(clique[: tree.separators[at]]) == shared


@given(cases())
def test_triangulated_graph_is_chordal_and_covers_the_moral_graph(case):
    triangulated = union_of(case.tree().cliques, len(case.sizes))
    assert nx.is_chordal(triangulated)
    assert all(triangulated.has_edge(*edge) for edge in case.moral.edges)


@given(cases(with_last=False))
def test_cliques_are_the_maximal_ones(case):
    cliques = case.tree().cliques
    triangulated = union_of(cliques, len(case.sizes))
    assert sorted(map(sorted, cliques)) == sorted(map(sorted, nx.find_cliques(triangulated)))


@given(cases(with_last=False))
def test_min_fill_adds_nothing_to_a_chordal_graph(case):
    chordal, _ = nx.complete_to_chordal_graph(case.moral)
    elimination = eliminate(case.sizes, list(chordal.edges), "min_fill")
    tree = junction_tree(case.sizes, elimination)
    expected = nx.chordal_graph_cliques(chordal)
    assert {frozenset(clique) for clique in tree.cliques} == set(expected)


@given(cases())
def test_costs_count_table_entries(case):
    tree = case.tree()
    expected = sum(math.prod(case.sizes[v] for v in clique) for clique in tree.cliques)
    assert tree.cost == expected
    found = case.elimination()
    made = [
        math.prod(case.sizes[v] for v in (vertex, *members(around)))
        for vertex, around in zip(found.order, found.neighbours, strict=True)
    ]
    assert found.cost == pytest.approx(sum(made))


@given(cases(), st.integers(0, 3))
def test_same_arguments_give_the_same_tree(case, restarts):
    first, second = case.elimination(restarts), case.elimination(restarts)
    assert first == second
    assert junction_tree(case.sizes, first, case.last) == junction_tree(
        case.sizes, second, case.last
    )


@given(cases())
def test_restarts_and_rules_never_make_it_dearer(case):
    alone = [eliminate(case.sizes, case.scopes, rule, case.last).cost for rule in RULES]
    assert case.elimination().cost == min(alone)
    assert case.elimination(restarts=3).cost <= min(alone)


@given(cases(), st.sampled_from(RULES))
def test_elimination_stops_over_the_limit(case, rule):
    found = eliminate(case.sizes, case.scopes, rule)
    assert eliminate(case.sizes, case.scopes, rule, stop_over=found.cost) == found
    assert eliminate(case.sizes, case.scopes, rule, stop_over=found.cost * 0.99) is None


def scored(graph, sizes, rule, vertex):
    """What a rule makes as small as it can: log2 of the entries, fill edges, or their weight."""
    logs = [math.log2(size) for size in sizes]
    if rule == "min_weight":
        return logs[vertex] + sum(logs[other] for other in graph[vertex])
    pairs = itertools.combinations(graph[vertex], 2)
    missing = [pair for pair in pairs if not graph.has_edge(*pair)]
    return sum(1 if rule == "min_fill" else logs[a] * logs[b] for a, b in missing)


@settings(max_examples=400)
@given(cases(), st.sampled_from(RULES))
def test_each_vertex_is_the_best_by_the_rule_when_it_goes(case, rule):
    found = eliminate(case.sizes, case.scopes, rule, case.last)
    graph = case.moral
    for vertex, around in zip(found.order, found.neighbours, strict=True):
        assert set(members(around)) == set(graph[vertex])
        early = [v for v in graph if not case.last >> v & 1] or list(graph)
        least = min(scored(graph, case.sizes, rule, v) for v in early)
        assert scored(graph, case.sizes, rule, vertex) == pytest.approx(least)
        graph.add_edges_from(itertools.combinations(list(graph[vertex]), 2))
        graph.remove_node(vertex)


@given(cases(), st.sampled_from(RULES))
def test_last_vertices_go_last(case, rule):
    order = eliminate(case.sizes, case.scopes, rule, case.last).order
    assert sorted(order) == list(range(len(case.sizes)))
    late = [bool(case.last >> vertex & 1) for vertex in order]
    assert late == sorted(late)


@given(cases())
def test_no_clique_has_residual_vertices_in_and_out_of_last(case):
    tree = case.tree()
    for clique, separator in zip(tree.cliques, tree.separators, strict=True):
        assert len({case.last >> vertex & 1 for vertex in clique[separator:]}) == 1


@given(st.sets(st.integers(0, 200)))
def test_masks(vertices):
    assert list(members(mask_of(vertices))) == sorted(vertices)
