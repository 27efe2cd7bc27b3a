"""Measure whether findings that measure one thing multiply, and how much absent ones reassure."""

from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import NO
from lbp_validation.published.entries import bands_of
from lbp_validation.published.events import Answer, Count, Event
from lbp_validation.published.tables import Population, two_by_two

GUARDED = ("cauda_equina", "malignancy", "spinal_infection", "sacral_stress_fracture")
MOST_REASSURED = 2.0
"""How many times below its prior the absence of every red flag may push a guarded cause."""
EVERYONE = Population("everyone who is seen")


def _positive(*names: str) -> tuple[Answer, ...]:
    return tuple(Answer(name, ("yes",)) for name in names)


@dataclass(frozen=True)
class Cluster:
    """Answers that measure one thing, and the cause that they speak for."""

    name: str
    cause: str
    items: tuple[Answer, ...]


@dataclass(frozen=True)
class ClusterRatio:
    """Likelihood ratio of a whole cluster, and the product of its items' single ones."""

    cluster: Cluster
    together: float
    product: float


CLUSTERS = (
    Cluster(
        "three joint provocation tests",
        "sacroiliac_joint",
        _positive("thigh_thrust", "sij_distraction", "sij_compression"),
    ),
    Cluster(
        "nerve tension",
        "nerve_root",
        _positive("straight_leg_raise", "slump", "crossed_straight_leg_raise"),
    ),
    Cluster("deficit", "nerve_root", _positive("leg_weakness", "reflex_loss", "dermatomal_loss")),
    Cluster(
        "claudication",
        "spinal_stenosis",
        _positive("walking", "eased_by_sitting", "eased_by_bending_forward"),
    ),
    Cluster(
        "cauda equina",
        "cauda_equina",
        _positive("saddle_numbness", "bladder_change", "bowel_change", "sexual_dysfunction"),
    ),
    Cluster(
        "inflammation",
        "axial_spondyloarthritis",
        (
            Answer("morning_stiffness", ("over_30_min",)),
            *_positive("eased_by_exercise", "eased_by_nsaid", "night_pain"),
        ),
    ),
)


def cluster_ratio(model: DiagnosticModel, cluster: Cluster) -> ClusterRatio:
    """Return a cluster's likelihood ratio, all positive, beside the single ones' product."""
    together = likelihood_ratio(model, cluster.cause, Count(len(cluster.items), cluster.items))
    single = [likelihood_ratio(model, cluster.cause, item) for item in cluster.items]
    return ClusterRatio(cluster, together, float(np.prod(single)))


def likelihood_ratio(model: DiagnosticModel, cause: str, event: Event) -> float:
    """Return the positive likelihood ratio of an event for a cause, among all who are seen."""
    table = two_by_two(model.engine, bands_of(model.description), (cause,), event, EVERYONE)
    return table.quantity("lr_positive")


def red_flags(description: ModelDescription) -> tuple[str, ...]:
    """List everything that the model marks as a red flag and that can be answered no."""
    asked = {name: each.asked for name, each in description.risk_factors.items()}
    asked |= {name: each.asked for name, each in description.findings.items()}
    return tuple(name for name, each in asked.items() if each.red_flag or each.mandatory)


def times_below_prior(model: DiagnosticModel, absent: tuple[str, ...], cause: str) -> float:
    """Return how many times less probable a cause is with all of these answered no."""
    after = model.engine.marginals(dict.fromkeys(absent, NO), [cause])[cause][1]
    before = model.engine.marginals({}, [cause])[cause][1]
    return float(before / after)
