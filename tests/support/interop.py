"""What the tests of network files share: example networks, comparison, a way through a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bayesnet.errors import FormatError
from bayesnet.network import Array, Network, NoisyMax, Table, Variable
from bayesnet.network.formats.files import read_network, write_network


def of_pgmpy(name: str) -> Any:
    """A reader or writer of pgmpy, which takes seconds to import: not while tests are collected."""
    import pgmpy.readwrite

    return getattr(pgmpy.readwrite, name)


def assert_same(first: Network, second: Network, atol: float = 1e-12) -> None:
    """The same variables, parents and tables, in whatever order."""
    assert set(first.names) == set(second.names)
    for variable in first.variables:
        assert second.variable(variable.name) == variable
        one, other = first.family(variable.name), second.family(variable.name)
        assert one.parents == other.parents
        np.testing.assert_allclose(other.table(), one.table(), rtol=1e-12, atol=atol)


def through(network: Network, path: Path) -> Network:
    """The network, written to a file and read again."""
    write_network(network, path)
    return read_network(path)


def two_parents(own: str = "grade", first: str = "effort", second: str = "talent") -> Network:
    """No two sizes alike, no two rows alike: any axis out of order shows."""
    values = np.arange(1, 25, dtype=float).reshape(2, 3, 4)
    values /= values.sum(axis=-1, keepdims=True)
    return Network(
        (
            Variable(own, ("a", "b", "c", "d")),
            Variable(first, ("low", "high")),
            Variable(second, ("x", "y", "z")),
        ),
        (
            Table(own, (first, second), values),
            Table(first, (), np.array([0.3, 0.7])),
            Table(second, (), np.array([0.2, 0.3, 0.5])),
        ),
    )


def read_text(text: str, name: str, tmp_path: Path, encoding: str = "utf-8") -> Network:
    """A network from the text of a file of this name."""
    (tmp_path / name).write_bytes(text.encode(encoding))
    return read_network(tmp_path / name)


def refused_file(text: str, name: str, tmp_path: Path, normalise: bool = False) -> str:
    """What a file with this text is refused for, from its name on."""
    (tmp_path / name).write_text(text)
    with pytest.raises(FormatError) as caught:
        read_network(tmp_path / name, normalise=normalise)
    return str(caught.value)[len(str(tmp_path)) + 1 :]


def probabilities(network: Network, evidence: Mapping[str, str] | None = None) -> dict[str, Array]:
    """The posteriors of a network's engine, shape (states,) each."""
    return dict(network.compile().marginals(evidence or {}).arrays)


def as_dne(network: Network) -> str:
    """The text of a Netica file, written by its own rules: the variable's state fastest."""
    lines = ["// ~->[DNET-1]->~", "bnet test {", 'comment = "a \\"brace\\" { in it";']
    for variable, family in zip(network.variables, network.families, strict=True):
        rows = str(family.table().tolist()).replace("[", "(").replace("]", ")")
        lines += [
            f"node {variable.name} {{",
            "kind = NATURE; discrete = TRUE; chance = CHANCE;",
            f"states = ({', '.join(variable.states)});",
            f"parents = ({', '.join(family.parents)});",
            f"probs = // {' '.join(variable.states)}",
            f"  {rows};",
            "visual V1 { center = (10, 20); };",
            "};",
        ]
    return "\n".join([*lines, "};"])


def as_dsl(network: Network) -> str:
    """The text of a file of GeNIe 1; a noisy family with its states the highest first is noisy."""
    lines = ["net test", "{", "HEADER = { ID = test; };"]
    for variable, family in zip(network.variables, network.families, strict=True):
        if isinstance(family, NoisyMax) and family.lowest == -1 and family.parents:
            kind, effects = "NOISY_MAX", [*family.links, family.leak[None]]
            values = np.concatenate(effects).ravel()
            order = [at for link in family.links for at in range(len(link))]
            more = f"STRENGTHS = ({', '.join(map(str, order))});"
        else:
            kind, values, more = "CPT", family.table().ravel(), ""
        lines += [
            f"node {variable.name} {{ TYPE = {kind}; HEADER = {{ ID = {variable.name}; }};",
            f"PARENTS = ({', '.join(family.parents)});",
            f"DEFINITION = {{ NAMESTATES = ({', '.join(variable.states)}); {more}",
            f"PROBABILITIES = ({', '.join(map(repr, values.tolist()))}); }}; }};",
        ]
    return "\n".join([*lines, "OBSERVATION_COST = { node x { COSTS = (0.0); }; };", "};"])
