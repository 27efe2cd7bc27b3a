"""Collect a network while a file is read: all variables, then their families, each checked."""

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import islice
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from bayesnet.errors import NetworkError, counted, nearest_names, quoted
from bayesnet.network.families import Family, NoisyMax, Table, Variable
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.options import AS_IT_STANDS, ReadingOptions
from bayesnet.network.formats.rows import row_name, scaled
from bayesnet.network.formats.scope import Scope
from bayesnet.network.formats.unreached import reached_zeros
from bayesnet.network.ordering import cycle_of
from bayesnet.network.roles import NO_ROLE, Role

MOST_STATES = 1_000_000
"""Most states of all variables together, some 500 MB of them if each is a variable's only one; the
largest published networks have under 10,000."""
OUTSIDE = "only discrete chance variables are read"


class Draft:
    """A network that is being read; methods raise MistakeError that names the variable at fault.

    `at` is everywhere the position in the text that a message is about. Of a network that could be
    read, `warnings` are what a caller has to hear, `notes` what follows from what was asked, and
    `wrong_roles` what is wrong with diagnostic roles, which no probability depends on.

    >>> draft = Draft()
    >>> draft.declare("rain", ["no", "yes"])
    >>> draft.define("rain", [], [0.7, 0.3])
    >>> [table.values.tolist() for table in draft.parts()[1]]
    [[0.7, 0.3]]
    """

    def __init__(self, options: ReadingOptions = AS_IT_STANDS) -> None:
        self.warnings: list[str] = []
        self.notes: list[str] = []
        self.wrong_roles: list[MistakeError] = []
        self.options = options
        self._states = 0
        self._variables: dict[str, Variable] = {}
        self._families: dict[str, Family] = {}
        self._outside: dict[str, str] = {}
        self._dependent: dict[str, tuple[str, ...]] = {}
        self._places: dict[str, int | None] = {}
        self._roles: dict[str, Role] = {}

    @property
    def places(self) -> Mapping[str, int | None]:
        """{name: where it is declared, or its family}, read only."""
        return MappingProxyType(self._places)

    @property
    def roles(self) -> Mapping[str, Role]:
        """{name: role} of the variables that `parts` returns."""
        gone = self._without()
        return {
            name: role
            for name, role in self._roles.items()
            if name in self._variables and name not in gone and role != NO_ROLE
        }

    def add_role(self, name: str, role: Role) -> None:
        """Note what a variable is in a diagnosis."""
        self._roles[name] = role

    @property
    def variables(self) -> Mapping[str, Variable]:
        """{name: variable} of those declared so far, read only."""
        return MappingProxyType(self._variables)

    def declare(self, name: str, states: Iterable[str], at: int | None = None) -> None:
        """Add a variable; raises MistakeError for a name that is declared already.

        Also for no states, one that is repeated, and more than MOST_STATES of all variables.
        """
        self._new(name, at)
        # No more of them are made than may be there.
        listed = tuple(islice(states, MOST_STATES - self._states + 1))
        self._states += len(listed)
        if self._states > MOST_STATES:
            raise MistakeError(f"more than {MOST_STATES:,} states; not a network file", at)
        try:
            self._variables[name] = Variable(name, listed)
        except NetworkError as error:
            raise MistakeError(str(error), at) from None

    def leave_out(self, name: str, kind: str, at: int | None = None) -> None:
        """Note a node that is no discrete chance variable.

        kind: what it is, such as "decision". Raises MistakeError unless the caller wants the
        chance part alone.
        """
        if not self.options.chance_only:
            remedy = "chance_only=True (--chance-only) reads the network without it"
            article = "an" if kind[0] in "aeio" else "a"
            told = f"'{name}' is {article} {kind} node; {OUTSIDE}, and {remedy}"
            raise MistakeError(told, at)
        self._new(name, at)
        self._outside[name] = kind

    def scope(self, names: Sequence[str], at: int | None = None) -> Scope | None:
        """Find a variable and its parents, in this order, as declared.

        None where one of them is left out, and the family with it. Raises MistakeError for no
        name, one that is not declared, a parent that is named twice and a second family.
        """
        if not names:
            raise MistakeError("names no variable whose probabilities these are", at)
        own, *parents = (self._known(name, at) for name in names)
        if own in self._families or own in self._dependent:
            raise MistakeError(f"'{own}' has two tables of probabilities", at)
        if len({own, *parents}) <= len(parents):
            raise MistakeError(f"'{own}' names a parent twice, or itself: {', '.join(parents)}", at)
        self._places[own] = at
        if own in self._outside:
            return None
        if missing := tuple(parent for parent in parents if parent in self._outside):
            self._dependent[own] = missing
            return None
        given = tuple(self._variables[parent] for parent in parents)
        return Scope(self._variables[own], given, at)

    def table(self, scope: Scope, values: ArrayLike) -> None:
        """Add the table P(variable | parents).

        values: shape (states of each parent..., states), or flat in that order, so that the
        variable's own state changes fastest, then the last parent's. Rows are scaled as the
        options say. Raises MistakeError for a row that may not be, or another number of values.
        """
        rows, normalise = scope.shaped(values), self.options.normalise
        found = scaled(scope.own, scope.parents, rows, normalise, scope.at)
        self._families[scope.own.name] = Table(scope.own.name, scope.names[1:], found)

    def noisy(
        self, scope: Scope, leak: ArrayLike, links: Sequence[ArrayLike], lowest: Literal[0, -1]
    ) -> None:
        """Add a noisy-MAX family; leak, links and lowest as in `NoisyMax`, rows scaled as tables.

        Raises MistakeError for a row that may not be.
        """
        own, normalise = scope.own, self.options.normalise
        effects = [scaled(own, (), np.asarray(leak, dtype=np.float64), normalise, scope.at)]
        for parent, link in zip(scope.parents, links, strict=True):
            rows = np.asarray(link, dtype=np.float64)
            effects.append(scaled(own, (parent,), rows, normalise, scope.at))
        if any((rows.sum(axis=-1) == 0).any() for rows in effects):
            raise MistakeError(f"'{own.name}' has a column of zeros among its parameters", scope.at)
        family = NoisyMax(own.name, scope.names[1:], effects[0], tuple(effects[1:]), lowest)
        self._families[own.name] = family

    def define(
        self, name: str, parents: Iterable[str], values: ArrayLike, at: int | None = None
    ) -> None:
        """Find a variable and its parents, and add its table, as `scope` and `table` do."""
        scope = self.scope([name, *parents], at)
        if scope is not None:
            self.table(scope, values)

    def warn_of_pyagrum(self, sign: str) -> None:
        """Warn that pyAgrum wrote the file, where the order of parents matters in it.

        sign: what tells so, as a sentence without its full stop.
        """
        several = [name for name, each in self._families.items() if len(each.parents) > 1]
        if several:
            self.warnings.append(
                f"{sign}. pyAgrum lets the first parent change fastest in such a file, against "
                "the format, by which it is read: the tables of "
                f"{counted(len(several), 'variable')} with several parents (the first is "
                f"'{several[0]}') may be turned. Save it from pyAgrum as BIF, BIFXML or NET"
            )

    def parts(self) -> tuple[tuple[Variable, ...], tuple[Family, ...]]:
        """Return the variables and their families, once everything is declared and defined.

        Without what is left out and all that depends on it. Raises MistakeError for a variable
        without a family, a cycle, and a row of zeros that can come about.
        """
        gone = self._without()
        self._note_left_out(gone)
        kept = {name: each for name, each in self._variables.items() if name not in gone}
        for name in kept:
            if name not in self._families:
                raise MistakeError(f"'{name}' has no probabilities", self._places[name])
        families = {name: self._families[name] for name in kept}
        parents = {name: family.parents for name, family in families.items()}
        if cycle := cycle_of(parents):
            raise MistakeError(f"cycle: {' -> '.join(cycle)}", self._places[cycle[0]])
        if not kept:
            beyond = f" but {', '.join(self._outside)}" if self._outside else ""
            raise MistakeError(f"no variables in it{beyond}")
        for own, place in reached_zeros(kept, families):
            given = [kept[parent] for parent in families[own].parents]
            row = row_name(kept[own], given, place)
            message = f"the row {row} is all zeros and can come about; give it probabilities"
            raise MistakeError(message, self._places[own])
        return tuple(kept.values()), tuple(map(_filled, families.values()))

    def _new(self, name: str, at: int | None) -> None:
        """Keep the place of a new name; MistakeError for one that is declared already."""
        if name in self._variables or name in self._outside:
            raise MistakeError(f"variable '{name}' is defined twice", at)
        self._places[name] = at

    def _known(self, name: str, at: int | None) -> str:
        """Return the declared name that is meant; case is ignored where only one fits then."""
        every = [*self._variables, *self._outside]
        if name in self._variables or name in self._outside:
            return name
        close = [key for key in every if key.lower() == name.lower()]
        if len(close) == 1:
            return close[0]
        near = nearest_names(name, every)
        hint = f"; did you mean {quoted(near)}?" if near else ""
        raise MistakeError(f"the probabilities mention '{name}', which is not defined{hint}", at)

    def _without(self) -> set[str]:
        """Return the variables that depend on what is left out."""
        gone = set(self._dependent)
        more = True
        while more:
            below = {
                name
                for name, family in self._families.items()
                if name not in gone and not gone.isdisjoint(family.parents)
            }
            gone |= below
            more = bool(below)
        return gone

    def _note_left_out(self, gone: Set[str]) -> None:
        """Add a note that names what is left out, and what depends on it."""
        if self._outside:
            what = ", ".join(f"{name} ({kind})" for name, kind in self._outside.items())
            rest = ", ".join(name for name in self._variables if name in gone)
            self.notes.append(f"left out {what}{'; with that ' if rest else ''}{rest}")


def _filled(family: Family) -> Family:
    """Return a table whose rows of zeros, which cannot come about, are uniform instead."""
    if isinstance(family, NoisyMax):
        return family
    empty = family.values.sum(axis=-1, keepdims=True) == 0
    if not empty.any():
        return family
    values = np.where(empty, 1 / family.values.shape[-1], family.values)
    return Table(family.variable, family.parents, values)
