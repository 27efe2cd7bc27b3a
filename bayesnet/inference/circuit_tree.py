"""A junction tree as layers of a circuit: messages to the roots, posteriors back down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bayesnet.inference.circuit import ONE, CircuitBuilder, Indices
from bayesnet.inference.circuit_inputs import starts
from bayesnet.inference.clique_tree import Program, align
from bayesnet.inference.structural_zeros import laid, possible_entries
from bayesnet.network import Array

NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Branch:
    """A clique's entries that can be other than zero, and their registers.

    entries: their places in the full table, ascending. runs: where the entries of each possible
    separator entry begin; of: each entry's separator entry, as a number among these; above: the
    same for each entry of the parent. potential, message, belief: the first register of each;
    belief is NOWHERE where nothing needs it.
    """

    entries: Indices
    runs: Indices
    of: Indices
    above: Indices
    potential: int
    message: int
    belief: int


@dataclass(frozen=True, eq=False)
class Tree:
    """All branches, by the index of their clique, and P(evidence) of each root."""

    program: Program
    branches: Sequence[Branch]
    totals: Mapping[int, int]

    def states(self, index: int, vertex: int) -> Indices:
        """The state of a vertex in each entry of a clique."""
        clique = self.program.cliques[index]
        at = clique.vertices.index(vertex)
        after = int(np.prod(clique.shape[at + 1 :]))
        return self.branches[index].entries // after % clique.shape[at]


Columns = Mapping[int, Sequence[tuple[tuple[int, ...], Indices]]]
"""{clique: (vertices in the clique's order, registers of their joint states, flat) for each}"""


@dataclass(eq=False)
class Growing:
    """What `grow_upward` hands to `grow_downward`: registers of a tree by clique."""

    circuit: CircuitBuilder
    program: Program
    columns: Columns
    levels: list[list[int]]
    needed: frozenset[int]
    entries: list[Indices] = field(default_factory=list)
    separators: list[Indices] = field(default_factory=list)
    of: list[Indices] = field(default_factory=list)
    runs: list[Indices] = field(default_factory=list)
    above: list[Indices] = field(default_factory=list)
    potential: dict[int, int] = field(default_factory=dict)
    message: dict[int, int] = field(default_factory=dict)
    belief: dict[int, int] = field(default_factory=dict)


def grow_upward(
    circuit: CircuitBuilder, program: Program, columns: Columns, needed: frozenset[int]
) -> Growing:
    """Layers of the pass to the roots; `needed` cliques, with all above, come back down."""
    grower = Growing(circuit, program, columns, _levels(program, needed), needed)
    _find_entries(grower)
    for level in grower.levels:
        _reserve(circuit, level, grower.entries, grower.potential)
    for level in grower.levels[:-1]:
        _reserve(circuit, level, grower.separators, grower.message)
    for level in grower.levels:
        _potentials(grower, level)
        last = level[-1]
        first = grower.potential[level[0]]
        end = grower.potential[last] + len(grower.entries[last])
        if program.cliques[level[0]].parent < 0:
            grower.message.update((index, circuit.reserve(1)) for index in level)
            runs = starts([len(grower.entries[index]) for index in level])
        else:
            runs = np.concatenate(
                [grower.runs[index] + grower.potential[index] - first for index in level]
            )
        circuit.sum_runs(first, end, runs, grower.message[level[0]])
    return grower


def grow_downward(grower: Growing) -> Tree:
    """Layers of the pass from the roots, as far as it is needed."""
    program = grower.program
    roots = grower.levels[-1] if grower.levels else []
    for index in roots:
        grower.belief[index] = grower.potential[index]
    for level in reversed(grower.levels[:-1]):
        going = [index for index in level if index in grower.needed]
        if going:
            _descend(grower, going)
    branches = [
        Branch(
            grower.entries[index],
            grower.runs[index],
            grower.of[index],
            grower.above[index],
            grower.potential[index],
            grower.message[index],
            grower.belief.get(index, NOWHERE),
        )
        for index in range(len(program.cliques))
    ]
    return Tree(program, branches, {index: grower.message[index] for index in roots})


def _descend(grower: Growing, going: Sequence[int]) -> None:
    circuit, program = grower.circuit, grower.program
    down: dict[int, int] = {}
    _reserve(circuit, going, grower.separators, down)
    operands: list[Indices] = []
    lengths: list[Indices] = []
    for index in going:
        above = grower.above[index]
        operands.append(
            grower.belief[program.cliques[index].parent] + np.argsort(above, kind="stable")
        )
        lengths.append(np.bincount(above, minlength=len(grower.separators[index])))
    circuit.sum_of(np.concatenate(operands), starts(np.concatenate(lengths)), down[going[0]])
    messages = [grower.message[i] + np.arange(len(grower.separators[i])) for i in going]
    circuit.divide(down[going[0]], np.concatenate(messages), down[going[0]])
    _reserve(circuit, going, grower.entries, grower.belief)
    ratios = [down[index] + grower.of[index] for index in going]
    circuit.scale(grower.potential[going[0]], np.concatenate(ratios), grower.belief[going[0]])


def _levels(program: Program, needed: frozenset[int]) -> list[list[int]]:
    """Cliques by distance from the root, the farthest first; those needed first in each."""
    depth = [0] * len(program.cliques)
    for index, clique in enumerate(program.cliques):
        if clique.parent >= 0:
            depth[index] = depth[clique.parent] + 1
    levels: list[list[int]] = [[] for _ in range(max(depth, default=-1) + 1)]
    for index in sorted(range(len(depth)), key=lambda i: (i not in needed, i)):
        levels[-1 - depth[index]].append(index)
    return levels


def _find_entries(grower: Growing) -> None:
    program = grower.program
    for mask in possible_entries(program):
        clique = program.cliques[len(grower.entries)]
        entries = np.flatnonzero(mask)
        places = entries // clique.residual
        fresh = np.ones(len(places), dtype=bool)
        fresh[1:] = places[1:] != places[:-1]
        runs = np.flatnonzero(fresh)
        grower.entries.append(entries)
        grower.separators.append(places[runs])
        grower.runs.append(runs)
        grower.of.append(np.cumsum(fresh) - 1)
        if clique.to_parent is None:
            grower.above.append(runs[:0])
            continue
        number = np.zeros(clique.separator, dtype=np.intp)
        number[places[runs]] = np.arange(len(runs))
        grower.above.append(laid(number, clique.to_parent)[grower.entries[clique.parent]])


def _reserve(
    circuit: CircuitBuilder, level: Sequence[int], what: Sequence[Indices], into: dict[int, int]
) -> None:
    for index in level:
        into[index] = circuit.reserve(len(what[index]))


def _potentials(grower: Growing, level: Sequence[int]) -> None:
    operands: list[Indices] = []
    counts: list[Indices] = []
    weights: list[Array] = []
    for index in level:
        clique, entries = grower.program.cliques[index], grower.entries[index]
        read = [
            laid(registers, align(clique.vertices, scope, grower.program.lowered.sizes))[entries]
            for scope, registers in grower.columns.get(index, ())
        ]
        read += [
            grower.message[child] + grower.above[child] for child in grower.program.children[index]
        ]
        if not read:
            read = [np.full(len(entries), ONE)]
        operands.append(np.stack(read, axis=1).reshape(-1))
        counts.append(np.full(len(entries), len(read)))
        weights.append(clique.fixed[0][entries])
    lengths = np.concatenate(counts)
    offsets = None if lengths.max(initial=1) == 1 else starts(lengths)
    weighted = np.concatenate(weights)
    circuit = grower.circuit
    circuit.product(
        np.concatenate(operands),
        offsets,
        None if (weighted == 1.0).all() else weighted,
        grower.potential[level[0]],
    )
