"""Refuse names that a format cannot hold; a name is never changed."""

import re

from bayesnet.errors import FormatError
from bayesnet.network import Network


def refuse_names(network: Network, title: str, variables: str = r".+", states: str = r".+") -> None:
    """Raise FormatError for the first name that is not printable or does not match its pattern.

    title: the format's name, for the message; variables, states: regular expressions that names
    of variables and of states must match in full.
    """
    for variable in network.variables:
        cases = [("variable", variable.name, variables)]
        cases += [(f"state of '{variable.name}'", state, states) for state in variable.states]
        for kind, name, pattern in cases:
            plain = name.isprintable() and name == name.strip()
            if not plain or not re.fullmatch(pattern, name):
                raise FormatError(f"{title} cannot hold the {kind} {name!r}; rename it")
