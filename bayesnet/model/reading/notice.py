"""A mistake or a doubt about a model file, with its place."""

from typing import Literal

from msgspec import Struct

from bayesnet.model.reading.positions import Located, Position


class Notice(Struct, frozen=True, kw_only=True):
    """A mistake (error) or a doubt (warning) about a model file; lines and columns count from 1.

    message: what is so, and for an error what to do; remedy: what to do about a warning.
    """

    severity: Literal["error", "warning"]
    file: str
    line: int
    column: int
    message: str
    remedy: str | None = None

    def __str__(self) -> str:
        remedy = "" if self.remedy is None else f"; {self.remedy}"
        kind = "warning: " if self.severity == "warning" else ""
        place = Position(self.file, self.line, self.column)
        return str(Located(place, f"{kind}{self.message}{remedy}"))


def notice_at(
    severity: Literal["error", "warning"],
    at: Position,
    message: str,
    remedy: str | None = None,
) -> Notice:
    """Make a notice about a place."""
    return Notice(
        severity=severity,
        file=at.file,
        line=at.line,
        column=at.column,
        message=message,
        remedy=remedy,
    )
