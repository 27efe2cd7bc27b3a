"""Choose the pathway of care with the best expected value among those that may be advised.

What decides serves one person, with numbers, and a table of people, with arrays of shape (cases,).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.decisions.threshold_wording import acted_on_from
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.diagnosis.decisions.triage import rank
from bayesnet.diagnosis.report.records import (
    ExerciseResult,
    PathwayOption,
    PathwayResult,
    PhaseResult,
)
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import JUDGEMENT
from bayesnet.model.format.pathways import NOBODY, Pathway, Phase, levels_of, spelled_out
from bayesnet.model.lookup.expected_value import OneOrMany, expected_value
from bayesnet.model.lookup.grades import grade

NONE = NOBODY
REASONS = 3
"""Causes whose share of a pathway's expected value is given as a reason, the largest first."""
ALTERNATIVES = 2
"""Pathways named as next best."""

Rank = TypeVar("Rank", int, NDArray[np.intp])
Truth = bool | NDArray[np.bool_]


@dataclass(frozen=True)
class Circumstances:
    """What the choice of a pathway rests on.

    probabilities: of each cause, and of `no_identified_cause`; level: of triage; thresholds:
    {cause: from which probability it is acted on}.
    """

    probabilities: Mapping[str, float]
    level: str
    thresholds: Mapping[str, ActionThreshold]


def choose_pathway(
    description: ModelDescription, circumstances: Circumstances
) -> PathwayResult | None:
    """Choose the pathway with the best expected value; None where none may be advised.

    From level `urgent` up only pathways at least as urgent compete: a posterior never talks a red
    flag away. Below it, a pathway that acts on causes competes from their thresholds. Where two
    live causes contradict each other in the direction of exercise, no pathway and no exercise in
    either direction is advised, whatever its value.
    """
    probabilities, level = circumstances.probabilities, circumstances.level
    odds = directions_at_odds(description, probabilities)
    open_to = {
        name: pathway
        for name, pathway in description.pathways.items()
        if competes(pathway, rank(level), odds)
        and may_act(name, rank(level), probabilities, circumstances.thresholds)
    }
    if not open_to:
        return None
    values = {name: expected_value(p, probabilities) for name, p in open_to.items()}
    ranked = sorted(values, key=lambda name: (-values[name], name))
    best = ranked[0]
    pathway = open_to[best]
    others = tuple(
        PathwayOption(name, open_to[name].label, values[name])
        for name in ranked[1 : ALTERNATIVES + 1]
    )
    return PathwayResult(
        id=best,
        label=pathway.label,
        urgency=level,
        expected_value=values[best],
        unit=description.model.utility_unit,
        phases=tuple(_phase(description, phase, odds) for phase in pathway.phases),
        avoid=tuple(each.text for each in spelled_out(pathway.avoid)),
        because=_because(description, best, circumstances),
        sources=pathway.source,
        alternatives=others,
    )


def competes(pathway: Pathway, level: Rank, odds: Mapping[str, Truth]) -> Truth:
    """Tell whether a pathway is urgent enough at a level, and its direction not at odds.

    level: its rank (see `triage.rank`), or ranks of shape (cases,); odds: see `directions_at_odds`.
    True or false, or an array of shape (cases,) if either is one.
    """
    # `& | ^` and no `and or not`, so that arrays do as well as numbers.
    urgent_enough = np.isin(level, [rank(each) for each in levels_of(pathway)])
    return urgent_enough & (odds.get(pathway.direction, False) ^ True)


def may_act(
    pathway: str,
    level: Rank,
    probabilities: Mapping[str, OneOrMany],
    thresholds: Mapping[str, ActionThreshold],
) -> Truth:
    """Tell whether a pathway that acts on serious causes may be followed.

    It may where triage is urgent, or where its causes together reach their thresholds: with p the
    probability and t the threshold of each, the sum of p / t is at least 1. That is the threshold
    of Pauker and Kassirer (1980, N Engl J Med 302:1109) for several causes that one act serves.
    Without it many causes, each far too improbable to act on and some of them served by another
    act, would add up to an alarm. A pathway that acts on no cause always may. Level (its rank) and
    probabilities may be arrays of shape (cases,); so is the answer then.
    """
    acts_on = [each for each in thresholds.values() if each.pathway == pathway]
    if not acts_on:
        return True
    reached = sum(probabilities[t.cause] / t.value if t.value > 0 else np.inf for t in acts_on)
    return (level >= rank("urgent")) | (reached >= 1.0)


def directions_at_odds(
    description: ModelDescription, probabilities: Mapping[str, OneOrMany]
) -> dict[str, Truth]:
    """Return {direction of exercise: whether it harms a live cause while another harms another}.

    A cause is live from the model's `live_from`. One live cause alone rules nothing out here: the
    values of the pathways already speak against its direction. Probabilities may be arrays of shape
    (cases,); so are the answers then.
    """
    live_from = description.model.live_from
    if live_from is None:
        return {}
    harmed: dict[str, Truth] = {}
    for name, cause in description.causes.items():
        for harm in cause.harmed_by:
            live = probabilities[name] >= live_from.value
            harmed[harm.direction] = harmed.get(harm.direction, False) | live
    several = sum(np.asarray(each, dtype=np.intp) for each in harmed.values()) > 1
    return {direction: each & several for direction, each in harmed.items()}


def causes_at_odds(
    description: ModelDescription, probabilities: Mapping[str, OneOrMany]
) -> dict[str, Truth]:
    """Return {cause that a direction harms: whether it is live and such a direction is at odds}.

    Probabilities may be arrays of shape (cases,); so are the answers then.
    """
    live_from = description.model.live_from
    if live_from is None:
        return {}
    odds = directions_at_odds(description, probabilities)
    found: dict[str, Truth] = {}
    for name, cause in description.causes.items():
        for harm in cause.harmed_by:
            live = probabilities[name] >= live_from.value
            found[name] = found.get(name, False) | (live & odds[harm.direction])
    return found


def _phase(description: ModelDescription, phase: Phase, odds: Mapping[str, Truth]) -> PhaseResult:
    """Turn a phase into a record, without the exercises whose direction is at odds."""
    exercises = []
    for each in phase.exercises:
        exercise = description.exercises[each.exercise]
        if odds.get(exercise.direction):
            continue
        exercises.append(
            ExerciseResult(
                each.exercise,
                exercise.label,
                each.dose or exercise.dose,
                exercise.progression,
                exercise.stop_if,
                exercise.how,
            )
        )
    return PhaseResult(
        phase.name,
        phase.goal,
        tuple(each.text for each in spelled_out(phase.actions)),
        tuple(exercises),
        phase.enter_when,
        phase.move_on_when,
    )


def _because(
    description: ModelDescription, chosen: str, circumstances: Circumstances
) -> tuple[str, ...]:
    """Give the reasons for a pathway: triage, thresholds passed, directions at odds, and values."""
    return (
        *_level_reason(circumstances.level),
        *_threshold_reasons(description, chosen, circumstances),
        *_direction_reason(description, circumstances.probabilities),
        *_value_reasons(description, chosen, circumstances.probabilities),
    )


def _level_reason(level: str) -> tuple[str, ...]:
    if rank(level) < rank("urgent"):
        return ()
    return (f"triage is {level}, so only pathways at least as urgent were weighed",)


def _threshold_reasons(
    description: ModelDescription, chosen: str, circumstances: Circumstances
) -> tuple[str, ...]:
    return tuple(
        f"{acted_on_from(description, each)}, now {circumstances.probabilities[name]:.1%}"
        for name, each in circumstances.thresholds.items()
        if each.pathway == chosen and circumstances.probabilities[name] >= each.value
    )


def _direction_reason(
    description: ModelDescription, probabilities: Mapping[str, float]
) -> tuple[str, ...]:
    odds = directions_at_odds(description, probabilities)
    barred = [direction for direction, each in odds.items() if each]
    if not barred:
        return ()
    live = [
        f"{description.causes[name].label} ({probabilities[name]:.0%})"
        for name, each in causes_at_odds(description, probabilities).items()
        if each
    ]
    causes, directions = " and ".join(live), " nor ".join(barred)
    return (f"{causes} are live and contradict each other, so neither {directions} is advised",)


def _value_reasons(
    description: ModelDescription, chosen: str, probabilities: Mapping[str, float]
) -> tuple[str, ...]:
    unit = description.model.utility_unit
    shares = {
        cause: probabilities.get(cause, 0.0) * utility.value
        for cause, utility in description.pathways[chosen].value.items()
    }
    reasons = []
    for cause in sorted(shares, key=lambda each: -abs(shares[each]))[:REASONS]:
        if shares[cause]:
            known = description.causes.get(cause)
            label = "no identified cause" if known is None else known.label
            side = "for" if shares[cause] > 0 else "against"
            share = f"{shares[cause]:+.1f} {unit}".strip()
            basis = _judged(description, description.pathways[chosen], cause)
            reasons.append(
                f"{label} at {probabilities[cause]:.1%} speaks {side} it ({share}{basis})"
            )
    return tuple(reasons)


def _judged(description: ModelDescription, pathway: Pathway, cause: str) -> str:
    """Say what of a reason rests on judgement alone: its value, or the cause's prevalence."""
    known = description.causes.get(cause)
    numbers = {"value": pathway.value[cause], "prevalence": known.prevalence if known else None}
    judged = [
        word
        for word, number in numbers.items()
        if number is not None and grade(number.source, description.figures) == "judgement"
    ]
    return f", {' and '.join(judged)}: {JUDGEMENT}" if judged else ""
