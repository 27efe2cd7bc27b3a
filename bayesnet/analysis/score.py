"""The score of a case: the derivatives of log P(case) by every number of the network, in one pass.

The derivative of P(case) by an entry of a factor is the product of all else, which the pass in
reverse gives (Darwiche 2003, J ACM 50:280-305). Nothing is divided by the entry itself, so that a
number that is exactly 0 has a derivative too.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from bayesnet.analysis.derivatives import by_number
from bayesnet.inference.cases import Case
from bayesnet.inference.passes import Calibrated, reverse
from bayesnet.inference.problem import Planner, Problem
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Score:
    """The probability of a case, and what each number of the network does to it.

    log_probability: natural log; -inf where the case is impossible, and then there are no
    derivatives. by_number: {variable: d log P / d number for each array of `numbers_of` its
    family, in its shape}. Families that the case does not reach are left out: theirs are 0.
    """

    log_probability: float
    by_number: Mapping[int, Sequence[Array]]


def score_of(planner: Planner, case: Case, families: AbstractSet[int] | None = None) -> Score:
    """Differentiate the log probability of a case by the numbers of some families, or of all.

    planner: of the families as they were given. Raises TooLargeError.

    Half the people have flu; of those with it 8 in 10 have fever, of the others 1 in 10.

    >>> from bayesnet import Network, Table, Variable
    >>> variables = (Variable("flu", ("no", "yes")), Variable("fever", ("no", "yes")))
    >>> fever = Table("fever", ("flu",), np.array([[0.9, 0.1], [0.2, 0.8]]))
    >>> network = Network(variables, (Table("flu", (), np.array([0.5, 0.5])), fever))
    >>> found = score_of(network.compile().inference.given, Case({1: 1}, {}))
    >>> found.by_number[0][0].round(3).tolist()
    [0.222, 1.778]
    """
    problem = planner.problem(case)
    if np.isneginf(problem.log_z):
        return Score(-np.inf, {})
    slots = frozenset(range(problem.tape.factors))
    weights = _factor_derivatives(problem, reverse(problem.forward, slots, ()))
    found = by_number(problem, weights, families)
    return Score(problem.log_z, {v: [each[0] for each in arrays] for v, arrays in found.items()})


def _factor_derivatives(problem: Problem, calibrated: Calibrated) -> list[Array]:
    """For each factor the derivative of log P by its entries, shape (1, *its shape)."""
    factors = problem.factors.factors
    found = [np.ones(1) if each.scope else np.asarray(1.0 / each.table)[None] for each in factors]
    for slot, places in enumerate(problem.placed):
        whole = _slot_derivative(calibrated, slot)
        for at in places:
            others = [factors[each].table for each in places if each != at]
            found[at] = np.prod([whole, *others], axis=0)[None] if others else whole[None]
    return found


def _slot_derivative(calibrated: Calibrated, slot: int) -> Array:
    """Differentiate log P by the entries of a slot, in the order of axes of its factors."""
    found, tape = calibrated.forward, calibrated.forward.tape
    root = found.tables[tape.factors + tape.component[tape.consumer[slot]]].reshape(-1)[0]
    own = calibrated.slots[slot]
    ratio = own / root if found.ring.plain else np.exp(own - root)
    shaped = ratio.reshape([tape.sizes[v] for v in tape.scopes[slot]])
    return np.asarray(shaped.transpose(np.argsort(tape.orders[slot])), dtype=np.float64)
