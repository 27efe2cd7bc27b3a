"""Halve and double each prevalence, and count how often the answer changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.solving.parameters import solvable
from bayesnet.tuning.patients import Patients
from bayesnet.tuning.scoring.shares import Share, of_patients
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.part import Part
from lbp_validation.simulation.decisions import SELF, decide
from lbp_validation.simulation.simulation import solved_model

HALVINGS = 20
"""Bisections between two prevalences: the nearest is then known to 1e-6 of their difference."""
FACTORS = (0.5, 2.0)
MOST = 0.99
"""Highest prevalence that is tried: a cause that everybody has leaves nothing to infer."""
NOTE = "* As near to half or double as the relative risks leave room for."
HEADERS = ("prevalence of", "from", "to", "top cause", "triage", "pathway")


@dataclass(frozen=True, eq=False)
class Answers:
    """What is compared, one entry a patient: leading cause, triage, pathway."""

    columns: tuple[NDArray[np.object_], ...]

    def differing(self, other: "Answers", patients: Patients) -> tuple[Share, ...]:
        """Return, for each column, the weighted share of patients whose entry is another."""
        pairs = zip(self.columns, other.columns, strict=True)
        everyone = np.ones(len(patients), dtype=np.bool_)
        return tuple(of_patients(patients, mine != theirs, everyone) for mine, theirs in pairs)


@dataclass(frozen=True)
class Change:
    """One prevalence changed: what was wanted and had, and what of the answers is then another.

    of_people: shares of top cause, triage and pathway.
    """

    cause: str
    before: float
    wanted: float
    after: float
    of_people: tuple[Share, ...]

    @property
    def stopped(self) -> bool:
        """Whether the relative risks left no room for all of it."""
        return not np.isclose(self.after, self.wanted, rtol=1e-3)


def robustness_part(model: DiagnosticModel, patients: Patients, causes: Sequence[str]) -> Part:
    """Compare answers of the same patients as the prevalences of these causes change."""
    found = list(_changes(model, patients, causes))
    columns = zip(*(each.of_people for each in found), strict=True)
    worst = [str(max(column, key=lambda share: share.value)) for column in columns]
    words = (
        "The model is solved anew with one prevalence halved or doubled, all else kept. Of "
        f"simulated people with a full history ({len(patients):,} patients, weighted), the share "
        "whose top cause, triage or pathway becomes another, with 95 % intervals. The most: "
        f"top cause {worst[0]}, triage {worst[1]}, pathway {worst[2]} of people."
    )
    rows = tuple(_row(each) for each in found)
    grid = Grid(HEADERS, rows, frozenset(HEADERS[1:]))
    note = (NOTE,) if any(each.stopped for each in found) else ()
    said = (
        f"a prevalence halved or doubled changes the top cause of at most {worst[0]} of simulated "
        f"people, the triage of {worst[1]} and the pathway of {worst[2]}"
    )
    section = Section("Robustness: prevalences halved and doubled", (words,), (grid, *note))
    return Part((section,), figures={"robustness": said})


def _changes(model: DiagnosticModel, patients: Patients, causes: Sequence[str]) -> Iterator[Change]:
    usual = _of_patients(model, patients)
    for cause in causes:
        before = model.description.causes[cause].prevalence.value or 0.0
        for factor in FACTORS:
            wanted = min(factor * before, MOST)
            after = nearest_prevalence(model.description, cause, wanted)
            changed = solved_model(with_prevalence(model.description, cause, after))
            of_people = usual.differing(_of_patients(changed, patients), patients)
            yield Change(cause, before, factor * before, after, of_people)


def _row(change: Change) -> tuple[str, ...]:
    to = f"{change.after:.3g}{' *' if change.stopped else ''}"
    return (change.cause, f"{change.before:.3g}", to, *map(str, change.of_people))


def with_prevalence(
    description: ModelDescription, cause: str, prevalence: float
) -> ModelDescription:
    """Return the description with one prevalence changed."""
    entry = description.causes[cause]
    changed = structs.replace(entry, prevalence=structs.replace(entry.prevalence, value=prevalence))
    return structs.replace(description, causes={**description.causes, cause: changed})


def nearest_prevalence(description: ModelDescription, cause: str, wanted: float) -> float:
    """Return the prevalence nearest to the wanted one that can be solved for.

    Searched by bisection between the present prevalence and the wanted one.
    """
    small = structs.replace(description, shared={}, findings={})

    def feasible(prevalence: float) -> bool:
        return solvable(with_prevalence(small, cause, prevalence))

    if feasible(wanted):
        return wanted
    good, bad = description.causes[cause].prevalence.value or 0.0, wanted
    for _ in range(HALVINGS):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if feasible(middle) else (good, middle)
    return good


def _of_patients(model: DiagnosticModel, patients: Patients) -> Answers:
    decided = decide(model, patients.codes, SELF)
    leading = decided.leading(tuple(model.description.causes))
    return Answers((leading.astype(object), decided.levels.astype(object), decided.pathways))
