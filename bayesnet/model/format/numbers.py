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
Interval = Annotated[
    tuple[float, float], Meta(description="95 % interval: [low, high], around the value.")
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

    value: Probability | None = None
    values: dict[str, Probability] | None = None
    interval: Interval | None = None
    sample_size: SampleSize | None = None
    source: Sources
    why: str = ""
    conflicts: Conflicts = {}


class ConditionalFrequency(Frequency, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A risk factor's frequency among people who fit `when` ({other factor: state})."""

    when: dict[str, str] = {}


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
    more than yes/no. States without a row have relative risk 1.
    """

    factor: Text
    state: str | None = None
    relative_risk: Positive
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
    why: str = ""
    conflicts: Conflicts = {}


class Threshold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A probability from which something is done, and the reason for it."""

    value: Probability
    source: Sources
    why: Text


class RatioThreshold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ratio from which something is said or done, and the reason for it."""

    value: Annotated[float, Meta(ge=1)]
    source: Sources
    why: Text
