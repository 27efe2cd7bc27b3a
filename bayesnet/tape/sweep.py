"""What all that lies below the core is given the core, in one sweep up the tape.

Each step hands on, for every state of every vertex asked for at it or below it, the chance of
that state given what its message is over; a column for each state.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from bayesnet.network import Array
from bayesnet.tape.beliefs import Beliefs
from bayesnet.tape.rings import LINEAR, merged
from bayesnet.tape.tape import CORE, Scope


@dataclass(frozen=True, eq=False)
class Swept:
    """Vertices below one message to the core.

    separator: what the message is over, vertices of the core. weights: its posterior, shape
    (joint states,). rows: P(state | separator), shape (joint states, columns). columns: of each
    vertex.
    """

    separator: Scope
    weights: Array
    rows: Array
    columns: Mapping[int, slice]


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
        own = step.vertex in vertices
        if not below and not own:
            continue
        slot = tape.factors + at
        out = tape.scopes[slot]
        weights = beliefs.marginal(at, out)[..., 0]
        belief = beliefs.belief(at).table[..., 0]
        share = np.divide(belief, weights, out=np.zeros_like(belief), where=weights > 0)
        scopes = [tape.scopes[each] for each, _, _ in below]
        runs = merged(step.scope, [*scopes, out], tape.sizes)
        every, labels = runs.labels(step.scope), runs.labels(out)
        shaped = share.reshape(*runs.sizes, 1)
        parts, names = [], list[int]()
        for (_, table, inside), scope in zip(below, scopes, strict=True):
            over = runs.labels(scope)
            lanes = table.reshape(*runs.shape(over), -1)
            parts.append(LINEAR.times((lanes, over), (shaped, every), labels))
            names += inside
        if own:
            parts.append(np.moveaxis(share.reshape(len(share), *runs.shape(labels)), 0, -1))
            names.append(step.vertex)
        table = np.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]
        above = tape.consumer[slot]
        if above >= 0 and tape.steps[above].vertex != CORE:
            going[slot] = table, names
            continue
        ends = np.cumsum([tape.sizes[v] for v in names]).tolist()
        columns = {
            v: slice(end - tape.sizes[v], end) for v, end in zip(names, ends, strict=True)
        }
        rows = table.reshape(-1, table.shape[-1])
        found.append(Swept(out, weights.reshape(-1), rows, columns))
    return found
