"""Words for the person concerned: how many of 100 such people, both sides of it, and strengths."""

from bayesnet.diagnosis.report.plain_numbers import (
    of_hundred,
    other_side,
    out_of_hundred,
    span_of_hundred,
    strength,
)
from bayesnet.diagnosis.report.records import (
    MustNotMiss,
    PathwayResult,
    TriageReason,
    Weight,
)
from bayesnet.diagnosis.report.wording import Wording

ENOUGH = "which is enough to have it looked into"
WAITING_COSTS = "it is looked into because waiting could do lasting harm"


class PlainWords(Wording):
    """Nothing that has to be looked up."""

    heads = ("now", "could be", "before")
    none_of_them = "no cause that can be named"
    range_note = (
        "Could be: how far off the numbers behind this may be. Before: without any answer. "
        "Several can be there together, so these do not add up to 100."
    )
    weights_note = (
        "How much each answer changes what is likely, everything else that was said being known. "
        "What changes next to nothing is left out."
    )
    shares_note = (
        "How much each answer adds to what is likely. What two answers say only together is halved "
        "between them. What adds next to nothing is left out."
    )

    def causes_title(self, people: str) -> str:
        """Return the heading of the causes, which says of whom the numbers are."""
        return f"Of 100 {people} with these answers, about so many have"

    def number(self, probability: float) -> str:
        """Return a rounded number out of 100."""
        return of_hundred(probability)

    def span(self, within: tuple[float, float] | None) -> str:
        """Return an interval out of 100."""
        return span_of_hundred(within)

    def chance(self, probability: float) -> str:
        """Return a natural frequency."""
        return out_of_hundred(probability)

    def reason(self, reason: TriageReason) -> str:
        """Say what raised the urgency; of several causes, that they do so together."""
        if not reason.causes:
            return reason.reason
        if len(reason.causes) > 1:
            labels = ", ".join(each.label for each in reason.causes)
            return f"Any of these may be behind it, and together that is enough to act: {labels}."
        (only,) = reason.causes
        said = f"{only.label}: {self.chance(only.probability)}"
        if only.probability > 0.5:
            return f"{said}, {ENOUGH}."
        other = other_side(only.probability)
        return f"{said} have it, {ENOUGH}; {other} have something else."

    def missed(self, missed: MustNotMiss) -> str:
        """Say both sides of the number, and why it counts."""
        return f"{self._both_sides(missed.probability)}; {WAITING_COSTS}."

    def chosen(self, pathway: PathwayResult) -> str:
        """Say that all that it may be was weighed."""
        return "Chosen because it should do most good over all that this may be."

    def compared(self, pathway: PathwayResult) -> str:
        """Leave expected values out: nobody reads them right who has not learned to."""
        return ""

    def weighs(self, weight: Weight) -> str:
        """Say it in words."""
        return strength(weight.decibans)

    def summed(self, before: float, after: float) -> str:
        """Leave it out: the chances before and after are in the heading."""
        return ""

    def _both_sides(self, probability: float) -> str:
        said = self.chance(probability)
        if probability > 0.5:
            return said
        return f"{said} have it, {other_side(probability)} have something else"
