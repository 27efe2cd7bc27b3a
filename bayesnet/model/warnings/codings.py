"""Warn of codes by which other systems cannot tell two causes apart."""

from collections.abc import Iterator

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.lookup.codings import codings_of
from bayesnet.model.problems import ModelWarning


def warn_of_codings(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each code that stands for two causes."""
    first: dict[tuple[str, str], str] = {}
    for path, coding in codings_of(description):
        name = str(path[1])
        if path[0] != "causes":
            continue
        other = first.setdefault((coding.system, coding.code), name)
        if other != name:
            yield ModelWarning(
                (*path, "code"),
                f"'{coding.code}' stands for '{other}' and for '{name}', so that who receives it "
                "cannot tell them apart",
                "give each a narrower code, or keep it at one of them",
            )
