"""Collect a network while a file is read: all variables first, then their tables, each checked."""

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from bayesnet.errors import NetworkError
from bayesnet.network.families import Array, Table, Variable

ROW_TOLERANCE = 0.01
"""How far a row of a file may sum from 1 before it is refused: tables are printed with a few
decimals (three times 0.333 is 0.999), and a row that is further off has a wrong number."""
EXACT_TOLERANCE = 1e-12
"""Rows this close to 1 are not scaled, so that a network that was written is read bit for bit.
A sum of n doubles is off by at most n * 1.1e-16: 1e-12 allows for 9,000 states."""


class Draft:
    """A network that is being read; methods raise NetworkError that names the variable at fault.

    >>> draft = Draft()
    >>> draft.declare("rain", ["no", "yes"])
    >>> draft.define("rain", [], [0.7, 0.3])
    >>> [table.values.tolist() for table in draft.parts()[1]]
    [[0.7, 0.3]]
    """

    def __init__(self) -> None:
        self._variables: dict[str, Variable] = {}
        self._tables: dict[str, Table] = {}

    @property
    def variables(self) -> Mapping[str, Variable]:
        """{name: variable} of those declared so far, read only."""
        return MappingProxyType(self._variables)

    def declare(self, name: str, states: Iterable[str]) -> None:
        """Add a variable; raises NetworkError for a name that is declared already."""
        if name in self._variables:
            raise NetworkError(f"variable '{name}' is defined twice")
        self._variables[name] = Variable(name, tuple(states))

    def mentioned(self, name: str) -> Variable:
        """Find the declared variable of that name; case is ignored where only one fits then.

        Raises NetworkError where none does.
        """
        if name in self._variables:
            return self._variables[name]
        close = [one for key, one in self._variables.items() if key.lower() == name.lower()]
        if len(close) != 1:
            raise NetworkError(f"the probabilities mention '{name}', which is not defined")
        return close[0]

    def define(self, name: str, parents: Iterable[str], values: ArrayLike) -> None:
        """Add the table P(name | parents) of a declared variable.

        values: shape (states of each parent..., states), or flat in that order, so that the
        variable's own state changes fastest, then the last parent's. Rows that sum to 1 within
        1 % are scaled, since printed tables are rounded. Raises NetworkError for a row further
        off, a wrong number of values or a second table.
        """
        own = self.mentioned(name)
        given = [self.mentioned(parent) for parent in parents]
        if own.name in self._tables:
            raise NetworkError(f"'{own.name}' has two tables of probabilities")
        table = _scaled(own, given, shaped(own, [*given, own], values))
        self._tables[own.name] = Table(own.name, tuple(parent.name for parent in given), table)

    def parts(self) -> tuple[tuple[Variable, ...], tuple[Table, ...]]:
        """Return the variables and their tables, once everything is declared and defined."""
        if not self._variables:
            raise NetworkError("no variables in it")
        for name in self._variables:
            if name not in self._tables:
                raise NetworkError(f"'{name}' has no probabilities")
        return tuple(self._variables.values()), tuple(self._tables.values())


def shaped(own: Variable, axes: Iterable[Variable], values: ArrayLike) -> Array:
    """Reshape the probabilities of `own` to one axis for each variable of `axes`.

    Raises NetworkError for another number of values than these axes need.
    """
    array = np.asarray(values, dtype=np.float64)
    shape = [len(variable.states) for variable in axes]
    if array.size != math.prod(shape):
        raise NetworkError(
            f"'{own.name}' has {array.size} probabilities, expected {math.prod(shape)}"
        )
    return array.reshape(shape)


def _scaled(own: Variable, parents: Sequence[Variable], values: Array) -> Array:
    """Scale rows (last axis) to sum to 1; NetworkError for the first over ROW_TOLERANCE from it."""
    totals = values.sum(axis=-1, keepdims=True)
    # 1 - 0.99 is a little over 0.01 in doubles, and 0.99 is three times 0.33.
    bad = ~(np.abs(totals - 1) <= ROW_TOLERANCE + EXACT_TOLERANCE)
    if bad.any():
        at = tuple(int(i) for i in np.argwhere(bad)[0])
        pairs = zip(parents, at[:-1], strict=True)
        given = ", ".join(f"{parent.name}={parent.states[i]}" for parent, i in pairs)
        row = f"P({own.name} | {given})" if given else f"P({own.name})"
        raise NetworkError(f"the row {row} sums to {totals[at]:.6g}, expected 1")
    return np.asarray(values / np.where(np.abs(totals - 1) > EXACT_TOLERANCE, totals, 1.0))
