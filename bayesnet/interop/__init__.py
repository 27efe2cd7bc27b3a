"""Networks from and to pgmpy, and from and to files: BIF, XMLBIF, XDSL, UAI and NET."""

from bayesnet.interop.files import read_network, write_network
from bayesnet.interop.pgmpy_models import from_pgmpy, to_pgmpy

__all__ = ["from_pgmpy", "read_network", "to_pgmpy", "write_network"]
