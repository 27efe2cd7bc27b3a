"""Whether one condition holds wherever another does, as far as their form shows."""

from functools import lru_cache

from bayesnet.model.format.triage_rules import Condition


@lru_cache(maxsize=4096)
def covers(wide: Condition, narrow: Condition) -> bool:
    """Tell whether a condition holds whenever another does.

    Only a yes is certain: what the form of the two does not show counts as no.

    >>> fever, chills = Condition(finding="fever"), Condition(finding="chills")
    >>> covers(Condition(any=(fever, chills)), fever), covers(fever, Condition(all=(fever, chills)))
    (True, True)
    >>> covers(Condition(all=(fever, chills)), fever)
    False
    """
    if wide == narrow:
        return True
    (most, wide_parts), (least, narrow_parts) = _counted(wide), _counted(narrow)
    if not wide_parts and not narrow_parts:
        return _covers_alone(wide, narrow)
    ways = (
        most == 1 and any(covers(part, narrow) for part in wide_parts),
        most == len(wide_parts) and all(covers(part, narrow) for part in wide_parts),
        least == 1 and narrow_parts and all(covers(wide, part) for part in narrow_parts),
        least == len(narrow_parts) and any(covers(wide, part) for part in narrow_parts),
    )
    if any(ways):
        return True
    # Of `least` parts that hold, at most those without a counterpart are lost.
    lost = _without_counterpart(wide_parts, narrow_parts)
    return bool(wide_parts) and bool(narrow_parts) and most <= least - lost


def exempts_more(now: Condition | None, before: Condition | None) -> bool:
    """Tell whether an `unless` may exempt somebody whom the one before did not."""
    if now is None:
        return False
    return before is None or not covers(before, now)


def _counted(condition: Condition) -> tuple[int, tuple[Condition, ...]]:
    """Return how many of its parts have to hold, and the parts; none for a single statement."""
    if condition.any:
        return 1, condition.any
    if condition.all:
        return len(condition.all), condition.all
    return condition.count or 1, condition.of


def _without_counterpart(wide: tuple[Condition, ...], narrow: tuple[Condition, ...]) -> int:
    """Count the parts of one condition that no part of the other covers, each used once."""
    left, lost = list(wide), 0
    for part in narrow:
        fitting = [each for each in left if covers(each, part)]
        if not fitting:
            lost += 1
            continue
        left.remove(part if part in fitting else fitting[0])
    return lost


def _covers_alone(wide: Condition, narrow: Condition) -> bool:
    """Compare two single statements about a finding or a cause."""
    if wide.finding is not None and wide.finding == narrow.finding:
        return (
            wide.absent == narrow.absent
            and bool(wide.equals) == bool(narrow.equals)
            and set(narrow.equals) <= set(wide.equals)
            and _reaches(wide.at_least, narrow.at_least, 1)
            and _reaches(wide.below, narrow.below, -1)
        )
    same_cause = wide.cause is not None and wide.cause == narrow.cause
    limits = (wide.probability_over, narrow.probability_over)
    return same_cause and None not in limits and _reaches(*limits, 1)


def _reaches(wide: float | None, narrow: float | None, sign: int) -> bool:
    """Tell whether a limit leaves in all that another does; sign: 1 for a lower limit, else -1."""
    if wide is None:
        return True
    return narrow is not None and sign * wide <= sign * narrow
