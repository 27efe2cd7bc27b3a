"""What an engine will compute and what that costs, in words for a person."""

import math

from bayesnet.errors import readable_bytes
from bayesnet.inference.inference import Inference
from bayesnet.network import NoisyMax

LARGEST = 5


def summary(inference: Inference) -> str:
    """Several lines; allocates nothing for a network that is too wide without evidence."""
    noisy = sum(isinstance(family, NoisyMax) for family in inference.plans.solved.families)
    lines = [
        f"Engine for {len(inference.plans.parents)} variables, {noisy} of them noisy-MAX and kept "
        f"factorised; circuits run by {inference.executor}",
    ]
    return "\n".join([*lines, *_tree(inference), *_circuit(inference)])


def _tree(inference: Inference) -> list[str]:
    sketch = inference.sketch()
    named = {vertex: inference.network.names[v] for vertex, v in enumerate(sketch.core)}
    entries = [(math.prod(sketch.sizes[v] for v in c), c) for c in sketch.tree.cliques]
    budget = readable_bytes(inference.memory_budget)
    lines = [
        f"  cliques: {len(entries)}",
        f"  cost of one propagation: {sketch.tree.cost:,} table entries",
        f"  memory: {readable_bytes(sketch.memory)} of {budget}",
        "  largest cliques:",
    ]
    if sketch.memory > inference.memory_budget:
        lines.insert(3, "  too wide without evidence; what is observed is sliced away first")
    for size, clique in sorted(entries, key=lambda pair: -pair[0])[:LARGEST]:
        members = ", ".join(named.get(v, "(chain)") for v in clique)
        lines.append(f"    {size:>10,} entries: {members}")
    return lines


def _circuit(inference: Inference) -> list[str]:
    everything = inference.circuits.everything
    if everything is None:
        return [
            "  circuits: one for each pattern of observed variables that comes a second time, "
            "and for the columns of a table"
        ]
    return [
        f"  circuit for every pattern: {everything.circuit.operations:,} operations in "
        f"{len(everything.circuit.layers)} layers, {everything.circuit.size:,} registers"
    ]
