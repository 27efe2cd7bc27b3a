"""Runs circuits in numpy: a handful of calls a layer, whatever the number of cases."""

import numpy as np

from bayesnet.inference.circuit import (
    DOT,
    ONE,
    PRODUCT,
    SCALE,
    SUM,
    TINY,
    ZERO,
    Circuit,
    Indices,
    Layer,
    Maxima,
)
from bayesnet.inference.evaluated import Evaluated, Run
from bayesnet.network import Array

REGISTERS_AT_ONCE = 1 << 18
"""Registers of all cases in one pass, about what the second-level cache holds."""


def prepare(circuit: Circuit) -> Run:
    """What runs the circuit: a function of codes and likelihoods."""
    at_once = max(1, REGISTERS_AT_ONCE // circuit.size)

    def run(codes: Indices, likelihoods: Array, layers: int) -> Evaluated:
        cases = codes.shape[1]
        if cases <= at_once:
            return _evaluated(circuit, codes, likelihoods, layers)
        parts = [
            _evaluated(circuit, codes[:, i : i + at_once], likelihoods[:, i : i + at_once], layers)
            for i in range(0, cases, at_once)
        ]
        return Evaluated(
            np.concatenate([part.outputs for part in parts], axis=1),
            np.concatenate([part.evidence for part in parts], axis=1),
        )

    return run


def _evaluated(circuit: Circuit, codes: Indices, likelihoods: Array, layers: int) -> Evaluated:
    registers = _inputs(circuit, codes, likelihoods)
    _run(circuit, registers, layers)
    found = registers[circuit.output_start : circuit.output_start + circuit.output_count]
    evidence = registers.take(circuit.evidence, axis=0)
    cases = codes.shape[1]
    return Evaluated(found.reshape(len(found), cases), evidence.reshape(len(evidence), cases))


def _inputs(circuit: Circuit, codes: Indices, likelihoods: Array) -> Array:
    """Registers with their inputs filled in."""
    single = codes.shape[1] == 1
    registers = np.empty(circuit.size if single else (circuit.size, codes.shape[1]))
    if single:
        codes = codes[:, 0]
    registers[ONE], registers[ZERO] = 1.0, 0.0
    rows = circuit.rows
    column = (slice(None),) if single else (slice(None), None)
    found = codes.take(rows.variables, axis=0) * rows.strides[column]
    if rows.offsets is not None:
        found = np.add.reduceat(found, rows.offsets, axis=0)
    plain = circuit.looked_up
    at = found.take(plain.of, axis=0) + plain.origins[column]
    registers[plain.start : plain.start + len(plain.of)] = plain.pool.take(at)
    if circuit.maxima is not None:
        _fill_maxima(circuit.maxima, found, registers, column)
    if len(likelihoods):
        soft = likelihoods[:, 0] if single else likelihoods
        registers[circuit.soft_start : circuit.soft_start + len(soft)] = soft
    return registers


def _fill_maxima(
    maxima: Maxima, rows: Indices, registers: Array, column: tuple[slice | None, ...]
) -> None:
    at = rows.take(maxima.of, axis=0) + maxima.origins[column]
    at_most = np.add.reduceat(maxima.log_at_most.take(at), maxima.offsets, axis=0)
    less = np.add.reduceat(maxima.log_less.take(at), maxima.offsets, axis=0)
    registers[maxima.start : maxima.start + len(at_most)] = np.exp(at_most) * -np.expm1(less)


def _run(circuit: Circuit, registers: Array, layers: int) -> None:
    for layer in circuit.layers[:layers]:
        target = registers[layer.start : layer.start + layer.count]
        if layer.operands is None:
            operands = registers[layer.first : layer.last]
        else:
            operands = registers.take(layer.operands, axis=0)
        if layer.kind == SUM:
            np.add.reduceat(operands, layer.offsets, axis=0, out=target)  # type: ignore[arg-type]
        elif layer.kind == PRODUCT:
            _product(layer, operands, target)
        elif layer.kind == DOT:
            pairs = operands[:, 0] * operands[:, 1]
            pairs *= _weights(layer, pairs)
            np.add.reduceat(pairs, layer.offsets, axis=0, out=target)  # type: ignore[arg-type]
        elif layer.kind == SCALE:
            np.multiply(registers[layer.first : layer.last], operands, out=target)
        else:
            np.maximum(operands, TINY, out=operands)
            np.divide(registers[layer.first : layer.last], operands, out=target)


def _product(layer: Layer, operands: Array, target: Array) -> None:
    if layer.offsets is not None:
        operands = np.multiply.reduceat(operands, layer.offsets, axis=0)
    if layer.weights is None:
        target[...] = operands
    else:
        np.multiply(operands, _weights(layer, operands), out=target)


def _weights(layer: Layer, like: Array) -> Array:
    assert layer.weights is not None
    return layer.weights if like.ndim == 1 else layer.weights[:, None]
