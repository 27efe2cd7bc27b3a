"""Read DSL, the format of GeNIe 1 and of SMILE before XDSL."""

from collections.abc import Iterable, Iterator

from bayesnet.network.formats.blocks import Block, Token, read_blocks, token_pattern, words
from bayesnet.network.formats.decoding import numbers
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.genie_noisy import effects_of
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.options import ReadingOptions
from bayesnet.network.formats.scope import Scope, state_of

_TOKENS = token_pattern(marks="{}();,=", escapes=True)
_LISTED = "(,)"
_OUTSIDE = {
    "list": "decision",
    "decision": "decision",
    "table": "utility",
    "utility": "utility",
    "mau": "utility",
    "equation": "equation",
}
_CHANCE = ("cpt", "noisy_max", "truthtable")


def read_dsl(text: str, options: ReadingOptions) -> Draft:
    """Read the text of a DSL file; raises MistakeError that says what is wrong in it."""
    nets = [block for block in read_blocks(text, _TOKENS) if block.keyword == "net"]
    if len(nets) != 1:
        raise MistakeError(f"{len(nets) or 'no'} net blocks in it; a file of one network is read")
    draft = Draft(options)
    nodes = list(_nodes(nets))
    for node in nodes:
        kind = _kind(node)
        if kind in _OUTSIDE:
            draft.leave_out(_name(node), _OUTSIDE[kind], node.at)
        elif kind in _CHANCE:
            states = [word.text for word in _list(_definition(node), "NAMESTATES")]
            draft.declare(_name(node), states, node.at)
        else:
            remedy = "change its type to General in GeNIe, and save again"
            message = f"'{_name(node)}' is a {kind or 'nameless'} node, which is not read; {remedy}"
            raise MistakeError(message, node.at)
    for node in nodes:
        if _kind(node) in _CHANCE:
            names = [_name(node), *(word.text for word in _list(node, "PARENTS"))]
            scope = draft.scope(names, node.at)
            if scope is not None:
                _add(draft, scope, node)
    return draft


def _nodes(nets: Iterable[Block]) -> Iterator[Block]:
    """Yield the nodes of networks, those of their submodels among them."""
    waiting = [inner for net in nets for inner in net.blocks][::-1]
    while waiting:
        block = waiting.pop()
        if block.keyword == "node":
            yield block
        elif block.keyword == "submodel":
            waiting += block.blocks[::-1]


def _add(draft: Draft, scope: Scope, node: Block) -> None:
    """Add the family of a node: a table, a noisy-MAX, or a table of the states that it takes."""
    kind, definition, name = _kind(node), _definition(node), scope.own.name
    if kind == "truthtable":
        listed = [_state(scope, word) for word in _list(definition, "RESULTINGSTATES")]
        draft.table(scope, scope.states_as_table(listed))
        return
    found = numbers(name, _list(definition, "PROBABILITIES"))
    if kind == "cpt":
        draft.table(scope, found)
        return
    leak, links = effects_of(scope, _list(definition, "STRENGTHS"), found)
    draft.noisy(scope, leak, links, -1)


def _state(scope: Scope, word: Token) -> int:
    """Return the position of a state that is named, or numbered from 0."""
    if word.text in scope.own.states or not word.text.isdecimal() or len(word.text) > 6:
        return state_of(scope.own, word.text, word.at)
    if int(word.text) >= scope.shape[-1]:
        raise MistakeError(f"'{scope.own.name}' has no state number {word.text}", word.at)
    return int(word.text)


def _definition(node: Block) -> Block:
    return next((each for each in node.blocks if each.keyword == "DEFINITION"), node)


def _kind(node: Block) -> str:
    value = node.value("TYPE")
    return value[0].text.lower() if value else ""


def _name(node: Block) -> str:
    if len(node.header) != 2:
        raise MistakeError("a node needs one name", node.at)
    return node.header[1].text


def _list(block: Block, key: str) -> list[Token]:
    return words(block.value(key) or [], _LISTED)
