"""Score the probabilities of each cause, and of all together."""

from collections.abc import Sequence

import numpy as np

from bayesnet.model.format.variables import Cause
from bayesnet.model.solving.standard_deviations import Z_95
from bayesnet.network import Array
from bayesnet.tuning.scoring.calibration import (
    Groups,
    Truth,
    binned,
    logistic_line,
    logit,
    shift,
    skill,
    surprise,
)
from bayesnet.tuning.scoring.discrimination import area, roc
from bayesnet.tuning.scoring.judged import Judged
from bayesnet.tuning.scoring.means import Mean, of_sums
from bayesnet.tuning.scoring.readings import ACTED_ON, confusion, rate, readings
from bayesnet.tuning.scoring.records import (
    CalibrationBin,
    CauseScores,
    Estimate,
    Rate,
    RocPoint,
    Together,
    estimate_of,
)


def by_cause(
    judged: Judged, causes: Sequence[tuple[str, Cause]], thresholds: Sequence[float]
) -> tuple[CauseScores, ...]:
    """Score each cause in the cases of which it is known.

    causes: ids and descriptions in the model's order; thresholds: as for `readings`.
    """
    said = readings(judged.probability, thresholds)
    briers, skills = _briers(judged)
    found = []
    for at, (name, cause) in enumerate(causes):
        rows = judged.known[:, at]
        probability, present = judged.probability[rows, at], judged.present[rows, at]
        has_threshold = np.isfinite(thresholds[at])
        large, slope = agreement(probability, present, None)
        confusions = tuple(
            confusion(reading, thresholds[at], flags[rows, at], present)
            for reading, flags in said.items()
            if has_threshold or reading != ACTED_ON
        )
        found.append(
            CauseScores(
                name,
                cause.label,
                rate(present),
                float(probability.mean()) if len(probability) else None,
                in_the_large=large,
                slope=slope,
                brier=estimate_of(briers[at]),
                brier_skill=estimate_of(skills[at]),
                auc=estimate_of(area(probability, present)),
                bins=_bins(probability, present),
                roc=tuple(
                    RocPoint(p.from_probability, p.found, p.false)
                    for p in roc(probability, present)
                ),
                confusions=confusions,
                not_defined=_not_defined(present, slope),
            )
        )
    return tuple(found)


def together(judged: Judged, prior: Array) -> Together:
    """Score all causes together; prior: their probabilities before any answer, shape (causes,).

    What is known of one case varies together, so that cases are what intervals count.
    """
    known = judged.known
    probability, present = judged.probability[known], judged.present[known]
    case = np.nonzero(known)[0]
    before = np.broadcast_to(prior, known.shape)
    bits = [
        np.where(known, surprise(each, judged.present), 0.0).sum(axis=1)
        for each in (judged.probability, before)
    ]
    cases = len(judged)
    means = of_sums(np.stack(bits, axis=1), lambda sums: sums / cases)
    said, without = (Estimate(each.value, each.low, each.high) for each in means)
    large, slope = agreement(probability, present, case)
    return Together(
        rate(present),
        float(probability.mean()),
        in_the_large=large,
        slope=slope,
        bits=said,
        bits_before=without,
        bins=_bins(probability, present),
    )


def agreement(
    probability: Array, present: Truth, groups: Groups | None
) -> tuple[Estimate | None, Estimate | None]:
    """Return calibration in the large and slope, each with its interval; None where undefined.

    groups: as for `logistic_line`.
    """
    if present.all() or not present.any():
        return None, None
    x = logit(probability)
    large, line = shift(x, present, groups), logistic_line(x, present, None, groups)
    return _give_or_take(large.value, large.error), _give_or_take(line.slope, line.slope_error)


def _give_or_take(value: float, error: float) -> Estimate | None:
    return estimate_of(Mean(value, value - Z_95 * error, value + Z_95 * error))


def _briers(judged: Judged) -> tuple[list[Mean], list[Mean]]:
    """Return of each cause the Brier score and its skill, all from the same cases drawn again."""
    causes = judged.probability.shape[1]
    known, present = judged.known, judged.present
    squares = np.where(known, (judged.probability - present) ** 2, 0.0)
    values = np.concatenate([squares, present, known], axis=1).astype(np.float64)

    def scores(sums: Array) -> Array:
        squared, had_it, cases = np.split(sums, 3, axis=1)
        told = np.where(cases > 0, cases, np.nan)
        score = squared / told
        return np.concatenate([score, skill(score, had_it / told)], axis=1)

    found = of_sums(values, scores)
    return found[:causes], found[causes:]


def _bins(probability: Array, present: Truth) -> tuple[CalibrationBin, ...]:
    return tuple(
        CalibrationBin(
            each.low,
            each.high,
            each.predicted,
            Rate(round(each.observed.value * each.cases), each.cases, estimate_of(each.observed)),
        )
        for each in binned(probability, present, np.ones(len(probability)))
    )


def _not_defined(present: Truth, slope: Estimate | None) -> str:
    """Say why what compares cases with and without a cause is not defined; empty where it is."""
    if not len(present):
        return "it is not known of any case"
    if not present.any():
        return "no case had it"
    if present.all():
        return "every case had it"
    return "" if slope else "no slope fits, since its probabilities do not overlap or are all alike"
