"""Put the validation's report together: every part in its order, the figures to reach first."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.identity import identity_of
from bayesnet.tuning.patients import Sizes
from bayesnet.tuning.published_cases import Case, load_cases
from lbp_validation.advice.contradictions_part import contradictions_part
from lbp_validation.advice.pathways_part import pathways_part
from lbp_validation.advice.properties_part import properties_part
from lbp_validation.cases.case_decisions_part import case_decisions_part
from lbp_validation.cases.cases import outcome
from lbp_validation.cases.cases_part import cases_part
from lbp_validation.cases.further_cases_part import further_cases_part
from lbp_validation.cases.outside_report import outside_part
from lbp_validation.cases.textbook import presentations
from lbp_validation.cases.textbook_part import prevalence_part, textbook_part
from lbp_validation.held import held_cases, is_of
from lbp_validation.interviews.sample_part import interviews_part
from lbp_validation.paths import OUTSIDE
from lbp_validation.published.part import published_part
from lbp_validation.report.document import Document, Section
from lbp_validation.report.goals import Goal, goals_grid
from lbp_validation.report.model_card import model_card_section
from lbp_validation.report.part import Part, left_out
from lbp_validation.simulation.calibration_part import calibration_part
from lbp_validation.simulation.intervals_part import intervals_part
from lbp_validation.simulation.must_not_miss import must_not_miss_part
from lbp_validation.simulation.robustness import robustness_part
from lbp_validation.simulation.simulation import patients_of, simulation
from lbp_validation.simulation.triage_part import triage_part
from lbp_validation.simulation.wrong_numbers import wrong_numbers_part

SEED = 20_261
MADE_FOR = "lbp-runner"
"""The model for which the figures to reach were set."""


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
    with a part of the answers, looked at for what none may break. interviewed: people who are
    interviewed to the end.
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
    interviewed: int
    causes_changed: int | None = None


FULL = Scale(
    patients=Sizes(people=400_000, anyone=700, each_cause=24, each_group=300),
    examined=3,
    worlds=2,
    of_each_world=Sizes(people=100_000, anyone=90, each_cause=4),
    followed=Sizes(people=50_000, anyone=10, each_cause=1),
    intervals=Sizes(people=20_000, anyone=6, each_cause=1),
    around=8,
    alarms=(100, 3, 100_000),
    nulls=2,
    answers=(1_000, 120, 2),
    drawn=10_000,
    interviewed=60,
    causes_changed=9,
)


@dataclass(frozen=True)
class Run:
    """What is validated, and how much.

    further: cases that count for no goal; told: is given the name of each part as it begins, from
    any process.
    """

    model: DiagnosticModel
    cases: tuple[Case, ...]
    further: tuple[Case, ...]
    scale: Scale
    told: Callable[[str], object]


@dataclass(frozen=True)
class Validation:
    """The report, and the figures that were to be reached."""

    document: Document
    goals: tuple[Goal, ...]


def validate(run: Run, processes: int) -> Validation:
    """Run everything, in so many processes, and put it into words."""
    # The longest first, so that no process waits for it at the end.
    order = sorted(JOBS, key=lambda job: job is not _simulated)
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        done = dict(zip(order, pool.map(partial(_done, run), order), strict=True))
    parts = tuple(chain.from_iterable(done[job] for job in JOBS))
    goals = tuple(goal for part in parts for goal in part.goals)
    figures = {name: words for part in parts for name, words in part.figures.items()}
    sections = (
        Section("Figures to reach", (*_whose(run.model), goals_grid(goals))),
        *(section for part in parts for section in part.sections),
        model_card_section(run.model, figures),
    )
    identity = identity_of(run.model.compiled)
    title = f"Validation of {identity.name} ({identity.sha256[:12]})"
    return Validation(Document(title, sections), goals)


def _whose(model: DiagnosticModel) -> Iterator[str]:
    """Say whose figures they are, of a model that they were not set for."""
    if not is_of(model, MADE_FOR):
        yield f"They were set for {MADE_FOR}, and stand here to be compared."


def _done(run: Run, job: Callable[[Run], Iterator[Part]]) -> tuple[Part, ...]:
    return tuple(job(run))


def _generator(part: int) -> np.random.Generator:
    """Return a part's own random generator, so that none depends on what ran before it."""
    return np.random.default_rng([SEED, part])


def _published(run: Run) -> Iterator[Part]:
    run.told("published figures, and beside them models of random numbers")
    yield published_part(run.model, _generator(6), run.scale.nulls)


def _cases(run: Run) -> Iterator[Part]:
    run.told("textbook presentations")
    textbooks = presentations(run.model)
    yield textbook_part(textbooks)
    yield prevalence_part(run.model)
    cases, further = held_cases(run.model, run.cases), held_cases(run.model, run.further)
    told = len(run.cases) + len(run.further)
    if not cases and not further:
        yield left_out("Published cases", f"this model can answer for none of {told}")
        return
    run.told(f"{len(cases)} published cases, and {len(further)} further ones")
    outcomes = [outcome(run.model, case) for case in cases]
    others = [outcome(run.model, case) for case in further]
    yield cases_part(run.model, outcomes)
    yield further_cases_part(run.model, others)
    yield case_decisions_part(run.model, [*outcomes, *others], textbooks)
    if len(cases) + len(further) < told:
        left = told - len(cases) - len(further)
        yield left_out("Published cases of what is not held", f"{left} of {told} cases")


def _outside(run: Run) -> Iterator[Part]:
    run.told("cases outside the model")
    cases = held_cases(run.model, [*run.cases, *load_cases(OUTSIDE)])
    yield outside_part(run.model, cases, *run.scale.alarms)


def _properties(run: Run) -> Iterator[Part]:
    run.told("what no set of answers may break")
    yield properties_part(run.model, run.scale.drawn, SEED, run.told)


def _simulated(run: Run) -> Iterator[Part]:
    run.told("simulated patients")
    scale = run.scale
    found = simulation(run.model, _generator(1), scale.patients, scale.examined, run.told)
    yield triage_part(found)
    yield pathways_part(found)
    run.told("contradictions of triage and pathway")
    yield contradictions_part(found, _generator(7), *scale.answers)
    yield must_not_miss_part(found)
    yield calibration_part(found)


def _wrong_numbers(run: Run) -> Iterator[Part]:
    worlds = run.scale.worlds
    run.told(f"numbers drawn from their own uncertainty, {worlds} times")
    yield wrong_numbers_part(run.model, _generator(2), worlds, run.scale.of_each_world)


def _intervals(run: Run) -> Iterator[Part]:
    run.told("posterior intervals")
    asked = patients_of(run.model, _generator(4), run.scale.intervals)
    yield intervals_part(run.model, asked, _generator(5), run.scale.around)


def _robustness(run: Run) -> Iterator[Part]:
    run.told("prevalences halved and doubled")
    followed = patients_of(run.model, _generator(3), run.scale.followed)
    changed = tuple(run.model.description.causes)[: run.scale.causes_changed]
    yield robustness_part(run.model, followed, changed)


def _interviews(run: Run) -> Iterator[Part]:
    run.told(f"interviews of {run.scale.interviewed} people")
    yield interviews_part(run.model, run.scale.interviewed)


JOBS = (
    _published,
    _cases,
    _outside,
    _properties,
    _simulated,
    _wrong_numbers,
    _intervals,
    _robustness,
    _interviews,
)
"""What can be done at the same time, in the order of the report."""
