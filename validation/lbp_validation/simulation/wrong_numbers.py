"""Measure how calibration and discrimination suffer when the numbers are off as they may be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.network import Array
from bayesnet.tuning.patients import Sizes
from bayesnet.tuning.scoring.calibration import Calibration
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.part import Part
from lbp_validation.simulation.decisions import posteriors_of, questions
from lbp_validation.simulation.must_not_miss import Shares, shares
from lbp_validation.simulation.sampled_models import sampled_description
from lbp_validation.simulation.simulation import SELF, calibrations, patients_of, solved_model

HEADERS = ("cause", "slope", "intercept", "Brier, scaled", "AUC", "true prevalence")


@dataclass(frozen=True)
class World:
    """One set of numbers that could be true: how the shipped model fares in it."""

    calibrations: tuple[Calibration, ...]
    shares: Shares


def wrong_numbers_part(
    model: DiagnosticModel, rng: np.random.Generator, worlds: int, sizes: Sizes
) -> Part:
    """Diagnose patients of drawn models, with full histories, by the shipped model."""
    found = [_world(model, rng, sizes) for _ in range(worlds)]
    causes = list(zip(*(each.calibrations for each in found), strict=True))
    rows = tuple(_row(each) for each in causes)
    slopes = [_known([one.line.slope for one in each]) for each in causes]
    medians = np.array([np.median(each) for each in slopes if len(each)])
    single = np.concatenate(slopes)
    alarm = [each.shares.false_alarm.value for each in found]
    listed = [each.shares.any_listed.value for each in found]
    words = (
        f"{worlds} models are drawn, every number from its own interval or sample size, "
        "prevalences included; patients of each, with a full history, are diagnosed by the "
        "shipped model. Median over the drawn models, lowest and highest in brackets. The spread "
        "holds sampling error too, for each drawn model has fewer patients."
    )
    must_not_miss = (
        f"`must_not_miss` then: a non-empty list for {_spread(alarm, '.1%')} of people without a "
        f"serious cause and for {_spread(listed, '.0%')} of those with one."
    )
    title = "Simulated patients: when the numbers are off by their own uncertainty"
    section = Section(title, (words, Grid(HEADERS, rows, frozenset(HEADERS[1:])), must_not_miss))
    said = f"with numbers drawn from their own uncertainty ({worlds} times) "
    said += (
        f"the median slopes run from {medians.min():.2f} to {medians.max():.2f}, single ones from "
        f"{single.min():.2f} to {single.max():.2f}"
        if len(single)
        else "too few have each cause for a slope"
    )
    return Part((section,), figures={"wrong numbers": said})


def _world(model: DiagnosticModel, rng: np.random.Generator, sizes: Sizes) -> World:
    truth = solved_model(sampled_description(model.description, rng))
    patients = patients_of(truth, rng, sizes)
    posteriors = posteriors_of(model, {n: patients.codes[n] for n in questions(model, SELF)})
    return World(
        calibrations(model, patients, posteriors), shares(model, patients, posteriors, 1.0)
    )


def _row(found: Sequence[Calibration]) -> tuple[str, ...]:
    return (
        found[0].cause,
        _spread([each.line.slope for each in found], ".2f"),
        _spread([each.line.intercept for each in found], "+.2f"),
        _spread([each.brier_scaled for each in found], ".2f"),
        _spread([each.auc for each in found], ".2f"),
        _spread([each.prevalence for each in found], ".2%"),
    )


def _known(values: Sequence[float]) -> Array:
    """Drop the slopes that could not be fitted."""
    found = np.array(values)
    return np.asarray(found[~np.isnan(found)])


def _spread(values: Sequence[float], form: str) -> str:
    """Word the median, the lowest and the highest."""
    known = _known(values)
    if not len(known):
        return "-"
    return f"{np.median(known):{form}} ({known.min():{form}} to {known.max():{form}})"
