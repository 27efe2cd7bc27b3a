"""The engine against pgmpy and pyAgrum on benchmark networks from the bnlearn repository."""

import math
import warnings
from collections.abc import Mapping

import numpy as np
import pytest
from lbp_validation.bench.peer import to_pyagrum
from support.benchmark_networks import benchmark_network

from bayesnet.errors import ImpossibleEvidenceError
from bayesnet.network import Array, Network, topological_order

pyagrum = pytest.importorskip("pyagrum")

TOLERANCE = 1e-9


def drawn_evidence(network: Network, seed: int) -> dict[str, str]:
    """A case drawn from the network itself, of which 20 % of the variables are observed."""
    random = np.random.default_rng(seed)
    case: dict[str, int] = {}
    for name in topological_order({f.variable: f.parents for f in network.families}):
        family = network.family(name)
        row = family.table()[tuple(case[parent] for parent in family.parents)]
        case[name] = int(random.choice(len(row), p=row / row.sum()))
    count = round(0.2 * len(case))
    seen = [str(name) for name in random.choice(network.names, count, replace=False)]
    return {name: network.variable(name).states[case[name]] for name in seen}


def agrum_answers(network: Network, evidence: Mapping[str, str]) -> tuple[dict[str, Array], float]:
    """Posteriors of the unobserved variables, and P(evidence)."""
    engine = pyagrum.LazyPropagation(to_pyagrum(network))
    engine.setEvidence(dict(evidence))
    engine.makeInference()
    free = [name for name in network.names if name not in evidence]
    return {name: engine.posterior(name).toarray() for name in free}, engine.evidenceProbability()


def assert_agrees_with_agrum(network: Network, evidence: dict[str, str]) -> None:
    engine = network.compile()
    found = engine.marginals(evidence)
    expected, probability = agrum_answers(network, evidence)
    assert set(found) == set(expected) == set(network.names) - set(evidence)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=0, atol=TOLERANCE, err_msg=name)
    assert engine.log_probability(evidence) == pytest.approx(math.log(probability), abs=TOLERANCE)


SMALLER = ["asia", "child", "insurance", "alarm", "hailfinder", "hepar2", "win95pts"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", SMALLER)
def test_pyagrum_agrees(name, seed):
    network = benchmark_network(name)
    assert_agrees_with_agrum(network, drawn_evidence(network, seed))


@pytest.mark.parametrize("name", ["andes", "pigs", "water", "pathfinder"])
def test_pyagrum_agrees_on_large_networks(name):
    network = benchmark_network(name)
    assert_agrees_with_agrum(network, drawn_evidence(network, seed=0))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", SMALLER)
def test_pgmpy_agrees(name, seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # pgmpy deprecates parts of itself
        from pgmpy.inference import VariableElimination
    network = benchmark_network(name)
    evidence = drawn_evidence(network, seed)
    found = network.compile().marginals(evidence)
    oracle = VariableElimination(network.to_pgmpy())
    assert set(found) == set(network.names) - set(evidence)
    for variable, values in found.items():
        expected = oracle.query([variable], evidence, show_progress=False)
        assert tuple(expected.state_names[variable]) == network.variable(variable).states
        np.testing.assert_allclose(
            values, expected.values, rtol=0, atol=TOLERANCE, err_msg=variable
        )


def test_impossible_evidence_is_refused_with_the_names_that_clash():
    """Both libraries answer this one in silence."""
    engine = benchmark_network("asia").compile()
    clash = {"either": "yes", "lung": "no", "tub": "no"}
    assert engine.log_probability(clash) == -math.inf
    with pytest.raises(ImpossibleEvidenceError) as caught:
        engine.marginals({"smoke": "yes", "xray": "no", **clash})
    assert set(caught.value.conflicting) == {"either = yes", "lung = no", "tub = no"}
    for name, state in clash.items():
        assert f"{name} = {state}" in str(caught.value)
