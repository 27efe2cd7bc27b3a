"""Say once what is wrong in many places because one thing was deleted or renamed."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from bayesnet.model.checks.names import words_as_id
from bayesnet.model.format.description import KeyPath
from bayesnet.model.reading.positions import Located, Node, Position

FEWEST = 3
"""Places that name the same absent thing: fewer are told each, with the nearest names."""
MOST_LINES = 60
"""Lines that a message names; the rest are counted."""


def said_once(problems: Iterable[Located], root: Node) -> tuple[Located, ...]:
    """Return the mistakes in order of their places, those about one absent thing as one.

    root: all files as one tree. A state that is absent is told where its variable lists the others,
    an id at the first place that names it.
    """
    by_absent: dict[tuple[str, ...], list[Located]] = {}
    kept = []
    for each in sorted(problems):
        if each.absent:
            by_absent.setdefault(each.absent, []).append(each)
        else:
            kept.append(each)
    for absent, found in by_absent.items():
        if _is_misspelt_at_home(absent, root):
            continue  # The name of the state is reported where it is listed.
        kept += found if len(found) < FEWEST else [_joined(absent, found, root)]
    return tuple(sorted(kept))


def _joined(absent: Sequence[str], found: Sequence[Located], root: Node) -> Located:
    positions = [each.position for each in found]
    named = "'{}'".format("' of '".join(reversed(absent)))
    message = (
        f"{named} is not there, and {len(found)} places name it: {_lines(positions)}. If it was "
        "deleted, delete it in all of them too; if it was renamed, write its new name there"
    )
    return Located(_home(absent, root) or positions[0], message)


def _home(absent: Sequence[str], root: Node) -> Position | None:
    """Return where the states of a variable are listed; None for an id."""
    path = _states_path(absent, root)
    return root.place(path) if path else None


def _is_misspelt_at_home(absent: Sequence[str], root: Node) -> bool:
    """Tell whether a state or an id is there, but not as such is written: `Hot` for `hot`."""
    path = _states_path(absent, root)
    listed = root.find(path).data if path else ()
    if len(absent) == 1:
        listed = [name for part in root.children.values() for name in part.children]
    return any(str(each) != absent[-1] == words_as_id(str(each)) for each in listed)


def _states_path(absent: Sequence[str], root: Node) -> KeyPath:
    for section in ("risk_factors", "findings") if len(absent) > 1 else ():
        for listed in ("states", "bands"):
            path = (section, absent[0], "answer", listed)
            if listed in root.find(path[:-1]).children:
                return path
    return ()


def _lines(positions: Sequence[Position]) -> str:
    """List the lines by file.

    >>> _lines([Position("a.yaml", 3), Position("a.yaml", 9), Position("b.yaml", 1)])
    'a.yaml lines 3, 9; b.yaml line 1'
    """
    said = []
    for file, within in groupby(positions[:MOST_LINES], key=lambda each: each.file):
        lines = list(dict.fromkeys(str(each.line) for each in within))
        said.append(f"{file} line{'s' * (len(lines) > 1)} {', '.join(lines)}")
    more = len(positions) - MOST_LINES
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")
