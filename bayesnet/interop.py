"""Networks from and to pgmpy, and from and to files: BIF, XMLBIF, XDSL, UAI and NET.

The only module that meets pgmpy; it is imported inside functions because it costs seconds.
Its readers and writers do the work for the formats that hold names, but never see a name that
they would change: short words stand in for the names while pgmpy works, and the names are put
back afterwards. UAI, which has no names, is read and written here: pgmpy 1.1 takes its tables in
transposed order and loses the order of the parents.
"""

import gzip
import math
import os
import random
import re
import warnings
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bayesnet.errors import BayesnetError, FormatError, NetworkError
from bayesnet.network import Network, Table, Variable, topological_order

ROW_TOLERANCE = 0.01
# Rows this close to 1 are left alone, so that what was written is read back bit for bit.
EXACT_TOLERANCE = 1e-12


# --- pgmpy models ---------------------------------------------------------------------------


def from_pgmpy(model: Any) -> Network:
    """Convert a pgmpy DiscreteBayesianNetwork that passes its `check_model`.

    Names that are not strings are turned into them. Rows that sum to 1 within 1 % are scaled.
    """
    from pgmpy.models import DiscreteBayesianNetwork
    from pgmpy.utils import compat_fns

    if not isinstance(model, DiscreteBayesianNetwork):
        kind = type(model).__name__
        raise NetworkError(f"expected a pgmpy DiscreteBayesianNetwork, got a {kind}")
    try:
        model.check_model()
    except Exception as error:
        raise NetworkError(f"pgmpy's check_model: {_one_line(error)}") from error
    cpds = {str(node): model.get_cpds(node) for node in model.nodes}
    draft = _Draft(
        names=[str(node) for node in model.nodes],
        states={name: list(map(str, c.state_names[c.variable])) for name, c in cpds.items()},
        parents={name: list(map(str, c.variables[1:])) for name, c in cpds.items()},
        tables={name: compat_fns.to_numpy(c.get_values()).T for name, c in cpds.items()},
    )
    return draft.network()


def to_pgmpy(network: Network) -> Any:
    """Convert to a pgmpy DiscreteBayesianNetwork; noisy families become tables."""
    return _pgmpy_model(network, {name: name for name in network.names}, _own_states(network))


def _pgmpy_model(
    network: Network,
    names: Mapping[str, str],
    states: Mapping[str, Sequence[str]],
    order: Iterable[str] | None = None,
) -> Any:
    """Build a pgmpy model with the network's tables under the given names and states."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.models import DiscreteBayesianNetwork

    model = DiscreteBayesianNetwork()
    model.add_nodes_from([names[name] for name in order or network.names])
    for family in network.families:
        model.add_edges_from([(names[p], names[family.variable]) for p in family.parents])
    for family in network.families:
        scope = (family.variable, *family.parents)
        values = np.moveaxis(family.table(), -1, 0)
        cpd = TabularCPD(
            names[family.variable],
            values.shape[0],
            values.reshape(values.shape[0], -1),
            evidence=[names[parent] for parent in family.parents],
            evidence_card=list(values.shape[1:]),
            state_names={names[name]: list(states[name]) for name in scope},
        )
        model.add_cpds(cpd)
    return model


def _own_states(network: Network) -> dict[str, tuple[str, ...]]:
    return {variable.name: variable.states for variable in network.variables}


# --- what every reader hands over -------------------------------------------------------------


@dataclass
class _Draft:
    """A network as a file tells it, unchecked; tables: the own state changes fastest."""

    names: Sequence[str]
    states: Mapping[str, Sequence[str]]
    parents: Mapping[str, Sequence[str]]
    tables: Mapping[str, ArrayLike]

    def network(self) -> Network:
        """Check and make the network, each row scaled to sum to 1."""
        if not self.names:
            raise NetworkError("no variables in it")
        variables = tuple(Variable(n, tuple(self.states.get(n) or ())) for n in self.names)
        return Network(variables, tuple(self._table(name) for name in self.names))

    def _table(self, name: str) -> Table:
        parents = tuple(self.parents.get(name, ()))
        if name not in self.tables:
            raise NetworkError(f"'{name}' has no probabilities")
        for parent in parents:
            if parent not in self.states:
                raise NetworkError(f"'{name}' has the parent '{parent}', which is not defined")
        shape = [len(self.states[one]) for one in (*parents, name)]
        values = np.asarray(self.tables[name], dtype=np.float64)
        expected = math.prod(shape)
        if values.size != expected:
            raise NetworkError(f"'{name}' has {values.size} probabilities, expected {expected}")
        return Table(name, parents, self._scaled(name, parents, values.reshape(shape)))

    def _scaled(
        self, name: str, parents: Sequence[str], values: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Rows that sum to 1 but for the rounding of printed numbers, made to sum to 1."""
        totals = values.sum(axis=-1, keepdims=True)
        bad = ~(np.abs(totals - 1) <= ROW_TOLERANCE)
        if bad.any():
            at = tuple(int(i) for i in np.argwhere(bad)[0])
            pairs = zip(parents, at[:-1], strict=True)
            given = ", ".join(f"{parent}={self.states[parent][i]}" for parent, i in pairs)
            row = f"P({name} | {given})" if given else f"P({name})"
            raise NetworkError(f"the row {row} sums to {totals[at]:.6g}, expected 1")
        return values / np.where(np.abs(totals - 1) > EXACT_TOLERANCE, totals, 1.0)


# --- files ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Format:
    title: str
    read: Callable[[bytes], _Draft]
    write: Callable[[Network], str]


def read_network(path: str | os.PathLike[str]) -> Network:
    """Read a network file: .bif, .xml or .xmlbif, .xdsl, .uai, .net, each also with .gz.

    Rows that sum to 1 within 1 % are scaled, since printed tables are rounded. UAI holds no
    names: its variables are v0, v1, ... and their states s0, s1, ... Raises FormatError.
    """
    file = Path(path)
    form = _format_of(file)
    try:
        content = _bytes_of(file)
        return form.read(content).network()
    except FormatError:
        raise
    except BayesnetError as error:
        raise FormatError(f"{file}: {error}") from error
    except Exception as error:
        raise FormatError(
            f"{file}: not a whole {form.title} file ({type(error).__name__}: {_one_line(error)})"
        ) from error


def write_network(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a network in the format of the file's ending; numbers keep their full precision.

    A name that the format cannot hold is refused with FormatError, never changed. Noisy families
    become tables. XDSL lists parents before children; the other formats keep the order of the
    variables. GeNIe itself wants letters, digits and _ in the names of an XDSL file.
    UAI keeps no names: variable i is vi when read back, its state j is sj.
    """
    file = Path(path)
    form = _format_of(file)
    try:
        content = form.write(network).encode()
    except FormatError as error:
        raise FormatError(f"{file}: {error}") from error
    if file.suffix.lower() == ".gz":
        content = gzip.compress(content, mtime=0)  # no time stamp: same network, same bytes
    try:
        file.write_bytes(content)
    except OSError as error:
        raise FormatError(f"{file}: cannot be written: {error.strerror}") from error


def _format_of(file: Path) -> _Format:
    endings = [suffix.lower() for suffix in file.suffixes]
    if endings and endings[-1] == ".gz":
        endings.pop()
    if not endings or endings[-1] not in FORMATS:
        known = ", ".join(FORMATS)
        raise FormatError(f"{file}: unknown ending; known are {known}, each also with .gz")
    return FORMATS[endings[-1]]


def _bytes_of(file: Path) -> bytes:
    if file.is_dir():
        raise FormatError(f"{file}: is a directory, not a network file")
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise FormatError(f"{file}: no such file") from None
    except OSError as error:
        raise FormatError(f"{file}: cannot be read: {error.strerror}") from error
    if file.suffix.lower() == ".gz":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise FormatError(f"{file}: not a whole gzip file ({_one_line(error)})") from error
    if not content.strip():
        raise FormatError(f"{file}: is empty")
    return content


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or "no details"


def _text_of(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")  # what the tools of the nineties wrote
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- names while pgmpy works --------------------------------------------------------------------


class _Aliases:
    """Short words that stand in for names which pgmpy would damage."""

    def __init__(self, text: str) -> None:
        self._prefix = "alias"
        while self._prefix in text.lower():
            self._prefix += "q"
        self._alias: dict[str, str] = {}
        self._name: dict[str, str] = {}
        self._variables: dict[str, str] = {}

    def of(self, name: str) -> str:
        """Give the word for a name, the same each time."""
        if name not in self._alias:
            alias = f"{self._prefix}{len(self._alias)}"
            self._alias[name] = alias
            self._name[alias] = name
        return self._alias[name]

    def name(self, word: str) -> str:
        """Give the name behind a word; a word that stands for nothing is itself."""
        return self._name.get(word, word)

    def declared(self, word: str) -> str:
        """Give the word for a variable that the file declares here."""
        name = self.name(word)
        if name in self._variables:
            raise NetworkError(f"variable '{name}' is defined twice")
        self._variables[name] = self.of(name)
        return self._variables[name]

    def is_declared(self, word: str) -> bool:
        """Whether the file declares a variable of that very name."""
        return self.name(word) in self._variables

    def mentioned(self, word: str) -> str:
        """Give the word for a declared variable; another case will do if it fits one only."""
        name = self.name(word)
        if name in self._variables:
            return self._variables[name]
        close = [alias for one, alias in self._variables.items() if one.lower() == name.lower()]
        if len(close) != 1:
            raise NetworkError(f"the probabilities mention '{name}', which is not defined")
        return close[0]

    def draft(
        self,
        names: Iterable[str],
        states: Mapping[str, Iterable[str]],
        parents: Mapping[str, Iterable[str]],
        columns: Mapping[str, ArrayLike],
    ) -> _Draft:
        """Put the names back into what pgmpy read, own states x parents."""
        return _Draft(
            [self.name(word) for word in names],
            {self.name(word): [self.name(s) for s in some] for word, some in states.items()},
            {self.name(word): [self.name(p) for p in some] for word, some in parents.items()},
            {self.name(word): np.transpose(values) for word, values in columns.items()},
        )


@dataclass
class _Disguise:
    """A pgmpy model of a network under words that sort in the network's order."""

    model: Any
    words: dict[str, str]

    def undone(self, text: str, spell: Callable[[str], str]) -> str:
        """Text that pgmpy wrote, with the names put back as the format spells them."""
        return re.sub(r"\b[vs]\d{6}(?:_\d+)?\b", lambda m: spell(self.words[m[0]]), text)


def _disguised(network: Network, order: Iterable[str] | None = None) -> _Disguise:
    names = {name: f"v{i:06}" for i, name in enumerate(network.names)}
    states = {
        variable.name: [f"s{i:06}_{j}" for j in range(len(variable.states))]
        for i, variable in enumerate(network.variables)
    }
    words = {word: name for name, word in names.items()}
    for variable in network.variables:
        words.update(zip(states[variable.name], variable.states, strict=True))
    return _Disguise(_pgmpy_model(network, names, states, order), words)


def _refuse_names(
    network: Network, title: str, variables: str = r".+", states: str = r".+"
) -> None:
    """FormatError for the first name that does not match its pattern."""
    for variable in network.variables:
        cases = [("variable", variable.name, variables)]
        cases += [(f"state of '{variable.name}'", state, states) for state in variable.states]
        for kind, name, pattern in cases:
            plain = name.isprintable() and name == name.strip()
            if not plain or not re.fullmatch(pattern, name):
                raise FormatError(f"{title} cannot hold the {kind} {name!r}; rename it")


# --- BIF --------------------------------------------------------------------------------------

_PLAIN_WORD = r"[\w.+<>=%-]+(?:/[\w.+<>=%-]+)*"
_COMMENT_OR_QUOTED = re.compile(r'/\*.*?\*/|//[^\n]*|"([^"]*)"', re.DOTALL)


def _read_bif(content: bytes) -> _Draft:
    text, aliases = _tidy_bif(_text_of(content))
    _check_bif(text, aliases)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = _bif_reader()(string=text)
    return aliases.draft(
        reader.variable_names,
        reader.variable_states,
        reader.variable_parents,
        reader.variable_cpds,
    )


@cache
def _bif_reader() -> Any:
    """Make pgmpy's reader with its grammars built once: that takes most of a second."""
    from pgmpy.readwrite import BIFReader

    variable = BIFReader.get_variable_grammar(None)
    probability = BIFReader.get_probability_grammar(None)
    grammars = {
        "get_variable_grammar": lambda self: variable,
        "get_probability_grammar": lambda self: probability,
    }
    return type("QuickReader", (BIFReader,), grammars)


def _tidy_bif(text: str) -> tuple[str, _Aliases]:
    """Put the file in the dialect that pgmpy reads without loss.

    pgmpy takes names without regard to case, drops quotation marks, reads a name like `table1` as
    a number, and needs each closing brace and each heading on a line of its own.
    """
    aliases = _Aliases(text)

    def unquoted(match: re.Match[str]) -> str:
        word = match[1]
        if word is None:
            return " "
        return f" {word} " if re.fullmatch(_PLAIN_WORD, word) else f" {aliases.of(word)} "

    def heading(match: re.Match[str]) -> str:
        own, *parents = [aliases.mentioned(word) for word in _bif_scope(match[1], aliases)]
        given = f" | {', '.join(parents)}" if parents else ""
        return f"probability ( {own}{given} ) {{"

    text = _COMMENT_OR_QUOTED.sub(unquoted, text)
    text = re.sub(r"\bnetwork\b[^{]*\{[^}]*\}", "\n", text, count=1)
    text = re.sub(r"(?<=[;{}])\s*property\s+[^;{}]*;", "", text)
    text = re.sub(r"\}(?!\s*;)\s*", "}\n", text)
    text = re.sub(
        r"^\s*variable\s+([^(){};]+?)\s*\{",
        lambda m: f"variable {aliases.declared(m[1])} {{",
        text,
        flags=re.MULTILINE,
    )
    heading_pattern = r"^\s*probability\s*\(([^(){}]*)\)\s*\{"
    return re.sub(heading_pattern, heading, text, flags=re.MULTILINE), aliases


def _bif_scope(heading: str, aliases: _Aliases) -> list[str]:
    """Split a heading into the variable and its parents: `x | a, b`, or in old files `x a b`."""
    own, bar, given = (part.strip() for part in heading.partition("|"))
    if not bar:
        return [own] if aliases.is_declared(own) else re.split(r"[\s,]+", own)
    return [own, *(parent.strip() for parent in given.split(",") if parent.strip())]


def _check_bif(text: str, aliases: _Aliases) -> None:
    """Refuse what pgmpy would fill up, skip or stumble over without saying where."""
    states = {}
    for word, listed in re.findall(r"^variable (\S+) \{[^{}]*\{([^{}]*)\}", text, re.MULTILINE):
        parts = listed.split(",") if "," in listed else listed.split()
        states[word] = [part.strip() for part in parts if part.strip()]
        Variable(aliases.name(word), tuple(states[word]))
    done: set[str] = set()
    blocks = re.finditer(r"^probability \( ([^)]*) \) \{([^{}]*)\}", text, re.MULTILINE)
    for heading, body in (block.groups() for block in blocks):
        own, *parents = re.split(r" \| |, ", heading)
        name = aliases.name(own)
        if own in done:
            raise NetworkError(f"'{name}' has two blocks of probabilities")
        done.add(own)
        if re.search(r"(?:^|;)\s*default\b", body):
            raise NetworkError(f"'{name}' has a `default` row; give every row instead")
        for row in re.findall(r"\(([^()]*)\)", body):
            given = [state.strip() for state in row.split(",")]
            fits = zip(parents, given, strict=True) if len(given) == len(parents) else [("", "")]
            if not all(state in states.get(parent, ()) for parent, state in fits):
                shown = ", ".join(map(aliases.name, given))
                raise NetworkError(
                    f"'{name}' has a row ({shown}) that its parents' states do not fit"
                )
        _check_bif_numbers(name, body, math.prod(len(states[one]) for one in (own, *parents)))


def _check_bif_numbers(name: str, body: str, expected: int) -> None:
    numbers = re.sub(r"\([^()]*\)|\btable\b|[,;]", " ", body).split()
    for number in numbers:
        if not re.fullmatch(r"[-+.\deE]+", number):
            raise NetworkError(f"'{name}' has '{number}' where a number should be")
    if len(numbers) != expected:
        raise NetworkError(f"'{name}' has {len(numbers)} probabilities, expected {expected}")


def _write_bif(network: Network) -> str:
    from pgmpy.readwrite import BIFWriter

    _refuse_names(network, "BIF", r'[^"]+', r'[^"]+')
    disguise = _disguised(network)

    def spell(name: str) -> str:
        return name if re.fullmatch(_PLAIN_WORD, name) else f'"{name}"'

    return disguise.undone(str(BIFWriter(disguise.model)), spell)


# --- NET --------------------------------------------------------------------------------------

_NET_COMMENT_OR_QUOTED = re.compile(r'/\*.*?\*/|//[^\n]*|%[^\n]*|"([^"]*)"', re.DOTALL)


def _read_net(content: bytes) -> _Draft:
    from pgmpy.readwrite import NETReader

    def states_in_one_pass(self: Any) -> dict[str, list[str]]:
        found = [list(match[0].statenames) for match in self.state_expr.scan_string(self.network)]
        return dict(zip(self.variable_names, found, strict=True))

    text, aliases = _tidy_net(_text_of(content))
    # pgmpy's own scans the whole file once for each variable.
    quick_reader = type("QuickReader", (NETReader,), {"get_states": states_in_one_pass})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader: Any = quick_reader(string=text)
    return aliases.draft(
        reader.variable_names,
        reader.variable_states,
        reader.variable_parents,
        reader.variable_cpds,
    )


def _tidy_net(text: str) -> tuple[str, _Aliases]:
    """Put the file in the dialect that pgmpy reads: one word for each quoted string and name."""
    aliases = _Aliases(text)

    def unquoted(match: re.Match[str]) -> str:
        return " " if match[1] is None else f" {aliases.of(match[1])} "

    def potential(match: re.Match[str]) -> str:
        words = [aliases.mentioned(word) for word in match[1].replace("|", " ").split()]
        return f"potential ({words[0]} | {' '.join(words[1:])})"

    text = _NET_COMMENT_OR_QUOTED.sub(unquoted, text)
    odd = re.search(r"\b(continuous|utility|decision|function)\s+(?:node\s+)?(\w+)\s*\{", text)
    if odd:
        raise NetworkError(f"'{odd[2]}' is a {odd[1]} node; only discrete chance nodes are read")
    text = re.sub(r"\bnode\s+([^\s{}]+)\s*\{", lambda m: f"node {aliases.declared(m[1])} {{", text)
    text = re.sub(r"\bpotential\s*\(([^()]*)\)", potential, text)
    if len(re.findall(r"\bpotential \(", text)) != len(re.findall(r"\bdata\s*=", text)):
        raise NetworkError("every potential needs its own data")
    return text, aliases


def _write_net(network: Network) -> str:
    from pgmpy.readwrite import NETWriter

    _refuse_names(network, "NET", r"[A-Za-z0-9_.-]+", r'[^"]+')
    disguise = _disguised(network)
    writer = NETWriter(disguise.model)

    def full_precision(word: str) -> str:
        rows = np.moveaxis(np.asarray(writer.tables[word]), 0, -1).tolist()
        return str(rows).replace("[", "(").replace("]", ")").replace(",", "")

    writer.net_cpd = full_precision  # pgmpy's own rounds to eight digits
    return disguise.undone(str(writer), str)


# --- XMLBIF and XDSL --------------------------------------------------------------------------


def _read_xmlbif(content: bytes) -> _Draft:
    from pgmpy.readwrite import XMLBIFReader

    root = _xml_root(content)
    found = root.find("NETWORK")
    if found is None:
        raise NetworkError("no NETWORK element; is it another kind of XML?")
    if found.find("NAME") is None:
        ET.SubElement(found, "NAME")  # pgmpy insists on one
    defined = [definition.findtext("FOR") for definition in found.findall("DEFINITION")]
    if len(set(defined)) != len(defined):
        raise NetworkError("a variable has two definitions")  # pgmpy would take the last
    for variable in found.findall("VARIABLE"):
        kind = variable.get("TYPE", "nature")
        if kind != "nature":
            name = variable.findtext("NAME")
            raise NetworkError(f"'{name}' is a {kind} node; only nature nodes are read")
    reader = XMLBIFReader(string=ET.tostring(root, encoding="unicode"))
    tables = {name: np.transpose(values) for name, values in reader.variable_CPD.items()}
    return _Draft(reader.variables, reader.variable_states, reader.variable_parents, tables)


def _write_xmlbif(network: Network) -> str:
    from pgmpy.readwrite import XMLBIFWriter

    _refuse_names(network, "XMLBIF")
    disguise = _disguised(network)
    return disguise.undone(str(XMLBIFWriter(disguise.model)), escape)


def _read_xdsl(content: bytes) -> _Draft:
    from pgmpy.readwrite import XDSLReader

    root = _xml_root(content)
    nodes = root.find("nodes")
    if nodes is None:
        raise NetworkError("no nodes element; is it another kind of XML?")
    for node in nodes:
        if node.tag != "cpt":
            # pgmpy would leave such a node out without a word.
            raise NetworkError(f"'{node.get('id')}' is a {node.tag} node; only cpt nodes are read")
        parents = node.find("parents")
        if parents is not None and not parents.text:
            node.remove(parents)
    root.set("id", root.get("id", "network"))
    reader = XDSLReader(string=ET.tostring(root, encoding="unicode"))
    tables = {name: np.transpose(values) for name, values in reader.variable_CPD.items()}
    return _Draft(reader.variables, reader.variable_states, reader.variable_parents, tables)


def _write_xdsl(network: Network) -> str:
    from pgmpy.readwrite import XDSLWriter

    _refuse_names(network, "XDSL", variables=r"\S+")
    parents = {family.variable: family.parents for family in network.families}
    disguise = _disguised(network, topological_order(parents))
    state = random.getstate()
    writer = XDSLWriter(disguise.model)
    random.setstate(state)  # pgmpy draws the places of the nodes
    for word, cpd in writer.cpds.items():
        numbers = writer.variables[word].find("probabilities")
        numbers.text = " ".join(map(repr, cpd.get_values().ravel(order="F").tolist()))
    for i, place in enumerate(writer.root.iter("position")):
        left, top = i % 8 * 100, i // 8 * 70
        place.text = f"{left} {top} {left + 72} {top + 48}"
    ET.indent(writer.root)
    text = ET.tostring(writer.root, encoding="unicode")
    declaration = '<?xml version="1.0" encoding="utf-8"?>\n'
    return declaration + disguise.undone(text, lambda name: escape(name, {'"': "&quot;"})) + "\n"


def _xml_root(content: bytes) -> ET.Element:
    """Parse; make white space around and between words, which pgmpy trips over, one blank."""
    root = ET.fromstring(content)
    for element in root.iter():
        if element.text:
            element.text = element.text.strip()
        if element.tag in ("parents", "probabilities"):
            element.text = " ".join((element.text or "").split())
    return root


# --- UAI --------------------------------------------------------------------------------------


def _read_uai(content: bytes) -> _Draft:
    """UAI 2008 model format: type, cardinalities, scopes (child last), tables (child fastest)."""
    content_words = re.sub(r"#[^\n]*", "", _text_of(content)).split()
    words = iter(content_words)
    kind = next(words, "nothing")
    if kind != "BAYES":
        raise NetworkError(f"is of type {kind}; only BAYES is read")

    def integers(count: int) -> list[int]:
        found = [int(next(words)) for _ in range(count)]
        # No honest count or index is larger than the file is long.
        if any(not 0 <= number <= len(content_words) for number in found):
            raise NetworkError(f"a count or an index is out of range among {found[:9]}")
        return found

    try:
        names = [f"v{i}" for i in range(*integers(1))]
        states = {
            name: [f"s{j}" for j in range(size)]
            for name, size in zip(names, integers(len(names)), strict=True)
        }
        scopes = [[names[i] for i in integers(*integers(1))] for _ in range(*integers(1))]
        tables = [[float(next(words)) for _ in range(*integers(1))] for _ in scopes]
    except StopIteration:
        raise NetworkError("ends too early") from None
    children = [scope[-1] for scope in scopes]
    if sorted(children) != sorted(names):
        raise NetworkError("every variable needs exactly one function that it is the last of")
    parents = {scope[-1]: scope[:-1] for scope in scopes}
    return _Draft(names, states, parents, dict(zip(children, tables, strict=True)))


def _write_uai(network: Network) -> str:
    sizes = [str(len(variable.states)) for variable in network.variables]
    lines = ["BAYES", str(len(sizes)), " ".join(sizes), str(len(sizes))]
    for family in network.families:
        scope = (*family.parents, family.variable)
        lines.append(" ".join(map(str, (len(scope), *map(network.position, scope)))))
    for family in network.families:
        values = family.table()
        rows = values.reshape(-1, values.shape[-1]).tolist()
        lines += ["", str(values.size), *(" ".join(map(repr, row)) for row in rows)]
    return "\n".join(lines) + "\n"


FORMATS = {
    ".bif": _Format("BIF", _read_bif, _write_bif),
    ".xml": _Format("XMLBIF", _read_xmlbif, _write_xmlbif),
    ".xmlbif": _Format("XMLBIF", _read_xmlbif, _write_xmlbif),
    ".xdsl": _Format("XDSL", _read_xdsl, _write_xdsl),
    ".uai": _Format("UAI", _read_uai, _write_uai),
    ".net": _Format("NET", _read_net, _write_net),
}
