"""Read what interviews are compared with and asked of."""

from dataclasses import dataclass

import msgspec
import yaml

from bayesnet.diagnosis.model import DiagnosticModel
from lbp_validation.paths import INTERVIEWS


@dataclass(frozen=True)
class Plan:
    """What a model holds of it.

    order: questions and screens as a history is usually taken; outside: {condition not of the
    back: share to be listed}; textbook: causes whose textbook person is interviewed.
    """

    order: tuple[str, ...]
    outside: dict[str, float]
    textbook: tuple[str, ...]


def plan_of(model: DiagnosticModel) -> Plan:
    """Read the plan, without what a model does not hold."""
    entries = yaml.load(INTERVIEWS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    named = msgspec.convert(entries, Plan)
    causes, asked = model.description.causes, {*model.known, *model.description.interview.gates}
    return Plan(
        tuple(name for name in named.order if name in asked),
        {name: share for name, share in named.outside.items() if name in causes},
        tuple(name for name in named.textbook if name in causes),
    )
