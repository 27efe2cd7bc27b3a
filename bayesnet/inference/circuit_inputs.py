"""The inputs of a circuit: registers filled from tables by what each case observes."""

from collections.abc import Sequence

import numpy as np

from bayesnet.inference.circuit import CircuitBuilder, Indices, LookedUp, Maxima, Rows
from bayesnet.inference.factors import Factor, Lookup
from bayesnet.network import Array


class RowBuilder:
    """Numbers the lookups, each once."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[int, int], ...], int] = {}

    def lookup(self, strides: Sequence[tuple[int, int]], width: int) -> int:
        """Number of the lookup whose rows are `width` apart in the pool."""
        # Where nothing is looked up there is one row: whatever the case, row 0.
        key = tuple((variable, stride * width) for variable, stride in strides) or ((0, 0),)
        return self._known.setdefault(key, len(self._known))

    def rows(self) -> Rows:
        """All lookups so far."""
        pairs = np.array([pair for key in self._known for pair in key], dtype=np.intp)
        pairs = pairs.reshape(-1, 2)
        lengths = [len(key) for key in self._known]
        offsets = None if len(pairs) == len(lengths) else starts(lengths)
        return Rows(pairs[:, 0].copy(), pairs[:, 1].copy(), offsets)


def starts(lengths: Sequence[int] | Indices) -> Indices:
    """Where runs of these lengths begin when laid one after the other."""
    found = np.zeros(len(lengths), dtype=np.intp)
    np.cumsum(lengths[:-1], out=found[1:])
    return found


def looked_up_inputs(
    circuit: CircuitBuilder, rows: RowBuilder, tables: Sequence[Lookup]
) -> tuple[LookedUp, list[Indices]]:
    """Inputs for one row of each table a case, and their registers, shaped as the block."""
    registers: list[Indices] = []
    pools: list[Array] = [np.empty(0)]
    of: list[Indices] = [np.empty(0, dtype=np.intp)]
    origins: list[Indices] = [np.empty(0, dtype=np.intp)]
    first, pooled = circuit.size, 0
    for table in tables:
        shape = table.base.shape[1:]
        width = table.base[0].size
        registers.append(np.arange(circuit.reserve(width), circuit.size).reshape(shape))
        pools.append(table.base.reshape(-1))
        of.append(np.full(width, rows.lookup(table.strides, width)))
        origins.append(np.arange(pooled, pooled + width))
        pooled += table.base.size
    joined = LookedUp(first, np.concatenate(pools), np.concatenate(of), np.concatenate(origins))
    return joined, registers


def maxima_inputs(
    circuit: CircuitBuilder, rows: RowBuilder, factors: Sequence[Factor]
) -> tuple[Maxima | None, list[Indices]]:
    """Inputs for factors of several lookups, whose maximum is meant, and their registers."""
    if not factors:
        return None, []
    first, pooled = circuit.size, 0
    at_most: list[Array] = []
    less: list[Array] = []
    lengths: list[int] = []
    of: list[Indices] = []
    origins: list[Indices] = []
    registers: list[Indices] = []
    for factor in factors:
        numbers: list[Indices] = []
        named: list[int] = []
        for each in factor.lookups:
            width = each.base[0].size
            numbers.append(pooled + np.arange(width).reshape(each.base.shape[1:]))
            named.append(rows.lookup(each.strides, width))
            pooled += each.base.size
            logs = _logarithms(each.base)
            at_most.append(logs[0].reshape(-1))
            less.append(logs[1].reshape(-1))
        laid = np.stack(np.broadcast_arrays(*numbers), axis=-1)
        if factor.state is not None:
            laid = laid[..., factor.state, :]
        shape = laid.shape[:-1]
        count = laid[..., 0].size
        registers.append(np.arange(circuit.reserve(count), circuit.size).reshape(shape))
        origins.append(laid.reshape(-1))
        of.append(np.tile(np.array(named, dtype=np.intp), count))
        lengths += [len(named)] * count
    maxima = Maxima(
        first,
        np.concatenate(at_most),
        np.concatenate(less),
        starts(lengths),
        np.concatenate(of),
        np.concatenate(origins),
    )
    return maxima, registers


def _logarithms(pmf: Array) -> tuple[Array, Array]:
    """Log P(at most s) and log P(less than s | at most s) along the last axis."""
    at_most = np.cumsum(pmf, axis=-1)
    with np.errstate(divide="ignore"):
        share = np.divide(pmf, at_most, out=np.ones_like(pmf), where=at_most > 0)
        return np.log(at_most), np.log1p(-np.minimum(share, 1.0))
