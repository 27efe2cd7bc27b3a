"""Probabilities as arrays that carry the names of their variables and states."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from bayesnet.errors import EvidenceError, UnknownNameError, counted
from bayesnet.network.families import Array, Variable
from bayesnet.network.html_tables import html_table
from bayesnet.network.states import MISSING, state_code
from bayesnet.network.tables import require_pandas

FEW = 6
"""Number of states or variables that a repr lists."""


@dataclass(frozen=True, eq=False, repr=False)
class Distribution(NDArrayOperatorsMixin):
    """Probabilities of the joint states of one or more variables.

    variables: those of the trailing axes, in order. values: shape (states of each variable), or
    (cases, states of each variable) for a table of cases; read only.
    Index it by states, use it as an array, or convert it with `to_dict` or `to_pandas`.

        >>> found = Distribution((Variable("rain", ("no", "yes")),), np.array([0.7, 0.3]))
        >>> found
        Distribution(rain: no 0.7, yes 0.3)
        >>> float(found["yes"]), float(found[1]), float(found[True])
        (0.3, 0.3, 0.3)
        >>> found.to_dict()
        {'no': 0.7, 'yes': 0.3}
    """

    variables: tuple[Variable, ...]
    values: Array

    def __post_init__(self) -> None:
        values = self.values.view()
        values.flags.writeable = False
        object.__setattr__(self, "values", values)

    @property
    def variable(self) -> str:
        """Name of the only variable; raises EvidenceError where there are several.

        >>> Distribution((Variable("rain", ("no", "yes")),), np.array([0.7, 0.3])).variable
        'rain'
        """
        return self._only.name

    @property
    def states(self) -> tuple[str, ...]:
        """States of the only variable, in order; raises EvidenceError where there are several.

        >>> Distribution((Variable("rain", ("no", "yes")),), np.array([0.7, 0.3])).states
        ('no', 'yes')
        """
        return self._only.states

    def __getitem__(self, key: Any) -> Any:
        """Index by states, one for each variable (`joint["no", "high"]`), or as an array.

        Returns a probability, or shape (cases,) for a table of cases. Raises UnknownNameError for
        an unknown state, EvidenceError for another number of states than variables.
        """
        keys = key if isinstance(key, tuple) else (key,)
        if not any(isinstance(each, str | bool | np.bool_) for each in keys):
            return self.values[key]
        if len(keys) != len(self.variables):
            raise EvidenceError(f"{key!r:.40}: give a state for each of {self._names}")
        places = map(_place, self.variables, keys)
        found = self.values[(..., *places)]
        return found if found.ndim else float(found)

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __float__(self) -> float:
        return float(self.values)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.values, dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Compute on the values; what comes out is a plain array, since its axes may differ."""
        plain = (each.values if isinstance(each, Distribution) else each for each in inputs)
        return getattr(ufunc, method)(*plain, **options)

    def __getattr__(self, name: str) -> Any:
        """Read what an array has (`shape`, `sum`, `argmax`, ...) off the values."""
        if name.startswith("_") or name == "values":
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return getattr(self.values, name)

    def to_dict(self) -> dict[Any, Any]:
        """Return {state: probability}, or {(state, ...): probability} for several variables.

        For a table of cases each probability is an array of shape (cases,).

            >>> Distribution((Variable("rain", ("no", "yes")),), np.array([0.7, 0.3])).to_dict()
            {'no': 0.7, 'yes': 0.3}
        """
        whole = np.moveaxis(self.values, 0, -1) if self._has_cases else self.values
        places = list(np.ndindex(*(len(variable.states) for variable in self.variables)))
        names = [
            tuple(v.states[i] for v, i in zip(self.variables, place, strict=True))
            for place in places
        ]
        found = (whole[place] for place in places)
        plain = (each if self._has_cases else float(each) for each in found)
        single = len(self.variables) == 1
        return dict(zip((name[0] if single else name for name in names), plain, strict=True))

    def to_pandas(self) -> Any:
        """Convert to a pandas Series by state; a table of cases to a DataFrame with a row a case.

        Several variables make a MultiIndex. Raises BayesnetError without pandas.

            >>> rain = Variable("rain", ("no", "yes"))
            >>> found = Distribution((rain,), np.array([0.7, 0.3]))
            >>> float(found.to_pandas()["yes"])
            0.3
        """
        pandas = require_pandas()

        names = [variable.name for variable in self.variables]
        states = [variable.states for variable in self.variables]
        index = (
            pandas.Index(states[0], name=names[0])
            if len(names) == 1
            else pandas.MultiIndex.from_product(states, names=names)
        )
        if self._has_cases:
            return pandas.DataFrame(self.values.reshape(len(self.values), -1), columns=index)
        return pandas.Series(self.values.ravel(), index, name="probability")

    def __repr__(self) -> str:
        said = f"shape {self.shape}"
        if not self._has_cases and self.values.size <= FEW and len(self.variables) == 1:
            said = ", ".join(f"{state} {value:.4g}" for state, value in self.to_dict().items())
        return f"Distribution({self._names}: {said})"

    def _repr_html_(self) -> str:
        if self._has_cases:
            return html_table([self._names], [[repr(self)]])
        rows = [
            [state if isinstance(state, str) else ", ".join(state), f"{value:.4f}"]
            for state, value in self.to_dict().items()
        ]
        return html_table([self._names, "probability"], rows)

    @property
    def _names(self) -> str:
        return ", ".join(variable.name for variable in self.variables)

    @property
    def _has_cases(self) -> bool:
        return self.values.ndim > len(self.variables)

    @property
    def _only(self) -> Variable:
        if len(self.variables) != 1:
            raise EvidenceError(
                f"this is of {counted(len(self.variables), 'variable')}, not of one"
            )
        return self.variables[0]


@dataclass(frozen=True, eq=False, repr=False)
class Marginals(Mapping[str, Any]):
    """Posterior marginals, a mapping of variable's name to Distribution.

    variables: {name: variable}; arrays: {name: the values of its Distribution, shape (states,), or
    (cases, states) for a table of cases}. A name that it lacks raises KeyError.

        >>> rain = Variable("rain", ("no", "yes"))
        >>> found = Marginals({"rain": rain}, {"rain": np.array([0.7, 0.3])})
        >>> float(found["rain"]["yes"])
        0.3
        >>> found
        Marginals(1 variable: rain)
    """

    variables: Mapping[str, Variable]
    arrays: Mapping[str, Array]

    def __getitem__(self, name: str) -> Distribution:
        return Distribution((self.variables[name],), self.arrays[name])

    def __len__(self) -> int:
        return len(self.arrays)

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Return {variable: {state: probability}}; a probability is (cases,) for a table of cases.

        >>> rain = Variable("rain", ("no", "yes"))
        >>> Marginals({"rain": rain}, {"rain": np.array([0.7, 0.3])}).to_dict()
        {'rain': {'no': 0.7, 'yes': 0.3}}
        """
        return {name: found.to_dict() for name, found in self.items()}

    def to_pandas(self) -> Any:
        """Convert to a pandas Series by (variable, state); a table of cases to a DataFrame.

        The DataFrame has a row a case and a column a (variable, state). Raises BayesnetError
        without pandas.

            >>> rain = Variable("rain", ("no", "yes"))
            >>> found = Marginals({"rain": rain}, {"rain": np.array([0.7, 0.3])})
            >>> float(found.to_pandas()["rain", "yes"])
            0.3
        """
        pandas = require_pandas()

        each = {name: found.to_pandas() for name, found in self.items()}
        tables = any(found.ndim > 1 for found in self.values())
        if not each:
            return pandas.Series(dtype=float, name="probability")
        whole = pandas.concat(each, axis=1 if tables else 0, names=["variable", "state"])
        return whole if tables else whole.rename("probability")

    def __repr__(self) -> str:
        names = list(self.arrays)
        shown = ", ".join(names[:FEW]) + (", ..." if len(names) > FEW else "")
        return f"Marginals({counted(len(names), 'variable')}{': ' if names else ''}{shown})"

    def _repr_html_(self) -> str:
        if any(values.ndim > 1 for values in self.arrays.values()):
            return html_table(["variable", "shape"], ([n, str(d.shape)] for n, d in self.items()))
        rows = (
            [name, state, f"{value:.4f}"]
            for name, found in self.items()
            for state, value in found.to_dict().items()
        )
        return html_table(["variable", "state", "probability"], rows)


def _place(variable: Variable, key: Any) -> Any:
    """Return the position of a state given by its name, True or False; other indices as given."""
    if not isinstance(key, str | bool | np.bool_):
        return key
    place = state_code(variable, key)
    if place == MISSING:
        raise UnknownNameError("state", key, variable.states, f"'{variable.name}'")
    return place
