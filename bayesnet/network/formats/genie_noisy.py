"""Convert noisy-MAX families from and to the columns that GeNIe keeps of them, in XDSL and DSL.

A column is a distribution of the child's states, the highest first and the lowest last. Each parent
has a column for each of its states, in the order of its strengths: the state of no effect is the
last one, with the column (0, ..., 0, 1). The leak is the last column of all. Strengths are
positions of the parent's states; source: SMILE's header defnoisymax.h, where
`GetOutcomeOfStrength` reads off the state of a column.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.network.families import Array, NoisyMax, maximum_of
from bayesnet.network.formats.blocks import Token
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.scope import Scope
from bayesnet.network.noisy_recognition import as_noisy_max


@dataclass(frozen=True, eq=False)
class Columns:
    """A noisy-MAX family as GeNIe keeps it.

    strengths: for each parent the positions of its states, in the order of its columns; columns:
    shape (all parents' states + 1, states).
    """

    strengths: tuple[tuple[int, ...], ...]
    columns: Array


def effects_of(
    scope: Scope, strengths: Sequence[Token], listed: Sequence[float]
) -> tuple[Array, list[Array]]:
    """Read the (leak, links) of a family, as in `NoisyMax` with the lowest state last.

    strengths: of all parents, one after another; none for the order that the states have.
    listed: the columns, one after another. Raises MistakeError for another number of either, or
    strengths that are no order.
    """
    sizes, states = scope.shape[:-1], scope.shape[-1]
    needed = (sum(sizes) + 1) * states
    if len(listed) != needed:
        told = f"'{scope.own.name}' has {len(listed)} noisy parameters, expected {needed}"
        raise MistakeError(told, scope.at)
    order = [_position(word, scope) for word in strengths] or [
        at for size in sizes for at in range(size)
    ]
    columns = np.array(listed).reshape(-1, states)
    links, begin = [], 0
    for parent, size in zip(scope.parents, sizes, strict=True):
        places = order[begin : begin + size]
        if sorted(places) != list(range(size)) or len(order) != sum(sizes):
            told = f"the strengths of '{scope.own.name}' do not order the states of '{parent.name}'"
            raise MistakeError(told, scope.at)
        link = np.empty((size, states))
        link[places] = columns[begin : begin + size]
        links.append(link)
        begin += size
    return columns[-1], links


def _position(word: Token, scope: Scope) -> int:
    """Read a position of a state among the strengths."""
    if not re.fullmatch(r"[0-9]{1,6}", word.text):
        told = f"'{scope.own.name}' has '{word.text}' among its strengths, expected a position"
        raise MistakeError(told, word.at)
    return int(word.text)


def columns_of(family: NoisyMax) -> Columns:
    """Convert a family whose parents `can_be_idle` to columns.

    What a parent does in every state is moved into the leak, which makes an equal family.
    """
    leak = family.leak[family.order]
    strengths, columns = [], []
    for link in family.links:
        effects = link[:, family.order]
        if not _idle(effects).any() and (found := as_noisy_max(effects)) is not None:
            leak, effects = maximum_of(leak, found[0]), found[1][0]
        idle = int(np.flatnonzero(_idle(effects))[0])
        order = [*(at for at in range(len(effects)) if at != idle), idle]
        strengths.append(tuple(order))
        columns.append(effects[order])
    whole = np.concatenate([*columns, leak[None]])
    return Columns(tuple(strengths), whole[:, ::-1])


def can_be_idle(effects: Array) -> bool:
    """Tell whether a parent has a state of no effect, or one of least effect at every level.

    effects: shape (parent's states, states), the lowest first.
    """
    if _idle(effects).any():
        return True
    found = as_noisy_max(effects)
    return found is not None and bool(_idle(found[1][0]).any())


def _idle(effects: Array) -> NDArray[np.bool_]:
    """Tell for each row, lowest state first, whether it is certainly the lowest; shape (rows,)."""
    return np.asarray(np.logical_and(effects[:, 0] == 1, (effects[:, 1:] == 0).all(axis=1)))
