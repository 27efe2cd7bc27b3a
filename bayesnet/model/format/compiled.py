"""Hold a model ready for use: its description, and the network that its numbers were solved to.

Plain data only, so that it can be cached as bytes and read back without running code.
"""

import hashlib
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, msgpack, structs

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


class Origin(Struct, frozen=True):
    """One of the models that a model was put together from: its id and version.

    An overlay without an id of its own has the name of its file, one without a version has none.
    made_for: the version of the model under it that it was made for, where it is another one.
    """

    id: str
    version: str
    made_for: str = ""


class CompiledModel(Struct, frozen=True):
    """A model ready for use.

    sha256: of the description, so of every number and word, whichever files they stand in; origin:
    the model that extends nothing, then each overlay on it; looser: in words, the safety rules that
    overlays make looser, so that the model is unsafe.
    """

    description: ModelDescription
    sha256: str
    nodes: tuple[NodeSpec, ...]
    uncertainty: Uncertainty
    origin: tuple[Origin, ...] = ()
    looser: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"CompiledModel({self.description!r}, sha256 {self.sha256[:12]})"


def sha256_of(description: ModelDescription, nodes: Sequence[NodeSpec]) -> str:
    """Digest what a model says, whichever files it stands in.

    nodes: its network, which belongs to what is said where the numbers are not in the description.
    """
    said = structs.replace(description, include=(), network="")
    numbers = nodes if description.network else ()
    return hashlib.sha256(msgpack.encode((said, numbers) if numbers else said)).hexdigest()
