"""Published cases that are made up, for tests of whatever diagnoses them."""

from collections.abc import Mapping

from bayesnet.tuning.published_cases import Case


def made_up(name: str, evidence: Mapping[str, bool | str | int], confirmed: str) -> Case:
    """Make a serious case that is known to be of a cause of the model."""
    return Case(
        id=name,
        summary="",
        citation="",
        url="",
        evidence=dict(evidence),
        not_encoded=(),
        confirmed=confirmed,
        inside_model=True,
        also=(),
        kind="serious",
        triage="urgent",
        triage_basis="",
        use_for="diagnosis",
    )
