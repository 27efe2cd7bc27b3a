"""Word what `model check` says of a sound model: one line, and what is to be said of overlays."""

from typing import TYPE_CHECKING

from bayesnet.diagnosis.report.identity import identity_of
from bayesnet.errors import counted
from bayesnet.model.format.description import ModelDescription

if TYPE_CHECKING:
    from bayesnet.model.reading.notices import Noticed
    from bayesnet.model.reading.reader import ReadModel


def check_summary(model: "ReadModel", warnings: int) -> str:
    """Say what a sound model holds, how many warnings there are, and if the model is unsafe."""
    whole = identity_of(model)
    beside = f"; {counted(warnings, 'warning')}" if warnings else ""
    said = f"{whole.name} is sound: {', '.join(_counts(model.description))}{beside}"
    return f"{said}\n{whole.caution}".rstrip()


def base_warnings(noticed: "Noticed") -> str:
    """Say how many warnings are of what an overlay extends, and how to see them."""
    said = counted(noticed.of_base, "warning")
    return f"{said} of what it extends; see them by: lbp-infer model check {noticed.base}"


def _counts(description: ModelDescription) -> list[str]:
    rules = description.triage.rules if description.triage else {}
    parts = (
        (len(description.causes), "cause"),
        (len(description.findings) + len(description.derived), "finding"),
        (len(description.shared), "shared finding"),
        (len(description.risk_factors), "risk factor"),
        (len(rules), "triage rule"),
        (len(description.pathways), "pathway"),
        (len(description.exercises), "exercise"),
        (len(description.figures), "published figure"),
    )
    return [counted(count, noun) for count, noun in parts]
