"""Check and scale the rows of probabilities that a file lists, and say which row is at fault."""

from collections.abc import Sequence

import numpy as np

from bayesnet.network.families import Array, Variable
from bayesnet.network.formats.mistakes import MistakeError

ROW_TOLERANCE = 0.01
"""How far a row of a file may sum from 1 before it is refused: tables are printed with a few
decimals (three times 0.333 is 0.999), and a row that is further off has a wrong number."""
EXACT = 1e-12
"""Rows this close to 1 are not scaled, so that a network that was written is read bit for bit.
A sum of n doubles is off by at most n * 1.1e-16: 1e-12 allows for 9,000 states."""


def scaled(
    own: Variable, parents: Sequence[Variable], values: Array, normalise: bool, at: int | None
) -> Array:
    """Scale rows (last axis) to sum to 1; those that sum to 1 within ROW_TOLERANCE, or all.

    values: shape (states of each parent..., states). normalise: rows may be counts or percentages,
    and a row of zeros is returned as it is. Raises MistakeError at `at` for the first row that has
    a negative or infinite number or another sum.
    """
    if not (np.isfinite(values) & (values >= 0)).all():
        worst = tuple(np.argwhere(~(np.isfinite(values) & (values >= 0)))[0].tolist())
        row = row_name(own, parents, worst[:-1])
        raise MistakeError(f"the row {row} has {values[worst]:.6g}, which is no probability", at)
    with np.errstate(over="ignore"):
        totals = values.sum(axis=-1, keepdims=True)
    # 1 - 0.99 is a little over 0.01 in doubles, and 0.99 is three times 0.33.
    good = np.isfinite(totals) if normalise else np.abs(totals - 1) <= ROW_TOLERANCE + EXACT
    if not good.all():
        where = tuple(np.argwhere(~good)[0].tolist())
        row = row_name(own, parents, where[:-1])
        remedy = "" if normalise else "; give normalise=True (--normalise) if these are counts"
        raise MistakeError(f"the row {row} sums to {totals[where]:.6g}, expected 1{remedy}", at)
    exact = (np.abs(totals - 1) <= EXACT) | (totals == 0)
    return np.asarray(values / np.where(exact, 1.0, totals))


def row_name(own: Variable, parents: Sequence[Variable], place: Sequence[int]) -> str:
    """Name a row of a table: P(own | parents in the states at these positions)."""
    pairs = zip(parents, place, strict=True)
    given = ", ".join(f"{parent.name}={parent.states[i]}" for parent, i in pairs)
    return f"P({own.name} | {given})" if given else f"P({own.name})"
