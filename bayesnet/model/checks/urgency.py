"""Check what raises the level of urgency: rules, thresholds of causes, and words on scope."""

from collections.abc import Iterator

from bayesnet.model.checks.conditions import check_condition
from bayesnet.model.checks.interview import check_asked
from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.pathways import levels_of
from bayesnet.model.format.triage_rules import (
    LEVELS,
    CauseUrgency,
    Level,
    Triage,
    TriageRule,
    stakes_of,
    threshold_of,
)
from bayesnet.model.lookup.scope import Scope, unknown
from bayesnet.model.problems import Problem

NEED_A_PATHWAY = ("urgent", "emergency")


def check_urgency(scope: Scope) -> Iterator[Problem]:
    """Yield the mistakes in triage, and in the levels that it asks messages and pathways for."""
    triage = scope.description.triage
    if triage is None:
        return
    demanded: dict[str, KeyPath] = {triage.default: ("triage", "default")}
    for level, path in _raised_to(triage):
        demanded.setdefault(level, path)
    for name, rule in triage.rules.items():
        yield from _rule(scope, triage, ("triage", "rules", name), rule)
    for name, urgency in triage.thresholds.items():
        yield from _thresholds(scope, triage, name, urgency)
    for name, words in triage.scope.items():
        path = ("triage", "scope", name)
        yield from check_condition(scope, (*path, "when"), words.when)
        yield from check_tags(scope, (*path, "forbids"), words.forbids)
    for level, tags in triage.forbids.items():
        yield from check_tags(scope, ("triage", "forbids", level), tags)
    yield from _levels(scope, triage, demanded)


def check_tags(scope: Scope, path: KeyPath, tags: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a problem for each tag that `triage: tags` does not list."""
    known = sorted(scope.description.triage.tags) if scope.description.triage else []
    for at, tag in enumerate(tags):
        if tag not in known:
            yield unknown((*path, at), "tag", tag, known, " (see `triage: tags`)")


def _raised_to(triage: Triage) -> Iterator[tuple[Level, KeyPath]]:
    """Yield every level that something raises to, with the place that says so."""
    for name, rule in triage.rules.items():
        yield rule.level, ("triage", "rules", name, "level")
        if rule.denied is not None:
            yield rule.denied, ("triage", "rules", name, "denied")
    for name, urgency in triage.thresholds.items():
        for level in stakes_of(urgency):
            yield level, ("triage", "thresholds", name, level)
            if level in NEED_A_PATHWAY and urgency.screen:
                yield "soon", ("triage", "thresholds", name, "screen")
    for name, words in triage.scope.items():
        yield words.level, ("triage", "scope", name, "level")


def _levels(scope: Scope, triage: Triage, demanded: dict[str, KeyPath]) -> Iterator[Problem]:
    """Check that each level in use has a message and, if urgent, a pathway."""
    # With a malformed pathway, nothing can be said about which levels there are.
    pathways = scope.description.pathways
    all_known = bool(pathways) and scope.ids["pathways"] == pathways.keys()
    all_known = all_known and all(map(levels_of, pathways.values()))
    offered = {level for pathway in pathways.values() for level in levels_of(pathway)}
    for level, where in demanded.items():
        if level not in triage.messages:
            message = f"no message for the level '{level}', which is in use; add '{level}: ...'"
            yield Problem(("triage", "messages"), message)
        if all_known and level in NEED_A_PATHWAY and level not in offered:
            message = f"no pathway has the level '{level}', which this asks for; add one"
            yield Problem(where, message)


def _rule(scope: Scope, triage: Triage, path: KeyPath, rule: TriageRule) -> Iterator[Problem]:
    yield from check_condition(scope, (*path, "when"), rule.when)
    if rule.unless is not None:
        yield from check_condition(scope, (*path, "unless"), rule.unless)
    yield from check_tags(scope, (*path, "forbids"), rule.forbids)
    if (rule.confirm is None) != (rule.denied is None):
        where = (*path, "denied" if rule.confirm is None else "confirm")
        yield Problem(where, "`confirm` and `denied` go together; add the other, or drop this one")
    elif rule.denied is not None and LEVELS.index(rule.denied) >= LEVELS.index(rule.level):
        message = f"a no to `confirm` has to lower the level; give one under '{rule.level}'"
        yield Problem((*path, "denied"), message)
    if rule.confirm is not None:
        yield from check_asked(scope, (*path, "confirm"), rule.confirm)
        answer = scope.choices(rule.confirm)
        if answer is not None and (answer.states or answer.bands):
            message = f"'{rule.confirm}' is no yes/no question, so that nothing denies; name one"
            yield Problem((*path, "confirm"), message)


def _thresholds(
    scope: Scope, triage: Triage, name: str, urgency: CauseUrgency
) -> Iterator[Problem]:
    """Check that a cause's thresholds rise with the level, from over its prevalence."""
    path = ("triage", "thresholds", name)
    if name not in scope.ids["causes"]:
        yield unknown(path, "cause", name, sorted(scope.ids["causes"]))
    for at, asked in enumerate(urgency.screen):
        yield from check_asked(scope, (*path, "screen", at), asked)
    yield from check_tags(scope, (*path, "forbids"), urgency.forbids)
    stakes = stakes_of(urgency)
    if not stakes:
        yield Problem(path, "no level; give `soon`, `urgent` or another, each with its stakes")
    cause = scope.description.causes.get(name)
    low = (cause.prevalence.value or 0.0) if cause is not None else 0.0
    than = "the prevalence"
    for level, each in stakes.items():
        value = threshold_of(each)
        if value <= low:
            message = (
                f"harm / (harm + benefit) is {value:.3g}, not over {than} ({low:.3g}), so that "
                f"{'everybody would be told' if than == 'the prevalence' else 'no one would stay'}"
                f"{'' if than == 'the prevalence' else ' under'} '{level}'; correct the two"
            )
            yield Problem((*path, level), message)
        low, than = value, f"the threshold of '{level}'"
