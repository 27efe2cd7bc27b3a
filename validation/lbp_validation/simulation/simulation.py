"""Simulate the patients of the report, and diagnose them by who answers what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.compiled import CERTAIN, CompiledModel
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.solving.parameters import solve
from bayesnet.network import Array
from bayesnet.tuning.patients import Patients, Sizes, simulate
from bayesnet.tuning.scoring.calibration import Calibration, calibration
from lbp_validation.simulation.decisions import (
    Decisions,
    decide,
    joined,
    posteriors_of,
    questions,
    thresholds,
)
from lbp_validation.simulation.families import families

SELF, CLINICIAN = "self", "clinician"
THIRDS, SHARE = 8, 1 / 3
"""How many different random thirds of the questions there are, each for as many patients."""
AT_ONCE = 1024
"""Patients diagnosed between two words on how far it is."""


@dataclass(frozen=True, eq=False)
class View:
    """Patients whom one audience answers for, and what was decided of them."""

    patients: Patients
    decisions: Decisions


@dataclass(frozen=True, eq=False)
class Simulation:
    """Simulated patients and what the model says of them.

    views: {audience: who was diagnosed from full histories, and what came out}; partly: posteriors
    from a third of the questions, of the patients whom a clinician sees.
    """

    model: DiagnosticModel
    patients: Patients
    views: Mapping[str, View]
    partly: Mapping[str, Array]


def simulation(
    model: DiagnosticModel,
    rng: np.random.Generator,
    sizes: Sizes,
    examined: int,
    told: Callable[[str], object],
) -> Simulation:
    """Draw patients of the model's own network, and diagnose them with it.

    examined: one patient in so many is seen by a clinician too; told: is given how far it is.
    """
    patients = patients_of(model, rng, sizes)
    some = patients.take(np.arange(0, len(patients), examined))
    views = {
        audience: View(group, _decided(model, group, audience, told))
        for audience, group in ((SELF, patients), (CLINICIAN, some))
    }
    return Simulation(model, patients, views, _partly(model, some, rng))


def _decided(
    model: DiagnosticModel, patients: Patients, audience: str, told: Callable[[str], object]
) -> Decisions:
    parts = []
    for start in range(0, len(patients), AT_ONCE):
        told(f"  audience {audience}: {start:,} of {len(patients):,} patients diagnosed")
        rows = np.arange(start, min(start + AT_ONCE, len(patients)))
        parts.append(decide(model, patients.take(rows).codes, audience))
    return joined(parts)


def patients_of(model: DiagnosticModel, rng: np.random.Generator, sizes: Sizes) -> Patients:
    """Draw patients of a model's network, more of those with a cause that the goals name."""
    causes, named = model.description.causes, families(model)
    prevalences = {name: cause.prevalence.value or 0.0 for name, cause in causes.items()}
    groups = (named.urgent, named.soon, tuple(thresholds(model)))
    return simulate(model.network, prevalences, rng, sizes, groups)


def solved_model(description: ModelDescription) -> DiagnosticModel:
    """Make a model of a description that is known to solve; it has no file and so no hash."""
    return DiagnosticModel(CompiledModel(description, "", solve(description)[0], CERTAIN))


def calibrations(
    model: DiagnosticModel, patients: Patients, posteriors: Mapping[str, Array]
) -> tuple[Calibration, ...]:
    """Measure the calibration of every cause, in the model's order."""
    return tuple(
        calibration(cause, posteriors[cause], patients.having(cause), patients.weights)
        for cause in model.description.causes
    )


def _partly(
    model: DiagnosticModel, patients: Patients, rng: np.random.Generator
) -> dict[str, Array]:
    """Diagnose each patient from one of some random thirds of what a person can answer."""
    every = questions(model, SELF)
    size = max(1, round(SHARE * len(every)))
    which = np.arange(len(patients)) % THIRDS
    found: dict[str, Array] = {}
    for third in range(THIRDS):
        rows = np.flatnonzero(which == third)
        asked = sorted(rng.choice(every, size, replace=False).tolist(), key=every.index)
        part = posteriors_of(model, {name: patients.codes[name][rows] for name in asked})
        for name, values in part.items():
            found.setdefault(name, np.empty(len(patients)))[rows] = values
    return found
