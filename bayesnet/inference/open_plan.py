"""One plan for many patterns: what is asked may be observed or not, each case as it comes.

An observation of a variable in the tree is a factor that picks its state, or says nothing; an
observed noisy-MAX leaf is a chain that an unobserved one passes through as it is. So a table of
cases needs one plan, not one for each set of answered questions.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from bayesnet.inference.clique_tree import build_program
from bayesnet.inference.factors import HARD, SOFT, Factor, Lookup, Lowered, Pattern, lower
from bayesnet.inference.plan import Plan, Request, ancestors, loads, product_readout
from bayesnet.inference.rerooting import shallow
from bayesnet.inference.triangulation import RULES, Elimination, best_elimination, junction_tree
from bayesnet.network import Network, NoisyMax


def open_plan(
    network: Network,
    parents: Sequence[Sequence[int]],
    asked: Iterable[int],
    known: Iterable[int],
    soft: Iterable[int],
    request: Request,
    budget: int,
) -> Plan:
    """A plan for cases that observe the `known` variables, and of the `asked` any.

    A code of an asked variable is its state, or its number of states where it is not observed.
    soft: variables that take a likelihood in each case. request: whose posteriors are read, and
    what has to be in the tree. Raises TooLargeError.
    """
    hard, likely = set(known), set(soft)
    kept = set(request.kept) - hard
    relevant = ancestors(parents, {*asked, *hard, *likely, *kept, *request.wanted})
    inner = {parent for variable in relevant for parent in parents[variable]}
    outer = relevant - inner - hard - likely - kept
    leaves = {v for v in outer if isinstance(network.families[v], NoisyMax)}
    core = sorted(relevant - hard - leaves)
    may_be = set(asked) - hard - likely
    pattern = [(v, HARD) for v in hard | (leaves & may_be)] + [(v, SOFT) for v in likely]
    lowered, elimination = _lowered(network, parents, tuple(sorted(pattern)), core)
    vertex_of = {variable: vertex for vertex, variable in enumerate(core)}
    seen = tuple(
        _indicator(v, vertex_of[v], len(network.variables[v].states)) for v in core if v in may_be
    )
    lowered = Lowered(lowered.vertices, lowered.sizes, (*lowered.factors, *seen), lowered.soft)
    what = f"a junction tree for {len(core)} variables"
    tree = shallow(junction_tree(lowered.sizes, elimination), lowered.sizes)
    program = build_program(lowered, tree, budget, what)
    read = sorted(leaves & set(request.wanted))
    products = tuple(product_readout(network, parents, v, vertex_of) for v in read)
    return Plan(program, vertex_of, (), products)


def _lowered(
    network: Network,
    parents: Sequence[Sequence[int]],
    pattern: Pattern,
    core: Sequence[int],
) -> tuple[Lowered, Elimination]:
    """The cheaper of two orders in which chains take their parents."""
    load = loads(parents, pattern, core)
    noisy = any(isinstance(network.families[v], NoisyMax) for v in (*core, *dict(pattern)))
    ranks: list[Mapping[int, float]] = [load, {v: -count for v, count in load.items()}]
    found = []
    for rank in ranks if noisy else ranks[:1]:
        lowered = lower(network, parents, pattern, core, rank)
        scopes = [factor.scope for factor in lowered.factors]
        found.append((lowered, best_elimination(lowered.sizes, scopes, RULES)))
    return min(found, key=lambda pair: pair[1].cost)


def _indicator(variable: int, vertex: int, states: int) -> Factor:
    rows = np.concatenate([np.eye(states), np.ones((1, states))])
    return Factor((vertex,), (Lookup(rows, ((variable, 1),)),))
