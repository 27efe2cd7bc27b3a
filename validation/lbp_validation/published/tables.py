"""Work out what a network implies for a study: the exact two-by-two table of event and cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from bayesnet.engine import Engine
from bayesnet.errors import EvidenceError
from bayesnet.network import Array, Variable
from lbp_validation.published.events import (
    ALWAYS,
    Answer,
    Bands,
    Count,
    Event,
    chance,
    variables_of,
)

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

    One joint distribution over all variables concerned, cut to who was seen, scaled to the study's
    margins, and summed. Raises EvidenceError when the margins cannot be met.
    """
    present = Count(1, tuple(Answer(cause, ("yes",)) for cause in causes))
    concerned = (present, event, population.seen, *(each.of for each in population.margins))
    names = tuple(dict.fromkeys(name for each in concerned for name in variables_of(each)))
    axes = [engine.network.variables[engine.network.position(name)] for name in names]
    seen = _joint(engine, names) * chance(population.seen, axes, bands)
    people = scaled_to_margins(seen, axes, bands, population.margins)
    ill, happens = chance(present, axes, bands), chance(event, axes, bands)
    return TwoByTwo(
        true_positive=float((people * ill * happens).sum()),
        false_negative=float((people * ill * (1 - happens)).sum()),
        false_positive=float((people * (1 - ill) * happens).sum()),
        true_negative=float((people * (1 - ill) * (1 - happens)).sum()),
    )


def _joint(engine: Engine, names: Sequence[str]) -> Array:
    """Return the joint distribution of variables, a slice for each state of those without parents.

    What has no parents, such as age, ties most others together: known, it is far less to compute.
    """
    network = engine.network
    roots = [name for name in names if not network.parents(name)]
    rest = [name for name in names if name not in roots]
    if not rest:
        return np.asarray(engine.joint(names))
    states = [network.variable(name).states for name in roots]
    given = (dict(zip(roots, each, strict=True)) for each in product(*states))
    slices = [_slice(engine, known, rest) for known in given]
    table = np.array(slices).reshape(*map(len, states), *slices[0].shape)
    return np.moveaxis(table, range(len(names)), [names.index(name) for name in (*roots, *rest)])


def _slice(engine: Engine, known: Mapping[str, str], rest: Sequence[str]) -> Array:
    """Return P(known, rest), shape (states of each of the rest)."""
    share = float(np.exp(engine.log_probability(known)))
    if share == 0:
        return np.zeros([len(engine.network.variable(name).states) for name in rest])
    found: Array = np.asarray(engine.joint(rest, known), dtype=np.float64) * share
    return found


def scaled_to_margins(
    table: Array, axes: Sequence[Variable], bands: Bands, margins: Sequence[Margin]
) -> Array:
    """Scale a table to sum to 1 and to given margins, one after the other until all hold.

    The result has the table's shape, one axis a variable. Iterative proportional fitting (Deming
    and Stephan 1940): the same as likelihood evidence on the variables of the margins, so all
    associations given them stay the model's. Raises EvidenceError when the margins cannot be met.
    """
    if not table.sum() > 0:
        raise EvidenceError("the model says that nobody is like the people of the study")
    table = table / table.sum()
    parts = [(chance(margin.of, axes, bands), margin.share) for margin in margins]
    for _ in range(ROUNDS):
        shares = [float((table * inside).sum()) for inside, _ in parts]
        if all(abs(now - share) <= CLOSE for now, (_, share) in zip(shares, parts, strict=True)):
            return table
        for inside, share in parts:
            now = float((table * inside).sum())
            if not 0 < now < 1:
                break
            table = table * (inside * (share / now) + (1 - inside) * ((1 - share) / (1 - now)))
    raise EvidenceError(f"no such people in the model: {', '.join(map(str, margins))}")
