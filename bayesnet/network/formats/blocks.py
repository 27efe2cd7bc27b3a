"""Parse the syntax that BIF, NET, DNE and DSL share: `header { key = value; header { ... } }`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bayesnet.network.formats.mistakes import MistakeError

MOST_TOKENS = 10_000_000
"""Most words and marks of a file, some 2 GB of them: a packed file of a few megabytes can hold a
hundred times as many. The largest published network (munin) has under 1,000,000."""
MOST_BLOCKS = 500_000
"""Most blocks of a file; a network of 1,000 variables has some 3,000."""


class Token(NamedTuple):
    """A word, a punctuation mark or a quoted text; a quoted token is never a mark.

    at: position of its first character in the text.
    """

    text: str
    quoted: bool = False
    at: int = 0

    def means(self, word: str) -> bool:
        """Tell whether this is that mark or that word of the syntax, which is never quoted."""
        return self.text == word and not self.quoted


@dataclass(frozen=True)
class Block:
    """The tokens before a pair of braces (header), and the statements and blocks between them.

    at: position of the header's first token, or of the brace where there is none.
    """

    header: tuple[Token, ...]
    statements: list[list[Token]] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)
    at: int = 0

    @property
    def keyword(self) -> str:
        """First word of the header; empty where there is none."""
        return self.header[0].text if self.header else ""

    def value(self, key: str) -> list[Token] | None:
        """Return the tokens of `key = ...;`, None where the block has no such key."""
        for statement in self.statements:
            if len(statement) > 1 and statement[0].means(key) and statement[1].means("="):
                return statement[2:]
        return None


def token_pattern(marks: str, remark: str = "", escapes: bool = False) -> re.Pattern[str]:
    """Make the pattern that splits a text into tokens, for `read_blocks`.

    marks: characters that are tokens by themselves. remark: the character that begins a comment of
    one line; `//` and `/* */` always make comments. escapes: a backslash in a quoted text takes the
    next character with it.
    """
    comment = r"/\*.*?\*/|//[^\n]*" + (rf"|{remark}[^\n]*" if remark else "")
    word = rf'(?:[^\s"/{marks}{remark}]|/(?![/*]))+'
    inner = r'(?:[^"\\]|\\.)*' if escapes else '[^"]*'
    return re.compile(
        rf'(?P<skipped>\s+|{comment})|"(?P<quoted>{inner})"|(?P<bare>[{marks}]|{word})|(?P<odd>.)',
        re.DOTALL,
    )


def read_blocks(text: str, pattern: re.Pattern[str]) -> list[Block]:
    """Parse a text into its outermost blocks.

    Raises MistakeError for braces, quotation marks or comments that are not closed, for no block
    at all, and for more than MOST_BLOCKS blocks or MOST_TOKENS tokens.

        >>> [block] = read_blocks("node A { states = (no yes); }", token_pattern("{}();="))
        >>> block.keyword, joined(block.statements[0])
        ('node', 'states = ( no yes )')
    """
    open_blocks, count = [Block(())], 0
    statement: list[Token] = []
    for token in _tokens(text, pattern):
        if token.quoted or token.text not in "{};":
            statement.append(token)
            continue
        if token.text == "{":
            block = Block(tuple(statement), at=(statement or [token])[0].at)
            count += 1
            if count > MOST_BLOCKS:
                raise MistakeError(
                    f"more than {MOST_BLOCKS:,} blocks; not a network file", block.at
                )
            open_blocks[-1].blocks.append(block)
            open_blocks.append(block)
        elif statement:
            open_blocks[-1].statements.append(statement)
        statement = []
        if token.text == "}":
            open_blocks.pop()
            if not open_blocks:
                raise MistakeError("a closing brace has no opening brace", token.at)
    if len(open_blocks) > 1:
        begins = open_blocks[-1].at
        raise MistakeError("ends inside this block: a closing brace is missing", begins)
    if not open_blocks[0].blocks:
        raise MistakeError("no block in braces in it", (statement or [Token("")])[0].at)
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


def words(tokens: Sequence[Token], marks: str) -> list[Token]:
    """Return the tokens that are not among the marks."""
    return [token for token in tokens if token.quoted or token.text not in marks]


def joined(tokens: Sequence[Token]) -> str:
    """Join the tokens of a name that may have several words."""
    return " ".join(token.text for token in tokens)


def _tokens(text: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    """Yield the tokens; MistakeError for a quotation or comment that is not closed, or for many."""
    count = 0
    for match in pattern.finditer(text):
        if match["bare"] is not None:
            yield Token(match["bare"], False, match.start())
        elif match["quoted"] is not None:
            yield Token(match["quoted"], True, match.start())
        elif match["odd"] is not None:
            raise MistakeError("a quotation or a comment is not closed", match.start())
        else:
            continue
        count += 1
        if count > MOST_TOKENS:
            what = f"more than {MOST_TOKENS:,} words and marks; not a network file"
            raise MistakeError(what, match.start())
