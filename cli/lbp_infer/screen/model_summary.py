"""Word the one line that `model check` says of a sound model."""

from bayesnet.model.format.description import ModelDescription


def check_summary(reference: str) -> str:
    """Say in one line what the model holds; raises ModelFileError with every mistake."""
    import bayesnet

    model = bayesnet.load_model(reference)
    described = model.description
    identity = described.model
    return f"{identity.id} {identity.version} is sound: {', '.join(_counts(described))}"


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
