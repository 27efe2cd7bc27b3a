"""From a plan to its circuit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.circuit import (
    ZERO,
    Circuit,
    CircuitBuilder,
    Indices,
    LookedUp,
    Maxima,
    Output,
)
from bayesnet.inference.circuit_inputs import RowBuilder, looked_up_inputs, maxima_inputs, starts
from bayesnet.inference.circuit_readouts import Raw, read_products, read_tables, read_vertex
from bayesnet.inference.circuit_tree import Columns, grow_downward, grow_upward
from bayesnet.inference.clique_tree import Program
from bayesnet.inference.factors import Factor, Lookup
from bayesnet.inference.plan import (
    Plan,
    ProductReadout,
    TableReadout,
    product_readout,
    reads_as_table,
    table_readout,
)
from bayesnet.inference.triangulation import mask_of
from bayesnet.network import Network


def build_circuit(
    network: Network, parents: Sequence[Sequence[int]], plan: Plan, variables: Sequence[int]
) -> Circuit:
    """A circuit for the posteriors of some unobserved variables.

    Structural zeros are dropped; messages are not scaled, so evidence less probable than
    `propagation.SAFE` has to be computed otherwise.
    """
    program = plan.program
    circuit, rows = CircuitBuilder(), RowBuilder()
    tables, products = _leaves(network, parents, plan, set(variables))
    inputs = _inputs(circuit, rows, program, tables, products)
    in_tree = {v: plan.vertex_of[v] for v in variables if v in plan.vertex_of}
    # What a leaf reads may lie anywhere in the tree.
    every = range(len(program.cliques))
    read = every if tables or products else {program.home[v][0] for v in in_tree.values()}
    grower = grow_upward(circuit, program, inputs.columns, _with_ancestors(program, read))
    upward = len(circuit.layers)
    tree = grow_downward(grower)
    raw = [read_vertex(tree, variable, vertex) for variable, vertex in in_tree.items()]
    vertices = [[plan.vertex_of[p] for p in table.parents] for table in tables]
    raw += read_tables(circuit, tree, list(zip(tables, vertices, inputs.tables, strict=True)))
    raw += read_products(circuit, tree, list(zip(products, inputs.products, strict=True)))
    start, outputs = _outputs(circuit, raw)
    roots = np.array(list(tree.totals.values()), dtype=np.intp)
    return Circuit(
        circuit.most,
        rows.rows(),
        inputs.looked_up,
        inputs.maxima,
        program.lowered.soft,
        inputs.soft_start,
        tuple(circuit.layers),
        upward,
        np.concatenate([roots, inputs.scalars]),
        start,
        outputs,
    )


@dataclass(frozen=True, eq=False)
class _Inputs:
    """What depends on the case, and its registers.

    columns, scalars: of the tree's factors. tables: of each leaf's table, or None where it is
    the same for every case. products: of each leaf's factors.
    """

    looked_up: LookedUp
    maxima: Maxima | None
    soft_start: int
    columns: Columns
    scalars: Indices
    tables: Sequence[Indices | None]
    products: Sequence[Sequence[Indices]]


def _inputs(
    circuit: CircuitBuilder,
    rows: RowBuilder,
    program: Program,
    tables: Sequence[TableReadout],
    products: Sequence[ProductReadout],
) -> _Inputs:
    placed = [
        (index, each.factor)
        for index, clique in enumerate(program.cliques)
        for each in clique.placed
    ]
    placed += [(-1, factor) for factor in program.scalars]
    plain = [(i, f) for i, f in placed if len(f.lookups) == 1]
    several = [(i, f) for i, f in placed if len(f.lookups) > 1]
    asked = [_single(f) for _, f in plain]
    asked += [table.found for table in tables if table.found.strides]
    asked += [each for product in products for each in product.seen[1:]]
    looked_up, registers = looked_up_inputs(circuit, rows, asked)
    own, of_leaves = registers[: len(plain)], iter(registers[len(plain) :])
    of_tables = [next(of_leaves) if table.found.strides else None for table in tables]
    of_products = [[next(of_leaves) for _ in product.seen[1:]] for product in products]
    maxima, more = maxima_inputs(circuit, rows, [f for _, f in several])
    soft_start = circuit.size
    columns, scalars = _columns(circuit, program, [*plain, *several], [*own, *more])
    return _Inputs(looked_up, maxima, soft_start, columns, scalars, of_tables, of_products)


def _leaves(
    network: Network, parents: Sequence[Sequence[int]], plan: Plan, wanted: set[int]
) -> tuple[list[TableReadout], list[ProductReadout]]:
    """How the leaves outside the tree are read: from one clique's joint, or as a product."""
    tables: list[TableReadout] = []
    products: list[ProductReadout] = []
    leaves = [each.variable for each in plan.tables] + [each.variable for each in plan.products]
    for leaf in leaves:
        if leaf not in wanted:
            continue
        held = mask_of(plan.vertex_of[v] for v in parents[leaf] if v in plan.vertex_of)
        together = not held or any(not held & ~mask for mask in plan.program.masks)
        if together and reads_as_table(network, leaf):
            tables.append(table_readout(network, parents, leaf, plan.vertex_of))
        else:
            products.append(product_readout(network, parents, leaf, plan.vertex_of))
    return tables, products


def _single(factor: Factor) -> Lookup:
    found = factor.lookups[0]
    if factor.state is None:
        return found
    return Lookup(found.base[..., factor.state], found.strides)


def _columns(
    circuit: CircuitBuilder,
    program: Program,
    factors: Sequence[tuple[int, Factor]],
    registers: Sequence[Indices],
) -> tuple[Columns, Indices]:
    """What multiplies into each clique, factors of one scope first multiplied with each other.

    Second: registers of the factors without a vertex.
    """
    grouped: dict[tuple[int, tuple[int, ...]], list[Indices]] = {}
    scalars: list[Indices] = [np.empty(0, dtype=np.intp)]
    for (index, factor), own in zip(factors, registers, strict=True):
        if index < 0:
            scalars.append(own.reshape(-1))
            continue
        order = {vertex: at for at, vertex in enumerate(program.cliques[index].vertices)}
        axes = sorted(range(len(factor.scope)), key=lambda at: order[factor.scope[at]])
        scope = tuple(factor.scope[at] for at in axes)
        grouped.setdefault((index, scope), []).append(own.transpose(axes).reshape(-1))
    for vertex, index, _ in program.soft:
        states = circuit.reserve(program.lowered.sizes[vertex]) + np.arange(
            program.lowered.sizes[vertex]
        )
        grouped.setdefault((index, (vertex,)), []).append(states)
    several = {key: np.stack(own, axis=1) for key, own in grouped.items() if len(own) > 1}
    if several:
        operands = np.concatenate([own.reshape(-1) for own in several.values()])
        lengths = np.concatenate([np.full(len(own), own.shape[1]) for own in several.values()])
        first = circuit.reserve(len(lengths))
        circuit.product(operands, starts(lengths), None, first)
        for key, own in several.items():
            grouped[key] = [first + np.arange(len(own))]
            first += len(own)
    columns: dict[int, list[tuple[tuple[int, ...], Indices]]] = {}
    for (index, scope), joined in grouped.items():
        columns.setdefault(index, []).append((scope, joined[0]))
    return columns, np.concatenate(scalars)


def _with_ancestors(program: Program, cliques: Iterable[int]) -> frozenset[int]:
    found: set[int] = set()
    for index in cliques:
        while index >= 0 and index not in found:
            found.add(index)
            index = program.cliques[index].parent
    return frozenset(found)


def _outputs(circuit: CircuitBuilder, raw: Sequence[Raw]) -> tuple[int, tuple[Output, ...]]:
    """Layers that sum each state's registers and scale each variable's states to sum to 1."""
    if not raw:
        return circuit.size, ()
    nothing = np.array([ZERO])
    runs = [run if len(run) else nothing for each in raw for run in each.states]
    first = circuit.reserve(len(runs))
    circuit.sum_of(np.concatenate(runs), starts([len(run) for run in runs]), first)
    lengths = [len(each.states) for each in raw]
    totals = circuit.reserve(len(raw))
    circuit.sum_runs(first, first + len(runs), starts(lengths), totals)
    start = circuit.reserve(len(runs))
    circuit.divide(first, totals + np.repeat(np.arange(len(raw)), lengths), start)
    outputs = [
        Output(each.variable, int(at), length)
        for each, at, length in zip(raw, starts(lengths), lengths, strict=True)
    ]
    return start, tuple(outputs)
