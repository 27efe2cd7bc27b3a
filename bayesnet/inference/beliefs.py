"""Joint posteriors of any variables, from a tape after both passes.

The belief of a step is the posterior of all that it multiplies. What lies in one step is summed
from its belief; what does not is gathered at the step where the ways of the variables meet, from
below as conditional posteriors given the message's vertices (Koller & Friedman 2009, 10.3.3).
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bayesnet.errors import TooLargeError
from bayesnet.inference.passes import Calibrated, normalised
from bayesnet.inference.rings import LINEAR, Operand, contract, merged
from bayesnet.inference.sums import Sums
from bayesnet.inference.tape import Scope
from bayesnet.inference.tuning import JOINT_BUDGET
from bayesnet.network import Array

Piece = tuple[Array, Scope]
"""A table, shape (entries..., lanes or 1), and its vertices in the order of elimination."""


@dataclass(frozen=True, eq=False)
class Beliefs:
    """Beliefs of one calibrated tape; what two joints have in common is computed once."""

    calibrated: Calibrated
    _sums: dict[int, Sums] = field(default_factory=dict)
    _given: dict[tuple[int, Scope], Piece] = field(default_factory=dict)

    def joint(self, scope: Scope) -> Array:
        """Compute the joint posterior of vertices, an axis each in the order given, then the lanes.

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
        found, order = np.ones(1), list[int]()
        for part in parts.values():
            own = tape.sorted_scope(part)
            values = self.gathered(own)
            if len(parts) == 1:
                found, order = values, list(own)
                break
            lanes = values.shape[-1]
            flat = found[..., None, :] * values.reshape(*[1] * (found.ndim - 1), -1, lanes)
            found = flat.reshape(*found.shape[:-1], *values.shape[:-1], flat.shape[-1])
            order.extend(own)
        return found.transpose([*(order.index(v) for v in scope), len(scope)])

    def gathered(self, scope: Scope) -> Array:
        """Compute the joint of vertices of one connected part, in elimination order, then lanes."""
        tape = self.calibrated.forward.tape
        below: dict[int, set[int]] = {}
        for vertex in scope:
            below.setdefault(tape.home[vertex], set()).add(vertex)
        given: dict[int, list[Piece]] = {}
        waiting = list(below)
        heapq.heapify(waiting)
        while len(waiting) > 1:
            at = heapq.heappop(waiting)
            wanted = tape.sorted_scope(below[at])
            if (at, wanted) not in self._given:
                self._given[at, wanted] = self._conditional(at, wanted, given.get(at, []))
            above = tape.above(at)
            if above not in below:
                heapq.heappush(waiting, above)
            # What the message itself holds is asked of the step above.
            below.setdefault(above, set()).update(wanted)
            given.setdefault(above, []).append(self._given[at, wanted])
        top = waiting[0]
        if not given.get(top):
            return self.marginal(top, scope)
        return self._joined(top, given[top], scope)

    def marginal(self, at: int, scope: Scope) -> Array:
        """Sum the belief of a step to some of its vertices, in elimination order, then lanes."""
        return self.belief(at).to(scope)

    def belief(self, at: int) -> Sums:
        """Return the belief of a step: the posterior of all its vertices, and its sums."""
        forward = self.calibrated.forward
        step = forward.tape.steps[at]
        if at not in self._sums:
            shape = [forward.tape.sizes[v] for v in step.scope]
            whole = self.calibrated.whole(at)
            flat = normalised(forward.ring, whole.reshape(-1, whole.shape[-1]))
            table = flat.reshape(*shape, -1)
            self._sums[at] = Sums(table, step.scope, forward.tape.sizes, forward.popularity(step))
        return self._sums[at]

    def _conditional(self, at: int, wanted: Scope, given: Sequence[Piece]) -> Piece:
        """P(wanted | what the step's message is over), zeros where that is impossible."""
        tape = self.calibrated.forward.tape
        separator = tape.scopes[tape.factors + at]
        out = tape.sorted_scope({*separator, *wanted})
        joint = self._joined(at, given, out)
        below = self.marginal(at, separator)
        shape = [tape.sizes[v] if v in separator else 1 for v in out]
        divisor = below.reshape(*shape, below.shape[-1])
        found = np.divide(joint, divisor, out=np.zeros_like(joint), where=divisor != 0)
        return found, out

    def _joined(self, at: int, given: Sequence[Piece], out: Scope) -> Array:
        """Compute the joint of `out`, (states..., lanes or 1), in the step or given below it."""
        tape = self.calibrated.forward.tape
        inside = set(tape.steps[at].scope)
        needed = {v for _, scope in given for v in scope}.union(out) & inside
        own = tape.sorted_scope(needed)
        pieces = [(self.marginal(at, own), own), *given]
        order = tape.sorted_scope({v for _, scope in pieces for v in scope})
        runs = merged(order, [*(scope for _, scope in pieces), out], tape.sizes)
        operands: list[Operand] = []
        for table, scope in pieces:
            labels = runs.labels(scope)
            operands.append((table.reshape(*runs.shape(labels), table.shape[-1]), labels))
        values = contract(LINEAR, operands, runs.labels(out))
        return values.reshape(*(tape.sizes[v] for v in out), values.shape[-1])
