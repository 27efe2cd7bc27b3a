"""Find every condition on answers that a model states, and which questions one looks at."""

from collections.abc import Iterator

from msgspec import Struct

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.pathways import Actions, spelled_out
from bayesnet.model.format.triage_rules import Condition


class StatedCondition(Struct, frozen=True):
    """A condition with its path, what follows from it in words, and what exempts from it."""

    path: KeyPath
    condition: Condition
    consequence: str
    unless: Condition | None = None


def conditions_of(description: ModelDescription) -> Iterator[StatedCondition]:
    """Yield each condition of questions, triage, contradictions, pathways and advice."""
    for section in ("risk_factors", "findings", "derived"):
        for name, entry in getattr(description, section).items():
            if entry.asked.when is not None:
                asked: KeyPath = (section, name, "asked", "when")
                yield StatedCondition(asked, entry.asked.when, f"'{name}' is never asked")
    for name, contradiction in description.contradictions.items():
        path = ("contradictions", name, "when")
        yield StatedCondition(path, contradiction.when, "the message is never given")
    yield from _of_triage(description)
    for name, pathway in description.pathways.items():
        where: KeyPath = ("pathways", name)
        if pathway.unless is not None:
            yield StatedCondition((*where, "unless"), pathway.unless, "it rules nothing out")
        for at, phase in enumerate(pathway.phases):
            yield from _of_actions((*where, "phases", at, "actions"), phase.actions)
        yield from _of_actions((*where, "avoid"), pathway.avoid)
    for name, block in description.advice.items():
        yield from _of_actions(("advice", name, "actions"), block.actions)
    yield from _of_actions(("every_phase",), description.every_phase)


def named_in(condition: Condition) -> Iterator[str]:
    """Yield the questions that a condition looks at, as often as it does.

    >>> list(named_in(Condition(all=(Condition(finding="fever"), Condition(finding="age")))))
    ['fever', 'age']
    """
    if condition.finding is not None:
        yield condition.finding
    for part in (*condition.any, *condition.all, *condition.of):
        yield from named_in(part)


def _of_triage(description: ModelDescription) -> Iterator[StatedCondition]:
    if description.triage is None:
        return
    for name, rule in description.triage.rules.items():
        path: KeyPath = ("triage", "rules", name)
        consequence = f"the rule '{name}' raises nobody's urgency"
        yield StatedCondition((*path, "when"), rule.when, consequence, rule.unless)
        if rule.unless is not None:
            yield StatedCondition((*path, "unless"), rule.unless, "it exempts nobody")
    for name, words in description.triage.scope.items():
        path = ("triage", "scope", name, "when")
        yield StatedCondition(path, words.when, "the message is never given")


def _of_actions(path: KeyPath, actions: Actions) -> Iterator[StatedCondition]:
    for at, action in enumerate(spelled_out(actions)):
        if action.when is not None:
            consequence = "the advice is never given"
            yield StatedCondition((*path, at, "when"), action.when, consequence, action.unless)
        if action.unless is not None:
            yield StatedCondition((*path, at, "unless"), action.unless, "it leaves nothing out")
