"""Check triage rules, pathways, the care of serious causes, and textbook presentations."""

from collections.abc import Iterator

from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.pathways import NOBODY
from bayesnet.model.format.triage_rules import Condition
from bayesnet.model.format.variables import NO, YES, Cause, Choices, states_of
from bayesnet.model.lookup.expected_value import ordinary_pathways, worth
from bayesnet.model.lookup.scope import Scope, unknown, unknown_states
from bayesnet.model.problems import Problem

ASKABLE = ("findings", "derived", "risk_factors")
KINDS = "`finding`, `cause`, `conflict`, `any`, `all` or `count` with `of`"
NEED_A_PATHWAY = ("urgent", "emergency")


def check_care(scope: Scope) -> Iterator[Problem]:
    """Yield the mistakes in everything that turns probabilities and answers into action."""
    for name, cause in scope.description.causes.items():
        yield from _acted_on(scope, name, cause)
        for key, value in cause.textbook.items():
            yield from _textbook(scope, ("causes", name, "textbook", key), key, value)
    yield from _triage(scope)
    yield from _pathways(scope)


def _acted_on(scope: Scope, name: str, cause: Cause) -> Iterator[Problem]:
    """Yield the mistakes in how a cause is acted on, and in the directions that harm it."""
    path = ("causes", name)
    if cause.act_by is not None:
        yield from _act_by(scope, (*path, "act_by"), name, cause.act_by)
    elif cause.serious:
        message = "a serious cause without `act_by`; name the pathway by which it is acted on"
        yield Problem(path, message)
    directions = sorted({each.direction for each in scope.description.exercises.values()})
    for at, harm in enumerate(cause.harmed_by):
        if harm.direction not in directions:
            where = (*path, "harmed_by", at, "direction")
            yield Problem(where, unknown("direction", harm.direction, directions))


def _act_by(scope: Scope, path: KeyPath, cause: str, act_by: str) -> Iterator[Problem]:
    """Check that a cause's pathway exists, says what to do, and gains more than ordinary ones."""
    if act_by not in scope.ids["pathways"]:
        yield Problem(path, unknown("pathway", act_by, sorted(scope.ids["pathways"])))
        return
    description = scope.description
    if (pathway := description.pathways.get(act_by)) is None:
        return
    if not pathway.act:
        message = f"the pathway '{act_by}' does not say what to do; give it `act: ...`"
        yield Problem(path, message)
    # A threshold is harm / (harm + benefit); without a benefit no probability would reach it.
    gained = worth(pathway, cause)
    others = {name: worth(each, cause) for name, each in ordinary_pathways(description).items()}
    best = max(others, key=lambda name: others[name], default="")
    if gained <= others.get(best, 0.0):
        than = f"than '{best}' ({others[best]:g})" if best else "than nothing (0)"
        message = (
            f"'{act_by}' does no more for this cause ({gained:g}) {than}, so no probability "
            "would make it worth acting; correct the values or name another pathway"
        )
        yield Problem(path, message)


def _textbook(scope: Scope, path: KeyPath, name: str, value: str | bool | int) -> Iterator[Problem]:
    """Check one answer of a textbook presentation: its id, and that its value can be answered."""
    known = scope.named(*ASKABLE)
    if name not in known:
        yield Problem(path, unknown("finding or risk factor", name, known))
        return
    answer = scope.choices(name)
    if answer is None:
        return
    states = states_of(answer)
    if isinstance(value, str):
        yield from unknown_states(path, name, [value], states)
    elif answer.bands and not isinstance(value, bool):
        low = min(first for first, _ in answer.bands.values())
        high = max(last for _, last in answer.bands.values())
        if not low <= value <= high:
            yield Problem(path, f"{value} is outside '{name}', which runs from {low} to {high}")
    elif not isinstance(value, bool) or answer.states or answer.bands:
        wanted = f"one of {', '.join(states)}" if states != (NO, YES) else "true or false"
        if answer.bands:
            wanted = "a whole number"
        yield Problem(path, f"'{name}' cannot be {str(value).lower()}; give {wanted}")


def _triage(scope: Scope) -> Iterator[Problem]:
    """Check the rules, and that each level in use has a message and, if urgent, a pathway."""
    triage = scope.description.triage
    if triage is None:
        return
    demanded: dict[str, KeyPath] = {triage.default: ("triage", "default")}
    for name, rule in triage.rules.items():
        path = ("triage", "rules", name)
        yield from _condition(scope, (*path, "when"), rule.when)
        if rule.unless is not None:
            yield from _condition(scope, (*path, "unless"), rule.unless)
        demanded.setdefault(rule.level, (*path, "level"))
    # With a malformed pathway left out, nothing can be said about which urgencies there are.
    pathways = scope.description.pathways
    all_known = bool(pathways) and scope.ids["pathways"] == pathways.keys()
    offered = {pathway.urgency for pathway in pathways.values()}
    for level, where in demanded.items():
        if level not in triage.messages:
            message = f"no message for the level '{level}', which is in use; add '{level}: ...'"
            yield Problem(("triage", "messages"), message)
        if all_known and level in NEED_A_PATHWAY and level not in offered:
            message = f"no pathway has the urgency '{level}', which this asks for; add one"
            yield Problem(where, message)


def _condition(scope: Scope, path: KeyPath, condition: Condition) -> Iterator[Problem]:
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
            yield from _condition(scope, (*path, key, at), part)


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
        message = unknown("cause", condition.cause, sorted(scope.ids["causes"]))
        yield Problem((*path, "cause"), message)
        return
    cause = scope.description.causes.get(condition.cause)
    if condition.over_threshold and cause is not None and cause.act_by is None:
        message = (
            f"'{condition.cause}' has no threshold; give it `act_by`, or write `probability_over`"
        )
        yield Problem((*path, "over_threshold"), message)


def _finding_condition(
    scope: Scope, path: KeyPath, condition: Condition, name: str
) -> Iterator[Problem]:
    """Check that what narrows a condition fits the way its finding is answered."""
    known = scope.named(*ASKABLE)
    if name not in known:
        yield Problem((*path, "finding"), unknown("finding or risk factor", name, known))
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
    if not used[fits] and fits != "absent":
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


def _pathways(scope: Scope) -> Iterator[Problem]:
    """Check that pathways refer to known causes, exercises and directions."""
    causes = sorted(scope.ids["causes"])
    exercises = sorted(scope.ids["exercises"])
    for name, pathway in scope.description.pathways.items():
        path = ("pathways", name)
        directions = sorted({each.direction for each in scope.description.exercises.values()})
        if pathway.direction and pathway.direction not in directions:
            message = unknown("direction", pathway.direction, directions)
            yield Problem((*path, "direction"), message)
        for key in pathway.value:
            if key not in scope.ids["causes"] and key != NOBODY:
                yield Problem((*path, "value", key), unknown("cause", key, [*causes, NOBODY]))
        for at, phase in enumerate(pathway.phases):
            for which, prescribed in enumerate(phase.exercises):
                if prescribed.exercise not in scope.ids["exercises"]:
                    where = (*path, "phases", at, "exercises", which, "exercise")
                    yield Problem(where, unknown("exercise", prescribed.exercise, exercises))
