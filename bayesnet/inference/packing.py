"""A circuit as a few plain arrays, which a compiled function takes in without delay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.circuit import Circuit, Indices
from bayesnet.network import Array

Integers = NDArray[np.uint32]
"""Unsigned, for numba then leaves out the check for numbers counted from the end."""
(
    LOOKUPS, ROW_VARIABLES, ROW_STRIDES, ROW_OFFSETS,
    PLAIN, PLAIN_COUNT, PLAIN_OF, PLAIN_ORIGINS, POOL,
    SOFT, FACTORS, EVIDENCE, OUTPUT,
    MAXIMA, MAXIMA_COUNT, MAXIMA_OFFSETS, MAXIMA_OF, MAXIMA_ORIGINS, AT_MOST, LESS,
) = range(20)  # fmt: skip
"""Places in `Packed.inputs`: first registers, counts, and where arrays begin in the packed ones."""


@dataclass(frozen=True, eq=False)
class Packed:
    """A circuit as four arrays, which a compiled function takes in without delay.

    integers, numbers: everything indexed and every constant, one after the other. layers: for
    each kind, start, count, first, and where its operands, offsets and weights begin in these.
    inputs: the same for what is looked up, at the places named above.
    """

    size: int
    layers: NDArray[np.int64]
    inputs: NDArray[np.int64]
    integers: NDArray[np.uint32]
    numbers: Array
    operations: int
    factors: int
    outputs: int


class _Store:
    """Lays arrays one after the other and tells where each begins."""

    def __init__(self) -> None:
        self._integers: list[Any] = []
        self._numbers: list[Any] = []
        self._lengths = [0, 0]

    def integers(self, values: Sequence[int] | Indices | None) -> int:
        return self._add(0, self._integers, values)

    def numbers(self, values: Array | None) -> int:
        return self._add(1, self._numbers, values)

    def _add(self, which: int, kept: list[Any], values: Any) -> int:
        if values is None:
            return -1
        start = self._lengths[which]
        kept.append(np.asarray(values).reshape(-1))
        self._lengths[which] += kept[-1].size
        return start

    def arrays(self) -> tuple[NDArray[np.uint32], Array]:
        integers = np.concatenate([*self._integers, np.empty(0, dtype=np.uint32)])
        numbers = np.concatenate([*self._numbers, np.empty(0)])
        return integers.astype(np.uint32), numbers


def pack(circuit: Circuit) -> Packed:
    """The circuit in the form the compiled functions take."""
    store = _Store()
    layers = []
    for layer in circuit.layers:
        ends = None
        if layer.offsets is not None:
            total = layer.last - layer.first if layer.operands is None else len(layer.operands)
            ends = np.append(layer.offsets, total)
        place = (store.integers(layer.operands), store.integers(ends), store.numbers(layer.weights))
        layers.append((layer.kind, layer.start, layer.count, layer.first, *place))
    rows, plain, maxima = circuit.rows, circuit.looked_up, circuit.maxima
    offsets = np.arange(len(rows.variables)) if rows.offsets is None else rows.offsets
    inputs = [
        len(offsets),
        store.integers(rows.variables),
        store.integers(rows.strides),
        store.integers(np.append(offsets, len(rows.variables))),
        plain.start,
        len(plain.of),
        store.integers(plain.of),
        store.integers(plain.origins),
        store.numbers(plain.pool),
        circuit.soft_start,
        len(circuit.evidence),
        store.integers(circuit.evidence),
        circuit.output_start,
    ]
    if maxima is None:
        inputs += [0] * 7
    else:
        inputs += [
            maxima.start,
            len(maxima.offsets),
            store.integers(np.append(maxima.offsets, len(maxima.of))),
            store.integers(maxima.of),
            store.integers(maxima.origins),
            store.numbers(maxima.log_at_most),
            store.numbers(maxima.log_less),
        ]
    integers, numbers = store.arrays()
    return Packed(
        circuit.size,
        np.array(layers, dtype=np.int64).reshape(-1, 7),
        np.array(inputs, dtype=np.int64),
        integers,
        numbers,
        circuit.operations,
        len(circuit.evidence),
        circuit.output_count,
    )
