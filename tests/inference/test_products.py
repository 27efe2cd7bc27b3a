"""Products of large tables, and passes that take over what a variant does not change."""

import numpy as np
import pytest

from bayesnet import Network, Table, Variable
from bayesnet.inference.cases import Case
from bayesnet.inference.passes import reverse, run_forward
from bayesnet.inference.problem import Planner
from bayesnet.inference.rings import EXTENDED, LINEAR
from bayesnet.inference.structure import structure_of

SIZES = (2, 3, 2, 5, 2, 7, 2, 3, 2, 2)


@pytest.mark.parametrize("ring", [LINEAR, EXTENDED])
@pytest.mark.parametrize("lanes", [(1, 1), (1, 3), (3, 1), (3, 3), (1, 150), (150, 150)])
@pytest.mark.parametrize("seed", range(6))
def test_a_large_product_is_summed_as_a_small_one(ring, lanes, seed):
    """Whatever axes the tables share, lack or are summed over."""
    random = np.random.default_rng(seed)
    scopes = [sorted(random.choice(10, 7, replace=False).tolist()) for _ in range(2)]
    tables = [
        ring.of(random.random((*(SIZES[label] for label in scope), count)))
        for scope, count in zip(scopes, lanes, strict=True)
    ]
    union = sorted({*scopes[0], *scopes[1]})
    out = tuple(label for label in union if random.random() < 0.4)
    first, second = zip(tables, map(tuple, scopes), strict=True)
    found = ring.times(first, second, out)
    operands = [tables[0], [*scopes[0], 20], tables[1], [*scopes[1], 20], [*out, 20]]
    np.testing.assert_allclose(found, np.einsum(*operands), rtol=1e-12)
    assert found.dtype == tables[0].dtype


@pytest.mark.parametrize("lanes", [(1, 3), (3, 1), (3, 3)])
@pytest.mark.parametrize("seed", range(6))
def test_a_compiled_product_has_the_same_bits(lanes, seed):
    pytest.importorskip("numba")
    from bayesnet.inference.compiled.products import Compiled

    random = np.random.default_rng(seed)
    scopes = [sorted(random.choice(10, 5, replace=False).tolist()) for _ in range(2)]
    first, second = (
        (random.random((*(SIZES[label] for label in scope), count)), tuple(scope))
        for scope, count in zip(scopes, lanes, strict=True)
    )
    out = tuple(label for label in sorted({*first[1], *second[1]}) if random.random() < 0.4)
    found = Compiled().times(first, second, out)
    np.testing.assert_array_equal(found, LINEAR.times(first, second, out))


def chain_of(count):
    """Variables in a row, each with two states and a child of the one before."""
    random = np.random.default_rng(0)
    families = [
        Table(f"x{at}", (f"x{at - 1}",) * bool(at), random.dirichlet([1, 1], (2,) * bool(at)))
        for at in range(count)
    ]
    return Network(tuple(Variable(f"x{at}", ("no", "yes")) for at in range(count)), tuple(families))


@pytest.mark.parametrize("touched", range(12))
def test_a_variant_takes_over_what_it_does_not_change(touched):
    planner = Planner(structure_of(chain_of(12)), 1 << 30)
    problem = planner.problem(Case({}, {}), range(12))
    extra = {touched: np.array([[1.0, 0.3], [1.0, 2.0]])}
    again = problem.variants(extra)
    anew = run_forward(problem.tape, problem.tables, extra, problem.ring)
    taken = sum(
        one is other for one, other in zip(again.tables, problem.forward.tables, strict=True)
    )
    assert taken >= problem.tape.factors
    known = reverse(again, known=problem.calibrated)
    for vertex in range(12):
        np.testing.assert_array_equal(known.marginal(vertex), reverse(anew).marginal(vertex))
    for one, other in zip(again.tables, anew.tables, strict=True):
        np.testing.assert_array_equal(one, other)
    kept = [
        one is two for one, two in zip(known.messages, problem.calibrated.messages, strict=True)
    ]
    assert any(kept)
