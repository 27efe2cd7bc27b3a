"""Put sources into words: the study behind an id."""

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from bayesnet.model.format.numbers import JUDGEMENT
from bayesnet.model.format.published_figures import PublishedFigure
from lbp_infer.screen.page import paragraph
from lbp_infer.screen.shapes import Indented

RECALLED = "from memory, not checked at its source"
READ = {
    "abstract": "read in its abstract",
    "table": "read in a table",
    "secondary": "read where another page quotes it",
    "": "read",
}


def ids(sources: Iterable[str]) -> str:
    """Return the sources of one number on one line, judgement left to its grade."""
    return ", ".join(source for source in sources if source != JUDGEMENT)


def cited(sources: Iterable[str], figures: Mapping[str, PublishedFigure]) -> list[str]:
    """List each source once, on one line: a figure's id with its study, else as it stands."""
    return [
        _in_words(source, figures[source]) if source in figures else source
        for source in dict.fromkeys(sources)
        if source != JUDGEMENT
    ]


def _in_words(name: str, figure: PublishedFigure) -> str:
    parts = [f"{name}: {figure.figure}."]
    if in_whom(figure):
        parts.append(f"{in_whom(figure)}.")
    parts += [figure.citation, address(figure)]
    if figure.status == "recalled":
        parts.append(f"({RECALLED})")
    return " ".join(filter(None, parts))


def studies(sources: Iterable[str], figures: Mapping[str, PublishedFigure]) -> list[RenderableType]:
    """List each source once, in full: a published figure with its study, or a citation."""
    return [
        study(source, figures[source]) if source in figures else paragraph(source)
        for source in dict.fromkeys(sources)
        if source != JUDGEMENT
    ]


def study(name: str, figure: PublishedFigure) -> RenderableType:
    """Render a published figure: what, in whom, by whom, where to find it, and how it was read."""
    lines = [figure.figure, in_whom(figure), figure.citation, address(figure)]
    if figure.set_aside:
        lines.append(f"Set aside: {figure.set_aside}")
    under = Group(*(paragraph(line) for line in lines if line))
    return Group(Text.assemble(name, (f"  {how_read(figure)}", "dim")), Indented(under, "    "))


def how_read(figure: PublishedFigure) -> str:
    """Say whether the figure was read, and where."""
    return RECALLED if figure.status == "recalled" else READ[figure.read_level]


def in_whom(figure: PublishedFigure) -> str:
    """Say which people were studied, and how many."""
    return "; ".join(filter(None, (figure.population, figure.n and f"n {figure.n}")))


def address(figure: PublishedFigure) -> str:
    """Return DOI, PMID and address, the address left out where the DOI says it."""
    doi, url = figure.doi, figure.url
    known = (
        f"doi:{doi}" if doi else "",
        f"PMID {figure.pubmed}" if figure.pubmed.isdigit() else figure.pubmed,
        "" if doi and url.lower().endswith(doi.lower()) else url,
    )
    return "; ".join(filter(None, known))
