"""What sets of questions are worth where no answer alone would change the pathway.

For one cause with posterior p, and two pathways, the best if it is present (gain b over the other)
and the best if it is not (gain h), a set of answers that are independent given the cause and given
its absence has a weight of evidence W that is about normal in both: with mean m and deviation s,

    value = p b Phi((m1 - W*) / s1) - (1 - p) h Phi((m0 - W*) / s0) - max(0, p b - (1 - p) h)

with W* = logit t - logit p and t = h / (h + b) (Heckerman, Horvitz and Middleton 1993, IEEE PAMI
15:292). The independence, and that the other causes stay as they are, make it approximate: it
orders questions, and nothing else is said from it.
"""

from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.interview.outlook import Outlook
from bayesnet.network import Array

MOST_TELLING = 5
"""Questions of which every pair is looked at."""
LARGEST_SET = 4
"""Questions that tell most about one cause, of which the first two, three and four are a set."""
UNDECIDED = (0.1, 8.0)
"""Between these shares of its threshold a probability may still end on the other side of it."""
TINY = 1e-12
_PHI = np.vectorize(lambda z: 0.5 * (1.0 + erf(z / sqrt(2.0))), otypes=[float])


def best_shares(policy: Policy, outlook: Outlook) -> Array:
    """Return of each question the largest share, value over size, of a set that it is in."""
    found = np.zeros(len(outlook.ids))
    if len(policy.pathways) < 2 or len(outlook.ids) < 2:
        return found
    p, b, h = _stakes(policy, outlook)
    t = np.divide(h, h + b, out=np.zeros_like(h), where=h + b > 0)
    low, high = UNDECIDED
    undecided = np.flatnonzero((b > 0) & (h > 0) & (p >= low * t) & (p < high * t))
    if not len(undecided):
        return found
    moments = _moments(outlook)
    telling = np.argsort(-outlook.bits.sum(axis=0), kind="stable")[:MOST_TELLING]
    pairs = telling[np.array(np.triu_indices(len(telling), 1)).T]
    shares = _values(p, b, h, moments, undecided, pairs[None]).max(axis=0) / 2
    np.maximum.at(found, pairs, shares[:, None])
    ranked = np.argsort(-outlook.bits[undecided], axis=1, kind="stable")[:, :LARGEST_SET]
    for size in range(2, ranked.shape[1] + 1):
        members = ranked[:, :size]
        shares = _values(p, b, h, moments, undecided, members[:, None]) / size
        np.maximum.at(found, members, shares)
    return np.maximum(found, 0.0)


def _stakes(policy: Policy, outlook: Outlook) -> tuple[Array, Array, Array]:
    """Return p, the gain with the cause, and the gain without, of the two pathways for each.

    Each of shape (causes,). The other causes are taken as they are, and none of them as absent with
    the cause.
    """
    p, values = outlook.now[:-1], policy.values
    nobody = values[:, -1:] * outlook.now[-1]
    others = (values[:, :-1] @ p)[:, None] - values[:, :-1] * p
    given = values[:, :-1] + others
    without = others + nobody / np.maximum(1.0 - p, TINY)
    causes = np.arange(len(p))
    acting, waiting = given.argmax(axis=0), without.argmax(axis=0)
    b = given[acting, causes] - given[waiting, causes]
    h = without[waiting, causes] - without[acting, causes]
    return p, b, h


def _moments(outlook: Outlook) -> Array:
    """Mean and variance of each question's weight with and without each cause, in nats.

    Shape (4, causes, questions): mean and variance with the cause, mean and variance without.
    """
    p = np.clip(outlook.now[:-1, None], TINY, 1.0 - TINY)
    given = np.maximum(outlook.joint[:-1] / p, TINY)
    without = np.maximum((outlook.chances - outlook.joint[:-1]) / (1.0 - p), TINY)
    weights = np.log(given / without)
    found = []
    for chance in (given, without):
        mean = outlook.over_answers(chance * weights)
        spread = outlook.over_answers(chance * weights**2) - mean**2
        found += [mean, np.maximum(spread, TINY)]
    return np.array(found)


def _values(
    p: Array,
    b: Array,
    h: Array,
    moments: Array,
    causes: NDArray[np.intp],
    members: NDArray[np.intp],
) -> Array:
    """Return what sets are worth for some causes, shape (causes, sets).

    members: questions of each set, shape (causes or 1, sets, size).
    """
    m1, v1, m0, v0 = moments[:, causes[:, None, None], members].sum(axis=-1)
    p, b, h = p[causes, None], b[causes, None], h[causes, None]
    needed = np.log(h / b) - np.log(p / np.maximum(1.0 - p, TINY))
    acting = p * b * _PHI((m1 - needed) / np.sqrt(v1))
    acting -= (1.0 - p) * h * _PHI((m0 - needed) / np.sqrt(v0))
    return np.asarray(acting - np.maximum(0.0, p * b - (1.0 - p) * h))
