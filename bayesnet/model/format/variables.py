"""Variables of a model file: causes, risk factors and findings, and how they are asked about."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from bayesnet.model.format.bands import Number
from bayesnet.model.format.numbers import (
    ConditionalFrequency,
    Effect,
    Frequency,
    Positive,
    RiskRow,
    Sources,
    Text,
)
from bayesnet.model.format.triage_rules import Condition

NO, YES = "no", "yes"


class Choices(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a question is answered: yes or no when empty, else named states, or a number in bands."""

    states: Annotated[
        tuple[Text, ...],
        Meta(description="From least to most; the first is what people without a cause show most."),
    ] = ()
    labels: dict[str, str] = {}
    unit: str = ""
    bands: Annotated[
        dict[str, tuple[Number, Number]],
        Meta(
            description=(
                "For numbers: {state: [first, last]}, ascending without gap or overlap; with "
                "decimals in any of them, answers may have decimals too."
            )
        ),
    ] = {}


def states_of(answer: Choices) -> tuple[str, ...]:
    """List the states of a variable with such answers: named, banded, or no and yes.

    >>> states_of(Choices())
    ('no', 'yes')
    >>> states_of(Choices(bands={"young": (18, 39), "older": (40, 90)}))
    ('young', 'older')
    """
    return answer.states or tuple(answer.bands) or (NO, YES)


class QuestionSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The question about a variable: its words, what asking costs, and who can answer."""

    question: Text
    group: Annotated[Text, Meta(description="The heading it stands under, one of `model: groups`.")]
    asked_of: Literal["self", "clinician"] = "self"
    cost: Positive = 1.0
    red_flag: bool = False
    mandatory: Annotated[
        bool, Meta(description="An interview may not stop before this has been asked.")
    ] = False
    when: Annotated[
        Condition | None,
        Meta(description="Asked only of people for whom this holds; of everybody without it."),
    ] = None


class RiskFactor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something about the person that makes causes more or less common."""

    label: Text
    asked: QuestionSpec
    answer: Choices = Choices()
    frequency: Frequency | None = None
    frequency_by: Annotated[
        tuple[ConditionalFrequency, ...],
        Meta(description="Rows tried in order; the first whose `when` fits counts."),
    ] = ()
    modifiable: Annotated[str, Meta(description="Advice, if the person can change it.")] = ""


class Harm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A direction of exercise that makes a cause worse."""

    direction: Text
    source: Sources
    why: str = ""


class Cause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A latent cause; prevalence is its share of the people that this setting sees."""

    label: Text
    about: Text
    prevalence: Frequency
    risk_factors: tuple[RiskRow, ...] = ()
    multiply: Annotated[
        tuple[Annotated[tuple[Text, ...], Meta(min_length=2)], ...],
        Meta(
            description=(
                "Groups of risk factors whose ratios multiply each other, two to five in each. "
                "All else adds up."
            )
        ),
    ] = ()
    serious: bool = False
    act_by: Annotated[
        str | None,
        Meta(
            description=(
                "The pathway by which this cause is acted on. From the probability at which it "
                "overtakes what would be done otherwise, the cause stands on must_not_miss."
            )
        ),
    ] = None
    harmed_by: Annotated[
        tuple[Harm, ...],
        Meta(description="Directions of exercise that make it worse; see `model: live_from`."),
    ] = ()
    textbook: Annotated[
        dict[str, str | bool | Number],
        Meta(description="The textbook presentation as evidence; checked by the validation."),
    ] = {}


class Shared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A latent finding that several tests measure: causes act on it, and it acts on the tests."""

    label: Text
    background: Frequency
    causes: dict[str, Effect]


class Finding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person notices or a test shows; causes raise it over its background, or lower it."""

    label: Text
    asked: QuestionSpec
    answer: Choices = Choices()
    background: Frequency
    background_by: Annotated[
        dict[str, dict[str, Frequency]],
        Meta(
            description=(
                "{risk factor: {state: the background among such people}}, where it is higher than "
                "elsewhere; `background` is the mean over everybody with none of the causes."
            )
        ),
    ] = {}
    causes: Annotated[
        dict[str, Effect],
        Meta(description="{cause or shared node: of 100 people with it and nothing else}"),
    ] = {}
    points_to: Annotated[
        str,
        Meta(description="What a yes may come from that the model does not hold, after `to`."),
    ] = ""


class Derived(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A yes/no finding that says something about another: yes means one of `states`."""

    label: Text
    asked: QuestionSpec
    derived_from: Text
    states: tuple[Text, ...]
