"""Numbers of a model file, each with its source: what a person can picture and look up."""

from typing import Annotated

from msgspec import Meta, Struct

JUDGEMENT = "expert judgement"

Probability = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0)]
Text = Annotated[str, Meta(min_length=1)]
Sources = Annotated[
    tuple[Text, ...],
    Meta(
        min_length=1,
        description=(
            "Ids of published figures (section `evidence`), a citation in full, "
            f"or `{JUDGEMENT}`, which then needs a `why`."
        ),
    ),
]
Why = Annotated[
    str, Meta(description="The reason, in words; `expert judgement` needs one. Quote it.")
]
Reason = Annotated[str, Meta(min_length=1, description="The reason, in words.")]
Interval = Annotated[
    tuple[float, float],
    Meta(description="95 % interval: [low, high], around the value; this or `sample_size`."),
]
SampleSize = Annotated[
    Positive, Meta(description="Equivalent sample size: how many cases the number is worth.")
]
Conflicts = Annotated[
    dict[str, Text],
    Meta(description="{id of a published figure that says otherwise: why it was not followed}"),
]


class Frequency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of 100 such people, as a probability in [0, 1], with its source.

    `value` is for yes/no; `values` (a probability per state, summing to 1) is for the others.
    """

    value: Annotated[
        Probability | None,
        Meta(
            description=("For yes or no: the probability of yes, as a fraction. 15 of 100 is 0.15.")
        ),
    ] = None
    values: Annotated[
        dict[str, Probability] | None,
        Meta(description="For several states: {state: its probability}. They add up to 1."),
    ] = None
    interval: Interval | None = None
    sample_size: SampleSize | None = None
    source: Sources
    why: Why = ""
    conflicts: Conflicts = {}


class ConditionalFrequency(Frequency, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A risk factor's frequency among people who fit `when` ({other factor: state})."""

    when: Annotated[
        dict[str, str],
        Meta(
            description=(
                "{another risk factor: its state}; whom this row is about. Empty: everyone else."
            )
        ),
    ] = {}


class Effect(Frequency, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many show a finding or pattern with this cause, or pattern, and nothing else."""

    lowers: Annotated[
        bool,
        Meta(
            description=(
                "true: fewer show it than the background says. Without this such a number is a "
                "mistake, so that an edited background never turns evidence round unnoticed."
            )
        ),
    ] = False


class RiskRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many times more common a cause is with a factor than without it.

    `factor` is a risk factor or another cause; `state` names the factor's state when it has
    more than yes/no. States without a row are those that the others are compared with.
    """

    factor: Annotated[
        Text, Meta(description="The id of a risk factor, or of a cause that brings this one about.")
    ]
    state: Annotated[
        str | None, Meta(description="Which state of the factor; left out for yes or no.")
    ] = None
    relative_risk: Annotated[
        Positive,
        Meta(
            description=(
                "2: twice as common with it as without it, everything else as it comes; 1: no"
                " effect."
            )
        ),
    ]
    among: Annotated[
        dict[str, Annotated[tuple[Text, ...], Meta(min_length=1)]],
        Meta(
            description=(
                "{another risk factor: [its states]}: whom the ratio was measured in. It holds for "
                "them, times what that factor does; for all others this row does nothing."
            )
        ),
    ] = {}
    interval: Interval | None = None
    sample_size: SampleSize | None = None
    source: Sources
    why: Why = ""
    conflicts: Conflicts = {}


class Threshold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A probability from which something is done, and the reason for it."""

    value: Annotated[Probability, Meta(description="A probability, as a fraction.")]
    source: Sources
    why: Reason


class RatioThreshold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ratio from which something is said or done, and the reason for it."""

    value: Annotated[float, Meta(ge=1, description="How many times; 1 or more.")]
    source: Sources
    why: Reason
