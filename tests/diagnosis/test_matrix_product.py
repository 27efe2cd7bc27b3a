"""Products of matrices in blocks: what numpy says of the whole."""

import numpy as np
import pytest

from bayesnet.diagnosis.interview import matrix_product
from bayesnet.diagnosis.interview.matrix_product import COLUMNS, product


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("most", [1, 1 << 10, 1 << 18])
@pytest.mark.parametrize(
    "shape", [(1, 1, 1), (7, 3, 2 * COLUMNS + 1), (40, 90, COLUMNS), (5, 0, 4)]
)
def test_blocks_make_the_whole(monkeypatch, kind, most, shape):
    monkeypatch.setattr(matrix_product, "ONE_THREAD", most)
    rows, inner, columns = shape
    random = np.random.default_rng(1)
    first, second = random.random((rows, inner)), random.random((columns, inner))
    found = product(first.astype(kind), second.astype(kind).T)
    assert found.dtype == kind
    np.testing.assert_allclose(found, first @ second.T, rtol=1e-5 if kind == np.float32 else 1e-12)
