"""The same evidence gives the same bits: first, again, alone, in a table, in any order, threads."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support.networks import any_states, drawn_rows, layered, table_of

from bayesnet.engine import Engine
from bayesnet.inference.rings import LINEAR

QUERIES = ("marginals", "log_probability", "joint", "information", "each", "both", "best")


@pytest.fixture(scope="module")
def network():
    return layered(3)


@pytest.fixture(scope="module")
def rows(network):
    return drawn_rows(network, any_states(network, 1, 12), seed=4)


@pytest.fixture(params=["numpy", "numba"])
def executor(request):
    if request.param == "numba":
        pytest.importorskip("numba")
    return request.param


def answer(engine, query, evidence):
    """What a query says, as bytes."""
    causes, findings = [f"c{i}" for i in range(4)], [f"f{i}" for i in range(6)]
    if query == "marginals":
        return {name: values.tobytes() for name, values in engine.marginals(evidence).items()}
    if query == "log_probability":
        return engine.log_probability(evidence).hex()
    if query == "joint":
        return engine.joint(["c3", "f2", "r0"], evidence).tobytes()
    if query == "information":
        return {n: b.hex() for n, b in engine.information(causes, findings, evidence).items()}
    if query == "each":
        return engine.information_each(causes[:2], findings[:3], evidence)
    if query == "both":
        marginals, bits = engine.marginals_and_information(causes, findings, evidence)
        return {name: values.tobytes() for name, values in marginals.items()}, bits
    return engine.most_probable(evidence, causes, k=3)


@pytest.mark.parametrize("query", QUERIES)
def test_first_and_again_in_any_order_on_any_engine(network, rows, executor, query):
    first = Engine(network, executor=executor)
    once = [answer(first, query, row) for row in rows]
    assert [answer(first, query, row) for row in reversed(rows)][::-1] == once
    fresh = Engine(network, executor=executor)
    assert [answer(fresh, query, row) for row in rows[::-1]][::-1] == once


@pytest.mark.parametrize("query", ["marginals", "information"])
def test_in_threads(network, rows, executor, query):
    engine = Engine(network, executor=executor)
    once = [answer(engine, query, row) for row in rows]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda row: answer(engine, query, row), rows * 3))
    assert found == once * 3


def test_alone_and_in_a_table(network, rows, executor):
    engine = Engine(network, executor=executor)
    table = table_of(network, rows)
    many, logs = engine.marginals_many(table), engine.log_probability_many(table)
    bits = engine.information_many(["c0", "c1"], ["f0", "f1"], table)
    for at in range(len(rows)):
        # As the table has it, where a column holds likelihoods.
        row = {
            name: values[at]
            if np.ndim(values) == 2
            else network.variable(name).states[code]
            if isinstance(code := values[at], np.integer)
            else code
            for name, values in table.items()
            if not (np.ndim(values) == 1 and isinstance(values[at], np.integer) and values[at] < 0)
        }
        for name, values in engine.marginals(row).items():
            np.testing.assert_array_equal(many[name][at], values)
        assert logs[at] == engine.log_probability(row)
        told = engine.information(["c0", "c1"], ["f0", "f1"], row)
        assert told == {name: values[at] for name, values in bits.items()}
    for start in (0, 5):
        part = engine.marginals_many({name: values[start:7] for name, values in table.items()})
        for name, values in part.items():
            np.testing.assert_array_equal(values, many[name][start:7])


SCRIPT = """
import hashlib, bayesnet
model = bayesnet.load_model("lbp-runner")
report = model.diagnose({"leaning_back": True, "coughing": True, "night_pain": True})
print(hashlib.sha256(repr(report.to_dict()).encode()).hexdigest())
"""


def test_a_report_with_any_number_of_blas_threads():
    found = set()
    for threads in ("1", "2"):
        told = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), threads)
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, **told},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(run.stdout)
    assert len(found) == 1


@pytest.mark.parametrize("lanes", [(1, 1), (1, 5), (5, 1), (5, 5)])
def test_the_compiled_loop_multiplies_as_numpy_does(lanes):
    """Also where axes were turned or spread, so that they do not lie one behind the other."""
    compiled = pytest.importorskip("bayesnet.inference.compiled.products").Compiled()
    random = np.random.default_rng(0)
    first = random.random((3, 2, 4, lanes[0])).transpose(1, 0, 2, 3), (0, 2, 3)
    second = np.broadcast_to(random.random((2, 1, 4, lanes[1])), (2, 5, 4, lanes[1])), (0, 1, 3)
    for out in ((), (0,), (1, 3), (0, 1, 2, 3)):
        found = compiled.times(first, second, out)
        np.testing.assert_allclose(found, LINEAR.times(first, second, out), rtol=1e-14)
        if lanes == (5, 5):
            some = [(table[..., 2:4], labels) for table, labels in (first, second)]
            alone = compiled.times(*some, out)
            np.testing.assert_array_equal(alone, found[..., 2:4])
