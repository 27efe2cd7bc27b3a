"""Which entries of a junction tree's cliques can be other than zero, whatever the case."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.clique_tree import Alignment, Program

Mask = NDArray[np.bool_]


def laid(part: NDArray[Any], alignment: Alignment) -> NDArray[Any]:
    """A flat table of a part repeated over the whole; flat too."""
    return np.broadcast_to(part.reshape(alignment.part), alignment.whole).reshape(-1)


def possible_entries(program: Program) -> list[Mask]:
    """For each clique which of its entries can be non-zero, shape (entries,).

    What a factor rules out in one clique is ruled out in all: once to the roots, once back, as
    in a full reducer of relations joined in a tree (Yannakakis 1981).
    """
    masks = [_own(program, index) for index in range(len(program.cliques))]
    for index in range(len(masks) - 1, 0, -1):
        clique = program.cliques[index]
        if clique.to_parent is not None:
            shaped = masks[index].reshape(clique.separator, clique.residual)
            reached = np.asarray(shaped.any(axis=1))
            if not reached.all():
                masks[clique.parent] &= laid(reached, clique.to_parent)
    for index, clique in enumerate(program.cliques):
        if clique.to_parent is not None:
            above = masks[clique.parent]
            if not above.all():
                shaped = above.reshape(clique.to_parent.whole)
                gone = tuple(axis - 1 for axis in clique.to_parent.absent)
                reached = shaped.any(axis=gone).reshape(-1)
                masks[index] &= np.repeat(reached, clique.residual)
    return masks


def _own(program: Program, index: int) -> Mask:
    clique = program.cliques[index]
    mask = clique.fixed[0] != 0
    for placed in clique.placed:
        factor = placed.factor
        if len(factor.lookups) == 1:
            found = (
                factor.lookups[0].base
                if factor.state is None
                else factor.lookups[0].base[..., factor.state]
            )
            some = np.asarray((found != 0).any(axis=0))
            if not some.all():
                mask &= laid(some.transpose(placed.axes).reshape(-1), placed.alignment)
    return np.asarray(mask)
