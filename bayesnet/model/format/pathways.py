"""Pathways of a model file: their phases and exercises, and what each is worth by cause."""

from typing import Annotated

from msgspec import Meta, Struct

from bayesnet.model.format.numbers import Sources, Text
from bayesnet.model.format.triage_rules import Level

NOBODY = "no_identified_cause"


class Exercise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exercise: its usual dose, how it goes on, when to stop, and what it does to the back."""

    label: Text
    how: Text
    dose: Text
    progression: Annotated[Text, Meta(description="How it is made harder, and when.")]
    stop_if: Annotated[Text, Meta(description="What ends it for the day.")]
    direction: Annotated[
        Text, Meta(description="Which way it moves the body, such as flexion; neutral: none.")
    ] = "neutral"
    source: Sources
    why: str = ""


class Prescribed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exercise in a phase; `dose` stands in for the exercise's usual one."""

    exercise: Text
    dose: str = ""


class Phase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stage of a pathway."""

    name: Text
    goal: Text
    actions: tuple[Text, ...] = ()
    exercises: tuple[Prescribed, ...] = ()
    enter_when: Text
    move_on_when: Text


class Utility(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Benefit (over 0) or harm (under 0) of a pathway for a person with a cause and no other."""

    value: Annotated[float, Meta(description="In the model's `utility_unit`.")]
    source: Sources
    why: str = ""


class Pathway(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way of care; the one with the best expected value is advised."""

    label: Text
    act: Annotated[
        str, Meta(description="What it asks of the person, in a few words: `stop running`.")
    ] = ""
    urgency: Level
    direction: Annotated[
        str,
        Meta(description="The direction its exercises take as a whole, if any, such as flexion."),
    ] = ""
    value: Annotated[
        dict[str, Utility],
        Meta(description="{cause, or `no_identified_cause`: benefit or harm}"),
    ]
    phases: tuple[Phase, ...]
    avoid: tuple[Text, ...] = ()
    source: Sources
    why: str = ""
