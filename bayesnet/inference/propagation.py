"""Sum-product (and max-product) on a compiled program, in numpy, many cases at once.

Hugin architecture (Lauritzen & Spiegelhalter 1988; Jensen, Lauritzen & Olesen 1990). Every
table has a leading case axis; a table that is the same for all cases has length 1 there.
Each message is scaled to a maximum of 1 and the logarithm of the scale kept, so P(evidence)
may be far below the smallest float.
"""

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import DTypeLike

from bayesnet.inference.clique_tree import Clique, Codes, Program, evaluate, multiply
from bayesnet.network import Array

SAFE = 1e-200
LOG_SAFE = math.log(SAFE)


@dataclass(frozen=True, eq=False)
class Cases:
    """What differs between cases: states of observed variables and likelihoods.

    codes: shape (variables, cases); a variable's number of states stands for "not observed in
    this case", where the plan allows it. likelihoods: {vertex: shape (cases or 1, states)}.
    """

    codes: Codes
    likelihoods: Mapping[int, Array]

    def take(self, rows: Codes) -> "Cases":
        """Some of the cases."""
        likelihoods = {
            vertex: values if len(values) == 1 else values[rows]
            for vertex, values in self.likelihoods.items()
        }
        return Cases(self.codes[:, rows], likelihoods)


@dataclass(frozen=True, eq=False)
class Collected:
    """After messages have gone to the roots.

    tables: each clique's product with its children's messages; messages: to the parent, scaled;
    scales: what they were divided by, shape (cases or 1, 1);
    log_z: natural logarithm of P(evidence), shape (cases or 1,).
    """

    tables: list[Array]
    messages: list[Array]
    scales: list[Array]
    log_z: Array

    @property
    def is_precise(self) -> bool:
        """Whether nothing that matters can have been lost below the smallest float.

        All factors are at most 1, so what is lost anywhere is less than 1e-308 of all there is.
        """
        return bool((self.log_z > LOG_SAFE).all())


def collect(
    program: Program,
    cases: Cases,
    extra: Mapping[int, Array] | None = None,
    maximised: Container[int] = (),
) -> Collected:
    """One pass to the roots.

    extra: {vertex: shape (cases, states)}, further factors on single vertices.
    maximised: cliques whose residual variables are maximised over instead of summed out.
    """
    tables = [_own_table(clique, cases.codes) for clique in program.cliques]
    for vertex, index, alignment in program.soft:
        tables[index] = multiply(tables[index], cases.likelihoods[vertex], alignment)
    for vertex, values in (extra or {}).items():
        tables[program.home[vertex][0]] = _raised(program, tables, vertex, values)
    count = len(program.cliques)
    messages: list[Array] = [np.empty(0)] * count
    scales: list[Array] = [np.empty(0)] * count
    log_z = _scalars(program, cases, np.float64)
    with np.errstate(divide="ignore"):
        for index in range(count - 1, -1, -1):
            clique = program.cliques[index]
            table = tables[index]
            shaped = table.reshape(len(table), clique.separator, clique.residual)
            message = shaped.max(axis=2) if index in maximised else shaped.sum(axis=2)
            scale = message.max(axis=1, keepdims=True)
            log_z = log_z + np.log(scale[:, 0])
            scale = np.where(scale > 0, scale, 1)
            messages[index], scales[index] = message / scale, scale
            if clique.to_parent is not None:
                tables[clique.parent] = multiply(
                    tables[clique.parent], messages[index], clique.to_parent
                )
    return Collected(tables, messages, scales, log_z)


@dataclass(frozen=True, eq=False)
class Beliefs:
    """Posteriors of the cliques, shape (cases or 1, entries), by their index.

    The pass down goes as far as it is asked to: a clique's posterior needs its parents' only.
    """

    program: Program
    collected: Collected
    _known: dict[int, Array] = field(default_factory=dict)

    def __getitem__(self, index: int) -> Array:
        waiting = [index]
        while waiting[-1] not in self._known and self.program.cliques[waiting[-1]].parent >= 0:
            waiting.append(self.program.cliques[waiting[-1]].parent)
        for each in reversed(waiting):
            if each not in self._known:
                self._known[each] = self._made(each)
        return self._known[index]

    def _made(self, index: int) -> Array:
        clique = self.program.cliques[index]
        table = self.collected.tables[index]
        ratio = 1.0 / self.collected.scales[index]
        if clique.to_parent is not None:
            above = self._known[clique.parent]
            shaped = above.reshape(len(above), *clique.to_parent.whole)
            down = shaped.sum(axis=clique.to_parent.absent).reshape(len(above), -1)
            up = self.collected.messages[index]
            # Hugin's 0/0 is 0: where nothing came up, nothing goes down.
            out = np.zeros(np.broadcast_shapes(down.shape, up.shape), down.dtype)
            ratio = ratio * np.divide(down, up, out=out, where=up > 0)
        shaped = table.reshape(len(table), clique.separator, clique.residual)
        belief = shaped * ratio[:, :, None]
        return np.asarray(belief.reshape(len(belief), -1))


def vertex_marginal(program: Program, beliefs: Beliefs, vertex: int) -> Array:
    """Posterior of one vertex, shape (cases or 1, states)."""
    index, split = program.home[vertex]
    belief = beliefs[index]
    return np.asarray(belief.reshape(len(belief), *split).sum(axis=(1, 3)))


def collect_carefully(
    program: Program, cases: Cases, extra: Mapping[int, Array] | None = None
) -> Collected:
    """One pass to the roots that scales after every multiplication, with a longer exponent.

    Within one clique it tells apart probabilities that lie up to 1e-4900 from each other.
    """
    count = len(program.cliques)
    tables: list[Array] = []
    messages: list[Array] = [np.empty(0)] * count
    scales: list[Array] = [np.empty(0)] * count
    log_z = _scalars(program, cases, np.longdouble)
    for clique in program.cliques:
        table: Array = np.ones((1, clique.fixed.size), dtype=np.longdouble)
        for each in clique.factors:
            own = evaluate(each.factor, each.axes, cases.codes, np.longdouble)
            table, log_z = _scaled(multiply(table, own, each.alignment), log_z)
        tables.append(table)
    for vertex, index, alignment in program.soft:
        raised = multiply(tables[index], cases.likelihoods[vertex], alignment)
        tables[index], log_z = _scaled(raised, log_z)
    for vertex, values in (extra or {}).items():
        raised = _raised(program, tables, vertex, values)
        tables[program.home[vertex][0]], log_z = _scaled(raised, log_z)
    for index in range(count - 1, -1, -1):
        clique, table = program.cliques[index], tables[index]
        message = table.reshape(len(table), clique.separator, clique.residual).sum(axis=2)
        scales[index] = _scale(message)
        messages[index], log_z = _scaled(message, log_z)
        if clique.to_parent is not None:
            raised = multiply(tables[clique.parent], messages[index], clique.to_parent)
            tables[clique.parent], log_z = _scaled(raised, log_z)
    return Collected(tables, messages, scales, log_z)


def _raised(program: Program, tables: Sequence[Array], vertex: int, values: Array) -> Array:
    """The table of a vertex's home times a function of the vertex, shape (cases, states)."""
    index, split = program.home[vertex]
    table = tables[index].reshape(len(tables[index]), *split) * values[:, None, :, None]
    return table.reshape(len(table), -1)


def _scale(table: Array) -> Array:
    scale = table.max(axis=1, keepdims=True)
    return np.where(scale > 0, scale, 1)


def _scaled(table: Array, log_z: Array) -> tuple[Array, Array]:
    """A table with a largest entry of 1, and the log of what it was divided by added."""
    with np.errstate(divide="ignore"):
        log_z = log_z + np.log(table.max(axis=1))
    return table / _scale(table), log_z


def _own_table(clique: Clique, codes: Codes) -> Array:
    table = clique.fixed
    for placed in clique.placed:
        table = multiply(table, evaluate(placed.factor, placed.axes, codes), placed.alignment)
    return table


def _scalars(program: Program, cases: Cases, dtype: DTypeLike) -> Array:
    total = np.zeros(1, dtype=dtype)
    with np.errstate(divide="ignore"):
        for factor in program.scalars:
            total = total + np.log(evaluate(factor, (), cases.codes, dtype)[:, 0])
    return total
