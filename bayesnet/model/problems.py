"""What is wrong in a model file, or doubtful, before it is known at which line it stands."""

from msgspec import Struct

from bayesnet.model.format.description import KeyPath


class Problem(Struct, frozen=True):
    """A mistake in a model file.

    path: the keys and indices from the top of the file to the part that is wrong. message: what
    is wrong with it, and what to do. `bayesnet.model.reading.positions` finds the line. absent:
    where something is named that is not there, its id, or a variable and its state.
    """

    path: KeyPath
    message: str
    absent: tuple[str, ...] = ()


class ModelWarning(Struct, frozen=True):
    """Something in a model that can be read and yet is unlikely to be meant.

    path: as in `Problem`. message: what is so, and why it matters. remedy: what to do.
    """

    path: KeyPath
    message: str
    remedy: str
