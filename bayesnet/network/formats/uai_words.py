"""Take the words of a UAI file one after another, without its remarks."""

import re

from bayesnet.network.formats.blocks import MOST_TOKENS, Token
from bayesnet.network.formats.mistakes import MistakeError

_REMARK = re.compile(r"#[^\n]*|^[cC](?=[ \t\n]|\Z)[^\n]*", re.MULTILINE)
"""From `#` to the end of the line; or a line that begins with the word `c`, as in DIMACS files."""


class Words:
    """The words of a file, taken one after another; MistakeError where they end too early."""

    def __init__(self, text: str) -> None:
        # Blanks keep every word's place.
        self._text = _REMARK.sub(lambda remark: " " * len(remark[0]), text)
        self._left = re.finditer(r"\S+", self._text)
        # No honest count or index is larger than the file is long.
        self._most = min(len(text), MOST_TOKENS)

    def word(self) -> Token:
        """Take the next word."""
        found = next(self._left, None)
        if found is None:
            raise MistakeError("ends too early", len(self._text))
        return Token(found[0], False, found.start())

    def integer(self) -> int:
        """Take the next word as a count or an index."""
        return self._integer(self.word())

    def _integer(self, word: Token) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", word.text) or int(word.text) > self._most:
            raise MistakeError(f"a count or an index is out of range: {word.text}", word.at)
        return int(word.text)

    def integers(self) -> list[int]:
        """Take a count, then as many integers."""
        return [self.integer() for _ in range(self.integer())]

    def listed(self) -> list[Token]:
        """Take a count, then as many words."""
        return [self.word() for _ in range(self.integer())]

    def rest(self) -> list[int]:
        """Take all words that are left, as integers."""
        found = []
        while (each := next(self._left, None)) is not None:
            found.append(self._integer(Token(each[0], False, each.start())))
        return found

    def end(self) -> None:
        """Raise MistakeError for words after the last one that the counts announce."""
        found = next(self._left, None)
        if found is not None:
            message = f"'{found[0]:.20}' stands after what the counts announce; correct a count"
            raise MistakeError(message, found.start())
