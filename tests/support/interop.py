"""What the tests of network files share: example networks, comparison, a way through a file."""

from pathlib import Path

import numpy as np

from bayesnet.network import Network, Table, Variable
from bayesnet.network.formats.files import read_network, write_network


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
