"""Read and write BIF, the Bayesian interchange format (Cozman 1998), in the dialects in use.

Names may be quoted, states listed without commas, parents in a heading without a bar.
"""

import re
from collections.abc import Sequence

import numpy as np

from bayesnet.errors import NetworkError
from bayesnet.network import Array, Family, Network, Variable
from bayesnet.network.formats.blocks import (
    Block,
    Token,
    joined,
    phrases,
    read_blocks,
    token_pattern,
    words,
)
from bayesnet.network.formats.decoding import numbers, text_of
from bayesnet.network.formats.draft import Draft, shaped
from bayesnet.network.formats.spelling import refuse_names

_TOKENS = token_pattern(marks="{}();,|")
_PLAIN_WORD = re.compile(r"[\w.+<>=%-]+(?:/[\w.+<>=%-]+)*")
_COUNT = re.compile(r"\[\s*(\d{1,9})\s*\]")
_KEYWORDS = ("network", "variable", "probability")


def read_bif(content: bytes) -> Network:
    """Read the content of a BIF file; raises NetworkError that says what is wrong in it."""
    blocks = read_blocks(text_of(content), _TOKENS)
    draft = Draft()
    for block in blocks:
        if block.keyword not in _KEYWORDS:
            known = ", ".join(_KEYWORDS)
            raise NetworkError(f"a block begins with '{block.keyword}'; expected one of {known}")
        if block.keyword == "variable":
            name = joined(block.header[1:])
            draft.declare(name, _states(name, block))
    for block in blocks:
        if block.keyword == "probability":
            own, *parents = _scope(draft, block.header[1:])
            draft.define(own.name, [each.name for each in parents], _values(own, parents, block))
    return Network(*draft.parts())


def _states(name: str, variable: Block) -> list[str]:
    """Read the states in `type discrete [ 2 ] { yes, no };`; NetworkError if it lists not 2."""
    types = [block for block in variable.blocks if block.keyword == "type"]
    tokens = [token for block in types for statement in block.statements for token in statement]
    if Token(",") in tokens:
        states = [joined(phrase) for phrase in phrases(tokens, ",")]
    else:
        states = [token.text for token in tokens]
    for block in types:
        said = _COUNT.search(joined(block.header))
        if said and int(said[1]) != len(states):
            raise NetworkError(f"'{name}' should have {said[1]} states and lists {len(states)}")
    return states


def _scope(draft: Draft, heading: Sequence[Token]) -> list[Variable]:
    """Read the variable and its parents in `(x | a, b)`, or `(x a b)` as in old files."""
    names: list[str] = []
    for phrase in phrases(heading, "(|,)"):
        whole = joined(phrase)
        names += [whole] if whole in draft.variables else words(phrase, "")
    if not names:
        raise NetworkError("a block of probabilities names no variable")
    return [draft.mentioned(name) for name in names]


def _values(own: Variable, parents: Sequence[Variable], block: Block) -> Array:
    """Read a block's numbers, shape (states of each parent..., states of the variable).

    A `table` lists them with the variable's own state changing slowest and the last parent's
    fastest, else there is a row for each combination of the parents' states. Raises NetworkError.
    """
    statements = [each for each in block.statements if each[0] != Token("property")]
    if [each[0] for each in statements] == [Token("table")]:
        listed = numbers(own.name, words(statements[0][1:], ","))
        return np.moveaxis(shaped(own, [own, *parents], listed), 0, -1)
    rows: dict[tuple[int, ...], list[float]] = {}
    for start, *rest in statements:
        if start == Token("default"):
            raise NetworkError(f"'{own.name}' has a `default` row; give every row instead")
        if start != Token("("):
            raise NetworkError(f"'{own.name}' has '{start.text}' where a row should begin")
        _add_row(rows, own, parents, rest)
    for index in np.ndindex(*(len(parent.states) for parent in parents)):
        if index not in rows:
            given = ", ".join(parent.states[i] for parent, i in zip(parents, index, strict=True))
            raise NetworkError(f"'{own.name}' has no row ({given})")
    return np.array([rows[index] for index in sorted(rows)])


def _add_row(
    rows: dict[tuple[int, ...], list[float]],
    own: Variable,
    parents: Sequence[Variable],
    tokens: Sequence[Token],
) -> None:
    """Add the row `yes, no) 0.2, 0.8` to `rows`: the parents' states, then the probabilities.

    rows: {positions of the parents' states: probabilities}. Raises NetworkError.
    """
    close = tokens.index(Token(")")) if Token(")") in tokens else len(tokens)
    given = [joined(phrase) for phrase in phrases(tokens[:close], ",")]
    shown = ", ".join(given)
    if len(given) != len(parents) or any(
        state not in parent.states for state, parent in zip(given, parents, strict=True)
    ):
        raise NetworkError(f"'{own.name}' has a row ({shown}) that its parents' states do not fit")
    index = tuple(parent.index(state) for parent, state in zip(parents, given, strict=True))
    if index in rows:
        raise NetworkError(f"'{own.name}' has the row ({shown}) twice")
    rows[index] = numbers(own.name, words(tokens[close + 1 :], ","))
    if len(rows[index]) != len(own.states):
        raise NetworkError(
            f"'{own.name}' has {len(rows[index])} probabilities in the row ({shown}),"
            f" expected {len(own.states)}"
        )


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
