"""One case as the engine sees it: state codes and likelihoods by the index of a variable."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.evidence import MISSING, Observed
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Case:
    """What is known of one person.

    hard: {variable: code of its state}. soft: {variable: likelihood of each state, the largest
    of them 1}. log_scale: natural log of what the likelihoods were divided by; -inf where one
    allows no state.
    """

    hard: Mapping[int, int]
    soft: Mapping[int, Array]
    log_scale: float = 0.0

    @property
    def variables(self) -> tuple[int, ...]:
        """Everything that something is said of, ascending."""
        return tuple(sorted({*self.hard, *self.soft}))

    def without(self, variables: Iterable[int]) -> "Case":
        """The same with nothing said of some variables; the scale is not taken back."""
        gone = set(variables)
        hard = {v: code for v, code in self.hard.items() if v not in gone}
        soft = {v: values for v, values in self.soft.items() if v not in gone}
        return Case(hard, soft, self.log_scale)

    def with_states(self, states: Mapping[int, int]) -> "Case":
        """The same with variables seen in these states too."""
        return Case({**self.hard, **states}, self.soft, self.log_scale)


def cases_of(observed: Observed, rows: Sequence[int] | None = None) -> list[Case]:
    """Each case of encoded evidence, or those of some rows.

    A likelihood of ones says nothing, and is left out; that of an observed variable counts as
    the likelihood of its state.
    """
    chosen = range(observed.cases) if rows is None else rows
    found = []
    for row in chosen:
        column = observed.codes[:, row]
        seen = np.flatnonzero(column != MISSING)
        hard = dict(zip(seen.tolist(), column[seen].tolist(), strict=True))
        soft: dict[int, Array] = {}
        log_scale = 0.0
        for variable, values in observed.likelihoods.items():
            own = values[row]
            most = float(own.max())
            if most != 1.0:
                log_scale += math.log(most) if most > 0 else -math.inf
            if (own == own[0]).all():
                continue
            soft[variable] = own / most
        found.append(Case(hard, soft, log_scale))
    return found
