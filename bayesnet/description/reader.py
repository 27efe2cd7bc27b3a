"""A model file to a checked description: every mistake at once, each with its place."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from bayesnet.description.checks import check
from bayesnet.description.compiled import NodeSpec, Problem
from bayesnet.description.files import SECTIONS, ModelFiles, merge, read_files
from bayesnet.description.format import (
    Cause,
    Derived,
    Exercise,
    Finding,
    Identity,
    ModelDescription,
    Pathway,
    PublishedFigure,
    RiskFactor,
    Shared,
    Triage,
    TriageRule,
)
from bayesnet.description.parameters import solve
from bayesnet.description.positions import Located, Node, Position
from bayesnet.description.scope import Scope
from bayesnet.description.wording import shape_problems
from bayesnet.errors import ModelFileError, nearest_names

_ENTRIES: Mapping[str, type] = {
    "causes": Cause,
    "shared": Shared,
    "risk_factors": RiskFactor,
    "findings": Finding,
    "derived": Derived,
    "pathways": Pathway,
    "exercises": Exercise,
    "evidence": PublishedFigure,
}
_NOBODY = Identity(id="?", version="?", title="?", setting="?", disclaimer="?")


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


def read_description(path: Path) -> ReadModel:
    """The model in a file and the files it includes; raises ModelFileError with every mistake."""
    files = read_files(path)
    root, twice = merge(files.files)
    shape, shape_places = _shape(files)
    problems = [*files.problems, *twice, *shape_places]
    description = _well_formed(root) if problems else msgspec.convert(root.data, ModelDescription)
    nodes: tuple[NodeSpec, ...] = ()
    if files.complete:
        findings = check(Scope(description, _ids(root)))
        meaning = list(findings.problems)
        if findings.solvable and not problems:
            nodes, unsolved = solve(description)
            places = {problem.path for problem in meaning}
            meaning += [each for each in unsolved if not _within(each.path, places)]
        blocks = {problem.path[:-1] for problem in shape if problem.path}
        meaning = [each for each in meaning if each.path not in blocks]
        problems += [Located(root.place(each.path), each.message) for each in meaning]
    if problems:
        raise ModelFileError([str(each) for each in sorted(set(problems))])
    whole = hashlib.sha256(b"".join(file.content for file in files.files)).hexdigest()
    digests = tuple(hashlib.sha256(file.content).hexdigest() for file in files.files)
    return ReadModel(description, nodes, whole, tuple(f.path for f in files.files), digests)


def _shape(files: ModelFiles) -> tuple[list[Problem], list[Located]]:
    """What does not fit the format, file by file: with paths, and with places."""
    problems: list[Problem] = []
    places: list[Located] = []
    for file in files.files:
        if file.root is not None:
            found = shape_problems(file.root)
            problems.extend(found)
            places.extend(Located(file.root.place(each.path), each.message) for each in found)
    main = files.files[0].root
    if main is not None and isinstance(main.data, dict) and "model" not in main.data:
        message = "'model' is missing in the main file; add `model:` with id, version and title"
        places.append(Located(Position(files.shown), message))
    return problems, places


def _within(path: tuple[str | int, ...], places: Iterable[tuple[str | int, ...]]) -> bool:
    """Whether a problem is reported already, at this path or inside it."""
    return any(place[: len(path)] == path for place in places)


def _ids(root: Node) -> dict[str, frozenset[str]]:
    ids = {section: set(_block(root.data, section)) for section in SECTIONS}
    for key in root.data.keys() - set(SECTIONS):
        # Entries under a misspelt section are not unknown; its name is the one mistake.
        for meant in nearest_names(key, SECTIONS)[:1]:
            ids[meant].update(_block(root.data, key))
    return {section: frozenset(names) for section, names in ids.items()}


def _well_formed(root: Node) -> ModelDescription:
    """The description of what fits the format, so that a slip in one entry hides no other's."""
    sections: dict[str, Any] = {}
    for section, kind in _ENTRIES.items():
        entries = {name: _entry(data, kind) for name, data in _block(root.data, section).items()}
        sections[section] = {name: each for name, each in entries.items() if each is not None}
    identity = _entry(root.data.get("model"), Identity) or _NOBODY
    include = _entry(root.data.get("include", []), tuple[str, ...]) or ()
    triage = _triage(root.data.get("triage"))
    return ModelDescription(model=identity, include=include, triage=triage, **sections)


def _triage(data: Any) -> Triage | None:
    if not isinstance(data, dict):
        return None
    rules = _block(data, "rules")
    kept = {name: rule for name, rule in rules.items() if _entry(rule, TriageRule) is not None}
    triage: Triage | None = _entry({**data, "rules": kept}, Triage)
    return triage


def _block(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    block = data.get(key)
    return block if isinstance(block, dict) else {}


def _entry(data: Any, kind: Any) -> Any:
    """The data as an instance of a class of the format; None when it does not fit."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError:
        return None
