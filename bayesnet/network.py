"""A discrete Bayesian network: variables with named states, and one family for each.

A family is a full table or a noisy-MAX (noisy-OR when its variable has two states),
which stays in its factorised form: nothing here builds a table over all parents
unless asked to by `Family.table()`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bayesnet.errors import NetworkError, TooLargeError, UnknownNameError, quoted

if TYPE_CHECKING:
    from bayesnet.tape.engine import Engine

Array = NDArray[np.float64]
SUM_TOLERANCE = 1e-6
TABLE_BUDGET = 1 << 30


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


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
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


Family = Table | NoisyMax


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


@dataclass(frozen=True, eq=False)
class Network:
    """Variables and their families, checked when made.

    Raises NetworkError that names the variable, the shape or the row at fault.
    """

    variables: tuple[Variable, ...]
    families: tuple[Family, ...]
    _position: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        position = {variable.name: i for i, variable in enumerate(self.variables)}
        if len(position) != len(self.variables):
            names = [variable.name for variable in self.variables]
            twice = sorted({name for name in names if names.count(name) > 1})
            raise NetworkError(f"variable {quoted(twice)} is defined twice")
        object.__setattr__(self, "_position", position)
        by_name = {family.variable: family for family in self.families}
        if len(by_name) != len(self.families) or set(by_name) != set(position):
            odd = sorted(set(by_name) ^ set(position)) or [f.variable for f in self.families]
            raise NetworkError(f"every variable needs exactly one family; look at {quoted(odd)}")
        ordered = tuple(by_name[variable.name] for variable in self.variables)
        object.__setattr__(self, "families", tuple(self._checked(f) for f in ordered))
        topological_order({f.variable: f.parents for f in self.families})

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variables, in order."""
        return tuple(self._position)

    @cached_property
    def state_codes(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """{(variable, state): (index of the variable, index of the state)}."""
        return {
            (variable.name, state): (index, code)
            for index, variable in enumerate(self.variables)
            for code, state in enumerate(variable.states)
        }

    def position(self, name: str) -> int:
        """Index of a variable; raises UnknownNameError with the nearest names."""
        try:
            return self._position[name]
        except (KeyError, TypeError):
            raise UnknownNameError("variable", name, self._position) from None

    def variable(self, name: str) -> Variable:
        """The variable of that name."""
        return self.variables[self.position(name)]

    def family(self, name: str) -> Family:
        """The family (distribution given parents) of that variable."""
        return self.families[self.position(name)]

    def compile(self, memory_budget: int | None = None, executor: str = "numpy") -> "Engine":
        """An engine for queries; refuses a network over the budget (bytes, default 2 GiB).

        executor: `numpy`, or `numba` for tables of cases and long-lived processes.
        """
        from bayesnet.tape.engine import DEFAULT_BUDGET, Engine

        budget = DEFAULT_BUDGET if memory_budget is None else memory_budget
        engine = Engine(self, budget, executor)
        engine.prepare()
        return engine

    @classmethod
    def from_pgmpy(cls, model: Any) -> "Network":
        """The same network, from a pgmpy DiscreteBayesianNetwork."""
        from bayesnet.interop import from_pgmpy

        return from_pgmpy(model)

    def to_pgmpy(self) -> Any:
        """The same network as a pgmpy DiscreteBayesianNetwork; noisy families become tables."""
        from bayesnet.interop import to_pgmpy

        return to_pgmpy(self)

    def _checked(self, family: Family) -> Family:
        name = family.variable
        if len(set(family.parents)) != len(family.parents):
            raise NetworkError(f"'{name}' names a parent twice: {list(family.parents)}")
        for parent in family.parents:
            if parent not in self._position:
                raise NetworkError(str(UnknownNameError("parent", parent, self.names, f"'{name}'")))
        own = len(self.variable(name).states)
        sizes = [len(self.variable(parent).states) for parent in family.parents]
        if isinstance(family, Table):
            values = _distribution(family.values, (*sizes, own), f"table of '{name}'")
            return Table(name, family.parents, values)
        if len(family.links) != len(family.parents):
            raise NetworkError(
                f"'{name}' has {len(family.parents)} parents but {len(family.links)} links"
            )
        links = tuple(
            _distribution(link, (size, own), f"link from '{parent}' to '{name}'")
            for link, size, parent in zip(family.links, sizes, family.parents, strict=True)
        )
        leak = _distribution(family.leak, (own,), f"leak of '{name}'")
        return NoisyMax(name, family.parents, leak, links, family.lowest)


def _distribution(values: ArrayLike, shape: tuple[int, ...], what: str) -> Array:
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


def topological_order(parents: Mapping[str, Iterable[str]]) -> list[str]:
    """Names with parents before children; raises NetworkError that names a cycle."""
    order: list[str] = []
    state: dict[str, int] = {}
    for root in parents:
        stack: list[tuple[str, list[str]]] = [(root, list(parents[root]))]
        while stack:
            name, waiting = stack[-1]
            if state.get(name) == 2:
                stack.pop()
                continue
            state[name] = 1
            while waiting and state.get(waiting[-1]) == 2:
                waiting.pop()
            if not waiting:
                state[name] = 2
                order.append(name)
                stack.pop()
                continue
            if state.get(waiting[-1]) == 1:
                raise NetworkError(f"cycle: {' -> '.join(_cycle(stack, waiting[-1]))}")
            stack.append((waiting[-1], list(parents[waiting[-1]])))
    return order


def _cycle(stack: Sequence[tuple[str, list[str]]], start: str) -> list[str]:
    path = [name for name, _ in stack]
    return [start, *reversed(path[path.index(start) :])]
