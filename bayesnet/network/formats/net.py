"""Read and write NET, the format of Hugin; read OOBN, its object-oriented form, without instances.

Source: the NET language, in the HUGIN API reference manual.
"""

from collections.abc import Sequence

from bayesnet.network import Network
from bayesnet.network.formats.blocks import (
    Block,
    Token,
    joined,
    read_blocks,
    token_pattern,
    words,
)
from bayesnet.network.formats.decoding import numbers
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.options import ReadingOptions
from bayesnet.network.formats.spelling import refuse_names

_TOKENS = token_pattern(marks="{}();,|=", remark="%")
_SORTS = ("discrete", "continuous")
_KINDS = ("node", "decision", "utility", "function")
_EXPRESSIONS = ("model_data", "model_nodes")


def read_net(text: str, options: ReadingOptions) -> Draft:
    """Read the text of a NET file; raises MistakeError that says what is wrong in it."""
    blocks = _of_one_class(read_blocks(text, _TOKENS))
    draft = Draft(options)
    for block in blocks:
        if block.keyword in (*_SORTS, *_KINDS):
            _declare(draft, block)
        elif block.keyword not in ("net", "potential"):
            message = f"a block begins with '{block.keyword}'; expected node or potential"
            raise MistakeError(message, block.at)
    for block in blocks:
        if block.keyword == "potential":
            _define(draft, block)
    return draft


def _of_one_class(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks, or those inside the one class of an object-oriented network.

    Raises MistakeError for several classes, and for instances of classes in one.
    """
    classes = [block for block in blocks if block.keyword == "class"]
    if len(classes) > 1:
        names = ", ".join(joined(block.header[1:]) for block in classes)
        message = f"holds several classes ({names}), and one network is read; save each by itself"
        raise MistakeError(message, classes[1].at)
    for block in classes:
        heads = [inner.header for inner in block.blocks]
        for first, *_ in filter(None, (*block.statements, *heads)):
            if first.means("instance"):
                remedy = "unfold the network in Hugin and save it as NET"
                raise MistakeError(f"instances of classes are not read; {remedy}", first.at)
    others = [block for block in blocks if block.keyword != "class"]
    return [*others, *(inner for block in classes for inner in block.blocks)]


def _declare(draft: Draft, block: Block) -> None:
    """Add the node of a heading such as `node A`, `discrete node A`, `decision D`."""
    sort, kind = block.keyword, block.keyword
    rest = block.header[1:]
    if sort in _SORTS and len(rest) > 1 and rest[0].text in _KINDS:
        kind, rest = rest[0].text, rest[1:]
    names = _names(rest)
    if len(names) != 1:
        message = f"'{joined(block.header)}' should be a node's heading, with one name"
        raise MistakeError(message, block.at)
    if kind in ("decision", "utility", "function"):
        draft.leave_out(names[0], kind, block.at)
    elif sort == "continuous":
        draft.leave_out(names[0], sort, block.at)
    else:
        states = words(block.value("states") or [], "(,)")
        draft.declare(names[0], (state.text for state in states), block.at)


def _define(draft: Draft, block: Block) -> None:
    """Add the table of a potential; one without data is uniform, as the format says."""
    heading = block.header[2:-1]
    bar = next((at for at, token in enumerate(heading) if token.means("|")), len(heading))
    own, parents = _names(heading[:bar]), _names(heading[bar:])
    if len(own) != 1:
        message = f"a potential needs one variable before the bar, and has {len(own)}"
        raise MistakeError(message, block.at)
    scope = draft.scope([*own, *parents], block.at)
    if scope is None:
        return
    data = block.value("data")
    if data is not None:
        draft.table(scope, numbers(own[0], words(data, "(,)")))
        return
    for key in _EXPRESSIONS:
        if block.value(key) is not None:
            remedy = "generate its table in Hugin and save again"
            message = f"'{own[0]}' has an expression ({key}) and no table; {remedy}"
            raise MistakeError(message, block.at)
    draft.table(scope, scope.filled(1 / scope.shape[-1]))


def _names(tokens: Sequence[Token]) -> list[str]:
    """Read the names in a heading; a name may have arguments in brackets, as UnBBayes writes it.

    Raises NetworkError for a bracket without its counterpart.
    """
    names: list[str] = []
    depth = 0
    for token in tokens:
        depth += (token.means("(")) - (token.means(")"))
        if depth or token.means(")"):
            if not names or depth < 0:
                message = f"'{joined(tokens)}' has a bracket that does not belong there"
                raise MistakeError(message, token.at)
            names[-1] += token.text
        elif not (token.means("|") or token.means(",")):
            names.append(token.text)
    return names


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
