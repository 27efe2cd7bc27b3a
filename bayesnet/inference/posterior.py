"""What one propagation knows: marginals, joints of any variables, means of products."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesnet.errors import TooLargeError
from bayesnet.inference.clique_tree import Program, look_up
from bayesnet.inference.joints import Wanted, run_joints
from bayesnet.inference.plan import Plan, ProductReadout, TableReadout
from bayesnet.inference.propagation import (
    Beliefs,
    Cases,
    Collected,
    collect,
    collect_carefully,
    vertex_marginal,
)
from bayesnet.network import Array

JOINT_BUDGET = 1 << 29
ROWS_BYTES = 256 << 20


@dataclass(frozen=True, eq=False)
class Posterior:
    """A calibrated tree for a number of cases.

    collect: what passed its messages to the roots, to do it again with further factors.
    """

    plan: Plan
    cases: Cases
    collected: Collected
    collect: Callable[[Program, Cases, Mapping[int, Array]], Collected]

    @cached_property
    def beliefs(self) -> Beliefs:
        """Posteriors of the cliques."""
        return Beliefs(self.plan.program, self.collected)

    def marginal(self, variable: int) -> Array:
        """Posterior of a variable in the tree, shape (cases or 1, states)."""
        vertex = self.plan.vertex_of[variable]
        return normalised(vertex_marginal(self.plan.program, self.beliefs, vertex))

    def marginals(self, variables: Sequence[int]) -> dict[int, Array]:
        """Posteriors of unobserved variables, in the tree or left out of it."""
        leaves = self.leaves()
        return {v: leaves[v] if v in leaves else self.marginal(v) for v in variables}

    def leaves(self) -> dict[int, Array]:
        """Posteriors of the unobserved leaves that were left out of the tree."""
        readouts = self.plan.tables
        joints = self.joints([Wanted(each.parents) for each in readouts])
        found = {
            each.variable: self._table_leaf(each, joint)
            for each, joint in zip(readouts, joints, strict=True)
        }
        if self.plan.products:
            found.update(self._product_leaves())
        return found

    def expectations(self, products: Sequence[Mapping[int, Array]]) -> Array:
        """E[product of f_v(X_v) | evidence] for each product {variable: f, shape (states,)}.

        Shape (cases, products). All products of one case share a single propagation.
        """
        vertex_of = self.plan.vertex_of
        vertices = sorted({vertex_of[v] for product in products for v in product})
        sizes = self.plan.program.lowered.sizes
        extra = {vertex: np.ones((len(products), sizes[vertex])) for vertex in vertices}
        for row, product in enumerate(products):
            for variable, values in product.items():
                extra[vertex_of[variable]][row] *= values
        return self._means(extra, len(products))

    def joint(self, variables: Sequence[int]) -> Array:
        """Joint posterior of variables in the tree, shape (cases or 1, states, states, ...)."""
        return next(self.joints([Wanted(tuple(variables))]))

    def joints(self, wanted: Sequence[Wanted]) -> Iterator[Array]:
        """Joint posteriors, one after the other; what they share is computed once.

        Raises TooLargeError when one of them would not fit.
        """
        of = self.plan.vertex_of
        sizes = self.plan.program.lowered.sizes
        vertices = tuple(
            Wanted(tuple(of[v] for v in each.leading), tuple(of[v] for v in each.others))
            for each in wanted
        )
        for each in vertices:
            every = (*each.leading, *each.others)
            size = 8 * math.prod(sizes[v] for v in every) * len(self.collected.log_z)
            if size > JOINT_BUDGET:
                what = f"the joint of {len(every)} variables"
                raise TooLargeError(what, size, JOINT_BUDGET, "ask for fewer of them together")
        return run_joints(self.plan.joint_plan(vertices), self.beliefs)

    def _means(self, extra: Mapping[int, Array], count: int) -> Array:
        """E[product] for each row of the extra factors, shape (cases, count)."""
        program, cases = self.plan.program, self.cases
        many = len(self.collected.log_z)
        at_once = max(1, ROWS_BYTES // max(1, program.memory)) if many == 1 else 1
        means = np.empty((many, count))
        for start in range(0, count, at_once):
            rows = slice(start, start + at_once)
            part = {vertex: values[rows] for vertex, values in extra.items()}
            raised = self.collect(program, cases, part).log_z
            means[:, rows] = np.exp(raised - self.collected.log_z).reshape(many, -1)
        return means

    def _table_leaf(self, readout: TableReadout, joint: Array) -> Array:
        rows = look_up(readout.found.base, readout.found.strides, self.cases.codes)
        parents = joint.reshape(len(joint), 1, -1)
        return normalised((parents @ rows)[:, 0, :])

    def _product_leaves(self) -> dict[int, Array]:
        products = self.plan.products
        vertices = sorted({vertex for each in products for vertex in each.below})
        steps = [(each, state) for each in products for state in range(each.states - 1)]
        sizes = self.plan.program.lowered.sizes
        extra = {vertex: np.ones((len(steps), sizes[vertex])) for vertex in vertices}
        for row, (each, state) in enumerate(steps):
            for vertex, below in each.below.items():
                extra[vertex][row] = below[:, state]
        means = self._means(extra, len(steps))
        found: dict[int, Array] = {}
        at = 0
        for each in products:
            found[each.variable] = self._from_below(each, means[:, at : at + each.states - 1])
            at += each.states - 1
        return found

    def _from_below(self, readout: ProductReadout, means: Array) -> Array:
        below = np.ones((len(means), readout.states))
        below[:, :-1] = means
        for each in readout.seen:
            below = below * look_up(each.base, each.strides, self.cases.codes)
        chances = np.clip(np.diff(below, axis=1, prepend=0.0), 0.0, None)
        return normalised(chances[:, readout.order])


def posterior_of(plan: Plan, cases: Cases) -> Posterior:
    """One pass to the roots; carefully where the quick one may have lost small numbers."""
    collected = collect(plan.program, cases)
    if collected.is_precise:
        return Posterior(plan, cases, collected, collect)
    return Posterior(plan, cases, collect_carefully(plan.program, cases), collect_carefully)


def normalised(weights: Array) -> Array:
    """Rows scaled to sum to 1 (rounding only); a row of zeros, from an impossible case, stays."""
    total = weights.sum(axis=-1, keepdims=True)
    return np.asarray(weights / np.where(total > 0, total, 1.0), dtype=np.float64)
