"""Report calibration and discrimination on simulated patients, the numbers as they are."""

from collections.abc import Mapping, Sequence

from bayesnet.tuning.scoring.calibration import Calibration
from lbp_validation.report.document import Block, Grid, Section
from lbp_validation.report.part import Part
from lbp_validation.simulation.calibration_plot import calibration_picture
from lbp_validation.simulation.simulation import (
    CLINICIAN,
    SELF,
    Simulation,
    calibrations,
)

FULL = "full history"
TESTS = "full history and tests"
PARTLY = "a third of the questions"
HEADERS = ("cause", "patients", "prevalence", "slope", "intercept", "Brier", "scaled", "AUC")
BRIEF = ("cause", "patients", f"slope, {FULL}", "and tests", "a third", "AUC", "tests", "third")


def calibration_part(simulated: Simulation) -> Part:
    """Tabulate and draw calibration by what was answered: arithmetic, and so no goal."""
    model, alone, examined = simulated.model, simulated.views[SELF], simulated.views[CLINICIAN]
    found = {
        FULL: calibrations(model, alone.patients, alone.decisions.posteriors),
        TESTS: calibrations(model, examined.patients, examined.decisions.posteriors),
        PARTLY: calibrations(model, examined.patients, simulated.partly),
    }
    labels = {name: each.label for name, each in model.description.causes.items()}
    details: list[Block] = []
    for answered, each in found.items():
        details += [f"Answered: {answered}.", _grid(each), calibration_picture(each, labels)]
    words = (
        f"{len(alone.patients):,} patients drawn from the network ({len(examined.patients):,} of "
        "them with tests, and with a third of the questions), rare causes more often, each "
        "weighted back to the population. Who is drawn from a model and judged by it must come out "
        "calibrated: so this says whether the arithmetic is right and how much the answers tell, "
        "not whether the numbers are true, and is no figure to reach. Slope and intercept: "
        "logistic regression of having the cause on the logit of its probability (1 and 0 are "
        "right; under 1: too extreme), standard error in brackets. Brier, scaled: 1 is perfect, 0 "
        "is always saying the prevalence. AUC: the chance that a patient with the cause is given "
        f"the higher probability. Answered: every question for a person ({FULL}), those and the "
        "examination tests, or one of eight random thirds of the questions."
    )
    section = Section(
        "Arithmetic: calibration on the model's own draws", (words, _brief(found)), tuple(details)
    )
    return Part((section,), figures={"calibration": _in_words(found)})


def _brief(found: Mapping[str, Sequence[Calibration]]) -> Grid:
    rows = tuple(
        (
            each[0].cause,
            str(each[0].patients_with),
            *(_slope(one) for one in each),
            *(f"{one.auc:.3f}" for one in each),
        )
        for each in zip(*found.values(), strict=True)
    )
    return Grid(BRIEF, rows, frozenset(BRIEF[1:]))


def _grid(found: Sequence[Calibration]) -> Grid:
    rows = tuple(
        (
            each.cause,
            str(each.patients_with),
            f"{each.prevalence:.2%}",
            _slope(each),
            f"{each.line.intercept:+.2f}",
            f"{each.brier:.4f}",
            f"{each.brier_scaled:.2f}",
            f"{each.auc:.3f}",
        )
        for each in found
    )
    return Grid(HEADERS, rows, frozenset(HEADERS[1:]))


def _slope(each: Calibration) -> str:
    return f"{each.line.slope:.2f} ({each.line.slope_error:.2f})"


def _in_words(found: Mapping[str, Sequence[Calibration]]) -> str:
    parts = []
    for answered, each in found.items():
        areas = sorted((one.auc, one.cause) for one in each)
        slopes = sorted(one.line.slope for one in each)
        parts.append(
            f"{answered}: slopes {slopes[0]:.2f} to {slopes[-1]:.2f}, AUC {areas[0][0]:.2f} "
            f"({areas[0][1]}) to {areas[-1][0]:.2f} ({areas[-1][1]})"
        )
    return "; ".join(parts)
