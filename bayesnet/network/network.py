"""A discrete Bayesian network: variables with named states, and one family for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from bayesnet.errors import NetworkError, UnknownNameError, quoted
from bayesnet.network.families import Array, Family, NoisyMax, Table, Variable
from bayesnet.network.formats.pgmpy_models import parts_of_pgmpy, pgmpy_model_of

if TYPE_CHECKING:
    from bayesnet.engine import Engine

SUM_TOLERANCE = 1e-6


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
        from bayesnet.engine import DEFAULT_BUDGET, Engine

        budget = DEFAULT_BUDGET if memory_budget is None else memory_budget
        engine = Engine(self, budget, executor)
        engine.inference.prepare()
        return engine

    @classmethod
    def from_pgmpy(cls, model: Any) -> "Network":
        """Convert a pgmpy DiscreteBayesianNetwork; raises NetworkError if its check fails."""
        return cls(*parts_of_pgmpy(model))

    def to_pgmpy(self) -> Any:
        """Build a pgmpy DiscreteBayesianNetwork (pgmpy installed); noisy families become tables."""
        return pgmpy_model_of(self.variables, self.families)

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
