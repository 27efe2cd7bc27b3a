"""Parse the syntax that BIF and NET share: `header { statement; header { ... } statement; }`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bayesnet.errors import NetworkError


class Token(NamedTuple):
    """A word, a punctuation mark or a quoted text; a quoted token is never a mark."""

    text: str
    quoted: bool = False


_OPEN, _CLOSE, _END = Token("{"), Token("}"), Token(";")


@dataclass(frozen=True)
class Block:
    """The tokens before a pair of braces (header), and the statements and blocks between them."""

    header: tuple[Token, ...]
    statements: list[list[Token]] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)

    @property
    def keyword(self) -> str:
        """First word of the header; empty where there is none."""
        return self.header[0].text if self.header else ""


def token_pattern(marks: str, remark: str = "") -> re.Pattern[str]:
    """Make the pattern that splits a text into tokens, for `read_blocks`.

    marks: characters that are tokens by themselves. remark: the character that begins a comment of
    one line; `//` and `/* */` always make comments.
    """
    comment = r"/\*.*?\*/|//[^\n]*" + (rf"|{remark}[^\n]*" if remark else "")
    word = rf'(?:[^\s"/{marks}{remark}]|/(?![/*]))+'
    return re.compile(
        rf'(?P<skipped>\s+|{comment})|"(?P<quoted>[^"]*)"|(?P<bare>[{marks}]|{word})|(?P<odd>.)',
        re.DOTALL,
    )


def read_blocks(text: str, pattern: re.Pattern[str]) -> list[Block]:
    """Parse a text into its outermost blocks.

    Raises NetworkError for braces, quotation marks or comments that are not closed.

        >>> [block] = read_blocks("node A { states = (no yes); }", token_pattern("{}();="))
        >>> block.keyword, joined(block.statements[0])
        ('node', 'states = ( no yes )')
    """
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
    """Split tokens at marks, leaving out empty groups.

    marks: the characters to split at; a quoted token is none.
    """
    groups: list[list[Token]] = [[]]
    for token in tokens:
        if not token.quoted and token.text in marks:
            groups.append([])
        else:
            groups[-1].append(token)
    return [group for group in groups if group]


def words(tokens: Sequence[Token], marks: str) -> list[str]:
    """Return the texts of the tokens that are not among the marks."""
    return [token.text for token in tokens if token.quoted or token.text not in marks]


def joined(tokens: Sequence[Token]) -> str:
    """Join the tokens of a name that may have several words."""
    return " ".join(token.text for token in tokens)


def _tokens(text: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    """Yield the tokens; NetworkError with the line of a quotation or comment that is not closed."""
    for match in pattern.finditer(text):
        if match["bare"] is not None:
            yield Token(match["bare"])
        elif match["quoted"] is not None:
            yield Token(match["quoted"], quoted=True)
        elif match["odd"] is not None:
            line = text.count("\n", 0, match.start()) + 1
            raise NetworkError(f"line {line}: a quotation or a comment is not closed")
