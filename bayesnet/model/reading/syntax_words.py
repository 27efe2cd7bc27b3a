"""Say in plain words why a text is no YAML, and where the slip stands that made it none."""

import re
from collections.abc import Sequence

import yaml

from bayesnet.model.reading.positions import Located, Position

MOST_DEPTH = 40
"""Levels of nesting; the runner model has 16, and Python's own stack ends at some 500."""

QUOTES = "“”„‟«»‘’‚"
CURLY = f'curly quotes ({QUOTES[:2]}) are letters to YAML; write straight ones: "..."'
HASH = (
    "all from ' #' on is a comment and lost; put the text in quotes, or write '# ' with a space if "
    "a comment is meant"
)

# The YAML library's words, and what they mean to a person with the file open.
_PLAIN_WORDS = (
    # Newer parsers stop by themselves, before the bound of ours is met.
    ("maximum nesting depth", f"nested more than {MOST_DEPTH} levels deep; flatten it"),
    ("tab character", "a tab in front of the line; indent with spaces, not tabs"),
    (
        "mapping values are not allowed",
        "a ':' that cannot stand here; put the text in quotes, or "
        "check the indentation of this line",
    ),
    (
        "cannot start any token",
        "a character that cannot stand here; put the text in quotes, and "
        "indent with spaces, not tabs",
    ),
    ("unexpected end of stream", "a quote that is never closed; close it"),
    ("or '}'", "a '{' that is not closed, or a comma missing before this; add the '}' or the ','"),
    ("or ']'", "a '[' that is not closed, or a comma missing before this; add the ']' or the ','"),
    ("find expected ':'", "a line without 'key: value' above this; add the ':' or join the lines"),
    (
        "find expected key",
        "a line that does not fit the block it is in; check its indentation and quotes",
    ),
    (
        "'-' indicator",
        "a line that does not fit the list it is in; start it with '- ' or check its indentation",
    ),
    ("node content", "a value that is missing, or a bracket that is not closed; complete it"),
    ("escape", "a backslash that YAML does not understand; use single quotes around the text"),
    ("control characters", "a control character; delete it"),
    ("special characters", "a control character; delete it"),
    ("incompatible", "a YAML version that cannot be read; delete the %YAML line"),
    ("alphabetic or numeric", "a '*' or '&' means something to YAML; put the text in quotes"),
    (
        "block sequence entries",
        "a '-' that cannot stand here; put the text in quotes, or begin the list on a new line",
    ),
    ("mapping keys are not allowed", "a '?' means something to YAML; put the text in quotes"),
)
_ABOUT_BLOCKS = re.compile("mapping values are not allowed|find expected <block end>|expected key")
_STRAY = "a '{0}' that closes nothing; delete it, or add what opens it"

# What a line shows by itself: a pattern, whose first group is the place, and what to say.
_ON_A_LINE = (
    (re.compile(rf"(?:[:\[{{,-]\s+|\[)([{QUOTES}])"), CURLY),
    (re.compile(r"^\s*(?:- )?[A-Za-z_][\w-]*(:)[^\s:/][^:]*$"), "a space is missing after ':'"),
    (
        re.compile(r"^\s*(?:- )?[A-Za-z_]\w*\s*(=)\s"),
        "an '=' where a ':' belongs; write 'key: value'",
    ),
    (re.compile(r"^\s*(-)[^\s-]"), "a space is missing after '-'"),
    (re.compile(r"^\s*([–—−•])\s"), "a long dash or a bullet; write '- ' in front of an entry"),
    (re.compile(r"^\s*(//)"), "'//' begins no comment; write '#'"),
    (re.compile(r"^(\.\.\.)\s*$"), "'...' ends the file here; delete the line"),
    (
        re.compile(r"[:,\[{-]\s+([>|](?![-+0-9]*\s*(?:#.*)?$)|[%@`])"),
        "a '>', '|', '%', '@' or '`' at the start means something to YAML; put the text in quotes",
    ),
    (
        re.compile(r'[:,\[{-]\s+"(?:[^"\\]|\\.)*(")[^\s,}\]#:"]'),
        "a quote inside the text ends it; put the whole in single quotes: '...'",
    ),
    (
        re.compile(r"^\s*(?:- )?[\w-]+:\s+(\[[^\]]*\]|\{[^}]*\})\s+[^\s,#}\]]"),
        "text behind a bracket that is closed; put all of it in quotes",
    ),
    (re.compile(r"[0-9\"'\]](;)\s"), "a ';' where a ',' belongs"),
    (re.compile(r"[^\s#\"'][^\"']* (#)[^\s#]"), HASH),
    (
        re.compile(r"'[^']*[^\W\d_](')[^\W\d_]"),
        'an apostrophe ends a text in single quotes; put the text in double quotes: "..."',
    ),
)
_QUOTED = re.compile(
    r"(?:(?<=\s)|^)#[^\n]*"
    r'|(?<=[\s\[{,(])"(?P<inside>(?:[^"\\]|\\.)*)(?P<close>"|\Z)'
    r"|(?<=[\s\[{,(])'(?:[^']|'')*(?:'|\Z)",
    re.MULTILINE | re.DOTALL,
)


def syntax_error(error: yaml.MarkedYAMLError, text: str, file: str) -> Located:
    """Return what the YAML library met, in plain words, at the slip that most likely made it."""
    mark = error.problem_mark or error.context_mark
    problem = error.problem or error.context or ""
    if "unexpected end of stream" in problem and error.context_mark:
        mark = error.context_mark
    lines = text.splitlines()
    if mark is None:
        return Located(Position(file), f"not valid YAML: {in_plain_words(problem)}")
    line, column = mark.line, mark.column
    if line >= len(lines):
        # The parser may stop below the last line, where no editor can go.
        line, column = len(lines) - 1, len(lines[-1])
    if slip := _open_quote(text, line):
        return Located(
            Position(file, *slip), "not valid YAML: a quote that is never closed; close it"
        )
    if seen := _slip_near(lines, line):
        at, place, words = seen
        return Located(Position(file, at + 1, place + 1), f"not valid YAML: {words}")
    opened = error.context_mark
    if opened and "or '" in problem and _indent(lines[line]) <= _indent(lines[opened.line]):
        line, column = opened.line, opened.column
    words = in_plain_words(problem) + _other_indentation(lines, line, problem)
    if lines[line][column : column + 1] in ("}", "]") and "or '" not in problem:
        words = _STRAY.format(lines[line][column])
    return Located(Position(file, line + 1, column + 1), f"not valid YAML: {words}")


def in_plain_words(problem: str) -> str:
    """Translate the YAML library's words.

    >>> in_plain_words("found unknown escape character")
    'a backslash that YAML does not understand; use single quotes around the text'
    """
    for known, words in _PLAIN_WORDS:
        if known in problem:
            return words
    return f"{problem}; check the punctuation here"


def _open_quote(text: str, line: int) -> tuple[int, int] | None:
    """Return line and column of a quote that runs into the next one, which then opens nothing.

    line: where the parser stopped, from 0; only a quote that opens up to there can be the reason.
    """
    for match in _QUOTED.finditer(text):
        inside = match["inside"]
        if inside is None or "\n" not in inside:
            continue
        opens = match.start("inside") - 1
        at = text.count("\n", 0, opens)
        if at > line:
            return None
        after = text[match.end() : match.end() + 1]
        if not match["close"] or after.isalnum():
            return at + 1, opens - text.rfind("\n", 0, opens)
    return None


def _slip_near(lines: Sequence[str], line: int) -> tuple[int, int, str] | None:
    """Return line and column, from 0, and what to say of a slip on the line or the one before."""
    before = next((at for at in range(line - 1, -1, -1) if lines[at].strip()), line)
    for at in dict.fromkeys((line, before)):
        written = lines[at]
        if written.lstrip().startswith("#"):
            continue
        for pattern, words in _ON_A_LINE:
            if found := pattern.search(written):
                return at, found.start(1), words
    if lines[line].lstrip().startswith("-") != lines[before].lstrip().startswith("-"):
        return _list_entry_without_a_dash(lines, line)
    return None


def _list_entry_without_a_dash(lines: Sequence[str], line: int) -> tuple[int, int, str] | None:
    """Return the first line above, in the same list, that starts with a bracket and no '-'."""
    for at in range(line - 1, max(line - 5, -1), -1):
        written = lines[at].lstrip()
        if written.startswith("{"):
            return at, _indent(lines[at]), "an entry of a list without '- ' before it; add it"
    return None


def _other_indentation(lines: Sequence[str], line: int, problem: str) -> str:
    """Compare a line with the one above it, where their indentation may be the mistake."""
    above = next((at for at in range(line - 1, -1, -1) if lines[at].strip()), line)
    if _indent(lines[above]) == _indent(lines[line]) or not _ABOUT_BLOCKS.search(problem):
        return ""
    return f" ({_indent(lines[line])} spaces; line {above + 1} has {_indent(lines[above])})"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
