"""A bounded cache of compiled plans, safe to share between threads."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class LeastRecentlyUsed:
    """Keeps the values used last, as many as fit; the newest stays whatever it weighs.

    capacity: in the unit of `weight`, which says what a value takes up (1 each by default).
    """

    def __init__(self, capacity: int, weight: Callable[[Any], int] = lambda value: 1) -> None:
        self._capacity = capacity
        self._weight = weight
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._load = 0
        self._lock = Lock()

    def holds(self, key: Hashable) -> bool:
        """Whether there is a value under the key."""
        return key in self._kept

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value under the key, made when it is not there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]
                return found
        value = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = value
                self._load += self._weight(value)
            while self._load > self._capacity and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._load -= self._weight(dropped)
        return value
