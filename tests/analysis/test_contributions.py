"""Shares of the change from prior to posterior log-odds."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given
from support.budget import examples
from support.networks import cases, joint_distribution, with_evidence
from support.readouts import one

from bayesnet.analysis.contributions import Contributions, contributions
from bayesnet.engine import Engine
from bayesnet.network import Array, Network, Table, Variable
from bayesnet.network.evidence import encode_case


def shared_out(network: Network, evidence: dict[str, object]) -> Contributions:
    case = one(encode_case(network, evidence))
    order = [v for v in case.variables if v in case.hard]
    free = [v for v in range(len(network.names)) if v not in case.hard]
    return contributions(Engine(network).inference, case, free, [order])


def log_odds(joint: Array, axis: int) -> float:
    """Of the last state of a variable, in decibans."""
    marginal = joint.sum(axis=tuple(a for a in range(joint.ndim) if a != axis))
    with np.errstate(divide="ignore"):
        told = 10 * (np.log10(marginal[-1]) - np.log10(marginal[:-1].sum()))
    return float(np.clip(told, -150, 150))


@examples(30)
@given(cases(7))
def test_they_add_up_to_the_change_from_the_prior(case: tuple[Network, dict[str, object]]):
    network, evidence = case
    seen = {name: state for name, state in evidence.items() if isinstance(state, str)}
    joint = joint_distribution(network)
    after = with_evidence(network, joint, seen)
    assume(seen and len(seen) < len(network.names) and after.sum() > 0)
    found = shared_out(network, seen)
    free = [v for v in range(len(network.names)) if network.names[v] not in seen]
    for column, target in enumerate(free):
        assert found.before[column] == pytest.approx(log_odds(joint, target), abs=1e-6)
        assert found.after[column] == pytest.approx(log_odds(after, target), abs=1e-6)
    assert found.before + found.shares.sum(axis=0) == pytest.approx(found.after, abs=1e-9)


def three_signs() -> Network:
    """A cause, and signs of which two count together for more than each by itself."""
    cause, first, second, third = (Variable(n, ("no", "yes")) for n in ("c", "x", "y", "z"))
    alone = np.array([[0.9, 0.1], [0.4, 0.6]])
    both = np.array([[[0.9, 0.1], [0.8, 0.2]], [[0.7, 0.3], [0.1, 0.9]]])
    families = (
        Table("c", (), np.array([0.8, 0.2])),
        Table("x", ("c",), alone),
        Table("y", ("c", "x"), both),
        Table("z", ("c",), alone),
    )
    return Network((cause, first, second, third), families)


def test_two_that_interact_share_equally_what_they_say_together():
    """The Shapley value over all orders, which the order and its reverse give for pairs."""
    network = three_signs()
    evidence = {"x": "yes", "y": "yes", "z": "no"}
    engine = Engine(network)

    def odds(known: tuple[str, ...]) -> float:
        p = engine.marginals({name: evidence[name] for name in known}, ["c"])["c"]["yes"]
        return 10 * math.log10(p / (1 - p))

    expected = dict.fromkeys(evidence, 0.0)
    for order in permutations(evidence):
        for at, name in enumerate(order):
            expected[name] += (odds(order[: at + 1]) - odds(order[:at])) / math.factorial(3)
    found = shared_out(network, dict(evidence))
    assert found.shares[:, 0] == pytest.approx(list(expected.values()), abs=1e-9)


def test_what_comes_first_counts_before_what_comes_after():
    """Groups add up, and the first is taken in as if the others were not known."""
    network = three_signs()
    case = one(encode_case(network, {"x": "yes", "y": "yes", "z": "no"}))
    inference = Engine(network).inference
    c, x, y, z = (network.position(name) for name in ("c", "x", "y", "z"))
    found = contributions(inference, case, [c], [[x], [y, z]])
    alone = contributions(inference, case.without([y, z]), [c], [[x]])
    assert found.variables == (x, y, z)
    assert found.shares[0] == pytest.approx(alone.shares[0], abs=1e-9)
    assert found.before + found.shares.sum(axis=0) == pytest.approx(found.after, abs=1e-9)
    both = contributions(inference, case, [c], [[x, y, z]])
    assert found.after == pytest.approx(both.after, abs=1e-9)


def test_of_nothing_known_nothing_is_shared_out():
    found = shared_out(three_signs(), {})
    assert found.shares.shape == (0, 4)
    assert found.before == pytest.approx(found.after)


def test_what_is_certain_counts_as_long_odds():
    cause, sign = Variable("c", ("no", "yes")), Variable("x", ("no", "yes"))
    families = (
        Table("c", (), np.array([0.5, 0.5])),
        Table("x", ("c",), np.array([[1.0, 0.0], [0.5, 0.5]])),
    )
    found = shared_out(Network((cause, sign), families), {"x": "yes"})
    assert found.shares[0, 0] == pytest.approx(150.0)
