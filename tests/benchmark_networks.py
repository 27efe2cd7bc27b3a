"""Networks of the bnlearn repository, where they are at hand beside the checkout."""

from pathlib import Path

import pytest

from bayesnet.interop import read_network
from bayesnet.network import Network

FOLDER = Path(__file__).parents[2] / "shared" / "networks"


def benchmark_network(name: str) -> Network:
    """Skips the test when the file is not here."""
    path = FOLDER / f"{name}.bif.gz"
    if not path.exists():
        pytest.skip("the benchmark networks are not here")
    return read_network(path)
