"""What is remembered because it is a function of something smaller."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Memo(Generic[T]):
    """Things by what they are a function of; forgetting one costs time and changes nothing.

    most: how many are remembered.
    """

    most: int
    held: dict[Hashable, T] = field(default_factory=dict)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what belongs to a key, made when it is not there."""
        found = self.held.get(key)
        if found is None:
            found = make()
            while len(self.held) >= self.most:
                # Another thread may have been quicker to drop it.
                self.held.pop(next(iter(list(self.held))), None)
            self.held[key] = found
        return found

    def __reduce__(self) -> tuple[type["Memo[T]"], tuple[int]]:
        return Memo, (self.most,)
