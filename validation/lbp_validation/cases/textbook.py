"""Check the promise that each cause's textbook presentation finds that cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS
from lbp_validation.cases.cases import rank_of
from lbp_validation.conclusion import Conclusion, conclude

# A disc that irritates a root is both, so the two may share the first two ranks.
PARTNERS: Mapping[str, str] = MappingProxyType({"nerve_root": "disc", "disc": "nerve_root"})

# Rare causes need not lead, but must be listed, at no lower a level than this.
LEAST_LEVEL: Mapping[str, str] = MappingProxyType(
    {
        "cauda_equina": "emergency",
        "spinal_infection": "emergency",
        "malignancy": "urgent",
        "compression_fracture": "soon",
        "axial_spondyloarthritis": "routine",
    }
)


@dataclass(frozen=True)
class Presentation:
    """A textbook presentation, diagnosed; broken: how the promise fails, empty when kept."""

    cause: str
    rank: int
    probability: float
    first_three: tuple[str, ...]
    triage: str
    must_not_miss: tuple[str, ...]
    pathway: str
    broken: tuple[str, ...]


def least_levels(model: DiagnosticModel) -> Mapping[str, str]:
    """Return {rare cause: the level it needs}, of the causes that need not lead.

    Those of LEAST_LEVEL; of a model that holds none of them the causes that it acts on.
    """
    if any(name in model.description.causes for name in LEAST_LEVEL):
        return LEAST_LEVEL
    return {name: each.level for name, each in model.thresholds.items()}


def presentations(model: DiagnosticModel) -> tuple[Presentation, ...]:
    """Diagnose every cause's textbook presentation, in the model's order."""
    return tuple(present(model, cause) for cause in model.description.causes)


def present(model: DiagnosticModel, cause: str) -> Presentation:
    """Diagnose a cause's textbook presentation."""
    evidence = model.description.causes[cause].textbook
    report = conclude(model, evidence)
    missing = () if evidence else ("the model gives no textbook presentation",)
    rank = rank_of(report, cause)
    return Presentation(
        cause=cause,
        rank=rank,
        probability=report.causes[rank - 1].probability,
        first_three=tuple(each.id for each in report.causes[:3]),
        triage=report.triage.level,
        must_not_miss=tuple(each.id for each in report.must_not_miss),
        pathway="" if report.pathway is None else report.pathway.id,
        broken=(*missing, *broken_promises(cause, report, least_levels(model))),
    )


def broken_promises(
    cause: str, report: Conclusion, least: Mapping[str, str] = LEAST_LEVEL
) -> tuple[str, ...]:
    """Say how a report on a cause's textbook presentation falls short of the promise.

    least: as `least_levels` returns them.
    """
    rank = rank_of(report, cause)
    if cause in least:
        listed = any(each.id == cause for each in report.must_not_miss)
        found = () if rank == 1 or listed else (f"rank {rank} and not on must_not_miss",)
        return (*found, *_too_low(report.triage.level, least[cause]))
    if rank == 1:
        return ()
    leading = report.causes[0].id
    if rank == 2 and leading == PARTNERS.get(cause):
        return ()
    return (f"rank {rank} behind {leading}",)


def _too_low(given: str, least: str) -> tuple[str, ...]:
    if LEVELS.index(given) >= LEVELS.index(least):
        return ()
    return (f"triage {given} instead of {least}",)
