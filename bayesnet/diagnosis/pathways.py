"""The pathway of care with the best expected value, among those urgent enough."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bayesnet.description.format import JUDGEMENT, ModelDescription, Pathway, Phase
from bayesnet.description.grades import grade
from bayesnet.diagnosis.report import (
    ExerciseResult,
    PathwayOption,
    PathwayResult,
    PhaseResult,
)
from bayesnet.diagnosis.triage import rank
from bayesnet.network import Array

NONE = "no_identified_cause"
REASONS = 3
ALTERNATIVES = 2

Rank = TypeVar("Rank", int, NDArray[np.intp])
Number = TypeVar("Number", float, Array)


def choose_pathway(
    description: ModelDescription, probabilities: Mapping[str, float], level: str
) -> PathwayResult | None:
    """The best pathway by expected value.

    probabilities: of each cause, and of `no_identified_cause`. From level `urgent` up only
    pathways at least as urgent compete: a posterior never talks a red flag away.
    """
    open_to = {
        name: pathway
        for name, pathway in description.pathways.items()
        if competes(pathway, rank(level))
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
        urgency=pathway.urgency,
        expected_value=values[best],
        phases=tuple(_phase(description, phase) for phase in pathway.phases),
        avoid=pathway.avoid,
        because=_because(description, pathway, probabilities, level),
        sources=pathway.source,
        alternatives=others,
    )


def competes(pathway: Pathway, level: Rank) -> "bool | NDArray[np.bool_]":
    """Whether a pathway is urgent enough at a level of triage (its rank)."""
    return (level < rank("urgent")) | (level <= rank(pathway.urgency))


def expected_value(pathway: Pathway, probabilities: Mapping[str, Number]) -> Number | float:
    """Sum over causes of probability x benefit or harm, in the model's unit."""
    return sum(
        probabilities[cause] * utility.value
        for cause, utility in pathway.value.items()
        if cause in probabilities
    )


def _phase(description: ModelDescription, phase: Phase) -> PhaseResult:
    exercises = tuple(
        ExerciseResult(
            each.exercise,
            description.exercises[each.exercise].label,
            each.dose or description.exercises[each.exercise].dose,
            description.exercises[each.exercise].how,
        )
        for each in phase.exercises
    )
    return PhaseResult(
        phase.name, phase.goal, phase.actions, exercises, phase.enter_when, phase.move_on_when
    )


def _because(
    description: ModelDescription,
    pathway: Pathway,
    probabilities: Mapping[str, float],
    level: str,
) -> tuple[str, ...]:
    shares = {
        cause: probabilities.get(cause, 0.0) * utility.value
        for cause, utility in pathway.value.items()
    }
    strongest = sorted(shares, key=lambda cause: -abs(shares[cause]))[:REASONS]
    reasons = []
    if rank(level) >= rank("urgent"):
        reasons.append(f"triage is {level}, so only pathways at least as urgent were weighed")
    for cause in strongest:
        if shares[cause]:
            known = description.causes.get(cause)
            label = known.label if known else "no identified cause"
            side = "for" if shares[cause] > 0 else "against"
            basis = _judged(description, pathway, cause)
            reasons.append(
                f"{label} at {probabilities[cause]:.1%} speaks {side} it "
                f"({shares[cause]:+.1f}{basis})"
            )
    return tuple(reasons)


def _judged(description: ModelDescription, pathway: Pathway, cause: str) -> str:
    """What of a reason rests on judgement alone: its value, or the cause's prevalence."""
    known = description.causes.get(cause)
    numbers = {"value": pathway.value[cause], "prevalence": known.prevalence if known else None}
    judged = [
        word
        for word, number in numbers.items()
        if number is not None and grade(number.source, description.evidence) == "judgement"
    ]
    return f", {' and '.join(judged)}: {JUDGEMENT}" if judged else ""
