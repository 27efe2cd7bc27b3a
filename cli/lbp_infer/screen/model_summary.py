"""Word the one line that `model check` says of a sound model."""

from bayesnet.errors import counted
from bayesnet.model.format.description import ModelDescription


def check_summary(description: ModelDescription, warnings: int) -> str:
    """Say in one line what a sound model holds, and how many warnings there are."""
    identity = description.model
    beside = f"; {counted(warnings, 'warning')}" if warnings else ""
    holds = ", ".join(_counts(description))
    return f"{identity.id} {identity.version} is sound: {holds}{beside}"


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
