"""Write numbers of a model for people: value, uncertainty, of whom, and what a grade means."""

from collections.abc import Mapping

from bayesnet.model.lookup.grades import Grade, GradedNumber

GRADE_WORDS: Mapping[Grade, str] = {
    "published": "as published figures say",
    "adapted": "published figures, moved by judgement for the reason given",
    "judgement": "expert judgement alone, or with figures that nobody read at their source",
}
LEGEND = "; ".join(f"{grade}: {words}" for grade, words in GRADE_WORDS.items())


def share(probability: float) -> str:
    """Return a probability as a model states it, without rounding away.

    >>> share(0.0125)
    '1.25 %'
    """
    return f"{probability * 100:.4g} %"


def value(number: GradedNumber) -> str:
    """Return the number as people read it; the shares of several states after each other."""
    if isinstance(number.value, dict):
        return ", ".join(f"{state} {share(p)}" for state, p in number.value.items())
    if number.kind == "relative risk":
        return f"x {number.value:.6g}"
    if number.kind == "limit":
        return f"{number.value:g}"
    return f"{number.value:+g}" if number.kind == "utility" else share(number.value)


def uncertainty(number: GradedNumber) -> str:
    """Return the number's interval or sample size in words; empty where the model gives neither."""
    if number.interval is not None:
        low, high = number.interval
        if number.kind == "relative risk":
            return f"({low:g} to {high:g})"
        return f"({share(low)} to {share(high)})"
    return f"(worth {number.sample_size:g} cases)" if number.sample_size is not None else ""


def of_whom(number: GradedNumber) -> str:
    """Say what sort of number it is, and of whom."""
    if not number.of:
        return number.kind
    kind = "" if number.kind == "frequency" else f"{number.kind} "
    return f"{kind}{'for' if number.kind == 'utility' else 'with'} {' '.join(number.of)}"
