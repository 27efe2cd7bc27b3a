"""Draw simulated patients from a network, those with rare causes more often.

Drawn in two phases. First a large population, as far as its causes and all that these descend from;
nothing is conditioned on, so it is the population. Then each person is kept with a chance that
depends on their causes alone: a base rate, or the rate of the rarest of their causes, or groups of
causes, if that is higher, set so that every cause has about the same number of patients, and every
group. Only those kept get findings.
A patient kept with chance q stands for exactly 1 / q people of the population, so weighted shares
and sums are unbiased for it (Horvitz and Thompson's estimator), whatever the rates.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.network import Array, Network
from bayesnet.tuning.drawing import Codes, drawn_further

AT_ONCE = 250_000
"""People drawn at once: with the runner model's 52 first-phase variables, 100 MB of codes."""
ABSENT, PRESENT = 0, 1
"""State codes of a cause, whose states are no and yes."""


@dataclass(frozen=True)
class Sizes:
    """How many are drawn.

    people: the population; anyone, each_cause, each_group: patients wanted of all people, of each
    cause, and of each group of causes that shares are told of.
    """

    people: int
    anyone: int
    each_cause: int
    each_group: int = 0


@dataclass(frozen=True, eq=False)
class Patients:
    """Simulated patients; codes: {variable: state codes}, weights: people each one stands for.

    All arrays have shape (patients,).
    """

    codes: Codes
    weights: Array

    def __len__(self) -> int:
        return len(self.weights)

    def take(self, rows: NDArray[np.intp]) -> "Patients":
        """Return some of the patients."""
        return Patients({n: column[rows] for n, column in self.codes.items()}, self.weights[rows])

    def having(self, cause: str) -> NDArray[np.bool_]:
        """Tell who has a cause, shape (patients,)."""
        return np.asarray(self.codes[cause] == PRESENT)

    def having_any(self, causes: Iterable[str]) -> NDArray[np.bool_]:
        """Tell who has at least one of some causes, shape (patients,)."""
        found = np.zeros(len(self), dtype=np.bool_)
        for cause in causes:
            found |= self.having(cause)
        return found

    def share(self, group: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
        """Return the weighted share of the patients in `among` that are also in `group`."""
        total = self.weights[among].sum()
        return float(self.weights[among & group].sum() / total) if total > 0 else float("nan")


def simulate(
    network: Network,
    prevalences: Mapping[str, float],
    rng: np.random.Generator,
    sizes: Sizes,
    groups: Sequence[Sequence[str]] = (),
) -> Patients:
    """Draw patients of a network whose causes (yes/no variables) have these prevalences.

    groups: causes of whom some share is told together; those with any of them are kept at one rate,
    so that all weigh the same. The same generator state gives the same patients.
    """
    wanted = [([cause], sizes.each_cause) for cause in prevalences]
    wanted += [(list(group), sizes.each_group) for group in groups]
    rates = [
        (group, min(1.0, number / (sizes.people * common)))
        for group, number in wanted
        if (common := sum(prevalences[cause] for cause in group)) > 0
    ]
    base = min(1.0, sizes.anyone / sizes.people)
    first_phase = _with_ancestors(network, prevalences)
    parts, chances = [], []
    for start in range(0, sizes.people, AT_ONCE):
        number = min(AT_ONCE, sizes.people - start)
        people = drawn_further(network, rng, {}, first_phase, number)
        chance = np.full(number, base)
        for group, rate in rates:
            having = np.any([people[cause] == PRESENT for cause in group], axis=0)
            chance = np.where(having, np.maximum(chance, rate), chance)
        kept = rng.random(number) < chance
        parts.append({name: column[kept] for name, column in people.items()})
        chances.append(chance[kept])
    weights = 1.0 / np.concatenate(chances)
    people = {name: np.concatenate([part[name] for part in parts]) for name in first_phase}
    return Patients(drawn_further(network, rng, people, network.names, len(weights)), weights)


def _with_ancestors(network: Network, names: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting.extend(network.family(name).parents)
    return list(found)
