"""Check conditions on answers and probabilities: of triage rules, and of actions."""

import re
from collections.abc import Iterator

from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.triage_rules import Condition
from bayesnet.model.format.variables import NO, YES, Choices, states_of
from bayesnet.model.lookup.scope import Scope, unknown, unknown_states
from bayesnet.model.problems import Problem

_COMPARED = re.compile(r"(\w+)\s*[<>=≤≥]")
ASKABLE = ("findings", "derived", "risk_factors")
KINDS = "`finding`, `cause`, `conflict`, `any`, `all` or `count` with `of`"


def check_condition(scope: Scope, path: KeyPath, condition: Condition) -> Iterator[Problem]:
    """Check a condition and all conditions within it."""
    groups = {"any": condition.any, "all": condition.all, "of": condition.of}
    given = [key for key in ("finding", "cause") if getattr(condition, key) is not None]
    given += ["conflict"] if condition.conflict else []
    given += [key for key, parts in groups.items() if parts]
    if len(given) != 1:
        have = f"{' and '.join(f'`{key}`' for key in given)} together" if given else "nothing"
        yield Problem(path, f"a condition with {have}; give exactly one of {KINDS}")
    if condition.finding is not None:
        yield from _finding_condition(scope, path, condition, condition.finding)
    elif any((condition.equals, condition.absent, condition.at_least, condition.below)):
        message = (
            "`equals`, `absent`, `at_least` and `below` go with `finding`; add it or drop them"
        )
        yield Problem(path, message)
    yield from _probability_condition(scope, path, condition)
    if (condition.count is None) != (not condition.of):
        yield Problem(path, "`count` and `of` go together; add the other, or drop this one")
    elif condition.count is not None and condition.count > len(condition.of):
        message = f"{condition.count} of {len(condition.of)} can never hold; lower the count"
        yield Problem((*path, "count"), message)
    for key, parts in groups.items():
        for at, part in enumerate(parts):
            yield from check_condition(scope, (*path, key, at), part)


def _probability_condition(scope: Scope, path: KeyPath, condition: Condition) -> Iterator[Problem]:
    """Check that a condition on a cause has exactly one limit, and that there is such a limit."""
    ways = (condition.probability_over is not None) + condition.over_threshold
    if (condition.cause is not None) != (ways == 1):
        message = (
            "`cause` goes together with either `probability_over` or `over_threshold: true`; "
            "give one of them, or drop this"
        )
        yield Problem(path, message)
    if condition.cause is None:
        return
    if condition.cause not in scope.ids["causes"]:
        yield unknown((*path, "cause"), "cause", condition.cause, sorted(scope.ids["causes"]))
        return
    cause = scope.description.causes.get(condition.cause)
    triage = scope.description.triage
    stated = triage is not None and condition.cause in triage.thresholds
    if condition.over_threshold and cause is not None and cause.act_by is None and not stated:
        message = (
            f"'{condition.cause}' has no threshold; give it one under `triage: thresholds`, or "
            "write `probability_over`"
        )
        yield Problem((*path, "over_threshold"), message)


def _finding_condition(
    scope: Scope, path: KeyPath, condition: Condition, name: str
) -> Iterator[Problem]:
    """Check that what narrows a condition fits the way its finding is answered."""
    known = scope.named(*ASKABLE)
    if name not in known:
        compared = _COMPARED.match(name)
        if compared and compared[1] in known:
            of = f"{{finding: {compared[1]}"
            message = f"'{name}' compares; write {of}, at_least: ...}} or {of}, below: ...}}"
            yield Problem((*path, "finding"), message)
        else:
            yield unknown((*path, "finding"), "finding or risk factor", name, known)
        return
    answer = scope.choices(name)
    if answer is None:
        return
    ranged = condition.at_least is not None or condition.below is not None
    used = {
        "equals": bool(condition.equals),
        "absent": condition.absent,
        "at_least or below": ranged,
    }
    fits, advice = _fitting(answer)
    for key, is_used in used.items():
        if is_used and key != fits:
            message = f"`{key}` does not fit '{name}', {advice}"
            yield Problem(path, message)
    if not any(used.values()) and fits != "absent":
        # Without it the rule would never hold, silently.
        yield Problem((*path, "finding"), f"nothing says when '{name}' counts, {advice}")
    if fits == "equals":
        yield from unknown_states((*path, "equals"), name, condition.equals, states_of(answer))
    if None not in (low := condition.at_least, high := condition.below) and low >= high:  # type: ignore[operator]
        message = f"at least {low:g} and below {high:g} can never hold; correct one of them"
        yield Problem(path, message)


def _fitting(answer: Choices) -> tuple[str, str]:
    """Return the key that may narrow a condition on such answers, and how to say so."""
    if answer.bands:
        return "at_least or below", "which is a number; give `at_least:` or `below:`"
    if answer.states:
        states = ", ".join(answer.states)
        return "equals", f"which has several states; give `equals:` with some of [{states}]"
    return "absent", f"which is {YES} or {NO}; leave it out, or write `absent: true` for {NO}"
