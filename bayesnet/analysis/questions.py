"""What has to be known of a case to say how much each question would tell about some targets.

I(T; Q | e) = I(D; Q | e), where D are the targets that separate Q from all the others, found in
the moral graph of the ancestors (Lauritzen et al. 1990).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.inference.cases import Case
from bayesnet.inference.factors import absorbing_child, root_weights
from bayesnet.inference.posteriors import conditional
from bayesnet.inference.structure import Structure
from bayesnet.inference.tuning import FOLDED_ENTRIES, KEPT_TABLE
from bayesnet.network import Array


@dataclass(frozen=True)
class Question:
    """An unobserved question.

    boundary: the targets that separate it from the others. hanging: it is outside the tape, free
    are the variables in the tape that say all about it. barren: of a question below them, those
    between, parents before children. child: of a question above them, a root that the tape sums
    out with its only child, that child; else -1.
    """

    variable: int
    boundary: tuple[int, ...]
    hanging: bool = False
    free: tuple[int, ...] = ()
    barren: tuple[int, ...] = ()
    child: int = -1

    @property
    def scope(self) -> tuple[int, ...]:
        """The variables whose joint says what it would tell, the boundary first."""
        if not self.hanging:
            own = () if self.variable in self.boundary else (self.variable,)
            return (*self.boundary, *own)
        return (*self.boundary, *(v for v in self.free if v not in self.boundary))


def plan_questions(
    structure: Structure,
    case: Case,
    targets: Iterable[int],
    questions: Iterable[int],
    kept: Iterable[int] = (),
    absorbed: AbstractSet[int] = frozenset(),
) -> tuple[Question, ...]:
    """Plan each unobserved question, by separation in the moral ancestral graph.

    kept, absorbed: variables that are in the tape in any event, or summed out before it.
    """
    aims = {v for v in targets if v not in case.hard}
    inside = aims.union(kept)
    inner = structure.ancestors([*case.hard, *case.soft, *inside])
    moral: dict[int, set[int]] = {}
    for variable in inner:
        _marry(moral, (*structure.parents[variable], variable))
    found: list[Question] = []
    roots: list[int] = []
    for question in dict.fromkeys(questions):
        if question in case.hard:
            continue
        if question in aims:
            found.append(Question(question, (question,)))
        elif question not in inner:
            found.append(_below(structure, case, question, aims, inner, moral))
        elif absorbing_child(structure, case, question, inner, inside) >= 0:
            roots.append(question)
        else:
            found.append(Question(question, _boundary(moral, {}, case.hard, aims, question)))
    inside.update(v for question in found for v in question.scope)
    for question in roots:
        boundary = _boundary(moral, {}, case.hard, aims, question)
        found.append(_above(structure, case, question, boundary, aims, inner, inside, absorbed))
    return tuple(found)


def _above(
    structure: Structure,
    case: Case,
    question: int,
    boundary: tuple[int, ...],
    aims: AbstractSet[int],
    inner: AbstractSet[int],
    inside: AbstractSet[int],
    absorbed: AbstractSet[int],
) -> Question:
    """Plan a root that the tape may sum out with its only child, from the rest of that family."""
    child = absorbing_child(structure, case, question, inner, inside)
    family = (*structure.parents[child], child)
    if child < 0 or structure.entries(child) > KEPT_TABLE:
        return Question(question, boundary)
    free = tuple(
        v
        for v in family
        if v not in case.hard
        and v != question
        and absorbing_child(structure, case, v, inner, inside) < 0
    )
    if aims >= set(free):
        return Question(question, free, True, free, child=child)
    joint = math.prod(structure.sizes[v] for v in {*boundary, *free})
    if question in absorbed or joint <= FOLDED_ENTRIES:
        return Question(question, boundary, True, free, child=child)
    return Question(question, boundary)


def _below(
    structure: Structure,
    case: Case,
    question: int,
    aims: AbstractSet[int],
    inner: AbstractSet[int],
    moral: Mapping[int, set[int]],
) -> Question:
    """Plan a question outside the tape: nothing below it is in the tape."""
    free, barren = _hung(structure, case, question, inner)
    if aims >= set(free):
        return Question(question, free, True, free, barren)
    extra: dict[int, set[int]] = {}
    for variable in structure.ancestors([question]) - inner:
        _marry(extra, (*structure.parents[variable], variable))
    boundary = _boundary(moral, extra, case.hard, aims, question)
    return Question(question, boundary, True, free, barren)


def _marry(graph: dict[int, set[int]], scope: Sequence[int]) -> None:
    for variable in scope:
        graph.setdefault(variable, set()).update(scope)


def _hung(
    structure: Structure, case: Case, question: int, inner: AbstractSet[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Find what a question hangs from, and what is between; its parents alone if that is large."""
    barren: dict[int, None] = {}
    free: dict[int, None] = {}

    def climb(child: int) -> None:
        for parent in structure.parents[child]:
            if parent in case.hard:
                continue
            if parent in inner:
                free[parent] = None
            elif parent not in barren:
                climb(parent)
                barren[parent] = None

    climb(question)
    entries = math.prod(structure.sizes[v] for v in (*free, *barren, question))
    if barren and entries > FOLDED_ENTRIES:
        return tuple(p for p in structure.parents[question] if p not in case.hard), ()
    return tuple(free), tuple(barren)


def _boundary(
    moral: Mapping[int, set[int]],
    extra: Mapping[int, set[int]],
    closed: Mapping[int, int],
    stops: AbstractSet[int],
    question: int,
) -> tuple[int, ...]:
    """Return the stops met first on every path from the question around what is closed."""
    reached, frontier = {question}, [question]
    while frontier:
        vertex = frontier.pop()
        if vertex in stops:
            continue
        for graph in (moral, extra):
            for other in graph.get(vertex, ()):
                if other not in reached and other not in closed:
                    reached.add(other)
                    frontier.append(other)
    return tuple(sorted(reached & stops))


def answers(
    structure: Structure, case: Case, absorbed: Mapping[int, Array], plan: Question
) -> Array:
    """P(question | free), an axis for each and the last for its own states."""
    if plan.child >= 0:
        return _of_root(structure, case, absorbed, plan)
    if not plan.barren:
        free, table = conditional(structure, case, plan.variable)
        return table.transpose([*(free.index(v) for v in plan.free), len(free)])
    label = {v: at for at, v in enumerate((*plan.free, *plan.barren, plan.variable))}
    operands: list[Any] = []
    for variable in (*plan.barren, plan.variable):
        free, table = conditional(structure, case, variable)
        operands += [table, [*(label[v] for v in free), label[variable]]]
    out = [*(label[v] for v in plan.free), label[plan.variable]]
    return np.asarray(np.einsum(*operands, out))


def _of_root(
    structure: Structure, case: Case, absorbed: Mapping[int, Array], plan: Question
) -> Array:
    """P(root | its child and the child's other parents), by Bayes' rule on the child's family."""
    root = plan.variable
    scope = (*structure.parents[plan.child], plan.child)
    table = structure.table(plan.child)[tuple(case.hard.get(v, slice(None)) for v in scope)]
    left = [v for v in scope if v not in case.hard]
    for at in range(len(left) - 1, -1, -1):
        if left[at] in absorbed and left[at] != root:
            table = np.tensordot(table, absorbed[left[at]], (at, 0))
            del left[at]
    weights = root_weights(structure, root)
    if root in case.soft:
        weights = weights * case.soft[root]
    both = table.transpose([*(left.index(v) for v in plan.free), left.index(root)]) * weights
    total = both.sum(axis=-1, keepdims=True)
    return np.asarray(both / np.where(total > 0, total, 1.0))
