"""The case with other answers than its own: sets of them side by side, on one plan."""

from collections.abc import Mapping, Sequence

import numpy as np

from bayesnet.analysis.pairs import problem_of, shares
from bayesnet.inference.cases import Case
from bayesnet.inference.problem import Planner
from bayesnet.network import Array


def posteriors_with(
    planner: Planner, case: Case, answers: Sequence[Mapping[int, int]], targets: Sequence[int]
) -> Array:
    """P(last state of a free target | case with a set of answers), shape (targets, sets).

    answers: each {variable: code of its state}, beside what a possible case observes or in its
    place; one at least, as of targets. NaN where a set is impossible.
    """
    items = sorted({item for some in answers for item in some})
    problem = problem_of(planner, case.without(items), (*targets, *items), ())
    sizes = problem.structure.sizes
    weights = {item: np.ones((sizes[item], len(answers))) for item in items}
    for lane, some in enumerate(answers):
        for item in items:
            code = some.get(item, case.hard.get(item))
            if code is not None:
                weights[item][:, lane] = np.eye(sizes[item])[code]
            elif item in case.soft:
                weights[item][:, lane] = case.soft[item]
    share, found = shares(problem, problem.variants(weights), targets, len(answers))
    last = np.cumsum([sizes[target] for target in targets]) - 1
    return np.where(share > 0.0, found[last], np.nan)
