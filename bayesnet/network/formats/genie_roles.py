"""Read and write the diagnostic roles of nodes in XDSL.

Source: SMILE's manual, "Diagnostic roles", and its schema of the format. A node says its role in
`diagtype`, with `ranked` and `mandatory`; its states say `fault`, `default` and `label`; the cost
of an observation is an element of its own. Its caption and its question are in GeNIe's extension.
"""

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Set
from typing import get_args

from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.xml_tree import Element
from bayesnet.network.roles import NO_ROLE, Role, RoleKind

KINDS: tuple[RoleKind, ...] = get_args(RoleKind)
_TRUE = ("true", "1")


def role_of(node: Element, caption: Element | None, own: Set[str]) -> Role:
    """Read the role of a node; `mistakes_in` says what is wrong with it.

    caption: the node in GeNIe's extension. own: names of properties that are no user's.
    """
    said = node.attributes
    kind = said.get("diagtype", "auxiliary").lower()
    states = [(each.attributes.get("id", ""), each.attributes) for each in node.all("state")]
    name = _text(caption, "name")
    defaults = [state for state, about in states if _is_true(about, "default")]
    return Role(
        kind=kind if kind in KINDS else "auxiliary",
        label="" if name == said.get("id", "") else name,
        question=_text(caption, "question"),
        faults=tuple(state for state, about in states if _is_true(about, "fault")),
        cost=_cost(node),
        ranked=_is_true(said, "ranked"),
        mandatory=_is_true(said, "mandatory"),
        default=defaults[0] if defaults else None,
        state_labels={state: about["label"] for state, about in states if about.get("label")},
        properties={
            each.attributes["id"]: each.text
            for each in node.all("property")
            if each.attributes.get("id", "") and each.attributes["id"] not in own
        },
    )


def captions(root: Element) -> Mapping[str, Element]:
    """Return {id: node} of GeNIe's extension, those inside submodels among them."""
    waiting = [genie for extensions in root.all("extensions") for genie in extensions.all("genie")]
    found: dict[str, Element] = {}
    while waiting:
        for each in waiting.pop().children:
            if each.tag == "submodel":
                waiting.append(each)
            elif each.tag == "node":
                found[each.attributes.get("id", "")] = each
    return found


def mistakes_in(node: Element, is_chance: bool) -> Iterator[MistakeError]:
    """Yield what is wrong with the role that a node says it has.

    is_chance: whether it is a node with probabilities.
    """
    said, name = node.attributes, f"'{node.attributes.get('id', '')}'"
    kind = said.get("diagtype", "auxiliary").lower()
    faults = [each for each in node.all("state") if _is_true(each.attributes, "fault")]
    defaults = [each for each in node.all("state") if _is_true(each.attributes, "default")]
    if kind not in KINDS:
        told = f"{name} has the diagtype '{said['diagtype']}'; give one of {', '.join(KINDS)}"
        yield MistakeError(told, node.at)
    if kind != "auxiliary" and not is_chance:
        article = "an" if kind[0] == "o" else "a"
        told = f"{name} is {article} {kind} and a {node.tag} node; make it a chance node (cpt)"
        yield MistakeError(told, node.at)
    if kind == "target" and not faults:
        remedy = 'mark a state with fault="true" (in GeNIe: Diagnosis tab, Fault states)'
        yield MistakeError(f"{name} is a target without a fault state; {remedy}", node.at)
    if kind == "observation" and faults:
        remedy = 'give it diagtype="target", or take fault="true" away'
        yield MistakeError(f"{name} has a fault state and is no target; {remedy}", faults[0].at)
    if _is_true(said, "mandatory") and kind != "observation":
        remedy = "take mandatory away, or make it an observation"
        yield MistakeError(f"{name} is mandatory and no observation; {remedy}", node.at)
    if len(defaults) > 1:
        told = f"{name} has {len(defaults)} default states; keep one"
        yield MistakeError(told, defaults[1].at)
    cost = node.find("cost")
    if cost is not None and _cost(node) is None:
        yield MistakeError(f"{name} {_wrong_cost(cost)}", cost.at)


def add_role(node: ET.Element, role: Role) -> None:
    """Write a role into a node of `nodes` whose states are there already."""
    if role.kind != "auxiliary":
        node.set("diagtype", role.kind)
    for key, is_so in (("ranked", role.ranked), ("mandatory", role.mandatory)):
        if is_so:
            node.set(key, "true")
    for state in node.findall("state"):
        name = state.get("id", "")
        if name in role.state_labels:
            state.set("label", role.state_labels[name])
        if name in role.faults:
            state.set("fault", "true")
        if name == role.default:
            state.set("default", "true")


def add_beside(node: ET.Element, role: Role) -> None:
    """Write what of a role stands below the probabilities of a node."""
    for key, text in role.properties.items():
        ET.SubElement(node, "property", id=key).text = text
    if role.cost is not None:
        ET.SubElement(node, "cost").text = repr(float(role.cost)).removesuffix(".0")


def add_caption(node: ET.Element, name: str, role: Role = NO_ROLE) -> None:
    """Write the caption and the question of a variable into a node of GeNIe's extension."""
    ET.SubElement(node, "name").text = role.label or name
    if role.question:
        ET.SubElement(node, "question").text = role.question


def _cost(node: Element) -> float | None:
    """Read the cost of a node; None where there is none, or it is no cost."""
    found = node.find("cost")
    if found is None or found.children:
        return None
    try:
        cost = float(found.text)
    except ValueError:
        return None
    return cost if math.isfinite(cost) and cost >= 0 else None


def _wrong_cost(cost: Element) -> str:
    if cost.children or len(cost.text.split()) > 1:
        return "has a cost that depends on other nodes; only one number is read"
    return f"has the cost '{cost.text}'; give a number from 0 up"


def _text(node: Element | None, tag: str) -> str:
    """Return the text of a child in one line; '' where there is none."""
    found = None if node is None else node.find(tag)
    return "" if found is None else " ".join(found.text.split())


def _is_true(said: Mapping[str, str], key: str) -> bool:
    return said.get(key, "").lower() in _TRUE
