"""What has to be known of a calibrated tree to say how much each question would tell.

I(T; Q | e) = I(D; Q | e), where D are the targets that separate Q from all the others, found in
the moral graph of the ancestors (Lauritzen et al. 1990).
"""

import math
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from bayesnet.inference.joints import Wanted
from bayesnet.inference.plan import ancestors
from bayesnet.inference.triangulation import join, mask_of, members, moralise
from bayesnet.network import Network

MOST_FOLDED = 1 << 14
"""Entries of the largest table that what is between a question and the tree is summed out of."""


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
class Hanging:
    """A question outside the tree, and what of the tree it hangs from.

    barren: the variables between the two, outside the tree as well, parents before children.
    """

    question: int
    free: tuple[int, ...]
    barren: tuple[int, ...]


@dataclass(frozen=True)
class Leaf(Hanging):
    """One that hangs from targets alone."""

    @cached_property
    def joints(self) -> tuple[Wanted, ...]:
        """Of what it hangs from."""
        return (Wanted(self.free),)


@dataclass(frozen=True)
class Outside(Hanging):
    """Any other, with the targets that separate it from the rest."""

    boundary: tuple[int, ...]

    @cached_property
    def joints(self) -> tuple[Wanted, ...]:
        """Separating targets first, then what else it hangs from."""
        rest = tuple(p for p in self.free if p not in self.boundary)
        return (Wanted((*self.boundary, *rest)),)

    @cached_property
    def labels(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """For einsum, of the axes of the joint, of P(question | free), and of what is left.

        The case axis is 0; the question comes last.
        """
        axes = self.joints[0].leading
        label = {variable: at for at, variable in enumerate(axes, start=1)}
        states = len(axes) + 1
        own = (0, *(label[p] for p in self.free), states)
        return (0, *label.values()), own, (0, *range(1, len(self.boundary) + 1), states)


QuestionPlan = Target | Inside | Leaf | Outside


def plan_questions(
    network: Network,
    parents: Sequence[Sequence[int]],
    seen: frozenset[int],
    soft: frozenset[int],
    targets: Sequence[int],
    questions: Iterable[int],
    asked: frozenset[int] = frozenset(),
    kept: frozenset[int] = frozenset(),
) -> tuple[QuestionPlan, ...]:
    """What each unobserved question needs, by separation in the moral ancestral graph.

    asked: variables that are observed in some cases and not in others. What separates a question
    when they are observed in a place where that opens paths, and not where it closes them,
    separates it in every case. kept: variables that the tree has in any event.
    """
    aims = set(targets) - seen
    inner = ancestors(parents, seen | soft | aims | asked | kept)
    has_child = {parent for v in inner for parent in parents[v]}
    leaves = asked - has_child - aims
    moral = moralise(len(parents), [(*parents[v], v) for v in inner])
    closed, stops = mask_of(seen), mask_of(aims)
    plans: list[QuestionPlan] = []
    for question in dict.fromkeys(questions):
        if question in seen:
            continue
        if question in aims:
            plans.append(Target(question))
        elif question in inner and question not in leaves:
            plans.append(Inside(question, _boundary(moral, closed, stops, question)))
        else:
            free, barren = _hung(network, parents, question, seen, inner)
            if aims.issuperset(free):
                plans.append(Leaf(question, free, barren))
                continue
            adjacent = list(moral)
            for v in ancestors(parents, [question]) - inner:
                join(adjacent, (*parents[v], v))
            boundary = _boundary(adjacent, closed, stops, question)
            plans.append(Outside(question, free, barren, boundary))
    return tuple(plans)


def _hung(
    network: Network,
    parents: Sequence[Sequence[int]],
    question: int,
    seen: Set[int],
    inner: Set[int],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What a question hangs from, and what is between; its parents alone where that is too much."""
    barren: dict[int, None] = {}
    free: dict[int, None] = {}

    def climb(child: int) -> None:
        for parent in parents[child]:
            if parent in inner:
                free.update({} if parent in seen else {parent: None})
            elif parent not in barren:
                climb(parent)
                barren[parent] = None

    climb(question)
    table = math.prod(len(network.variables[v].states) for v in (*free, *barren, question))
    if barren and table > MOST_FOLDED:
        return tuple(p for p in parents[question] if p not in seen), ()
    return tuple(free), tuple(barren)


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
