"""Interviews kept in a file as they are held, so that a run that was cut short can go on."""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kept:
    """A file to which interviews are added; path: None keeps nothing.

    model: its checksum. What another model said is left aside; a program that asks otherwise is
    not noticed, so that its runs need a file of their own.
    """

    path: Path | None
    model: str

    def found(self, what: str) -> dict[int, Any]:
        """Return {place: interview} of what is there, in the order of the places."""
        own = {
            at: each for kind, model, at, each in self._all() if (kind, model) == (what, self.model)
        }
        return dict(sorted(own.items()))

    def add(self, what: str, at: int, interview: object) -> None:
        """Add an interview; at: its place among all that are to be held."""
        if self.path is not None:
            with self.path.open("ab") as file:
                file.write(pickle.dumps((what, self.model, at, interview)))

    def _all(self) -> Iterator[tuple[str, str, int, Any]]:
        if self.path is None or not self.path.exists():
            return
        with self.path.open("rb") as file:
            while True:
                try:
                    yield pickle.load(file)
                except (EOFError, pickle.UnpicklingError):
                    # The last one may have been cut.
                    return
