"""Triage of a model file: levels of urgency, and what raises them: rules, and probable causes."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from bayesnet.model.format.numbers import Positive, Probability, Sources, Text

Level = Literal["self_care", "routine", "soon", "urgent", "emergency"]

LEVELS: tuple[Level, ...] = ("self_care", "routine", "soon", "urgent", "emergency")


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


Tags = Annotated[
    tuple[Text, ...],
    Meta(description="What advice can involve, each one of `triage: tags`."),
]


class TriageRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Raises the level of urgency when its condition holds; nothing lowers it.

    unless: known facts that make the rule not apply. What was not answered holds no condition,
    so silence never exempts, and another rule's level stands. confirm: the id of one yes/no
    question that decides; only a no to it lowers the rule's level, to `denied`.
    """

    level: Level
    when: Condition
    unless: Condition | None = None
    confirm: Annotated[
        str | None,
        Meta(description="A yes/no question; unanswered or not known, it counts as a yes."),
    ] = None
    denied: Annotated[
        Level | None, Meta(description="The rule's level once `confirm` is answered with no.")
    ] = None
    forbids: Tags = ()
    reason: Text
    message: str = ""
    source: Sources
    why: str = ""


class Stakes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the step up to a level gains where the cause is present, and costs where it is not.

    Both against the level below, in the model's `utility_unit`. The level is reached from the
    probability harm / (harm + benefit) (Pauker and Kassirer 1980, N Engl J Med 302:1109).
    """

    benefit: Positive
    harm: Positive
    message: str = ""
    source: Sources
    why: str = ""


class CauseUrgency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which probabilities a cause raises the level, and what is asked before it may.

    screen: ids of the questions that have to be answered before the probability raises the level
    beyond `soon`, unless no answer to them could bring it back under the threshold.
    """

    screen: tuple[Text, ...] = ()
    forbids: Annotated[
        tuple[Text, ...],
        Meta(description="Tags of what is not advised from the lowest of the thresholds on."),
    ] = ()
    routine: Stakes | None = None
    soon: Stakes | None = None
    urgent: Stakes | None = None
    emergency: Stakes | None = None


def stakes_of(urgency: CauseUrgency) -> dict[Level, Stakes]:
    """Return the stakes of each level to which a cause can raise, the least urgent level first."""
    found = {level: getattr(urgency, level, None) for level in LEVELS}
    return {level: stakes for level, stakes in found.items() if stakes is not None}


def level_label(triage: "Triage | None", level: str) -> str:
    """Return what a model calls a level: its own label, else the level's id in words.

    >>> level_label(None, "self_care")
    'self care'
    """
    own: Mapping[str, str] = {} if triage is None else triage.labels  # type: ignore[assignment]
    return own.get(level, level.replace("_", " "))


def threshold_of(stakes: Stakes) -> float:
    """Return the probability from which a step up gains more than it costs.

    >>> threshold_of(Stakes(benefit=9, harm=1, source=("x",)))
    0.1
    """
    return stakes.harm / (stakes.harm + stakes.benefit)


class ScopeRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words for people whom the model was not made for; they are said whatever the level is.

    level: the least that such people are told.
    """

    when: Condition
    level: Level
    message: Text
    forbids: Tags = ()
    source: Sources
    why: str = ""


class Triage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The level without any rule, the message per level, the rules, and the probable causes.

    thresholds: {cause: from which probabilities it raises the level}. A serious cause without an
    entry raises it to the urgency of its `act_by`, from where that overtakes what is done
    otherwise.
    """

    default: Level
    messages: dict[Level, Text]
    labels: Annotated[
        dict[Level, Text],
        Meta(description="{level: what it is called}; `self_care` is called self care without."),
    ] = {}
    tags: Annotated[
        dict[str, Text],
        Meta(description="{what advice can involve: the same in words, after `no`}"),
    ] = {}
    forbids: Annotated[
        dict[Level, Tags],
        Meta(description="{level: tags of what is not advised at it}"),
    ] = {}
    rules: dict[str, TriageRule]
    thresholds: dict[str, CauseUrgency] = {}
    scope: dict[str, ScopeRule] = {}
