"""Families of serious causes that the goals name, as far as a model holds them."""

from dataclasses import dataclass, replace

import msgspec
import yaml

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.records import ACTED_ON
from lbp_validation.paths import FAMILIES

SOON = "soon"


@dataclass(frozen=True)
class Families:
    """Ids of causes: to be seen as urgent; to stop with and be seen soon; to unload; and words."""

    urgent: tuple[str, ...]
    urgent_called: str
    soon: tuple[str, ...]
    soon_called: str
    unloaded: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every cause of a family."""
        return (*self.urgent, *self.soon)


def families(model: DiagnosticModel) -> Families:
    """Read the families, without the causes that a model does not hold.

    Of a model that holds none of them: the causes on which it acts as urgent, and soon.
    """
    entries = yaml.load(FAMILIES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    named = msgspec.convert(entries, Families)
    held = model.description.causes
    if not any(name in held for name in (*named.all, *named.unloaded)):
        return _by_level(model)
    return replace(
        named,
        urgent=tuple(name for name in named.urgent if name in held),
        soon=tuple(name for name in named.soon if name in held),
        unloaded=tuple(name for name in named.unloaded if name in held),
    )


def _by_level(model: DiagnosticModel) -> Families:
    levels = {name: each.level for name, each in model.thresholds.items()}
    urgent = tuple(name for name, level in levels.items() if level in ACTED_ON)
    soon = tuple(name for name, level in levels.items() if level == SOON)
    return Families(urgent, "a cause acted on as urgent", soon, "a cause acted on soon", ())
