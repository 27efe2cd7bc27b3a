"""Joint posteriors of variables that share no step, from a tape after both passes.

The steps between the variables and the one where their ways meet are run again with the variables
kept; all that comes from elsewhere is in the messages and adjoints already (Koller & Friedman
2009, section 10.3.3, without its divisions).
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bayesnet.errors import TooLargeError
from bayesnet.network import Array
from bayesnet.tape.passes import Calibrated, normalised
from bayesnet.tape.rings import contract, merged
from bayesnet.tape.tape import Scope

JOINT_BUDGET = 1 << 29
"""Bytes of the largest joint that is read."""

Piece = tuple[Array, Scope]
"""A table, shape (..., lanes or 1), and its vertices in the order of elimination."""


@dataclass(frozen=True, eq=False)
class Joints:
    """Joints of one calibrated tape; what two of them have in common is computed once."""

    calibrated: Calibrated
    pieces: dict[tuple[int, Scope], Piece] = field(default_factory=dict)

    def joint(self, scope: Scope) -> Array:
        """The joint posterior of some vertices, an axis each in the order given, then the lanes.

        Raises TooLargeError when it would not fit.
        """
        tape = self.calibrated.forward.tape
        size = 8 * math.prod(tape.sizes[v] for v in scope)
        if size > JOINT_BUDGET:
            what = f"the joint of {len(scope)} variables"
            raise TooLargeError(what, size, JOINT_BUDGET, "ask for fewer of them together")
        parts: dict[int, list[int]] = {}
        for vertex in scope:
            parts.setdefault(tape.component[tape.home[vertex]], []).append(vertex)
        found, so_far = np.ones(1), ()
        for part in parts.values():
            own = tape.sorted_scope(part)
            values = self._part(own)
            found = (found[..., None, :] * values.reshape(-1, values.shape[-1])).reshape(
                *found.shape[:-1], *values.shape[:-1], -1
            )
            so_far = (*so_far, *own)
        return found.transpose([*(so_far.index(v) for v in scope), len(scope)])

    def _part(self, scope: Scope) -> Array:
        """The joint of vertices of one connected part, normalised."""
        forward = self.calibrated.forward
        tape = forward.tape
        if len(scope) == 1:
            return self.calibrated.marginal(scope[0])
        below: dict[int, set[int]] = {}
        for vertex in scope:
            below.setdefault(tape.home[vertex], set()).add(vertex)
        replaced: dict[int, dict[int, Piece]] = {}
        waiting = list(below)
        heapq.heapify(waiting)
        while len(waiting) > 1:
            at = heapq.heappop(waiting)
            wanted = tape.sorted_scope(below[at])
            key = (at, wanted)
            if key not in self.pieces:
                kept = {*tape.steps[at].scope[1:], *wanted}
                out = tape.sorted_scope(kept)
                self.pieces[key] = self._contracted(at, replaced.get(at, {}), out, None)
            above = tape.consumer[tape.factors + at]
            if above not in below:
                heapq.heappush(waiting, above)
            below.setdefault(above, set()).update(wanted)
            replaced.setdefault(above, {})[tape.factors + at] = self.pieces[key]
        top = waiting[0]
        step = tape.steps[top]
        outside = (self.calibrated.messages[top], step.scope[1:])
        values, _ = self._contracted(top, replaced.get(top, {}), scope, outside)
        flat = values.reshape(-1, values.shape[-1])
        return normalised(forward.ring, flat).reshape(values.shape)

    def _contracted(
        self, at: int, replaced: dict[int, Piece], out: Scope, outside: Piece | None
    ) -> Piece:
        """A step run again: some inputs replaced, the product summed to `out`."""
        forward = self.calibrated.forward
        tape = forward.tape
        step = tape.steps[at]
        pieces = [
            replaced.get(slot, (forward.tables[slot], tape.scopes[slot])) for slot in step.inputs
        ]
        if step.vertex in forward.extra:
            pieces.append((forward.extra[step.vertex], (step.vertex,)))
        if outside is not None:
            pieces.append(outside)
        pieces.sort(key=lambda piece: piece[0].size)
        order = tape.sorted_scope({v for _, scope in pieces for v in scope})
        runs = merged(order, [*(scope for _, scope in pieces), out], tape.sizes)
        operands = []
        for table, scope in pieces:
            labels = runs.labels(scope)
            operands.append((table.reshape(*runs.shape(labels), table.shape[-1]), labels))
        values = contract(forward.ring, operands, runs.labels(out))
        shape = [tape.sizes[v] for v in out]
        return values.reshape(*shape, values.shape[-1]), out
