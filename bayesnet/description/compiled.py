"""A model ready for use: its description, and the network that its numbers came to.

Plain data only, so that it can be cached as bytes and read back without running code.
"""

from dataclasses import dataclass

from bayesnet.description.format import ModelDescription


@dataclass(frozen=True)
class NodeSpec:
    """One variable of the network: a table, or a leak and links (noisy-MAX)."""

    name: str
    states: tuple[str, ...]
    parents: tuple[str, ...]
    leak: tuple[float, ...] = ()
    links: tuple[tuple[tuple[float, ...], ...], ...] = ()
    table: tuple[float, ...] = ()


@dataclass(frozen=True)
class CompiledModel:
    """sha256: over all files of the model, in order of reading."""

    description: ModelDescription
    sha256: str
    nodes: tuple[NodeSpec, ...]


@dataclass(frozen=True)
class Problem:
    """A mistake in a model file: where (keys and indices from the top), what and what to do."""

    path: tuple[str | int, ...]
    message: str
