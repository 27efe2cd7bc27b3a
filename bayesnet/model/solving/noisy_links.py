"""Work out what one cause does by itself: the links of a noisy-MAX, and the caps of a noisy-MIN.

Everything follows from two distributions over the states of a finding, lowest first: the
background, and what is seen with the cause and no other.
"""

from collections.abc import Sequence

import numpy as np

from bayesnet.model.format.numbers import Frequency
from bayesnet.model.solving.tables import Settings
from bayesnet.network import Array

TOLERANCE = 1e-9
"""How far a probability of a file may be off, and what is made of it below 0.

A file writes a distribution in a few digits, and the digits may sum to 1 that nearly (see
`checks.kinds`); a sum of a hundred doubles is off by some 1e-14 only.
"""


def distribution(states: Sequence[str], number: Frequency) -> Array:
    """Return a frequency as a distribution over states, shape (states,).

    >>> distribution(("no", "yes"), Frequency(value=0.2, source=("expert judgement",)))
    array([0.8, 0.2])
    """
    if number.values is not None:
        return np.array([number.values[state] for state in states])
    value = number.value or 0.0
    return np.array([1.0 - value, value])


def link_of(background: Settings, alone: Settings) -> Settings:
    """Return the link with which a noisy-MAX of background and link gives the cause's distribution.

    background, alone: distributions along the last axis, shape (..., states), real or complex (see
    `tables`); so is the result. P(max <= s) = P(background <= s) P(link <= s), so the
    link's cumulative distribution is the ratio of the other two. Below the background's lowest
    possible state it is not determined, and is taken as it is in the next state.

    >>> link_of(np.array([0.9, 0.1]), np.array([0.45, 0.55]))
    array([0.5, 0.5])
    """
    below, with_cause = np.cumsum(background, axis=-1), np.cumsum(alone, axis=-1)
    ratio = np.ones_like(below * with_cause)
    # From the highest state down, since a state where 0 / 0 stands takes the ratio of the next.
    for state in range(below.shape[-1] - 2, -1, -1):
        reached = below[..., state].real > 0
        part = np.divide(with_cause[..., state], np.where(reached, below[..., state], 1.0))
        ratio[..., state] = np.where(reached, part, ratio[..., state + 1])
    return steps(ratio)


def steps(at_most: Settings) -> Settings:
    """Turn P(at most each state) into a distribution, both along the last axis.

    >>> steps(np.array([0.25, 0.75, 1.0]))
    array([0.25, 0.5 , 0.25])
    """
    # As `np.diff` with a 0 before, which takes three times as long for a few states.
    found = at_most.copy()
    found[..., 1:] -= at_most[..., :-1]
    return found


def cap_of(background: Settings, alone: Settings) -> Settings:
    """Return the distribution that caps the background so that it shows the cause's distribution.

    The mirror image of `link_of`, shape (..., states): P(min >= s) = P(background >= s) P(cap >=
    s).
    """
    return link_of(background[..., ::-1], alone[..., ::-1])[..., ::-1]


def lowers(background: Array, alone: Array) -> bool:
    """Tell whether a cause lowers a finding, making high states less likely than the background.

    It has to do so as a noisy-MIN can. background, alone: distributions over the states, lowest
    first, shape (states,).

    >>> lowers(np.array([0.6, 0.4]), np.array([0.9, 0.1]))
    True
    """
    # P(at most s) rises in some state and falls in none; both 1 in the last state.
    gain = np.cumsum(alone) - np.cumsum(background)
    below = gain.min() >= -TOLERANCE and gain.max() > TOLERANCE
    return bool(below and cap_of(background, alone).min() >= -TOLERANCE)


def raising(background: Array, alone: Array, margin: float = 0.0) -> Array:
    """Return the distribution nearest to a cause's that raises the background or leaves it.

    P(at most s | cause) over P(at most s | background) may be 1 at most and never falls from one
    state to the next; what is too large is cut down. margin: by how much it rises at least from
    state to state. background, alone: distributions over the states, lowest first, shape (states,).

    >>> raising(np.array([0.6, 0.4]), np.array([0.9, 0.1]))
    array([0.6, 0.4])
    """
    below = np.cumsum(background)
    ratio = np.divide(np.cumsum(alone), below, out=np.ones(len(below)), where=below > 0)
    ratio[-1] = 1.0
    allowed = np.minimum.accumulate(ratio[::-1])[::-1]
    allowed = allowed * (1.0 - margin * np.arange(len(below) - 1, -1, -1))
    found = np.maximum(np.diff(allowed * below, prepend=0.0), 0.0)
    return np.asarray(found / found.sum())


def lowering(background: Array, alone: Array, margin: float = 0.0) -> Array:
    """Return the distribution nearest to a cause's that lowers the background or leaves it.

    The mirror image of `raising`.

    >>> lowering(np.array([0.6, 0.4]), np.array([0.5, 0.5]))
    array([0.6, 0.4])
    """
    return raising(background[::-1], alone[::-1], margin)[::-1]
