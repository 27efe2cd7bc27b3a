"""Read a model file into a checked description: every mistake at once, each with its place."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from bayesnet.errors import ModelFileError, nearest_names
from bayesnet.model.checks.all_checks import check
from bayesnet.model.format.compiled import NodeSpec, Origin, sha256_of
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.lookup.scope import Scope
from bayesnet.model.networks.linking import link
from bayesnet.model.overlays.blame import located
from bayesnet.model.overlays.judging import judged
from bayesnet.model.overlays.laying import Laid, Step, laid
from bayesnet.model.overlays.stack import Stack, read_stack
from bayesnet.model.reading.files import SECTIONS, ModelFile, ModelFiles, merge
from bayesnet.model.reading.notice import Notice
from bayesnet.model.reading.positions import Located, Node, Position
from bayesnet.model.reading.repair import StandIns, repair
from bayesnet.model.reading.said_once import said_once
from bayesnet.model.reading.solvable_part import solvable_part
from bayesnet.model.solving.parameters import solve
from bayesnet.network import Network

_NOBODY = {"id": "?", "version": "?", "title": "?", "setting": "?", "disclaimer": "?"}


@dataclass(frozen=True)
class ReadModel:
    """A model without mistakes.

    nodes: the network that the numbers were solved to; sha256: of the description; files: the paths
    of all files, main file first, those of what it extends after its own; digests: each file's own
    sha256; root: all that the files say, with its places; origin, looser: as in a CompiledModel;
    notices: what the author of an overlay should look at.
    """

    description: ModelDescription
    nodes: tuple[NodeSpec, ...]
    sha256: str
    files: tuple[Path, ...]
    digests: tuple[str, ...]
    root: Node
    origin: tuple[Origin, ...]
    looser: tuple[str, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class RepairedModel:
    """All files as one tree that fits the format, with stand-ins for what cannot be read.

    replaced: the paths at which stand-ins were put; violations: what was wrong there; complete:
    whether all that the files include was read.
    """

    root: Node
    description: ModelDescription
    replaced: frozenset[KeyPath]
    violations: tuple[Located, ...]
    complete: bool


@dataclass(frozen=True)
class Reading:
    """A model as it was read, sound or not.

    model: None where there are mistakes; mistakes: every one, in order of their places; repaired:
    the whole as it stands or, where something violates the format, with each kind of stand-ins.
    """

    model: ReadModel | None
    mistakes: tuple[Located, ...]
    repaired: tuple[RepairedModel, ...]


def read_description(path: Path, instead: Mapping[Path, bytes] | None = None) -> ReadModel:
    """Read the model in a file, the files it includes, and what it extends.

    instead: {a file: what is read in place of its content}. Raises ModelFileError with every
    mistake, each as file:line:column.
    """
    reading = read_model(path, instead)
    if reading.model is None:
        raise ModelFileError([str(each) for each in reading.mistakes])
    return reading.model


def read_model(path: Path, instead: Mapping[Path, bytes] | None = None) -> Reading:
    """Read a model as `read_description` does, and return its mistakes with it."""
    stack = read_stack(path, instead)
    if unreadable := _unreadable(stack):
        return Reading(None, tuple(sorted(unreadable)), ())
    whole = laid(stack)
    root, twice = merge(whole.files.files)
    repaired, nodes, found = _examined(whole, root, _network_of(stack))
    # What is wrong with the base by itself comes first, without what the overlay adds to it.
    problems = {*whole.files.problems, *twice, *found}
    if problems and whole.steps and (base := _unsound_base(stack, instead)):
        return base
    if problems:
        return Reading(None, said_once(problems, root), repaired)
    try:
        safety = judged(whole.steps)
    except msgspec.ValidationError:
        # The base does not fit the format without what the overlay adds to it.
        if base := _unsound_base(stack, instead):
            return base
        raise
    if safety.problems:
        return Reading(None, tuple(sorted(set(safety.problems))), repaired)
    description = repaired[0].description
    model = ReadModel(
        description,
        nodes,
        sha256_of(description, nodes),
        tuple(file.path for file in stack.files),
        tuple(hashlib.sha256(file.content).hexdigest() for file in stack.files),
        root,
        whole.origin,
        safety.looser,
        safety.notices,
    )
    return Reading(model, (), repaired)


def _network_of(stack: Stack) -> Network | None:
    """Return the network that the numbers of a model are in, if they are in one."""
    files = [layer.files.network for layer in stack.layers if layer.files.network is not None]
    return files[-1].network if files else None


def _examined(
    whole: Laid, root: Node, network: Network | None
) -> tuple[tuple[RepairedModel, ...], tuple[NodeSpec, ...], set[Located]]:
    """Return the whole repaired, its network, and what is wrong with it whatever stands in."""
    repaired = [_repaired_model(whole.files, StandIns.LOW)]
    if repaired[0].replaced or repaired[0].violations:
        repaired.append(_repaired_model(whole.files, StandIns.HIGH))
    problems = set(repaired[0].violations)
    nodes: tuple[NodeSpec, ...] = ()
    if whole.files.complete and all(each.complete for each in repaired):
        found = []
        for each in repaired:
            nodes, meaning = _meaning(each, _ids(root, each.root), whole.steps, network)
            found.append(meaning)
        problems |= set.intersection(*found)
    return tuple(repaired), nodes, problems


def _unsound_base(stack: Stack, instead: Mapping[Path, bytes] | None) -> Reading | None:
    """Read what an overlay extends, if that has mistakes by itself."""
    base = read_model(stack.layers[-2].main.path, instead)
    return base if base.model is None else None


def _unreadable(stack: Stack) -> set[Located]:
    """Return why the overlays of a stack cannot be laid: a file or a base that is not there."""
    if not stack.problems and (len(stack.layers) == 1 or stack.complete):
        return set()
    problems = set(stack.problems)
    for file in stack.files:
        if file.root is not None and not isinstance(file.root.data, dict):
            problems.update(repair(file.root, StandIns.LOW).problems)
    return problems.union(*(layer.files.problems for layer in stack.layers))


def _repaired_model(files: ModelFiles, stand_ins: StandIns) -> RepairedModel:
    """Repair every file with one kind of stand-ins, merge them, and convert the result."""
    parts: list[ModelFile] = []
    replaced: set[KeyPath] = set()
    violations: list[Located] = []
    complete = True
    for file in files.files:
        if file.root is not None:
            repaired = repair(file.root, stand_ins)
            parts.append(replace(file, root=repaired.root))
            replaced |= repaired.replaced
            violations += repaired.problems
            complete = complete and _includes(file.root) == _includes(repaired.root)
    root, twice = merge(parts)
    violations += _no_model(files, parts)
    description = msgspec.convert({"model": _NOBODY, **root.data}, ModelDescription)
    return RepairedModel(root, description, frozenset(replaced), (*violations, *twice), complete)


def _no_model(files: ModelFiles, parts: Sequence[ModelFile]) -> Iterator[Located]:
    main = files.files[0].root
    repaired = parts[0].root if parts else None
    if main and repaired and isinstance(main.data, dict) and "model" not in repaired.data:
        message = "'model' is missing in the main file; add `model:` with id, version and title"
        yield Located(Position(files.shown), message)


def _meaning(
    repaired: RepairedModel,
    ids: Mapping[str, frozenset[str]],
    steps: Sequence[Step],
    network: Network | None,
) -> tuple[tuple[NodeSpec, ...], set[Located]]:
    """Solve what is sound, and find what is wrong beyond the places where stand-ins were put."""
    found = check(Scope(repaired.description, ids))
    problems = list(found.problems)
    nodes: tuple[NodeSpec, ...] = ()
    if not found.circular:
        part = solvable_part(repaired.description, [*repaired.replaced, *found.broken])
        nodes, unsolved = solve(part) if network is None else link(part, network)
        # The checks say the same of a finding's number, at the number itself.
        said = {each.path[:-1] for each in problems if each.path[-1:] in (("value",), ("values",))}
        problems += [each for each in unsolved if each.path[:-1] not in said]
    return nodes, {
        located(repaired.root, each, steps)
        for each in problems
        if not any(each.path[:end] in repaired.replaced for end in range(len(each.path) + 1))
    }


def _ids(*roots: Node) -> dict[str, frozenset[str]]:
    """Collect every id that stands in the files, in each section."""
    ids: dict[str, set[str]] = {section: set() for section in SECTIONS}
    for root in roots:
        for key in root.data:
            # Entries under a misspelt section are not unknown; its name is the one mistake.
            for section in [key] if key in SECTIONS else nearest_names(key, SECTIONS)[:1]:
                ids[section].update(root.data[key] if isinstance(root.data[key], dict) else ())
    return {section: frozenset(names) for section, names in ids.items()}


def _includes(root: Node) -> Any:
    return root.data.get("include") if isinstance(root.data, dict) else None
