"""Read DNE, the text format of Netica (DNET-1).

Source: Norsys (1998), the DNET-1 file format. A node that is continuous and cut into intervals is
read by its intervals.
"""

from collections.abc import Sequence
from itertools import pairwise

from bayesnet.network.formats.blocks import Block, Token, read_blocks, token_pattern, words
from bayesnet.network.formats.decoding import numbers
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.options import ReadingOptions
from bayesnet.network.formats.scope import Scope, state_of

_TOKENS = token_pattern(marks="{}();,=", escapes=True)
_LISTED = "(,)"
_IMPOSSIBLE = "@imposs"
"""What Netica writes for a probability of 0 that it takes for a fact."""


def read_dne(text: str, options: ReadingOptions) -> Draft:
    """Read the text of a DNE file; raises MistakeError that says what is wrong in it."""
    nets = [block for block in read_blocks(text, _TOKENS) if block.keyword == "bnet"]
    if len(nets) != 1:
        raise MistakeError(f"{len(nets) or 'no'} bnet blocks in it; a file of one network is read")
    nodes = [block for block in nets[0].blocks if block.keyword == "node"]
    parents = {word.text for node in nodes for word in words(node.value("parents") or [], _LISTED)}
    # A constant that is nobody's parent is a label on Netica's page.
    nodes = [n for n in nodes if _word(n, "kind") != "constant" or _name(n) in parents]
    draft = Draft(options)
    for node in nodes:
        _declare(draft, node)
    for node in nodes:
        _define(draft, node)
    found = [_name(node) for node in nodes if node.value("evidence") is not None]
    if found:
        draft.warnings.append(f"left out the findings entered on {', '.join(found)}")
    return draft


def _declare(draft: Draft, node: Block) -> None:
    name, kind = _name(node), _word(node, "kind") or "nature"
    states = _states(node)
    if kind == "nature" and states:
        draft.declare(name, states, node.at)
    elif kind == "nature" and _word(node, "discrete") != "false":
        raise MistakeError(f"'{name}' has no states", node.at)
    else:
        draft.leave_out(name, "continuous" if kind == "nature" else kind, node.at)


def _states(node: Block) -> list[str]:
    """Return the names of a node's states: of its own, of intervals, of numbers, or counted.

    [] for a continuous node without intervals. Raises MistakeError where there are not as many as
    `numstates` says, or one has no name.
    """
    states, titles = _texts(node, "states"), _texts(node, "statetitles")
    levels = _texts(node, "levels")
    if not states and levels and _word(node, "discrete") == "false":
        states = [f"{low} to {high}" for low, high in pairwise(levels)]
    elif not states and titles and all(titles):
        states = titles
    elif not states and levels:
        states = levels
    said = _texts(node, "numstates")
    if said and said[0].isdecimal() and len(said[0]) < 7:
        states = states or [f"s{i}" for i in range(int(said[0]))]
        if len(states) != int(said[0]):
            message = f"'{_name(node)}' should have {said[0]} states and lists {len(states)}"
            raise MistakeError(message, node.at)
    if not all(states):
        raise MistakeError(f"a state of '{_name(node)}' has no name; give it one", node.at)
    return states


def _define(draft: Draft, node: Block) -> None:
    """Add the family of a node: its `probs`, or the states of its `functable`."""
    parents = _texts(node, "parents")
    if not all(parents):
        raise MistakeError(f"'{_name(node)}' has a link that comes from no node", node.at)
    scope = draft.scope([_name(node), *parents], node.at)
    if scope is None:
        return
    probs, table = node.value("probs"), node.value("functable")
    if probs is not None:
        draft.table(scope, _numbers(scope, words(probs, _LISTED)))
    elif table is not None:
        states = [_state(scope, word) for word in words(table, _LISTED)]
        draft.table(scope, scope.states_as_table(states))
    else:
        given = "an equation and" if node.value("equation") is not None else ""
        remedy = "make its table in Netica and save again"
        raise MistakeError(
            f"'{scope.own.name}' has {given or ''} no table; {remedy}".replace("  ", " "), node.at
        )


def _numbers(scope: Scope, listed: Sequence[Token]) -> list[float]:
    """Read probabilities; `#1` stands for a row that is certain of the state at position 1."""
    found: list[float] = []
    for word in listed:
        if word.text.startswith("#"):
            certain = _state(scope, word)
            found += [float(at == certain) for at in range(scope.shape[-1])]
        elif word.text == _IMPOSSIBLE:
            found.append(0.0)
        else:
            found += numbers(scope.own.name, [word])
    return found


def _state(scope: Scope, word: Token) -> int:
    """Return the position of a state that is named, or numbered from 0 after a `#`."""
    number = word.text.removeprefix("#")
    if number == word.text or word.quoted:
        return state_of(scope.own, word.text, word.at)
    if not number.isdecimal() or len(number) > 6 or int(number) >= scope.shape[-1]:
        raise MistakeError(f"'{scope.own.name}' has no state {word.text}", word.at)
    return int(number)


def _name(node: Block) -> str:
    if len(node.header) != 2:
        raise MistakeError("a node needs one name", node.at)
    return node.header[1].text


def _word(node: Block, key: str) -> str:
    """Return the value of a key that is one word, in lower case; '' where there is none."""
    value = node.value(key)
    return value[0].text.lower() if value else ""


def _texts(node: Block, key: str) -> list[str]:
    """Return the texts of a list, '' where nothing stands between two commas; [] without key."""
    value = node.value(key) or []
    inner = [token for token in value if not token.means("(") and not token.means(")")]
    if not inner:
        return []
    found, text = [], ""
    for token in inner:
        if token.means(","):
            found.append(text)
            text = ""
        else:
            text = token.text
    # A comma at the end begins no further entry.
    return found if inner[-1].means(",") else [*found, text]
