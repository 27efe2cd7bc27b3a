"""The readouts of a compiled network for encoded evidence, as tests ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.analysis import conflict as conflicts
from bayesnet.analysis import information
from bayesnet.analysis.derivatives import numbers_of
from bayesnet.analysis.leave_one_out import by_itself
from bayesnet.analysis.log_odds import LogOdds, log_odds, slopes_of
from bayesnet.analysis.study import known_before
from bayesnet.analysis.supposed import Event, Supposed
from bayesnet.engine import Engine
from bayesnet.inference.cases import Case, cases_of
from bayesnet.network import Array
from bayesnet.network.evidence import Observed


@dataclass(frozen=True)
class Asked:
    """bits and chances by name, from one posterior."""

    asked: information.Asked
    bits: dict[str, float]
    chances: dict[str, Array]


def one(observed: Observed) -> Case:
    """The first case."""
    return cases_of(observed)[0]


def free(engine: Engine, case: Case) -> list[int]:
    """The variables that the case does not observe."""
    return [v for v in range(len(engine.network.names)) if v not in case.hard]


def conflict(
    engine: Engine,
    observed: Observed,
    findings: Sequence[int],
    hypotheses: Sequence[tuple[conflicts.Hypothesis, float]],
    log_evidence: float,
) -> conflicts.Conflict:
    """The conflict of one case; hypotheses: each with its posterior."""
    case, planner = one(observed), engine.inference.planner
    named, after = zip(*hypotheses, strict=True)
    sizes = planner.structure.sizes
    events = [{v: np.eye(sizes[v])[state] for v, state in each.items()} for each in named]
    about = sorted({v for each in named for v in each})
    before = known_before(planner, case.without(findings), findings, about, events).of(findings)
    return conflicts.conflict(case, before, findings, after, log_evidence)


def least_conflicts(
    engine: Engine,
    observed: Observed,
    findings: Sequence[int],
    hypotheses: Sequence[tuple[conflicts.Hypothesis, Array]],
    log_evidence: Array,
) -> Array:
    """The least conflict of each case of a table."""
    cases = cases_of(observed)
    posteriors = engine.inference.posteriors
    return conflicts.least_conflicts(posteriors, cases, findings, hypotheses, log_evidence)


def beside_the_others(engine: Engine, observed: Observed, findings: Sequence[int]) -> Array:
    """Log P of each finding given the rest of one case."""
    case = one(observed)
    study = engine.inference.study(case, free(engine, case), ())
    return study.log_z - np.array([study.without[v].log_z for v in findings])


def ask(
    engine: Engine,
    targets: Sequence[int],
    questions: Sequence[int],
    observed: Observed,
    wanted: Sequence[int] = (),
) -> Asked:
    """What each question tells about the joint of the targets, in one case."""
    names = engine.network.names
    found = engine.inference.ask(one(observed), targets, questions, wanted)
    bits = {names[v]: each for v, each in found.bits.items()}
    return Asked(found, bits, {names[v]: each for v, each in found.chances.items()})


def ask_many(
    engine: Engine, targets: Sequence[int], questions: Sequence[int], observed: Observed
) -> Array:
    """What each question tells in each case, shape (questions, cases)."""
    return engine.inference.ask_many(cases_of(observed), targets, questions)


def information_each(
    engine: Engine, targets: Sequence[int], questions: Sequence[int], observed: Observed
) -> Array:
    """What each question tells about each target, in one case."""
    return engine.inference.information_each(one(observed), targets, questions)


def left_out(
    engine: Engine, observed: Observed, targets: Sequence[int]
) -> dict[int, dict[int, Array]]:
    """{observed variable: posteriors of the targets without it}, in one case."""
    case, planner = one(observed), engine.inference.planner
    said = {*np.flatnonzero(observed.codes[:, 0] >= 0).tolist(), *observed.likelihoods}
    return {v: dict(by_itself(planner, case, v, targets).posteriors) for v in sorted(said)}


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Derivatives of log-odds by numbers.

    by_number: {variable: for each array of `numbers_of` its family, (events, *array's shape)}.
    """

    probabilities: Array
    by_number: dict[int, list[Array]]


def derivatives_of(found: LogOdds) -> Derivatives:
    """Put together what each number does to the log-odds of events."""
    problem, factors = found.problem, found.problem.factors
    structure, soft = problem.structure, problem.case.soft
    by_number: dict[int, list[Array]] = {}
    for variable, start in found.starts.items():
        view = factors.views[variable]
        for first, some in slopes_of(structure, view, factors.absorbed, soft):
            for name, each in some.items():
                rows = found.by_entry[start + first : start + first + len(each)]
                arrays = numbers_of(structure.families[name])
                ends = np.cumsum([array.size for array in arrays])[:-1]
                shaped = [
                    part.reshape(-1, *array.shape)
                    for part, array in zip(
                        np.split(rows.T @ each, ends, axis=1), arrays, strict=True
                    )
                ]
                before = by_number.get(name, [np.zeros(1)] * len(arrays))
                by_number[name] = [a + b for a, b in zip(before, shaped, strict=True)]
    return Derivatives(found.probabilities, by_number)


def log_odds_of(engine: Engine, observed: Observed, events: Sequence[Event]) -> LogOdds:
    """What moves the log-odds of events in one case."""
    about = sorted({v for event in events for v in event})
    problem = engine.inference.given.problem(one(observed), about)
    return log_odds(Supposed(problem, tuple(events)), len(events))


def log_odds_derivatives(
    engine: Engine, observed: Observed, events: Sequence[Event]
) -> Derivatives:
    """Derivatives of the log-odds of events by every number, in one case."""
    return derivatives_of(log_odds_of(engine, observed, events))
