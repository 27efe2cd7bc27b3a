"""Name the few questions that a level of urgency hangs on, for each person of a table."""

from collections.abc import Mapping

import numpy as np

from bayesnet.diagnosis.answers.columns import EMPTY
from bayesnet.diagnosis.decisions.thresholds import Ranks
from bayesnet.network import Array

MOST = 5
"""Questions that are named at most: as many as are answered in a minute."""
DECIDES = np.inf
"""How telling a question is whose answer settles the level by itself."""
CLOSED = -np.inf
"""Stands in place of how telling a question is for whom the level does not hang on it."""


def together(one: Mapping[str, Array], other: Mapping[str, Array]) -> dict[str, Array]:
    """Add up how telling questions are; each of shape (cases,).

    >>> together({"a": np.array([0.5, CLOSED])}, {"a": np.array([0.25, 0.5])})
    {'a': array([0.75, 0.5 ])}
    """
    found = dict(one)
    for name, more in other.items():
        before = found.get(name, np.full(len(more), CLOSED))
        both = (before > CLOSED) & (more > CLOSED)
        found[name] = np.where(both, before, 0.0) + np.where(both, more, np.maximum(before, more))
    return found


def most_telling(telling: Mapping[str, Array]) -> dict[str, Ranks]:
    """Return {question: its place from 0 among those that come first, EMPTY for whom it does not}.

    telling: {question: shape (cases,)}; equal ones keep their order.

    >>> most_telling({"a": np.array([0.1, CLOSED]), "b": np.array([DECIDES, CLOSED])})
    {'a': array([ 1, -1]), 'b': array([ 0, -1])}
    """
    if not telling:
        return {}
    table = np.array(list(telling.values()))
    places = np.argsort(np.argsort(-table, axis=0, kind="stable"), axis=0)
    named = np.where((table > CLOSED) & (places < MOST), places, EMPTY)
    return {name: row for name, row in zip(telling, named, strict=True) if (row != EMPTY).any()}
