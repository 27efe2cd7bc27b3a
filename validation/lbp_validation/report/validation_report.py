"""Put the validation's report together: every part in its order, the figures to reach first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.patients import Sizes
from lbp_validation.advice.contradictions_part import contradictions_part
from lbp_validation.advice.pathways_part import pathways_part
from lbp_validation.advice.properties_part import properties_part
from lbp_validation.cases.case_decisions_part import case_decisions_part
from lbp_validation.cases.cases import Case, load_cases, outcome
from lbp_validation.cases.cases_part import cases_part
from lbp_validation.cases.further_cases_part import further_cases_part
from lbp_validation.cases.outside_report import outside_part
from lbp_validation.cases.textbook import presentations
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
from lbp_validation.simulation.simulation import Simulation, patients_of, simulation
from lbp_validation.simulation.triage_part import triage_part
from lbp_validation.simulation.wrong_numbers import wrong_numbers_part

SEED = 20_261


@dataclass(frozen=True)
class Scale:
    """How much is simulated.

    patients: of the model itself, one in `examined` of them by a clinician too; worlds: how many
    drawn models; of_each_world: patients of each. followed: patients whose answers are compared as
    prevalences change, for so many causes (causes_changed; None: all). intervals: patients whose
    intervals are compared with models drawn around the model, so many (around). alarms: people, and
    people with each cause, of whom it is counted how many seem outside the model; and how many are
    drawn to find the latter. nulls: models of random numbers; answers: single ones, and pairs of
    them, looked at for contradictions, and how many reports of each kind are read. drawn: people
    with a part of the answers, looked at for what none may break.
    """

    patients: Sizes
    examined: int
    worlds: int
    of_each_world: Sizes
    followed: Sizes
    intervals: Sizes
    around: int
    alarms: tuple[int, int, int]
    nulls: int
    answers: tuple[int, int, int]
    drawn: int
    causes_changed: int | None = None


FULL = Scale(
    patients=Sizes(people=400_000, anyone=700, each_cause=24),
    examined=6,
    worlds=2,
    of_each_world=Sizes(people=100_000, anyone=90, each_cause=4),
    followed=Sizes(people=50_000, anyone=10, each_cause=1),
    intervals=Sizes(people=20_000, anyone=6, each_cause=1),
    around=8,
    alarms=(100, 3, 100_000),
    nulls=2,
    answers=(1_000, 120, 2),
    drawn=10_000,
    causes_changed=9,
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
    told("published figures, and beside them models of random numbers")
    yield published_part(model, np.random.default_rng([SEED, 6]), scale.nulls)
    told("textbook presentations")
    textbooks = presentations(model)
    yield textbook_part(textbooks)
    yield prevalence_part(model)
    told(f"{len(cases)} published cases, and {len(further)} further ones")
    outcomes = [outcome(model, case) for case in cases]
    others = [outcome(model, case) for case in further]
    yield cases_part(model, outcomes)
    yield further_cases_part(model, others)
    yield case_decisions_part(model, [*outcomes, *others], textbooks)
    told("cases outside the model")
    people, each_cause, drawn = scale.alarms
    yield outside_part(model, [*cases, *load_cases(OUTSIDE)], people, each_cause, drawn)
    told("simulated patients")
    rng = np.random.default_rng([SEED, 1])
    simulated = simulation(model, rng, scale.patients, scale.examined, told)
    yield triage_part(simulated)
    yield pathways_part(simulated)
    told("contradictions of triage and pathway")
    yield contradictions_part(simulated, np.random.default_rng([SEED, 7]), *scale.answers)
    told("what no set of answers may break")
    yield properties_part(model, scale.drawn, SEED, told)
    yield must_not_miss_part(simulated)
    yield from _of_numbers(model, simulated, scale, told)


def _of_numbers(
    model: DiagnosticModel,
    simulated: Simulation,
    scale: Scale,
    told: Callable[[str], object],
) -> Iterator[Part]:
    """Yield the parts on the arithmetic, and on numbers that are not what the model says."""
    yield calibration_part(simulated)
    told(f"numbers drawn from their own uncertainty, {scale.worlds} times")
    rng = np.random.default_rng([SEED, 2])
    yield wrong_numbers_part(model, rng, scale.worlds, scale.of_each_world)
    told("posterior intervals")
    asked = patients_of(model, np.random.default_rng([SEED, 4]), scale.intervals)
    yield intervals_part(model, asked, np.random.default_rng([SEED, 5]), scale.around)
    told("prevalences halved and doubled")
    followed = patients_of(model, np.random.default_rng([SEED, 3]), scale.followed)
    changed = tuple(model.description.causes)[: scale.causes_changed]
    yield robustness_part(model, followed, changed)
