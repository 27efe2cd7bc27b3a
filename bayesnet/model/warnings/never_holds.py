"""Warn of conditions that no answers can fulfil, such as fever and no fever."""

from collections.abc import Iterator, Mapping
from itertools import combinations, islice

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import Condition
from bayesnet.model.format.variables import NO, YES, Finding, RiskFactor, states_of
from bayesnet.model.lookup.conditions import conditions_of
from bayesnet.model.problems import ModelWarning

MOST_WAYS = 20_000
"""Ways to fulfil a condition that are tried; one with more is taken to be possible."""

Answers = Mapping[str, frozenset[str]]
"""{question: the answers still open to it}; a question that is not there is unanswered."""


def warn_of_conditions(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each condition that cannot hold, and each that holds only where it is exempted."""
    answering = _Answering(description)
    for stated in conditions_of(description):
        tried = list(islice(answering.ways(stated.condition, {}), MOST_WAYS))
        ways = [way for way in tried if way is not None]
        if len(tried) == MOST_WAYS:
            continue
        if not ways:
            yield ModelWarning(
                stated.path,
                f"no answers fulfil this condition, so that {stated.consequence}",
                "take out what contradicts the rest of it",
            )
        elif stated.unless and all(answering.is_sure(stated.unless, way) for way in ways):
            yield ModelWarning(
                stated.path,
                f"whoever fulfils this is exempted by `unless`, so that {stated.consequence}",
                "narrow `unless`",
            )


class _Answering:
    """What the questions of a model can be answered with."""

    def __init__(self, description: ModelDescription) -> None:
        askables: dict[str, RiskFactor | Finding] = {
            **description.risk_factors,
            **description.findings,
        }
        self._states = {name: states_of(each.answer) for name, each in askables.items()}
        self._bands = {name: each.answer.bands for name, each in askables.items()}
        self._derived = description.derived
        self._cuts: dict[str, set[float]] = {}
        for stated in conditions_of(description):
            self._collect_cuts(stated.condition)

    def ways(self, condition: Condition, answers: Answers) -> Iterator[Answers | None]:
        """Yield the ways to fulfil a condition beside some answers, each with all its answers.

        A way that the answers so far forbid is None.
        """
        if condition.any:
            for part in condition.any:
                yield from self.ways(part, answers)
        elif condition.all:
            yield from self._together(condition.all, answers)
        elif condition.of:
            for parts in combinations(condition.of, condition.count or 1):
                yield from self._together(parts, answers)
        elif condition.finding is None:
            # A probability, or that nothing fits, is possible beside any answers.
            yield answers
        else:
            name, fitting = self._fitting(condition)
            left = answers.get(name, fitting) & fitting
            yield {**answers, name: left} if left else None

    def is_sure(self, condition: Condition, answers: Answers) -> bool:
        """Tell whether answers that are still open all fulfil a condition."""
        if condition.any:
            return any(self.is_sure(part, answers) for part in condition.any)
        if condition.all:
            return all(self.is_sure(part, answers) for part in condition.all)
        if condition.of:
            sure = sum(self.is_sure(part, answers) for part in condition.of)
            return sure >= (condition.count or 1)
        if condition.finding is None:
            return False
        name, fitting = self._fitting(condition)
        return name in answers and answers[name] <= fitting

    def _together(self, parts: tuple[Condition, ...], answers: Answers) -> Iterator[Answers | None]:
        if not parts:
            yield answers
            return
        for way in self.ways(parts[0], answers):
            yield from (None,) if way is None else self._together(parts[1:], way)

    def _fitting(self, condition: Condition) -> tuple[str, frozenset[str]]:
        """Return the question that a condition is about in the end, and the answers that fit."""
        name = condition.finding or ""
        if name in self._derived:
            source = self._derived[name]
            among = self._answers(source.derived_from)
            said = frozenset(each for each in among if each.partition("|")[0] in source.states)
            return source.derived_from, among - said if condition.absent else said
        among = self._answers(name)
        if self._bands.get(name):
            low, high = condition.at_least, condition.below
            return name, frozenset(
                each
                for each in among
                if (low is None or float(each.partition("|")[2]) >= low)
                and (high is None or float(each.partition("|")[2]) < high)
            )
        if condition.equals:
            return name, among & frozenset(condition.equals)
        return name, among & {NO if condition.absent else YES}

    def _answers(self, name: str) -> frozenset[str]:
        """List what a question can be answered with; numbers as `band|the least of a range`.

        Numbers between two that some condition mentions are answered alike.
        """
        bands = self._bands.get(name)
        if not bands:
            return frozenset(self._states.get(name, (NO, YES)))
        cuts = self._cuts.get(name, set())
        return frozenset(
            f"{band}|{start:g}"
            for band, (first, last) in bands.items()
            for start in {float(first), *(cut for cut in cuts if first < cut <= last)}
        )

    def _collect_cuts(self, condition: Condition) -> None:
        limits = {condition.at_least, condition.below} - {None}
        if condition.finding is not None and limits:
            self._cuts.setdefault(condition.finding, set()).update(
                each for each in limits if each is not None
            )
        for part in (*condition.any, *condition.all, *condition.of):
            self._collect_cuts(part)
