"""Read and write NET, the format of Hugin."""

from collections.abc import Iterator, Sequence

from bayesnet.errors import NetworkError
from bayesnet.network import Network
from bayesnet.network.formats.blocks import (
    Block,
    Token,
    joined,
    read_blocks,
    token_pattern,
    words,
)
from bayesnet.network.formats.decoding import numbers, text_of
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.spelling import refuse_names

_TOKENS = token_pattern(marks="{}();,|=", remark="%")
_OTHER_NODES = ("continuous", "utility", "decision", "function")
_WRAPPERS = ("net", "class")


def read_net(content: bytes) -> Network:
    """Read the content of a NET file; raises NetworkError that says what is wrong in it."""
    nodes: list[Block] = []
    potentials: list[Block] = []
    for block in _inside(read_blocks(text_of(content), _TOKENS)):
        if block.keyword in _OTHER_NODES:
            name, kind = _name(block), block.keyword
            raise NetworkError(f"'{name}' is a {kind} node; only discrete chance nodes are read")
        if block.keyword in ("node", "discrete"):
            nodes.append(block)
        elif block.keyword == "potential":
            potentials.append(block)
        elif block.keyword not in _WRAPPERS:
            raise NetworkError(f"a block begins with '{block.keyword}'; expected node or potential")
    draft = Draft()
    for block in nodes:
        draft.declare(_name(block), _attribute(block, "states"))
    for block in potentials:
        scope = _names(block.header[2:-1])
        data = _attribute(block, "data")
        if not scope or not data:
            raise NetworkError("every potential needs a variable and its own data")
        draft.define(scope[0], scope[1:], numbers(scope[0], data))
    return Network(*draft.parts())


def _name(node: Block) -> str:
    """Read the name in `node A`, `discrete node A` or `node Related(member3,person3)`."""
    words_before = 2 if node.keyword != "node" and Token("node") in node.header[1:2] else 1
    names = _names(node.header[words_before:])
    if len(names) != 1:
        raise NetworkError(f"'{joined(node.header)}' should be a node's heading, with one name")
    return names[0]


def _names(tokens: Sequence[Token]) -> list[str]:
    """Read the names in a heading; a name may have arguments in brackets, as UnBBayes writes it.

    Raises NetworkError for a bracket without its counterpart.
    """
    names: list[str] = []
    depth = 0
    for token in tokens:
        depth += (token == Token("(")) - (token == Token(")"))
        if depth or token == Token(")"):
            if not names or depth < 0:
                raise NetworkError(f"'{joined(tokens)}' has a bracket that does not belong there")
            names[-1] += token.text
        elif token not in (Token("|"), Token(",")):
            names.append(token.text)
    return names


def _inside(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks, and after each class the blocks inside it."""
    for block in blocks:
        yield block
        if block.keyword == "class":
            yield from block.blocks


def _attribute(block: Block, key: str) -> list[str]:
    """Read the words of `key = (...);` without brackets; [] where the block has no such key."""
    for statement in block.statements:
        if statement[:2] == [Token(key), Token("=")]:
            return words(statement[2:], "(,)")
    return []


def write_net(network: Network) -> str:
    """Write a network as the text of a NET file; FormatError for a name that NET cannot hold."""
    refuse_names(network, "NET", r"[A-Za-z0-9_.-]+", r'[^"]+')
    lines = ["net {", "}"]
    for variable in network.variables:
        states = " ".join(f'"{state}"' for state in variable.states)
        lines += [f"node {variable.name} {{", f"    states = ({states});", "}"]
    for family in network.families:
        data = str(family.table().tolist())
        data = data.replace("[", "(").replace("]", ")").replace(",", "")
        scope = " ".join((family.variable, "|", *family.parents))
        lines += [f"potential ({scope}) {{", f"    data = {data};", "}"]
    return "\n".join(lines) + "\n"
