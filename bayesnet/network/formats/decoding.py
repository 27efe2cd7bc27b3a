"""Decode the bytes of a file as text, and words as numbers.

A file is UTF-8, or says what it is (a byte order mark, an XML declaration), or the caller says it.
Nothing is guessed: a name read by the wrong encoding would be another name.
"""

import codecs
import re
from collections.abc import Iterable

from bayesnet.network.formats.blocks import Token
from bayesnet.network.formats.mistakes import MistakeError

# Plain decimal notation: float() itself would also take `nan` and `1_000`.
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*?\?>")
_DECLARED = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_LIKELY = ("cp1252", "gb18030", "shift_jis", "euc_kr", "cp1251", "cp1250")
"""Encodings that are tried to show how a word would read, in the order of how common they are."""
_SHOWN = 3
_REMEDY = "give its encoding (encoding=, --encoding) or save it as UTF-8"
_OF_WORDS = re.compile(rb"[\w\x80-\xff.-]")


def text_of(content: bytes, encoding: str | None) -> str:
    """Decode a file's content; lines end in a line feed, and an XML declaration becomes blanks.

    encoding: as in `ReadingOptions`. Raises MistakeError for an encoding that is unknown or that
    the content does not fit, at the first byte that does not, with how others would read it.
    """
    name = encoding or _said(content) or "utf-8"
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        raise _undecodable(content, name, error.start, encoding is not None) from None
    except (LookupError, ValueError):
        raise MistakeError(f"unknown encoding '{name}'; give one that Python knows") from None
    if "\0" in text:
        raise MistakeError(
            f"a character of code 0; perhaps it is UTF-16: {_REMEDY}", text.index("\0")
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # What it says of the encoding is done with, and blanks keep every other character's place.
    return _DECLARATION.sub(lambda said: re.sub(r"[^\n]", " ", said[0]), text, count=1)


def numbers(name: str, words: Iterable[Token]) -> list[float]:
    """Read the probabilities of a variable; raises MistakeError for a word that is no number.

    name: the variable, for the message.
    """
    found = []
    for word in words:
        if not _NUMBER.fullmatch(word.text):
            raise MistakeError(f"'{name}' has '{word.text}' where a number should be", word.at)
        found.append(float(word.text))
    return found


def _said(content: bytes) -> str | None:
    """Return the encoding that a content says it has: by its first bytes, or as XML."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    declared = _DECLARED.match(content[:1000])
    return declared[1].decode() if declared else None


def _undecodable(content: bytes, name: str, at: int, given: bool) -> MistakeError:
    """Make the error for content that is not in the encoding of that name from byte `at` on."""
    if given:
        return MistakeError(f"this is not in the encoding {name}; give another one", at)
    told = "this is not UTF-8" if name == "utf-8" else f"the file says it is {name}, and is not"
    if b"\0" in content[:100]:
        return MistakeError(f"{told} but perhaps UTF-16; {_REMEDY}", at)
    start = at
    while start and _OF_WORDS.match(content, start - 1):
        start -= 1
    word = re.match(rb"[\w\x80-\xff.-]*", content[start:])
    return MistakeError(f"{told}; {_REMEDY}{_readings(content, word[0] if word else b'')}", at)


def _readings(content: bytes, word: bytes) -> str:
    """Say how some encodings that the whole content fits would read a word of it."""
    read: list[str] = []
    for name in _LIKELY:
        try:
            content.decode(name)
            text = word.decode(name)
        except UnicodeDecodeError:
            continue
        if text.isprintable() and len(read) < _SHOWN:
            read.append(f"'{text}' in {name}")
    return f"; here would stand {' or '.join(read)}" if read else ""
