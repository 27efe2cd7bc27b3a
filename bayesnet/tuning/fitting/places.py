"""All numbers that a fit moves, side by side as one vector, and the model where they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.solving.number_change import Uncertain, with_number
from bayesnet.model.solving.parameter_uncertainty import Way, moved_by
from bayesnet.network import Array
from bayesnet.tuning.fitting.scales import Prior, Scale


@dataclass(frozen=True, eq=False)
class Places:
    """Numbers of a model on their scales, each with its places in a vector, in order.

    model: as it was before the fit. weight: how much its own uncertainty counts.
    """

    model: ModelDescription
    scales: tuple[Scale, ...]
    weight: float

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Where each number stands in the vector."""
        ends = np.cumsum([0, *(len(scale.start) for scale in self.scales)]).tolist()
        return tuple(slice(*each) for each in pairwise(ends))

    @cached_property
    def start(self) -> Array:
        """Where the model has its numbers, shape (places,)."""
        return np.concatenate([np.zeros(0), *(scale.start for scale in self.scales)])

    @cached_property
    def owners(self) -> np.ndarray:
        """Of each place its number, shape (places,)."""
        return np.repeat(range(len(self.scales)), [len(scale.start) for scale in self.scales])

    def parts(self, *vectors: Array) -> Iterator[tuple[Scale, tuple[Array, ...]]]:
        """Yield each number with its part of some vectors."""
        for scale, part in zip(self.scales, self.slices, strict=True):
            yield scale, tuple(vector[part] for vector in vectors)

    def numbers(self, at: Array) -> dict[KeyPath, Uncertain]:
        """Return the numbers there; one that is where it was comes as the model has it."""
        return {
            scale.path: scale.number(own)
            for scale, (own, start) in self.parts(at, self.start)
            if (own != start).any()
        }

    def description(self, at: Array) -> ModelDescription:
        """Return the model with its numbers there."""
        return with_numbers(self.model, self.numbers(at))

    def prior(self, at: Array) -> Prior:
        """Return the prior of all numbers there, which are independent."""
        found = [scale.prior(own, self.weight) for scale, (own,) in self.parts(at)]
        return Prior(
            float(sum(each.log_density for each in found)),
            np.concatenate([np.zeros(0), *(each.gradient for each in found)]),
            self._blocks([each.precision for each in found]),
        )

    def bend(self, at: Array, gradient: Array) -> Array:
        """Return what the second derivatives hold beside products of scores (see `Scale.bend`)."""
        return self._blocks([scale.bend(*own) for scale, own in self.parts(at, gradient)])

    def steps(self, description: ModelDescription, nodes: Sequence[NodeSpec], at: Array) -> Array:
        """Return what a step of each place does to each parameter, shape (places, parameters).

        description, nodes: of the model there. Parameters are counted as in `Uncertainty`.
        """
        ways = self._ways(moved_by(description, nodes), nodes)
        found = np.zeros((len(at), sum(map(_parameters, nodes))))
        for part, (scale, (own,)) in zip(self.slices, self.parts(at), strict=True):
            for way, column in enumerate(scale.per_way(own).T):
                for start, arrays in ways.get((scale.path, way), ()):
                    found[part, start : start + len(arrays)] += np.outer(column, arrays)
        return found

    @staticmethod
    def _ways(
        moved: Mapping[str, Mapping[Way, Sequence[Array]]], nodes: Sequence[NodeSpec]
    ) -> dict[Way, list[tuple[int, Array]]]:
        """Collect, for each way, the nodes that it moves: the first parameter, and its change."""
        found: dict[Way, list[tuple[int, Array]]] = {}
        start = 0
        for node in nodes:
            for way, arrays in moved.get(node.name, {}).items():
                change = np.concatenate([each.ravel() for each in arrays])
                found.setdefault(way, []).append((start, change))
            start += _parameters(node)
        return found

    def _blocks(self, blocks: Sequence[Array]) -> Array:
        found = np.zeros((len(self.start), len(self.start)))
        for part, block in zip(self.slices, blocks, strict=True):
            found[part, part] = block
        return found


def with_numbers(
    description: ModelDescription, numbers: Mapping[KeyPath, Uncertain]
) -> ModelDescription:
    """Return a model with other numbers at some paths."""
    for path, number in numbers.items():
        description = with_number(description, path, number)
    return description


def _parameters(node: NodeSpec) -> int:
    return len(node.table) or len(node.leak) + sum(len(row) for link in node.links for row in link)
