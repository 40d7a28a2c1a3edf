"""Parts of pages as JSON, made once for as long as everything they show stays the same.

After a change a page is read anew, but one change touches few of its blocks. A block's JSON, or
that of all above them, follows from stored values, the rows it shows and the reader; each row
has a version that only the same values have (see :mod:`wagtail_regional.representation.prepared`). Where
all of these are as they were, the bytes are too. Nothing has to be invalidated, and nothing can
be stale: the rows have been read, or none of their tables has changed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

#: How many fragments are remembered, in each process, and how many bytes of them.
MOST = 1_000
MOST_BYTES = 32 * 1024 * 1024

#: How many shapes of programmes and organisations are: many blocks show the same ones.
MOST_SHAPES = 2_000

Made = TypeVar("Made")


class Memory(Generic[Made]):
    """Things by what they follow from; those not used for longest go first.

    Whoever gets one shares it with others, and so may not change it.

    Args:
        most: how many are remembered.
        most_bytes: and of how many bytes, where they are bytes.
    """

    def __init__(self, most: int, most_bytes: int | None = None) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self._bytes = 0
        self._found: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What follows from `key`, made where it is not remembered. With None for a key, it is
        made each time."""
        if key is None:
            return make()
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._forget(key)
            self._found[key] = made
            self._bytes += self._size(made)
            while len(self._found) > self.most or self._bytes > (self.most_bytes or 0):
                self._forget(next(iter(self._found)))
        return made

    def _forget(self, key: Hashable) -> None:
        self._bytes -= self._size(self._found.pop(key, None))

    def _size(self, made: Any) -> int:
        return len(made) if self.most_bytes is not None and made is not None else 0


fragments: Memory[bytes] = Memory(MOST, MOST_BYTES)
shapes: Memory[Any] = Memory(MOST_SHAPES)
