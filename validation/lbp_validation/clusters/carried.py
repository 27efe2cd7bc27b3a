"""What is sent to workers: a mapper that notes their memory, and may kill one of them."""

import os
import resource
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bayesnet import CohortMapper
from lbp_validation.clusters.people import KEY

KILLED = "killed"


@dataclass(frozen=True)
class Carried:
    """Answers for tables as its mapper does; it pickles.

    folder: where all processes of this machine write: a file for each that answered, with its peak
    of memory, and one once a worker has been killed. kill: the key at which the first worker that
    meets it is killed by SIGKILL, None for none.
    """

    mapper: CohortMapper
    folder: str
    kill: int | None = None

    def table(self, table: Any) -> Any:
        """Answer for a pyarrow.Table."""
        self._die_once(table)
        found = self.mapper.table(table)
        self._note()
        return found

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Answer for record batches."""
        for batch in batches:
            self._die_once(batch)
            yield from self.mapper([batch])
            self._note()

    def warm(self) -> "Carried":
        """Return what answers the same way, and notes and kills nothing."""
        return replace(self, folder="", kill=None)

    @property
    def workers(self) -> dict[str, float]:
        """The peak of memory of each process that answered, in megabytes, by its number."""
        notes = [each for each in Path(self.folder).iterdir() if each.name != KILLED]
        return {each.name: float(each.read_text()) for each in notes}

    @property
    def has_killed(self) -> bool:
        """Whether a worker has been killed."""
        return (Path(self.folder) / KILLED).exists()

    def _die_once(self, rows: Any) -> None:
        if self.kill is None or self.kill not in rows[KEY].to_pylist():
            return
        try:
            (Path(self.folder) / KILLED).touch(exist_ok=False)
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)

    def _note(self) -> None:
        if self.folder:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            (Path(self.folder) / str(os.getpid())).write_text(f"{peak:.0f}")


@dataclass(frozen=True)
class Nothing:
    """Gives back the keys of a table: what an engine takes by itself."""

    def table(self, table: Any) -> Any:
        """Return the column of keys of a pyarrow.Table."""
        return table.select([KEY])

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Return the column of keys of each record batch."""
        return (batch.select([KEY]) for batch in batches)

    def warm(self) -> "Nothing":
        """Return itself."""
        return self
