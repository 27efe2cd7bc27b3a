"""Networks made for the benchmark, each the same on every machine by its seed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet import Network, NoisyMax, Table, Variable, noisy_or

YES_NO = ("no", "yes")
BANDS = ("under_20", "20_to_34", "35_to_44", "45_to_54", "55_to_69", "70_and_over")
MOST_PARENTS = 3
"""Parents that a node of a polytree has at most."""


@dataclass(frozen=True)
class Clinic:
    """A model of the shape that diagnostic models have, and ten findings that are present."""

    network: Network
    causes: tuple[str, ...]
    findings: tuple[str, ...]
    positive: tuple[str, ...]

    def open_to(self, evidence: Mapping[str, str]) -> list[str]:
        """List the findings that are not observed."""
        return [name for name in self.findings if name not in evidence]


def clinic(
    seed: int,
    causes: int = 27,
    findings: int = 150,
    shared: int = 16,
    positives: int = 10,
    with_age: float = 0.65,
) -> Clinic:
    """Make shared risk factors, age and sex over causes over findings, all of them noisy-OR.

    shared: yes/no risk factors, each of two to four causes; with_age: share of the causes that
    age acts on, and a quarter have sex. A finding has one to seven causes, drawn evenly.
    """
    rng = np.random.default_rng(seed)
    named = [f"cause_{i}" for i in range(causes)]
    risks = [f"risk_{i}" for i in range(shared)]
    told = [f"finding_{i}" for i in range(findings)]
    families: list[Table | NoisyMax] = [
        Table("age", (), rng.dirichlet(np.full(len(BANDS), 5.0))),
        Table("sex", (), np.array([0.5, 0.5])),
        *(Table(risk, (), _chance(rng.uniform(0.05, 0.4))) for risk in risks),
        *_causes(rng, named, risks, with_age),
    ]
    for finding in told:
        parents = rng.choice(causes, rng.integers(1, 8), replace=False)
        weights = {named[p]: float(rng.uniform(0.1, 0.9)) for p in parents}
        families.append(noisy_or(finding, weights, float(rng.uniform(0.02, 0.2))))
    variables = (
        Variable("age", BANDS),
        Variable("sex", ("female", "male")),
        *_yes_no((*risks, *named, *told)),
    )
    positive = rng.choice(told, positives, replace=False).tolist()
    network = Network(variables, tuple(families))
    return Clinic(network, tuple(named), tuple(told), tuple(positive))


def _causes(
    rng: np.random.Generator, named: Sequence[str], risks: Sequence[str], with_age: float
) -> list[NoisyMax]:
    """Make the causes' families: each shared risk factor acts on two to four of them."""
    acts_on = {
        risk: set(rng.choice(named, rng.integers(2, 5), replace=False).tolist()) for risk in risks
    }
    found = []
    for cause in named:
        links = [(r, _links(rng.uniform(0.01, 0.1, 1))) for r in risks if cause in acts_on[r]]
        if rng.random() < with_age:
            links.append(("age", _links(rng.uniform(0.0, 0.1, len(BANDS) - 1))))
        if rng.random() < 0.25:
            links.append(("sex", _links(rng.uniform(0.0, 0.05, 1))))
        leak = _chance(rng.uniform(0.005, 0.08))
        parents, given = tuple(p for p, _ in links), tuple(link for _, link in links)
        found.append(NoisyMax(cause, parents, leak, given))
    return found


@dataclass(frozen=True, eq=False)
class Qmr:
    """A two-layer noisy-OR network with what its answers can be checked by.

    priors: shape (causes,); links: P(finding | that cause alone, no leak), shape (findings,
    causes), 0 where there is no edge; leaks: shape (findings,).
    """

    network: Network
    priors: np.ndarray
    links: np.ndarray
    leaks: np.ndarray


def qmr(seed: int, causes: int = 200, findings: int = 40, parents: int = 60) -> Qmr:
    """Make a network of the shape of QMR-DT (Shwe et al. 1991)."""
    rng = np.random.default_rng(seed)
    priors, leaks = rng.uniform(0.001, 0.05, causes), rng.uniform(0.005, 0.05, findings)
    links = np.zeros((findings, causes))
    for row in links:
        chosen = rng.choice(causes, parents, replace=False)
        row[chosen] = rng.uniform(0.05, 0.9, parents)
    families: tuple[Table | NoisyMax, ...] = (
        *(Table(f"cause_{i}", (), _chance(p)) for i, p in enumerate(priors)),
        *(
            noisy_or(f"finding_{i}", {f"cause_{c}": float(row[c]) for c in np.flatnonzero(row)}, k)
            for i, (row, k) in enumerate(zip(links, leaks.tolist(), strict=True))
        ),
    )
    names = [family.variable for family in families]
    return Qmr(Network(_yes_no(names), families), priors, links, leaks)


def quickscore(model: Qmr, present: Sequence[int], absent: Sequence[int]) -> np.ndarray:
    """Return P(cause | evidence), shape (causes,), by Quickscore (Heckerman 1989).

    A signed sum over the subsets of the findings that are present, in extended precision since it
    cancels: for a handful of them.
    """
    off = np.prod(1.0 - model.links[absent], axis=0).astype(np.longdouble)
    total = np.longdouble(0.0)
    with_cause = np.zeros(len(model.priors), np.longdouble)
    for bits in range(1 << len(present)):
        some = [f for i, f in enumerate(present) if bits >> i & 1]
        lowered = off * np.prod(1.0 - model.links[some].astype(np.longdouble), axis=0)
        each = 1.0 - model.priors + model.priors * lowered
        term = (-1.0) ** len(some) * np.prod(1.0 - model.leaks[some].astype(np.longdouble))
        term *= np.prod(each)
        total += term
        with_cause += term * model.priors * lowered / each
    return np.asarray(with_cause / total, dtype=np.float64)


def too_wide(seed: int, nodes: int = 154, edges: int = 380, states: int = 4) -> Network:
    """Make a random network whose best junction tree no machine could hold."""
    rng = np.random.default_rng(seed)
    parents: list[set[int]] = [set() for _ in range(nodes)]
    left = edges
    while left:
        child = int(rng.integers(1, nodes))
        parent = int(rng.integers(child))
        if len(parents[child]) < 4 and parent not in parents[child]:
            parents[child].add(parent)
            left -= 1
    return _tables(rng, [sorted(each) for each in parents], [states] * nodes)


def polytree(seed: int, nodes: int) -> Network:
    """Make a random network without a loop: a random tree, each edge turned either way."""
    rng = np.random.default_rng(seed)
    parents: list[list[int]] = [[] for _ in range(nodes)]
    for node in range(1, nodes):
        other = int(rng.integers(node))
        if rng.random() < 0.5 and len(parents[other]) < MOST_PARENTS:
            parents[other].append(node)
        else:
            parents[node].append(other)
    return _tables(rng, parents, rng.integers(2, 4, nodes).tolist())


def chain(seed: int, nodes: int) -> Network:
    """Make a chain of three-state nodes."""
    rng = np.random.default_rng(seed)
    return _tables(rng, [[node - 1] if node else [] for node in range(nodes)], [3] * nodes)


def _tables(
    rng: np.random.Generator, parents: Sequence[Sequence[int]], sizes: Sequence[int]
) -> Network:
    """Fill the graph with random tables."""
    variables = [
        Variable(f"x{node}", tuple(f"s{state}" for state in range(size)))
        for node, size in enumerate(sizes)
    ]
    families = []
    for node, above in enumerate(parents):
        table = rng.gamma(1.0, size=(*(sizes[p] for p in above), sizes[node])) + 0.05
        values = table / table.sum(axis=-1, keepdims=True)
        families.append(Table(f"x{node}", tuple(f"x{p}" for p in above), values))
    return Network(tuple(variables), tuple(families))


def _yes_no(names: Iterable[str]) -> tuple[Variable, ...]:
    return tuple(Variable(name, YES_NO) for name in names)


def _chance(yes: float) -> np.ndarray:
    return np.array([1.0 - yes, yes])


def _links(raised: np.ndarray) -> np.ndarray:
    """P(effect by this parent alone) at each of its states: nothing at the first."""
    yes = np.concatenate([[0.0], raised])
    return np.stack([1.0 - yes, yes], axis=1)
