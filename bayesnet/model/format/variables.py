"""Variables of a model file: causes, risk factors and findings, and how they are asked about."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from bayesnet.model.format.bands import Number
from bayesnet.model.format.codings import Codings
from bayesnet.model.format.numbers import (
    JUDGEMENT,
    ConditionalFrequency,
    Effect,
    Frequency,
    Positive,
    RiskRow,
    Sources,
    Text,
    Why,
)
from bayesnet.model.format.triage_rules import Condition

NO, YES = "no", "yes"
OF_NETWORK = Frequency(
    source=(JUDGEMENT,), why="the model's network says so; it does not say how it knows"
)
"""Stands for a number that is not in the model file: its network has it."""


class Choices(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a question is answered: yes or no when empty, else named states, or a number in bands."""

    states: Annotated[
        tuple[Text, ...],
        Meta(
            description=(
                "From least to most: a cause moves answers to later ones or, with `lowers`, to "
                "earlier ones."
            )
        ),
    ] = ()
    labels: Annotated[
        dict[str, str],
        Meta(description="{state: its words for the person}; else the state's own name."),
    ] = {}
    unit: Annotated[str, Meta(description="What a number is counted in, such as `years`.")] = ""
    bands: Annotated[
        dict[str, tuple[Number, Number]],
        Meta(
            description=(
                "For numbers: {state: [first, last]}, ascending without gap or overlap; with "
                "decimals in any of them, answers may have decimals too."
            )
        ),
    ] = {}
    codings: Annotated[
        dict[str, Codings],
        Meta(description="{state: what other systems call this answer}, yes and no included."),
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

    question: Annotated[Text, Meta(description="The whole question, ending in a question mark.")]
    group: Annotated[Text, Meta(description="The heading it stands under, one of `model: groups`.")]
    asked_of: Annotated[
        Literal["self", "clinician"],
        Meta(description="self: anybody can answer it; clinician: only who examines can."),
    ] = "self"
    cost: Annotated[
        Positive,
        Meta(
            description=(
                "What it costs to ask, in simple questions: 1.5 counts as much as one and a "
                "half of them."
            )
        ),
    ] = 1.0
    red_flag: Annotated[bool, Meta(description="true: a yes points to something serious.")] = False
    mandatory: Annotated[
        bool, Meta(description="An interview may not stop before this has been asked.")
    ] = False
    ranked: Annotated[
        bool, Meta(description="false: it can be answered, and is never proposed by itself.")
    ] = True
    when: Annotated[
        Condition | None,
        Meta(description="Asked only of people for whom this holds; of everybody without it."),
    ] = None


class FaultStates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The states of a variable of the model's network in which a cause is present."""

    variable: Annotated[Text, Meta(description="The name of the variable in the network.")]
    states: Annotated[
        tuple[Text, ...],
        Meta(min_length=1, description="Those of its states, as the network writes them."),
    ]


class AnswerStates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The variable of the model's network that a question is about, and what each answer is."""

    variable: Annotated[Text, Meta(description="The name of the variable in the network.")]
    states: Annotated[
        dict[str, Text],
        Meta(
            description=(
                "{answer: its state, as the network writes it}; the answers are `no` and `yes` or "
                "those under `answer`."
            )
        ),
    ]


class RiskFactor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something about the person that makes causes more or less common."""

    label: Annotated[Text, Meta(description="A few words for lists and reports.")]
    asked: Annotated[QuestionSpec, Meta(description="The question about it.")]
    answer: Annotated[Choices, Meta(description="How it is answered; left out for yes or no.")] = (
        Choices()
    )
    frequency: Annotated[
        Frequency | None, Meta(description="How common it is among the people of this setting.")
    ] = None
    frequency_by: Annotated[
        tuple[ConditionalFrequency, ...],
        Meta(description="Rows tried in order; the first whose `when` fits counts."),
    ] = ()
    modifiable: Annotated[str, Meta(description="Advice, if the person can change it.")] = ""
    codings: Codings = ()


class Harm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A direction of exercise that makes a cause worse."""

    direction: Annotated[Text, Meta(description="A `direction` of the exercises, such as flexion.")]
    source: Sources
    why: Why = ""


class Cause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A latent cause; prevalence is its share of the people that this setting sees."""

    label: Annotated[Text, Meta(description="A few words for lists and reports.")]
    about: Annotated[Text, Meta(description="What it is, for the person, in a sentence or two.")]
    prevalence: Annotated[
        Frequency,
        Meta(
            description=(
                "Of the people that this setting sees, how many have it; with `in_network` left "
                "out."
            )
        ),
    ] = OF_NETWORK
    in_network: Annotated[
        FaultStates | None,
        Meta(description="Where the model has a `network`: which states of which variable it is."),
    ] = None
    risk_factors: Annotated[
        tuple[RiskRow, ...],
        Meta(description="What makes it more or less common: a row for each factor and state."),
    ] = ()
    multiply: Annotated[
        tuple[Annotated[tuple[Text, ...], Meta(min_length=2)], ...],
        Meta(
            description=(
                "Groups of risk factors whose ratios multiply each other, two to five in each. "
                "All else adds up."
            )
        ),
    ] = ()
    serious: Annotated[bool, Meta(description="true: it must not be missed.")] = False
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
        Meta(
            description=(
                "The textbook presentation as answers. It changes no probability: by it "
                "`model set` and the validation show what an edit does."
            )
        ),
    ] = {}
    codings: Codings = ()


class Shared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A latent finding that several tests measure: causes act on it, and it acts on the tests."""

    label: Annotated[Text, Meta(description="A few words; nobody is asked about it.")]
    background: Annotated[Frequency, Meta(description="How many show it with none of the causes.")]
    causes: Annotated[
        dict[str, Effect],
        Meta(description="{cause: how many show it with this cause and no other}"),
    ]


class Finding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person notices or a test shows; causes raise it over its background, or lower it."""

    label: Annotated[Text, Meta(description="A few words for lists and reports.")]
    asked: Annotated[QuestionSpec, Meta(description="The question about it.")]
    answer: Annotated[Choices, Meta(description="How it is answered; left out for yes or no.")] = (
        Choices()
    )
    background: Annotated[
        Frequency,
        Meta(description="How many show it with none of the causes; with `in_network` left out."),
    ] = OF_NETWORK
    in_network: Annotated[
        AnswerStates | None,
        Meta(description="Where the model has a `network`: which variable it is."),
    ] = None
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
    codings: Codings = ()


class Derived(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A yes/no finding that says something about another: yes means one of `states`."""

    label: Annotated[Text, Meta(description="A few words for lists and reports.")]
    asked: Annotated[QuestionSpec, Meta(description="The question about it.")]
    derived_from: Annotated[
        Text, Meta(description="The id of the finding or risk factor that it follows from.")
    ]
    states: Annotated[
        tuple[Text, ...], Meta(description="Those of its states that make this a yes.")
    ]
    codings: Codings = ()
