"""Hold a part of the validation: sections of the report, and figures that were to be reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lbp_validation.report.document import Section
from lbp_validation.report.goals import Goal


@dataclass(frozen=True)
class Part:
    """One part of the validation; figures: {name: in words}, for the model card to quote."""

    sections: tuple[Section, ...]
    goals: tuple[Goal, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)


def left_out(title: str, why: str) -> Part:
    """Say in its place why a part of the validation is not there."""
    return Part((Section(title, (f"Left out: {why}.",)),))
