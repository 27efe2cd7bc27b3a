"""Render from which probability a cause is acted on, and what that follows from."""

from collections.abc import Mapping, Sequence

from rich.console import RenderableType

from bayesnet.diagnosis.decisions.threshold_wording import acted_on_from
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import level_label
from lbp_infer.screen.page import paragraph, section


def threshold_section(
    description: ModelDescription, steps: Mapping[str, Sequence[ActionThreshold]], name: str
) -> list[RenderableType]:
    """Render the thresholds of a cause and their arithmetic; nothing for a cause without one."""
    own = steps.get(name)
    if not own:
        return []
    unit = description.model.utility_unit
    meaning = description.model.utility_meaning
    said = acted_on_from(description, own[0])
    parts: list[RenderableType] = [paragraph(f"{said[:1].upper()}{said[1:]}.")]
    parts += [paragraph(_arithmetic(description, each)) for each in own]
    if meaning:
        parts.append(paragraph(f"{unit[:1].upper()}{unit[1:]}: {meaning}"))
    return [section("Acted on", *parts)]


def _arithmetic(description: ModelDescription, threshold: ActionThreshold) -> str:
    unit = description.model.utility_unit
    gain, cost = f"{threshold.benefit:.3g}", f"{threshold.harm:.3g}"
    level = level_label(description.triage, threshold.level)
    below = level_label(description.triage, threshold.otherwise or "nothing")
    return (
        f"{level[:1].upper()}{level[1:]}, against {below}, gains {gain} {unit} where the cause is "
        f"present, and costs {cost} where none is that is acted on: "
        f"{cost} / ({cost} + {gain}) = {threshold.value:.3f}."
    )
