"""Published figures of a model file: what was found, in whom, and where it stands."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from bayesnet.model.format.numbers import Probability, Text


class PublishedFigure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published figure and where it stands.

    figure: the whole of it in words; the numeric fields hold what of it is a number. Proportions
    are in [0, 1]. computed_ratios: the likelihood ratios were computed from sensitivity and
    specificity, not printed. set_aside: why no number of the model rests on it.
    """

    figure: Annotated[Text, Meta(description="The whole of it in words, with its numbers.")]
    cause: Annotated[
        str, Meta(description="What it is about: a cause of the model, or other words.")
    ] = ""
    finding: Annotated[
        str, Meta(description="The finding, test or risk factor it is about, in words.")
    ] = ""
    kind: Annotated[
        Literal["prevalence", "sens_spec", "lr", "odds_ratio", "risk", ""],
        Meta(description="What sort of figure it is."),
    ] = ""
    sensitivity: Annotated[
        Probability | None,
        Meta(description="Of 100 people with the cause, how many show it; as a fraction."),
    ] = None
    specificity: Annotated[
        Probability | None,
        Meta(
            description=("Of 100 people without the cause, how many do not show it; as a fraction.")
        ),
    ] = None
    lr_positive: Annotated[
        float | None, Meta(description="Likelihood ratio of a positive result.")
    ] = None
    lr_negative: Annotated[
        float | None, Meta(description="Likelihood ratio of a negative result.")
    ] = None
    computed_ratios: Annotated[
        bool,
        Meta(
            description=(
                "true: the ratios were worked out from sensitivity and specificity, not printed."
            )
        ),
    ] = False
    value: Annotated[
        float | None,
        Meta(description="The number, where it is none of the four above; a share as a fraction."),
    ] = None
    measure: Annotated[str, Meta(description="What `value` is, such as `proportion` or `OR`.")] = ""
    intervals: Annotated[
        dict[str, tuple[float, float]],
        Meta(description="{field: [low, high]}: published 95 % intervals."),
    ] = {}
    ranges: Annotated[
        dict[str, tuple[float, float]],
        Meta(description="{field: [low, high]}: lowest and highest of several studies or groups."),
    ] = {}
    parts: Annotated[
        dict[str, float], Meta(description="{name: a number} where the figure has several.")
    ] = {}
    population: Annotated[str, Meta(description="Whom it was found in.")] = ""
    n: Annotated[str, Meta(description="How many people.")] = ""
    citation: Annotated[
        Text,
        Meta(
            description=(
                "Authors, year, title and journal, by which anybody finds it; `n.d.` if it "
                "has no date."
            )
        ),
    ]
    url: Annotated[str, Meta(description="Where it was read.")] = ""
    doi: Annotated[str, Meta(description="Its DOI, without https.")] = ""
    pubmed: Annotated[str, Meta(description="PMID or PMC number.")] = ""
    status: Annotated[
        Literal["read", "recalled"],
        Meta(description="read: seen at the source or where it is quoted; recalled: from memory."),
    ] = "read"
    read_level: Annotated[
        Literal["abstract", "table", "secondary", ""],
        Meta(description="Where in the source it was seen; secondary: quoted elsewhere."),
    ] = ""
    set_aside: Annotated[str, Meta(description="Why no number of the model rests on it.")] = ""
