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
