"""Define one family of exceptions; each class carries the exit code of the command line."""

import difflib
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

FEW_NAMES = 4
"""Names that are listed when none of them is near."""


class BayesnetError(Exception):
    """Anything that a person can put right; its text says what, where and how."""

    exit_code = 1

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the text and what it was made of, so that worker processes can raise it."""
        return _error_again, (type(self), self.args, self.__dict__)


class NetworkError(BayesnetError):
    """A network that does not hold together: a table's shape, a row's sum, a cycle."""

    exit_code = 3


class FormatError(BayesnetError):
    """A network file that cannot be read or written."""

    exit_code = 3


class FormatWarning(UserWarning):
    """What a person has to know of a network file that could be read."""


class ModelFileError(BayesnetError):
    """A model file with mistakes; `problems` holds every one, each with its place."""

    exit_code = 3

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class EvidenceError(BayesnetError):
    """Evidence that is misspelt, out of range, or at odds with itself."""

    exit_code = 2


class UnknownNameError(EvidenceError):
    """A variable, state, cause or finding that is not there; names the nearest that are."""

    def __init__(
        self, kind: str, name: object, known: Iterable[str], within: str = "", remedy: str = ""
    ) -> None:
        self.name = str(name)
        names = list(known)
        self.nearest = nearest_names(self.name, names)
        place = f" of {within}" if within else ""
        hint = f"; did you mean {quoted(self.nearest)}?" if self.nearest else ""
        if not hint and not remedy and len(names) <= FEW_NAMES:
            hint = f"; there is {quoted(names)}" if names else ""
        last = f"{hint.removesuffix('?')}; {remedy}" if remedy else hint
        super().__init__(f"unknown {kind}{place}: '{self.name}'{last}")


class ImpossibleEvidenceError(BayesnetError):
    """Evidence of probability zero; `conflicting` is a smallest subset that clashes."""

    exit_code = 4

    def __init__(self, conflicting: Sequence[str]) -> None:
        self.conflicting = tuple(conflicting)
        listed = ", ".join(self.conflicting)
        clash = f"{listed} cannot hold together; correct or drop one of them"
        if len(self.conflicting) == 1:
            clash = f"{listed} has probability 0; correct or drop it"
        super().__init__(f"the model says that this evidence is impossible: {clash}")


class TooLargeError(BayesnetError):
    """A computation over the memory budget, refused before anything was allocated."""

    def __init__(self, what: str, needed: int, budget: int, remedy: str) -> None:
        self.what = what
        self.needed = needed
        self.budget = budget
        super().__init__(
            f"{what} would need {readable_bytes(needed)}, over the limit of "
            f"{readable_bytes(budget)}; {remedy}"
        )


class MissingExtraError(BayesnetError):
    """A part of the product whose optional packages are not installed."""

    exit_code = 2

    def __init__(self, what: str, extra: str, reason: str) -> None:
        super().__init__(
            f"{what} is not installed ({reason}); "
            f"install it with: {_installer()} install 'lbp-infer[{extra}]'"
        )


def _error_again(
    kind: type[BayesnetError], told: tuple[Any, ...], details: Mapping[str, Any]
) -> BayesnetError:
    """Make an error from what it said, not from what it was said of."""
    error = kind.__new__(kind, *told)
    error.__dict__.update(details)
    return error


def _installer() -> str:
    """Name the command that installs where this runs; pipx leaves a file of its own there."""
    in_pipx = (Path(sys.prefix) / "pipx_metadata.json").exists()
    return "pipx runpip lbp-infer" if in_pipx else "pip"


def nearest_names(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known names closest to a misspelt one, best first.

    >>> nearest_names("leaning-bak", ["leaning_back", "coughing"])
    ['leaning_back']
    """
    by_folded = {candidate.lower().replace("-", "_"): candidate for candidate in known}
    folded = name.lower().replace("-", "_")
    found = difflib.get_close_matches(folded, by_folded, n=most, cutoff=0.6)
    if not found and len(folded) > 2:
        found = sorted(key for key in by_folded if folded in key)[:most]
    return [by_folded[key] for key in found]


def quoted(names: Sequence[str]) -> str:
    """Return names for a message.

    >>> quoted(["a", "b", "c"])
    "'a', 'b' or 'c'"
    """
    marked = [f"'{name}'" for name in names]
    return marked[0] if len(marked) == 1 else f"{', '.join(marked[:-1])} or {marked[-1]}"


def counted(count: int, what: str) -> str:
    """Say how many there are of a thing: 1 row, 2,000 rows."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def readable_bytes(count: int) -> str:
    """Return a number of bytes as a person reads it.

    >>> readable_bytes(1536)
    '1.5 KiB'
    """
    size = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB"):
        if size < 1024 or unit == "TiB":
            break
        size /= 1024
    return f"{size:.0f} bytes" if unit == "bytes" else f"{size:,.1f} {unit}"
