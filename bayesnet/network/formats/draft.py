"""What every reader fills: all variables first, then their probabilities, checked as they come."""

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from bayesnet.errors import NetworkError
from bayesnet.network.families import Array, Table, Variable

ROW_TOLERANCE = 0.01
# Rows this close to 1 are left alone, so that what was written is read back bit for bit.
EXACT_TOLERANCE = 1e-12


class Draft:
    """A network in the making; every method raises NetworkError that names the variable."""

    def __init__(self) -> None:
        self._variables: dict[str, Variable] = {}
        self._tables: dict[str, Table] = {}

    @property
    def variables(self) -> Mapping[str, Variable]:
        """What was declared so far, by name."""
        return MappingProxyType(self._variables)

    def declare(self, name: str, states: Iterable[str]) -> None:
        """Add a variable."""
        if name in self._variables:
            raise NetworkError(f"variable '{name}' is defined twice")
        self._variables[name] = Variable(name, tuple(states))

    def mentioned(self, name: str) -> Variable:
        """The declared variable of that name; another case will do if it fits one only."""
        if name in self._variables:
            return self._variables[name]
        close = [one for key, one in self._variables.items() if key.lower() == name.lower()]
        if len(close) != 1:
            raise NetworkError(f"the probabilities mention '{name}', which is not defined")
        return close[0]

    def define(self, name: str, parents: Iterable[str], values: ArrayLike) -> None:
        """Add P(name | parents), the own state changing fastest, then the last parent's.

        Rows that sum to 1 within 1 % are scaled: printed tables are rounded.
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
    """The numbers of `own` as an array with one axis per variable; NetworkError if they misfit."""
    array = np.asarray(values, dtype=np.float64)
    shape = [len(variable.states) for variable in axes]
    if array.size != math.prod(shape):
        raise NetworkError(
            f"'{own.name}' has {array.size} probabilities, expected {math.prod(shape)}"
        )
    return array.reshape(shape)


def _scaled(own: Variable, parents: Sequence[Variable], values: Array) -> Array:
    totals = values.sum(axis=-1, keepdims=True)
    bad = ~(np.abs(totals - 1) <= ROW_TOLERANCE)
    if bad.any():
        at = tuple(int(i) for i in np.argwhere(bad)[0])
        pairs = zip(parents, at[:-1], strict=True)
        given = ", ".join(f"{parent.name}={parent.states[i]}" for parent, i in pairs)
        row = f"P({own.name} | {given})" if given else f"P({own.name})"
        raise NetworkError(f"the row {row} sums to {totals[at]:.6g}, expected 1")
    return np.asarray(values / np.where(np.abs(totals - 1) > EXACT_TOLERANCE, totals, 1.0))
