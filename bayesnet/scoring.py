"""Posteriors of cases by compiled circuits, or by propagation where a tree is too wide.

Circuits do not scale their messages. Whatever they lose, they lose where a root of the tree is
less probable than SAFE; such a case is computed again by itself, scaled at each step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bayesnet.evidence import MISSING, Observed
from bayesnet.network import Array
from bayesnet.plan import Request
from bayesnet.posterior import posterior_of
from bayesnet.propagation import SAFE

if TYPE_CHECKING:
    from bayesnet.compiling import Compiled
    from bayesnet.engine import Engine

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


def score(engine: "Engine", observed: Observed, variables: Sequence[int]) -> Scores:
    """Posteriors of variables for cases with any mix of patterns; a case's numbers are its own."""
    sizes = {v: len(engine.network.variables[v].states) for v in variables}
    marginals = {v: np.zeros((observed.cases, size)) for v, size in sizes.items()}
    log_p = np.full(observed.cases, -np.inf)
    for compiled, rows in engine.circuits.for_table(observed, tuple(sorted(sizes))):
        part = observed.take(rows)
        if compiled is None:
            found = propagate_alike(engine, part, tuple(sorted(sizes)))
        else:
            found = score_alike(engine, compiled, part, sizes)
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
    engine: "Engine", compiled: "Compiled", observed: Observed, variables: Iterable[int]
) -> Scores:
    """Posteriors, among the variables those that the circuit reads, for cases it is made for."""
    asked = set(variables)
    places = [(v, place) for v, place in compiled.places.items() if v in asked]
    cases = engine.plans.cases(compiled.plan, observed)
    evaluated = compiled.evaluate(cases) if places else compiled.evidence(cases)
    log_p = evaluated.log_z + observed.log_scale
    # A leaf's state may be a difference, and round below 0.
    outputs = np.maximum(evaluated.outputs, 0.0)
    marginals = {v: outputs[place].T for v, place in places}
    for row in np.flatnonzero(np.logical_not(evaluated.is_safe(SAFE))).tolist():
        one = observed.take([row])
        careful = posterior_of(compiled.plan, engine.plans.cases(compiled.plan, one))
        log_p[row] = careful.collected.log_z[0] + one.log_scale[0]
        if np.isfinite(log_p[row]):
            for v, values in careful.marginals([v for v, _ in places]).items():
                marginals[v][row] = values[0]
    return Scores(marginals, log_p)


def propagate_alike(engine: "Engine", observed: Observed, variables: tuple[int, ...]) -> Scores:
    """The same without a circuit, some cases at a time."""
    pattern = engine.plans.groups(observed.take([0]))[0][0]
    plan = engine.plans.planned(pattern, Request(wanted=variables))
    most = max(1, PROPAGATED_BYTES // max(1, plan.program.memory))
    free = [v for v in variables if observed.codes[v, 0] == MISSING]
    sizes = {v: len(engine.network.variables[v].states) for v in free}
    marginals = {v: np.empty((observed.cases, size)) for v, size in sizes.items()}
    log_p = np.empty(observed.cases)
    for start in range(0, observed.cases, most):
        rows = np.arange(start, min(start + most, observed.cases))
        posterior = posterior_of(plan, engine.plans.cases(plan, observed.take(rows)))
        log_p[rows] = posterior.collected.log_z
        for v, values in posterior.marginals(free).items():
            marginals[v][rows] = values
    return Scores(marginals, log_p + observed.log_scale)


def score_one(engine: "Engine", compiled: "Compiled", observed: Observed) -> Array | None:
    """The circuit's outputs for one case; None where precision may be lost."""
    evaluated = compiled.evaluate(engine.plans.cases(compiled.plan, observed))
    return np.maximum(evaluated.outputs[:, 0], 0.0) if evaluated.is_safe(SAFE)[0] else None
