"""Read and write XMLBIF 0.3, the Bayesian interchange format in XML; read 0.2, its forerunner.

Source: Cozman (1998), The Interchange Format for Bayesian Networks.
"""

import xml.etree.ElementTree as ET

import numpy as np

from bayesnet.network import Array, Network
from bayesnet.network.formats.decoding import numbers
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.options import ReadingOptions
from bayesnet.network.formats.rows import ROW_TOLERANCE
from bayesnet.network.formats.scope import Scope
from bayesnet.network.formats.spelling import refuse_names
from bayesnet.network.formats.xml_tree import Element, parse_xml

_CHANCE = ("nature", "chance", "discrete")
_OUTSIDE = ("decision", "utility", "continuous")
_OLD = "probability"
"""The element of a table in XMLBIF 0.2; it is `definition` in 0.3."""


def read_xmlbif(text: str, options: ReadingOptions) -> Draft:
    """Read the text of an XMLBIF file; raises MistakeError that says what is wrong in it.

    Names of elements and attributes may be in any case and any namespace, and commas may stand
    between numbers.
    """
    root = parse_xml(text)
    networks = list(root.all("network")) if root.tag == "bif" else []
    if len(networks) != 1:
        told = f"{len(networks)} networks" if networks else "no NETWORK in a BIF element"
        raise MistakeError(f"{told}; a file of one network is read", root.at)
    draft = Draft(options)
    for variable in networks[0].all("variable"):
        _declare(draft, variable)
    for definition in networks[0].children:
        if definition.tag in ("definition", _OLD):
            _define(draft, definition)
    return draft


def _declare(draft: Draft, variable: Element) -> None:
    """Add a variable: its states are OUTCOME, VALUE or VALUES elements."""
    name = _inside(variable, "name")
    said = variable.attributes.get("type") or _inside(variable, "type") or _CHANCE[0]
    kind = said.strip().lower()
    if kind in _OUTSIDE:
        draft.leave_out(name, kind, variable.at)
        return
    if kind not in _CHANCE:
        known = ", ".join((_CHANCE[0], *_OUTSIDE))
        raise MistakeError(f"'{name}' is of type {said}; expected one of {known}", variable.at)
    states = [each.text for each in variable.children if each.tag in ("outcome", "value")]
    draft.declare(name, states, variable.at)


def _define(draft: Draft, definition: Element) -> None:
    """Add the table of a variable that FOR names, over the parents that GIVEN names."""
    children = [each.text for each in definition.all("for")]
    parents = [each.text for each in definition.all("given")]
    if len(children) != 1:
        message = f"a definition needs one FOR, and has {len(children)}"
        raise MistakeError(message, definition.at)
    scope = draft.scope([*children, *parents], definition.at)
    if scope is None:
        return
    table = definition.find("table")
    listed = numbers(scope.own.name, [] if table is None else table.words(between=",", remark="//"))
    old = definition.tag == _OLD
    draft.table(scope, _in_either_order(scope, listed) if old else listed)


def _in_either_order(scope: Scope, listed: list[float]) -> Array:
    """Make a table of numbers that may change their own state slowest, as in BIF, or fastest.

    Programs that wrote XMLBIF 0.2 did either, and the file does not say; the rows do, that sum to
    1 in one order only. Raises MistakeError where they do so in both, and mean different tables.
    """
    fastest, slowest = scope.shaped(listed), scope.own_first(listed)
    fits = [
        order
        for order in (slowest, fastest)
        if (np.abs(order.sum(axis=-1) - 1) <= ROW_TOLERANCE).all()
    ]
    if len(fits) == 2 and not np.array_equal(fastest, slowest):
        raise MistakeError(
            f"the table of '{scope.own.name}' can be read in two orders, and XMLBIF 0.2 does not "
            "say in which; save it as XMLBIF 0.3 or as BIF",
            scope.at,
        )
    return (fits or [fastest])[0]


def _inside(element: Element, tag: str) -> str:
    """Return the text of the first child of that tag; '' where there is none."""
    found = element.find(tag)
    return "" if found is None else found.text


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
