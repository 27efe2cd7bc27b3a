"""Decode the bytes of a file as text, XML elements and numbers."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from bayesnet.errors import NetworkError

# Plain decimal notation: float() itself would also take `nan` and `1_000`.
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def text_of(content: bytes) -> str:
    """Decode UTF-8, else Latin-1, which any bytes are; lines end in a line feed."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")  # what the tools of the nineties wrote
    return text.replace("\r\n", "\n").replace("\r", "\n")


def xml_root(content: bytes) -> ET.Element:
    """Parse XML and return its root element; raises NetworkError where it is broken."""
    try:
        return ET.fromstring(content)
    except (ET.ParseError, LookupError, ValueError) as error:  # the latter two: odd encodings
        raise NetworkError(f"not whole XML ({error})") from error


def inner_text(element: ET.Element | None) -> str:
    """Return an element's text without surrounding white space; '' where there is no element."""
    return "" if element is None else (element.text or "").strip()


def numbers(name: str, words: Iterable[str]) -> list[float]:
    """Read the probabilities of a variable; raises NetworkError for a word that is no number.

    name: the variable, for the message.
    """
    found = []
    for word in words:
        if not _NUMBER.fullmatch(word):
            raise NetworkError(f"'{name}' has '{word}' where a number should be")
        found.append(float(word))
    return found
