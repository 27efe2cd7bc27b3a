"""Find the rules and thresholds of triage that an overlay makes looser."""

from collections.abc import Iterable, Iterator

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.triage_rules import (
    LEVELS,
    CauseUrgency,
    Level,
    ScopeRule,
    Triage,
    TriageRule,
    stakes_of,
    threshold_of,
)
from bayesnet.model.overlays.blame import owner
from bayesnet.model.overlays.covering import covers, exempts_more
from bayesnet.model.problems import Problem

_NONE = Triage(default=LEVELS[0], messages={}, rules={})


def looser_triage(before: ModelDescription, after: ModelDescription) -> Iterator[Problem]:
    """Yield what is looser in the triage, each with its path and in words."""
    was, now = before.triage or _NONE, after.triage or _NONE
    if _falls(was.default, now.default):
        message = f"without any rule the level is {now.default} and no longer {was.default}"
        yield Problem(("triage", "default"), message)
    for level, tags in was.forbids.items():
        path: KeyPath = ("triage", "forbids", level)
        yield from _allowed(path, level, tags, now.forbids.get(level, ()))
    for name, rule in was.rules.items():
        path = ("triage", "rules", name)
        yield from _rule(path, rule, now.rules.get(name))
    for name, words in was.scope.items():
        path = ("triage", "scope", name)
        yield from _holds(path, words, now.scope.get(name))
    for cause, urgency in was.thresholds.items():
        # A removed cause is told of as such.
        if cause in after.causes:
            path = ("triage", "thresholds", cause)
            yield from _threshold(path, urgency, now.thresholds.get(cause))


def _rule(path: KeyPath, was: TriageRule, now: TriageRule | None) -> Iterator[Problem]:
    yield from _holds(path, was, now)
    if now is None:
        return
    rule = owner(path)
    if exempts_more(now.unless, was.unless):
        yield Problem((*path, "unless"), f"{rule} exempts more people")
    if now.confirm is not None and now.confirm != was.confirm:
        yield Problem((*path, "confirm"), f"{rule} can be denied by '{now.confirm}'")
    elif now.confirm is not None and _falls(was.denied, now.denied):
        yield Problem((*path, "denied"), f"{rule} falls to {now.denied or LEVELS[0]} when denied")


def _holds(
    path: KeyPath, was: TriageRule | ScopeRule, now: TriageRule | ScopeRule | None
) -> Iterator[Problem]:
    """Yield what a rule of either kind loses: itself, its level, cases, or what it forbids."""
    rule = owner(path)
    if now is None:
        yield Problem(path, f"{rule} is removed")
        return
    if _falls(was.level, now.level):
        yield Problem((*path, "level"), f"{rule} falls from {was.level} to {now.level}")
    if not covers(now.when, was.when):
        yield Problem((*path, "when"), f"{rule} may hold in fewer cases")
    yield from _allowed((*path, "forbids"), rule, was.forbids, now.forbids)


def _threshold(path: KeyPath, was: CauseUrgency, now: CauseUrgency | None) -> Iterator[Problem]:
    name = path[-1]
    if now is None:
        yield Problem(path, f"the thresholds of '{name}' are removed")
        return
    stated = stakes_of(now)
    for level, stakes in stakes_of(was).items():
        if level not in stated:
            yield Problem((*path, level), f"'{name}' no longer raises the level to {level}")
        elif threshold_of(stated[level]) > threshold_of(stakes):
            ends = f"{threshold_of(stakes):.3g} to {threshold_of(stated[level]):.3g}"
            message = f"the probability from which '{name}' is {level} rises from {ends}"
            yield Problem((*path, level), message)
    for each in sorted(set(was.screen) ^ set(now.screen)):
        held = "holds back" if each in now.screen else "is no longer asked before"
        yield Problem((*path, "screen"), f"'{each}' {held} the alarm for '{name}'")
    yield from _allowed((*path, "forbids"), f"'{name}'", was.forbids, now.forbids)


def _allowed(
    path: KeyPath, whose: str, was: Iterable[str], now: Iterable[str]
) -> Iterator[Problem]:
    for tag in sorted(set(was) - set(now)):
        yield Problem(path, f"{whose} no longer forbids {tag}")


def _falls(was: Level | None, now: Level | None) -> bool:
    """Tell whether a level is lower than before; none is the lowest."""
    return LEVELS.index(now or LEVELS[0]) < LEVELS.index(was or LEVELS[0])
