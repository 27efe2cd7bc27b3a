"""Say which studies stand behind the ids that a report names as sources."""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from bayesnet.model.format.published_figures import PublishedFigure


class CitedFigure(Struct, frozen=True):
    """A published figure: what was found, in whom, and where it stands.

    pubmed: PMID or PMC number; status: `recalled` where it was not checked at its source.
    """

    figure: str
    population: str
    citation: str
    doi: str
    pubmed: str
    url: str
    status: Literal["read", "recalled"]


def cited_figures(
    sources: Iterable[str], figures: Mapping[str, PublishedFigure]
) -> dict[str, CitedFigure]:
    """Return {id: the figure} for those of the sources that are ids of figures."""
    named = {name: figures[name] for name in dict.fromkeys(sources) if name in figures}
    return {
        name: CitedFigure(
            each.figure,
            each.population,
            each.citation,
            each.doi,
            each.pubmed,
            each.url,
            each.status,
        )
        for name, each in named.items()
    }
