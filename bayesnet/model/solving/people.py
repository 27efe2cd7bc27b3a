"""Work out who has one cause only, or none: how risk factors are distributed among them.

With all risk factors known, and all causes but one absent, P(a cause is absent) is a product over
its parents. So the distribution sought is a sum of products over the risk factors alone; they are
summed out one after the other (variable elimination).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.solving.tables import Settings

NONE = ""
"""Stands for people with none of the causes, where a cause's id stands for those with it only."""

_Piece = tuple[tuple[str, ...], Settings]
"""A table over some risk factors: shape (settings, states of each)."""


@dataclass(frozen=True, eq=False)
class Upper:
    """The part of a network above the findings.

    factors: risk factors, parents before children; causes; nodes: of both, and of the groups of
    factors between them; arrays: the numbers of each node (see `arrays_of`).
    """

    factors: tuple[str, ...]
    causes: tuple[str, ...]
    nodes: Mapping[str, NodeSpec]
    arrays: Mapping[str, Sequence[Settings]]


def people_with(only: str, factors: Sequence[str], upper: Upper) -> Settings:
    """Return the joint distribution of some risk factors among people with one cause only.

    only: the cause, or NONE. Shape (settings, states of each factor).
    """
    others = [p for cause in upper.causes if cause != only for p in _absent(cause, only, upper)]
    found = _summed(others, factors, upper)
    if only != NONE:
        # People with it are all people less those without it, where no other cause is present.
        found = found - _summed([*others, *_absent(only, only, upper)], factors, upper)
    return np.asarray(found / found.sum(axis=tuple(range(1, found.ndim)), keepdims=True))


def _absent(cause: str, only: str, upper: Upper) -> Iterator[_Piece]:
    """Yield the factors of P(cause absent | risk factors), all other causes but one absent."""
    leak, *links = upper.arrays[cause]
    yield (), leak[:, 0]
    for parent, link in zip(upper.nodes[cause].parents, links, strict=True):
        node = upper.nodes[parent]
        if parent in upper.causes:
            yield (), link[:, int(parent == only), 0]
        elif parent in upper.factors:
            yield (parent,), link[:, :, 0]
        else:
            # A group of factors, whose node makes the cause certain.
            shape = [len(upper.nodes[each].states) for each in node.parents]
            [table] = upper.arrays[parent]
            yield node.parents, table[..., 0].reshape(len(table), *shape)


def _summed(pieces: Sequence[_Piece], keep: Sequence[str], upper: Upper) -> Settings:
    """Sum P(risk factors) x the pieces over all risk factors but those kept."""
    single: dict[tuple[str, ...], Settings] = {}
    waiting: list[_Piece] = []
    for names, table in pieces:
        if len(names) > 1:
            waiting.append((names, table))
        else:
            single[names] = single[names] * table if names in single else table
    for name in upper.factors:
        node, [table] = upper.nodes[name], upper.arrays[name]
        states = [len(upper.nodes[each].states) for each in (*node.parents, name)]
        weight = single.get((name,), np.ones((1, 1)))
        waiting.append(((*node.parents, name), (table * weight[:, None]).reshape(-1, *states)))
    for name in reversed(upper.factors):
        if name not in keep:
            with_it = [piece for piece in waiting if name in piece[0]]
            left = dict.fromkeys(each for names, _ in with_it for each in names if each != name)
            rest = [piece for piece in waiting if name not in piece[0]]
            waiting = [*rest, (tuple(left), _product(with_it, tuple(left)))]
    scale = single.get((), np.ones(1)).reshape(-1, *[1] * len(keep))
    return np.asarray(scale * _product(waiting, keep))


def _product(pieces: Sequence[_Piece], keep: Sequence[str]) -> Settings:
    """Multiply pieces and sum over all their factors but those kept."""
    label: dict[str, int] = {}
    operands: list[Any] = []
    for names, table in pieces:
        operands += [table, [Ellipsis, *(label.setdefault(each, len(label)) for each in names)]]
    operands.append([Ellipsis, *(label[each] for each in keep)])
    # To look for the best order takes longer than to multiply two small tables.
    order = "greedy" if len(pieces) > 2 else False
    return np.asarray(np.einsum(*operands, optimize=order))
