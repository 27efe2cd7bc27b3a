"""Say scores in words: shares and figures with their intervals, and what a reading is."""

from collections.abc import Mapping

from bayesnet.diagnosis.report.percentages import percent, percent_range
from bayesnet.tuning.scoring.readings import ACTED_ON, FIRST, NAMED
from bayesnet.tuning.scoring.records import (
    NONE_SERIOUS,
    NOT_KNOWN,
    CaseScores,
    Confusion,
    Estimate,
    Rate,
)

UNDEFINED = "-"
READINGS: Mapping[str, str] = {
    FIRST: "the first cause",
    NAMED: "named: first three, or not to be missed",
    ACTED_ON: "acted on",
}
NEEDED: Mapping[str, str] = {NONE_SERIOUS: "nothing", NOT_KNOWN: "not known"}


def share(rate: Rate) -> str:
    """Return a share with its interval and its count.

    >>> share(Rate(1, 2, Estimate(0.5, 0.1, 0.9))), share(Rate(0, 0, None))
    ('50 % [10 to 90 %], 1 of 2', '-')
    """
    found = rate.share
    if found is None or found.low is None or found.high is None:
        return UNDEFINED
    within = percent_range((found.low, found.high))
    return f"{percent(found.value)} [{within}], {rate.count:,} of {rate.of:,}"


def figure(found: Estimate | None, digits: int = 2) -> str:
    """Return a figure with its interval.

    >>> figure(Estimate(0.5, 0.123, 0.9)), figure(Estimate(0.5, None, None)), figure(None)
    ('0.50 [0.12, 0.90]', '0.50', '-')
    """
    if found is None:
        return UNDEFINED
    if found.low is None or found.high is None:
        return f"{found.value:.{digits}f}"
    return f"{found.value:.{digits}f} [{found.low:.{digits}f}, {found.high:.{digits}f}]"


def reading(each: Confusion) -> str:
    """Say what counts as said, with the threshold where there is one."""
    at = "" if each.threshold is None else f" (from {percent(each.threshold)})"
    return f"{READINGS[each.reading]}{at}"


def level(name: str) -> str:
    """Return a level as it is read.

    >>> level("self_care")
    'self care'
    """
    return name.replace("_", " ")


def needed(name: str) -> str:
    """Say which level was needed, for the head of a column.

    >>> needed("soon"), needed("none")
    ('needed soon', 'nothing')
    """
    return NEEDED.get(name) or f"needed {level(name)}"


def counted(found: CaseScores) -> str:
    """Say how many cases and confirmed causes there are, and what is left out."""
    of = found.together.had_it
    left_out = [
        f"{number:,} {words}"
        for number, words in (
            (found.failed, "in error"),
            (found.nothing_known, "of which nothing is known"),
        )
        if number
    ]
    told = f"Left out of {found.rows:,} rows: {', '.join(left_out)}. " if left_out else ""
    return f"{told}Causes confirmed: {of.count:,}; ruled out: {of.of - of.count:,}."


def overall(found: CaseScores) -> list[tuple[str, str]]:
    """Return the figures that all causes have together, each after what it is."""
    every = found.together
    first = share(found.first_right)
    if found.first_not_known:
        first += f"; not known in {found.first_not_known:,} more"
    return [
        ("The first cause was a confirmed one", first),
        ("One of those named was", share(found.named_right)),
        ("Causes confirmed", share(every.had_it)),
        ("Expected, by the probabilities", percent(every.told)),
        ("Calibration slope (1 is right)", figure(every.slope)),
        ("Calibration in the large (0 is right)", figure(every.in_the_large)),
        ("Surprise, bits a case", figure(every.bits)),
        ("Surprise without any answer", figure(every.bits_before)),
    ]


def called(kept: Mapping[str, str | None]) -> str:
    """Say what a row is called by, beside its number.

    >>> called({"id": "p7", "site": None})
    'id p7'
    """
    return ", ".join(f"{name} {value}" for name, value in kept.items() if value is not None)


OVERALL_NOTE = (
    "Named: among the first three, or not to be missed. A slope under 1: probabilities are too "
    "extreme. In the large: over 0, more causes were confirmed than expected. Surprise: fewer bits "
    "are better."
)
URGENCY_NOTE = (
    "A confirmed cause needs the lowest level at which the model acts on it. Nothing: all such "
    "causes were ruled out; not known: not all of them."
)
CAUSES_NOTE = (
    "Had it: of the cases of which it is known. ROC area: the chance that a case with the cause "
    "was given the higher probability; 0.5 is chance. -: not defined, since none or all had it, or "
    "its probabilities do not overlap."
)
