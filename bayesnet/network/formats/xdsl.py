"""Read and write XDSL, the format of GeNIe."""

import xml.etree.ElementTree as ET

from bayesnet.errors import NetworkError
from bayesnet.network import Network, topological_order
from bayesnet.network.formats.decoding import inner_text, numbers, xml_root
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.spelling import refuse_names

# Pixels of GeNIe's canvas. The grid leaves a gap between nodes; a row of eight is 800 wide.
_NODE_SIZE = (72, 48)
_GRID = (100, 70)
_NODES_A_ROW = 8


def read_xdsl(content: bytes) -> Network:
    """Read the content of an XDSL file; raises NetworkError that says what is wrong in it."""
    nodes = xml_root(content).find("nodes")
    if nodes is None:
        raise NetworkError("no nodes element; is it another kind of XML?")
    draft = Draft()
    for node in nodes:
        name = node.get("id", "")
        if node.tag != "cpt":
            raise NetworkError(f"'{name}' is a {node.tag} node; only cpt nodes are read")
        draft.declare(name, (state.get("id", "") for state in node.findall("state")))
    for node in nodes:
        name = node.get("id", "")
        words = inner_text(node.find("probabilities")).split()
        parents = inner_text(node.find("parents")).split()
        draft.define(name, parents, numbers(name, words))
    return Network(*draft.parts())


def write_xdsl(network: Network) -> str:
    """Write a network as the text of an XDSL file, parents before children.

    Raises FormatError for a variable's name with white space in it.
    """
    refuse_names(network, "XDSL", variables=r"\S+")
    root = ET.Element("smile", version="1.0", id="network", numsamples="10000", discsamples="10000")
    nodes = ET.SubElement(root, "nodes")
    names = topological_order({family.variable: family.parents for family in network.families})
    for name in names:
        node = ET.SubElement(nodes, "cpt", id=name)
        for state in network.variable(name).states:
            ET.SubElement(node, "state", id=state)
        family = network.family(name)
        if family.parents:
            ET.SubElement(node, "parents").text = " ".join(family.parents)
        values = family.table().ravel().tolist()
        ET.SubElement(node, "probabilities").text = " ".join(map(repr, values))
    extensions = ET.SubElement(root, "extensions")
    genie = ET.SubElement(extensions, "genie", version="1.0", name="network")
    for at, name in enumerate(names):
        _draw(ET.SubElement(genie, "node", id=name), name, at)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _draw(node: ET.Element, name: str, at: int) -> None:
    """Add what GeNIe needs to show a node: its caption, its colours and its place on the grid.

    at: number of the node, from 0.
    """
    left, top = at % _NODES_A_ROW * _GRID[0], at // _NODES_A_ROW * _GRID[1]
    ET.SubElement(node, "name").text = name
    ET.SubElement(node, "interior", color="e5f6f7")
    ET.SubElement(node, "outline", color="000080")
    ET.SubElement(node, "font", color="000000", name="Arial", size="8")
    place = (left, top, left + _NODE_SIZE[0], top + _NODE_SIZE[1])
    ET.SubElement(node, "position").text = " ".join(map(str, place))
