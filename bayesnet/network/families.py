"""Variables with named states, and families: the distribution of a variable given its parents.

A family is a full table or a noisy-MAX (noisy-OR when its variable has two states), which stays
in its factorised form: nothing here builds a table over all parents unless asked to by `table()`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bayesnet.errors import NetworkError, TooLargeError, UnknownNameError, counted

Array = NDArray[np.float64]
SUM_TOLERANCE = 1e-6
"""How far a row may sum from 1: rounding of a caller's arithmetic in single precision (eps 1e-7)
is let pass, a slip of the pen is not. Rows are kept as given. Readers of files scale rows first."""
TABLE_BUDGET = 1 << 30
"""Bytes that `NoisyMax.table` may take: 1 GiB, which holds 26 two-state parents."""
FEW_PARENTS = 4
"""Number of parents that a repr lists."""


@dataclass(frozen=True)
class Variable:
    """A discrete variable: its name and the names of its states, in order.

    Raises NetworkError without states or with one that is repeated.

        >>> Variable("rain", ("no", "yes"))
        Variable(name='rain', states=('no', 'yes'))
    """

    name: str
    states: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.states:
            raise NetworkError(f"variable '{self.name}' has no states; give it at least one")
        if len(set(self.states)) != len(self.states):
            raise NetworkError(f"variable '{self.name}' has a state twice: {list(self.states)}")

    def index(self, state: str) -> int:
        """Return the position of a state; raises UnknownNameError with the nearest states.

        >>> Variable("rain", ("no", "yes")).index("yes")
        1
        """
        try:
            return self.states.index(state)
        except ValueError:
            raise UnknownNameError("state", state, self.states, f"'{self.name}'") from None


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Conditional probability table P(variable | parents).

    values: shape (states of parent 1, ..., states of parent k, states of the variable); each row
    along the last axis sums to 1, which the `Network` checks.

        >>> Table("wet", ("rain",), np.array([[0.9, 0.1], [0.2, 0.8]]))
        Table(wet | rain: shape (2, 2))
    """

    variable: str
    parents: tuple[str, ...]
    values: Array

    def table(self) -> Array:
        """Return `values`, as `NoisyMax.table` does for the other kind of family.

        >>> Table("rain", (), np.array([0.7, 0.3])).table().tolist()
        [0.7, 0.3]
        """
        return self.values

    def __repr__(self) -> str:
        return f"Table({_given(self.variable, self.parents)}: shape {np.shape(self.values)})"


@dataclass(frozen=True, eq=False, repr=False)
class NoisyMax:
    """Noisy-MAX family: the variable is the maximum of independent effects, one of each parent.

    leak: shape (states,), the distribution of the effect that needs no parent.
    links: for each parent an array of shape (parent's states, states): row i is the distribution
        of the parent's effect when it is in its state i. A row (1, 0, ..., 0) has no effect.
    lowest: position of the lowest state of the order that the maximum refers to: the first state
        (0) or the last (-1). Files that list "yes, no" have it last, and the row of a parent
        without effect is then (0, ..., 0, 1).
    With two states this is noisy-OR (Pearl 1988); in general noisy-MAX (Díez 1993, UAI).

        >>> link = np.array([[1.0, 0.0], [0.5, 0.5]])
        >>> NoisyMax("wet", ("rain",), np.array([0.9, 0.1]), (link,))
        NoisyMax(wet | rain: 2 states)
    """

    variable: str
    parents: tuple[str, ...]
    leak: Array
    links: tuple[Array, ...]
    lowest: Literal[0, -1] = 0

    @property
    def order(self) -> slice:
        """Slice that reorders an axis of states from listed to lowest first; its own inverse.

        >>> last = NoisyMax("wet", (), np.array([0.1, 0.9]), (), lowest=-1)
        >>> last.leak[last.order].tolist()
        [0.9, 0.1]
        """
        return slice(None, None, -1 if self.lowest else 1)

    @property
    def turned(self) -> slice | None:
        """`order` where the lowest state is listed last, None where no reordering is needed.

        >>> NoisyMax("wet", (), np.array([0.9, 0.1]), ()).turned is None
        True
        """
        return self.order if self.lowest else None

    def table(self) -> Array:
        """Return P(variable | parents) in full, shape (states of each parent..., states).

        Its size is the product of all these numbers of states. Raises TooLargeError, before
        anything is allocated, for a table over TABLE_BUDGET bytes.

            >>> noisy_or("wet", {"rain": 0.5}, leak=0.0).table().tolist()
            [[1.0, 0.0], [0.5, 0.5]]
        """
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
    """Write a variable given its parents as 'wet | rain, sprinkler', with the first few parents."""
    more = f", ... ({len(parents)} in all)" if len(parents) > FEW_PARENTS else ""
    return f"{variable} | {', '.join(parents[:FEW_PARENTS])}{more}" if parents else variable


def maximum_of(first: Array, second: Array) -> Array:
    """Return the distribution of the maximum of two independent variables with the same states.

    first, second: distributions, shape (..., states), the lowest state first; the leading axes
    broadcast. The result has their shape:
    P(max = s) = P(first = s) P(second < s) + P(second = s) P(first <= s).
    These are sums of products and no differences, so a tiny probability keeps its relative
    precision, which differences of cumulative distributions would lose.

        >>> maximum_of(np.array([0.5, 0.5]), np.array([0.5, 0.5])).tolist()
        [0.25, 0.75]
    """
    below_second = np.zeros_like(second)
    below_second[..., 1:] = np.cumsum(second, axis=-1)[..., :-1]
    return np.asarray(first * below_second + second * np.cumsum(first, axis=-1))


def checked_distribution(values: ArrayLike, shape: tuple[int, ...], what: str) -> Array:
    """Return a read-only copy of distributions along the last axis.

    shape: the one that it must have; what: its name in messages. Raises NetworkError for another
    shape, an entry outside [0, 1] or a row that does not sum to 1 within SUM_TOLERANCE.
    """
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise NetworkError(f"{what}: not an array of numbers") from None
    if array.shape != shape:
        raise NetworkError(f"{what}: shape {array.shape}, expected {shape}")
    bad = ~(np.isfinite(array) & (array >= 0) & (array <= 1 + SUM_TOLERANCE))
    if bad.any():
        at = tuple(int(i) for i in np.argwhere(bad)[0])
        raise NetworkError(f"{what}: entry {at} is {array[at]}, outside [0, 1]")
    off = np.abs(array.sum(axis=-1) - 1) > SUM_TOLERANCE
    if off.any():
        row = tuple(int(i) for i in np.argwhere(off)[0]) if array.ndim > 1 else ()
        total = array[row].sum()
        raise NetworkError(f"{what}: row {row} sums to {total:.9g}, expected 1")
    array.flags.writeable = False
    return array


def noisy_or(variable: str, links: Mapping[str, float], leak: float) -> NoisyMax:
    """Make a noisy-OR family over two-state parents, each active in its second state.

    variable: a two-state variable whose second state is the effect. links: {parent: probability
    that this parent alone, when active, brings the effect about}; leak: the probability of the
    effect with no parent active. Source: Pearl (1988), Probabilistic Reasoning.

        >>> wet = noisy_or("wet", {"rain": 0.5, "sprinkler": 0.5}, leak=0.0)
        >>> wet.table()[1, 1].tolist()  # P(wet | rain, sprinkler) = 1 - 0.5 * 0.5
        [0.25, 0.75]
    """
    arrays = tuple(np.array([[1.0, 0.0], [1.0 - x, x]]) for x in links.values())
    return NoisyMax(variable, tuple(links), np.array([1.0 - leak, leak]), arrays)
