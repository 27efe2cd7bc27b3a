"""What has to be known of a calibrated tree to say how much each question would tell.

I(T; Q | e) = I(D; Q | e), where D are the targets that separate Q from all the others, found in
the moral graph of the ancestors (Lauritzen et al. 1990).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bayesnet.graph import join, mask_of, members, moralise
from bayesnet.joints import Wanted
from bayesnet.plan import ancestors


@dataclass(frozen=True)
class Target:
    """A question that is itself a target tells its own entropy."""

    question: int

    @cached_property
    def joints(self) -> tuple[Wanted, ...]:
        """None but its own marginal."""
        return ()


@dataclass(frozen=True)
class Inside:
    """A question inside the tree: entropies of the separating targets with and without it."""

    question: int
    boundary: tuple[int, ...]

    @cached_property
    def joints(self) -> tuple[Wanted, ...]:
        """With the question, and without."""
        return Wanted((), (self.question, *self.boundary)), Wanted((), self.boundary)


@dataclass(frozen=True)
class Leaf:
    """A question outside the tree whose unobserved parents are all targets."""

    question: int
    free: tuple[int, ...]

    @cached_property
    def joints(self) -> tuple[Wanted, ...]:
        """Of the unobserved parents."""
        return (Wanted(self.free),)


@dataclass(frozen=True)
class Outside:
    """A question outside the tree: the separating targets and its other unobserved parents."""

    question: int
    boundary: tuple[int, ...]
    free: tuple[int, ...]

    @cached_property
    def joints(self) -> tuple[Wanted, ...]:
        """Separating targets first."""
        rest = tuple(p for p in self.free if p not in self.boundary)
        return (Wanted((*self.boundary, *rest)),)

    @cached_property
    def labels(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """For einsum, of the axes of the joint, of P(question | parents), and of what is left.

        The case axis is 0; the question comes last.
        """
        axes = self.joints[0].leading
        label = {variable: at for at, variable in enumerate(axes, start=1)}
        states = len(axes) + 1
        own = (0, *(label[p] for p in self.free), states)
        return (0, *label.values()), own, (0, *range(1, len(self.boundary) + 1), states)


QuestionPlan = Target | Inside | Leaf | Outside


def plan_questions(
    parents: Sequence[Sequence[int]],
    seen: frozenset[int],
    soft: frozenset[int],
    targets: Sequence[int],
    questions: Iterable[int],
    asked: frozenset[int] = frozenset(),
) -> tuple[QuestionPlan, ...]:
    """What each unobserved question needs, by separation in the moral ancestral graph.

    asked: variables that are observed in some cases and not in others. What separates a question
    when they are observed in a place where that opens paths, and not where it closes them,
    separates it in every case.
    """
    aims = set(targets) - seen
    inner = ancestors(parents, seen | soft | aims | asked)
    has_child = {parent for v in inner for parent in parents[v]}
    leaves = asked - has_child - aims
    moral = moralise(len(parents), [(*parents[v], v) for v in inner])
    closed, stops = mask_of(seen), mask_of(aims)
    plans: list[QuestionPlan] = []
    for question in dict.fromkeys(questions):
        if question in seen:
            continue
        free = tuple(p for p in parents[question] if p not in seen)
        if question in aims:
            plans.append(Target(question))
        elif question in inner and question not in leaves:
            plans.append(Inside(question, _boundary(moral, closed, stops, question)))
        elif aims.issuperset(free):
            plans.append(Leaf(question, free))
        else:
            adjacent = list(moral)
            for v in ancestors(parents, [question]) - inner:
                join(adjacent, (*parents[v], v))
            plans.append(Outside(question, _boundary(adjacent, closed, stops, question), free))
    return tuple(plans)


def _boundary(adjacent: Sequence[int], closed: int, stops: int, question: int) -> tuple[int, ...]:
    """The stops met first on every path from the question around what is closed (masks)."""
    reached = frontier = 1 << question
    while frontier:
        around = 0
        for vertex in members(frontier & ~stops):
            around |= adjacent[vertex]
        frontier = around & ~reached & ~closed
        reached |= frontier
    return tuple(members(reached & stops))
