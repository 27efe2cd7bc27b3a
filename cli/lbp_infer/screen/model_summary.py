"""Word what `model check` says of a sound model: one line, and what is to be said of overlays."""

from bayesnet.diagnosis.report.identity import identity_of
from bayesnet.model.format.description import ModelDescription


def check_summary(reference: str) -> str:
    """Say what the model holds, and what its author should look at.

    Raises ModelFileError with every mistake.
    """
    from bayesnet.model.shipped import find_model
    from bayesnet.model.store import read_afresh

    compiled, read = read_afresh(find_model(reference))
    whole = identity_of(compiled)
    lines = [f"{whole.name} is sound: {', '.join(_counts(compiled.description))}"]
    lines += [whole.caution] if whole.caution else []
    return "\n".join([*lines, *map(str, read.notices)])


def _counts(description: ModelDescription) -> list[str]:
    rules = description.triage.rules if description.triage else {}
    counted = (
        (len(description.causes), "cause"),
        (len(description.findings) + len(description.derived), "finding"),
        (len(description.shared), "shared finding"),
        (len(description.risk_factors), "risk factor"),
        (len(rules), "triage rule"),
        (len(description.pathways), "pathway"),
        (len(description.exercises), "exercise"),
        (len(description.figures), "published figure"),
    )
    return [f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counted]
