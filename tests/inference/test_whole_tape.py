"""Compiled passes over a whole tape: what the passes step by step say, to the last bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.budget import examples
from support.networks import cases

from bayesnet.inference.cases import cases_of
from bayesnet.inference.family_factors import NO_SIGNS
from bayesnet.inference.passes import Forward, run_forward
from bayesnet.inference.problem import Planner
from bayesnet.inference.rings import LINEAR
from bayesnet.inference.structure import structure_of
from bayesnet.network.evidence import encode_case

pytest.importorskip("numba")


def planned(case, signed_from):
    """The problem of a case, compiled, with all free variables in it; None if it is impossible."""
    from bayesnet.inference.compiled.products import Compiled
    from bayesnet.inference.compiled.whole_tape import run

    network, evidence = case
    known = cases_of(encode_case(network, evidence))[0]
    planner = Planner(structure_of(network), 1 << 31, Compiled(), run)
    free = [v for v in range(len(network.names)) if v not in known.hard]
    problem = planner.problem(known, free, signed_from=signed_from)
    return problem if free and np.isfinite(problem.log_z) else None


def without_numba(ring):
    """The ring whose products are numpy's."""
    from bayesnet.inference.compiled.products import Compiled

    return LINEAR if type(ring) is Compiled else ring


def changes(problem, random, lanes):
    """Weights of some vertices, and other numbers of some factors, in each lane."""
    vertices = list(problem.tape.home)
    some = random.choice(vertices, random.integers(0, min(3, len(vertices)) + 1), replace=False)
    extra = {int(v): random.random((problem.tape.sizes[v], lanes)) for v in some}
    slots = random.permutation(problem.tape.factors)[: random.integers(0, 3)].tolist()
    shapes = {slot: problem.ring.product(problem.tables[slot]).shape[:-1] for slot in slots}
    return {slot: random.random((*shape, lanes)) for slot, shape in shapes.items()}, extra


def same(one, other, lanes):
    """Both are the same to the last bit in every lane, whether they have one or all of them."""
    wide = [each.reshape(-1, each.shape[-1]) for each in (one, other)]
    first, second = (np.broadcast_to(each, (len(each), lanes)) for each in wide)
    np.testing.assert_array_equal(first, second)


@examples(30)
@given(cases(9), st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 5]), st.sampled_from([2, 99]))
def test_they_say_what_the_passes_step_by_step_say(case, seed, lanes, signed_from):
    problem = planned(case, signed_from if signed_from < 99 else NO_SIGNS)
    if problem is None:
        return
    tape, found = problem.tape, problem.forward
    plain = run_forward(tape, problem.tables, {}, without_numba(problem.ring))
    same(found.log_z, plain.log_z, 1)
    assert problem.calibrated.lost_to_signs == plain.reversed().lost_to_signs
    changed, extra = changes(problem, np.random.default_rng(seed), lanes)
    again = found.again(changed, extra)
    tables = [[changed[at]] if at in changed else own for at, own in enumerate(problem.tables)]
    anew = run_forward(tape, tables, extra, without_numba(problem.ring))
    for one, other in zip(again.tables, anew.tables, strict=True):
        same(one, other, lanes)
    wanted = frozenset(range(tape.factors))
    both = anew.reversed(wanted)
    for known in (None, problem.calibrated):
        told = again.reversed(wanted, None, known)
        for vertex in tape.home:
            same(told.marginal(vertex), both.marginal(vertex), lanes)
        for slot in wanted:
            same(told.slots[slot], both.slots[slot], lanes)


@examples(30)
@given(cases(9), st.integers(0, 2**32 - 1))
def test_a_lane_has_the_same_bits_alone_and_beside_others(case, seed):
    problem = planned(case, NO_SIGNS)
    if problem is None:
        return
    changed, extra = changes(problem, np.random.default_rng(seed), 4)
    together = problem.forward.again(changed, extra)
    told = together.reversed(known=problem.calibrated)
    for lane in range(4):
        alone = problem.forward.again(
            {slot: each[..., lane : lane + 1] for slot, each in changed.items()},
            {vertex: each[:, lane : lane + 1] for vertex, each in extra.items()},
        )
        assert alone.log_z[0] == np.broadcast_to(together.log_z, 4)[lane]
        one = alone.reversed(known=problem.calibrated)
        for vertex in problem.tape.home:
            own = told.marginal(vertex)
            np.testing.assert_array_equal(
                one.marginal(vertex)[:, 0], own[:, min(lane, own.shape[1] - 1)]
            )


def test_what_nothing_changes_is_not_made_again():
    from bayesnet import Network, Table, Variable

    pairs = [(f"a{at}", f"b{at}") for at in range(3)]
    variables = tuple(Variable(name, ("no", "yes")) for pair in pairs for name in pair)
    families = tuple(
        table
        for a, b in pairs
        for table in (Table(a, (), [0.9, 0.1]), Table(b, (a,), [[0.7, 0.3], [0.2, 0.8]]))
    )
    problem = planned((Network(variables, families), {}), NO_SIGNS)
    again = problem.forward.again({}, {0: np.array([[1.0, 0.5], [1.0, 2.0]])})
    taken = [one is other for one, other in zip(again.tables, problem.forward.tables, strict=True)]
    assert sum(taken) == len(taken) - 2
    told = again.reversed(known=problem.calibrated)
    assert told.marginal(5).shape == (2, 1)
    assert told.marginal(1).shape == (2, 2)
    assert (
        sum(
            one is other
            for one, other in zip(told.messages, problem.calibrated.messages, strict=True)
        )
        >= 4
    )


@examples(10)
@given(cases(9))
def test_larger_tapes_go_step_by_step_and_say_the_same(case):
    from bayesnet.inference.compiled import whole_tape
    from bayesnet.inference.compiled.products import Compiled

    problem = planned(case, NO_SIGNS)
    if problem is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_tape, "WHOLE_ENTRIES", 0)
        other = planned(case, NO_SIGNS)
        assert type(other.forward) is Forward
        weights = {v: np.full((problem.tape.sizes[v], 3), 0.5) for v in list(problem.tape.home)[:1]}
        for each in (problem, other):
            assert type(each.ring) is Compiled
        one, two = (each.variants(weights).reversed() for each in (problem, other))
    for vertex in problem.tape.home:
        same(one.marginal(vertex), two.marginal(vertex), 3)
