"""What a model file may say: one frozen record per kind of entry, here the file as a whole.

The JSON Schema that editors use, the checker's messages and the compiled cache
all come from these classes, so a field's description here is its documentation. They are msgspec
structs: frozen like dataclasses, and made in a fifth of the time at every start of the program.
"""

from typing import Annotated

from msgspec import Meta, Struct, field

from bayesnet.errors import counted
from bayesnet.model.format.interview import Interview
from bayesnet.model.format.numbers import JUDGEMENT, Positive, RatioThreshold, Text, Threshold
from bayesnet.model.format.pathways import Actions, AdviceBlock, Exercise, Pathway
from bayesnet.model.format.published_figures import PublishedFigure
from bayesnet.model.format.triage_rules import Condition, Triage
from bayesnet.model.format.variables import Cause, Derived, Finding, RiskFactor, Shared

KeyPath = tuple[str | int, ...]
"""The way from the top of a model file to one of its parts: keys, and indices of lists.

For example `("causes", "facet_joint", "prevalence")`.
"""


class Identity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the model is, for whom, and what it says of itself."""

    id: Annotated[
        Text,
        Meta(
            description=("A short name that never changes, such as `lbp-runner`; reports name it.")
        ),
    ]
    version: Annotated[
        Text, Meta(description='Raised with each edition, in quotes: "1.0". Reports name it.')
    ]
    title: Annotated[Text, Meta(description="What the model is about, as a heading.")]
    setting: Annotated[
        Text, Meta(description="Whom it is for; its prevalences are those of these people.")
    ]
    disclaimer: Annotated[Text, Meta(description="What every report says of its own limits.")]
    people: Annotated[
        Text, Meta(description="Who is asked about, in the plural: `about 5 of 100 runners`.")
    ] = "people"
    expert: Annotated[
        Text,
        Meta(
            description=(
                "Who is also asked what only a test shows (`asked_of: clinician`), in one word."
            )
        ),
    ] = "clinician"
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
                "different directions of exercise, neither direction is advised. Lower it, and "
                "fewer people are advised a direction."
            )
        ),
    ] = None
    stop_below_bits: Annotated[
        Positive,
        Meta(
            description=(
                "Interviews that go by information alone, which the validation compares with, stop "
                "when no question tells more. The interview itself goes by `interview`."
            )
        ),
    ] = 0.02
    conflict_from: Annotated[
        RatioThreshold,
        Meta(
            description=(
                "Findings fit no cause when, under every cause and under none, they are this many "
                "times less likely together than their own frequencies make them. Lower it, and "
                "more people are told that nothing fits."
            )
        ),
    ] = RatioThreshold(
        value=10.0,
        source=(JUDGEMENT,),
        why="ten to one is strong evidence; set it by how many simulated patients it flags",
    )


class Contradiction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers that do not go together: they count as given, and the report says so."""

    when: Annotated[Condition, Meta(description="The answers that do not go together.")]
    message: Annotated[Text, Meta(description="What does not go together, and what to correct.")]


class ModelDescription(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole model: every file of it, merged.

    figures: the published figures by id, which the file writes under `evidence`; in the code
    evidence is what is known of a person.
    """

    model: Annotated[
        Identity,
        Meta(
            description=(
                "What the model is, for whom, and settings of the whole; in the main file only."
            )
        ),
    ]
    include: Annotated[
        tuple[str, ...],
        Meta(
            description=(
                "Files that are part of the model, by their path from this one; inside its folder."
            )
        ),
    ] = ()
    network: Annotated[
        str,
        Meta(
            description=(
                "A network file, by its path from this one and inside its folder, that all numbers "
                "come from; each cause and finding then says under `in_network` which variable it "
                "is."
            )
        ),
    ] = ""
    causes: Annotated[
        dict[str, Cause],
        Meta(
            description=(
                "{id: a cause}: what may explain the complaint; each is present or not, "
                "several can be."
            )
        ),
    ] = {}
    shared: Annotated[
        dict[str, Shared],
        Meta(
            description=(
                "{id: a pattern} that several findings measure, so that what is said twice "
                "counts once."
            )
        ),
    ] = {}
    risk_factors: Annotated[
        dict[str, RiskFactor],
        Meta(
            description=("{id: a risk factor}: what makes causes more or less common, such as age.")
        ),
    ] = {}
    findings: Annotated[
        dict[str, Finding],
        Meta(description="{id: a finding}: what a person notices, or a test shows."),
    ] = {}
    derived: Annotated[
        dict[str, Derived],
        Meta(description="{id: a finding} that follows from the answer to another question."),
    ] = {}
    triage: Annotated[
        Triage | None,
        Meta(
            description=(
                "How urgent it is: rules, and probabilities of causes from which it is urgent."
            )
        ),
    ] = None
    interview: Annotated[
        Interview, Meta(description="What is asked first, in which screens, and when to stop.")
    ] = Interview()
    pathways: Annotated[
        dict[str, Pathway],
        Meta(
            description=(
                "{id: a pathway}: a way of care in phases, and what it is worth for each cause."
            )
        ),
    ] = {}
    exercises: Annotated[
        dict[str, Exercise], Meta(description="{id: an exercise}, for the phases of pathways.")
    ] = {}
    advice: Annotated[
        dict[str, AdviceBlock],
        Meta(description="Blocks of actions that phases insert by `{advice: id}`."),
    ] = {}
    every_phase: Annotated[
        Actions,
        Meta(description="Added to every phase of every pathway not chosen in an emergency."),
    ] = ()
    contradictions: Annotated[
        dict[str, Contradiction],
        Meta(description="{id: answers that do not go together, and what to say of them}"),
    ] = {}
    synonyms: Annotated[
        dict[str, tuple[Text, ...]],
        Meta(
            description=(
                "{a word that people use: ids of what it is about}, for hints and searches."
            )
        ),
    ] = {}
    figures: Annotated[
        dict[str, PublishedFigure],
        Meta(
            description=(
                "{id: a published figure}, which numbers name under `source` and `conflicts`."
            )
        ),
    ] = field(name="evidence", default={})

    def __repr__(self) -> str:
        holds = f"{counted(len(self.causes), 'cause')}, {counted(len(self.findings), 'finding')}"
        return f"ModelDescription({self.model.id} {self.model.version}: {holds})"
