"""Cache compiled models between runs, so that a prompt does not wait for YAML.

An entry holds the compiled model and the digest of every file it came from. An entry counts only
while the files, the code and the entry itself are unchanged and nobody else could have written it;
otherwise the model is read from its files. The cache is never needed: without it, answers are the
same and take longer.
"""

import hashlib
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bayesnet.model.format.compiled import CERTAIN, CompiledModel
from bayesnet.model.shipped import models_folder

if TYPE_CHECKING:
    from bayesnet.model.reading.reader import ReadModel

CACHE_VARIABLE = "LBP_INFER_CACHE"
"""Environment variable that names the cache's folder; empty, it turns the cache off."""
APPLICATION = "lbp-infer"
SUFFIX = ".model"
MOST_ENTRIES = 20
"""Number of entries that are kept: each edit of a model file makes a new one."""
ABANDONED_SECONDS = 3600
"""Age from which a half-written entry is removed: writing takes well under a second, so its
process has ended."""
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_DIGEST_SIZE = 32
"""Bytes of a SHA-256 digest."""


@dataclass(frozen=True)
class _Entry:
    """What an entry holds: a model and the files that it was compiled from.

    files: (path relative to the main file's folder, sha256) in order of reading.
    """

    files: tuple[tuple[str, str], ...]
    model: CompiledModel


def load_compiled(path: Path) -> CompiledModel:
    """Load the compiled model of a model file, from the cache where nothing has changed.

    path: the main file, which names the others. Raises ModelFileError that lists every mistake.
    """
    place = _place(path)
    if place is not None:
        kept = _kept(place, path.parent)
        if kept is not None:
            return kept
    # Imported here, since a hit needs neither YAML nor the checks, and their import would take
    # most of its time.
    from bayesnet.model.reading.reader import read_description

    read = read_description(path)
    model = _compiled(read)
    if place is not None:
        names = [os.path.relpath(each, path.parent) for each in read.files]
        _keep(place, _Entry(tuple(zip(names, read.digests, strict=True)), model))
    return model


def compiled_as_if(path: Path, instead: Mapping[Path, bytes]) -> CompiledModel:
    """Compile a model as if some of its files held other content; nothing is kept.

    Raises ModelFileError that lists every mistake.
    """
    from bayesnet.model.reading.reader import read_description

    return _compiled(read_description(path, instead))


def _compiled(read: "ReadModel") -> CompiledModel:
    if read.description.network:
        # A network does not say how sure its numbers are.
        uncertainty = CERTAIN
    else:
        from bayesnet.model.solving.parameter_uncertainty import uncertainty_of

        uncertainty = uncertainty_of(read.description, read.nodes)
    return CompiledModel(
        read.description, read.sha256, read.nodes, uncertainty, read.origin, read.looser
    )


def cache_folder() -> Path | None:
    """Return the folder of the cache; None when it is off or the user has no such folder.

    The environment variable LBP_INFER_CACHE names another folder; empty, it turns the cache off.
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen.strip() else None
    if sys.platform == "linux":
        # The same as platformdirs returns; its import would take as long as the rest of a hit.
        base = os.environ.get("XDG_CACHE_HOME", "")
        home = os.path.expanduser("~/.cache")
        found = Path(base if os.path.isabs(base) else home)
        return found / APPLICATION if found.is_absolute() else None
    from platformdirs import user_cache_path

    return user_cache_path(APPLICATION, appauthor=False)


def _place(path: Path) -> Path | None:
    """Return the path of the entry for a main file with its present content.

    None when the cache is off or the file or the code cannot be read. The name is a digest of the
    code, the content and the path, so that a change of any of them makes another entry.
    """
    folder, content, code = cache_folder(), _content(path), _code_digest()
    if folder is None or content is None or code is None:
        return None
    digest = hashlib.sha256(content).hexdigest()
    # An overlay may extend a shipped model by its name, which is where this package is.
    places = f"{os.path.abspath(path)}\0{models_folder()}"
    key = hashlib.sha256(f"{code}\0{digest}\0{places}".encode("utf-8", "replace"))
    return folder / f"{key.hexdigest()}{SUFFIX}"


def _content(path: Path) -> bytes | None:
    """Read a regular file; None for anything else or where it cannot be read."""
    try:
        # Anything but a regular file could block; `read_description` refuses it with a message.
        return path.read_bytes() if stat.S_ISREG(path.stat().st_mode) else None
    except (OSError, ValueError):
        return None


def _code_digest() -> str | None:
    """Digest the code that turns files into a compiled model; None when it cannot be read."""
    here = Path(__file__).parent
    sources = [*sorted(here.rglob("*.py")), *sorted((here.parent / "network").rglob("*.py"))]
    try:
        return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    except OSError:
        return None


def _kept(place: Path, folder: Path) -> CompiledModel | None:
    """Read the model of an entry; None unless it is whole, our own, and its files are unchanged.

    folder: the main file's, to which the entry's paths are relative.
    """
    content = _content(place) if _is_our_own(place) else None
    if content is None or content[:_DIGEST_SIZE] != _seal(place, content[_DIGEST_SIZE:]):
        return None
    try:
        entry = msgspec.msgpack.decode(content[_DIGEST_SIZE:], type=_Entry)
    except msgspec.DecodeError:
        return None
    files = [_content(folder / name) for name, _ in entry.files]
    there = [each for each in files if each is not None]
    unchanged = len(there) == len(files) and all(
        hashlib.sha256(content).hexdigest() == was
        for content, (_, was) in zip(there, entry.files, strict=True)
    )
    return entry.model if there and unchanged and _is_whole(entry.model) else None


def _is_our_own(place: Path) -> bool:
    """Tell whether only this user or root can have written a file."""
    try:
        details = place.stat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):
        return True
    return details.st_uid in (0, os.getuid()) and not details.st_mode & OTHERS_WRITE


def _is_whole(model: CompiledModel) -> bool:
    """Tell whether each cause, risk factor, finding and parent has a node in the network."""
    nodes = {node.name for node in model.nodes}
    parents = {parent for node in model.nodes for parent in node.parents}
    told = model.description
    return nodes >= parents.union(told.causes, told.risk_factors, told.findings)


def _seal(place: Path, packed: bytes) -> bytes:
    """Digest an entry's file name and bytes; written before them, it shows damage or a renaming."""
    return hashlib.sha256(place.name.encode() + packed).digest()


def _keep(place: Path, entry: _Entry) -> None:
    """Write an entry completely or not at all, then remove the oldest ones; errors are ignored."""
    packed = msgspec.msgpack.encode(entry)
    beside = place.with_name(f"{place.stem}.{os.getpid()}.{os.urandom(6).hex()}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            beside.touch(mode=0o600, exist_ok=False)
            beside.write_bytes(_seal(place, packed) + packed)
            os.replace(beside, place)
        finally:
            beside.unlink(missing_ok=True)
        _prune(place)
    except OSError:
        return


def _prune(newest: Path) -> None:
    """Remove all but the newest entries and this one, and abandoned parts of entries."""
    now = newest.stat().st_mtime
    ages = {each: now - _modified(each, now) for each in newest.parent.iterdir()}
    entries = sorted((each for each in ages if each.suffix == SUFFIX), key=ages.__getitem__)
    kept = [newest, *(each for each in entries if each != newest)][:MOST_ENTRIES]
    for each, age in ages.items():
        abandoned = each.suffix == ".part" and age > ABANDONED_SECONDS
        if abandoned or (each.suffix == SUFFIX and each not in kept):
            each.unlink(missing_ok=True)


def _modified(path: Path, missing: float) -> float:
    """Return when a file was last written; `missing` where another process has removed it."""
    try:
        return path.stat().st_mtime
    except OSError:
        return missing
