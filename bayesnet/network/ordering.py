"""Order the variables of a graph so that parents come before children, or name a cycle."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from bayesnet.errors import NetworkError


def topological_order(parents: Mapping[str, Iterable[str]]) -> list[str]:
    """Order names so that parents come before children; raises NetworkError that names a cycle.

    parents: {name: names of its parents}.

        >>> topological_order({"wet": ["rain"], "rain": []})
        ['rain', 'wet']
    """
    try:
        return list(TopologicalSorter(parents).static_order())
    except CycleError as error:
        raise NetworkError(f"cycle: {' -> '.join(error.args[1])}") from None


def cycle_of(parents: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the names of a cycle, the first of them also last; () where there is none.

    >>> cycle_of({"wet": ["rain"], "rain": ["wet"]})
    ('wet', 'rain', 'wet')
    """
    try:
        TopologicalSorter(parents).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()
