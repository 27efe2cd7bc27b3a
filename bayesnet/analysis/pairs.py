"""P(target, answer | case) of every pair of a target and a question, exactly.

Each answer of a question is a lane of the tape: "at most this state" is a weight of the question
itself or, of a noisy-MAX below all that is known, one of each of its parents. So the plan does not
grow with the questions, and one pass each way tells of all targets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from bayesnet.analysis.entropy import surprises
from bayesnet.inference.cases import Case
from bayesnet.inference.passes import Forward, reverse
from bayesnet.inference.problem import Planner, Problem, blocks
from bayesnet.inference.tuning import SIGNED_FROM_LANES
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

    def answers(self, question: int) -> Array:
        """P(answer | case) of a question, shape (states,)."""
        at = self.questions.index(question)
        end = self.columns[at + 1] if at + 1 < len(self.columns) else self.joint.shape[1]
        first = self.rows[1] if len(self.rows) > 1 else len(self.joint)
        return np.asarray(self.joint[:first, self.columns[at] : end].sum(axis=0))


@dataclass(frozen=True, eq=False)
class _Answer:
    """That the answer to a question is at most some state, as weights of vertices.

    column: of the joint. scale: what does not depend on any vertex.
    """

    column: int
    weights: Mapping[int, Array]
    scale: float


def problem_of(
    planner: Planner, case: Case, targets: Sequence[int], questions: Iterable[int]
) -> Problem:
    """Make the problem of a case in which all targets and questions can be told of."""
    structure = planner.structure
    inner = structure.ancestors([*case.hard, *case.soft, *targets])
    for question in questions:
        own = structure.parents[question] if structure.arrays[question] else (question,)
        inner |= structure.ancestors(own)
    wanted = {v for q in questions for v in ((q,) if q in inner else structure.parents[q])}
    free = sorted(v for v in wanted.union(targets) if v not in case.hard)
    return planner.problem(case, free, signed_from=SIGNED_FROM_LANES)


def pairs(problem: Problem, targets: Sequence[int], questions: Sequence[int]) -> Pairs:
    """Tell of free targets and questions, from a problem made for them that is possible."""
    sizes = problem.structure.sizes
    rows = tuple(accumulate((sizes[t] for t in targets), initial=0))
    columns = tuple(accumulate((sizes[q] for q in questions), initial=0))
    at_most = np.empty((rows[-1], columns[-1]))
    own = [problem.calibrated.marginal(t)[:, 0] for t in targets]
    whole = np.concatenate(own) if own else np.zeros(0)
    lanes = []
    for question, start in zip(questions, columns, strict=False):
        lanes += _answers(problem, question, start)
        at_most[:, start + sizes[question] - 1] = whole
    for block in blocks(len(lanes) if targets else 0, problem.width(len(lanes))):
        some = lanes[block]
        at_most[:, [each.column for each in some]] = _run(problem, targets, some)
    joint = np.diff(at_most, axis=1, prepend=0.0)
    joint[:, columns[:-1]] = at_most[:, columns[:-1]]
    for question, start in zip(questions, columns, strict=False):
        if question not in problem.factors.inside:
            part = joint[:, start : start + sizes[question]]
            joint[:, start : start + sizes[question]] = part[:, problem.structure.turn(question)]
    np.maximum(joint, 0.0, out=joint)
    return Pairs(tuple(targets), tuple(questions), rows[:-1], columns[:-1], joint)


def _answers(problem: Problem, question: int, start: int) -> list[_Answer]:
    """Each answer but the last; of a noisy-MAX outside the tape counted from the lowest."""
    structure, hard = problem.structure, problem.case.hard
    states = structure.sizes[question]
    if question in problem.factors.inside:
        order = np.arange(states)
        return [
            _Answer(start + s, {question: (order <= s).astype(float)}, 1.0)
            for s in range(states - 1)
        ]
    leak, *links = structure.arrays[question]
    scale = np.cumsum(leak)
    weights: dict[int, Array] = {}
    for parent, link in zip(structure.parents[question], links, strict=True):
        at_most = np.cumsum(link, axis=1)
        if parent in hard:
            scale = scale * at_most[hard[parent]]
        else:
            weights[parent] = at_most
    return [
        _Answer(start + s, {v: each[:, s] for v, each in weights.items()}, float(scale[s]))
        for s in range(states - 1)
    ]


def _run(problem: Problem, targets: Sequence[int], lanes: Sequence[_Answer]) -> Array:
    """P(target, answer at most that state | case), shape (targets' states, lanes)."""
    sizes, count = problem.structure.sizes, len(lanes)
    touched = sorted({v for lane in lanes for v in lane.weights})
    extra = {v: np.ones((sizes[v], count)) for v in touched}
    for at, lane in enumerate(lanes):
        for vertex, weights in lane.weights.items():
            extra[vertex][:, at] = weights
    share, found = shares(problem, problem.variants(extra), targets, count)
    return found * (share * [lane.scale for lane in lanes])


def shares(
    problem: Problem, forward: Forward, targets: Sequence[int], count: int
) -> tuple[Array, Array]:
    """P(variant) over P(case), shape (variants,); posteriors of targets, (states, variants)."""
    ratio = np.exp(np.asarray(forward.log_z - problem.forward.log_z, dtype=np.float64))
    calibrated = reverse(forward, read=targets)
    parts = [calibrated.marginal(t) for t in targets]
    found = [np.broadcast_to(each, (len(each), count)) for each in parts]
    # Where signs cancel to nothing, what is left may be just below it.
    return np.broadcast_to(np.nan_to_num(ratio), count), np.concatenate(found)
