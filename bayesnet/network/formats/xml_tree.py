"""Parse XML into elements that know their place; names of tags and attributes in lower case.

Namespaces are left out of the names, since files of one kind carry different ones or none.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from bayesnet.network.formats.blocks import MOST_TOKENS, Token
from bayesnet.network.formats.mistakes import MistakeError

MOST_ELEMENTS = 2_000_000
"""Most elements of a file, some 1 GB of them; a network of 1,000 variables has under 20,000."""


@dataclass(frozen=True, eq=False, slots=True)
class Element:
    """An element: its tag, attributes, children, and all text directly inside it.

    at: position of its `<` in the text.
    """

    tag: str
    attributes: Mapping[str, str]
    at: int
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text inside, without white space around it; comments are not part of it."""
        return "".join(self.pieces).strip()

    def find(self, tag: str) -> "Element | None":
        """Return the first child of that tag, None where there is none."""
        return next(self.all(tag), None)

    def all(self, tag: str) -> "Iterator[Element]":
        """Yield the children of that tag."""
        return (child for child in self.children if child.tag == tag)

    def words(self, between: str = "", remark: str = "") -> list[Token]:
        """Return the words of the text, at the place of the element.

        between: characters that stand between words as white space does. remark: what begins a
        remark to the end of a line. Raises MistakeError for more than MOST_TOKENS of them.
        """
        found: list[Token] = []
        skipped = rf"{remark}[^\n]*|" if remark else ""
        for word in re.finditer(rf"{skipped}[^\s{between}]+", self.text):
            if remark and word[0].startswith(remark):
                continue
            found.append(Token(word[0], False, self.at))
            if len(found) > MOST_TOKENS:
                raise MistakeError(f"more than {MOST_TOKENS:,} words; not a network file", self.at)
        return found


def parse_xml(text: str) -> Element:
    """Parse a whole XML document; raises MistakeError where it is broken, or has too much in it.

    >>> parse_xml('<a xmlns="urn:x"><B c="1"> x </B></a>').children[0].text
    'x'
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    builder = _Builder(parser, text)
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        at = builder.position(error.lineno, error.offset)
        raise MistakeError(f"not whole XML ({expat.ErrorString(error.code)})", at) from error
    return builder.root.children[0]


class _Builder:
    """Builds the elements of one document while it is parsed."""

    def __init__(self, parser: expat.XMLParserType, text: str) -> None:
        self.root = Element("", {}, 0)
        self._parser = parser
        self._open = [self.root]
        self._count = 0
        self._text = text
        self._line, self._begins = 1, 0

    def position(self, line: int, column: int) -> int:
        """Return the position of a line (from 1, no earlier than the last asked) and column."""
        while self._line < line:
            self._begins = self._text.find("\n", self._begins) + 1
            self._line += 1
        return self._begins + column

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        at = self.position(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber)
        if self._count > MOST_ELEMENTS:
            raise MistakeError(f"more than {MOST_ELEMENTS:,} elements; not a network file", at)
        named = {_local(key): value for key, value in attributes.items()}
        element = Element(_local(name), named, at)
        self._open[-1].children.append(element)
        self._open.append(element)

    def end(self, name: str) -> None:
        self._open.pop()

    def characters(self, text: str) -> None:
        self._open[-1].pieces.append(text)


def _local(name: str) -> str:
    """Return a name in lower case, without its namespace."""
    return name.rpartition(" ")[2].lower()
