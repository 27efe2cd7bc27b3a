"""From an order of elimination to the steps of a tape.

A step multiplies two tables. Before a vertex is summed out, those of its tables that stay small
are multiplied first, so that what is large is touched once forward and twice in reverse.
"""

from bisect import insort
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from bayesnet.inference.elimination_order import NONE, Elimination, best_elimination
from bayesnet.inference.rings import Labels
from bayesnet.inference.tape import PRODUCT, Scope, Step, Tape
from bayesnet.inference.tuning import MOST_LOOKS, MOST_PAIRED


def eliminated(
    sizes: Sequence[int],
    scopes: Sequence[Scope],
    ghosts: Sequence[Scope] = (),
    last: AbstractSet[int] = NONE,
    looks: int = MOST_LOOKS,
) -> tuple[tuple[int, ...], int]:
    """(order of the vertices that are in some scope, entries that it makes).

    ghosts: sets of vertices that should be together in some product, with no table of their own.
    """
    used = sorted({v for scope in (*scopes, *ghosts) for v in scope} | last)
    inside = {vertex: at for at, vertex in enumerate(used)}
    found: Elimination = best_elimination(
        [sizes[v] for v in used],
        [tuple(inside[v] for v in scope) for scope in (*scopes, *ghosts)],
        frozenset(inside[v] for v in last),
        looks,
    )
    return tuple(used[at] for at in found.order), found.cost


def tape_of(
    sizes: Sequence[int],
    scopes: Sequence[Scope],
    order: Sequence[int],
) -> Tape:
    """Lay out the tape for factors over some scopes."""
    position = {vertex: at for at, vertex in enumerate(order)}
    making = _Making([sizes[v] for v in order], order, len(scopes))
    orders = []
    for scope in scopes:
        turned = sorted(range(len(scope)), key=[position[v] for v in scope].__getitem__)
        orders.append(tuple(turned))
        making.place(tuple([scope[at] for at in turned]), sum(1 << position[v] for v in scope))
    for at in range(len(order)):
        making.step(at)
    home = {step.vertex: at for at, step in enumerate(making.steps) if step.vertex != PRODUCT}
    return Tape(
        tuple(sizes),
        tuple(making.scopes),
        tuple(orders),
        tuple(making.steps),
        tuple(making.roots),
        home,
        tuple(making.consumer),
        tuple(_components(making.consumer, len(orders))),
        position,
    )


def _components(consumer: Sequence[int], factors: int) -> list[int]:
    """Of each step the one at the end of its way."""
    found = list(range(len(consumer) - factors))
    for at in range(len(found) - 1, -1, -1):
        above = consumer[factors + at]
        if above >= 0:
            found[at] = found[above]
    return found


class _Making:
    """Lays out steps; each slot waits at the vertex of its scope that goes first.

    A set of vertices is a whole number with a bit for each, the first to be summed out the lowest.
    """

    def __init__(self, sizes: Sequence[int], order: Sequence[int], factors: int) -> None:
        self.sizes, self.order, self.factors = sizes, order, factors
        self.wide = sum(1 << at for at, size in enumerate(sizes) if size != 2)
        self.scopes: list[Scope] = []
        self.sets: list[int] = []
        self.entries: list[int] = []
        self.consumer: list[int] = []
        self.roots: list[int] = []
        self.steps: list[Step] = []
        self.waiting: dict[int, list[int]] = {}

    def place(self, scope: Scope, members: int) -> None:
        """Add a slot for a table of this scope, which waits for its first vertex."""
        slot = self._slot(scope, members)
        if not scope:
            self.roots.append(slot)
        else:
            self.waiting.setdefault(_first(members), []).append(slot)

    def step(self, at: int) -> None:
        """Add the steps that sum the vertex at a place out; nothing where no table has it."""
        inputs = self.waiting.pop(at, None)
        if inputs is None:
            return
        inputs.sort(key=self._size)
        while len(inputs) > 2:
            first = inputs.pop(0)
            own, near = self.sets[first], range(min(len(inputs), MOST_PAIRED))
            _, place = min((self._entries(own | self.sets[inputs[at]]), at) for at in near)
            slot = self._slot(*self._add(PRODUCT, [first, inputs.pop(place)]))
            insort(inputs, slot, key=self._size)
        self.place(*self._add(self.order[at], inputs))

    def _slot(self, scope: Scope, members: int) -> int:
        self.scopes.append(scope)
        self.sets.append(members)
        self.entries.append(self._entries(members))
        self.consumer.append(-1)
        return len(self.scopes) - 1

    def _add(self, summed: int, inputs: list[int]) -> tuple[Scope, int]:
        """Add a step; returns the scope of its message, and that as a set."""
        for slot in inputs:
            self.consumer[slot] = len(self.steps)
        one, other = self.sets[inputs[0]], self.sets[inputs[1]] if len(inputs) > 1 else 0
        scope, sizes, labels = self._merged(one, other)
        read = next((at for at, slot in enumerate(inputs) if slot >= self.factors), 0)
        gone = 0 if summed == PRODUCT else 1
        out = tuple(range(gone, len(sizes)))
        shapes = tuple([tuple([sizes[label] for label in each]) for each in labels])
        own, shape = labels[: len(inputs)], shapes[: len(inputs)]
        made = tuple(sizes[gone:])
        self.steps.append(
            Step(summed, tuple(inputs), read, scope, tuple(sizes), own, shape, out, made)
        )
        every = one | other
        return scope[gone:], every & (every - 1) if gone else every

    def _merged(self, one: int, other: int) -> tuple[Scope, list[int], tuple[Labels, Labels]]:
        """Return the scope of a product, and with runs merged its sizes and both tables' labels."""
        rest, before = one | other, 0
        scope: list[int] = []
        sizes: list[int] = []
        first: list[int] = []
        second: list[int] = []
        while rest:
            bit = rest & -rest
            rest ^= bit
            at = bit.bit_length() - 1
            kind = (1 if one & bit else 0) + (2 if other & bit else 0)
            if kind == before:
                sizes[-1] *= self.sizes[at]
            else:
                if kind & 1:
                    first.append(len(sizes))
                if kind & 2:
                    second.append(len(sizes))
                sizes.append(self.sizes[at])
            # What goes first is a label by itself.
            before = kind if scope else 0
            scope.append(self.order[at])
        return tuple(scope), sizes, (tuple(first), tuple(second))

    def _size(self, slot: int) -> tuple[int, int]:
        return self.entries[slot], slot

    def _entries(self, members: int) -> int:
        wide = members & self.wide
        found = 1 << (members ^ wide).bit_count()
        while wide:
            found *= self.sizes[_first(wide)]
            wide &= wide - 1
        return found


def _first(members: int) -> int:
    """Return the lowest bit of a set that is not empty."""
    return (members & -members).bit_length() - 1
