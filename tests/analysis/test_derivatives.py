"""Derivatives by every number of a network against the joint with that number moved."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.budget import examples
from support.networks import cases, unnormalised_joint
from support.readouts import log_odds_derivatives

from bayesnet.analysis.derivatives import numbers_of
from bayesnet.engine import Engine
from bayesnet.network import Array, Network
from bayesnet.network.evidence import MISSING, encode_case

STEP = 1e-6


def log_odds(joint: Array, evidence: Array, event: Array) -> float:
    """log [P(event, e) / P(not event, e)]."""
    inside = float((joint * evidence * event).sum())
    return float(np.log(inside) - np.log(float((joint * evidence * (1 - event)).sum())))


def along(network: Network, values: Mapping[int, Array]) -> Array:
    """A product of functions of single variables, laid out as the joint is."""
    found = np.ones([len(v.states) for v in network.variables])
    for variable, each in values.items():
        shape = [1] * found.ndim
        shape[variable] = -1
        found = found * np.asarray(each, dtype=float).reshape(shape)
    return found


@examples(30)
@given(cases(7), st.integers(0, 2**32 - 1))
def test_every_number_moves_the_log_odds_as_its_derivative_says(
    case: tuple[Network, dict[str, object]], seed: int
) -> None:
    network, evidence = case
    random = np.random.default_rng(seed)
    engine = Engine(network)
    observed = encode_case(network, evidence)
    free = np.flatnonzero(observed.codes[:, 0] == MISSING)
    assume(len(free) > 0)
    chosen = random.choice(free, size=min(len(free), int(random.integers(1, 3))), replace=False)
    event = {int(v): _mask(random, len(network.variables[v].states)) for v in chosen}
    seen = {
        int(v): np.eye(len(network.variables[v].states))[observed.codes[v, 0]]
        for v in np.flatnonzero(observed.codes[:, 0] != MISSING)
    }
    given_ = along(network, {**seen, **{v: each[0] for v, each in observed.likelihoods.items()}})
    inside = along(network, event)
    joint = unnormalised_joint(network, {})
    whole = float((joint * given_).sum())
    assume(whole > 0)
    p = float((joint * given_ * inside).sum()) / whole
    assume(1e-6 < p < 1 - 1e-6)

    found = log_odds_derivatives(engine, observed, [event])

    assert found.probabilities[0] == pytest.approx(p, rel=1e-9)
    for at, family in enumerate(network.families):
        for place, array in enumerate(numbers_of(family)):
            for entry in np.ndindex(array.shape):
                other = (*entry[:-1], (entry[-1] + 1) % array.shape[-1])
                if min(array[entry], array[other]) < 1e-3:
                    continue
                ends = []
                for step in (STEP, -STEP):
                    moved = [np.array(each) for each in numbers_of(family)]
                    moved[place][entry] += step
                    moved[place][other] -= step
                    changed = unnormalised_joint(network, {at: tuple(moved)})
                    ends.append(log_odds(changed, given_, inside))
                slope = (ends[0] - ends[1]) / (2 * STEP)
                each = (
                    found.by_number[at][place][0] if at in found.by_number else np.zeros_like(array)
                )
                assert each[entry] - each[other] == pytest.approx(slope, rel=2e-5, abs=2e-5)


def _mask(random: np.random.Generator, size: int) -> Array:
    mask = (random.random(size) < 0.5).astype(float)
    mask[random.integers(size)] = 1.0
    return mask
