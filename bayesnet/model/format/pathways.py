"""Pathways of a model file: their phases and exercises, and what each is worth by cause."""

from typing import Annotated

from msgspec import Meta, Struct

from bayesnet.model.format.numbers import Sources, Text, Why
from bayesnet.model.format.triage_rules import LEVELS, Condition, Level, Tags

NOBODY = "no_identified_cause"


class Action(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to do or to avoid; in a file its text alone will do.

    Either `text`, or `advice`: the id of a block of advice that stands in its place. when, unless:
    it is left out where the first does not hold or the second does; unanswered questions hold
    nothing.
    """

    text: Annotated[str, Meta(description="What to do or to avoid, said to the person.")] = ""
    advice: Annotated[
        str | None, Meta(description="A block of the section `advice`, inserted here.")
    ] = None
    when: Annotated[Condition | None, Meta(description="Said only where this holds.")] = None
    unless: Annotated[Condition | None, Meta(description="Left out where this holds.")] = None
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

    actions: Annotated[Actions, Meta(description="What to do, one after the other.")]
    source: Sources
    why: Why = ""


class Exercise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exercise: its usual dose, how it goes on, when to stop, and which way it moves."""

    label: Annotated[Text, Meta(description="Its name, as the person reads it.")]
    how: Annotated[Text, Meta(description="How it is done, in a sentence or two.")]
    dose: Annotated[
        Text, Meta(description="How much and how often, where a phase says nothing else.")
    ]
    progression: Annotated[Text, Meta(description="How it is made harder, and when.")]
    stop_if: Annotated[Text, Meta(description="What ends it for the day.")]
    direction: Annotated[
        Text, Meta(description="Which way it moves the body, such as flexion; neutral: none.")
    ] = "neutral"
    involves: Annotated[
        Tags, Meta(description="It is left out where triage forbids one of these tags.")
    ] = ()
    source: Sources
    why: Why = ""


class Prescribed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exercise in a phase; `dose` stands in for the exercise's usual one."""

    exercise: Annotated[Text, Meta(description="The id of an exercise.")]
    dose: Annotated[
        str, Meta(description="How much and how often in this phase; left out, the exercise's own.")
    ] = ""


class Phase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stage of a pathway.

    cleared: it begins only once a clinician has allowed again what triage forbids until then, so
    that nothing is left out of it.
    """

    name: Annotated[Text, Meta(description="A short heading.")]
    goal: Annotated[Text, Meta(description="What it is to reach.")]
    actions: Annotated[
        Actions, Meta(description="What to do in this phase: texts, or blocks with conditions.")
    ] = ()
    exercises: Annotated[
        tuple[Prescribed, ...], Meta(description="What to train in this phase, in this order.")
    ] = ()
    enter_when: Annotated[Text, Meta(description="From when on this phase is right.")]
    move_on_when: Annotated[Text, Meta(description="What has to be reached before the next one.")]
    cleared: Annotated[
        bool,
        Meta(
            description=("true: it begins once a clinician has allowed again what triage forbids.")
        ),
    ] = False


class Utility(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Benefit (over 0) or harm (under 0) of a pathway for a person with a cause and no other."""

    value: Annotated[float, Meta(description="In the model's `utility_unit`.")]
    source: Sources
    why: Why = ""


class Pathway(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way of care; of those that the level of triage allows, the best in expectation is advised.

    levels: the levels at which it can be chosen. Older files give `urgency` instead: urgent or
    higher is that level alone, soon is soon, and less is every level up to soon. unless: answers
    that rule it out; unanswered questions rule nothing out.
    """

    label: Annotated[Text, Meta(description="Its name, as reports show it.")]
    act: Annotated[
        str, Meta(description="What it asks of the person, in a few words: `stop running`.")
    ] = ""
    levels: Annotated[
        tuple[Level, ...], Meta(description="The levels of urgency at which it can be chosen.")
    ] = ()
    urgency: Annotated[
        Level | None, Meta(description="The older way to say `levels`, by one level.")
    ] = None
    unless: Annotated[Condition | None, Meta(description="Answers that rule it out.")] = None
    direction: Annotated[
        str,
        Meta(description="The direction its exercises take as a whole, if any, such as flexion."),
    ] = ""
    value: Annotated[
        dict[str, Utility],
        Meta(description="{cause, or `no_identified_cause`: benefit or harm}"),
    ]
    phases: Annotated[tuple[Phase, ...], Meta(description="Its stages, in order.")]
    avoid: Annotated[Actions, Meta(description="What not to do while on it.")] = ()
    source: Sources
    why: Why = ""


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
