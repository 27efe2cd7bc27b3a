"""Find the safety rules of a base that an overlay makes looser.

Looser is whatever can lower the urgency for somebody, or takes a danger sign from what is asked.
The list of it is in `docs/overlays.md`.
"""

from collections.abc import Iterator, Mapping

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.pathways import NOBODY
from bayesnet.model.format.variables import Derived, Finding, RiskFactor
from bayesnet.model.lookup.expected_value import worth
from bayesnet.model.overlays.covering import covers, exempts_more
from bayesnet.model.overlays.looser_triage import looser_triage
from bayesnet.model.problems import Problem


def looser(before: ModelDescription, after: ModelDescription) -> list[Problem]:
    """List what is looser after an overlay, each with its path and in words."""
    return [
        *looser_triage(before, after),
        *_causes(before, after),
        *_screens(before, after),
        *_questions(before, after),
        *_answers(before, after),
        *_care(before, after),
    ]


def _causes(before: ModelDescription, after: ModelDescription) -> Iterator[Problem]:
    """Yield causes that are not to be missed, and are acted on less."""
    stated = before.triage.thresholds if before.triage else {}
    for name, cause in before.causes.items():
        path: KeyPath = ("causes", name)
        now = after.causes.get(name)
        if now is None:
            if cause.serious or name in stated:
                yield Problem(path, f"the cause '{name}', which raises the urgency, is removed")
            continue
        if cause.serious and not now.serious:
            yield Problem((*path, "serious"), f"the cause '{name}' counts as serious no longer")
        if cause.act_by is not None and now.act_by != cause.act_by:
            message = f"the cause '{name}' is acted on by '{cause.act_by}' no longer"
            yield Problem((*path, "act_by"), message)
        elif cause.act_by is not None and name not in stated:
            yield from _benefit(before, after, name, cause.act_by)
        directions = {each.direction for each in now.harmed_by}
        for harm in cause.harmed_by:
            if harm.direction not in directions:
                message = f"{harm.direction} no longer counts as harm for '{name}'"
                yield Problem((*path, "harmed_by"), message)


def _benefit(
    before: ModelDescription, after: ModelDescription, cause: str, act_by: str
) -> Iterator[Problem]:
    """Yield a value of acting on a cause that falls, for its threshold rises with that."""
    if act_by not in before.pathways or act_by not in after.pathways:
        return
    for whom in (cause, NOBODY):
        was, now = (worth(each.pathways[act_by], whom) for each in (before, after))
        if now < was:
            message = f"acting on '{cause}' is worth {now:g} and no longer {was:g} with {whom}"
            yield Problem(("pathways", act_by, "value", whom), message)


def _screens(before: ModelDescription, after: ModelDescription) -> Iterator[Problem]:
    asked = {line for gate in after.interview.gates.values() for line in gate.lines}
    for name, gate in before.interview.gates.items():
        for line in gate.lines:
            if line not in asked:
                path = ("interview", "gates", name, "lines")
                yield Problem(path, f"'{line}' is no longer asked in a screen")


def _questions(before: ModelDescription, after: ModelDescription) -> Iterator[Problem]:
    """Yield danger signs that are asked no longer, or of fewer people."""
    now = _asked(after)
    for path, entry in _asked(before).items():
        name = path[1]
        if path not in now:
            if entry.asked.red_flag:
                yield Problem(path, f"the red flag '{name}' is removed")
            continue
        was, asked = entry.asked, now[path].asked
        if was.red_flag and not asked.red_flag:
            yield Problem((*path, "asked", "red_flag"), f"'{name}' is a red flag no longer")
        if was.mandatory and not asked.mandatory:
            message = f"an interview may stop before '{name}' is asked"
            yield Problem((*path, "asked", "mandatory"), message)
        if not was.red_flag:
            continue
        if was.asked_of == "self" and asked.asked_of != "self":
            yield Problem((*path, "asked", "asked_of"), f"only a clinician is asked for '{name}'")
        if asked.when is not None and (was.when is None or not covers(asked.when, was.when)):
            yield Problem((*path, "asked", "when"), f"fewer people are asked for '{name}'")


def _answers(before: ModelDescription, after: ModelDescription) -> Iterator[Problem]:
    """Yield what counts as another answer than before, which a rule on it cannot tell."""
    now = _asked(after)
    for path, entry in _asked(before).items():
        kept = now.get(path)
        if isinstance(entry, Derived):
            if isinstance(kept, Derived) and _follows(entry) != _follows(kept):
                message = f"a yes to '{path[1]}' follows from other answers than before"
                yield Problem((*path, "states"), message)
        elif kept and not isinstance(kept, Derived) and entry.answer.bands != kept.answer.bands:
            message = f"the bands of '{path[1]}' are other numbers than before"
            yield Problem((*path, "answer", "bands"), message)


def _follows(entry: Derived) -> tuple[str, frozenset[str]]:
    """Return from which answers to what a yes follows."""
    return entry.derived_from, frozenset(entry.states)


def _asked(described: ModelDescription) -> Mapping[KeyPath, Finding | RiskFactor | Derived]:
    sections: tuple[tuple[str, Mapping[str, Finding | RiskFactor | Derived]], ...] = (
        ("findings", described.findings),
        ("risk_factors", described.risk_factors),
        ("derived", described.derived),
    )
    return {(name, key): entry for name, entries in sections for key, entry in entries.items()}


def _care(before: ModelDescription, after: ModelDescription) -> Iterator[Problem]:
    """Yield limits that rise, and care that is ruled out less often."""
    was, now = before.model, after.model
    if now.conflict_from.value > was.conflict_from.value:
        message = "that findings fit no cause is noticed later"
        yield Problem(("model", "conflict_from"), message)
    if was.live_from is not None and (
        now.live_from is None or now.live_from.value > was.live_from.value
    ):
        yield Problem(("model", "live_from"), "exercise that harms a cause is left out later")
    for name, pathway in before.pathways.items():
        kept = after.pathways.get(name)
        if kept is not None and exempts_more(pathway.unless, kept.unless):
            yield Problem(("pathways", name, "unless"), f"'{name}' is ruled out less often")
    for name, exercise in before.exercises.items():
        if name in after.exercises:
            for tag in sorted(set(exercise.involves) - set(after.exercises[name].involves)):
                message = f"the exercise '{name}' no longer counts as {tag}"
                yield Problem(("exercises", name, "involves"), message)
