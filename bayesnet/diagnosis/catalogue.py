"""The causes and findings of a model, by id, for someone who looks around in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bayesnet.errors import counted
from bayesnet.network.html_tables import html_table

FEW = 4
"""Ids that are printed in one line."""


class Labelled(Protocol):
    """Anything with words for a person."""

    @property
    def label(self) -> str:
        """What it is called."""


T = TypeVar("T", bound=Labelled)


@dataclass(frozen=True, eq=False, repr=False)
class Catalogue(Mapping[str, T]):
    """{id: entry}, in the model's order; kind: what one entry is."""

    kind: str
    entries: Mapping[str, T]

    def __getitem__(self, name: str) -> T:
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        more = ", ..." if len(self) > FEW else ""
        return f"{counted(len(self), self.kind)}: {', '.join(list(self)[:FEW])}{more}"

    def _repr_html_(self) -> str:
        return html_table([self.kind, ""], ([name, each.label] for name, each in self.items()))
