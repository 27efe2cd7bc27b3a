"""Triage of a model file: levels of urgency, and the rules that raise them on a condition."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from bayesnet.model.format.numbers import Probability, Sources, Text

LEVELS = ("self_care", "routine", "soon", "urgent", "emergency")

Level = Literal["self_care", "routine", "soon", "urgent", "emergency"]


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding (present, in a state, in a range), a probability, or any/all/some of conditions.

    A cause counts from `probability_over`, or with `over_threshold` from its action threshold.
    conflict: the findings fit no cause of the model (`model: conflict_from`).
    """

    finding: str | None = None
    equals: tuple[str, ...] = ()
    at_least: float | None = None
    below: float | None = None
    absent: bool = False
    cause: str | None = None
    probability_over: Probability | None = None
    conflict: bool = False
    over_threshold: bool = False
    any: "tuple[Condition, ...]" = ()
    all: "tuple[Condition, ...]" = ()
    count: Annotated[int, Meta(ge=1)] | None = None
    of: "tuple[Condition, ...]" = ()


class TriageRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Raises the level of urgency when its condition holds; nothing lowers it.

    unless: known facts that make the rule not apply. What was not answered holds no condition,
    so silence never exempts, and another rule's level stands.
    """

    level: Level
    when: Condition
    unless: Condition | None = None
    reason: Text
    message: str = ""
    source: Sources
    why: str = ""


class Triage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The level without any rule, the message per level, and the rules."""

    default: Level
    messages: dict[Level, Text]
    rules: dict[str, TriageRule]
