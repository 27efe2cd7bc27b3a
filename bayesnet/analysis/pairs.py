"""P(target, answer | case) of every pair of a target and a question, exactly.

Each answer of a question is a lane of the tape: "at most this state" is a weight of the question
itself or, of a noisy-MAX below all that is known, one of each of its parents. A parent that is
below all that is known as well needs no place in the tape either: with it the answer is a sum of
such products (`barren`). So the plan does not grow with the questions, and one pass each way tells
of all targets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from bayesnet.analysis.barren import Product, at_most, expanded, reached
from bayesnet.analysis.entropy import surprises
from bayesnet.inference.cases import Case
from bayesnet.inference.passes import Forward
from bayesnet.inference.problem import Planner, Problem, blocks
from bayesnet.inference.tuning import SIGNED_FROM
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Pairs:
    """What is known of targets and questions together.

    joint: P(state of a target, answer of a question | case), targets' states below each other and
    questions' answers side by side. rows, columns: where each one's begin.
    """

    targets: tuple[int, ...]
    questions: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    joint: Array

    @cached_property
    def bits(self) -> Array:
        """I(target; question | case), shape (targets, questions)."""
        if not self.joint.size:
            return np.zeros((len(self.targets), len(self.questions)))
        own = np.add.reduceat(self.joint, self.columns, axis=1)[:, 0]
        answers = np.add.reduceat(self.joint, self.rows, axis=0)[0]
        both = np.add.reduceat(surprises(self.joint), self.columns, axis=1)
        of_target = np.add.reduceat(surprises(own), self.rows)
        of_question = np.add.reduceat(surprises(answers), self.columns)
        told = of_target[:, None] + of_question - np.add.reduceat(both, self.rows, axis=0)
        return np.asarray(np.maximum(0.0, told))

    def of(self, question: int) -> Array:
        """P(target, answer | case) of a question, shape (targets' states, its states)."""
        at = self.questions.index(question)
        end = self.columns[at + 1] if at + 1 < len(self.columns) else self.joint.shape[1]
        return self.joint[:, self.columns[at] : end]

    def answers(self, question: int) -> Array:
        """P(answer | case) of a question, shape (states,)."""
        first = self.rows[1] if len(self.rows) > 1 else len(self.joint)
        return np.asarray(self.of(question)[:first].sum(axis=0))


@dataclass(frozen=True, eq=False)
class _Lane:
    """A product that goes through the tape, and the column of the joint that it adds to."""

    column: int
    product: Product


def problem_of(
    planner: Planner, case: Case, targets: Sequence[int], questions: Iterable[int]
) -> Problem:
    """Make the problem of a case in which all targets and questions can be told of."""
    structure = planner.structure
    inner = structure.ancestors([*case.hard, *case.soft, *targets])
    for question in questions:
        if not structure.arrays[question]:
            inner |= structure.ancestors([question])
    wanted = set(targets)
    for question in questions:
        own = {question} if question in inner else reached(structure, inner, question)
        if not own <= inner:
            inner |= structure.ancestors(own)
        wanted |= own
    free = sorted(v for v in wanted if v not in case.hard)
    return planner.problem(case, free, signed_from=SIGNED_FROM)


def pairs(problem: Problem, targets: Sequence[int], questions: Sequence[int]) -> Pairs:
    """Tell of free targets and questions, from a problem made for them that is possible."""
    sizes = problem.structure.sizes
    rows = tuple(accumulate((sizes[t] for t in targets), initial=0))
    columns = tuple(accumulate((sizes[q] for q in questions), initial=0))
    below = np.zeros((rows[-1], columns[-1]))
    own = [problem.calibrated.marginal(t)[:, 0] for t in targets]
    whole = np.concatenate(own) if own else np.zeros(0)
    lanes: list[_Lane] = []
    for question, start in zip(questions, columns, strict=False):
        lanes += _answers(problem, question, start)
        below[:, start + sizes[question] - 1] = whole
    for block in blocks(len(lanes) if targets else 0, problem.width(len(lanes))):
        some = lanes[block]
        np.add.at(below.T, [each.column for each in some], _run(problem, targets, some).T)
    joint = np.diff(below, axis=1, prepend=0.0)
    joint[:, columns[:-1]] = below[:, columns[:-1]]
    for question, start in zip(questions, columns, strict=False):
        if question not in problem.factors.inside:
            part = joint[:, start : start + sizes[question]]
            joint[:, start : start + sizes[question]] = part[:, problem.structure.turn(question)]
    np.maximum(joint, 0.0, out=joint)
    return Pairs(tuple(targets), tuple(questions), rows[:-1], columns[:-1], joint)


def answers(problem: Problem, questions: Sequence[int]) -> dict[int, Array]:
    """{question: P(answer | case), shape (states,)}, from a problem made for them."""
    sizes, log_z = problem.structure.sizes, problem.forward.log_z
    columns = tuple(accumulate((sizes[q] for q in questions), initial=0))
    below, lanes = np.zeros(columns[-1]), list[_Lane]()
    for question, start in zip(questions, columns, strict=False):
        lanes += _answers(problem, question, start)
        below[start + sizes[question] - 1] = 1.0
    for block in blocks(len(lanes), problem.width(len(lanes))):
        some = lanes[block]
        forward = problem.variants(_weights(problem, some))
        # Where signs cancel to nothing, what is left may be just below it.
        share = np.exp(np.nan_to_num(forward.log_z - log_z, nan=-np.inf)).astype(np.float64)
        np.add.at(below, [e.column for e in some], share * [e.product.scale for e in some])
    found = {}
    for question, start in zip(questions, columns, strict=False):
        own = np.maximum(np.diff(below[start : start + sizes[question]], prepend=0.0), 0.0)
        inside = question in problem.factors.inside
        found[question] = own if inside else own[problem.structure.turn(question)]
    return found


def _answers(problem: Problem, question: int, start: int) -> list[_Lane]:
    """Each answer but the last; of a noisy-MAX outside the tape counted from the lowest."""
    structure, hard, inside = problem.structure, problem.case.hard, problem.factors.inside
    states = structure.sizes[question]
    if question in inside:
        order = np.arange(states)
        return [
            _Lane(start + s, Product(1.0, {question: (order <= s).astype(float)}))
            for s in range(states - 1)
        ]
    return [
        _Lane(start + s, product)
        for s in range(states - 1)
        for product in expanded(structure, hard, inside, at_most(structure, question, s))
    ]


def _run(problem: Problem, targets: Sequence[int], lanes: Sequence[_Lane]) -> Array:
    """P(target, what each lane says | case), shape (targets' states, lanes)."""
    forward = problem.variants(_weights(problem, lanes))
    share, found = shares(problem, forward, targets, len(lanes))
    return found * (share * [lane.product.scale for lane in lanes])


def _weights(problem: Problem, lanes: Sequence[_Lane]) -> dict[int, Array]:
    """{vertex: its further weights in each lane, shape (states, lanes)}."""
    touched = sorted({v for lane in lanes for v in lane.product.weights})
    extra = {v: np.ones((problem.structure.sizes[v], len(lanes))) for v in touched}
    for at, lane in enumerate(lanes):
        for vertex, weights in lane.product.weights.items():
            extra[vertex][:, at] = weights
    return extra


def shares(
    problem: Problem, forward: Forward, targets: Sequence[int], count: int
) -> tuple[Array, Array]:
    """P(variant) over P(case), shape (variants,); posteriors of targets, (states, variants)."""
    ratio = np.exp(np.asarray(forward.log_z - problem.forward.log_z, dtype=np.float64))
    calibrated = forward.reversed(read=targets, known=problem.calibrated)
    parts = [calibrated.marginal(t) for t in targets]
    found = [np.broadcast_to(each, (len(each), count)) for each in parts]
    # Where signs cancel to nothing, what is left may be just below it.
    return np.broadcast_to(np.nan_to_num(ratio), count), np.concatenate(found)
