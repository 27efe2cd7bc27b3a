"""Warn of citations by which nobody could find the source, or its edition."""

import re
from collections.abc import Iterator

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import JUDGEMENT
from bayesnet.model.lookup.sources import sourced
from bayesnet.model.problems import ModelWarning

FEWEST_WORDS = 3
"""Words of a citation without a link: who and what."""
_YEAR = re.compile(r"(?<!\d)(1[89]|20)\d\d(?!\d)|\bn\.\s?d\.")
_IDENTIFIER = re.compile(r"10\.\d{4,9}/\S|pubmed|\bPMC?\d|/articles/PMC", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+")
_WORD = re.compile(r"[^\W\d_]+")


def warn_of_citations(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each citation that names neither a year nor an identifier, or too little to find it."""
    for path, entry in sourced(description):
        for at, source in enumerate(entry.source):
            if source != JUDGEMENT and source not in description.figures:
                yield from _citation(description, (*path, "source", at), source, source)
    for name, figure in description.figures.items():
        place = ("evidence", name, "citation")
        beside = f"{figure.url} {figure.doi} {figure.pubmed and 'pubmed'}"
        yield from _citation(description, place, figure.citation, beside)


def _citation(
    description: ModelDescription, path: tuple[str | int, ...], citation: str, identified_by: str
) -> Iterator[ModelWarning]:
    identified = _IDENTIFIER.search(identified_by)
    if not identified and not _YEAR.search(citation):
        yield ModelWarning(
            path,
            "this citation names no year, so that nobody can tell which edition was read",
            "add the year, or a DOI; 'n.d.' where the source itself has no date",
        )
    elif not (
        identified or _LINK.search(identified_by) or len(_WORD.findall(citation)) >= FEWEST_WORDS
    ):
        yield ModelWarning(
            path,
            "this citation is too short to find the source by",
            "add its title and journal, or a link",
        )
