"""Say of one person why it is as urgent as it is, and which answers would lower that."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.inference import Inference
from bayesnet.analysis.other_answers import posteriors_with
from bayesnet.diagnosis.answers.intake import Intake, answer_of, item_of
from bayesnet.diagnosis.answers.reading import Value
from bayesnet.diagnosis.decisions.conditions import (
    People,
    demands,
    holds,
    undone,
    what_holds,
)
from bayesnet.diagnosis.decisions.policy import Policy, rank
from bayesnet.diagnosis.decisions.threshold_wording import in_percent
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.diagnosis.decisions.triage import Urgency, rule_levels, told_level
from bayesnet.diagnosis.decisions.unjudged import LABEL, MESSAGE, judges_urgency
from bayesnet.diagnosis.report.evidence_item import EvidenceItem
from bayesnet.diagnosis.report.records import (
    AskFirst,
    ReasonCause,
    ScopeWords,
    TriageReason,
    TriageResult,
)
from bayesnet.inference.cases import cases_of
from bayesnet.model.format.triage_rules import LEVELS, TriageRule, level_label
from bayesnet.network.evidence import Observed

SEVERAL = "several_causes"
MOST_CHANGED = 6
"""Answers that are changed at most to show what would lower a level: as many as can be read."""


@dataclass(frozen=True, eq=False)
class Person:
    """One person: a table of one row, with the evidence behind it.

    speaking: makes {observed question: how improbable each cause would be without its answer},
    which orders the answers that would lower a level of causes.
    """

    people: People
    intake: Intake
    inference: Inference
    observed: Observed
    speaking: Callable[[], Mapping[str, Mapping[str, float]]]


def explain_triage(policy: Policy, person: Person, urgency: Urgency) -> TriageResult:
    """Put the urgency of one person into a record: its reasons, what to do and what not."""
    triage = policy.description.triage
    level = LEVELS[urgency.levels[0]]
    if not judges_urgency(policy):
        return TriageResult(level, LABEL, MESSAGE, (), True)
    if triage is None:
        label = level_label(triage, level)
        return TriageResult(level, label, "", (), bool(urgency.provisional[0]))
    found = [*_rules(policy, person), *_causes(policy, person, urgency)]
    found.sort(key=lambda each: (-rank(each[0].level), not each[1]))
    own = [message for reason, message in found if reason.level == level and message]
    return TriageResult(
        level,
        level_label(triage, level),
        own[0] if own else triage.messages.get(level, ""),
        tuple(reason for reason, _ in found),
        bool(urgency.provisional[0]),
        tuple(_ask_first(policy, name) for name in urgency.first_of(0)),
        forbidden(policy, person.people, level),
        tuple(
            ScopeWords(name, words.message, words.source)
            for name, words in triage.scope.items()
            if holds(words.when, person.people)[0]
        ),
    )


def emergency_by_rules(policy: Policy, people: People) -> bool:
    """Tell whether the answers of one person alone are a confirmed emergency."""
    return bool(rule_levels(policy, people).confirmed[0] == len(LEVELS) - 1)


def forbidden(policy: Policy, people: People, level: str) -> dict[str, str]:
    """Return {tag: in words} of what one person is not advised: by level, rules and causes."""
    triage = policy.description.triage
    if triage is None:
        return {}
    tags = list(triage.forbids.get(level, ()))  # type: ignore[call-overload]
    for rule in triage.rules.values():
        if rule.forbids and demands(rule, people)[0]:
            tags += rule.forbids
    for words in triage.scope.values():
        if words.forbids and holds(words.when, people)[0]:
            tags += words.forbids
    for cause, limit in policy.limits.items():
        stated = triage.thresholds.get(cause)
        if stated and people.probabilities[cause][0] >= limit:
            tags += stated.forbids
    return {tag: triage.tags.get(tag, tag) for tag in triage.tags if tag in tags}


def _ask_first(policy: Policy, name: str) -> AskFirst:
    askable = policy.known[name]
    return AskFirst(name, askable.asked.question, askable.label, askable.choices())


def _rules(policy: Policy, person: Person) -> Iterator[tuple[TriageReason, str]]:
    """Yield a reason for each rule that holds, and its own message."""
    assert policy.description.triage is not None
    for name, rule in policy.description.triage.rules.items():
        if not demands(rule, person.people)[0]:
            continue
        level = LEVELS[told_level(rule, person.people)[0]]
        denied = level != rule.level
        said = f"{rule.reason} {_denied(policy, rule)}" if denied else rule.reason
        lower = _rule_undone(rule, person)
        yield (
            TriageReason(
                name,
                level,
                said,
                rule.source,
                what_holds(rule.when, person.people),
                would_fall_if=tuple(
                    item_of(policy.known[key], value) for key, value in lower.items()
                ),
            ),
            "" if denied else rule.message,
        )


def _denied(policy: Policy, rule: TriageRule) -> str:
    label = policy.known[rule.confirm or ""].label
    return f"It would be {rule.level} but for the answer no to: {label}."


def _rule_undone(rule: TriageRule, person: Person) -> dict[str, Value]:
    """Find answers with which a rule no longer holds, or gives less."""
    people = person.people
    if rule.confirm is not None and not people.denied(rule.confirm)[0]:
        return {rule.confirm: False}
    lower = undone(rule.when, people)
    if lower and not demands(rule, people.with_answers(lower))[0]:
        return lower
    return {}


def _causes(policy: Policy, person: Person, urgency: Urgency) -> Iterator[tuple[TriageReason, str]]:
    """Yield a reason for each cause at a threshold of its own, or one for those that add up."""
    scale, found = policy.scale, urgency.by_causes
    likely, told = int(found.likely[0]), int(found.levels[0])
    alone = 0
    for at, cause in enumerate(scale.causes):
        own = int(np.flatnonzero(found.shares[:, at, 0] >= 1.0).max(initial=0))
        alone = max(alone, own)
        if own == 0:
            continue
        step = next(each for each in scale.steps[cause] if rank(each.level) >= own)
        level = min(own, told)
        share = _share(policy, person, step)
        said = _reason(policy, share, step, level)
        lower = _lowering(policy, person, level, (cause,))
        yield (
            TriageReason(
                f"probable_{cause}", LEVELS[level], said, step.sources, (), (share,), lower
            ),
            step.message if own == level else "",
        )
    if likely > alone:
        yield _together(policy, person, urgency), ""


def _together(policy: Policy, person: Person, urgency: Urgency) -> TriageReason:
    """Give the reason where no cause alone reaches a level, and several together do."""
    found = urgency.by_causes
    behind = np.flatnonzero(found.behind[:, 0])
    names = tuple(policy.scale.causes[at] for at in behind)
    steps = [_step(policy, name, int(found.likely[0])) for name in names]
    shares = tuple(_share(policy, person, step) for step in steps)
    listed = ", ".join(
        f"{each.label} {in_percent(each.probability)} of {in_percent(each.threshold)}"
        for each in shares
    )
    level = LEVELS[found.levels[0]]
    said = f"No single cause reaches its threshold, but together they do: {listed}."
    sources = tuple(dict.fromkeys(source for step in steps for source in step.sources))
    lower = _lowering(policy, person, rank(level), names)
    return TriageReason(SEVERAL, level, said, sources, (), shares, lower)


def _step(policy: Policy, cause: str, level: int) -> ActionThreshold:
    """Return the threshold of a cause for a level or, without one, for the next higher."""
    steps = policy.scale.steps[cause]
    return next((each for each in steps if rank(each.level) >= level), steps[-1])


def _share(policy: Policy, person: Person, step: ActionThreshold) -> ReasonCause:
    label = policy.description.causes[step.cause].label
    p = float(person.people.probabilities[step.cause][0])
    return ReasonCause(step.cause, label, p, step.value)


def _reason(policy: Policy, share: ReasonCause, step: ActionThreshold, level: int) -> str:
    triage = policy.description.triage
    said = (
        f"{share.label}: probability {in_percent(share.probability)}, and from "
        f"{in_percent(share.threshold)} on it is {level_label(triage, step.level)}."
    )
    if rank(step.level) > level:
        return f"{said} Held at {level_label(triage, LEVELS[level])} until it has been asked about."
    return said


def _lowering(
    policy: Policy, person: Person, level: int, behind: Sequence[str]
) -> tuple[EvidenceItem, ...]:
    """Find a few answers with which causes no longer reach a level.

    behind: a cause, of which its own share counts, or several, which add up with all others.
    """
    states = list(_against(policy, person, behind).items())
    if not states:
        return ()
    tries = [dict(states[:count]) for count in range(1, len(states) + 1)]
    falls = _falls(policy, person, level, behind, tries)
    if not falls.any():
        return ()
    network = person.inference.network
    fewest = {network.variables[at]: code for at, code in tries[int(falls.argmax())].items()}
    return tuple(
        item_of(policy.known[each.name], answer_of(policy.known[each.name], each.states[code]))
        for each, code in fewest.items()
    )


def _against(policy: Policy, person: Person, behind: Sequence[str]) -> dict[int, int]:
    """Find other answers that speak most against causes, {variable: code of its state}."""
    inference, codes = person.inference, person.observed.codes[:, 0]
    position = inference.network.position
    changeable = {
        position(name): position(cause)
        for name, cause in _changeable(policy, person, behind).items()
    }
    against = {
        cause: inference.answers_against(cause, [q for q, of in changeable.items() if of == cause])
        for cause in changeable.values()
    }
    found: dict[int, int] = {}
    for item, cause in changeable.items():
        state = against[cause][item].state
        if state != codes[item]:
            found[item] = state
        if len(found) == MOST_CHANGED:
            break
    return found


def _falls(
    policy: Policy,
    person: Person,
    level: int,
    behind: Sequence[str],
    tries: Sequence[Mapping[int, int]],
) -> NDArray[np.bool_]:
    """Whether causes no longer reach a level with some answers changed, shape (tries,).

    tries: {variable: code of its state}; what is impossible lowers nothing.
    """
    scale, inference = policy.scale, person.inference
    (case,) = cases_of(person.observed)
    places = [inference.network.position(name) for name in scale.causes]
    p = posteriors_with(inference.planner, case, tries, places)
    counted = np.array([[len(behind) > 1 or name in behind] for name in scale.causes])
    shares = scale.shares(dict(zip(scale.causes, p, strict=True))) * counted
    return np.asarray((scale.reached(shares) < level) & ~np.isnan(p).any(axis=0))


def _changeable(policy: Policy, person: Person, behind: Sequence[str]) -> dict[str, str]:
    """List the answers that could lower causes, each with the cause: open screens, then evidence.

    What speaks most for the causes comes first. Who a person is, such as age, is not among the
    evidence: no other answer could be true.
    """
    people, described, known = person.people, policy.description, policy.known
    found: dict[str, str] = {}
    for cause in behind:
        for name in policy.scale.screens.get(cause, ()):
            if not people.settled(name)[0]:
                found.setdefault(name, cause)
    spoken: list[tuple[float, str, str]] = []
    speaking = person.speaking()
    for cause in behind:
        now = float(people.probabilities[cause][0])
        for name, without in speaking.items():
            own = name in person.intake.given
            could = name in described.findings or (name in known and known[name].is_yes_no)
            if own and could and without[cause] < now:
                spoken.append((without[cause] / now, name, cause))
    for _, name, cause in sorted(spoken):
        found.setdefault(name, cause)
    return found
