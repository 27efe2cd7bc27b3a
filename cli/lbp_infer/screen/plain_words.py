"""Words for the person concerned: how many of 100 such people, and how strongly something speaks.

Numbers are natural frequencies with one denominator throughout, rounded as far as they can be
trusted, and both sides of a small one are said: words like `unlikely` and `1 in x` are misread
(NICE CG138; Trevena 2013, BMC Med Inform Decis Mak 13 Suppl 2:S7).
"""

from collections.abc import Sequence

from bayesnet.diagnosis.report.records import (
    MustNotMiss,
    NextQuestion,
    PathwayResult,
    TriageReason,
    Weight,
)
from lbp_infer.screen.wording import Wording

STRENGTHS = ((10.0, "strongly"), (4.8, "clearly"), (1.8, "a little"))
"""From how many decibans on: odds ten times, three times and half as high again."""
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

    def causes_title(self, people: str) -> str:
        """Return the heading of the causes, which says of whom the numbers are."""
        return f"Of 100 {people} who answer like this, about so many have"

    def number(self, probability: float) -> str:
        """Return a rounded number out of 100."""
        return of_hundred(probability)

    def span(self, within: tuple[float, float] | None) -> str:
        """Return an interval out of 100."""
        if within is None:
            return ""
        low, high = map(of_hundred, within)
        return low if low == high else f"{low} to {high}"

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
        return f"{only.label}: {self._both_sides(only.probability)}, {ENOUGH}."

    def missed(self, missed: MustNotMiss) -> str:
        """Say both sides of the number, and why it counts."""
        return f"{self._both_sides(missed.probability)}; {WAITING_COSTS}."

    def chosen(self, pathway: PathwayResult) -> str:
        """Say that all that it may be was weighed."""
        return "Chosen because it should do most good over all that this may be."

    def compared(self, pathway: PathwayResult) -> str:
        """Leave expected values out: nobody reads them right who has not learned to."""
        return ""

    def why_asked(self, question: NextQuestion) -> str:
        """Leave bits out."""
        return ""

    def stopped(self, reason: str) -> str:
        """Say that no further answer is worth much, or that questions can wait."""
        told = "bits" not in reason
        return f"None: {reason}." if told else "None: no further answer would tell much."

    def weighed(self, weights: Sequence[Weight]) -> list[tuple[str, str]]:
        """Return in words how strongly each answer speaks, without those that hardly do."""
        found = []
        for each in weights:
            strength = next((w for least, w in STRENGTHS if abs(each.decibans) >= least), "")
            if strength:
                side = "for" if each.decibans > 0 else "against"
                found.append((f"speaks {strength} {side} it", each.label))
        return found

    def _both_sides(self, probability: float) -> str:
        said = self.chance(probability)
        if probability > 0.5:
            return said
        return f"{said} have it, {other_side(probability)} have something else"


def of_hundred(probability: float) -> str:
    """Return a number out of 100: to the next one up to 5 and from 95, else to the next five.

    >>> [of_hundred(p) for p in (0.002, 0.034, 0.12, 0.52, 0.962, 0.999)]
    ['<1', '3', '10', '50', '96', '>99']
    """
    exact = probability * 100
    if exact < 1:
        return "<1"
    if exact > 99:
        return ">99"
    step = 1 if exact < 5.5 or exact > 94.5 else 5
    return f"{step * round(exact / step)}"


def out_of_hundred(probability: float) -> str:
    """Return a natural frequency in words.

    >>> out_of_hundred(0.002), out_of_hundred(0.52), out_of_hundred(0.999)
    ('fewer than 1 of 100', 'about 50 of 100', 'more than 99 of 100')
    """
    number = of_hundred(probability)
    words = {"<": "fewer than ", ">": "more than "}.get(number[0], "about ")
    return f"{words}{number.lstrip('<>')} of 100"


def other_side(probability: float) -> str:
    """Return how many of 100 are left, so that both sides add up.

    >>> other_side(0.034), other_side(0.12), other_side(0.002)
    ('97', '90', 'more than 99')
    """
    number = of_hundred(probability)
    return "more than 99" if number == "<1" else f"{100 - int(number.lstrip('>'))}"
