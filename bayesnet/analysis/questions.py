"""What has to be known of a case to say how much each question would tell about some targets.

I(T; Q | e) = I(D; Q | e), where D are the targets that separate Q from all the others, found in
the moral graph of the ancestors (Lauritzen et al. 1990).
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bayesnet.inference.cases import Case
from bayesnet.inference.structure import Structure


@dataclass(frozen=True)
class Question:
    """An unobserved question.

    boundary: the targets that separate it from the others. scope: the variables whose joint says
    what it would tell, the boundary first. hanging: nothing below it is known or a target, so that
    its free parents, in the scope, say all about it.
    """

    variable: int
    boundary: tuple[int, ...]
    scope: tuple[int, ...]
    hanging: bool = False


def plan_questions(
    structure: Structure, case: Case, targets: Iterable[int], questions: Iterable[int]
) -> tuple[Question, ...]:
    """Plan each unobserved question, by separation in the moral ancestral graph."""
    aims = {v for v in targets if v not in case.hard}
    inner = structure.ancestors([*case.hard, *case.soft, *aims])
    moral = _moral(structure, inner)
    found: list[Question] = []
    for question in dict.fromkeys(questions):
        if question in case.hard:
            continue
        if question in aims:
            found.append(Question(question, (question,), (question,)))
            continue
        hanging = question not in inner
        extra = _moral(structure, structure.ancestors([question]) - inner) if hanging else {}
        boundary = _boundary((moral, extra), case.hard, aims, question)
        own = structure.parents[question] if hanging else (question,)
        rest = (v for v in own if v not in boundary and v not in case.hard)
        found.append(Question(question, boundary, (*boundary, *rest), hanging))
    return tuple(found)


def _moral(structure: Structure, variables: AbstractSet[int]) -> dict[int, set[int]]:
    """Join each of some variables and its parents with each other."""
    graph: dict[int, set[int]] = {}
    for variable in variables:
        scope = (*structure.parents[variable], variable)
        for each in scope:
            graph.setdefault(each, set()).update(scope)
    return graph


def _boundary(
    graphs: Sequence[Mapping[int, set[int]]],
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
        for graph in graphs:
            for other in graph.get(vertex, ()):
                if other not in reached and other not in closed:
                    reached.add(other)
                    frontier.append(other)
    return tuple(sorted(reached & stops))
