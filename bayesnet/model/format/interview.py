"""The interview of a model file: what is asked first, in which screens, and when to stop."""

from typing import Annotated

from msgspec import Meta, Struct

from bayesnet.model.format.numbers import Positive, Probability, Text

NotNegative = Annotated[float, Meta(ge=0)]


class Gate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A screen: several yes/no signs asked as one question, which "none of these" answers."""

    question: Annotated[
        Text, Meta(description="The question above its lines, ending in a question mark.")
    ]
    question_clinician: Annotated[
        str, Meta(description="The same for a clinician, where the words have to differ.")
    ] = ""
    lines: Annotated[
        tuple[Text, ...],
        Meta(min_length=1, description="Ids of the findings and risk factors that it asks about."),
    ]


class Everyday(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A unit that everybody uses in place of the utility unit: its words, how many one of it is."""

    one: Annotated[Text, Meta(description="As in `about a day of running`.")]
    several: Annotated[Text, Meta(description="As in `about 3 days of running`.")]
    times: Annotated[Positive, Meta(description="How many of it one unit of `utility_unit` is.")]


class Interview(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a person is asked: who it is, then every screen, then whatever is worth most.

    The worth of a question is counted in the model's utility unit, per unit of its cost.
    """

    first: Annotated[
        tuple[Text, ...], Meta(description="Asked before everything else, in this order.")
    ] = ()
    gates: Annotated[
        dict[str, Gate],
        Meta(description="Screens, in order; nothing else is asked before they are answered."),
    ] = {}
    again: Annotated[
        tuple[Text, ...],
        Meta(
            description=(
                "What may have changed by itself, asked again where an interview goes on after a "
                "week."
            )
        ),
    ] = ()
    per_bit: Annotated[
        NotNegative, Meta(description="What a bit of information about the causes is worth.")
    ] = 0.3
    per_level: Annotated[
        NotNegative, Meta(description="What it is worth to see the urgency rise by a level.")
    ] = 0.5
    stop_below_gain: Annotated[
        NotNegative,
        Meta(description="Stop when all that is open would together be worth less than this ..."),
    ] = 0.15
    urgency_stays: Annotated[
        Probability,
        Meta(description="... and the next six would leave the urgency with this probability."),
    ] = 0.95
    most_questions: Annotated[
        int,
        Meta(
            ge=1,
            description="Answered questions after which it pauses; a screen counts as one.",
        ),
    ] = 30
    most_unknown: Annotated[
        int,
        Meta(
            ge=1,
            description="Questions not known one after another after which it pauses as well.",
        ),
    ] = 30
    everyday: Annotated[
        Everyday | None,
        Meta(description="A unit that everybody knows, for what a question is worth."),
    ] = None
