"""Render from which probability a cause is acted on, and what that follows from."""

from collections.abc import Mapping

from rich.console import RenderableType

from bayesnet.diagnosis.decisions.threshold_wording import acted_on_from
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.model.format.description import ModelDescription
from lbp_infer.screen.page import paragraph, section


def threshold_section(
    description: ModelDescription, thresholds: Mapping[str, ActionThreshold], name: str
) -> list[RenderableType]:
    """Render the threshold of a cause and its arithmetic; nothing for a cause without one."""
    threshold = thresholds.get(name)
    if threshold is None:
        return []
    unit = description.model.utility_unit
    meaning = description.model.utility_meaning
    said = acted_on_from(description, threshold)
    parts: list[RenderableType] = [paragraph(f"{said[:1].upper()}{said[1:]}.")]
    parts.append(paragraph(_arithmetic(threshold, unit)))
    if meaning:
        parts.append(paragraph(f"{unit[:1].upper()}{unit[1:]}: {meaning}"))
    return [section("Acted on", *parts)]


def _arithmetic(threshold: ActionThreshold, unit: str) -> str:
    gain, cost = f"{threshold.benefit:.3g}", f"{threshold.harm:.3g}"
    return (
        f"Against {threshold.otherwise or 'nothing in particular'}, {threshold.pathway} gains "
        f"{gain} {unit} where the cause is present, and costs {cost} where none is that is acted "
        f"on: {cost} / ({cost} + {gain}) = {threshold.value:.3f}."
    )
