"""The kinds of network files: how each is recognised by its content, read and written.

A file's content tells its kind, so that a wrong ending does no harm; the ending of a file decides
what is written, and how content is read that says nothing of itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bayesnet.network import Family, Network
from bayesnet.network.formats.bif import read_bif, write_bif
from bayesnet.network.formats.dne import read_dne
from bayesnet.network.formats.draft import Draft
from bayesnet.network.formats.dsl import read_dsl
from bayesnet.network.formats.net import read_net, write_net
from bayesnet.network.formats.options import ReadingOptions
from bayesnet.network.formats.uai import read_uai, write_uai
from bayesnet.network.formats.whole_tables import table_size
from bayesnet.network.formats.xdsl import read_xdsl
from bayesnet.network.formats.xdsl_writing import numbers_of, write_xdsl
from bayesnet.network.formats.xmlbif import read_xmlbif, write_xmlbif


@dataclass(frozen=True)
class Writer:
    """How a kind is written.

    text: network to text, raises FormatError; numbers: how many it writes of a family.
    """

    text: Callable[[Network], str]
    numbers: Callable[[Network, Family], int] = table_size


@dataclass(frozen=True)
class Kind:
    """A kind of network files.

    name: what it is called; endings: in lower case; read: text to draft, raises MistakeError;
    writer: None for a kind that is read only.
    """

    name: str
    endings: tuple[str, ...]
    read: Callable[[str, ReadingOptions], Draft]
    writer: Writer | None = None


BIF = Kind("BIF", (".bif",), read_bif, Writer(write_bif))
XMLBIF = Kind("XMLBIF", (".xml", ".xmlbif", ".bifxml", ".xbif"), read_xmlbif, Writer(write_xmlbif))
XDSL = Kind("XDSL", (".xdsl",), read_xdsl, Writer(write_xdsl, numbers_of))
UAI = Kind("UAI", (".uai",), read_uai, Writer(write_uai))
NET = Kind("NET", (".net",), read_net, Writer(write_net))
OOBN = Kind("OOBN", (".oobn",), read_net)
DNE = Kind("DNE", (".dne",), read_dne)
DSL = Kind("DSL", (".dsl",), read_dsl)
KINDS = (BIF, XMLBIF, XDSL, UAI, NET, OOBN, DNE, DSL)
BY_ENDING: Mapping[str, Kind] = MappingProxyType(
    {ending: kind for kind in KINDS for ending in kind.endings}
)
WRITTEN: tuple[str, ...] = tuple(end for end, kind in BY_ENDING.items() if kind.writer is not None)
"""Endings of the files that are written."""

# Possessive throughout: what is blank is never looked at again, however long it is.
_BLANK = r"""(?:
    \s++ | //[^\n]*+ | /\*.*?\*/ | [%\#][^\n]*+ | [cC][ \t][^\n]*+\n
    | <\?.*?\?> | <!--.*?--> | <!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>
)*+"""
_START = re.compile(
    rf"{_BLANK}(?P<open><(?:[\w.-]++:)?)?(?P<word>[\w.-]++)\s*+(?P<next>\S?)",
    re.DOTALL | re.VERBOSE,
)
_ELEMENTS = {"bif": XMLBIF, "smile": XDSL}
_WORDS = {
    "bayes": UAI,
    "markov": UAI,
    "bnet": DNE,
    "network": BIF,
    "variable": BIF,
    "probability": BIF,
    "class": OOBN,
    "node": NET,
    "discrete": NET,
    "continuous": NET,
    "potential": NET,
}
_FOREIGN = {
    "probmodelxml": "a ProbModelXML (.pgmx) file, which is not read; save it in OpenMarkov as .xml",
    "belief": "a DSC file of MSBNx, which is not read; convert it to BIF",
}


def kind_of(text: str) -> Kind | None:
    r"""Tell the kind of a network file by how its text begins; None where it does not say.

    >>> kind_of("net { }").name, kind_of("% of Hugin\nclass x { }").name
    ('NET', 'OOBN')
    >>> kind_of('<?xml version="1.0"?> <smile id="x"/>').name
    'XDSL'
    """
    found = _START.match(text)
    if found is None:
        return None
    word = found["word"].lower()
    if found["open"]:
        return _ELEMENTS.get(word)
    if word == "net":
        return NET if found["next"] == "{" else DSL
    # A colon makes it a key, of YAML and others.
    return None if found["next"] == ":" else _WORDS.get(word)


def foreign_kind(text: str) -> str:
    """Say what another kind of network file this is, and what to do; '' where it is none."""
    found = _START.match(text)
    return "" if found is None else _FOREIGN.get(found["word"].lower(), "")
