"""Variables with named states, and families: the distribution of a variable given its parents.

A family is a full table or a noisy-MAX (noisy-OR when its variable has two states), which stays
in its factorised form: nothing here builds a table over all parents unless asked to by `table()`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bayesnet.errors import NetworkError, TooLargeError, UnknownNameError, counted

Array = NDArray[np.float64]
TABLE_BUDGET = 1 << 30
FEW_PARENTS = 4
"""Parents that are printed."""


@dataclass(frozen=True)
class Variable:
    """A named variable with its states in order."""

    name: str
    states: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.states:
            raise NetworkError(f"variable '{self.name}' has no states; give it at least one")
        if len(set(self.states)) != len(self.states):
            raise NetworkError(f"variable '{self.name}' has a state twice: {list(self.states)}")

    def index(self, state: str) -> int:
        """Position of a state; raises UnknownNameError with the nearest states."""
        try:
            return self.states.index(state)
        except ValueError:
            raise UnknownNameError("state", state, self.states, f"'{self.name}'") from None


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """P(variable | parents) in full.

    values: shape (states of parent 1, ..., states of parent k, states of the variable).
    """

    variable: str
    parents: tuple[str, ...]
    values: Array

    def table(self) -> Array:
        """The table itself."""
        return self.values

    def __repr__(self) -> str:
        return f"Table({_given(self.variable, self.parents)}: shape {np.shape(self.values)})"


@dataclass(frozen=True, eq=False, repr=False)
class NoisyMax:
    """Noisy-MAX: the leak and each parent push the variable to a state; the highest wins.

    leak: shape (states,), the distribution with no parent active.
    links: for each parent an array of shape (parent's states, states): the distribution that
        the parent in that state causes by itself. A row (1, 0, ..., 0) is inactive.
    lowest: where the lowest state is listed, first (0) or last (-1); files that list "yes, no"
        have it last, and an inactive row is then (0, ..., 0, 1).
    With two states this is noisy-OR (Pearl 1988); in general noisy-MAX (Díez 1993, UAI).
    """

    variable: str
    parents: tuple[str, ...]
    leak: Array
    links: tuple[Array, ...]
    lowest: Literal[0, -1] = 0

    @property
    def order(self) -> slice:
        """Turns an axis of states from the listed order to lowest first, and back."""
        return slice(None, None, -1 if self.lowest else 1)

    @property
    def turned(self) -> slice | None:
        """The same where there is something to turn."""
        return self.order if self.lowest else None

    def table(self) -> Array:
        """P(variable | parents) in full: the size is the product of all parents' states."""
        shape = [link.shape[0] for link in self.links]
        size = int(np.prod([float(n) for n in shape])) * len(self.leak) * 8
        if size > TABLE_BUDGET:
            remedy = "query the network as it is, which never expands it"
            raise TooLargeError(f"the full table of '{self.variable}'", size, TABLE_BUDGET, remedy)
        values = self.leak[self.order]
        for link in self.links:
            values = maximum_of(values[..., None, :], link[:, self.order])
        return values[..., self.order]

    def __repr__(self) -> str:
        of = _given(self.variable, self.parents)
        return f"NoisyMax({of}: {counted(len(self.leak), 'state')})"


Family = Table | NoisyMax


def _given(variable: str, parents: tuple[str, ...]) -> str:
    """A variable given its parents: 'wet | rain, sprinkler', the first few of many."""
    more = f", ... ({len(parents)} in all)" if len(parents) > FEW_PARENTS else ""
    return f"{variable} | {', '.join(parents[:FEW_PARENTS])}{more}" if parents else variable


def maximum_of(first: Array, second: Array) -> Array:
    """Distribution of the larger of two independent ordered variables (last axis: states).

    Uses sums of products only, so a tiny probability keeps its relative precision.
    """
    below_second = np.zeros_like(second)
    below_second[..., 1:] = np.cumsum(second, axis=-1)[..., :-1]
    return np.asarray(first * below_second + second * np.cumsum(first, axis=-1))


def noisy_or(variable: str, links: Mapping[str, float], leak: float) -> NoisyMax:
    """Noisy-OR over two-state parents whose second state is the active one.

    links: {parent: probability that it alone brings the variable about}; leak: with no parent.
    """
    arrays = tuple(np.array([[1.0, 0.0], [1.0 - x, x]]) for x in links.values())
    return NoisyMax(variable, tuple(links), np.array([1.0 - leak, leak]), arrays)
