"""A model ready for use: its description, and the network that its numbers came to.

Plain data only, so that it can be cached as bytes and read back without running code.
"""

from typing import Literal

from msgspec import Struct

from bayesnet.model.format.description import ModelDescription


class NodeSpec(Struct, frozen=True):
    """One variable of the network: a table, or a leak and links (noisy-MAX).

    lowest: where the noisy-MAX has its lowest state: first (0), or last (-1), which makes it a
    noisy-MIN over the states as listed.
    """

    name: str
    states: tuple[str, ...]
    parents: tuple[str, ...]
    leak: tuple[float, ...] = ()
    links: tuple[tuple[tuple[float, ...], ...], ...] = ()
    table: tuple[float, ...] = ()
    lowest: Literal[0, -1] = 0


class Uncertainty(Struct, frozen=True):
    """What one standard deviation of each number of a model does to the network's parameters.

    numbers: the paths of the uncertain ones. A number varies in one or more independent ways; of
    each way, owners holds its number and starts its first entry, and the entries hold the
    parameters that it moves and by how much. Parameters are counted through all nodes: a table,
    or a leak and then the links. Little-endian bytes: 4 of integers, 8 of floats.
    """

    numbers: tuple[tuple[str | int, ...], ...]
    owners: bytes
    starts: bytes
    parameters: bytes
    slopes: bytes


CERTAIN = Uncertainty((), b"", b"", b"", b"")
"""No number is in doubt."""


class CompiledModel(Struct, frozen=True):
    """sha256: over all files of the model, in order of reading."""

    description: ModelDescription
    sha256: str
    nodes: tuple[NodeSpec, ...]
    uncertainty: Uncertainty

    def __repr__(self) -> str:
        return f"CompiledModel({self.description!r}, sha256 {self.sha256[:12]})"


class Problem(Struct, frozen=True):
    """A mistake in a model file: where (keys and indices from the top), what and what to do."""

    path: tuple[str | int, ...]
    message: str
