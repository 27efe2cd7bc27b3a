"""Report the pathway chosen by true cause, and what the advice is worth, on simulated people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.lookup.expected_value import expected_value
from bayesnet.model.solving.standard_deviations import Z_95
from bayesnet.tuning.scoring.shares import Share, of_patients
from lbp_validation.advice.own_pathways import neutral_pathways, own_pathways
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.goals import at_least
from lbp_validation.report.part import Part
from lbp_validation.simulation.decisions import thresholds
from lbp_validation.simulation.simulation import SELF, Simulation, View

LEAST_WORTH = 0.93
"""Goal: what is advised, as a share of what the same posterior allows."""
HEADERS = ("true cause", "patients", "own", "neutral", "other", "urgent or more")
WORDS = (
    "People who answered everything that a person can. Own: the pathway acts on a cause that they "
    "have, or is worth as much to people with it as the best one, to a tenth. Neutral: the one "
    "worth most to people with no cause of the model. From urgent on only urgent care is advised, "
    "so the last column says how often a mechanical cause had no chance of its own. !: a cause "
    "with an action threshold."
)


def pathways_part(simulated: Simulation) -> Part:
    """Report own, neutral and other pathways of each true cause, and the good weeks of them all."""
    model, view = simulated.model, simulated.views[SELF]
    worth = of_the_best(model, view)
    goal = at_least(
        f"full history: expected {model.description.model.utility_unit} of what is advised, at "
        f"least {LEAST_WORTH:.0%} of what the same posterior allows",
        worth.share,
        LEAST_WORTH,
    )
    unit = model.description.model.utility_unit
    said = (
        f"What is advised is worth {worth.advised:.2f} {unit} a person, where the same posterior "
        f"allows {worth.best:.2f} by the model's own values: {worth.share}."
    )
    rows = tuple(_row(model, view, cause) for cause in model.description.causes)
    grid = Grid(HEADERS, rows, frozenset(HEADERS[1:]))
    section = Section("Simulated patients: the pathway by true cause", (WORDS, grid, said))
    return Part((section,), (goal,), {"good weeks": said})


@dataclass(frozen=True)
class Worth:
    """Mean expected value of what is advised, and of the best pathway; share: one of the other."""

    advised: float
    best: float
    share: Share


def of_the_best(model: DiagnosticModel, view: View) -> Worth:
    """Measure what advice is worth by the posterior that it follows from, weighted.

    The best: of every pathway, whatever triage allows. The interval is that of a ratio of means
    (Cochran 1977, Sampling Techniques, ch. 6).
    """
    posteriors, pathways = view.decisions.posteriors, view.decisions.pathways
    names = tuple(model.description.pathways)
    values = np.array(
        [
            np.broadcast_to(expected_value(each, posteriors), len(pathways))
            for each in model.description.pathways.values()
        ]
    )
    best = values.max(axis=0)
    advised = np.zeros(len(best))
    for name, each in zip(names, values, strict=True):
        advised = np.where(pathways == name, each, advised)
    weights = view.patients.weights / view.patients.weights.sum()
    mean, most = float(weights @ advised), float(weights @ best)
    share = mean / most
    half = Z_95 * float(np.sqrt(np.sum((weights * (advised - share * best)) ** 2))) / most
    return Worth(mean, most, Share(share, share - half, share + half))


def _row(model: DiagnosticModel, view: View, cause: str) -> tuple[str, ...]:
    patients, pathways = view.patients, view.decisions.pathways
    among = patients.having(cause)
    own = own_chosen(model, view)
    neutral = ~own & np.isin(pathways.astype(str), sorted(neutral_pathways(model)))
    hurried = view.decisions.levels >= LEVELS.index("urgent")
    groups = (own, neutral, ~own & ~neutral, hurried)
    shares = (str(of_patients(patients, group, among)) for group in groups)
    label = f"{cause} !" if cause in thresholds(model) else cause
    return (label, str(int(among.sum())), *shares)


def own_chosen(model: DiagnosticModel, view: View) -> NDArray[np.bool_]:
    """Tell whose pathway is the own one of a cause that they have, shape (patients,)."""
    pathways = view.decisions.pathways.astype(str)
    found = np.zeros(len(pathways), dtype=np.bool_)
    for cause in model.description.causes:
        own = np.isin(pathways, sorted(own_pathways(model, cause)))
        found |= own & view.patients.having(cause)
    return found
