"""What all that lies below the core is given the core, in one sweep up the tape.

Each step hands on, for every vertex asked for at it or below it, the chance of each state but
the last given what its message is over; a row for each such state.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from bayesnet.analysis.entropy import surprises
from bayesnet.inference.beliefs import Beliefs
from bayesnet.inference.rings import merged
from bayesnet.inference.tape import CORE, Scope
from bayesnet.inference.tuning import ROWS_AT_ONCE
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Swept:
    """Vertices below one message to the core.

    separator: what the message is over, vertices of the core. weights: its posterior, shape
    (joint states,). chances: P(state | separator), shape (rows, joint states): the long axis
    last, along which everything is added and multiplied. rows: of each vertex the states but the
    last.
    """

    separator: Scope
    weights: Array
    chances: Array
    rows: Mapping[int, slice]

    def given(self, vertex: int) -> Array:
        """P(vertex | separator), shape (joint states, states)."""
        some = self.chances[self.rows[vertex]]
        return np.concatenate([some, 1.0 - some.sum(axis=0, keepdims=True)]).T

    def lost(self, vertices: Sequence[int]) -> dict[int, float]:
        """{vertex: its entropy given the separator, in bits}, some joint states after others."""
        rows = [self.rows[v] for v in vertices]
        found = np.zeros(len(vertices))
        for start in range(0, len(self.weights), ROWS_AT_ONCE):
            some = slice(start, start + ROWS_AT_ONCE)
            chances = self.chances[:, some]
            last = 1.0 - _added(chances, rows)
            own = _added(surprises(chances), rows)
            own += surprises(np.maximum(last, 0.0))
            found += (own * self.weights[some]).sum(axis=1)
        return dict(zip(vertices, found.tolist(), strict=True))


def _added(values: Array, rows: Sequence[slice]) -> Array:
    """Add up the rows of each vertex, shape (vertices, joint states)."""
    if len(rows) == len(values):
        return values
    return np.stack([values[own].sum(axis=0) for own in rows])


def sweep(beliefs: Beliefs, vertices: AbstractSet[int]) -> list[Swept]:
    """Everything asked for that is below the core or beside it, by the message that it went into.

    Vertices of the core itself are not among them.
    """
    tape = beliefs.calibrated.forward.tape
    going: dict[int, tuple[Array, list[int]]] = {}
    found: list[Swept] = []
    for at, step in enumerate(tape.steps):
        if step.vertex == CORE:
            break
        below = [(slot, *going.pop(slot)) for slot in step.inputs if slot in going]
        own = step.vertex in vertices and tape.sizes[step.vertex] > 1
        if not below and not own:
            continue
        slot = tape.factors + at
        out = tape.scopes[slot]
        weights = beliefs.marginal(at, out)[..., 0]
        belief = beliefs.belief(at).table[..., 0]
        share = np.divide(belief, weights, out=np.zeros_like(belief), where=weights > 0)
        scopes = [tape.scopes[each] for each, _, _ in below]
        runs = merged(step.scope, [*scopes, out], tape.sizes)
        shaped = share.reshape(runs.sizes)
        parts, names = [], list[int]()
        for (_, table, inside), scope in zip(below, scopes, strict=True):
            over = runs.labels(scope)
            spread = [size if at in over else 1 for at, size in enumerate(runs.sizes)]
            given = table.reshape(-1, *spread)
            # The vertex of the step is the first axis of all that comes to it.
            product = sum(given[:, state] * part for state, part in enumerate(shaped))
            parts.append(np.asarray(product).reshape(len(table), -1))
            names += inside
        if own:
            parts.append(share[:-1].reshape(len(share) - 1, -1))
            names.append(step.vertex)
        table = np.concatenate(parts) if len(parts) > 1 else parts[0]
        above = tape.consumer[slot]
        if above >= 0 and tape.steps[above].vertex != CORE:
            going[slot] = table, names
            continue
        counts = [tape.sizes[v] - 1 for v in names]
        ends = np.cumsum(counts).tolist()
        rows = {v: slice(e - n, e) for v, e, n in zip(names, ends, counts, strict=True)}
        found.append(Swept(out, weights.reshape(-1), table, rows))
    return found
