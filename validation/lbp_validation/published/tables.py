"""Work out what a network implies for a study: the exact two-by-two table of event and cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.engine import Engine
from bayesnet.errors import EvidenceError
from bayesnet.network import Array
from lbp_validation.published.counted import joint_of_events
from lbp_validation.published.events import ALWAYS, Answer, Bands, Count, Event

ROUNDS = 2000
"""Bound on the rounds of scaling; the slowest of the published figures takes 8."""
CLOSE = 1e-13
"""How near to its share each margin has to come: rounding errors of a sum are not much smaller."""


@dataclass(frozen=True)
class Margin:
    """A share of the people in a study to whom something holds."""

    of: Event
    share: float


@dataclass(frozen=True)
class Population:
    """The people of a study: an event that all of them showed, and its make-up."""

    about: str
    seen: Event = ALWAYS
    margins: tuple[Margin, ...] = ()


@dataclass(frozen=True)
class TwoByTwo:
    """Shares of a population, by cause and event; they sum to 1."""

    true_positive: float
    false_negative: float
    false_positive: float
    true_negative: float

    def quantity(self, name: str) -> float:
        """Return one of QUANTITIES; infinite or NaN where its denominator is zero."""
        positive = np.float64(self.true_positive + self.false_positive)
        diseased = np.float64(self.true_positive + self.false_negative)
        healthy = np.float64(self.false_positive + self.true_negative)
        with np.errstate(divide="ignore", invalid="ignore"):
            sensitivity, false_share = self.true_positive / diseased, self.false_positive / healthy
            miss, specificity = self.false_negative / diseased, self.true_negative / healthy
            after = self.true_positive / positive
            found = {
                "sensitivity": sensitivity,
                "specificity": specificity,
                "false_positive_share": false_share,
                "lr_positive": sensitivity / false_share,
                "lr_negative": miss / specificity,
                "odds_ratio": sensitivity / false_share / (miss / specificity),
                "risk_ratio": after / (self.false_negative / (1 - positive)),
                "post_test": after,
                "post_test_negative": self.false_negative / (1 - positive),
                "prevalence": diseased,
                "share": positive,
            }
        return float(found[name])


PROPORTIONS = (
    "sensitivity",
    "specificity",
    "false_positive_share",
    "post_test",
    "post_test_negative",
    "prevalence",
    "share",
)
RATIOS = ("lr_positive", "lr_negative", "odds_ratio", "risk_ratio")
QUANTITIES = (*PROPORTIONS, *RATIOS)


def two_by_two(
    engine: Engine, bands: Bands, causes: Sequence[str], event: Event, population: Population
) -> TwoByTwo:
    """Work out the exact table for any of the causes and an event among the people of a population.

    One joint distribution over the events concerned, cut to who was seen, scaled to the study's
    margins, and summed. Raises EvidenceError when the margins cannot be met.
    """
    present = Count(1, tuple(Answer(cause, ("yes",)) for cause in causes))
    given, open_part = _told(population.seen)
    concerned = (open_part, present, event, *(each.of for each in population.margins))
    seen = joint_of_events(engine, bands, given, concerned)[1]
    if not seen.sum() > 0:
        raise EvidenceError("the model says that nobody is like the people of the study")
    margins = {axis: each.share for axis, each in enumerate(population.margins, start=2)}
    people = scaled_to_margins(seen / seen.sum(), margins)
    shares = people.sum(axis=tuple(margins)).tolist()
    (well_without, well_with), (ill_without, ill_with) = shares
    return TwoByTwo(ill_with, ill_without, well_with, well_without)


def _told(seen: Event) -> tuple[dict[str, str], Event]:
    """Split what all people of a study showed into single answers, as evidence, and the rest.

    An answer that is there twice stays in the rest, where it may contradict the other.
    """
    parts = seen.of if isinstance(seen, Count) and seen.least == len(seen.of) else (seen,)
    given: dict[str, str] = {}
    rest: list[Event] = []
    for part in parts:
        if isinstance(part, Answer) and len(part.states) == 1 and part.variable not in given:
            given[part.variable] = part.states[0]
        else:
            rest.append(part)
    return given, Count(len(rest), tuple(rest))


def scaled_to_margins(table: Array, margins: Mapping[int, float]) -> Array:
    """Scale a table that sums to 1 to given margins, one after the other until all hold.

    margins: {axis of no and yes: the share of yes}. Iterative proportional fitting (Deming and
    Stephan 1940): the same as likelihood evidence on the events of the margins, so all associations
    given them stay the model's. Raises EvidenceError when the margins cannot be met.
    """
    for _ in range(ROUNDS):
        now = {axis: _yes(table, axis) for axis in margins}
        if all(abs(now[axis] - share) <= CLOSE for axis, share in margins.items()):
            return table
        for axis, share in margins.items():
            before = _yes(table, axis)
            if not 0 < before < 1:
                break
            shape = [2 if each == axis else 1 for each in range(table.ndim)]
            factors = np.array([(1 - share) / (1 - before), share / before])
            table = table * factors.reshape(shape)
    raise EvidenceError(f"no such people in the model: {', '.join(map(str, margins.values()))}")


def _yes(table: Array, axis: int) -> float:
    return float(table.take(1, axis=axis).sum())
