"""Read a model to tell everything about it that deserves a look: mistakes, and apart warnings."""

from collections.abc import Set
from pathlib import Path
from typing import Literal

from msgspec import Struct

from bayesnet.model.overlays.stack import read_stack
from bayesnet.model.reading.notice import Notice, notice_at
from bayesnet.model.reading.positions import display_path
from bayesnet.model.reading.reader import Reading, ReadModel, RepairedModel, read_model
from bayesnet.model.shipped import is_shipped
from bayesnet.model.warnings.all_warnings import warnings_of


class Noticed(Struct, frozen=True):
    """What a model file gave: the model, None where it has mistakes, and what to say of it.

    of_base: how many warnings an overlay takes over unchanged from what it extends; `notices` does
    not hold them. base: what it extends, as a command takes it.
    """

    model: ReadModel | None
    notices: tuple[Notice, ...]
    of_base: int = 0
    base: str = ""

    def of(self, severity: Literal["error", "warning"]) -> tuple[Notice, ...]:
        """Return the notices of one severity."""
        return tuple(each for each in self.notices if each.severity == severity)


def read_noticing(path: Path) -> Noticed:
    """Read a model with every mistake and every warning, in the order of their places.

    While there are mistakes, only those warnings are given that no mistake can bring about. Of an
    overlay, those that it causes or changes: not what is said of what it extends by itself.
    """
    reading = read_model(path)
    errors = [notice_at("error", each.position, each.message) for each in reading.mistakes]
    # What is wrong is not doubtful as well.
    wrong = {_place(each)[:3] for each in errors}
    doubtful = {each for each in _warnings(reading) if _place(each)[:3] not in wrong}
    name, told = _of_base(path) if doubtful else ("", frozenset())
    notices = sorted([*errors, *(doubtful - told)], key=_place)
    return Noticed(reading.model, tuple(notices), len(doubtful & told), name)


def _of_base(path: Path) -> tuple[str, Set[Notice]]:
    """Return what an overlay extends, and the warnings of that by itself; nothing of others."""
    layers = read_stack(path).layers
    extends = layers[-1].extends
    if extends is None or len(layers) == 1:
        return "", frozenset()
    main = layers[-2].main.path
    name = extends.name if is_shipped(extends.name) else display_path(main)
    return name, _warnings(read_model(main))


def _place(notice: Notice) -> tuple[str, int, int, str]:
    return notice.file, notice.line, notice.column, notice.message


def _warnings(reading: Reading) -> set[Notice]:
    """Return the warnings that do not come from what stands in for unreadable values."""
    is_sound = reading.model is not None
    found = [_of_repaired(each, is_sound) for each in reading.repaired]
    of_overlays = set() if reading.model is None else set(reading.model.notices)
    return set.intersection(*found) | of_overlays if found else of_overlays


def _of_repaired(repaired: RepairedModel, is_sound: bool) -> set[Notice]:
    return {
        notice_at("warning", repaired.root.place(each.path), each.message, each.remedy)
        for each in warnings_of(repaired.description, is_sound)
        if not any(each.path[:end] in repaired.replaced for end in range(len(each.path) + 1))
    }
