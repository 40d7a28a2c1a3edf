"""Parts of pages as JSON, made once for as long as everything they show stays the same.

After a change a page is read anew, but one change touches few of its blocks. A block's JSON, or
that of all above them, follows from stored values, the rows it shows and the reader; each row
has a version that only the same values have (see :mod:`wagtail_regional.api.prepared`). Where
all of these are as they were, the bytes are too. Nothing has to be invalidated, and nothing can
be stale: the rows have been read, or none of their tables has changed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

#: How many fragments are remembered, in each process, and how many bytes of them.
MOST = 1_000
MOST_BYTES = 32 * 1024 * 1024


class Fragments:
    """Bytes by what they follow from; those not used for longest go first."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self._bytes = 0
        self._found: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The fragment of `key`, made where it is not remembered. With None for a key, it is
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
            self._remember(key, made)
        return made

    def _remember(self, key: Hashable, made: bytes) -> None:
        self._bytes += len(made) - len(self._found.get(key, b""))
        self._found[key] = made
        while len(self._found) > self.most or self._bytes > self.most_bytes:
            _key, forgotten = self._found.popitem(last=False)
            self._bytes -= len(forgotten)


fragments = Fragments()
