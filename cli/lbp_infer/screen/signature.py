"""Sign an answer: which model gave it, and what it is not."""

from bayesnet.diagnosis.report.records import Report


def signed(report: Report) -> str:
    """Return the model's name with those of its overlays, and the disclaimer."""
    return f"{report.model.name}. {report.disclaimer}"
