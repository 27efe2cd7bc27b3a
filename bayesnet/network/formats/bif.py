"""Read and write BIF, the Bayesian interchange format (Cozman 1998), in the dialects in use.

Names may be quoted, states listed without commas, parents in a heading without a bar.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from bayesnet.errors import counted
from bayesnet.network import Array, Family, Network
from bayesnet.network.formats.blocks import (
    Block,
    Token,
    joined,
    phrases,
    read_blocks,
    token_pattern,
    words,
)
from bayesnet.network.formats.decoding import numbers
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.options import ReadingOptions
from bayesnet.network.formats.scope import Scope, state_of
from bayesnet.network.formats.spelling import refuse_names

_TOKENS = token_pattern(marks="{}();,|")
_PLAIN_WORD = re.compile(r"[\w.+<>=%-]+(?:/[\w.+<>=%-]+)*")
_COUNT = re.compile(r"\[\s*(\d{1,9})\s*\]")
_BRACKET = re.compile(r"[\[\]()]")
_KEYWORDS = ("network", "variable", "probability")


def read_bif(text: str, options: ReadingOptions) -> Draft:
    """Read the text of a BIF file; raises MistakeError that says what is wrong in it."""
    blocks = read_blocks(text, _TOKENS)
    draft = Draft(options)
    for block in blocks:
        if block.keyword not in _KEYWORDS:
            known = ", ".join(_KEYWORDS)
            message = f"a block begins with '{block.keyword}'; expected one of {known}"
            raise MistakeError(message, block.at)
        if block.keyword == "variable":
            _declare(draft, block)
    for block in blocks:
        if block.keyword == "probability":
            scope = draft.scope(_scope_names(draft, block.header[1:]), block.at)
            if scope is not None:
                draft.table(scope, _values(scope, block))
    return draft


def _declare(draft: Draft, block: Block) -> None:
    """Add a variable; MistakeError if it does not list as many states as it says.

    Its states stand in `type discrete [ 2 ] { yes, no };`.
    """
    name = joined(block.header[1:])
    types = [inner for inner in block.blocks if inner.keyword == "type"]
    kinds = [inner.header[1].text.lower() for inner in types if len(inner.header) > 1]
    kinds += [each[1].text.lower() for each in block.statements if each[0].means("type")][:1]
    for kind in kinds:
        if not kind.startswith("discrete"):
            draft.leave_out(name, kind, block.at)
            return
    tokens = [token for inner in types for statement in inner.statements for token in statement]
    if any(token.means(",") for token in tokens):
        states = [joined(phrase) for phrase in phrases(tokens, ",")]
    else:
        states = [token.text for token in tokens]
    for inner in types:
        said = _COUNT.search(joined(inner.header))
        if said and int(said[1]) != len(states):
            comma = any(_BRACKET.search(state) for state in states)
            remedy = "; a state with a comma in it needs quotation marks" if comma else ""
            raise MistakeError(
                f"'{name}' should have {said[1]} states and lists {len(states)}{remedy}", inner.at
            )
    draft.declare(name, states, block.at)


def _scope_names(draft: Draft, heading: Sequence[Token]) -> list[str]:
    """Read the names in `(x | a, b)`, or `(x a b)` as in old files."""
    names: list[str] = []
    for phrase in phrases(heading, "(|,)"):
        whole = joined(phrase)
        one = whole in draft.variables
        names += [whole] if one else [token.text for token in phrase]
    return names


def _values(scope: Scope, block: Block) -> Array:
    """Read a block's numbers as a full table.

    A `table` lists them with the variable's own state changing slowest and the last parent's
    fastest. Else there is a row for each combination of the parents' states, and a `default` for
    all that have none. Raises MistakeError.
    """
    own = scope.own.name
    statements = [each for each in block.statements if not each[0].means("property")]
    if len(statements) == 1 and statements[0][0].means("table"):
        return scope.own_first(numbers(own, words(statements[0][1:], ",")))
    rows: dict[tuple[int, ...], list[float]] = {}
    default: list[float] | None = None
    for start, *rest in statements:
        if start.means("default"):
            if default is not None:
                raise MistakeError(f"'{own}' has two `default` rows", start.at)
            default = _row(scope, "default", start.at, rest)
        elif start.means("("):
            _add_row(rows, scope, start, rest)
        else:
            raise MistakeError(f"'{own}' has '{start.text}' where a row should begin", start.at)
    return _whole(scope, rows, default)


def _whole(
    scope: Scope, rows: Mapping[tuple[int, ...], Sequence[float]], default: Sequence[float] | None
) -> Array:
    """Put rows together to a full table; MistakeError for one that is missing without a default.

    rows: {positions of the parents' states: probabilities}.
    """
    if default is None:
        for index in np.ndindex(*scope.shape[:-1]):
            if index not in rows:
                pairs = zip(scope.parents, index, strict=True)
                given = ", ".join(parent.states[i] for parent, i in pairs)
                message = f"'{scope.own.name}' has no row ({given}) and no `default` row"
                raise MistakeError(message, scope.at)
        return np.array([rows[index] for index in sorted(rows)])
    table = scope.filled(0.0)
    table[...] = default
    for index, row in rows.items():
        table[index] = row
    return table


def _add_row(
    rows: dict[tuple[int, ...], list[float]], scope: Scope, start: Token, tokens: Sequence[Token]
) -> None:
    """Add the row `yes, no) 0.2, 0.8` to `rows`: the parents' states, then the probabilities.

    rows: {positions of the parents' states: probabilities}. Raises MistakeError.
    """
    own = scope.own.name
    ends = [at for at, token in enumerate(tokens) if token.means(")")]
    close = ends[0] if ends else len(tokens)
    given = phrases(tokens[:close], ",")
    shown = ", ".join(map(joined, given))
    if len(given) != len(scope.parents):
        comma = (
            "; a state with a comma in it needs quotation marks" if _BRACKET.search(shown) else ""
        )
        expected = f"expected {counted(len(scope.parents), 'state')} of its parents{comma}"
        raise MistakeError(f"'{own}' has a row ({shown}); {expected}", start.at)
    index = tuple(
        state_of(parent, joined(state), start.at)
        for parent, state in zip(scope.parents, given, strict=True)
    )
    if index in rows:
        raise MistakeError(f"'{own}' has the row ({shown}) twice", start.at)
    rows[index] = _row(scope, f"({shown})", start.at, tokens[close + 1 :])


def _row(scope: Scope, shown: str, at: int, tokens: Sequence[Token]) -> list[float]:
    """Read the probabilities of a row; MistakeError for another number of them than states."""
    row = numbers(scope.own.name, words(tokens, ","))
    if len(row) != scope.shape[-1]:
        raise MistakeError(
            f"'{scope.own.name}' has {len(row)} probabilities in the row {shown}, expected "
            f"{scope.shape[-1]}",
            at,
        )
    return row


def write_bif(network: Network) -> str:
    """Write a network as the text of a BIF file; FormatError for a name with a quotation mark."""
    refuse_names(network, "BIF", r'[^"]+', r'[^"]+')
    lines = ["network unknown {", "}"]
    for variable in network.variables:
        states = ", ".join(map(_spelt, variable.states))
        lines.append(f"variable {_spelt(variable.name)} {{")
        lines.append(f"    type discrete [ {len(variable.states)} ] {{ {states} }};")
        lines.append("}")
    for family in network.families:
        given = ", ".join(map(_spelt, family.parents))
        heading = f"{_spelt(family.variable)} | {given}" if given else _spelt(family.variable)
        lines += [f"probability ( {heading} ) {{", *_rows(network, family), "}"]
    return "\n".join(lines) + "\n"


def _rows(network: Network, family: Family) -> list[str]:
    """Write a family's table: a line for each combination of the parents' states."""
    table = family.table()
    parents = [network.variable(parent) for parent in family.parents]
    lines = []
    for index in np.ndindex(*table.shape[:-1]):
        states = (parent.states[i] for parent, i in zip(parents, index, strict=True))
        start = f"( {', '.join(map(_spelt, states))} )" if parents else "table"
        lines.append(f"    {start} {', '.join(map(repr, table[index].tolist()))};")
    return lines


def _spelt(name: str) -> str:
    """Quote a name where BIF's own syntax would split it."""
    return name if _PLAIN_WORD.fullmatch(name) else f'"{name}"'
