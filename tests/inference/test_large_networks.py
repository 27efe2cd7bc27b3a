"""Plans of the largest benchmark networks: how large, how many entries, and that answers hold."""

import math
from collections.abc import Iterable
from random import Random

import numpy as np
import pytest
from lbp_validation.bench.forward_sampling import draw
from lbp_validation.bench.peer import TOLERANCE, peers
from support.benchmark_networks import benchmark_network

from bayesnet.engine import DEFAULT_BUDGET, Engine
from bayesnet.inference.cases import Case
from bayesnet.inference.sketch import fits_with_evidence, sketch
from bayesnet.inference.structure import structure_of
from bayesnet.network import Network, Table, Variable
from bayesnet.network.noisy_recognition import simplified

MOST_ENTRIES = {
    "water": 3_600_000,
    "pathfinder": 183_000,
    "andes": 335_000,
    "pigs": 616_000,
    "mildew": 3_700_000,
    "barley": 17_500_000,
    "munin1": 88_000_000,
    "diabetes": 10_700_000,
    "link": 32_200_000,
    "munin": 13_900_000,
}
"""Table entries of a good junction tree without evidence."""
MOST_ENTRIES_WITH_EVIDENCE = {"barley": 1_000_000, "munin1": 4_000_000, "link": 6_600_000}
"""The same after slicing out evidence, for the seeds below: a few per cent over what was found."""


def entries_of(network: Network, known: Iterable[str] = ()) -> int:
    """Of all cliques, for all marginals once some variables are known."""
    structure = structure_of(simplified(network))
    case = Case({network.position(name): 0 for name in known}, {})
    found = sketch(structure, case)
    return sum(math.prod(found.sizes[v] for v in clique) for clique in found.cliques)


def a_fifth(network: Network, seed: int) -> dict[str, str]:
    """Values, drawn from the network, of a fifth of its variables."""
    random = np.random.default_rng(seed)
    count = round(0.2 * len(network.names))
    chosen = random.choice(len(network.names), count, replace=False)
    case = draw(network, random)
    return {network.names[at]: case[network.names[at]] for at in sorted(chosen)}


@pytest.mark.parametrize("name", MOST_ENTRIES)
def test_the_tape_without_evidence_is_a_good_one(name):
    assert entries_of(benchmark_network(name)) <= MOST_ENTRIES[name]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", MOST_ENTRIES_WITH_EVIDENCE)
def test_evidence_is_sliced_out_of_the_tape(name, seed):
    network = benchmark_network(name)
    assert entries_of(network, a_fifth(network, seed)) <= MOST_ENTRIES_WITH_EVIDENCE[name]


@pytest.mark.parametrize("name", ["mildew", "barley", "munin1", "diabetes", "link", "munin"])
def test_answers_agree_with_pyagrum(name):
    pytest.importorskip("pyagrum")
    network = benchmark_network(name)
    evidence = a_fifth(network, seed=0)
    answers = Engine(network).marginals(evidence)
    peer = next(peer for peer in peers(network) if peer.name == "LazyPropagation")
    assert set(answers) == set(network.names) - set(evidence)
    assert peer.difference(evidence, answers) < TOLERANCE


@pytest.mark.parametrize("name", ["munin1", "link"])
def test_the_same_evidence_gives_the_same_tape(name):
    network = benchmark_network(name)
    structure = structure_of(network)
    case = Case({network.position(each): 0 for each in a_fifth(network, seed=0)}, {})
    assert sketch(structure, case) == sketch(structure, case)


def test_a_network_that_evidence_narrows_is_not_refused():
    structure = structure_of(benchmark_network("munin1"))
    budget = 512 << 20
    assert sketch(structure).memory > budget
    assert fits_with_evidence(structure, budget)


def flat(name: str, parents: tuple[str, ...], sizes: dict[str, int]) -> Table:
    shape = (*(sizes[parent] for parent in parents), sizes[name])
    return Table(name, parents, np.full(shape, 1.0 / sizes[name]))


def network_of(parents: dict[str, tuple[str, ...]], sizes: dict[str, int]) -> Network:
    variables = [Variable(n, tuple(f"s{i}" for i in range(sizes[n]))) for n in parents]
    return Network(tuple(variables), tuple(flat(n, p, sizes) for n, p in parents.items()))


def test_a_tangle_is_refused_even_with_evidence():
    random = Random(1)
    parents = {
        f"x{i}": tuple(f"x{p}" for p in sorted(random.sample(range(i), min(i, 4))))
        for i in range(45)
    }
    tangle = network_of(parents, dict.fromkeys(parents, 6))
    assert not fits_with_evidence(structure_of(tangle), DEFAULT_BUDGET)
