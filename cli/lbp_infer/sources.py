"""Sources in words: the citation behind an id."""

from collections.abc import Iterable, Mapping

from bayesnet.description.format import JUDGEMENT, PublishedFigure


def cited(sources: Iterable[str], figures: Mapping[str, PublishedFigure]) -> list[str]:
    """Each source once, in order: a published figure's id with its citation, else as it stands."""
    return [
        _in_words(source, figures[source]) if source in figures else source
        for source in dict.fromkeys(sources)
        if source != JUDGEMENT
    ]


def _in_words(name: str, figure: PublishedFigure) -> str:
    parts = [f"{name}: {figure.figure}."]
    if figure.population:
        parts.append(f"{figure.population}{f', n {figure.n}' if figure.n else ''}.")
    parts.append(figure.citation)
    if figure.url:
        parts.append(figure.url)
    if figure.status == "recalled":
        parts.append("(from memory, not checked against the source)")
    return " ".join(parts)
