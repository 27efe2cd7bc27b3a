"""Say how the answers made the causes as probable as they are, so that it adds up."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations as pairs_of

import numpy as np
from msgspec import Struct, structs

from bayesnet.analysis.combinations import combinations
from bayesnet.analysis.contributions import contributions
from bayesnet.analysis.inference import Inference
from bayesnet.analysis.study import Study
from bayesnet.analysis.supposed import chances_of
from bayesnet.diagnosis.answers.intake import Askable, Intake
from bayesnet.diagnosis.report.explanation import number_sources
from bayesnet.model.format.description import ModelDescription

LEADING = 4
"""Causes that are compared with each other, from the most probable."""
COMBINATIONS = 5
"""Most probable sets of causes that are listed."""
LEAST_DIFFERENCE = 0.05
"""How much one cause has to lower another, in probability, to be said to explain it away."""
LEAST_SUPPORT = 1.0
"""Decibans from which an answer counts as one that a cause accounts for."""


class Contribution(Struct, frozen=True):
    """What answers add to the log-odds of a cause, in decibans; several where they say one thing.

    ids, labels: of the answers; sources: of the numbers behind it.
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    decibans: float
    sources: tuple[str, ...]


class CauseReasoning(Struct, frozen=True):
    """How a cause came from its prior to its probability.

    before, after: log-odds in decibans; the contributions, largest first, add up to the difference.
    A probability of 0 or 1 counts as odds of 1e15.
    """

    cause: str
    label: str
    prior: float
    probability: float
    before: float
    after: float
    contributions: tuple[Contribution, ...]


class Combination(Struct, frozen=True):
    """Exactly these causes and no others: ids, labels and the probability of that."""

    causes: tuple[str, ...]
    labels: tuple[str, ...]
    probability: float


class ExplainedAway(Struct, frozen=True):
    """A cause that is less probable where another is present, since both explain the same answers.

    with_other, without_other: its probability where the other is present, and where it is not;
    answers: ids that speak for both.
    """

    cause: str
    label: str
    other: str
    other_label: str
    with_other: float
    without_other: float
    answers: tuple[str, ...]


class Reasoning(Struct, frozen=True):
    """How the answers made the causes as probable as they are.

    causes: in the order asked for; combinations: the most probable first; method: how interactions
    are shared out.
    """

    causes: tuple[CauseReasoning, ...]
    combinations: tuple[Combination, ...]
    explained_away: tuple[ExplainedAway, ...]
    method: str = (
        "Risk factors count first, then the findings. Within each, answers are taken in one "
        "by one, in the model's order and in reverse, and each counts for the mean change, so that "
        "what two say only together is halved between them (Shapley 1953; asymmetric where one "
        "comes first: Frye 2020)."
    )


def reasoning(
    description: ModelDescription,
    askables: Mapping[str, Askable],
    inference: Inference,
    intake: Intake,
    study: Study,
    causes: Mapping[int, str],
) -> Reasoning:
    """Account for some causes of a person whose answers are possible.

    study: of the person, with all causes as targets. causes: {variable: cause} to account for.
    """
    said = _said(askables, inference, intake)
    told = contributions(inference, study.case, list(causes), _groups(description, study, said))
    labels = {item.id: item.label for item in intake.items}
    found = []
    for column, (variable, cause) in enumerate(causes.items()):
        parts = [
            Contribution(
                said[v],
                tuple(labels[name] for name in said[v]),
                share,
                number_sources(description, cause, inference.network.names[v]),
            )
            for v, share in zip(told.variables, told.shares[:, column].tolist(), strict=True)
        ]
        found.append(
            CauseReasoning(
                cause,
                description.causes[cause].label,
                description.causes[cause].prevalence.value or 0.0,
                float(study.marginal(variable)[1]),
                float(told.before[column]),
                float(told.after[column]),
                tuple(sorted(parts, key=lambda each: -abs(each.decibans))),
            )
        )
    names = {v: inference.network.names[v] for v in study.targets}
    best = combinations(study.problem, study.targets, COMBINATIONS)
    return Reasoning(
        tuple(found),
        tuple(_combination(description, names, states, chance) for states, chance in best),
        tuple(_explained_away(description, study, found, {c: v for v, c in causes.items()})),
    )


def about(told: Reasoning, causes: Sequence[str]) -> Reasoning:
    """Return what is told of some causes, and of others only what these explain away or are by."""
    return structs.replace(
        told,
        causes=tuple(each for each in told.causes if each.cause in causes),
        explained_away=tuple(
            each for each in told.explained_away if {each.cause, each.other} & set(causes)
        ),
    )


def _said(
    askables: Mapping[str, Askable], inference: Inference, intake: Intake
) -> dict[int, tuple[str, ...]]:
    """{variable: ids of the answers about it}, in the model's order."""
    found: dict[int, tuple[str, ...]] = {}
    for name in askables:
        if name in intake.given:
            variable = inference.network.position(askables[name].derived_from or name)
            found[variable] = (*found.get(variable, ()), name)
    return found


def _groups(
    description: ModelDescription, study: Study, said: Mapping[int, tuple[str, ...]]
) -> tuple[list[int], list[int]]:
    """Split the variables that something was said of: risk factors, then findings.

    What makes causes more or less common comes before what they bring about, as in the network. In
    that order no findings are known without who the person is, which would be far wider.
    """
    told = [v for v in said if v in study.case.variables]
    first = [v for v in told if not description.risk_factors.keys().isdisjoint(said[v])]
    return first, [v for v in told if v not in first]


def _combination(
    description: ModelDescription,
    names: Mapping[int, str],
    states: Mapping[int, int],
    chance: float,
) -> Combination:
    present = {names[v] for v, code in states.items() if code}
    causes = tuple(cause for cause in description.causes if cause in present)
    return Combination(causes, tuple(description.causes[c].label for c in causes), chance)


def _explained_away(
    description: ModelDescription,
    study: Study,
    causes: Sequence[CauseReasoning],
    variables: Mapping[str, int],
) -> Iterator[ExplainedAway]:
    """Yield who explains whom away among the leading causes, the more probable as the other."""
    leading = sorted(causes, key=lambda each: -each.probability)[:LEADING]
    pairs = list(pairs_of(leading, 2))
    yes = np.array([0.0, 1.0])
    events = tuple({variables[a.cause]: yes, variables[b.cause]: yes} for a, b in pairs)
    both = chances_of(study.problem, events).tolist()
    for (other, cause), together in zip(pairs, both, strict=True):
        if not 0.0 < other.probability < 1.0:
            continue
        with_it = together / other.probability
        without = (cause.probability - together) / (1.0 - other.probability)
        answers = _supporting(other) & _supporting(cause)
        if without - with_it >= LEAST_DIFFERENCE and answers:
            yield ExplainedAway(
                cause.cause,
                cause.label,
                other.cause,
                other.label,
                with_it,
                without,
                tuple(name for each in other.contributions for name in each.ids if name in answers),
            )


def _supporting(cause: CauseReasoning) -> set[str]:
    strong = (each for each in cause.contributions if each.decibans >= LEAST_SUPPORT)
    return {name for each in strong for name in each.ids}
