"""Read and write network files: the format is chosen by ending, errors of the file are named."""

import gzip
import math
import os
import stat
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from bayesnet.errors import FormatError, NetworkError, counted, readable_bytes
from bayesnet.network import Network
from bayesnet.network.formats.bif import read_bif, write_bif
from bayesnet.network.formats.net import read_net, write_net
from bayesnet.network.formats.uai import read_uai, write_uai
from bayesnet.network.formats.xdsl import read_xdsl, write_xdsl
from bayesnet.network.formats.xmlbif import read_xmlbif, write_xmlbif

LARGEST = 1 << 28
"""Most bytes of a file once unpacked (256 MiB): the largest published networks have 10 MB, and a
gzip file can expand to a thousand times its own size."""
MOST_NUMBERS = 4_000_000
"""Most numbers that a written file may hold, some 100 MB. A noisy family of a few hundred bytes
has a table that doubles with each parent, and is written as that."""


@dataclass(frozen=True)
class Format:
    """The reader and the writer of a format.

    read: content to network, raises NetworkError; write: network to text, raises FormatError.
    """

    read: Callable[[bytes], Network]
    write: Callable[[Network], str]


FORMATS = {
    ".bif": Format(read_bif, write_bif),
    ".xml": Format(read_xmlbif, write_xmlbif),
    ".xmlbif": Format(read_xmlbif, write_xmlbif),
    ".xdsl": Format(read_xdsl, write_xdsl),
    ".uai": Format(read_uai, write_uai),
    ".net": Format(read_net, write_net),
}


def read_network(path: str | os.PathLike[str]) -> Network:
    """Read a network file: .bif, .xml or .xmlbif, .xdsl, .uai, .net, each also with .gz.

    Rows that sum to 1 within 1 % are scaled, since printed tables are rounded. UAI holds no
    names: its variables are v0, v1, ... and their states s0, s1, ... Raises FormatError that names
    the file and what is wrong with it.
    """
    file = Path(path)
    form = _format_of(file)
    content = _bytes_of(file)
    try:
        return form.read(content)
    except NetworkError as error:
        message = " ".join(str(error).split())  # a name in it may run over lines
        raise FormatError(f"{file}: {message}") from error


def write_network(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a network in the format of the file's ending; numbers keep their full precision.

    Raises FormatError for a name that the format cannot hold, which is never changed, for tables of
    more than MOST_NUMBERS, and for a file that cannot be written. Noisy families become full
    tables. XDSL lists parents before children; the other formats keep the order of the variables.
    GeNIe itself wants letters, digits and _ in the names of an XDSL file. UAI keeps no names:
    variable i is read back as vi, its state j as sj.
    """
    file = Path(path)
    content = network_content(network, file)
    try:
        file.write_bytes(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FormatError(f"{file}: cannot be written: {reason}") from error


def network_content(network: Network, file: Path) -> bytes:
    """Return what `write_network` would write to a file of this name; raises FormatError."""
    form = _format_of(file)
    _refuse_large(network, file)
    try:
        content = form.write(network).encode()
    except FormatError as error:
        raise FormatError(f"{file}: {error}") from error
    # No time stamp: the same network gives the same bytes.
    return gzip.compress(content, mtime=0) if file.suffix.lower() == ".gz" else content


def _refuse_large(network: Network, file: Path) -> None:
    """Raise FormatError that names the largest table, where all would have too many numbers."""
    sizes = {
        family.variable: math.prod(
            len(network.variable(name).states) for name in (family.variable, *family.parents)
        )
        for family in network.families
    }
    total = sum(sizes.values())
    if total > MOST_NUMBERS:
        largest = max(sizes, key=lambda name: sizes[name])
        raise FormatError(
            f"{file}: would hold {total:,} numbers, {sizes[largest]:,} of them in the table of "
            f"'{largest}' over its {counted(len(network.parents(largest)), 'parent')}, since the "
            f"format has whole tables only; {MOST_NUMBERS:,} are written at most"
        )


def _format_of(file: Path) -> Format:
    """Return the format of a file's ending, before any .gz; raises FormatError for another."""
    endings = [suffix.lower() for suffix in file.suffixes]
    if endings and endings[-1] == ".gz":
        endings.pop()
    if not endings or endings[-1] not in FORMATS:
        known = ", ".join(FORMATS)
        raise FormatError(f"{file}: unknown ending; known are {known}, each also with .gz")
    return FORMATS[endings[-1]]


def _bytes_of(file: Path) -> bytes:
    """Read and unpack a regular file of at most LARGEST bytes; raises FormatError."""
    try:
        # Anything but a file of the disk could have no end, or never begin.
        if not stat.S_ISREG(file.stat().st_mode):
            kind = "a directory" if file.is_dir() else "no regular file"
            raise FormatError(f"{file}: is {kind}, not a network file")
        with _opened(file) as stream:
            content = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise FormatError(f"{file}: no such file") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FormatError(f"{file}: not a whole gzip file ({error})") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FormatError(f"{file}: cannot be read: {reason}") from error
    if len(content) > LARGEST:
        raise FormatError(f"{file}: is larger than {readable_bytes(LARGEST)}; not a network file")
    if not content.strip():
        raise FormatError(f"{file}: is empty")
    return content


def _opened(file: Path) -> BinaryIO:
    packed = file.suffix.lower() == ".gz"
    return cast(BinaryIO, gzip.open(file, "rb")) if packed else file.open("rb")
