"""Warn of red flags that point to an emergency and that no rule of triage names."""

from collections.abc import Iterator

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import Finding
from bayesnet.model.lookup.conditions import named_in
from bayesnet.model.problems import ModelWarning

STRONG = 10.0
"""A likelihood ratio from which an answer is often conclusive by itself (Jaeschke 1994, JAMA
271:703). Weaker flags are meant to act through the probability of their causes.
"""


def warn_of_flags(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each strong sign of a cause that can be an emergency and is in no rule."""
    triage = description.triage
    if triage is None:
        return
    ruled = {name for rule in triage.rules.values() for name in named_in(rule.when)}
    ruled |= {each.derived_from for name, each in description.derived.items() if name in ruled}
    grave = [name for name, each in triage.thresholds.items() if each.emergency is not None]
    for name, finding in description.findings.items():
        if not finding.asked.red_flag or name in ruled:
            continue
        strongest = max(grave, key=lambda cause: _ratio(description, finding, cause), default="")
        if strongest and _ratio(description, finding, strongest) >= STRONG:
            yield ModelWarning(
                ("findings", name),
                f"the red flag '{name}' is in no rule of triage, though it is "
                f"{_ratio(description, finding, strongest):.0f} times more common with "
                f"'{strongest}', an emergency: by itself it may leave the urgency low",
                "name it in a rule under `triage: rules`, or take `red_flag` away",
            )


def _ratio(description: ModelDescription, finding: Finding, cause: str) -> float:
    """Return how many times more people show a yes with a cause and nothing else than with none."""
    background = finding.background.value
    if not background:
        return 0.0
    shown = [background]
    for name, number in finding.causes.items():
        value = number.value or 0.0
        if name == cause:
            shown.append(value)
        elif name in description.shared and cause in description.shared[name].causes:
            with_it = description.shared[name].causes[cause].value or 0.0
            shown.append(with_it * value + (1.0 - with_it) * background)
    return max(shown) / background
