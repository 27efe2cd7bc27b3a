"""Define what comes of testing a model on cases: data only, the same in JSON and on every page."""

from math import isnan

from msgspec import Struct

from bayesnet.diagnosis.report.identity import ModelIdentity
from bayesnet.tuning.scoring.means import Mean
from bayesnet.tuning.scoring.shares import Share

NONE_SERIOUS, NOT_KNOWN = "none", "not_known"
"""Cases that ask for no urgency: all causes that are acted on were ruled out, or not all were."""


class Estimate(Struct, frozen=True):
    """A figure with its 95 % interval, null where so few cases give none."""

    value: float
    low: float | None
    high: float | None


class Rate(Struct, frozen=True):
    """How many of how many, and their share; null of nobody."""

    count: int
    of: int
    share: Estimate | None


class CalibrationBin(Struct, frozen=True):
    """Cases of like probability, from `low` to under `high`.

    told: the mean of their probabilities; had_it: those in whom the cause was confirmed.
    """

    low: float
    high: float
    told: float
    had_it: Rate


class RocPoint(Struct, frozen=True):
    """One cut of a ROC curve: found, false_alarm: shares, with and without the cause, over it."""

    probability: float
    found: float
    false_alarm: float


class Confusion(Struct, frozen=True):
    """A cause said or not said, against confirmed or ruled out.

    reading: what counts as said. `first`: it is the most probable cause; `named`: among the leading
    three, or not to be missed; `acted_on`: at or over its threshold, which only some causes have.
    sensitivity: said, of those who had it; specificity: not said, of those who had it not;
    positive_predictive: had it, of those said; negative_predictive: had it not, of those not said.
    """

    reading: str
    threshold: float | None
    sensitivity: Rate
    specificity: Rate
    positive_predictive: Rate
    negative_predictive: Rate


class CauseScores(Struct, frozen=True):
    """One cause, in the cases of which it is known whether they had it.

    told: the mean of its probabilities, null without such a case. in_the_large: log-odds that the
    probabilities fall short by, all alike; slope: 1 is right, under 1 too extreme. brier_skill: 1
    is perfect, 0 no better than always saying how common it was. auc: the chance that a case with
    it was given the higher probability. A null is not defined, for the reason in `not_defined`.
    """

    id: str
    label: str
    had_it: Rate
    told: float | None
    in_the_large: Estimate | None
    slope: Estimate | None
    brier: Estimate | None
    brier_skill: Estimate | None
    auc: Estimate | None
    bins: tuple[CalibrationBin, ...]
    roc: tuple[RocPoint, ...]
    confusions: tuple[Confusion, ...]
    not_defined: str


class Together(Struct, frozen=True):
    """All causes in all cases, as far as each is known.

    had_it: causes confirmed, of those known; bits, bits_before: surprise of a case at what was
    confirmed of it, with its answers and without any.
    """

    had_it: Rate
    told: float
    in_the_large: Estimate | None
    slope: Estimate | None
    bits: Estimate
    bits_before: Estimate
    bins: tuple[CalibrationBin, ...]


class ToldLevel(Struct, frozen=True):
    """How many were told a level, by the level that they needed; {level, none, not_known: cases}.

    A confirmed cause needs the lowest level at which the model acts on it; of several the highest.
    """

    level: str
    needed: dict[str, int]


class TriageScores(Struct, frozen=True):
    """The urgency told, against what was confirmed.

    under: told less than was needed, of those with a confirmed cause that is acted on; over: told
    urgent or emergency, of those in whom all such causes were ruled out.
    """

    told: tuple[ToldLevel, ...]
    under: Rate
    over: Rate


class Surprise(Struct, frozen=True):
    """A case whose truth the model held unlikely.

    row: in the table, from 1; present: whether the cause was confirmed or ruled out; probability:
    that the model gave to that; kept: the columns that were kept.
    """

    row: int
    cause: str
    label: str
    present: bool
    probability: float
    kept: dict[str, str | None]


class RowError(Struct, frozen=True):
    """A row that cannot be used; row: in the table, from 1; kept: the columns that were kept."""

    row: int
    message: str
    kept: dict[str, str | None]


class CaseScores(Struct, frozen=True):
    """What comes of testing a model on cases whose causes were confirmed.

    rows: of the table; scored: those that count; nothing_known: rows without any confirmed or ruled
    out cause, which count for nothing; failed: rows in error, of which `errors` has the first.
    first_right: the most probable cause was confirmed, of the cases with a confirmed one;
    first_not_known: of these, how many whose most probable cause was neither confirmed nor ruled
    out; named_right: a confirmed cause was among the leading three, or not to be missed.
    """

    schema_version: int
    model: ModelIdentity
    audience: str
    rows: int
    scored: int
    nothing_known: int
    failed: int
    errors: tuple[RowError, ...]
    first_right: Rate
    first_not_known: int
    named_right: Rate
    together: Together
    causes: tuple[CauseScores, ...]
    triage: TriageScores
    surprises: tuple[Surprise, ...]
    notices: tuple[str, ...]


def estimate_of(found: Mean | Share) -> Estimate | None:
    """Return a figure as a record; None for NaN.

    >>> estimate_of(Mean(0.5, float("nan"), float("nan")))
    Estimate(value=0.5, low=None, high=None)
    """
    if isnan(found.value):
        return None
    ends = (None if isnan(end) else end for end in (found.low, found.high))
    return Estimate(found.value, *ends)
