"""Read and write XMLBIF 0.3, the Bayesian interchange format in XML."""

import xml.etree.ElementTree as ET

from bayesnet.errors import NetworkError
from bayesnet.network import Network
from bayesnet.network.formats.decoding import inner_text, numbers, xml_root
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.spelling import refuse_names


def read_xmlbif(content: bytes) -> Network:
    """Read the content of an XMLBIF file; raises NetworkError that says what is wrong in it."""
    found = xml_root(content).find("NETWORK")
    if found is None:
        raise NetworkError("no NETWORK element; is it another kind of XML?")
    draft = Draft()
    for variable in found.findall("VARIABLE"):
        name, kind = inner_text(variable.find("NAME")), variable.get("TYPE", "nature")
        if kind != "nature":
            raise NetworkError(f"'{name}' is a {kind} node; only nature nodes are read")
        draft.declare(name, map(inner_text, variable.findall("OUTCOME")))
    for definition in found.findall("DEFINITION"):
        name = inner_text(definition.find("FOR"))
        words = inner_text(definition.find("TABLE")).split()
        parents = map(inner_text, definition.findall("GIVEN"))
        draft.define(name, parents, numbers(name, words))
    return Network(*draft.parts())


def write_xmlbif(network: Network) -> str:
    """Write a network as the text of an XMLBIF file; FormatError for a name that cannot print."""
    refuse_names(network, "XMLBIF")
    root = ET.Element("BIF", VERSION="0.3")
    top = ET.SubElement(root, "NETWORK")
    ET.SubElement(top, "NAME").text = "unknown"
    for variable in network.variables:
        element = ET.SubElement(top, "VARIABLE", TYPE="nature")
        ET.SubElement(element, "NAME").text = variable.name
        for state in variable.states:
            ET.SubElement(element, "OUTCOME").text = state
    for family in network.families:
        element = ET.SubElement(top, "DEFINITION")
        ET.SubElement(element, "FOR").text = family.variable
        for parent in family.parents:
            ET.SubElement(element, "GIVEN").text = parent
        values = family.table().ravel().tolist()
        ET.SubElement(element, "TABLE").text = " ".join(map(repr, values))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
