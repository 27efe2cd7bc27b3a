"""Find slips of the keyboard that a person cannot see, and read the text as it was meant.

What is found is reported, so that the file is refused; the text as meant keeps its lines, so that
everything else that is wrong with the file is found in the same run.
"""

import re
import unicodedata
from collections.abc import Iterator

from bayesnet.model.reading.positions import Located, Position

# Letters that look like one of a to z in most fonts, and that one.
_LIKE = dict(zip("аеорсухіѕјһԁɡνο", "aeopcyxisjhdgvo", strict=True))
_WORD = re.compile(rf"[A-Za-z0-9_]*[{''.join(_LIKE)}][A-Za-z0-9_{''.join(_LIKE)}]*")
# No width, or a change of the direction of writing; none of them does anything in a model.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_SPACE = "\u00a0\u2007\u202f\u3000"
# Where YAML needs an ordinary space: before the first word of a line, and after a key's colon.
_WRONG_SPACE = re.compile(
    rf"^[ ]*(?P<first>[{_SPACE}][{_SPACE} ]*)|(?:^|[{{,])\s*[\w-]+:(?P<after>[{_SPACE}]+)"
)
_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})(\s|$)")
# How network files of other programs begin; `kind_of` looks closer.
_LIKE_A_NETWORK = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<|//|/\*|%|(net|network|variable|bnet|class|bayes|markov)\s)",
    re.IGNORECASE,
)
_ENOUGH = 10_000
_FOREIGN = (
    (b"PK\x03\x04", "a Word, LibreOffice or zip file"),
    (b"{\\rtf", "a file of a word processor (RTF)"),
    (b"%PDF", "a PDF"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)


def foreign_content(content: bytes) -> str:
    r"""Say what to do about content that is no UTF-8 text at all; empty where it may be.

    >>> foreign_content(b"PK\x03\x04...")
    'this is a Word, LibreOffice or zip file; save the model as plain text (UTF-8)'
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
        return "the text is UTF-16; save the file again with the encoding UTF-8"
    for start, kind in _FOREIGN:
        if content.startswith(start):
            return f"this is {kind}; save the model as plain text (UTF-8)"
    return _network_content(content) if _LIKE_A_NETWORK.match(content) else ""


def _network_content(content: bytes) -> str:
    """Say what to do about the content of a network file; empty where it is none."""
    # Its readers are loaded for the few files that may be one.
    from bayesnet.network.formats.kinds import kind_of

    kind = kind_of(content[:_ENOUGH].decode("utf-8-sig", "replace"))
    if kind is None:
        return ""
    return (
        f"this is a network file ({kind.name}) and not a model; ask it with 'lbp-infer network', "
        "or make a model of it with 'lbp-infer model import'"
    )


def conflict_left(text: str, file: str) -> Located | None:
    """Report the first mark of two versions of a file that were not put together to the end."""
    for line, written in enumerate(text.splitlines(), 1):
        if _CONFLICT.match(written):
            message = (
                "two versions of the file were not put together to the end; keep one of them and "
                "delete the lines that start with <<<<<<<, ======= and >>>>>>>"
            )
            return Located(Position(file, line), message)
    return None


def as_meant(text: str, file: str) -> tuple[str, list[Located]]:
    r"""Return the text without such slips, and each slip that was found.

    >>> text, found = as_meant("dis\u200bc: 1", "m.yaml")
    >>> text, str(found[0])
    ('disc: 1', 'm.yaml:1:4: a character that cannot be seen (zero width space); delete it')
    """
    if text.isascii():
        return text, []
    lines = text.split("\n")
    found = []
    for at, line in enumerate(lines):
        if line.isascii() or line.lstrip().startswith("#"):
            continue
        lines[at], slips = _line_as_meant(line)
        found += [Located(Position(file, at + 1, column), message) for column, message in slips]
    return "\n".join(lines), found


def _line_as_meant(line: str) -> tuple[str, list[tuple[int, str]]]:
    slips = [*_unseen(line), *_spaces(line), *_letters(line)]
    for match in list(_WRONG_SPACE.finditer(line)):
        start, end = match.span("first" if match["first"] else "after")
        line = line[:start] + " " * (end - start) + line[end:]
    line = _WORD.sub(lambda match: _plain(match[0]) if _is_mixed(match[0]) else match[0], line)
    return _UNSEEN.sub("", line), slips


def _unseen(line: str) -> Iterator[tuple[int, str]]:
    for match in _UNSEEN.finditer(line):
        name = unicodedata.name(match[0], "unnamed").lower()
        yield match.start() + 1, f"a character that cannot be seen ({name}); delete it"


def _spaces(line: str) -> Iterator[tuple[int, str]]:
    for match in _WRONG_SPACE.finditer(line):
        start = match.start("first" if match["first"] else "after")
        message = "a space of another kind (no-break space), which is none to YAML; type it again"
        yield start + 1, message


def _letters(line: str) -> Iterator[tuple[int, str]]:
    for match in _WORD.finditer(line):
        if _is_mixed(match[0]):
            at, letter = next((at, each) for at, each in enumerate(match[0]) if each in _LIKE)
            alphabet = unicodedata.name(letter).split()[0].capitalize()
            message = (
                f"'{match[0]}' has a letter that is not a-z: {at + 1} is {alphabet} and only looks "
                f"like '{_LIKE[letter]}'; type the word again: {_plain(match[0])}"
            )
            yield match.start() + at + 1, message


def _is_mixed(word: str) -> bool:
    return any(each.isascii() and each.isalpha() for each in word)


def _plain(word: str) -> str:
    return "".join(_LIKE.get(each, each) for each in word)
