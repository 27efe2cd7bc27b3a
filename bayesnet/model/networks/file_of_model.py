"""Read a network file as the model that its diagnostic roles make of it, or that names it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bayesnet.errors import FormatError
from bayesnet.model.networks.from_roles import model_text, problems_of
from bayesnet.model.reading.positions import Located, Position, display_path
from bayesnet.network import Network
from bayesnet.network.formats.files import ReadFile, ending_of, read_file
from bayesnet.network.formats.kinds import BY_ENDING, kind_of

_BEGINNING = 1 << 16
"""Bytes of a file by which a network is told from a model file."""
_PACKED = b"\x1f\x8b"
"""The first bytes of every gzip file; no model file is packed."""


def is_network(path: Path) -> bool:
    """Tell whether a file is a network of another program, by its content or else its ending.

    What cannot be read is none.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
    except (OSError, ValueError):
        return False
    known = beginning.startswith(_PACKED) or kind_of(beginning.decode("utf-8-sig", "replace"))
    return bool(known) or ending_of(path) in BY_ENDING


@dataclass(frozen=True)
class NetworkFile:
    """A network file beside a model, or that is one; shown: its name in messages."""

    path: Path

    @property
    def shown(self) -> str:
        """Its name in messages."""
        return display_path(self.path)

    @cached_property
    def _found(self) -> ReadFile | Located:
        try:
            return read_file(self.path)
        except FormatError as error:
            return _placed(self.path, self.shown, str(error))

    @property
    def network(self) -> Network | None:
        """The network; None where it cannot be read, or cannot be relied upon."""
        found = self._found
        return found.network if isinstance(found, ReadFile) and not found.warnings else None

    @property
    def unreadable(self) -> tuple[Located, ...]:
        """Why there is no network."""
        found = self._found
        if isinstance(found, Located):
            return (found,)
        # What a person has to hear of a file, a diagnosis may not be built on.
        said = (each.removeprefix(f"{self.path}: ") for each in found.warnings)
        return tuple(Located(Position(self.shown), each) for each in said)

    def position_of(self, variable: str) -> Position:
        """Return where a variable stands in the file."""
        found = self._found
        at = found.place(variable) if isinstance(found, ReadFile) else (1, 1)
        return Position(self.shown, *at)

    def as_model(self, title: str) -> tuple[str, tuple[Located, ...]]:
        """Return the text of the model that its roles make, and what is wrong with them.

        The text is empty where something is.
        """
        found = self._found
        if isinstance(found, Located):
            said = f"a network file that cannot be read: {found.message}"
            return "", (Located(found.position, said),)
        if self.network is None:
            return "", self.unreadable
        problems = [Located(Position(self.shown, *at), said) for said, at in found.wrong_roles]
        for each in problems_of(found.network, self.path.name, found.kind.name):
            variable = str(each.path[0]) if each.path else ""
            problems.append(Located(self.position_of(variable), each.message))
        if problems:
            return "", tuple(problems)
        return model_text(found.network, self.path.name, title), ()


def _placed(path: Path, shown: str, told: str) -> Located:
    """Make a message of a reader of networks, which begins with its place, one of a model's."""
    rest = told.removeprefix(str(path))
    parts = rest.split(":", 3)
    if len(parts) == 4 and parts[1].isdecimal() and parts[2].isdecimal():
        return Located(Position(shown, int(parts[1]), int(parts[2])), parts[3].strip())
    return Located(Position(shown), rest.removeprefix(":").strip())
