"""Measure triage of simulated people: who is told to hurry, and what any cut could reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.network import Array
from bayesnet.tuning.patients import Patients
from bayesnet.tuning.scoring.shares import Share, of_patients
from lbp_validation.simulation.decisions import any_of, excess, questions, thresholds
from lbp_validation.simulation.families import families
from lbp_validation.simulation.simulation import SELF, View

FALSE = (0.01, 0.02, 0.03, 0.05, 0.075, 0.10, 0.15, 0.20)
"""Shares of people without a serious cause who are told to hurry, at which the curve is read."""
EXCESS, BEST = "sum of excesses", "exact probability, the best of all"
Group = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Triage:
    """People with full histories and what they were told.

    without: who has no cause with a threshold; shape (patients,).
    """

    model: DiagnosticModel
    view: View
    without: Group

    @property
    def patients(self) -> Patients:
        """The people."""
        return self.view.patients

    def told(self, level: str, among: Group) -> Share:
        """Return the share of a group that is told this level or more."""
        return of_patients(self.patients, self.at_least(level), among)

    def at_least(self, level: str) -> Group:
        """Tell who is told this level or more, shape (patients,)."""
        return np.asarray(self.view.decisions.levels >= LEVELS.index(level))

    def having(self, causes: Sequence[str]) -> Group:
        """Tell who has one of these causes, shape (patients,)."""
        return self.patients.having_any(causes)


def triage_of(model: DiagnosticModel, view: View) -> Triage:
    """Tell people without a serious cause from those with one."""
    named = {*thresholds(model), *families(model).all}
    return Triage(model, view, ~view.patients.having_any(named))


@dataclass(frozen=True)
class Point:
    """One cut: the share told without a serious cause, and with one of the urgent family."""

    without: float
    found: float


def present(triage: Triage) -> Point:
    """Return where the model as shipped stands."""
    urgent = triage.having(families(triage.model).urgent)
    return Point(triage.told("urgent", triage.without).value, triage.told("urgent", urgent).value)


def curves(triage: Triage) -> dict[str, tuple[Point, ...]]:
    """Return {score: its points at FALSE}, of every cut through two scores of the same answers.

    The sum of excesses is what one threshold a cause comes to as all of them move together; by the
    exact probability of any such cause a cut finds the most that can be found.
    """
    urgent = families(triage.model).urgent
    codes = {name: triage.patients.codes[name] for name in questions(triage.model, SELF)}
    acted_on = tuple(name for name in urgent if name in thresholds(triage.model))
    scores: Mapping[str, Array] = {
        EXCESS: excess(triage.model, triage.view.decisions.posteriors, acted_on),
        BEST: any_of(triage.model, codes, urgent),
    }
    found = triage.having(urgent)
    return {
        name: points(triage.patients, each, triage.without, found) for name, each in scores.items()
    }


def points(patients: Patients, score: Array, without: Group, having: Group) -> tuple[Point, ...]:
    """Return for each of FALSE the cut that tells at most so many without, and whom it finds.

    score, without, having: shape (patients,). Those at the cut itself count as told only where all
    of them can be.
    """
    order = np.argsort(-score[without], kind="stable")
    values = score[without][order]
    told = np.cumsum(patients.weights[without][order]) / patients.weights[without].sum()
    found = []
    for share in FALSE:
        # The first who would be one too many is not told, and nobody who scores no more.
        place = int(np.searchsorted(told, share, side="right"))
        cut = values[place] if place < len(values) else -np.inf
        over = score > cut
        found.append(Point(patients.share(over, without), patients.share(over, having)))
    return tuple(found)
