"""What an engine will compute and what that costs, before anything is allocated."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from bayesnet.errors import readable_bytes
from bayesnet.inference.cases import Case
from bayesnet.inference.factors import factors_of
from bayesnet.inference.posteriors import outline
from bayesnet.inference.problem import BYTES_AN_ENTRY
from bayesnet.inference.structure import Structure
from bayesnet.inference.tape_layout import eliminated, tape_of
from bayesnet.inference.tuning import (
    EVIDENCE_DRAWS,
    EVIDENCE_LOOKS,
    EVIDENCE_SHARE,
    GIVE_UP,
    MOST_LOOKS,
)
from bayesnet.network import Network, NoisyMax

LARGEST = 5


@dataclass(frozen=True)
class Sketch:
    """What one pass for all marginals would hold.

    cliques: the vertices that stand together in the product of some step, none within another.
    sizes: states of each vertex; vertices from the number of variables on are of chains.
    entries: of the products of all steps.
    """

    cliques: tuple[tuple[int, ...], ...]
    sizes: tuple[int, ...]
    entries: int

    @property
    def memory(self) -> int:
        """Bytes that the tables would take."""
        return self.entries * BYTES_AN_ENTRY


def sketch(structure: Structure, case: Case | None = None, looks: int = MOST_LOOKS) -> Sketch:
    """All marginals of a case, nothing known by default; looks: see `best_elimination`."""
    known = case or Case({}, {})
    found = outline(structure, known, range(len(structure.sizes)))
    factors = factors_of(structure, known, found.needed)
    scopes = tuple(dict.fromkeys(f.scope for f in factors.factors if f.scope))
    order, cost = eliminated(factors.sizes, scopes, found.ghosts, looks=looks)
    if cost >= GIVE_UP:
        return Sketch((), factors.sizes, cost)
    tape = tape_of(factors.sizes, (*scopes, *found.ghosts), order)
    inner, summing = set(), sorted(tape.home.values())
    for at in summing:
        above = tape.above(at)
        if above >= 0 and len(tape.steps[above].scope) < len(tape.steps[at].scope):
            inner.add(above)
    cliques = tuple(tape.steps[at].scope for at in summing if at not in inner)
    return Sketch(cliques, factors.sizes, cost)


def fits_with_evidence(structure: Structure, budget: int) -> bool:
    """Whether all marginals are within the budget (bytes) once a fifth of the variables is known.

    More often than not, over a few fifths drawn by chance (always the same).
    """
    count = max(1, round(EVIDENCE_SHARE * len(structure.sizes)))
    fitting = 0
    for seed in range(EVIDENCE_DRAWS):
        known = random.Random(seed).sample(range(len(structure.sizes)), count)
        case = Case({v: structure.sizes[v] - 1 for v in known}, {})
        fitting += sketch(structure, case, looks=EVIDENCE_LOOKS).memory <= budget
    return fitting > EVIDENCE_DRAWS // 2


def summary(network: Network, found: Sketch, budget: int, executor: str) -> str:
    """Several lines for a person; allocates nothing for a network that is too wide."""
    noisy = sum(isinstance(family, NoisyMax) for family in network.families)
    lines = [
        f"Engine for {len(network.variables)} variables, {noisy} of them noisy-MAX and kept "
        f"factorised; passes run by {executor}",
        f"  cliques: {len(found.cliques)}",
        f"  cost of one propagation: {found.entries:,} table entries",
        f"  memory: {readable_bytes(found.memory)} of {readable_bytes(budget)}",
        "  largest cliques:",
    ]
    if found.memory > budget:
        lines.insert(3, "  too wide without evidence; what is observed is sliced away first")
    return "\n".join([*lines, *_largest(network.names, found)])


def _largest(names: Sequence[str], found: Sketch) -> list[str]:
    sized = [(math.prod(found.sizes[v] for v in clique), clique) for clique in found.cliques]
    lines = []
    for entries, clique in sorted(sized, key=lambda pair: -pair[0])[:LARGEST]:
        members = [names[v] if v < len(names) else "(chain)" for v in clique]
        lines.append(f"    {entries:>10,} entries: {', '.join(members)}")
    return lines
