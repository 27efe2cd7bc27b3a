"""Words for a clinician: probabilities in per cent, weights in decibans, values in units."""

from bayesnet.diagnosis.report.percentages import percent, percent_range
from bayesnet.diagnosis.report.records import (
    MustNotMiss,
    PathwayResult,
    TriageReason,
    Weight,
)
from bayesnet.diagnosis.report.wording import Wording


class TechnicalWords(Wording):
    """What the report says, as it says it."""

    heads = ("now", "range", "prior")
    none_of_them = "no identified cause"
    range_note = (
        "Range: the 95 % interval, from how uncertain the model's numbers are. Causes can occur "
        "together, so these do not add up to 100 %."
    )
    weights_note = (
        "Weights are in decibans: +10 makes the odds of the cause ten times higher, +3 doubles "
        "them, -3 halves them; each with everything else that was given known."
    )
    shares_note = (
        "Shares of the change of the log-odds, in decibans (+10: odds ten times higher, +3 "
        "doubles them, -3 halves them), which add up. Risk factors count first, then findings; "
        "of each, answers are taken in one by one, in the model's order and in reverse, and each "
        "counts for the mean: what two say only together is halved between them, as by the "
        "Shapley value (1953; asymmetric, Frye 2020)."
    )

    def causes_title(self, people: str) -> str:
        """Return the heading of the causes."""
        return "Causes"

    def number(self, probability: float) -> str:
        """Return per cent."""
        return percent(probability)

    def span(self, within: tuple[float, float] | None) -> str:
        """Return an interval in per cent."""
        return percent_range(within)

    def chance(self, probability: float) -> str:
        """Return per cent."""
        return percent(probability)

    def reason(self, reason: TriageReason) -> str:
        """Say what raised the urgency, with probability and threshold."""
        return reason.reason

    def missed(self, missed: MustNotMiss) -> str:
        """Say by how much it is raised, and what acting on it gains and costs."""
        times = f"{missed.times_prior:.1f} times its prevalence"
        return f"{percent(missed.probability)} ({times}): {missed.reason}"

    def chosen(self, pathway: PathwayResult) -> str:
        """Say which causes speak for the pathway and against it."""
        return f"Because {'; '.join(pathway.because)}." if pathway.because else ""

    def compared(self, pathway: PathwayResult) -> str:
        """Give the expected values of this pathway and the next best."""
        if not pathway.alternatives:
            return ""
        others = ", ".join(f"{o.label} ({o.expected_value:+.1f})" for o in pathway.alternatives)
        chosen = f"{pathway.expected_value:+.1f} {pathway.unit}".strip()
        return f"Expected value {chosen}; next best: {others}."

    def weighs(self, weight: Weight) -> str:
        """Return decibans."""
        return f"{weight.decibans:+.1f}"

    def summed(self, before: float, after: float) -> str:
        """Give both ends and the difference."""
        return f"{after - before:+.1f} in all, from {before:+.1f} to {after:+.1f}"
