"""Families of serious causes that the goals name, as far as a model holds them."""

from dataclasses import dataclass

import msgspec
import yaml

from bayesnet.diagnosis.model import DiagnosticModel
from lbp_validation.paths import FAMILIES


@dataclass(frozen=True)
class Families:
    """Ids of causes: to be seen as urgent; to stop running with and be seen soon; to unload."""

    urgent: tuple[str, ...]
    bone_stress: tuple[str, ...]
    unloaded: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every cause of a family."""
        return (*self.urgent, *self.bone_stress)


def families(model: DiagnosticModel) -> Families:
    """Read the families, without the causes that a model does not hold."""
    entries = yaml.load(FAMILIES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    named = msgspec.convert(entries, Families)
    held = model.description.causes
    return Families(
        tuple(name for name in named.urgent if name in held),
        tuple(name for name in named.bone_stress if name in held),
        tuple(name for name in named.unloaded if name in held),
    )
