"""Derive from which probability a cause is acted on, from the model's own benefits and harms."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.pathways import NOBODY
from bayesnet.model.lookup.expected_value import expected_value, ordinary_pathways, worth


@dataclass(frozen=True)
class ActionThreshold:
    """The probability of a cause at which acting on it overtakes what is done otherwise.

    pathway: the one that acts on the cause; otherwise: the one followed without it (empty: nothing
    in particular); benefit: what acting gains where the cause is present; harm: what it costs where
    it is not; both in the model's utility unit.

    >>> ActionThreshold("disc", "urgent_scan", "wait", benefit=9.0, harm=1.0).value
    0.1
    """

    cause: str
    pathway: str
    otherwise: str
    benefit: float
    harm: float

    @property
    def value(self) -> float:
        """Harm / (harm + benefit): from here acting is better; 0 when acting costs nothing."""
        return self.harm / (self.harm + self.benefit) if self.harm > 0 else 0.0


def action_thresholds(
    description: ModelDescription, prior: Mapping[str, float]
) -> dict[str, ActionThreshold]:
    """Derive the threshold of each cause that names a pathway to act by.

    prior: {cause, or `no_identified_cause`: probability before any answer}.

    The threshold of Pauker and Kassirer (1980, N Engl J Med 302:1109): with benefit b where the
    cause is present and harm h where it is not, acting is better from h / (h + b). Both are
    differences from what is done otherwise, which is the ordinary pathway (see `ordinary_pathways`)
    with the best expected value for people with none of the causes that are acted on, every other
    cause at its prior.

    The harm is that to such people, since the threshold of one cause must not sink because the same
    scan would find another. The reference is one for everybody, since a threshold that moved with
    the answers could not be read and compared.
    """
    others = ordinary_pathways(description)
    spared = _spared(description, prior)
    means = {name: expected_value(each, spared) for name, each in others.items()}
    best = max(sorted(means), key=lambda name: means[name], default="")
    found = {}
    for name, cause in description.causes.items():
        if cause.act_by is None:
            continue
        pathway = description.pathways[cause.act_by]
        reference = worth(others[best], name) if best else 0.0
        benefit = worth(pathway, name) - reference
        harm = means.get(best, 0.0) - expected_value(pathway, spared)
        found[name] = ActionThreshold(name, cause.act_by, best, benefit, harm)
    return found


def _spared(description: ModelDescription, prior: Mapping[str, float]) -> dict[str, float]:
    """Return the prior of people who have none of the causes that are acted on.

    Exact where these are independent of the rest, and near enough for rare ones: the other causes
    keep their prior, and having no cause at all becomes as much more common as leaving those people
    out makes it.
    """
    acted_on = {name for name, cause in description.causes.items() if cause.act_by is not None}
    spared = prod(1 - prior[name] for name in acted_on)
    left = {name: p for name, p in prior.items() if name not in acted_on}
    return {**left, NOBODY: min(1.0, prior[NOBODY] / spared)}
