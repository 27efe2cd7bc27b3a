"""Find rows of zeros in tables, and whether what they are about can come about at all.

A file of counts has no number for a combination of parents that was never seen. Where a parent
cannot be in that state, any row would do, and the network is what it would be with it.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from bayesnet.network.families import Family, Table, Variable
from bayesnet.network.ordering import topological_order


def reached_zeros(
    variables: Mapping[str, Variable], families: Mapping[str, Family]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield (variable, positions of its parents' states) for each row of zeros that may matter.

    variables, families: by name, without cycles. A row does not matter where one of the parents
    has probability 0 of its state whatever the others are in; parents that only together cannot
    be in their states are not looked for, so a row may be yielded that does not matter.
    """
    empty = {
        name: family.values.sum(axis=-1) == 0
        for name, family in families.items()
        if isinstance(family, Table) and (family.values.sum(axis=-1) == 0).any()
    }
    if not empty:
        return
    possible: dict[str, NDArray[np.bool_]] = {}
    for name in topological_order({name: each.parents for name, each in families.items()}):
        family = families[name]
        if not isinstance(family, Table):
            possible[name] = np.ones(len(variables[name].states), dtype=bool)
            continue
        rows = np.full((), True)
        for parent in family.parents:
            rows = np.asarray(rows[..., None] & possible[parent])
        positive = (family.values > 0) & rows[..., None]
        possible[name] = positive.any(axis=tuple(range(rows.ndim)))
        if name in empty:
            for place in np.argwhere(empty[name] & rows):
                yield name, tuple(place.tolist())
