"""Hold a model ready for use: its description, and the network that its numbers were solved to.

Plain data only, so that it can be cached as bytes and read back without running code.
"""

from typing import Literal

from msgspec import Struct

from bayesnet.model.format.description import KeyPath, ModelDescription


class NodeSpec(Struct, frozen=True):
    """One variable of the network, either a table or a noisy-MAX.

    table: P(state | parents), rows for the parents' states in order, the last parent fastest. leak:
    a distribution over the states. links: for each parent, for each of its states, a distribution
    over the states; the variable is the highest of the leak's and the links' draws. lowest: which
    of the listed states is the lowest: the first (0), or the last (-1), which makes it a noisy-MIN
    over the states as listed.
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

    numbers: paths of the uncertain numbers. A number varies in one or more independent ways (a
    distribution over k states has several). The rest is a sparse matrix of ways by parameters, row
    after row: owners, for each way the index of its number; starts, for each way the index of its
    first entry; parameters and slopes, for each entry the parameter that moves and by how much.
    Parameters are counted through all nodes in order: a table, or a leak and then its links.
    Little-endian bytes: 4 of integers, 8 of floats.
    """

    numbers: tuple[KeyPath, ...]
    owners: bytes
    starts: bytes
    parameters: bytes
    slopes: bytes


CERTAIN = Uncertainty((), b"", b"", b"", b"")
"""No number is in doubt."""


class CompiledModel(Struct, frozen=True):
    """A model ready for use; sha256: of all files of the model, in order of reading."""

    description: ModelDescription
    sha256: str
    nodes: tuple[NodeSpec, ...]
    uncertainty: Uncertainty

    def __repr__(self) -> str:
        return f"CompiledModel({self.description!r}, sha256 {self.sha256[:12]})"
