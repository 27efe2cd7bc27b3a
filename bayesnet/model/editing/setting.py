"""Set a number of a model file: find its place, write it as if, and read the model with it."""

import re
from dataclasses import dataclass
from pathlib import Path

from bayesnet.errors import EvidenceError, ModelFileError
from bayesnet.model.editing.addresses import addressed
from bayesnet.model.editing.new_number import NewNumber, rewritten
from bayesnet.model.editing.writing_place import writing_place
from bayesnet.model.format.compiled import CompiledModel
from bayesnet.model.format.description import KeyPath
from bayesnet.model.lookup.sources import SourcedNumber
from bayesnet.model.overlays.stack import read_stack
from bayesnet.model.store import compiled_as_if, load_compiled

BYTE_ORDER_MARK = "\ufeff"
_PLACE = re.compile(r"[^\n]*?:\d+:\d+: ")


@dataclass(frozen=True)
class SetNumber:
    """A number changed in memory: the file that changes, and the model before and after it.

    content, changed: of the file; line: the first that differs; old, new: the number.
    """

    file: Path
    line: int
    content: bytes
    changed: bytes
    before: CompiledModel
    after: CompiledModel
    path: KeyPath
    old: SourcedNumber | None
    new: SourcedNumber


def set_number(main: Path, name: str, new: NewNumber) -> SetNumber:
    """Set a number, named as by `addresses`, without writing anything.

    main: the model's main file; the number may stand in one that it includes. An overlay gets it,
    and its base stays as it is. Raises ModelFileError
    when the model has mistakes as it is, UnknownNameError for the name, and EvidenceError with the
    reason when the model would not load with the new number.
    """
    before = load_compiled(main)
    found = addressed(before.description, name)
    stack = read_stack(main)
    place = writing_place(stack, found)
    file = place.file
    if stack.top.network is not None and stack.top.network.path == file.path:
        raise EvidenceError(
            f"'{file.path}' is a network of another program; make a model file of it with "
            "'lbp-infer model import', and set it there"
        )
    text = file.content.decode("utf-8")
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    changed = (mark + rewritten(text.removeprefix(mark), place.found, new)).encode()
    after = _loaded(main, file.path, changed, name)
    number = addressed(after.description, name).number
    if number is None:
        raise EvidenceError(
            f"'{name}' cannot be set in '{place.file.path}'; write it there by hand"
        )
    content = place.file.content
    line = _first_difference(content, changed)
    return SetNumber(
        place.file.path, line, content, changed, before, after, found.path, found.number, number
    )


def _loaded(main: Path, file: Path, changed: bytes, name: str) -> CompiledModel:
    try:
        return compiled_as_if(main, {file: changed})
    except ModelFileError as error:
        reasons = "; ".join(dict.fromkeys(_PLACE.sub("", each, 1) for each in error.problems))
        raise EvidenceError(
            f"'{name}' is not set, for the model would not load: {reasons}"
        ) from None


def _first_difference(before: bytes, after: bytes) -> int:
    pairs = zip(before.split(b"\n"), after.split(b"\n"), strict=False)
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), None)
    return min(before.count(b"\n"), after.count(b"\n")) + 1 if same is None else same + 1
