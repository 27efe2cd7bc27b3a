"""One case as the engine sees it: state codes and likelihoods by the index of a variable."""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bayesnet.network import Array
from bayesnet.network.evidence import MISSING, Observed


@dataclass(frozen=True, eq=False)
class Case:
    """What is known of one person.

    hard: {variable: code of its state}. soft: {variable: likelihood of each state, the largest
    of them 1}; one that says nothing is left out. scales: {variable: natural log of what its
    likelihood was divided by}.
    """

    hard: Mapping[int, int]
    soft: Mapping[int, Array]
    scales: Mapping[int, float] = field(default_factory=dict)

    @property
    def log_scale(self) -> float:
        """Log of what all likelihoods were divided by."""
        return math.fsum(self.scales.values())

    @property
    def variables(self) -> tuple[int, ...]:
        """Everything that something is said of, ascending."""
        return tuple(sorted({*self.hard, *self.soft}))

    @property
    def key(self) -> Hashable:
        """What two cases share that say the same."""
        soft = tuple((v, self.soft[v].tobytes()) for v in sorted(self.soft))
        return tuple(sorted(self.hard.items())), soft, tuple(sorted(self.scales.items()))

    def without(self, variables: Iterable[int]) -> "Case":
        """Return the case with nothing said of some variables."""
        gone = set(variables)
        hard = {v: code for v, code in self.hard.items() if v not in gone}
        soft = {v: values for v, values in self.soft.items() if v not in gone}
        scales = {v: scale for v, scale in self.scales.items() if v not in gone}
        return Case(hard, soft, scales)

    def with_states(self, states: Mapping[int, int]) -> "Case":
        """Return the case with variables seen in these states too."""
        return Case({**self.hard, **states}, self.soft, self.scales)


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
        scales: dict[int, float] = {}
        for variable, values in observed.likelihoods.items():
            own = values[row]
            most = float(own.max())
            if most == 0.0:
                soft[variable] = own
                continue
            if most != 1.0:
                scales[variable] = math.log(most)
            if not (own == own[0]).all():
                soft[variable] = own / most
        found.append(Case(hard, soft, scales))
    return found
