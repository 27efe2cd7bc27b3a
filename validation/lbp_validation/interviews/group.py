"""Measure a group of interviewed people against what all their answers would have said."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.decisions.policy import EMERGENCY, rank
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.network import Array
from bayesnet.tuning.scoring.shares import Share, of_count
from lbp_validation.advice.own_pathways import chosen
from lbp_validation.interviews.record import ALL, MARKS, Place, Record

Flags = NDArray[np.bool_]
"""Of the people of a group, shape (people,)."""


@dataclass(frozen=True, eq=False)
class Group:
    """Some people, and how the model decides.

    What places all of them have comes first, in one order; `met` leaves those who have more.
    """

    model: DiagnosticModel
    records: tuple[Record, ...]

    def __len__(self) -> int:
        return len(self.records)

    def having(self, wanted: Callable[[Record], bool]) -> "Group":
        """Return those of whom something is so."""
        return Group(self.model, tuple(each for each in self.records if wanted(each)))

    def met(self, policy: str) -> "Group":
        """Return those whom a policy asked."""
        return self.having(lambda each: (policy, MARKS[0]) in each.said.places)

    def lost(self, place: Place) -> Array:
        """Return the good weeks lost by the pathway that seems best, (people,).

        Expected with all answers, against the pathway that is best then: the model's unit.
        """
        return self.lost_with(self._p(place))

    def lost_with(self, p: Array) -> Array:
        """Return the same by any posteriors of theirs, shape (people, causes + 1)."""
        values = self.model.policy.values.T
        whole, seems = self._p(ALL) @ values, (p @ values).argmax(axis=1)
        return np.asarray(whole.max(axis=1) - whole[np.arange(len(self)), seems])

    def lost_as_told(self, place: Place) -> Array:
        """Return the good weeks lost by the pathway that is told, as the urgency allows, (people,).

        Expected with all answers, against the pathway that is told then; below 0 where a lower or
        higher urgency than that of all answers leaves a better one. None told counts as 0.
        """
        values = self._p(ALL) @ self.model.policy.values.T
        return self._told(values, ALL) - self._told(values, place)

    def first_right(self, place: Place) -> Share:
        """Return of those with a cause the share whose first cause is one of theirs."""
        causes = tuple(self.model.description.causes)
        first = self._p(place)[:, :-1].argmax(axis=1).tolist()
        right = [
            causes[at] in each.person.causes
            for at, each in zip(first, self.records, strict=True)
            if each.person.causes
        ]
        return of_count(sum(right), len(right))

    def same_urgency(self, place: Place) -> Share:
        """Return the share whose urgency is that of all answers."""
        same = self.levels(place) == self.levels(ALL)
        return of_count(int(same.sum()), len(self))

    def emergencies(self, place: Place) -> Share:
        """Return the share of the emergencies of all answers that are found."""
        every = self.levels(ALL) == rank(EMERGENCY)
        found = every & (self.levels(place) == rank(EMERGENCY))
        return of_count(int(found.sum()), int(every.sum()))

    def listed(self, place: Place) -> Flags:
        """Tell for whom a cause that they have is at or over its threshold."""
        found = np.zeros(len(self), dtype=np.bool_)
        for cause in self.model.thresholds:
            found |= self._have(cause) & self.over(cause, place)
        return found

    def over(self, cause: str, place: Place) -> Flags:
        """Tell for whom a cause is at or over its threshold, whether they have it or not."""
        column = list(self.model.description.causes).index(cause)
        return np.asarray(self._p(place)[:, column] >= self.model.thresholds[cause].value)

    def acted_on(self, place: Place) -> Flags:
        """Tell who is told urgent or more, or is given a pathway of a cause that they have."""
        at = self._at(place)
        own = [
            chosen(self.model, each.said.pathways[at], each.person.causes) == "own"
            for each in self.records
        ]
        return np.asarray((self.levels(place) >= rank("urgent")) | np.array(own, dtype=np.bool_))

    def levels(self, place: Place) -> NDArray[np.intp]:
        """Return how urgent each person is, by rank, (people,)."""
        at = self._at(place)
        return np.array([each.said.levels[at] for each in self.records], dtype=np.intp)

    def _told(self, values: Array, place: Place) -> Array:
        """Return what the pathway told somewhere is worth; values: (people, pathways)."""
        rows, at = (
            {name: row for row, name in enumerate(self.model.policy.pathways)},
            self._at(place),
        )
        told = (each.said.pathways[at] for each in self.records)
        own = [rows.get(name) for name in told]
        return np.array([0.0 if r is None else v[r] for v, r in zip(values, own, strict=True)])

    def _have(self, cause: str) -> Flags:
        return np.array([cause in each.person.causes for each in self.records], dtype=np.bool_)

    def _p(self, place: Place) -> Array:
        at, causes = self._at(place), len(self.model.description.causes) + 1
        return np.array([each.said.p[at] for each in self.records]).reshape(len(self), causes)

    def _at(self, place: Place) -> int:
        return self.records[0].said.places.index(place) if self.records else 0
