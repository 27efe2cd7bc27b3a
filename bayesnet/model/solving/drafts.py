"""Hold the numbers of one node before they are a node: in several settings, real or complex."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.solving.tables import STEP, Settings
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Draft:
    """A node in several settings.

    arrays: P(state | parents), shape (settings, parents' states in order, states); or a leak, shape
    (settings, states), and for each parent a link, (settings, its states, states). lowest: as in
    `NodeSpec`.
    """

    name: str
    states: tuple[str, ...]
    parents: tuple[str, ...]
    arrays: Sequence[Settings]
    lowest: Literal[0, -1] = 0

    @property
    def is_table(self) -> bool:
        """Whether the first array is a table, not a leak."""
        return self.arrays[0].ndim == 3

    def node(self) -> NodeSpec:
        """Return the node of the first setting, without rounding errors."""
        first = [_chances(each[0]) for each in self.arrays]
        if self.is_table:
            table = tuple(first[0].ravel().tolist())
            return NodeSpec(self.name, self.states, self.parents, table=table)
        leak, *links = (each.tolist() for each in first)
        rows = tuple(tuple(map(tuple, link)) for link in links)
        return NodeSpec(self.name, self.states, self.parents, tuple(leak), rows, lowest=self.lowest)

    def slopes(self, settings: int) -> list[Array]:
        """Return the derivative of each array in each setting (see `parameter_uncertainty`)."""
        return [
            np.broadcast_to(each.imag / STEP, (settings, *each.shape[1:])) for each in self.arrays
        ]


def sure_of_each(states: int) -> Array:
    """Return the distributions that are sure of the first state, of the second, and so on."""
    return np.eye(states)


def _chances(rows: Settings) -> Array:
    """Return distributions with no entry under 0 or over 1, and a sum of 1."""
    kept = np.clip(rows.real, 0.0, 1.0)
    return np.asarray(kept / kept.sum(axis=-1, keepdims=True))
