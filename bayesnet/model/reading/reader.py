"""A model file to a checked description: every mistake at once, each with its place."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from bayesnet.errors import ModelFileError, nearest_names
from bayesnet.model.checks.all_checks import check
from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.lookup import scope
from bayesnet.model.reading.files import SECTIONS, ModelFile, ModelFiles, merge, read_files
from bayesnet.model.reading.positions import Located, Node, Position
from bayesnet.model.reading.repair import Guess, repair
from bayesnet.model.reading.solvable import solvable_part
from bayesnet.model.solving.parameters import solve

_NOBODY = {"id": "?", "version": "?", "title": "?", "setting": "?", "disclaimer": "?"}


@dataclass(frozen=True)
class ReadModel:
    """A model without mistakes.

    sha256: of all files' contents, one after the other in order of reading; files: their paths
    in that order, main file first; digests: each file's own sha256; nodes: the network.
    """

    description: ModelDescription
    nodes: tuple[NodeSpec, ...]
    sha256: str
    files: tuple[Path, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True)
class _Reading:
    """All files as one tree that fits the format, and as a description.

    guessed: the paths that were guessed to make them fit; misfits: what was wrong with them;
    complete: whether all that the files include was read.
    """

    root: Node
    description: ModelDescription
    guessed: frozenset[scope.Path]
    misfits: tuple[Located, ...]
    complete: bool


def read_description(path: Path) -> ReadModel:
    """The model in a file and the files it includes; raises ModelFileError with every mistake."""
    files = read_files(path)
    root, twice = merge(files.files)
    readings = [_reading(files, Guess.LOW)]
    if readings[0].guessed or readings[0].misfits:
        readings.append(_reading(files, Guess.HIGH))
    problems = {*files.problems, *twice, *readings[0].misfits}
    nodes: tuple[NodeSpec, ...] = ()
    if files.complete and all(reading.complete for reading in readings):
        found = []
        for reading in readings:
            nodes, meaning = _meaning(reading, _ids(root, reading.root))
            found.append(meaning)
        problems |= set.intersection(*found)
    if problems:
        raise ModelFileError([str(each) for each in sorted(problems)])
    whole = hashlib.sha256(b"".join(file.content for file in files.files)).hexdigest()
    digests = tuple(hashlib.sha256(file.content).hexdigest() for file in files.files)
    paths = tuple(file.path for file in files.files)
    return ReadModel(readings[0].description, nodes, whole, paths, digests)


def _reading(files: ModelFiles, guess: Guess) -> _Reading:
    parts: list[ModelFile] = []
    guessed: set[scope.Path] = set()
    misfits: list[Located] = []
    complete = True
    for file in files.files:
        if file.root is not None:
            mended = repair(file.root, guess)
            parts.append(replace(file, root=mended.root))
            guessed |= mended.guessed
            misfits += mended.problems
            complete = complete and _includes(file.root) == _includes(mended.root)
    root, twice = merge(parts)
    misfits += _no_model(files, parts)
    description = msgspec.convert({"model": _NOBODY, **root.data}, ModelDescription)
    return _Reading(root, description, frozenset(guessed), (*misfits, *twice), complete)


def _no_model(files: ModelFiles, parts: Sequence[ModelFile]) -> Iterator[Located]:
    main = files.files[0].root
    mended = parts[0].root if parts else None
    if main and mended and isinstance(main.data, dict) and "model" not in mended.data:
        message = "'model' is missing in the main file; add `model:` with id, version and title"
        yield Located(Position(files.shown), message)


def _meaning(
    reading: _Reading, ids: Mapping[str, frozenset[str]]
) -> tuple[tuple[NodeSpec, ...], set[Located]]:
    """The network of what is sound, and what is wrong beyond the guesses."""
    findings = check(scope.Scope(reading.description, ids))
    problems = list(findings.problems)
    nodes: tuple[NodeSpec, ...] = ()
    if not findings.circular:
        broken = [*reading.guessed, *findings.broken]
        nodes, unsolved = solve(solvable_part(reading.description, broken))
        # The checks say the same of a finding's number, at the number itself.
        said = {each.path[:-1] for each in problems if each.path[-1:] in (("value",), ("values",))}
        problems += [each for each in unsolved if each.path not in said]
    return nodes, {
        Located(reading.root.place(each.path), each.message)
        for each in problems
        if not any(each.path[:end] in reading.guessed for end in range(len(each.path) + 1))
    }


def _ids(*roots: Node) -> dict[str, frozenset[str]]:
    """Every id that stands in the files, in each section."""
    ids: dict[str, set[str]] = {section: set() for section in SECTIONS}
    for root in roots:
        for key in root.data:
            # Entries under a misspelt section are not unknown; its name is the one mistake.
            for section in [key] if key in SECTIONS else nearest_names(key, SECTIONS)[:1]:
                ids[section].update(root.data[key] if isinstance(root.data[key], dict) else ())
    return {section: frozenset(names) for section, names in ids.items()}


def _includes(root: Node) -> Any:
    return root.data.get("include") if isinstance(root.data, dict) else None
