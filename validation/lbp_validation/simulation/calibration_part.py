"""Report calibration and discrimination on simulated patients, the numbers as they are."""

from collections.abc import Mapping, Sequence

from lbp_validation.report.document import Block, Grid, Section
from lbp_validation.report.goals import Goal
from lbp_validation.report.part import Part
from lbp_validation.simulation.calibration import Calibration
from lbp_validation.simulation.calibration_plot import calibration_picture
from lbp_validation.simulation.simulation import CLINICIAN, SELF, Simulation

LOWEST, HIGHEST = 0.9, 1.1
"""Goal: the calibration slopes between which probabilities count as right."""
FULL = "full history"
TESTS = "full history and tests"
PARTLY = "a third of the questions"
HEADERS = ("cause", "patients", "prevalence", "slope", "intercept", "Brier", "scaled", "AUC")
BRIEF = ("cause", "patients", f"slope, {FULL}", "and tests", "a third", "AUC", "tests", "third")


def calibration_part(simulated: Simulation) -> Part:
    """Tabulate and draw calibration by what was answered, and check the slopes."""
    found = {
        FULL: simulated.calibrations(simulated.views[SELF].posteriors),
        TESTS: simulated.calibrations(simulated.views[CLINICIAN].posteriors),
        PARTLY: simulated.calibrations(simulated.partly),
    }
    labels = {name: each.label for name, each in simulated.model.description.causes.items()}
    details: list[Block] = []
    for answered, each in found.items():
        details += [f"Answered: {answered}.", _grid(each), calibration_picture(each, labels)]
    words = (
        f"{len(simulated.patients):,} patients drawn from the network, rare causes more often, "
        "each weighted back to the population: so this says whether the arithmetic is right and "
        "how much the answers tell, not whether the numbers are true. Slope and intercept: "
        "logistic regression of having the cause on the logit of its probability (1 and 0 are "
        "right; under 1: too extreme), standard error in brackets. Brier, scaled: 1 is perfect, 0 "
        "is always saying the prevalence. AUC: the chance that a patient with the cause is given "
        f"the higher probability. Answered: every question for a person ({FULL}), those and the "
        "examination tests, or one of eight random thirds of the questions."
    )
    section = Section("Simulated patients: calibration", (words, _brief(found)), tuple(details))
    goals = tuple(_goal(answered, each) for answered, each in found.items())
    return Part((section,), goals, {"calibration": _in_words(found)})


def _goal(answered: str, found: Sequence[Calibration]) -> Goal:
    right = [each for each in found if LOWEST <= each.line.slope <= HIGHEST]
    slopes = sorted(each.line.slope for each in found)
    return Goal(
        f"calibration slope of each cause {LOWEST} to {HIGHEST}, {answered}",
        f"{len(right)} of {len(found)} causes ({slopes[0]:.2f} to {slopes[-1]:.2f})",
        len(right) == len(found),
    )


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
