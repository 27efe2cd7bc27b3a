"""Read and write network files; every error names the file, and the line and column if it can."""

import gzip
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bayesnet.errors import FormatError, FormatWarning, NetworkError, counted
from bayesnet.network import Network
from bayesnet.network.formats.kinds import (
    BY_ENDING,
    KINDS,
    WRITTEN,
    XDSL,
    Kind,
    foreign_kind,
    kind_of,
)
from bayesnet.network.formats.mistakes import line_and_column, located
from bayesnet.network.formats.opening import text_of_file
from bayesnet.network.formats.options import AS_IT_STANDS, ReadingOptions
from bayesnet.network.formats.uai_evidence import read_cases

MOST_NUMBERS = 4_000_000
"""Most numbers that a written file may hold, some 100 MB. A noisy family of a few hundred bytes
has a table that doubles with each parent, and most formats hold nothing but tables."""


Place = tuple[int, int]
"""A line and a column of a file, both from 1."""


@dataclass(frozen=True, eq=False)
class ReadFile:
    """A network that was read, the kind of its file, and what there is to say of it.

    warnings: what a caller has to hear; notes: what follows from what was asked. Both begin with
    the file's name. wrong_roles: what is wrong with diagnostic roles, each with its line and
    column; text: of the file; positions: {variable: where in it}.
    """

    network: Network
    kind: Kind
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    wrong_roles: tuple[tuple[str, Place], ...] = ()
    text: str = field(default="", repr=False)
    positions: Mapping[str, int | None] = field(default_factory=dict, repr=False)

    def place(self, variable: str) -> Place:
        """Return the line and column at which a variable stands."""
        return line_and_column(self.text, self.positions.get(variable) or 0)


def read_file(path: str | os.PathLike[str], options: ReadingOptions = AS_IT_STANDS) -> ReadFile:
    """Read a network file of any kind, told by its content; raises FormatError.

    See `read_network`.
    """
    file = Path(path)
    text = text_of_file(file, options.encoding)
    kind = kind_of(text) or BY_ENDING.get(ending_of(file))
    if kind is None:
        known = ", ".join(each.name for each in KINDS)
        told = foreign_kind(text) or f"no network file of a kind that is read: {known}"
        raise FormatError(f"{file}: {told}")
    try:
        draft = kind.read(text, options)
        network = Network(*draft.parts(), draft.roles)
    except NetworkError as error:
        raise located(error, file, text) from error
    wrong = tuple((str(each), line_and_column(text, each.at or 0)) for each in draft.wrong_roles)
    return ReadFile(
        network,
        kind,
        tuple(f"{file}: {each}" for each in draft.warnings),
        tuple(f"{file}: {each}" for each in draft.notes),
        wrong,
        text,
        draft.places,
    )


def read_network(
    path: str | os.PathLike[str],
    *,
    chance_only: bool = False,
    normalise: bool = False,
    encoding: str | None = None,
) -> Network:
    """Read a network file, whose content tells its kind: those of `KINDS`, packed by gzip or not.

    Options as in `ReadingOptions`. Rows that sum to 1 within 1 % are scaled in any case, since
    printed tables are rounded. UAI holds no names: its variables are v0, v1, ... and their states
    s0, s1, ... Warns (FormatWarning) of a file that pyAgrum wrote the other way round, of findings
    and time slices that are left out, and of diagnostic roles that make no sense. Raises
    FormatError that names the file and what is wrong with it.
    """
    found = read_file(path, ReadingOptions(chance_only, normalise, encoding))
    wrong = (f"{path}:{line}:{column}: {said}" for said, (line, column) in found.wrong_roles)
    for each in (*found.warnings, *wrong):
        warnings.warn(each, FormatWarning, stacklevel=3)
    return found.network


def read_evidence(path: str | os.PathLike[str], network: Network) -> list[dict[str, str]]:
    """Read a UAI evidence file (.evid) as a list of cases, each {variable: state}.

    Variables and states are counted in the order of the network. Raises FormatError.
    """
    file = Path(path)
    text = text_of_file(file, None)
    try:
        return read_cases(text, network)
    except NetworkError as error:
        raise located(error, file, text) from error


def write_network(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a network in the format of the file's ending; numbers keep their full precision.

    Raises FormatError for a name that the format cannot hold, which is never changed, for more than
    MOST_NUMBERS, and for a file that cannot be written. Noisy families become full tables, but in
    XDSL, which lists parents before children; the other formats keep the order of the variables.
    GeNIe itself wants letters, digits and _ in the names of an XDSL file. UAI keeps no names:
    variable i is read back as vi, its state j as sj. Warns (FormatWarning) where the format cannot
    keep the diagnostic roles of the network; XDSL keeps them.
    """
    file = Path(path)
    content = network_content(network, file)
    if network.roles and BY_ENDING[ending_of(file)] is not XDSL:
        held = counted(len(network.roles), "variable")
        lost = f"{file}: leaves out the roles, costs, questions or captions of {held}"
        warnings.warn(f"{lost}, which .xdsl keeps", FormatWarning, stacklevel=3)
    try:
        file.write_bytes(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FormatError(f"{file}: cannot be written: {reason}") from error


def network_content(network: Network, file: Path) -> bytes:
    """Return what `write_network` would write to a file of this name; raises FormatError."""
    kind = BY_ENDING.get(ending_of(file))
    if kind is None or kind.writer is None:
        known = ", ".join(WRITTEN)
        told = "an unknown ending" if kind is None else f"{kind.name}, which is read only"
        raise FormatError(f"{file}: {told}; written are {known}, each also with .gz")
    sizes = {each.variable: kind.writer.numbers(network, each) for each in network.families}
    _refuse_large(network, file, sizes)
    try:
        content = kind.writer.text(network).encode()
    except FormatError as error:
        raise FormatError(f"{file}: {error}") from error
    # No time stamp: the same network gives the same bytes.
    return gzip.compress(content, mtime=0) if file.suffix.lower() == ".gz" else content


def ending_of(file: Path) -> str:
    """Return a file's ending in lower case, before any .gz; '' where it has none."""
    endings = [suffix.lower() for suffix in file.suffixes]
    if endings and endings[-1] == ".gz":
        endings.pop()
    return endings[-1] if endings else ""


def _refuse_large(network: Network, file: Path, sizes: dict[str, int]) -> None:
    """Raise FormatError that names the largest family, where all would have too many numbers."""
    total = sum(sizes.values())
    if total > MOST_NUMBERS:
        largest = max(sizes, key=lambda name: sizes[name])
        raise FormatError(
            f"{file}: would hold {total:,} numbers, {sizes[largest]:,} of them in the table of "
            f"'{largest}' over its {counted(len(network.parents(largest)), 'parent')}, since it "
            f"is written as a whole table; {MOST_NUMBERS:,} are written at most"
        )
