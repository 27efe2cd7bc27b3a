"""Networks of the bnlearn repository, where they are at hand beside the checkout."""

from functools import cache

import pytest

from bayesnet.network import Network
from bayesnet.network.formats.files import read_network
from support.paths import NETWORKS


@cache
def benchmark_network(name: str) -> Network:
    """Skips the test when the file is not here."""
    path = NETWORKS / f"{name}.bif.gz"
    if not path.exists():
        pytest.skip("the benchmark networks are not here")
    return read_network(path)
