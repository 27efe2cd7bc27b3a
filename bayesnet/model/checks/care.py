"""Check pathways, the care of serious causes, and textbook presentations."""

from collections.abc import Iterator

from bayesnet.model.checks.conditions import ASKABLE, check_condition
from bayesnet.model.checks.urgency import check_tags, check_urgency
from bayesnet.model.format.bands import Number, is_whole, written
from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.pathways import NOBODY, Action, Actions, Pathway, spelled_out
from bayesnet.model.format.variables import NO, YES, Cause, states_of
from bayesnet.model.lookup.expected_value import ordinary_pathways, worth
from bayesnet.model.lookup.scope import Scope, unknown, unknown_states
from bayesnet.model.problems import Problem


def check_care(scope: Scope) -> Iterator[Problem]:
    """Yield the mistakes in everything that turns probabilities and answers into action."""
    for name, cause in scope.description.causes.items():
        yield from _acted_on(scope, name, cause)
        for key, value in cause.textbook.items():
            yield from _textbook(scope, ("causes", name, "textbook", key), key, value)
    yield from check_urgency(scope)
    yield from _pathways(scope)
    yield from _shared_advice(scope)


def _acted_on(scope: Scope, name: str, cause: Cause) -> Iterator[Problem]:
    """Yield the mistakes in how a cause is acted on, and in the directions that harm it."""
    path, triage = ("causes", name), scope.description.triage
    if cause.act_by is not None:
        yield from _act_by(scope, (*path, "act_by"), name, cause.act_by)
    elif cause.serious and not (triage and name in triage.thresholds):
        message = (
            "a serious cause without `act_by` and without `triage: thresholds`; name the pathway "
            "by which it is acted on"
        )
        yield Problem(path, message)
    directions = sorted({each.direction for each in scope.description.exercises.values()})
    for at, harm in enumerate(cause.harmed_by):
        if harm.direction not in directions:
            where = (*path, "harmed_by", at, "direction")
            yield unknown(where, "direction", harm.direction, directions)


def _act_by(scope: Scope, path: KeyPath, cause: str, act_by: str) -> Iterator[Problem]:
    """Check that a cause's pathway exists, says what to do, and gains more than ordinary ones."""
    if act_by not in scope.ids["pathways"]:
        yield unknown(path, "pathway", act_by, sorted(scope.ids["pathways"]))
        return
    description = scope.description
    if (pathway := description.pathways.get(act_by)) is None:
        return
    if not pathway.act:
        message = f"the pathway '{act_by}' does not say what to do; give it `act: ...`"
        yield Problem(path, message)
    if description.triage is not None and cause in description.triage.thresholds:
        return
    if not pathway.value.keys() <= scope.ids["causes"] | {NOBODY}:
        return  # One of the values may be meant for this cause.
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


def _textbook(
    scope: Scope, path: KeyPath, name: str, value: str | bool | Number
) -> Iterator[Problem]:
    """Check one answer of a textbook presentation: its id, and that its value can be answered."""
    known = scope.named(*ASKABLE)
    if name not in known:
        yield unknown(path, "finding or risk factor", name, known)
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
            ends = f"{written(low)} to {written(high)}"
            yield Problem(path, f"{value} is outside '{name}', which runs from {ends}")
        elif is_whole(answer.bands) and not float(value).is_integer():
            yield Problem(path, f"'{name}' is a whole number; round {value}")
    elif not isinstance(value, bool) or answer.states or answer.bands:
        wanted = f"one of {', '.join(states)}" if states != (NO, YES) else "true or false"
        if answer.bands:
            wanted = "a whole number" if is_whole(answer.bands) else "a number"
        yield Problem(path, f"'{name}' cannot be {str(value).lower()}; give {wanted}")


def _pathways(scope: Scope) -> Iterator[Problem]:
    """Check that pathways refer to known causes, exercises and directions."""
    causes = sorted(scope.ids["causes"])
    exercises = sorted(scope.ids["exercises"])
    for name, pathway in scope.description.pathways.items():
        path = ("pathways", name)
        directions = sorted({each.direction for each in scope.description.exercises.values()})
        if pathway.direction and pathway.direction not in directions:
            yield unknown((*path, "direction"), "direction", pathway.direction, directions)
        if bool(pathway.levels) == (pathway.urgency is not None):
            message = "give either the `levels` at which it can be chosen or an `urgency`"
            yield Problem(path, message)
        if pathway.unless is not None:
            yield from check_condition(scope, (*path, "unless"), pathway.unless)
        for key in pathway.value:
            if key not in scope.ids["causes"] and key != NOBODY:
                yield unknown((*path, "value", key), "cause", key, [*causes, NOBODY])
        for at, phase in enumerate(pathway.phases):
            for which, prescribed in enumerate(phase.exercises):
                if prescribed.exercise not in scope.ids["exercises"]:
                    where = (*path, "phases", at, "exercises", which, "exercise")
                    yield unknown(where, "exercise", prescribed.exercise, exercises)
        yield from _actions(scope, path, pathway)


def _actions(scope: Scope, path: KeyPath, pathway: Pathway) -> Iterator[Problem]:
    """Check what a pathway's phases do, and what it avoids."""
    for at, phase in enumerate(pathway.phases):
        yield from _listed(scope, (*path, "phases", at, "actions"), phase.actions)
    for at, action in enumerate(spelled_out(pathway.avoid)):
        where = (*path, "avoid", at)
        yield from _action(scope, where, action)
        if action.advice is not None or action.involves:
            yield Problem(where, "what is avoided takes no `advice` and no `involves`; drop them")


def _shared_advice(scope: Scope) -> Iterator[Problem]:
    """Check blocks of advice, what stands in every phase, and what exercises involve."""
    for name, block in scope.description.advice.items():
        path = ("advice", name, "actions")
        yield from _listed(scope, path, block.actions)
        for at, action in enumerate(spelled_out(block.actions)):
            if action.advice is not None:
                yield Problem((*path, at), "a block of advice holds no other block; write it out")
    yield from _listed(scope, ("every_phase",), scope.description.every_phase)
    for name, exercise in scope.description.exercises.items():
        yield from check_tags(scope, ("exercises", name, "involves"), exercise.involves)


def _listed(scope: Scope, path: KeyPath, actions: Actions) -> Iterator[Problem]:
    for at, action in enumerate(spelled_out(actions)):
        yield from _action(scope, (*path, at), action)


def _action(scope: Scope, path: KeyPath, action: Action) -> Iterator[Problem]:
    """Check one action: its text or the block of advice, its conditions and its tags."""
    if bool(action.text) == (action.advice is not None):
        yield Problem(path, "give either a `text` or an `advice`")
    if action.advice is not None and action.advice not in scope.ids["advice"]:
        known = sorted(scope.ids["advice"])
        yield unknown((*path, "advice"), "block of advice", action.advice, known)
    for key, condition in (("when", action.when), ("unless", action.unless)):
        if condition is not None:
            yield from check_condition(scope, (*path, key), condition)
    yield from check_tags(scope, (*path, "involves"), action.involves)
