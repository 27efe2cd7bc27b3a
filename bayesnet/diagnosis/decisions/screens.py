"""How far answers could still lower the probability of a cause, by exact posteriors."""

from collections.abc import Mapping

import numpy as np

from bayesnet.analysis.inference import Inference
from bayesnet.diagnosis.decisions.conditions import Truth
from bayesnet.network import Array
from bayesnet.network.evidence import MISSING, Observed


def supposing(people: Observed, answers: Mapping[int, tuple[int, Truth]]) -> Observed:
    """Return people with some answers supposed.

    answers: {position of a variable: (code of its state, for whom it is supposed)}.
    """
    codes = people.codes.copy()
    for item, (state, who) in answers.items():
        codes[item, who] = state
    columns = tuple(dict.fromkeys((*people.columns, *answers)))
    return Observed(codes, people.likelihoods, columns)


def lowest(
    inference: Inference, people: Observed, cause: int, screen: Mapping[int, Truth]
) -> Array:
    """Return how improbable the answers to an open screen could make a cause, shape (cases,).

    screen: {position of a question's variable: for whom it is open}. Each question gets the answer
    that speaks most against the cause before any evidence. NaN where nothing is open, or where the
    other answers make these impossible together.
    """
    against = inference.answers_against(cause, sorted(screen))
    answers = {
        item: (against[item].state, who & (people.codes[item] == MISSING))
        for item, who in screen.items()
    }
    some = np.flatnonzero(np.logical_or.reduce([who for _, who in answers.values()]))
    found = np.full(people.cases, np.nan)
    if len(some):
        scores = inference.score(supposing(people, answers).take(some), [cause])
        low = scores.marginals[cause][:, 1]
        found[some] = np.where(np.isneginf(scores.log_probability), np.nan, low)
    return found
