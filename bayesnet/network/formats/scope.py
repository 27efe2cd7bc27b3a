"""A variable and its parents as a file names them, and the tables that its lists become."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bayesnet.errors import counted, nearest_names, quoted
from bayesnet.network.families import Array, Variable
from bayesnet.network.formats.mistakes import MistakeError

MOST_NUMBERS = 4_000_000
"""Most numbers in one table that a file does not list in full, some 30 MB: a line that stands for
every row takes no room in the file, and its table doubles with each parent."""


@dataclass(frozen=True)
class Scope:
    """A variable and its parents, as a family of the file names them; at: where it does so."""

    own: Variable
    parents: tuple[Variable, ...]
    at: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the variable and its parents."""
        return (self.own.name, *(parent.name for parent in self.parents))

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of a full table's axes: the parents', then the variable's."""
        return (*self.names[1:], self.own.name)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a full table: (states of each parent..., states)."""
        return tuple(len(variable.states) for variable in (*self.parents, self.own))

    def shaped(self, values: ArrayLike) -> Array:
        """Reshape probabilities to a full table; MistakeError for another number of them."""
        array = np.asarray(values, dtype=np.float64)
        needed = math.prod(self.shape)
        if array.size != needed:
            found = f"'{self.own.name}' has {array.size} probabilities, expected {needed}"
            raise MistakeError(found, self.at)
        return array.reshape(self.shape)

    def own_first(self, values: ArrayLike) -> Array:
        """Make a full table of numbers of which the variable's own state changes slowest.

        Raises MistakeError for another number of them.
        """
        own, *given = (self.shape[-1], *self.shape[:-1])
        return np.moveaxis(self.shaped(values).reshape(own, *given), 0, -1)

    def filled(self, value: float) -> Array:
        """Make a table filled with a value; MistakeError for one of more than MOST_NUMBERS."""
        if math.prod(self.shape) > MOST_NUMBERS:
            raise MistakeError(
                f"the table of '{self.own.name}' over its "
                f"{counted(len(self.parents), 'parent')} would hold "
                f"{math.prod(self.shape):,} numbers; {MOST_NUMBERS:,} are read at most",
                self.at,
            )
        return np.full(self.shape, value)

    def states_as_table(self, states: Sequence[int]) -> Array:
        """Make the table of a variable that its parents decide.

        states: positions of its state, one for each combination of the parents' states, the last
        parent's changing fastest. Raises MistakeError for another number of them.
        """
        rows, own = math.prod(self.shape[:-1]), self.shape[-1]
        if len(states) != rows:
            raise MistakeError(
                f"'{self.own.name}' lists {len(states)} states, expected {rows}: one for each "
                "combination of its parents' states",
                self.at,
            )
        return np.eye(own)[np.asarray(states, dtype=np.intp)].reshape(self.shape)


def state_of(variable: Variable, name: str, at: int | None) -> int:
    """Return the position of a state; case is ignored where only one fits then.

    Raises MistakeError with the nearest states.
    """
    if name in variable.states:
        return variable.index(name)
    close = [i for i, state in enumerate(variable.states) if state.lower() == name.lower()]
    if len(close) == 1:
        return close[0]
    near = nearest_names(name, variable.states) or list(variable.states[:4])
    told = f"'{name}' is no state of '{variable.name}'; did you mean {quoted(near)}?"
    raise MistakeError(told, at)
