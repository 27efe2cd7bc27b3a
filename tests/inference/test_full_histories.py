"""People who answered everything: the compiled kernel gives what numpy gives, for large tables."""

import numpy as np
import pytest

from bayesnet.inference.cases import Case
from bayesnet.network import Network, NoisyMax, Table, Variable

CAUSES, FINDINGS, PARENTS = 20, 14, 10


def histories(rare):
    """Causes without parents, and findings of ten of them each; rare: P(finding | one cause)."""
    draw = np.random.default_rng(3)
    names = [f"c{i}" for i in range(CAUSES)]
    found = [f"f{i}" for i in range(FINDINGS)]
    variables = [Variable(name, ("no", "yes")) for name in (*names, *found)]
    families = [Table(name, (), np.array([0.8, 0.2])) for name in names]
    for name in found:
        parents = draw.choice(names, PARENTS, replace=False).tolist()
        strength = rare * draw.uniform(0.3, 0.9, PARENTS)
        links = tuple(np.array([[1.0, 0.0], [1 - p, p]]) for p in strength)
        families.append(NoisyMax(name, tuple(parents), np.array([1 - rare / 20, rare / 20]), links))
    return Network(tuple(variables), tuple(families))


@pytest.mark.parametrize("rare", [1.0, 1e-10], ids=["signs serve", "signs cancel"])
def test_every_finding_present(rare):
    """Where findings are so rare that signs would cancel their digits, all digits are kept."""
    pytest.importorskip("numba")
    network = histories(rare)
    cases = [Case({CAUSES + f: 1 for f in range(FINDINGS) if f != left}, {}) for left in range(3)]
    read = range(CAUSES)
    inference = network.compile(executor="numba").inference
    found, log_p = inference.posteriors(cases, read)
    expected, log_p_expected = network.compile().inference.posteriors(cases, read)
    np.testing.assert_allclose(log_p, log_p_expected, rtol=1e-9)
    for v in read:
        np.testing.assert_allclose(found[v], expected[v], atol=1e-9)
    # The rows of the table are what each is by itself, to the bit.
    alone, _ = inference.posteriors(cases[1:2], read)
    assert all((alone[v][0] == found[v][1]).all() for v in read)
