"""A discrete Bayesian network: variables with named states, and one family for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bayesnet.errors import NetworkError, UnknownNameError, counted, quoted
from bayesnet.network.families import Family, NoisyMax, Table, Variable, checked_distribution
from bayesnet.network.formats.networkx_graphs import networkx_graph_of
from bayesnet.network.formats.pgmpy_models import parts_of_pgmpy, pgmpy_model_of
from bayesnet.network.ordering import topological_order
from bayesnet.network.roles import Role, check_roles
from bayesnet.network.states import names_at

if TYPE_CHECKING:
    from bayesnet.engine import Engine


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """Discrete Bayesian network: variables, and for each the family P(variable | its parents).

    families: one for each variable, in any order; kept in the order of the variables. roles: {a
    variable: what it is in a diagnosis}, which changes no probability. Checked when made: raises
    NetworkError that names the variable, the shape, the row or the cycle at fault.

        >>> rain, wet = Variable("rain", ("no", "yes")), Variable("wet", ("no", "yes"))
        >>> table = Table("wet", ("rain",), np.array([[0.9, 0.1], [0.2, 0.8]]))
        >>> Network((rain, wet), (Table("rain", (), np.array([0.7, 0.3])), table))
        Network(2 variables, 1 edge)
    """

    variables: tuple[Variable, ...]
    families: tuple[Family, ...]
    roles: Mapping[str, Role] = field(default_factory=dict)
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
        check_roles(self.roles, self.by_name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variables, in order.

        >>> rain = Variable("rain", ("no", "yes"))
        >>> Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),)).names
        ('rain',)
        """
        return tuple(self._position)

    @cached_property
    def state_codes(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """{(variable, state): (position of the variable, position of the state)}.

        >>> rain = Variable("rain", ("no", "yes"))
        >>> network = Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),))
        >>> network.state_codes["rain", "yes"]
        (0, 1)
        """
        return {
            (variable.name, state): (index, code)
            for index, variable in enumerate(self.variables)
            for code, state in enumerate(variable.states)
        }

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the variables, in order: `names` under the name that networkx gives it.

        >>> rain = Variable("rain", ("no", "yes"))
        >>> Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),)).nodes
        ('rain',)
        """
        return self.names

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Pairs (parent, child), by child in the order of the variables.

        >>> rain, wet = Variable("rain", ("no", "yes")), Variable("wet", ("no", "yes"))
        >>> table = Table("wet", ("rain",), np.array([[0.9, 0.1], [0.2, 0.8]]))
        >>> Network((rain, wet), (Table("rain", (), np.array([0.7, 0.3])), table)).edges
        (('rain', 'wet'),)
        """
        return tuple((p, family.variable) for family in self.families for p in family.parents)

    def parents(self, name: str) -> tuple[str, ...]:
        """Return the names of a variable's parents, in the order of its family's axes.

        Raises UnknownNameError with the nearest names.

            >>> rain, wet = Variable("rain", ("no", "yes")), Variable("wet", ("no", "yes"))
            >>> table = Table("wet", ("rain",), np.array([[0.9, 0.1], [0.2, 0.8]]))
            >>> network = Network((rain, wet), (Table("rain", (), np.array([0.7, 0.3])), table))
            >>> network.parents("wet")
            ('rain',)
        """
        return self.family(name).parents

    def states(self, name: str) -> tuple[str, ...]:
        """Return the names of a variable's states, in order.

        Raises UnknownNameError with the nearest names.

            >>> rain = Variable("rain", ("no", "yes"))
            >>> Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),)).states("rain")
            ('no', 'yes')
        """
        return self.variable(name).states

    def state_names(self, positions: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.object_]]:
        """Convert positions of states to their names, as evidence takes them; None where -1.

        positions: {variable: whole numbers from 0, of any shape}, such as the codes of a pandas
        categorical or another library's states. Returns arrays of the same shapes. Raises
        UnknownNameError for a variable, EvidenceError for what is not a position of its states.

            >>> rain = Variable("rain", ("no", "yes"))
            >>> network = Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),))
            >>> network.state_names({"rain": [1, 0, -1]})
            {'rain': array(['yes', 'no', None], dtype=object)}
        """
        return {name: names_at(self.variable(name), places) for name, places in positions.items()}

    @cached_property
    def by_name(self) -> Mapping[str, Variable]:
        """{name: variable}, in order.

        >>> rain = Variable("rain", ("no", "yes"))
        >>> network = Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),))
        >>> network.by_name["rain"] is rain
        True
        """
        return {variable.name: variable for variable in self.variables}

    def position(self, name: str) -> int:
        """Return the position of a variable; raises UnknownNameError with the nearest names.

        A whole number stands for the variable whose name is that number written out, since data
        frames and files often hold such names as numbers.

            >>> rain = Variable("rain", ("no", "yes"))
            >>> Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),)).position("rain")
            0
        """
        try:
            return self._position[name]
        except (KeyError, TypeError):
            whole = isinstance(name, int | np.integer) and not isinstance(name, bool)
            if whole and str(name) in self._position:
                return self._position[str(name)]
            raise UnknownNameError("variable", name, self._position) from None

    def variable(self, name: str) -> Variable:
        """Return the variable of that name; raises UnknownNameError with the nearest names.

        >>> rain = Variable("rain", ("no", "yes"))
        >>> Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),)).variable("rain")
        Variable(name='rain', states=('no', 'yes'))
        """
        return self.variables[self.position(name)]

    def family(self, name: str) -> Family:
        """Return a variable's family, P(variable | its parents).

        Raises UnknownNameError with the nearest names.

            >>> rain = Variable("rain", ("no", "yes"))
            >>> Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),)).family("rain")
            Table(rain: shape (2,))
        """
        return self.families[self.position(name)]

    def compile(self, memory_budget: int | None = None, executor: str = "numpy") -> "Engine":
        """Make an engine for exact queries, and plan what it will compute.

        memory_budget: bytes, 2 GiB by default; a network that needs more is refused with
        TooLargeError. executor: `numpy`, or, with the extra `fast`, `compiled` for single cases in
        long-lived processes and `numba` for tables of cases; see `Engine`.

            >>> rain = Variable("rain", ("no", "yes"))
            >>> network = Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),))
            >>> round(float(network.compile().marginals()["rain"]["yes"]), 9)
            0.3
        """
        from bayesnet.engine import DEFAULT_BUDGET, Engine

        budget = DEFAULT_BUDGET if memory_budget is None else memory_budget
        engine = Engine(self, budget, executor)
        engine.prepare()
        return engine

    @classmethod
    def from_pgmpy(cls, model: Any) -> "Network":
        """Convert a pgmpy DiscreteBayesianNetwork.

        Names that are not strings become strings; rows that sum to 1 within 1 % are scaled.
        Raises NetworkError if pgmpy's `check_model` fails, MissingExtraError without pgmpy.

            >>> rain = Variable("rain", ("no", "yes"))
            >>> network = Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),))
            >>> Network.from_pgmpy(network.to_pgmpy()).family("rain").table().tolist()
            [0.7, 0.3]
        """
        return cls(*parts_of_pgmpy(model))

    def to_pgmpy(self) -> Any:
        """Convert to a pgmpy DiscreteBayesianNetwork; noisy families become full tables.

        Raises MissingExtraError without pgmpy, TooLargeError for a full table over 1 GiB.

            >>> rain = Variable("rain", ("no", "yes"))
            >>> network = Network((rain,), (Table("rain", (), np.array([0.7, 0.3])),))
            >>> list(network.to_pgmpy().nodes)
            ['rain']
        """
        return pgmpy_model_of(self.variables, self.families)

    def to_networkx(self) -> Any:
        """Convert the graph to a networkx.DiGraph; the attribute `states` of a node names them.

        >>> rain, wet = Variable("rain", ("no", "yes")), Variable("wet", ("no", "yes"))
        >>> table = Table("wet", ("rain",), np.array([[0.9, 0.1], [0.2, 0.8]]))
        >>> network = Network((rain, wet), (Table("rain", (), np.array([0.7, 0.3])), table))
        >>> list(network.to_networkx().edges)
        [('rain', 'wet')]
        """
        return networkx_graph_of(self.variables, self.edges)

    def __repr__(self) -> str:
        sizes = {"variable": len(self.variables), "edge": len(self.edges)}
        return f"Network({', '.join(counted(count, what) for what, count in sizes.items())})"

    def __reduce__(self) -> tuple[type["Network"], tuple[object, ...]]:
        """Pickle and copy what it was made of; cached properties are computed anew."""
        return Network, (self.variables, self.families, self.roles)

    def _checked(self, family: Family) -> Family:
        """Return the family with read-only float arrays; NetworkError where it does not fit."""
        name = family.variable
        if len(set(family.parents)) != len(family.parents):
            raise NetworkError(f"'{name}' names a parent twice: {list(family.parents)}")
        for parent in family.parents:
            if parent not in self._position:
                raise NetworkError(str(UnknownNameError("parent", parent, self.names, f"'{name}'")))
        own = len(self.variable(name).states)
        sizes = [len(self.variable(parent).states) for parent in family.parents]
        if isinstance(family, Table):
            values = checked_distribution(family.values, (*sizes, own), f"table of '{name}'")
            return Table(name, family.parents, values)
        if len(family.links) != len(family.parents):
            raise NetworkError(
                f"'{name}' has {len(family.parents)} parents but {len(family.links)} links"
            )
        links = tuple(
            checked_distribution(link, (size, own), f"link from '{parent}' to '{name}'")
            for link, size, parent in zip(family.links, sizes, family.parents, strict=True)
        )
        leak = checked_distribution(family.leak, (own,), f"leak of '{name}'")
        return NoisyMax(name, family.parents, leak, links, family.lowest)
