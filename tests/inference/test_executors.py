"""Both executors against a plain reading of what a circuit says, and against each other."""

import math
import subprocess
import sys
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from support.cli import child_environment
from support.networks import any_states, drawn_rows, layered, near_zero, table_of, two_state

from bayesnet import Network, NoisyMax, Table, Variable
from bayesnet.errors import MissingExtraError, UnknownNameError
from bayesnet.inference import executor_numpy, executors
from bayesnet.inference.circuit import DIVIDE, DOT, ONE, PRODUCT, SCALE, SUM, TINY, ZERO
from bayesnet.inference.circuit_building import build_circuit
from bayesnet.inference.factors import HARD, SOFT
from bayesnet.inference.plan import Request
from bayesnet.network.evidence import encode_table

COUNTS = [1, 2, 7, 8, 9, 15, 64, 65, 70, 127, 129, 200]


def far_apart():
    """A tree of binary variables with four arms; a leaf of three states at the ends of them."""
    random = np.random.default_rng(3)
    arms = {"a": "hub", "b": "hub", "c": "hub", "d": "hub", "aa": "a", "bb": "b", "cc": "c"}
    families = [Table("hub", (), np.array([0.3, 0.7]))]
    families += [Table(v, (p,), random.dirichlet(np.ones(2), 2)) for v, p in arms.items()]
    parents = ("aa", "bb", "cc", "d")
    links = tuple(random.dirichlet(np.ones(3), 2) for _ in parents)
    families.append(NoisyMax("leaf", parents, random.dirichlet(np.ones(3)), links, -1))
    variables = [two_state(family.variable) for family in families[:-1]]
    return Network((*variables, Variable("leaf", ("much", "some", "none"))), tuple(families))


def far_apart_cases(network, count):
    """One observed, one by likelihood, the leaf not at all."""
    random = np.random.default_rng(count)
    names = network.state_names({"b": random.integers(0, 2, count)})
    table = {**names, "c": random.uniform(0, 1, (count, 2))}
    return encode_table(network, table)


def half_the_findings(network, count):
    """Findings of every kind are seen, the causes are not: maxima and chains."""
    states = any_states(network, count, count)
    names = [f"f{i}" for i in range(0, 16, 2)]
    codes = {name: states[network.position(name)] for name in names}
    return encode_table(network, network.state_names(codes))


def any_findings(network, count):
    rows = drawn_rows(network, any_states(network, count, count), count)
    hard = [{n: v for n, v in row.items() if isinstance(v, str)} for row in rows]
    return encode_table(network, table_of(network, hard))


KINDS = {
    "far apart": (far_apart(), far_apart_cases),
    "layered": (layered(4), half_the_findings),
    "near zero": (near_zero(5), any_findings),
}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@cache
def compiled(kind):
    """An engine, a plan and its circuit: one for every pattern, or one for that of the cases."""
    network, draw = KINDS[kind]
    engine = network.compile()
    if kind == "near zero":
        made = engine.inference.circuits.everything
        return engine, made.plan, made.circuit
    observed = draw(network, 1)
    hard = [v for v in observed.columns if v not in observed.likelihoods]
    pattern = [*((v, HARD) for v in hard), *((v, SOFT) for v in observed.likelihoods)]
    read = tuple(v for v in range(len(network.names)) if v not in hard)
    plan = engine.inference.plans.planned(tuple(sorted(pattern)), Request(wanted=read))
    return (
        engine,
        plan,
        build_circuit(engine.inference.plans.solved, engine.inference.plans.parents, plan, read),
    )


def inputs(kind, count):
    """The circuit and what an executor takes for so many cases."""
    network, draw = KINDS[kind]
    engine, plan, circuit = compiled(kind)
    cases = engine.inference.plans.cases(plan, draw(network, count))
    given = [values for _, values in sorted(cases.likelihoods.items())]
    soft = np.concatenate(given, axis=1).T if given else np.empty((0, count))
    return circuit, cases.codes, soft


def plainly(circuit, codes, soft):
    """(outputs, evidence) of one case, one register after the other."""
    rows, looked_up, maxima = circuit.rows, circuit.looked_up, circuit.maxima
    registers = [math.nan] * circuit.size
    registers[ONE], registers[ZERO] = 1.0, 0.0

    def runs(offsets, total):
        """Where each result's operands lie."""
        ends = range(total + 1) if offsets is None else [*offsets.tolist(), total]
        return [range(low, high) for low, high in pairwise(ends)]

    picked = [
        sum(int(codes[rows.variables[i]] * rows.strides[i]) for i in run)
        for run in runs(rows.offsets, len(rows.variables))
    ]
    for i, (of, origin) in enumerate(zip(looked_up.of, looked_up.origins, strict=True)):
        registers[looked_up.start + i] = looked_up.pool[origin + picked[of]]
    if maxima is not None:
        for i, run in enumerate(runs(maxima.offsets, len(maxima.of))):
            at = [maxima.origins[j] + picked[maxima.of[j]] for j in run]
            most, less = sum(maxima.log_at_most[at]), sum(maxima.log_less[at])
            registers[maxima.start + i] = math.exp(most) * -math.expm1(less)
    registers[circuit.soft_start : circuit.soft_start + len(soft)] = soft.tolist()
    for layer in circuit.layers:
        places = range(layer.first, layer.last) if layer.operands is None else layer.operands
        for i, run in enumerate(runs(layer.offsets, len(places))):
            read = [places[j] for j in run]
            weights = [1.0] * len(places) if layer.weights is None else layer.weights
            if layer.kind == SUM:
                value = math.fsum(registers[r] for r in read)
            elif layer.kind == PRODUCT:
                value = math.prod([float(weights[i]), *(registers[r] for r in read)])
            elif layer.kind == DOT:
                pairs = zip(read, run, strict=True)
                value = sum(registers[r] * registers[s] * weights[j] for (r, s), j in pairs)
            elif layer.kind == SCALE:
                value = registers[layer.first + i] * registers[read[0]]
            else:
                value = registers[layer.first + i] / max(registers[read[0]], TINY)
            registers[layer.start + i] = float(value)
    start = circuit.output_start
    outputs = registers[start : start + circuit.output_count]
    return np.array(outputs), np.array([registers[r] for r in circuit.evidence])


@pytest.fixture(params=["numpy", "numba"])
def executor(request):
    if request.param == "numba":
        pytest.importorskip("numba")
    return request.param


def test_every_kind_of_layer_is_met_below():
    layers = [layer for kind in KINDS for layer in inputs(kind, 2)[0].layers]
    assert {layer.kind for layer in layers} == {SUM, PRODUCT, DOT, SCALE, DIVIDE}
    assert inputs("layered", 2)[0].maxima is not None
    assert len(inputs("far apart", 2)[0].soft) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_each_register_is_what_its_layer_says(executor, kind, count):
    circuit, codes, soft = inputs(kind, count)
    found = executors.prepare(executor, circuit)(codes, soft, len(circuit.layers))
    assert found.outputs.shape == (circuit.output_count, count)
    assert found.evidence.shape == (len(circuit.evidence), count)
    for case in range(count):
        outputs, evidence = plainly(circuit, codes[:, case], soft[:, case])
        np.testing.assert_allclose(found.outputs[:, case], outputs, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(found.evidence[:, case], evidence, rtol=1e-12, atol=0)


@pytest.mark.parametrize("count", COUNTS)
def test_the_executors_agree(kind, count):
    pytest.importorskip("numba")
    circuit, codes, soft = inputs(kind, count)
    one, other = (
        executors.prepare(name, circuit)(codes, soft, len(circuit.layers))
        for name in ("numpy", "numba")
    )
    np.testing.assert_allclose(one.outputs, other.outputs, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(one.evidence, other.evidence, rtol=1e-12, atol=0)
    np.testing.assert_array_equal(one.is_safe(1e-200), other.is_safe(1e-200))


def test_every_register_that_is_read_is_an_operation(kind):
    circuit, *_ = inputs(kind, 1)
    read = [
        layer.last - layer.first if layer.operands is None else len(layer.operands)
        for layer in circuit.layers
    ]
    assert circuit.operations == sum(read)


@pytest.mark.parametrize("count", [9, 70])
def test_the_layers_upward_give_the_evidence(executor, kind, count):
    circuit, codes, soft = inputs(kind, count)
    run = executors.prepare(executor, circuit)
    assert 0 < circuit.upward < len(circuit.layers)
    upward = run(codes, soft, circuit.upward).evidence
    np.testing.assert_array_equal(upward, run(codes, soft, len(circuit.layers)).evidence)


@pytest.mark.parametrize("at_once", [1, 3, 8])
def test_numpy_gives_the_same_bits_in_parts(monkeypatch, kind, at_once):
    circuit, codes, soft = inputs(kind, 20)
    whole = executors.prepare("numpy", circuit)(codes, soft, len(circuit.layers))
    monkeypatch.setattr(executor_numpy, "REGISTERS_AT_ONCE", at_once * circuit.size)
    parts = executors.prepare("numpy", circuit)(codes, soft, len(circuit.layers))
    np.testing.assert_array_equal(parts.outputs, whole.outputs)
    np.testing.assert_array_equal(parts.evidence, whole.evidence)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("cores", [1, 2, 3, 7])
def test_numba_gives_the_same_bits_on_any_number_of_threads(monkeypatch, count, cores):
    pytest.importorskip("numba")
    from bayesnet.inference import executor_numba

    circuit, codes, soft = inputs("far apart", 200)
    run = executors.prepare("numba", circuit)
    monkeypatch.setattr(executor_numba, "CORES", 1)
    whole = run(codes, soft, len(circuit.layers))
    monkeypatch.setattr(executor_numba, "CORES", cores)
    monkeypatch.setattr(executor_numba, "THREAD_WORK", 1)
    part = run(codes[:, :count], soft[:, :count], len(circuit.layers))
    np.testing.assert_array_equal(part.outputs, whole.outputs[:, :count])
    np.testing.assert_array_equal(part.evidence, whole.evidence[:, :count])


def test_numba_writes_nothing_beyond_its_results():
    """A block that is not full ends where its cases end."""
    pytest.importorskip("numba")
    from bayesnet.inference import executor_numba, packing

    circuit, codes, soft = inputs("far apart", 13)
    packed = packing.pack(circuit)
    rows = packed.factors + packed.outputs
    results = np.full((rows + 1, 13), 7.0)
    registers = np.empty((packed.size, executor_numba.BLOCK))
    arrays = (packed.layers, packed.inputs, packed.integers, packed.numbers)
    executor_numba._run(codes, soft, arrays, registers, results[:rows], 0, 13, executor_numba.LANES)
    assert (results[rows] == 7.0).all()
    expected = executors.prepare("numpy", circuit)(codes, soft, len(circuit.layers))
    np.testing.assert_allclose(results[packed.factors : rows], expected.outputs, rtol=1e-12)


def test_an_unknown_executor_is_refused():
    with pytest.raises(UnknownNameError, match=r"unknown executor.*'nmba'; did you mean 'numba'"):
        far_apart().compile(executor="nmba")


def test_an_unknown_executor_is_told_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"numpy.*numba"):
        far_apart().compile(executor="nonsense")


def test_numba_missing_says_what_to_install():
    """Seen at `compile`, before anything is asked; numpy needs none of it."""
    script = (
        "import sys; sys.modules['numba'] = None\n"
        "import bayesnet\n"
        "from bayesnet.errors import MissingExtraError\n"
        "x = bayesnet.Variable('x', ('no', 'yes'))\n"
        "network = bayesnet.Network((x,), (bayesnet.Table('x', (), [0.9, 0.1]),))\n"
        "print(network.compile().marginals()['x'][1])\n"
        "try:\n"
        "    network.compile(executor='numba')\n"
        "except MissingExtraError as error:\n"
        "    print(error.exit_code, error)\n"
    )
    command = [sys.executable, "-c", script]
    result = subprocess.run(
        command, capture_output=True, env=child_environment(), timeout=60, text=True
    )
    assert result.stderr == ""
    number, told = result.stdout.splitlines()
    assert float(number) == pytest.approx(0.1)
    assert told.startswith("2 the numba executor is not installed (")
    assert told.endswith("install it with: pip install 'lbp-infer[fast]'")


def test_a_missing_package_is_named_whatever_the_circuit(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "bayesnet.inference.executor_numba", raising=False)
    import bayesnet.inference

    monkeypatch.delattr(bayesnet.inference, "executor_numba", raising=False)
    with pytest.raises(MissingExtraError, match="numba"):
        executors.prepare("numba", inputs("far apart", 1)[0])
