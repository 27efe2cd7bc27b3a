"""Write down the pathway chosen for one person, without what triage forbids, and why it is it."""

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from bayesnet.diagnosis.decisions.conditions import People, holds
from bayesnet.diagnosis.decisions.pathways import (
    best_of,
    causes_at_odds,
    directions_at_odds,
    expected_values,
)
from bayesnet.diagnosis.decisions.policy import EMERGENCY, Policy, rank
from bayesnet.diagnosis.decisions.threshold_wording import acted_on_from
from bayesnet.diagnosis.report.records import (
    ExerciseResult,
    PathwayOption,
    PathwayResult,
    PhaseResult,
)
from bayesnet.model.format.numbers import JUDGEMENT
from bayesnet.model.format.pathways import Action, Actions, Pathway, Phase, spelled_out
from bayesnet.model.lookup.grades import grade

REASONS = 3
"""Causes whose share of a pathway's expected value is given as a reason, the largest first."""
ALTERNATIVES = 2
"""Pathways named as next best."""


def choose_pathway(
    policy: Policy, people: People, level: str, forbidden: Collection[str]
) -> PathwayResult | None:
    """Choose the pathway of one person by `pathways.expected_values`; None where there is none.

    people: a table of that person; level: of triage; forbidden: tags of what is not advised.
    """
    values = expected_values(policy, people, np.array([rank(level)]))
    best = int(best_of(values)[0])
    if best < 0:
        return None
    name = policy.pathways[best]
    pathway = policy.description.pathways[name]
    ranked = sorted(range(len(values)), key=lambda row: (-values[row, 0], row))
    others = [row for row in ranked[1 : ALTERNATIVES + 1] if np.isfinite(values[row, 0])]
    writer = _Writer(policy, people, level, frozenset(forbidden))
    return PathwayResult(
        id=name,
        label=pathway.label,
        urgency=level,
        expected_value=float(values[best, 0]),
        unit=policy.description.model.utility_unit,
        phases=tuple(writer.phases(pathway)),
        avoid=tuple(writer.texts(pathway.avoid, frozenset())),
        because=_because(policy, name, level, people),
        sources=tuple(dict.fromkeys((*pathway.source, *writer.sources(pathway)))),
        alternatives=tuple(
            PathwayOption(
                policy.pathways[row],
                policy.description.pathways[policy.pathways[row]].label,
                float(values[row, 0]),
            )
            for row in others
        ),
    )


class _Writer:
    """Writes the phases of a pathway for one person."""

    def __init__(
        self, policy: Policy, people: People, level: str, forbidden: frozenset[str]
    ) -> None:
        self._description = policy.description
        self._people = people
        self._level = level
        self._forbidden = forbidden
        odds = directions_at_odds(policy.description, people.probabilities)
        self._barred = {direction for direction, each in odds.items() if each[0]}

    def phases(self, pathway: Pathway) -> Iterator[PhaseResult]:
        """Yield the phases, but for those of which nothing is left."""
        for phase in pathway.phases:
            forbidden = frozenset() if phase.cleared else self._forbidden
            actions = tuple(self.texts(phase.actions, forbidden))
            exercises = tuple(self._exercises(phase, forbidden))
            if (phase.actions or phase.exercises) and not (actions or exercises):
                continue
            if self._level != EMERGENCY:
                always = self.texts(self._description.every_phase, self._forbidden)
                actions = (*actions, *always)
            yield PhaseResult(
                phase.name, phase.goal, actions, exercises, phase.enter_when, phase.move_on_when
            )

    def texts(self, actions: Actions, forbidden: frozenset[str]) -> Iterator[str]:
        """Yield the texts of actions that apply, blocks of advice written out."""
        for action in spelled_out(actions):
            if not self._applies(action, forbidden):
                continue
            if action.advice is None:
                yield action.text
            else:
                yield from self.texts(self._description.advice[action.advice].actions, forbidden)

    def sources(self, pathway: Pathway) -> Iterator[str]:
        """Yield the sources of the blocks of advice in a pathway."""
        listed = [*self._description.every_phase]
        for phase in pathway.phases:
            listed += phase.actions
        for action in spelled_out(tuple(listed)):
            if action.advice is not None and self._applies(action, self._forbidden):
                yield from self._description.advice[action.advice].source

    def _applies(self, action: Action, forbidden: frozenset[str]) -> bool:
        return (
            not forbidden.intersection(action.involves)
            and (action.when is None or bool(holds(action.when, self._people)[0]))
            and (action.unless is None or not holds(action.unless, self._people)[0])
        )

    def _exercises(self, phase: Phase, forbidden: frozenset[str]) -> Iterator[ExerciseResult]:
        """Yield the exercises but those whose direction is at odds or that triage forbids."""
        for each in phase.exercises:
            exercise = self._description.exercises[each.exercise]
            if exercise.direction in self._barred or forbidden.intersection(exercise.involves):
                continue
            yield ExerciseResult(
                each.exercise,
                exercise.label,
                each.dose or exercise.dose,
                exercise.progression,
                exercise.stop_if,
                exercise.how,
            )


def _because(policy: Policy, chosen: str, level: str, people: People) -> tuple[str, ...]:
    """Give the reasons for a pathway: triage, thresholds passed, directions at odds, and values."""
    p = {name: float(each[0]) for name, each in people.probabilities.items()}
    return (
        *_level_reason(level),
        *_threshold_reasons(policy, chosen, p),
        *_direction_reason(policy, people),
        *_value_reasons(policy, chosen, p),
    )


def _level_reason(level: str) -> tuple[str, ...]:
    if rank(level) < rank("urgent"):
        return ()
    return (f"triage is {level}, so only pathways for that level were weighed",)


def _threshold_reasons(
    policy: Policy, chosen: str, probabilities: Mapping[str, float]
) -> tuple[str, ...]:
    return tuple(
        f"{acted_on_from(policy.description, each)}, now {probabilities[name]:.1%}"
        for name, each in policy.thresholds.items()
        if each.pathway == chosen and probabilities[name] >= each.value
    )


def _direction_reason(policy: Policy, people: People) -> tuple[str, ...]:
    odds = directions_at_odds(policy.description, people.probabilities)
    barred = [direction for direction, each in odds.items() if each[0]]
    if not barred:
        return ()
    live = [
        f"{policy.description.causes[name].label} ({people.probabilities[name][0]:.0%})"
        for name, each in causes_at_odds(policy.description, people.probabilities).items()
        if each[0]
    ]
    causes, directions = " and ".join(live), " nor ".join(barred)
    return (f"{causes} are live and contradict each other, so neither {directions} is advised",)


def _value_reasons(
    policy: Policy, chosen: str, probabilities: Mapping[str, float]
) -> tuple[str, ...]:
    unit = policy.description.model.utility_unit
    pathway = policy.description.pathways[chosen]
    shares = {cause: probabilities[cause] * each.value for cause, each in pathway.value.items()}
    reasons = []
    for cause in sorted(shares, key=lambda each: -abs(shares[each]))[:REASONS]:
        if shares[cause]:
            known = policy.description.causes.get(cause)
            label = "no identified cause" if known is None else known.label
            side = "for" if shares[cause] > 0 else "against"
            share = f"{shares[cause]:+.1f} {unit}".strip()
            basis = _judged(policy, pathway, cause)
            reasons.append(
                f"{label} at {probabilities[cause]:.1%} speaks {side} it ({share}{basis})"
            )
    return tuple(reasons)


def _judged(policy: Policy, pathway: Pathway, cause: str) -> str:
    """Say what of a reason rests on judgement alone: its value, or the cause's prevalence."""
    known = policy.description.causes.get(cause)
    numbers = {"value": pathway.value[cause], "prevalence": known.prevalence if known else None}
    judged = [
        word
        for word, number in numbers.items()
        if number is not None and grade(number.source, policy.description.figures) == "judgement"
    ]
    return f", {' and '.join(judged)}: {JUDGEMENT}" if judged else ""
