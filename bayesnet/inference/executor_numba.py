# numba has no types; its decorator hands functions back as they are typed here.
# mypy: disable-error-code="untyped-decorator"
"""Runs circuits compiled by numba: one case in microseconds, a table of cases in blocks.

The registers of a block of cases lie side by side, so a step of the circuit is a step of the
processor's vector unit. Every case keeps its own column and the same order of operations, so its
numbers depend neither on the block it is in nor on the number of threads. Imported only where a
compiled executor is asked for.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bayesnet.inference.circuit import DOT, ONE, PRODUCT, SCALE, SUM, TINY, ZERO, Circuit, Indices
from bayesnet.inference.evaluated import Evaluated, Run
from bayesnet.inference.packing import (
    AT_MOST,
    EVIDENCE,
    FACTORS,
    LESS,
    LOOKUPS,
    MAXIMA,
    MAXIMA_COUNT,
    MAXIMA_OF,
    MAXIMA_OFFSETS,
    MAXIMA_ORIGINS,
    OUTPUT,
    PLAIN,
    PLAIN_COUNT,
    PLAIN_OF,
    PLAIN_ORIGINS,
    POOL,
    ROW_OFFSETS,
    ROW_STRIDES,
    ROW_VARIABLES,
    SOFT,
    Integers,
    Packed,
    pack,
)
from bayesnet.network import Array

BLOCK = 8
"""Cases side by side: what one or two vector registers hold."""
ONE_LANE, LANES = (0,), (0,) * BLOCK
CORES = os.cpu_count() or 1
THREAD_WORK = 1 << 20
"""Operations that repay another thread: some tenths of a millisecond."""


def prepare(circuit: Circuit) -> Run:
    """What runs the circuit: a function of codes and likelihoods."""
    packed = pack(circuit)

    def run(codes: Indices, likelihoods: Array, layers: int) -> Evaluated:
        return _evaluated(packed, codes, likelihoods, layers)

    return run


def _evaluated(packed: Packed, codes: Indices, likelihoods: Array, layers: int) -> Evaluated:
    # One layout for one case and for a table: numba compiles for each that it meets.
    codes, likelihoods = np.ascontiguousarray(codes), np.ascontiguousarray(likelihoods)
    cases = codes.shape[1]
    results = np.empty((packed.factors + packed.outputs, cases))
    lanes = ONE_LANE if cases == 1 else LANES
    arrays = (packed.layers[:layers], packed.inputs, packed.integers, packed.numbers)

    def part(start: int, stop: int) -> None:
        registers = np.empty((packed.size, len(lanes)))
        _run(codes, likelihoods, arrays, registers, results, start, stop, lanes)

    blocks = -(-cases // BLOCK)
    threads = min(CORES, blocks, packed.operations * cases // THREAD_WORK)
    if threads <= 1:
        part(0, cases)
    else:
        edges = (np.linspace(0, blocks, threads + 1).astype(int) * BLOCK).tolist()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, edges[:-1], [*edges[1:-1], cases]))
    return Evaluated(results[packed.factors :], results[: packed.factors])


compiled = njit(cache=True, nogil=True, error_model="numpy")
Lanes = tuple[int, ...]
"""Its length says how many cases lie side by side, and numba compiles for each length anew."""


@compiled
def _run(
    codes: Indices,
    soft: Array,
    packed: tuple[NDArray[np.int64], NDArray[np.int64], Integers, Array],
    registers: Array,
    results: Array,
    start: int,
    stop: int,
    lanes: Lanes,
) -> None:
    layers, inputs, integers, numbers = packed
    width = len(lanes)
    rows = np.empty((inputs[LOOKUPS], width), dtype=np.int64)
    for first in range(start, stop, width):
        _fill(codes, soft, inputs, integers, numbers, registers, rows, first, stop, lanes)
        for at in range(layers.shape[0]):
            kind = layers[at, 0]
            if kind == SUM:
                _sum(layers[at], integers, registers, lanes)
            elif kind == PRODUCT:
                _product(layers[at], integers, numbers, registers, lanes)
            elif kind == DOT:
                _dot(layers[at], integers, numbers, registers, lanes)
            elif kind == SCALE:
                _scale(layers[at], integers, registers, lanes)
            else:
                _divide(layers[at], integers, registers, lanes)
        here = min(width, stop - first)
        for i in range(inputs[FACTORS]):
            for c in range(here):
                results[i, first + c] = registers[integers[inputs[EVIDENCE] + i], c]
        for i in range(results.shape[0] - inputs[FACTORS]):
            for c in range(here):
                results[inputs[FACTORS] + i, first + c] = registers[inputs[OUTPUT] + i, c]


@compiled
def _fill(
    codes: Indices,
    soft: Array,
    inputs: NDArray[np.int64],
    integers: Integers,
    numbers: Array,
    registers: Array,
    rows: Indices,
    first: int,
    stop: int,
    lanes: Lanes,
) -> None:
    """Registers of the inputs; a block's last columns repeat its last case."""
    width = len(lanes)
    for c in range(width):
        case = min(first + c, stop - 1)
        registers[ONE, c], registers[ZERO, c] = 1.0, 0.0
        for i in range(inputs[LOOKUPS]):
            row = 0
            at = inputs[ROW_OFFSETS] + i
            for j in range(np.intp(integers[at]), np.intp(integers[at + 1])):
                stride = np.intp(integers[inputs[ROW_STRIDES] + j])
                row += codes[integers[inputs[ROW_VARIABLES] + j], case] * stride
            rows[i, c] = row
        for i in range(soft.shape[0]):
            registers[inputs[SOFT] + i, c] = soft[i, case]
    for i in range(inputs[PLAIN_COUNT]):
        of = integers[inputs[PLAIN_OF] + i]
        origin = inputs[POOL] + np.intp(integers[inputs[PLAIN_ORIGINS] + i])
        for c in range(width):
            registers[inputs[PLAIN] + i, c] = numbers[origin + rows[of, c]]
    for i in range(inputs[MAXIMA_COUNT]):
        for c in range(width):
            at_most, less = 0.0, 0.0
            at = inputs[MAXIMA_OFFSETS] + i
            for j in range(np.intp(integers[at]), np.intp(integers[at + 1])):
                row = (
                    np.intp(integers[inputs[MAXIMA_ORIGINS] + j])
                    + rows[integers[inputs[MAXIMA_OF] + j], c]
                )
                at_most += numbers[inputs[AT_MOST] + row]
                less += numbers[inputs[LESS] + row]
            registers[inputs[MAXIMA] + i, c] = np.exp(at_most) * -np.expm1(less)


@compiled
def _sum(layer: NDArray[np.int64], integers: Integers, registers: Array, lanes: Lanes) -> None:
    _, start, count, first, operands, offsets, _ = layer
    for i in range(count):
        low, high = np.intp(integers[offsets + i]), np.intp(integers[offsets + i + 1])
        if len(lanes) == 1:
            # A sum that stays in the processor, where one case leaves nothing else to overlap.
            total = 0.0
            for j in range(low, high):
                o = np.uint32(first + j) if operands < 0 else integers[operands + j]
                total += registers[o, 0]
            registers[start + i, 0] = total
            continue
        for c in range(len(lanes)):
            registers[start + i, c] = 0.0
        for j in range(low, high):
            o = np.uint32(first + j) if operands < 0 else integers[operands + j]
            for c in range(len(lanes)):
                registers[start + i, c] += registers[o, c]


@compiled
def _product(
    layer: NDArray[np.int64], integers: Integers, numbers: Array, registers: Array, lanes: Lanes
) -> None:
    _, start, count, _, operands, offsets, weights = layer
    for i in range(count):
        weight = 1.0 if weights < 0 else numbers[weights + i]
        low = i if offsets < 0 else np.intp(integers[offsets + i])
        high = i + 1 if offsets < 0 else np.intp(integers[offsets + i + 1])
        if len(lanes) == 1:
            for j in range(low, high):
                weight *= registers[integers[operands + j], 0]
            registers[start + i, 0] = weight
            continue
        for c in range(len(lanes)):
            registers[start + i, c] = weight
        for j in range(low, high):
            o = integers[operands + j]
            for c in range(len(lanes)):
                registers[start + i, c] *= registers[o, c]


@compiled
def _dot(
    layer: NDArray[np.int64], integers: Integers, numbers: Array, registers: Array, lanes: Lanes
) -> None:
    _, start, count, _, operands, offsets, weights = layer
    for i in range(count):
        low, high = np.intp(integers[offsets + i]), np.intp(integers[offsets + i + 1])
        if len(lanes) == 1:
            total = 0.0
            for j in range(low, high):
                one, other = integers[operands + 2 * j], integers[operands + 2 * j + 1]
                total += registers[one, 0] * registers[other, 0] * numbers[weights + j]
            registers[start + i, 0] = total
            continue
        for c in range(len(lanes)):
            registers[start + i, c] = 0.0
        for j in range(low, high):
            one, other = integers[operands + 2 * j], integers[operands + 2 * j + 1]
            weight = numbers[weights + j]
            for c in range(len(lanes)):
                registers[start + i, c] += registers[one, c] * registers[other, c] * weight


@compiled
def _scale(layer: NDArray[np.int64], integers: Integers, registers: Array, lanes: Lanes) -> None:
    _, start, count, first, operands, _, _ = layer
    for i in range(count):
        o = integers[operands + i]
        for c in range(len(lanes)):
            registers[start + i, c] = registers[first + i, c] * registers[o, c]


@compiled
def _divide(layer: NDArray[np.int64], integers: Integers, registers: Array, lanes: Lanes) -> None:
    _, start, count, first, operands, _, _ = layer
    for i in range(count):
        o = integers[operands + i]
        for c in range(len(lanes)):
            registers[start + i, c] = registers[first + i, c] / max(registers[o, c], TINY)
