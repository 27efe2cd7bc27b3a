"""Elimination and junction trees on random graphs, with networkx as the oracle."""

import itertools
import math
from dataclasses import dataclass
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bayesnet.inference.triangulation import (
    RULES,
    Elimination,
    JunctionTree,
    Rule,
    best_elimination,
    chance_weights,
    eliminate,
    junction_tree,
    mask_of,
    members,
    moralise,
    rule_weights,
)

SEARCHED = 10**6
"""Repeats for which any search is worth while."""


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

    def elimination(self, repeats: int = 0) -> Elimination:
        return best_elimination(self.sizes, self.scopes, RULES, repeats, self.last)

    def by_rule(self, rule: Rule, stop_over: float = math.inf) -> Elimination | None:
        weights = rule_weights(self.sizes, rule)
        return eliminate(self.sizes, self.scopes, weights, self.last, stop_over)

    def tree(self, repeats: int = 0) -> JunctionTree:
        return junction_tree(self.sizes, self.elimination(repeats), self.last)


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
def test_nothing_is_added_to_a_chordal_graph(case):
    chordal, _ = nx.complete_to_chordal_graph(case.moral)
    tree = junction_tree(case.sizes, best_elimination(case.sizes, list(chordal.edges)))
    expected = nx.chordal_graph_cliques(chordal)
    assert {frozenset(clique) for clique in tree.cliques} == set(expected)


@given(cases())
def test_costs_count_table_entries(case):
    tree = case.tree()
    expected = sum(math.prod(case.sizes[v] for v in clique) for clique in tree.cliques)
    assert tree.cost == expected
    found = case.elimination()
    made = [
        math.prod(case.sizes[v] for v in (vertex, *around))
        for vertex, around in zip(found.order, found.neighbours, strict=True)
    ]
    assert found.cost == sum(made)


@settings(max_examples=30)
@given(cases(), st.sampled_from([0, 3, SEARCHED]))
def test_same_arguments_give_the_same_tree(case, repeats):
    first, second = case.elimination(repeats), case.elimination(repeats)
    assert first == second
    assert junction_tree(case.sizes, first, case.last) == junction_tree(
        case.sizes, second, case.last
    )


@settings(max_examples=30)
@given(cases())
def test_a_search_never_makes_it_dearer(case):
    assert case.elimination(SEARCHED).cost <= case.elimination().cost


def test_a_search_finds_what_the_rules_do_not():
    random = Random(1)
    sizes = [random.randint(2, 6) for _ in range(49)]
    rows = [(v, v + 1) for v in range(49) if v % 7 < 6]
    columns = [(v, v + 7) for v in range(42)]
    by_rules = min(
        eliminate(sizes, rows + columns, rule_weights(sizes, rule)).cost for rule in RULES
    )
    assert best_elimination(sizes, rows + columns, repeats=SEARCHED).cost < by_rules


@settings(max_examples=30)
@given(cases(with_last=False), cases(with_last=False), st.sampled_from([0, SEARCHED]))
def test_parts_do_not_disturb_each_other(one, two, repeats):
    shift = len(one.sizes)
    moved = [tuple(v + shift for v in scope) for scope in two.scopes]
    sizes = (*one.sizes, *two.sizes)
    both = junction_tree(sizes, best_elimination(sizes, [*one.scopes, *moved], RULES, repeats))
    assert both.cost == one.tree(repeats).cost + two.tree(repeats).cost


@given(cases(), st.sampled_from(RULES))
def test_elimination_stops_over_the_limit(case, rule):
    found = case.by_rule(rule)
    assert case.by_rule(rule, found.cost) == found
    assert case.by_rule(rule, found.cost - 1) is None


def scored(graph, sizes, rule, vertex):
    """What a rule makes as small as it can: the number of fill edges, or their weight."""
    logs = [math.log2(size) for size in sizes]
    pairs = itertools.combinations(graph[vertex], 2)
    missing = [pair for pair in pairs if not graph.has_edge(*pair)]
    return sum(1 if rule == "min_fill" else logs[a] * logs[b] for a, b in missing)


@settings(max_examples=400)
@given(cases(), st.sampled_from(RULES))
def test_each_vertex_is_the_best_by_the_rule_when_it_goes(case, rule):
    found = case.by_rule(rule)
    graph = case.moral
    for vertex, around in zip(found.order, found.neighbours, strict=True):
        early = [v for v in graph if not case.last >> v & 1] or list(graph)
        least = min(scored(graph, case.sizes, rule, v) for v in early)
        assert scored(graph, case.sizes, rule, vertex) == pytest.approx(least, rel=1e-4)
        eliminated(graph, vertex, around)


def eliminated(graph, vertex, around):
    """Takes a vertex out of the graph, after a check that these are its neighbours."""
    assert sorted(around) == sorted(graph[vertex])
    graph.add_edges_from(itertools.combinations(list(graph[vertex]), 2))
    graph.remove_node(vertex)


@settings(max_examples=30)
@given(cases(), st.sampled_from([0, SEARCHED]))
def test_neighbours_are_those_of_the_graph_with_its_fill_edges(case, repeats):
    found = case.elimination(repeats)
    graph = case.moral
    for vertex, around in zip(found.order, found.neighbours, strict=True):
        eliminated(graph, vertex, around)
    assert not graph


@given(cases(), st.integers(2, 20))
def test_chance_only_makes_vertices_lighter(case, seed):
    plain = rule_weights(case.sizes, "weighted_min_fill")
    lessened = chance_weights(case.sizes, seed)
    assert lessened == chance_weights(case.sizes, seed)
    for weight, less in zip(plain, lessened, strict=True):
        assert 0.5 * weight <= less <= weight


@settings(max_examples=30)
@given(cases(), st.sampled_from([0, SEARCHED]))
def test_last_vertices_go_last(case, repeats):
    order = case.elimination(repeats).order
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
