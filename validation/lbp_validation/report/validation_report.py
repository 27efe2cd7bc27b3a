"""Put the validation's report together: every part in its order, the figures to reach first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.patients import Sizes
from lbp_validation.cases.cases import Case, load_cases
from lbp_validation.cases.cases_part import cases_part
from lbp_validation.cases.further_cases_part import further_cases_part
from lbp_validation.cases.outside_report import outside_part
from lbp_validation.cases.textbook_part import prevalence_part, textbook_part
from lbp_validation.paths import OUTSIDE
from lbp_validation.published.part import published_part
from lbp_validation.report.document import Document, Section
from lbp_validation.report.goals import Goal, goals_grid
from lbp_validation.report.model_card import model_card_section
from lbp_validation.report.part import Part
from lbp_validation.simulation.calibration_part import calibration_part
from lbp_validation.simulation.intervals_part import intervals_part
from lbp_validation.simulation.must_not_miss import must_not_miss_part
from lbp_validation.simulation.robustness import robustness_part
from lbp_validation.simulation.simulation import patients_of, simulation
from lbp_validation.simulation.wrong_numbers import wrong_numbers_part

SEED = 20_261


@dataclass(frozen=True)
class Scale:
    """How much is simulated.

    patients: of the model itself; worlds: how many drawn models; of_each_world: patients of each.
    followed: patients whose answers are compared as prevalences change, for so many causes
    (causes_changed; None: all). intervals: patients whose intervals are compared with models drawn
    around the model, so many (around). alarms: people, and people with each cause, of whom it is
    counted how many seem outside the model; and how many are drawn to find the latter.
    """

    patients: Sizes
    worlds: int
    of_each_world: Sizes
    followed: Sizes
    intervals: Sizes
    around: int
    alarms: tuple[int, int, int]
    causes_changed: int | None = None


FULL = Scale(
    patients=Sizes(people=2_000_000, anyone=45_000, each_cause=1_000),
    worlds=20,
    of_each_world=Sizes(people=200_000, anyone=1_500, each_cause=80),
    followed=Sizes(people=100_000, anyone=400, each_cause=12),
    intervals=Sizes(people=20_000, anyone=80, each_cause=3),
    around=40,
    alarms=(2_000, 50, 400_000),
)


@dataclass(frozen=True)
class Validation:
    """The report, and the figures that were to be reached."""

    document: Document
    goals: tuple[Goal, ...]


def validate(
    model: DiagnosticModel,
    cases: Sequence[Case],
    further: Sequence[Case],
    scale: Scale,
    told: Callable[[str], object],
) -> Validation:
    """Run everything and put it into words.

    further: cases that count for no goal; told: is given the name of each part as it begins.
    """
    identity = model.description.model
    parts = tuple(_parts(model, cases, further, scale, told))
    goals = tuple(goal for part in parts for goal in part.goals)
    figures = {name: words for part in parts for name, words in part.figures.items()}
    sections = (
        Section("Figures to reach", (goals_grid(goals),)),
        *(section for part in parts for section in part.sections),
        model_card_section(model, figures),
    )
    title = f"Validation of {identity.id} {identity.version} ({model.compiled.sha256[:12]})"
    return Validation(Document(title, sections), goals)


def _parts(
    model: DiagnosticModel,
    cases: Sequence[Case],
    further: Sequence[Case],
    scale: Scale,
    told: Callable[[str], object],
) -> Iterator[Part]:
    """Yield every part in the order of the report; each has a random generator of its own."""
    told("published figures")
    yield published_part(model)
    told("textbook presentations")
    yield textbook_part(model)
    yield prevalence_part(model)
    told(f"{len(cases)} published cases")
    yield cases_part(model, cases)
    told(f"{len(further)} further published cases")
    yield further_cases_part(model, further)
    told("cases outside the model")
    people, each_cause, drawn = scale.alarms
    yield outside_part(model, [*cases, *load_cases(OUTSIDE)], people, each_cause, drawn)
    told("simulated patients")
    simulated = simulation(model, np.random.default_rng([SEED, 1]), scale.patients)
    yield calibration_part(simulated)
    yield must_not_miss_part(simulated)
    told(f"numbers drawn from their own uncertainty, {scale.worlds} times")
    rng = np.random.default_rng([SEED, 2])
    yield wrong_numbers_part(model, rng, scale.worlds, scale.of_each_world)
    told("posterior intervals")
    asked = patients_of(model, np.random.default_rng([SEED, 4]), scale.intervals)
    yield intervals_part(model, asked, np.random.default_rng([SEED, 5]), scale.around)
    told("prevalences halved and doubled")
    followed = patients_of(model, np.random.default_rng([SEED, 3]), scale.followed)
    changed = tuple(model.description.causes)[: scale.causes_changed]
    yield robustness_part(model, cases, followed, changed)
