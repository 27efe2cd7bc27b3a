"""List every cause by its probability, and the serious ones not to be missed."""

from collections.abc import Mapping, Sequence

from bayesnet.diagnosis.decisions.threshold_wording import acted_on_from, traded_off
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.diagnosis.report.evidence_item import reported
from bayesnet.diagnosis.report.intervals import Interval
from bayesnet.diagnosis.report.records import CauseResult, MustNotMiss
from bayesnet.model.format.description import ModelDescription


def differential(
    description: ModelDescription,
    probabilities: Mapping[str, float],
    spread: Mapping[str, Interval | None],
) -> tuple[CauseResult, ...]:
    """List every cause, the most probable first, equals in the model's order.

    spread: {cause: its 95 % interval, None where that was not worked out}.
    """
    found = [
        CauseResult(
            name,
            cause.label,
            cause.about,
            probabilities[name],
            cause.prevalence.value or 0.0,
            spread[name],
            cause.serious,
            reported(cause.codings),
        )
        for name, cause in description.causes.items()
    ]
    # Rounded, so that equal causes do not change places with the last bits of an answer.
    return tuple(sorted(found, key=lambda cause: -round(cause.probability, 12)))


def must_not_miss(
    description: ModelDescription,
    thresholds: Mapping[str, ActionThreshold],
    causes: Sequence[CauseResult],
) -> tuple[MustNotMiss, ...]:
    """List the causes at or over their action threshold, in the order given, whatever rank."""
    found = []
    for cause in causes:
        threshold = thresholds.get(cause.id)
        if threshold is None or cause.probability < threshold.value:
            continue
        times = cause.probability / cause.prior if cause.prior > 0 else 0.0
        act = acted_on_from(description, threshold)
        reason = f"{act}: {traded_off(description, threshold)}"
        found.append(
            MustNotMiss(cause.id, cause.label, cause.probability, times, threshold.value, reason)
        )
    return tuple(found)
