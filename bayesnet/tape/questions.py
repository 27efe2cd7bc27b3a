"""What has to be known of a case to say how much each question would tell about some targets.

I(T; Q | e) = I(D; Q | e), where D are the targets that separate Q from all the others, found in
the moral graph of the ancestors (Lauritzen et al. 1990).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bayesnet.tape.cases import Case
from bayesnet.tape.structure import Structure
from bayesnet.tape.tuning import FOLDED_ENTRIES


@dataclass(frozen=True)
class Question:
    """An unobserved question.

    boundary: the targets that separate it from the others. free: of one outside the tape, the
    variables in the tape that it hangs from; barren: those between, parents before children.
    """

    variable: int
    boundary: tuple[int, ...]
    hanging: bool = False
    free: tuple[int, ...] = ()
    barren: tuple[int, ...] = ()

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
) -> tuple[Question, ...]:
    """What each unobserved question needs, by separation in the moral ancestral graph.

    kept: variables that are in the tape in any event.
    """
    aims = {v for v in targets if v not in case.hard}
    inner = structure.ancestors([*case.hard, *case.soft, *aims, *kept])
    moral: dict[int, set[int]] = {}
    for variable in inner:
        _marry(moral, (*structure.parents[variable], variable))
    found = []
    for question in dict.fromkeys(questions):
        if question in case.hard:
            continue
        if question in aims:
            found.append(Question(question, (question,)))
        elif question in inner:
            found.append(Question(question, _boundary(moral, {}, case.hard, aims, question)))
        else:
            free, barren = _hung(structure, case, question, inner)
            extra: dict[int, set[int]] = {}
            for variable in structure.ancestors([question]) - inner:
                _marry(extra, (*structure.parents[variable], variable))
            boundary = free
            if not aims.issuperset(free):
                boundary = _boundary(moral, extra, case.hard, aims, question)
            found.append(Question(question, boundary, True, free, barren))
    return tuple(found)


def _marry(graph: dict[int, set[int]], scope: Sequence[int]) -> None:
    for variable in scope:
        graph.setdefault(variable, set()).update(scope)


def _hung(
    structure: Structure, case: Case, question: int, inner: AbstractSet[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What a question hangs from, and what is between; its parents alone where that is too much."""
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
    """The stops met first on every path from the question around what is closed."""
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
