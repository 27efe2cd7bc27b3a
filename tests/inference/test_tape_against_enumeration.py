"""The tape against brute force: random networks with zeros, tables, noisy-MAX, any evidence."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.budget import examples
from support.information import told
from support.networks import cases, joint_distribution, with_evidence
from support.readouts import derivatives_of

from bayesnet.analysis import pairs
from bayesnet.analysis.derivatives import numbers_of
from bayesnet.analysis.information import information_each
from bayesnet.analysis.log_odds import log_odds
from bayesnet.analysis.study import study
from bayesnet.analysis.supposed import Supposed
from bayesnet.inference import family_factors, posteriors
from bayesnet.inference.cases import cases_of
from bayesnet.inference.passes import reverse, run_forward
from bayesnet.inference.posteriors import posterior_of
from bayesnet.inference.problem import Planner
from bayesnet.inference.rings import LOGARITHMS
from bayesnet.inference.structure import structure_of
from bayesnet.network import NoisyMax
from bayesnet.network.evidence import encode_case

BUDGET = 1 << 31
WIDTHS = st.sampled_from([0, 64])
"""Entries of the largest noisy-MAX that is a table: every one a chain, or most of them tables."""


def prepared(network, evidence):
    """(planner, case, joint of everything with the evidence)."""
    planner = Planner(structure_of(network), BUDGET)
    case = cases_of(encode_case(network, evidence))[0]
    return planner, case, with_evidence(network, joint_distribution(network), evidence)


def marginal(joint, axes):
    """The joint summed to some axes, in the order given."""
    table = joint.sum(axis=tuple(a for a in range(joint.ndim) if a not in axes))
    return table.transpose([sorted(axes).index(a) for a in axes])


def free_variables(network, case):
    return [v for v in range(len(network.names)) if v not in case.hard]


@examples(60)
@given(cases())
def test_both_passes_in_numbers_and_on_logarithms(case):
    network, evidence = case
    planner, known, joint = prepared(network, evidence)
    problem = planner.problem(known, free_variables(network, known))
    total = joint.sum()
    on_logs = run_forward(problem.tape, problem.tables, {}, LOGARITHMS)
    if total == 0:
        assert problem.log_z == on_logs.log_z[0] + problem.log_constant == -math.inf
        return
    assert problem.log_z == pytest.approx(math.log(total), abs=1e-9)
    assert on_logs.log_z[0] + problem.log_constant == pytest.approx(math.log(total), abs=1e-9)
    for vertex in problem.factors.inside:
        expected = marginal(joint, [vertex]) / total
        for calibrated in (problem.calibrated, reverse(on_logs)):
            np.testing.assert_allclose(calibrated.marginal(vertex)[:, 0], expected, atol=1e-12)


@examples(40)
@given(cases(8), st.sampled_from([0, 1 << 16]), WIDTHS)
def test_marginals_hanging_leaves_and_joints(case, hanging, width):
    network, evidence = case
    planner, known, joint = prepared(network, evidence)
    if joint.sum() == 0:
        return
    joint = joint / joint.sum()
    every = free_variables(network, known)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(family_factors, "TABLE_ENTRIES", width)
        if all(isinstance(family, NoisyMax) for family in network.families):
            patched.setattr(posteriors, "HANGING_ENTRIES", hanging)
        for v, values in posterior_of(planner, known, every).marginals(every).items():
            np.testing.assert_allclose(values[:, 0], marginal(joint, [v]), atol=1e-12)
        some = every[::-1][:4]
        found = posterior_of(planner, known, (), some).joint(some)[..., 0]
        np.testing.assert_allclose(found, marginal(joint, some), atol=1e-12)


@examples(30)
@given(cases(7))
def test_information_about_each_target(case):
    network, evidence = case
    planner, known, joint = prepared(network, evidence)
    if joint.sum() == 0:
        return
    joint = joint / joint.sum()
    every = list(range(len(network.names)))
    found = information_each(planner, known, every[::2], every)
    expected = [[told(joint, [target], question) for question in every] for target in every[::2]]
    np.testing.assert_allclose(found, np.reshape(expected, found.shape), atol=1e-9)


@examples(80)
@given(cases(8), WIDTHS, st.sampled_from([0, 3, family_factors.NO_SIGNS]), st.integers(0, 1000))
def test_a_study_is_what_enumeration_says(case, width, signed, seed):
    """Posteriors, bits, what is left without each observation, and derivatives, from one tape."""
    network, evidence = case
    planner, known, joint = prepared(network, evidence)
    every = free_variables(network, known)
    if joint.sum() == 0 or not every:
        return
    random = np.random.default_rng(seed)
    targets = [v for v in every if random.random() < 0.5] or every[:1]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(family_factors, "TABLE_ENTRIES", width)
        patched.setattr(pairs, "SIGNED_FROM", signed)
        sizes = planner.structure.sizes
        events = [{v: np.eye(sizes[v])[-1]} for v in targets]
        events.append({v: np.eye(sizes[v])[0] for v in targets})
        found = study(planner, known, targets, range(len(network.names)), events)
        assert found.log_z == pytest.approx(math.log(joint.sum()), abs=1e-9)
        assert_told(found, joint / joint.sum(), targets, every)
        assert_without(found, network, evidence, targets)
        assert_derivatives(found, planner, network, targets)


def assert_told(found, joint, targets, every):
    for target in targets:
        np.testing.assert_allclose(found.marginal(target), marginal(joint, [target]), atol=1e-9)
    for some in (targets, targets[:1]):
        bits = found.pairs.bits[[found.targets.index(target) for target in some]].sum(axis=0)
        expected = [sum(told(joint, [t], question) for t in some) for question in every]
        np.testing.assert_allclose(bits, expected, atol=1e-9)
    for question in every:
        answers = found.pairs.answers(question)
        np.testing.assert_allclose(answers, marginal(joint, [question]), atol=1e-9)


def assert_without(found, network, evidence, targets):
    prior = joint_distribution(network)
    assert {network.names[v] for v in found.without} == {
        name for name, value in evidence.items() if isinstance(value, str) or np.ptp(value) > 0
    } | {name for name in evidence if network.position(name) in found.case.soft}
    for variable, rest in found.without.items():
        left = {n: v for n, v in evidence.items() if n != network.names[variable]}
        joint = with_evidence(network, prior, left)
        assert rest.log_z == pytest.approx(math.log(joint.sum()), abs=1e-9)
        for target in targets:
            expected = marginal(joint, [target]) / joint.sum()
            np.testing.assert_allclose(rest.posteriors[target], expected, atol=1e-9)


def assert_derivatives(found, planner, network, targets):
    """From signs as from tables and chains."""
    plain = planner.problem(found.case, sorted(targets))
    supposed = Supposed(plain, found.events)
    both = found.log_odds(), log_odds(supposed, len(found.events))
    one, other = map(derivatives_of, both)
    np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-12)
    doubtful = (one.probabilities > 1e-9) & (one.probabilities < 1 - 1e-9)
    for variable in {*one.by_number, *other.by_number}:
        for at, numbers in enumerate(numbers_of(network.families[variable])):
            rows = [
                np.where(numbers > 0, each.by_number[variable][at], np.nan)[doubtful]
                if variable in each.by_number
                else np.where(numbers > 0, np.zeros((doubtful.sum(), *numbers.shape)), np.nan)
                for each in (one, other)
            ]
            first, second = (r - np.nanmean(r, axis=-1, keepdims=True) for r in rows)
            np.testing.assert_allclose(first, second, atol=1e-6, rtol=1e-6)


@examples(40)
@given(cases(8))
def test_signed_auxiliaries_where_they_lose_nothing(case):
    """Every observed noisy-MAX a difference of two products, or a chain where that is no good."""
    network, evidence = case
    planner, known, joint = prepared(network, evidence)
    every = free_variables(network, known)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(family_factors, "TABLE_ENTRIES", 0)
        patched.setattr(posteriors, "SIGNED_FROM", 0)
        found = posterior_of(planner, known, every)
        if joint.sum() == 0:
            assert found.log_z[0] == -math.inf
            return
        assert found.log_z[0] == pytest.approx(math.log(joint.sum()), abs=1e-9)
        joint = joint / joint.sum()
        for v, values in found.marginals(every).items():
            np.testing.assert_allclose(values[:, 0], marginal(joint, [v]), atol=1e-9)
