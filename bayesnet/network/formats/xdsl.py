"""Read XDSL, the format of GeNIe and SMILE.

Source: BayesFusion's schema of the format, and SMILE's header of its noisy-MAX, which says that
the strengths of a parent list its states in the order of the columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from bayesnet.network import Array, Variable
from bayesnet.network.formats.blocks import Token
from bayesnet.network.formats.decoding import numbers
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.genie_noisy import effects_of
from bayesnet.network.formats.genie_roles import captions, mistakes_in, role_of
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.options import ReadingOptions
from bayesnet.network.formats.scope import Scope, state_of
from bayesnet.network.formats.xml_tree import Element, parse_xml

FIRST_IS_LOWEST = "first_state_is_lowest"
"""Property of a noisy node that we wrote: its states are listed in reverse, since GeNIe wants the
lowest one last."""
EFFECT = "effect_of_one_parent"
"""Property of a node that we put between a parent and a noisy node; see `genie_effects`."""
OWN_PROPERTIES = frozenset((FIRST_IS_LOWEST, EFFECT))
_CHANCE = ("cpt", "noisymax", "deterministic")
_OUTSIDE = ("decision", "utility", "mau", "equation")
_PYAGRUM = re.compile(r"created by pyAgrum|app\s*=\s*[\"']aGrUM", re.IGNORECASE)


def read_xdsl(text: str, options: ReadingOptions) -> Draft:
    """Read the text of an XDSL file; raises MistakeError that says what is wrong in it."""
    root = parse_xml(text)
    nodes = root.find("nodes")
    if nodes is None:
        raise MistakeError("no nodes element; is it another kind of XML?", root.at)
    found = tuple(_nodes(nodes))
    file = _File(
        {_id(node): node for node in found},
        frozenset(_id(node) for node in found if _has(node, FIRST_IS_LOWEST)),
        _between(found),
    )
    draft = Draft(options)
    for node in found:
        if _id(node) not in file.between:
            _declare(draft, node, file)
    for node in found:
        if node.tag in _CHANCE and _id(node) not in file.between:
            _define(draft, node, file)
    _add_roles(draft, root, found, file)
    if _PYAGRUM.search(text):
        draft.warn_of_pyagrum("the file says that pyAgrum wrote it")
    if root.find("dynamic") is not None:
        draft.warnings.append("left out its dynamic part: what joins its time slices")
    return draft


@dataclass(frozen=True)
class _File:
    """What of a file is needed to read each node of it.

    nodes: by name. turned: those whose states are listed in reverse. between: those that stand for
    what one parent does to one noisy node.
    """

    nodes: Mapping[str, Element]
    turned: Set[str]
    between: Set[str]


def _nodes(parent: Element) -> Iterator[Element]:
    """Yield the nodes of an element, those of its submodels among them."""
    waiting = list(parent.children[::-1])
    while waiting:
        node = waiting.pop()
        if node.tag == "submodel":
            waiting += node.children[::-1]
        else:
            yield node


def _between(nodes: Sequence[Element]) -> Set[str]:
    """Find the nodes that we put between, where they still are what they were: a parent's effect.

    In GeNIe one may have got another child, or its child another type; it is an ordinary node then.
    """
    children: dict[str, list[str]] = {}
    for node in nodes:
        for word in _words(node, "parents"):
            children.setdefault(word.text, []).append(node.tag)
    return frozenset(
        _id(node)
        for node in nodes
        if _has(node, EFFECT)
        and node.tag == "cpt"
        and len(_words(node, "parents")) == 1
        and children.get(_id(node)) == ["noisymax"]
    )


def _declare(draft: Draft, node: Element, file: _File) -> None:
    if node.tag in _OUTSIDE:
        draft.leave_out(_id(node), node.tag, node.at)
    elif node.tag in _CHANCE:
        states = _states(node)
        draft.declare(_id(node), states[::-1] if _id(node) in file.turned else states, node.at)
    else:
        remedy = "change its type to General in GeNIe, and save again"
        told = f"'{_id(node)}' is a {node.tag} node, which is not read; {remedy}"
        raise MistakeError(told, node.at)


def _define(draft: Draft, node: Element, file: _File) -> None:
    """Add the family of a node: a table, a noisy-MAX, or a table of the states that it takes."""
    listed = [word.text for word in _words(node, "parents")]
    parents = [
        _words(file.nodes[name], "parents")[0].text if name in file.between else name
        for name in listed
    ]
    scope = draft.scope([_id(node), *parents], node.at)
    if scope is None:
        return
    if node.tag == "noisymax":
        _add_noisy(draft, scope, node, [file.nodes.get(name) for name in listed], file)
    elif node.tag == "deterministic":
        words = _words(node, "resultingstates")
        states = [state_of(scope.own, word.text, word.at) for word in words]
        table = scope.states_as_table(states)
        draft.table(scope, _upright(scope, table, file.turned - {scope.own.name}))
    else:
        values = numbers(scope.own.name, _words(node, "probabilities"))
        draft.table(scope, _upright(scope, scope.shaped(values), file.turned))


def _add_roles(draft: Draft, root: Element, nodes: Sequence[Element], file: _File) -> None:
    """Add what each node is in a diagnosis, and note what is wrong with that."""
    beside = captions(root)
    for node in nodes:
        name = _id(node)
        if name not in file.between:
            draft.add_role(name, role_of(node, beside.get(name), OWN_PROPERTIES))
            draft.wrong_roles += mistakes_in(node, node.tag in ("cpt", "noisymax"))


def _add_noisy(
    draft: Draft, scope: Scope, node: Element, listed: Sequence[Element | None], file: _File
) -> None:
    """Add a noisy-MAX, with what stands between a parent and it made part of the parent's link.

    listed: the nodes that the file lists as parents.
    """
    own, name = scope.own, scope.own.name
    between = [each if each and _id(each) in file.between else None for each in listed]
    shown = [
        parent if each is None else Variable(_id(each), tuple(_states(each)))
        for parent, each in zip(scope.parents, between, strict=True)
    ]
    values = numbers(name, _words(node, "parameters"))
    as_listed = Scope(own, tuple(shown), scope.at)
    leak, effects = effects_of(as_listed, _words(node, "strengths"), values)
    columns = slice(None, None, -1 if name in file.turned else 1)
    links = []
    for parent, each, effect in zip(scope.parents, between, effects, strict=True):
        link = effect[:, columns]
        if each is not None:
            inner = Scope(Variable(_id(each), tuple(_states(each))), (parent,), each.at)
            link = inner.shaped(numbers(_id(each), _words(each, "probabilities"))) @ link
        links.append(link[::-1] if parent.name in file.turned else link)
    draft.noisy(scope, leak[columns], links, 0 if name in file.turned else -1)


def _upright(scope: Scope, table: Array, turned: Set[str]) -> Array:
    """Reverse the axes of a full table whose variables' states the file lists in reverse."""
    axes = tuple(at for at, name in enumerate(scope.axes) if name in turned)
    return np.flip(table, axes)


def _id(node: Element) -> str:
    return node.attributes.get("id", "")


def _states(node: Element) -> list[str]:
    return [state.attributes.get("id", "") for state in node.all("state")]


def _has(node: Element, name: str) -> bool:
    """Tell whether a node has the property of that name."""
    return any(_id(each) == name for each in node.all("property"))


def _words(node: Element, tag: str) -> list[Token]:
    """Return the words in the first child of that tag; none where there is no such child."""
    found = node.find(tag)
    return [] if found is None else found.words()
