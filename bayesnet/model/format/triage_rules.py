"""Triage of a model file: levels of urgency, and what raises them: rules, and probable causes."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from bayesnet.model.format.numbers import Positive, Probability, Sources, Text, Why

Level = Literal["self_care", "routine", "soon", "urgent", "emergency"]

LEVELS: tuple[Level, ...] = ("self_care", "routine", "soon", "urgent", "emergency")


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding (present, in a state, in a range), a probability, or any/all/some of conditions.

    A cause counts from `probability_over`, or with `over_threshold` from its action threshold.
    conflict: the findings fit no cause of the model (`model: conflict_from`).
    """

    finding: Annotated[
        str | None,
        Meta(
            description=(
                "The id of a finding or risk factor: it holds where the answer is yes, or as below."
            )
        ),
    ] = None
    equals: Annotated[
        tuple[str, ...],
        Meta(description="The states in which it holds, of a finding with several."),
    ] = ()
    at_least: Annotated[float | None, Meta(description="It holds from this number on.")] = None
    below: Annotated[float | None, Meta(description="It holds under this number.")] = None
    absent: Annotated[bool, Meta(description="true: it holds where the answer is no.")] = False
    cause: Annotated[
        str | None,
        Meta(description="The id of a cause, with `probability_over` or `over_threshold`."),
    ] = None
    probability_over: Annotated[
        Probability | None,
        Meta(description="It holds from this probability of the cause on, as a fraction."),
    ] = None
    conflict: Annotated[
        bool, Meta(description="true: it holds where the answers fit no cause of the model.")
    ] = False
    over_threshold: Annotated[
        bool,
        Meta(description="true: it holds from the probability at which the cause is acted on."),
    ] = False
    any: Annotated[
        "tuple[Condition, ...]", Meta(description="It holds where one of these does.")
    ] = ()
    all: Annotated[
        "tuple[Condition, ...]", Meta(description="It holds where all of these do.")
    ] = ()
    count: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="How many of those under `of` have to hold."),
    ] = None
    of: Annotated[
        "tuple[Condition, ...]", Meta(description="The conditions that `count` counts.")
    ] = ()


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

    level: Annotated[Level, Meta(description="The level that it raises to.")]
    when: Annotated[Condition, Meta(description="The answers for which it holds.")]
    unless: Annotated[
        Condition | None,
        Meta(description="Answers that make it not apply. What was not answered exempts nobody."),
    ] = None
    confirm: Annotated[
        str | None,
        Meta(description="A yes/no question; unanswered or not known, it counts as a yes."),
    ] = None
    denied: Annotated[
        Level | None, Meta(description="The rule's level once `confirm` is answered with no.")
    ] = None
    forbids: Tags = ()
    reason: Annotated[Text, Meta(description="Why it is urgent, said to the person.")]
    message: Annotated[
        str, Meta(description="What to do, in place of the message of the level.")
    ] = ""
    source: Sources
    why: Why = ""


class Stakes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the step up to a level gains where the cause is present, and costs where it is not.

    Both against the level below, in the model's `utility_unit`. The level is reached from the
    probability harm / (harm + benefit) (Pauker and Kassirer 1980, N Engl J Med 302:1109).
    """

    benefit: Annotated[
        Positive,
        Meta(
            description=(
                "What is gained by this level where the cause is present, in the `utility_unit`."
            )
        ),
    ]
    harm: Annotated[
        Positive,
        Meta(
            description=(
                "What is lost by this level where the cause is absent, in the `utility_unit`."
            )
        ),
    ]
    message: Annotated[
        str, Meta(description="What to do, in place of the message of the level.")
    ] = ""
    source: Sources
    why: Why = ""


class CauseUrgency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which probabilities a cause raises the level, and what is asked before it may.

    screen: ids of the questions that have to be answered before the probability raises the level
    beyond `soon`, unless no answer to them could bring it back under the threshold.
    """

    screen: Annotated[
        tuple[Text, ...],
        Meta(
            description=("Questions to answer before the cause may raise the level beyond `soon`.")
        ),
    ] = ()
    forbids: Annotated[
        tuple[Text, ...],
        Meta(description="Tags of what is not advised from the lowest of the thresholds on."),
    ] = ()
    routine: Annotated[
        Stakes | None, Meta(description="From when on it should be seen within weeks.")
    ] = None
    soon: Annotated[Stakes | None, Meta(description="From when on it should be seen soon.")] = None
    urgent: Annotated[
        Stakes | None, Meta(description="From when on it should be seen the same day.")
    ] = None
    emergency: Annotated[Stakes | None, Meta(description="From when on it cannot wait.")] = None


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

    when: Annotated[Condition, Meta(description="Whom it is about.")]
    level: Annotated[Level, Meta(description="The least urgent level that such people are told.")]
    message: Annotated[Text, Meta(description="What is said to them.")]
    forbids: Tags = ()
    source: Sources
    why: Why = ""


class Triage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The level without any rule, the message per level, the rules, and the probable causes.

    thresholds: {cause: from which probabilities it raises the level}. A serious cause without an
    entry raises it to the urgency of its `act_by`, from where that overtakes what is done
    otherwise.
    """

    default: Annotated[Level, Meta(description="The level of those whom nothing raises.")]
    messages: Annotated[
        dict[Level, Text],
        Meta(description="{level: what to do at it}; each level in use needs one."),
    ]
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
    rules: Annotated[
        dict[str, TriageRule],
        Meta(
            description=(
                "{id: a rule}: answers that raise the level at once, whatever is probable."
            )
        ),
    ]
    thresholds: Annotated[
        dict[str, CauseUrgency],
        Meta(description="{cause: from which probabilities it raises the level}"),
    ] = {}
    scope: Annotated[
        dict[str, ScopeRule],
        Meta(description="{id: people whom the model is not made for, and what to tell them}"),
    ] = {}
