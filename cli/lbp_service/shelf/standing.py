"""Keep the shelf that stands now, and read it anew once a file has changed."""

from collections.abc import Sequence
from pathlib import Path

from bayesnet import load_model
from lbp_service.shelf.shelf import Load, Shelf, fingerprint, read_shelf


class Standing:
    """The shelf of a running service: the one thing in it that changes.

    A reader takes `shelf` once and stays with it; `refresh` puts another whole shelf in its place.
    """

    def __init__(
        self,
        default: str,
        more: Sequence[str] = (),
        folder: Path | None = None,
        load: Load = load_model,
    ) -> None:
        """Read the first shelf; raises what `read_shelf` raises."""
        self._default, self._more, self._folder, self._load = default, more, folder, load
        self._seen = fingerprint(folder) if folder else ()
        self.shelf: Shelf = read_shelf(default, more, folder, None, load)

    def refresh(self) -> bool:
        """Read the shelf again if a file of the folder has changed; tells whether it had."""
        if self._folder is None:
            return False
        seen = fingerprint(self._folder)
        if seen == self._seen:
            return False
        self.shelf = read_shelf(self._default, self._more, self._folder, self.shelf, self._load)
        self._seen = seen
        return True
