"""What a model file may say: one frozen record per kind of entry.

The JSON Schema that editors use, the checker's messages and the compiled cache
all come from these classes, so a field's description here is its documentation. They are msgspec
structs: frozen like dataclasses, and made in a fifth of the time at every start of the program.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

JUDGEMENT = "expert judgement"
NO, YES = "no", "yes"
NOBODY = "no_identified_cause"
LEVELS = ("self_care", "routine", "soon", "urgent", "emergency")

Level = Literal["self_care", "routine", "soon", "urgent", "emergency"]
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
    Positive, Meta(description="Equivalent sample size: how many patients the number is worth.")
]
Conflicts = Annotated[
    dict[str, Text],
    Meta(description="{id of a published figure that says otherwise: why it was not followed}"),
]


class Frequency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of 100 such people, as a probability in [0, 1], with its source.

    `value` is for yes/no; `values` (a probability per state, summing to 1) for the others.
    """

    value: Probability | None = None
    values: dict[str, Probability] | None = None
    interval: Interval | None = None
    sample_size: SampleSize | None = None
    source: Sources
    why: str = ""
    conflicts: Conflicts = {}


class ConditionalFrequency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A risk factor's frequency among people who fit `when` ({other factor: state})."""

    when: dict[str, str] = {}
    value: Probability | None = None
    values: dict[str, Probability] | None = None
    interval: Interval | None = None
    sample_size: SampleSize | None = None
    source: Sources
    why: str = ""
    conflicts: Conflicts = {}


class RiskRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many times more common a cause is with a factor than without it.

    `factor` is a risk factor or another cause; `state` names the factor's state when it has
    more than yes/no. States without a row have relative risk 1.
    """

    factor: Text
    state: str | None = None
    relative_risk: Positive
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
        dict[str, str | bool | int],
        Meta(description="The textbook presentation as evidence; checked by the validation."),
    ] = {}


class Shared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A latent finding that several tests measure; causes act on it, it acts on the tests."""

    label: Text
    background: Frequency
    causes: dict[str, Frequency]


class Choices(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a person answers: yes/no when empty, else named states or banded numbers."""

    states: Annotated[
        tuple[Text, ...],
        Meta(description="From least to most; the first is what people without a cause show most."),
    ] = ()
    labels: dict[str, str] = {}
    unit: str = ""
    bands: Annotated[
        dict[str, tuple[int, int]],
        Meta(description="For numbers: {state: [first, last]}, without gap or overlap."),
    ] = {}


def states_of(answer: Choices) -> tuple[str, ...]:
    """The states of a variable with such answers: named, banded, or no and yes."""
    return answer.states or tuple(answer.bands) or (NO, YES)


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What asking costs and who can answer."""

    question: Text
    group: Annotated[Text, Meta(description="The heading it stands under, one of `model: groups`.")]
    asked_of: Literal["self", "clinician"] = "self"
    cost: Positive = 1.0
    red_flag: bool = False
    mandatory: Annotated[
        bool, Meta(description="An interview may not stop before this has been asked.")
    ] = False


class RiskFactor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something about the person that makes causes more or less common."""

    label: Text
    asked: Asked
    answer: Choices = Choices()
    frequency: Frequency | None = None
    frequency_by: Annotated[
        tuple[ConditionalFrequency, ...],
        Meta(description="Rows tried in order; the first whose `when` fits counts."),
    ] = ()
    modifiable: Annotated[str, Meta(description="Advice, if the person can change it.")] = ""


class Finding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something a person notices or a test shows; causes raise it over its background."""

    label: Text
    asked: Asked
    answer: Choices = Choices()
    background: Frequency
    background_by: Annotated[
        dict[str, dict[str, Frequency]],
        Meta(
            description=(
                "{risk factor: {state: the background among such people}}, where it is higher; "
                "everyone else has the `background`."
            )
        ),
    ] = {}
    causes: Annotated[
        dict[str, Frequency],
        Meta(description="{cause or shared node: of 100 people with it and nothing else}"),
    ] = {}
    points_to: Annotated[
        str,
        Meta(description="What a yes may come from that the model does not hold, after `to`."),
    ] = ""


class Derived(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A yes/no finding that says something about another: yes means one of `states`."""

    label: Text
    asked: Asked
    derived_from: Text
    states: tuple[Text, ...]


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


class PublishedFigure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published figure and where it stands.

    figure: the whole of it in words; the numeric fields hold what of it is a number. Proportions
    are in [0, 1]. computed_ratios: the likelihood ratios were computed from sensitivity and
    specificity, not printed. set_aside: why no number of the model rests on it.
    """

    figure: Text
    cause: str = ""
    finding: str = ""
    kind: Literal["prevalence", "sens_spec", "lr", "odds_ratio", "risk", ""] = ""
    sensitivity: Probability | None = None
    specificity: Probability | None = None
    lr_positive: float | None = None
    lr_negative: float | None = None
    computed_ratios: bool = False
    value: float | None = None
    measure: str = ""
    intervals: Annotated[
        dict[str, tuple[float, float]],
        Meta(description="{field: [low, high]}: published 95 % intervals."),
    ] = {}
    ranges: Annotated[
        dict[str, tuple[float, float]],
        Meta(description="{field: [low, high]}: lowest and highest of several studies or groups."),
    ] = {}
    parts: dict[str, float] = {}
    population: str = ""
    n: str = ""
    citation: Text
    url: str = ""
    doi: str = ""
    pubmed: Annotated[str, Meta(description="PMID or PMC number.")] = ""
    status: Literal["read", "recalled"] = "read"
    read_level: Literal["abstract", "table", "secondary", ""] = ""
    set_aside: str = ""


class Factor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many times, with its source and the reason for it."""

    value: Annotated[float, Meta(ge=1)]
    source: Sources
    why: Text


class Identity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the model is, for whom, and what it says of itself."""

    id: Text
    version: Text
    title: Text
    setting: Text
    disclaimer: Text
    groups: Annotated[
        tuple[Text, ...],
        Meta(description="Headings of the questions, in order; else as the entries name them."),
    ] = ()
    utility_unit: Annotated[
        str, Meta(description="What benefits and harms are counted in, in two or three words.")
    ] = ""
    utility_meaning: Annotated[str, Meta(description="What one such unit is.")] = ""
    live_from: Annotated[
        Threshold | None,
        Meta(
            description=(
                "From this probability a cause is live. While two live causes are made worse by "
                "different directions of exercise, neither direction is advised."
            )
        ),
    ] = None
    stop_below_bits: Annotated[
        Positive, Meta(description="Stop asking when no question is worth this many bits.")
    ] = 0.02
    conflict_from: Annotated[
        Factor,
        Meta(
            description=(
                "Findings fit no cause when, under every cause and under none, they are this many "
                "times less likely together than their own frequencies make them."
            )
        ),
    ] = Factor(
        value=10.0,
        source=(JUDGEMENT,),
        why="ten to one is strong evidence; set it by how many simulated patients it flags",
    )


class ModelDescription(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole model: every file of it, merged."""

    model: Identity
    include: tuple[str, ...] = ()
    causes: dict[str, Cause] = {}
    shared: dict[str, Shared] = {}
    risk_factors: dict[str, RiskFactor] = {}
    findings: dict[str, Finding] = {}
    derived: dict[str, Derived] = {}
    triage: Triage | None = None
    pathways: dict[str, Pathway] = {}
    exercises: dict[str, Exercise] = {}
    evidence: dict[str, PublishedFigure] = {}
