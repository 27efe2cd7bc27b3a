"""Write XDSL, the format of GeNIe and SMILE; noisy families stay factorised."""

import xml.etree.ElementTree as ET
from collections.abc import Set

import numpy as np

from bayesnet.network import Array, Family, Network, NoisyMax, topological_order
from bayesnet.network.formats.genie_effects import with_effects
from bayesnet.network.formats.genie_noisy import columns_of
from bayesnet.network.formats.genie_roles import add_beside, add_caption, add_role
from bayesnet.network.formats.spelling import refuse_names
from bayesnet.network.formats.whole_tables import table_size
from bayesnet.network.formats.xdsl import EFFECT, FIRST_IS_LOWEST
from bayesnet.network.roles import NO_ROLE, Role

# Pixels of GeNIe's canvas. The grid leaves a gap between nodes; a row of eight is 800 wide.
_NODE_SIZE = (72, 48)
_GRID = (100, 70)
_NODES_A_ROW = 8


def write_xdsl(network: Network) -> str:
    """Write a network as the text of an XDSL file, parents before children.

    Noisy families stay factorised, and roles are kept. GeNIe wants the lowest state of a noisy node
    last, so its states may be listed in reverse, and it wants a state of no effect of each parent,
    so a node may be put between; a property of the node says so. Raises FormatError for a
    variable's name with white space in it.
    """
    refuse_names(network, "XDSL", variables=r"\S+")
    network, between = with_effects(network)
    root = ET.Element("smile", version="1.0", id="network", numsamples="10000", discsamples="10000")
    nodes = ET.SubElement(root, "nodes")
    names = topological_order({family.variable: family.parents for family in network.families})
    turned = {name for name in names if _is_turned(network.family(name))}
    for name in names:
        family, states = network.family(name), network.states(name)
        node = ET.SubElement(nodes, "cpt" if _noisy(family) is None else "noisymax", id=name)
        for state in states[::-1] if name in turned else states:
            ET.SubElement(node, "state", id=state)
        role = network.roles.get(name, NO_ROLE)
        add_role(node, role)
        if family.parents:
            ET.SubElement(node, "parents").text = " ".join(family.parents)
        if (noisy := _noisy(family)) is not None:
            _add_columns(node, noisy, turned)
        else:
            scope = (*family.parents, name)
            axes = tuple(at for at, each in enumerate(scope) if each in turned)
            ET.SubElement(node, "probabilities").text = _listed(np.flip(family.table(), axes))
        if name in between:
            ET.SubElement(node, "property", id=EFFECT).text = "true"
        add_beside(node, role)
    extensions = ET.SubElement(root, "extensions")
    genie = ET.SubElement(extensions, "genie", version="1.0", name="network")
    for at, name in enumerate(names):
        _draw(ET.SubElement(genie, "node", id=name), name, network.roles.get(name, NO_ROLE), at)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def numbers_of(network: Network, family: Family) -> int:
    """Count the numbers that are written of a family."""
    if (noisy := _noisy(family)) is not None:
        return noisy.leak.size + sum(link.size for link in noisy.links)
    return table_size(network, family)


def _noisy(family: Family) -> NoisyMax | None:
    """Return a family that is written as a noisy one, None for any other."""
    return family if isinstance(family, NoisyMax) and family.parents else None


def _is_turned(family: Family) -> bool:
    """Tell whether the states of a noisy variable are listed in reverse."""
    noisy = _noisy(family)
    return noisy is not None and noisy.lowest == 0 and len(noisy.leak) > 1


def _add_columns(node: ET.Element, family: NoisyMax, turned: Set[str]) -> None:
    """Add the strengths and parameters of a noisy node."""
    noisy = columns_of(family)
    strengths = [
        str(len(order) - 1 - at if parent in turned else at)
        for parent, order in zip(family.parents, noisy.strengths, strict=True)
        for at in order
    ]
    ET.SubElement(node, "strengths").text = " ".join(strengths)
    ET.SubElement(node, "parameters").text = _listed(noisy.columns)
    if family.variable in turned:
        ET.SubElement(node, "property", id=FIRST_IS_LOWEST).text = "true"


def _listed(values: Array) -> str:
    return " ".join(map(repr, values.ravel().tolist()))


def _draw(node: ET.Element, name: str, role: Role, at: int) -> None:
    """Add what GeNIe needs to show a node: its caption, its colours and its place on the grid.

    at: number of the node, from 0.
    """
    left, top = at % _NODES_A_ROW * _GRID[0], at // _NODES_A_ROW * _GRID[1]
    add_caption(node, name, role)
    ET.SubElement(node, "interior", color="e5f6f7")
    ET.SubElement(node, "outline", color="000080")
    ET.SubElement(node, "font", color="000000", name="Arial", size="8")
    place = (left, top, left + _NODE_SIZE[0], top + _NODE_SIZE[1])
    ET.SubElement(node, "position").text = " ".join(map(str, place))
