"""Probabilities far below the smallest float, against exact fractions."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from bayesnet import Network, Table, Variable, noisy_or

TINY = 1e-300
NAMES = ("x", "y", "z", "w")


def network() -> Network:
    rare = [1 - TINY, TINY]
    return Network(
        tuple(Variable(name, ("a", "b")) for name in NAMES),
        (
            Table("x", (), np.array(rare)),
            Table("y", ("x",), np.array([rare, [0.5, 0.5]])),
            Table("z", ("x", "y"), np.array([[[1, 0], rare], [rare, [0.3, 0.7]]])),
            Table("w", ("y",), np.array([rare, [0.2, 0.8]])),
        ),
    )


def exact(evidence: dict[str, str]) -> tuple[Fraction, dict[str, Fraction]]:
    """P(evidence), and P(evidence, variable = b) of each variable."""
    net = network()
    total, second = Fraction(0), dict.fromkeys(NAMES, Fraction(0))
    for states in itertools.product(range(2), repeat=len(NAMES)):
        at = dict(zip(NAMES, states, strict=True))
        if any("ab"[at[name]] != state for name, state in evidence.items()):
            continue
        weight = Fraction(1)
        for family in net.families:
            row = tuple(at[parent] for parent in family.parents)
            weight *= Fraction(float(family.table()[(*row, at[family.variable])]))
        total += weight
        for name in NAMES:
            second[name] += weight * at[name]
    return total, second


@pytest.mark.parametrize(
    "evidence",
    [
        {"x": "b", "y": "a", "z": "b"},
        {"z": "b"},
        {"z": "b", "w": "b"},
        {"w": "b", "y": "a", "z": "b"},
        {"z": "b", "x": "a"},
    ],
)
def test_products_of_tiny_entries_are_told_from_zero(evidence):
    engine = network().compile()
    total, second = exact(evidence)
    expected = math.log(total.numerator) - math.log(total.denominator)
    assert expected < math.log(1e-300)
    assert engine.log_probability(evidence) == pytest.approx(expected, abs=1e-9)
    for name, values in engine.marginals(evidence).items():
        assert values[1] == pytest.approx(float(second[name] / total), abs=1e-12), name


def test_a_tiny_link_of_a_noisy_or_keeps_its_precision():
    variables = (Variable("x", ("a", "b")), Variable("y", ("a", "b")))
    families = (Table("x", (), np.array([0.9, 0.1])), noisy_or("y", {"x": TINY}, TINY))
    engine = Network(variables, families).compile()
    assert engine.log_probability({"y": "b"}) == pytest.approx(math.log(TINY * 1.1), abs=1e-9)
    assert engine.marginals({"y": "b"})["x"][1] == pytest.approx(0.2 / 1.1)
