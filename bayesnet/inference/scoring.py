"""Posteriors of cases by compiled circuits, or by propagation where a tree is too wide.

Circuits do not scale their messages. Whatever they lose, they lose where a root of the tree is
less probable than SAFE; such a case is computed again by itself, scaled at each step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.circuits import Circuits, Compiled
from bayesnet.inference.plan import Request
from bayesnet.inference.posterior import posterior_of
from bayesnet.inference.propagation import SAFE
from bayesnet.network import Array
from bayesnet.network.evidence import MISSING, Observed

PROPAGATED_BYTES = 16 << 20
"""Memory of the tables of cases that are propagated at once."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Posteriors of some cases.

    marginals: {variable: shape (cases, states)}, 1 at the state of an observed one.
    log_probability: log P(evidence), shape (cases,); -inf where it is impossible, and then the
    case's posteriors are all 0.
    """

    marginals: Mapping[int, Array]
    log_probability: Array


def score(circuits: Circuits, observed: Observed, variables: Sequence[int]) -> Scores:
    """Posteriors of variables for cases with any mix of patterns; a case's numbers are its own."""
    sizes = {v: len(circuits.plans.network.variables[v].states) for v in variables}
    marginals = {v: np.zeros((observed.cases, size)) for v, size in sizes.items()}
    log_p = np.full(observed.cases, -np.inf)
    for compiled, rows in circuits.for_table(observed, tuple(sorted(sizes))):
        part = observed.take(rows)
        if compiled is None:
            found = propagate_alike(circuits, part, tuple(sorted(sizes)))
        else:
            found = score_alike(circuits, compiled, part, sizes)
        log_p[rows] = found.log_probability
        for v, values in found.marginals.items():
            marginals[v][rows] = values
    for v, values in marginals.items():
        seen = np.flatnonzero(observed.codes[v] != MISSING)
        values[seen] = 0.0
        values[seen, observed.codes[v, seen]] = 1.0
        values[np.isneginf(log_p)] = 0.0
    return Scores(marginals, log_p)


def score_alike(
    circuits: Circuits, compiled: Compiled, observed: Observed, variables: Iterable[int]
) -> Scores:
    """Posteriors, among the variables those that the circuit reads, for cases it is made for."""
    asked = set(variables)
    places = [(v, place) for v, place in compiled.places.items() if v in asked]
    cases = circuits.plans.cases(compiled.plan, observed)
    evaluated = compiled.evaluate(cases) if places else compiled.evidence(cases)
    log_p = evaluated.log_z + observed.log_scale
    # A leaf's state may be a difference, and round below 0.
    outputs = np.maximum(evaluated.outputs, 0.0)
    marginals = {v: outputs[place].T for v, place in places}
    for row in np.flatnonzero(np.logical_not(evaluated.is_safe(SAFE))).tolist():
        one = observed.take([row])
        careful = posterior_of(compiled.plan, circuits.plans.cases(compiled.plan, one))
        log_p[row] = careful.collected.log_z[0] + one.log_scale[0]
        if np.isfinite(log_p[row]):
            for v, values in careful.marginals([v for v, _ in places]).items():
                marginals[v][row] = values[0]
    return Scores(marginals, log_p)


def propagate_alike(circuits: Circuits, observed: Observed, variables: tuple[int, ...]) -> Scores:
    """The same without a circuit, some cases at a time."""
    pattern = circuits.plans.groups(observed.take([0]))[0][0]
    plan = circuits.plans.planned(pattern, Request(wanted=variables))
    most = max(1, PROPAGATED_BYTES // max(1, plan.program.memory))
    free = [v for v in variables if observed.codes[v, 0] == MISSING]
    sizes = {v: len(circuits.plans.network.variables[v].states) for v in free}
    marginals = {v: np.empty((observed.cases, size)) for v, size in sizes.items()}
    log_p = np.empty(observed.cases)
    for start in range(0, observed.cases, most):
        rows = np.arange(start, min(start + most, observed.cases))
        posterior = posterior_of(plan, circuits.plans.cases(plan, observed.take(rows)))
        log_p[rows] = posterior.collected.log_z
        for v, values in posterior.marginals(free).items():
            marginals[v][rows] = values
    return Scores(marginals, log_p + observed.log_scale)


def score_one(circuits: Circuits, compiled: Compiled, observed: Observed) -> Array | None:
    """The circuit's outputs for one case; None where precision may be lost."""
    evaluated = compiled.evaluate(circuits.plans.cases(compiled.plan, observed))
    return np.maximum(evaluated.outputs[:, 0], 0.0) if evaluated.is_safe(SAFE)[0] else None
