"""Say what is wrong with a network file, and at which place of its text."""

from pathlib import Path

from bayesnet.errors import FormatError, NetworkError


class MistakeError(NetworkError):
    """What is wrong with a file; at: position of the character at fault, None where no one is."""

    def __init__(self, message: str, at: int | None = None) -> None:
        self.at = at
        super().__init__(message)


def line_and_column(text: str, at: int) -> tuple[int, int]:
    r"""Return the line and the column of a character, both from 1.

    >>> line_and_column("net {\n node", 7)
    (2, 2)
    """
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def located(error: NetworkError, file: Path, text: str) -> FormatError:
    """Make the error that names the file and, where it is known, the place in its text."""
    message = " ".join(str(error).split())  # a name in it may run over lines
    if not isinstance(error, MistakeError) or error.at is None:
        return FormatError(f"{file}: {message}")
    line, column = line_and_column(text, error.at)
    return FormatError(f"{file}:{line}:{column}: {message}")
