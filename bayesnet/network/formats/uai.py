"""Read and write UAI, the format of the UAI 2008 competition: type, cardinalities, scopes, tables.

It holds no names: variables are v0, v1, ... and their states s0, s1, ... The child is the last
of its scope, and its state changes fastest.
"""

import re
from collections.abc import Iterator

from bayesnet.errors import NetworkError
from bayesnet.network import Network
from bayesnet.network.formats.decoding import numbers, text_of
from bayesnet.network.formats.draft import Draft


def read_uai(content: bytes) -> Network:
    """Read the content of a UAI file of type BAYES; raises NetworkError that says what is wrong."""
    listed = re.sub(r"#[^\n]*", "", text_of(content)).split()
    if listed[:1] != ["BAYES"]:
        raise NetworkError(f"is of type {' '.join(listed[:1]) or 'nothing'}; only BAYES is read")
    words = _Words(listed[1:])
    draft = Draft()
    names = [f"v{i}" for i in range(words.integer())]
    for name in names:
        draft.declare(name, [f"s{j}" for j in range(words.integer())])
    scopes = [words.integers() for _ in range(words.integer())]
    if sorted(scope[-1:] for scope in scopes) != [[i] for i in range(len(names))]:
        raise NetworkError("every variable needs exactly one function that it is the last of")
    for *parents, own in scopes:
        values = numbers(names[own], words.listed())
        draft.define(names[own], [f"v{parent}" for parent in parents], values)
    return Network(*draft.parts())


class _Words:
    """The words of a file, taken one after another; NetworkError where they end too early."""

    def __init__(self, listed: list[str]) -> None:
        self._left: Iterator[str] = iter(listed)
        # No honest count or index is larger than the file is long.
        self._most = len(listed)

    def word(self) -> str:
        word = next(self._left, None)
        if word is None:
            raise NetworkError("ends too early")
        return word

    def integer(self) -> int:
        word = self.word()
        if not re.fullmatch(r"\d{1,9}", word) or int(word) > self._most:
            raise NetworkError(f"a count or an index is out of range: {word}")
        return int(word)

    def integers(self) -> list[int]:
        """Take a count, then as many integers."""
        return [self.integer() for _ in range(self.integer())]

    def listed(self) -> list[str]:
        """Take a count, then as many words."""
        return [self.word() for _ in range(self.integer())]


def write_uai(network: Network) -> str:
    """Write a network as the text of a UAI file: variable i is read back as vi, state j as sj."""
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
