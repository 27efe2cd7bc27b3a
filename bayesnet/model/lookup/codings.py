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


def codings_about(
    description: ModelDescription, name: str | None
) -> tuple[tuple[KeyPath, Coding], ...]:
    """Return the codes of an id and of its answers, each with its path; of all ids for None."""
    return tuple(each for each in codings_of(description) if name in (None, each[0][1]))


def answer_of(path: KeyPath) -> str:
    """Return the answer that a code at a path stands for; empty where it is of the entry itself.

    >>> answer_of(("risk_factors", "sex", "answer", "codings", "male", 0))
    'male'
    """
    return str(path[-2]) if path[2] == "answer" else ""


def codings_by_id(description: ModelDescription) -> Mapping[str, Codings]:
    """Return {id: its codes} of the causes, risk factors and findings that have any."""
    lists = coded_lists(description)
    return {str(path[1]): found for path, found in lists if found and path[2:] == ("codings",)}
