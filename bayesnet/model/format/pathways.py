"""Pathways of a model file: their phases and exercises, and what each is worth by cause."""

from typing import Annotated

from msgspec import Meta, Struct

from bayesnet.model.format.numbers import Sources, Text
from bayesnet.model.format.triage_rules import LEVELS, Condition, Level, Tags

NOBODY = "no_identified_cause"


class Action(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to do or to avoid; in a file its text alone will do.

    Either `text`, or `advice`: the id of a block of advice that stands in its place. when, unless:
    it is left out where the first does not hold or the second does; unanswered questions hold
    nothing.
    """

    text: str = ""
    advice: Annotated[
        str | None, Meta(description="A block of the section `advice`, inserted here.")
    ] = None
    when: Condition | None = None
    unless: Condition | None = None
    involves: Annotated[
        Tags, Meta(description="It is left out where triage forbids one of these tags.")
    ] = ()


Actions = tuple[Text | Action, ...]


def spelled_out(actions: Actions) -> tuple[Action, ...]:
    """Return actions as records, also those that are written as their text alone.

    >>> spelled_out(("Rest",))[0].text
    'Rest'
    """
    return tuple(Action(text=each) if isinstance(each, str) else each for each in actions)


class AdviceBlock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Actions that several pathways share, written once."""

    actions: Actions
    source: Sources
    why: str = ""


class Exercise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exercise: its usual dose, how it goes on, when to stop, and which way it moves."""

    label: Text
    how: Text
    dose: Text
    progression: Annotated[Text, Meta(description="How it is made harder, and when.")]
    stop_if: Annotated[Text, Meta(description="What ends it for the day.")]
    direction: Annotated[
        Text, Meta(description="Which way it moves the body, such as flexion; neutral: none.")
    ] = "neutral"
    involves: Annotated[
        Tags, Meta(description="It is left out where triage forbids one of these tags.")
    ] = ()
    source: Sources
    why: str = ""


class Prescribed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exercise in a phase; `dose` stands in for the exercise's usual one."""

    exercise: Text
    dose: str = ""


class Phase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stage of a pathway.

    cleared: it begins only once a clinician has allowed again what triage forbids until then, so
    that nothing is left out of it.
    """

    name: Text
    goal: Text
    actions: Actions = ()
    exercises: tuple[Prescribed, ...] = ()
    enter_when: Text
    move_on_when: Text
    cleared: bool = False


class Utility(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Benefit (over 0) or harm (under 0) of a pathway for a person with a cause and no other."""

    value: Annotated[float, Meta(description="In the model's `utility_unit`.")]
    source: Sources
    why: str = ""


class Pathway(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way of care; of those that the level of triage allows, the best in expectation is advised.

    levels: the levels at which it can be chosen. Older files give `urgency` instead: urgent or
    higher is that level alone, soon is soon, and less is every level up to soon. unless: answers
    that rule it out; unanswered questions rule nothing out.
    """

    label: Text
    act: Annotated[
        str, Meta(description="What it asks of the person, in a few words: `stop running`.")
    ] = ""
    levels: tuple[Level, ...] = ()
    urgency: Level | None = None
    unless: Condition | None = None
    direction: Annotated[
        str,
        Meta(description="The direction its exercises take as a whole, if any, such as flexion."),
    ] = ""
    value: Annotated[
        dict[str, Utility],
        Meta(description="{cause, or `no_identified_cause`: benefit or harm}"),
    ]
    phases: tuple[Phase, ...]
    avoid: Actions = ()
    source: Sources
    why: str = ""


def levels_of(pathway: Pathway) -> tuple[Level, ...]:
    """Return the levels at which a pathway can be chosen, the least urgent first.

    >>> levels_of(Pathway(label="Rest", urgency="routine", value={}, phases=(), source=("x",)))
    ('self_care', 'routine', 'soon')
    """
    if pathway.levels or pathway.urgency is None:
        return tuple(sorted(pathway.levels, key=LEVELS.index))
    if pathway.urgency in LEVELS[:2]:
        return LEVELS[:3]
    return (pathway.urgency,)
