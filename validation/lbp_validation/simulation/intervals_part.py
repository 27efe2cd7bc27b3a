"""Check whether posterior intervals hold what they promise, against models drawn around it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.found import find, intervals
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.network import Array
from bayesnet.tuning.drawing import Codes
from bayesnet.tuning.patients import Patients
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.part import Part
from lbp_validation.simulation.decisions import SELF, posteriors_of, questions
from lbp_validation.simulation.sampled_models import sampled_description
from lbp_validation.simulation.simulation import solved_model

ASKED, GROUPS = 15, 8
"""Questions that a patient has answered, and how many different choices of them there are."""


@dataclass(frozen=True, eq=False)
class Coverage:
    """How often intervals hold the posteriors of drawn models.

    inside: share of drawn models whose posterior lies in the interval, shape (patients, causes);
    widths: of the intervals, in natural log-odds, same shape.
    """

    causes: tuple[str, ...]
    inside: Array
    widths: Array


def intervals_part(
    model: DiagnosticModel, patients: Patients, rng: np.random.Generator, worlds: int
) -> Part:
    """Diagnose partial histories by the model with its intervals and by models drawn around it."""
    found = coverage(model, patients, rng, worlds)
    overall = float(found.inside.mean())
    rows = tuple(
        (cause, f"{inside:.1%}", f"{lowest:.0%}", f"{width:.2f}")
        for cause, inside, lowest, width in zip(
            found.causes,
            found.inside.mean(axis=0),
            np.percentile(found.inside, 5, axis=0),
            found.widths.mean(axis=0),
            strict=True,
        )
    )
    words = (
        f"{len(found.inside)} simulated patients, each with {ASKED} answers, and {worlds} models "
        "whose numbers are all drawn from their own uncertainty. Covered: the share of drawn "
        "models whose posterior lies in the 95 % interval that the report gives; lowest: the same "
        "for the patient at the 5th percentile; width: in log-odds, from end to end. That they "
        "cover draws from the numbers they were made of (95 % is right) tests the arithmetic; it "
        "does not say that they hold the truth."
    )
    headers = ("cause", "covered", "lowest", "width")
    section = Section(
        "Arithmetic: posterior intervals", (words, Grid(headers, rows, frozenset(headers[1:])))
    )
    said = f"95 % intervals cover {overall:.1%} of posteriors of {worlds} drawn models"
    return Part((section,), figures={"intervals": said})


def coverage(
    model: DiagnosticModel, patients: Patients, rng: np.random.Generator, worlds: int
) -> Coverage:
    """Measure how often a model's intervals hold the posteriors of models drawn around it."""
    every = questions(model, SELF)
    causes = tuple(model.description.causes)
    drawn = [solved_model(sampled_description(model.description, rng)) for _ in range(worlds)]
    inside, widths = [], []
    groups = min(GROUPS, len(patients))
    for group in range(groups):
        asked = sorted(rng.choice(every, ASKED, replace=False).tolist())
        some = patients.take(np.arange(group, len(patients), groups))
        codes = {name: some.codes[name] for name in asked}
        ends = np.array(
            [_ends(model, {n: int(c[row]) for n, c in codes.items()}) for row in range(len(some))]
        )
        found = np.array([_posteriors(each, codes) for each in drawn])
        inside.append(((found >= ends[:, :, 0]) & (found <= ends[:, :, 1])).mean(axis=0))
        logits = np.log(ends) - np.log1p(-ends)
        widths.append(logits[:, :, 1] - logits[:, :, 0])
    return Coverage(causes, np.concatenate(inside), np.concatenate(widths))


def _ends(model: DiagnosticModel, codes: Mapping[str, int]) -> Array:
    """Return the low and high ends for one patient, shape (causes, 2)."""
    answers = {name: model.network.variable(name).states[code] for name, code in codes.items()}
    study = find(model.policy, model.engine.inference, answers, SELF).study
    found = intervals(model.doubt, list(model.description.causes), study)
    return np.array([found[name] for name in model.description.causes])


def _posteriors(model: DiagnosticModel, codes: Codes) -> Array:
    """Return the posteriors that a drawn model gives, shape (patients, causes)."""
    found = posteriors_of(model, codes)
    return np.array([found[name] for name in model.description.causes]).T
