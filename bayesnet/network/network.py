"""A discrete Bayesian network: variables with named states, and one family for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bayesnet.errors import NetworkError, UnknownNameError, counted, quoted
from bayesnet.network.families import Array, Family, NoisyMax, Table, Variable
from bayesnet.network.formats.networkx_graphs import networkx_graph_of
from bayesnet.network.formats.pgmpy_models import parts_of_pgmpy, pgmpy_model_of
from bayesnet.network.states import names_at

if TYPE_CHECKING:
    from bayesnet.engine import Engine

SUM_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """Variables and their families, checked when made.

    Raises NetworkError that names the variable, the shape or the row at fault.

        >>> rain, wet = Variable("rain", ("no", "yes")), Variable("wet", ("no", "yes"))
        >>> table = Table("wet", ("rain",), np.array([[0.9, 0.1], [0.2, 0.8]]))
        >>> Network((rain, wet), (Table("rain", (), np.array([0.7, 0.3])), table))
        Network(2 variables, 1 edge)
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

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the variables, in order, as `names`."""
        return self.names

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """(parent, child) of every arrow, by child in the order of the variables."""
        return tuple((p, family.variable) for family in self.families for p in family.parents)

    def parents(self, name: str) -> tuple[str, ...]:
        """Names of a variable's parents, in the order of its family's axes."""
        return self.family(name).parents

    def states(self, name: str) -> tuple[str, ...]:
        """Names of a variable's states, in order."""
        return self.variable(name).states

    def state_names(self, positions: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.object_]]:
        """Turn positions of states into their names, as evidence takes them; None where -1.

        positions: {variable: whole numbers from 0, of any shape}, as pandas' codes or another
        library's states. Raises UnknownNameError, EvidenceError for what is no position.

            >>> rain = Variable("rain", ("no", "yes"))
            >>> network = Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),))
            >>> network.state_names({"rain": [1, 0, -1]})
            {'rain': array(['yes', 'no', None], dtype=object)}
        """
        return {name: names_at(self.variable(name), places) for name, places in positions.items()}

    @cached_property
    def by_name(self) -> Mapping[str, Variable]:
        """{name: variable}, in order."""
        return {variable.name: variable for variable in self.variables}

    def position(self, name: str) -> int:
        """Index of a variable; raises UnknownNameError with the nearest names.

        A whole number names the variable that is called so: frames and files often have it.
        """
        try:
            return self._position[name]
        except (KeyError, TypeError):
            whole = isinstance(name, int | np.integer) and not isinstance(name, bool)
            if whole and str(name) in self._position:
                return self._position[str(name)]
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
        engine.prepare()
        return engine

    @classmethod
    def from_pgmpy(cls, model: Any) -> "Network":
        """Convert a pgmpy DiscreteBayesianNetwork; raises NetworkError if its check fails."""
        return cls(*parts_of_pgmpy(model))

    def to_pgmpy(self) -> Any:
        """Build a pgmpy DiscreteBayesianNetwork (pgmpy installed); noisy families become tables."""
        return pgmpy_model_of(self.variables, self.families)

    def to_networkx(self) -> Any:
        """Build a networkx.DiGraph of the variables; `states` of a node are its states' names."""
        return networkx_graph_of(self.variables, self.edges)

    def __repr__(self) -> str:
        sizes = {"variable": len(self.variables), "edge": len(self.edges)}
        return f"Network({', '.join(counted(count, what) for what, count in sizes.items())})"

    def __reduce__(self) -> tuple[type["Network"], tuple[object, ...]]:
        """Pickle and copy what it was made of; what was worked out since is worked out again."""
        return Network, (self.variables, self.families)

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
    """Order names so that parents come before children; raises NetworkError that names a cycle."""
    try:
        return list(TopologicalSorter(parents).static_order())
    except CycleError as error:
        raise NetworkError(f"cycle: {' -> '.join(error.args[1])}") from None
