"""Find in a network what a model file can say: causes, what makes them common, what they show.

A model file has no whole tables. What it can say of a network is: risk factors, roots of any
states; causes, of two states, roots or a noisy-OR of risk factors; findings, each a noisy-MAX of
causes. All else is named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bayesnet.network import Array, Network, Variable
from bayesnet.network.families import NoisyMax
from bayesnet.network.states import named_position

TOLERANCE = 1e-9
"""How far an entry of a table may be from what the model file would make of it."""


@dataclass(frozen=True)
class Layers:
    """The variables of a network by what they are in a model, and why the rest is none of these.

    factors: roots, some of which act on causes; causes; findings; refused: in words.
    """

    factors: tuple[str, ...]
    causes: tuple[str, ...]
    findings: tuple[str, ...]
    refused: tuple[str, ...]


def layers_of(network: Network) -> Layers:
    """Tell causes from risk factors and findings.

    What acts on nothing is a finding. Of the rest, a root that acts on no finding is a risk factor,
    and all others are causes.
    """
    children: dict[str, list[str]] = {name: [] for name in network.names}
    for family in network.families:
        for parent in family.parents:
            children[parent].append(family.variable)
    acting = {name for name in network.names if children[name]}
    factors = {
        name for name in acting if not network.parents(name) and set(children[name]) <= acting
    }
    causes = acting - factors
    findings = set(network.names) - acting
    refused = [*_odd_parents(network, causes), *_odd_causes(network, causes)]
    refused += _odd_tables(network, findings)
    ordered = ([name for name in network.names if name in kind] for kind in (factors, causes))
    shown = tuple(name for name in network.names if name in findings)
    first, second = (tuple(each) for each in ordered)
    return Layers(first, second, shown, tuple(refused))


def yes_of(variable: Variable) -> int | None:
    """Return the position of yes among two states that mean yes and no; None for others."""
    return named_position(variable.states, True) if len(variable.states) == 2 else None


def alone(network: Network, name: str) -> tuple[Array, Mapping[str, Array]]:
    """Return the distribution of a finding with no cause, and with each cause alone; (states,)."""
    family = network.family(name)
    table = family.table()
    base = [1 - (yes_of(network.variable(parent)) or 0) for parent in family.parents]
    found = {}
    for at, parent in enumerate(family.parents):
        found[parent] = table[tuple(1 - b if i == at else b for i, b in enumerate(base))]
    return table[tuple(base)], found


def cause_numbers(network: Network, name: str) -> tuple[float, Mapping[tuple[str, int], float]]:
    """Return a cause's prevalence and its relative risks, {(factor, position of state): ratio}.

    A ratio is against the state with the least risk, everything else as it comes.
    """
    family = network.family(name)
    absent = _absent(network, name)
    weights = [np.asarray(network.family(parent).table()) for parent in family.parents]
    prevalence = 1 - _mean(absent, weights)
    ratios = {}
    for at, parent in enumerate(family.parents):
        others = [np.ones(1) if i == at else weight for i, weight in enumerate(weights)]
        parts = np.split(absent, len(weights[at]), at)
        risks = np.array([1 - _mean(part, others) for part in parts])
        for state in np.flatnonzero(risks > risks.min() * (1 + TOLERANCE)):
            ratios[parent, int(state)] = float(risks[state] / risks.min())
    return prevalence, ratios


def _absent(network: Network, name: str) -> Array:
    """Return P(cause absent | its factors), shape (states of each factor...)."""
    yes = yes_of(network.variable(name))
    assert yes is not None
    return np.asarray(network.family(name).table()[..., 1 - yes])


def _mean(values: Array, weights: list[Array]) -> float:
    for weight in weights:
        values = np.tensordot(weight, values, (0, 0))
    return float(values)


def _odd_parents(network: Network, causes: set[str]) -> Iterator[str]:
    """Name the causes that depend on causes."""
    for name in network.names:
        others = set(network.parents(name)) & causes
        if name in causes and others:
            yield f"'{name}' acts on others and depends on {_listed(others)}, which do so too"


def _odd_causes(network: Network, causes: set[str]) -> Iterator[str]:
    for name in sorted(causes):
        if yes_of(network.variable(name)) is None:
            states = ", ".join(network.variable(name).states)
            yield f"'{name}' has the states {states}; a cause has two, which mean yes and no"


def _odd_tables(network: Network, findings: set[str]) -> Iterator[str]:
    """Name what depends on its parents in another way than by noisy-OR or noisy-MAX."""
    for family in network.families:
        name = family.variable
        parents = [network.variable(parent) for parent in family.parents]
        if name in findings:
            plain = all(yes_of(parent) is not None for parent in parents)
            fits, kind = not plain or _fits_max(network, name), "noisy-MAX"
        else:
            plain = bool(parents) and yes_of(network.variable(name)) is not None
            fits, kind = not plain or _fits_or(_absent(network, name)), "noisy-OR"
        if not fits:
            yield f"'{name}' is no {kind} of its parents {_listed(set(family.parents))}"


def _fits_max(network: Network, name: str) -> bool:
    """Tell whether no cause lowers a finding and each acts by itself."""
    family = network.family(name)
    # Of yes and no, whichever is listed first, yes is what causes raise.
    up = slice(None, None, -1 if yes_of(network.variable(name)) == 0 else 1)
    leak, found = alone(network, name)
    leak = leak[up]
    below = np.cumsum(leak)[:-1]
    links = []
    for parent in family.parents:
        own = np.cumsum(found[parent][up])[:-1]
        share = np.divide(own, below, out=np.ones_like(below), where=below > 0)
        acts = np.diff([0.0, *share, 1.0])
        if (acts < -TOLERANCE).any():
            return False
        none = np.eye(len(leak))[0]
        yes = yes_of(network.variable(parent))
        links.append(np.array([none, acts] if yes else [acts, none]))
    again = NoisyMax(name, family.parents, leak, tuple(links)).table()
    return bool(np.allclose(again, family.table()[..., up], rtol=0, atol=TOLERANCE))


def _fits_or(absent: Array) -> bool:
    """Tell whether P(absent) is a product of one number for each factor's state."""
    most = tuple(int(i) for i in np.unravel_index(int(absent.argmax()), absent.shape))
    product = np.full(absent.shape, absent[most])
    for axis in range(absent.ndim):
        line = absent[tuple(slice(None) if i == axis else at for i, at in enumerate(most))]
        shape = [-1 if i == axis else 1 for i in range(absent.ndim)]
        product = product * (line / absent[most]).reshape(shape)
    return bool(np.allclose(product, absent, rtol=0, atol=TOLERANCE))


def _listed(names: set[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
