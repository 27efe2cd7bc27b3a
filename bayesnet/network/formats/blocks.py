"""The syntax that BIF and NET share: `header { statement; header { ... } statement; }`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bayesnet.errors import NetworkError


class Token(NamedTuple):
    """A word, a mark, or what stood between quotation marks; a quoted token is never a mark."""

    text: str
    quoted: bool = False


_OPEN, _CLOSE, _END = Token("{"), Token("}"), Token(";")


@dataclass(frozen=True)
class Block:
    """What stands before a pair of braces, and the statements and blocks between them."""

    header: tuple[Token, ...]
    statements: list[list[Token]] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)

    @property
    def keyword(self) -> str:
        """The first word of the header."""
        return self.header[0].text if self.header else ""


def token_pattern(marks: str, remark: str = "") -> re.Pattern[str]:
    """A pattern for `read_blocks`.

    marks: the characters that are tokens by themselves. remark: the one that begins a comment
    of one line; `//` and `/* */` are comments always.
    """
    comment = r"/\*.*?\*/|//[^\n]*" + (rf"|{remark}[^\n]*" if remark else "")
    word = rf'(?:[^\s"/{marks}{remark}]|/(?![/*]))+'
    return re.compile(
        rf'(?P<skipped>\s+|{comment})|"(?P<quoted>[^"]*)"|(?P<bare>[{marks}]|{word})|(?P<odd>.)',
        re.DOTALL,
    )


def read_blocks(text: str, pattern: re.Pattern[str]) -> list[Block]:
    """The blocks of a file; raises NetworkError where braces, quotes or comments do not close."""
    open_blocks = [Block(())]
    statement: list[Token] = []
    for token in _tokens(text, pattern):
        if token not in (_OPEN, _CLOSE, _END):
            statement.append(token)
            continue
        if token == _OPEN:
            block = Block(tuple(statement))
            open_blocks[-1].blocks.append(block)
            open_blocks.append(block)
        elif statement:
            open_blocks[-1].statements.append(statement)
        statement = []
        if token == _CLOSE:
            open_blocks.pop()
            if not open_blocks:
                raise NetworkError("a closing brace has no opening brace")
    if len(open_blocks) > 1:
        raise NetworkError("ends inside a block: a closing brace is missing")
    return open_blocks[0].blocks


def phrases(tokens: Sequence[Token], marks: str) -> list[list[Token]]:
    """The tokens from one mark to the next; nothing for two marks in a row."""
    groups: list[list[Token]] = [[]]
    for token in tokens:
        if not token.quoted and token.text in marks:
            groups.append([])
        else:
            groups[-1].append(token)
    return [group for group in groups if group]


def words(tokens: Sequence[Token], marks: str) -> list[str]:
    """The texts of the tokens that are none of the marks."""
    return [token.text for token in tokens if token.quoted or token.text not in marks]


def joined(tokens: Sequence[Token]) -> str:
    """A name that may be several words."""
    return " ".join(token.text for token in tokens)


def _tokens(text: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    for match in pattern.finditer(text):
        if match["bare"] is not None:
            yield Token(match["bare"])
        elif match["quoted"] is not None:
            yield Token(match["quoted"], quoted=True)
        elif match["odd"] is not None:
            line = text.count("\n", 0, match.start()) + 1
            raise NetworkError(f"line {line}: a quotation or a comment is not closed")
