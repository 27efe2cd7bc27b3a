"""Find every code of a model, with its path."""

from collections.abc import Iterator, Mapping

from bayesnet.model.format.codings import Coding
from bayesnet.model.format.description import KeyPath, ModelDescription

Codings = tuple[Coding, ...]


def coded_lists(description: ModelDescription) -> Iterator[tuple[KeyPath, Codings]]:
    """Yield the codes of each entry and of its answers, with the path of the list."""
    for name, cause in description.causes.items():
        yield ("causes", name, "codings"), cause.codings
    for name, factor in description.risk_factors.items():
        yield ("risk_factors", name, "codings"), factor.codings
        for state, codings in factor.answer.codings.items():
            yield ("risk_factors", name, "answer", "codings", state), codings
    for name, finding in description.findings.items():
        yield ("findings", name, "codings"), finding.codings
        for state, codings in finding.answer.codings.items():
            yield ("findings", name, "answer", "codings", state), codings
    for name, derived in description.derived.items():
        yield ("derived", name, "codings"), derived.codings


def codings_of(description: ModelDescription) -> Iterator[tuple[KeyPath, Coding]]:
    """Yield every code, with its path."""
    for path, codings in coded_lists(description):
        for at, coding in enumerate(codings):
            yield (*path, at), coding


def codings_by_id(description: ModelDescription) -> Mapping[str, Codings]:
    """Return {id: its codes} of the causes, risk factors and findings that have any."""
    lists = coded_lists(description)
    return {str(path[1]): found for path, found in lists if found and path[2:] == ("codings",)}
