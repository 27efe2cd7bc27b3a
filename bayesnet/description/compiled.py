"""A model ready for use: its description, and the network that its numbers came to.

Plain data only, so that it can be cached as bytes and read back without running code.
"""

from msgspec import Struct

from bayesnet.description.format import ModelDescription


class NodeSpec(Struct, frozen=True):
    """One variable of the network: a table, or a leak and links (noisy-MAX)."""

    name: str
    states: tuple[str, ...]
    parents: tuple[str, ...]
    leak: tuple[float, ...] = ()
    links: tuple[tuple[tuple[float, ...], ...], ...] = ()
    table: tuple[float, ...] = ()


class CompiledModel(Struct, frozen=True):
    """sha256: over all files of the model, in order of reading."""

    description: ModelDescription
    sha256: str
    nodes: tuple[NodeSpec, ...]


class Problem(Struct, frozen=True):
    """A mistake in a model file: where (keys and indices from the top), what and what to do."""

    path: tuple[str | int, ...]
    message: str
