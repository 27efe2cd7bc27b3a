"""How far answers could still lower the probability of a cause: exact posteriors, item by item."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bayesnet.analysis.inference import Inference
from bayesnet.diagnosis.decisions.conditions import Truth
from bayesnet.network import Array
from bayesnet.network.evidence import MISSING, Observed


@dataclass(frozen=True, eq=False)
class Supposed:
    """People with some of their answers supposed.

    observed: the evidence with them; probabilities: {variable of a cause: shape (cases,)}.
    """

    observed: Observed
    probabilities: Mapping[int, Array]


def suppose_lowest(
    inference: Inference,
    people: Observed,
    cause: int,
    causes: tuple[int, ...],
    item: int,
    who: Truth,
) -> Supposed:
    """Suppose the answer to one item that makes a cause least probable, for some of the people.

    cause, causes, item: positions of variables; the probabilities of all `causes` are given. who:
    for whom the item is supposed; for the others everything stays. An answer that the others make
    impossible is not supposed.
    """
    states = len(inference.network.variables[item].states)
    cases = people.cases
    wide = people.take(np.tile(np.arange(cases), states + 1))
    codes = wide.codes.copy()
    for state in range(states):
        rows = slice(state * cases, (state + 1) * cases)
        codes[item, rows] = np.where(who, state, people.codes[item])
    columns = tuple(dict.fromkeys((*people.columns, item)))
    tried = Observed(codes, wide.likelihoods, columns)
    scores = inference.score(tried, causes)
    low = scores.marginals[cause][:, 1].reshape(states + 1, cases)
    possible = ~np.isneginf(scores.log_probability).reshape(states + 1, cases)
    best = np.where(possible, low, np.inf).argmin(axis=0)
    rows = best * cases + np.arange(cases)
    found = {each: scores.marginals[each][rows, 1] for each in causes}
    return Supposed(tried.take(rows), found)


def lowest(
    inference: Inference, people: Observed, cause: int, screen: Mapping[int, Truth]
) -> Array:
    """Return how improbable the answers to an open screen could make a cause, shape (cases,).

    screen: {position of a question's variable: for whom it is open}. Each question in turn gets the
    answer that lowers the cause most, those before it answered so.
    """
    found = np.full(people.cases, np.nan)
    for item, who in screen.items():
        if (who & (people.codes[item] == MISSING)).any():
            supposed = suppose_lowest(inference, people, cause, (cause,), item, who)
            people, found = supposed.observed, supposed.probabilities[cause]
    return found
