"""What an engine will compute and what that costs, in words for a person."""

import math
from typing import TYPE_CHECKING

from bayesnet.errors import readable_bytes
from bayesnet.network import NoisyMax

if TYPE_CHECKING:
    from bayesnet.engine import Engine

LARGEST = 5


def summary(engine: "Engine") -> str:
    """Several lines; allocates nothing for a network that is too wide without evidence."""
    noisy = sum(isinstance(family, NoisyMax) for family in engine.plans.solved.families)
    lines = [
        f"Engine for {len(engine.plans.parents)} variables, {noisy} of them noisy-MAX and kept "
        f"factorised; circuits run by {engine.executor}",
    ]
    return "\n".join([*lines, *_tree(engine), *_circuit(engine)])


def _tree(engine: "Engine") -> list[str]:
    sketch = engine.sketch()
    named = {vertex: engine.network.names[v] for vertex, v in enumerate(sketch.core)}
    entries = [(math.prod(sketch.sizes[v] for v in c), c) for c in sketch.tree.cliques]
    budget = readable_bytes(engine.memory_budget)
    lines = [
        f"  cliques: {len(entries)}",
        f"  cost of one propagation: {sketch.tree.cost:,} table entries",
        f"  memory: {readable_bytes(sketch.memory)} of {budget}",
        "  largest cliques:",
    ]
    if sketch.memory > engine.memory_budget:
        lines.insert(3, "  too wide without evidence; what is observed is sliced away first")
    for size, clique in sorted(entries, key=lambda pair: -pair[0])[:LARGEST]:
        members = ", ".join(named.get(v, "(chain)") for v in clique)
        lines.append(f"    {size:>10,} entries: {members}")
    return lines


def _circuit(engine: "Engine") -> list[str]:
    everything = engine.circuits.everything
    if everything is None:
        return [
            "  circuits: one for each pattern of observed variables that comes a second time, "
            "and for the columns of a table"
        ]
    return [
        f"  circuit for every pattern: {everything.circuit.operations:,} operations in "
        f"{len(everything.circuit.layers)} layers, {everything.circuit.size:,} registers"
    ]
