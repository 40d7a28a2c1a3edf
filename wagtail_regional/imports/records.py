"""What readers give, whatever the file was: records, on disk rather than in memory."""

from __future__ import annotations

import enum
import pickle
import tempfile
from dataclasses import dataclass, field
from typing import Any

from wagtail_regional.imports.problems import Place


class Cell(enum.Enum):
    """Cells that stand for something else than their text."""

    #: Make the field empty.
    CLEAR = "(empty)"

    def __str__(self) -> str:
        return self.value


CLEAR = Cell.CLEAR


@dataclass(frozen=True, slots=True)
class Reference:
    """A row that another one names.

    Attributes:
        candidates: what may tell it, best first: a uuid, an ROR id, ``scheme:value``,
            ``acronym:LDE``, a name. The first that is known counts.
        optional: whether a row that is not there is passed over, as most that ROR relates are.
        advice: what else to do where there is none; empty for nothing.
    """

    candidates: tuple[str, ...]
    optional: bool = False
    advice: str = ""

    def __str__(self) -> str:
        return self.candidates[-1]


@dataclass(slots=True)
class Record:
    """A row of a table, read.

    Attributes:
        table: its name, such as ``organisations`` or ``members``.
        place: where it stands.
        values: by the name of the column. What is not in here is left alone.
        parent: for a part (a member, a provider), the row it hangs on.
        types: the types that a row with the same name may have to be the same thing.
        adds: lists that the values are added to, rather than put in place of.
        providers: who provides a programme, where this is known beforehand: two of the same name
            by other providers are two.
        unread: columns whose cells could not be read.
        only_existing: whether to pass over what is not in the registry.
        wanted: what the file cannot say, and an editor has to as long as it is empty: the column,
            and as for a problem the name, the value and the reason.
    """

    table: str
    place: Place
    values: dict[str, Any]
    parent: Reference | None = None
    types: tuple[str, ...] = ()
    adds: frozenset[str] = frozenset()
    providers: tuple[Reference, ...] = field(default=())
    unread: frozenset[str] = frozenset()
    only_existing: bool = False
    wanted: tuple[tuple[str, str, str, str], ...] = field(default=())


class Spool:
    """Records in a temporary file that no other process can open, so that memory stays bounded
    however many there are."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._end = 0

    def append(self, record: Any) -> int:
        """Put a record away.

        Returns:
            The number to get it back by.
        """
        # Our own file, that nobody else writes to: pickle is safe here, and the fastest.
        data = pickle.dumps(record, pickle.HIGHEST_PROTOCOL)
        self._file.seek(self._end)
        self._file.write(len(data).to_bytes(4, "big") + data)
        start, self._end = self._end, self._end + 4 + len(data)
        return start

    def __getitem__(self, start: int) -> Any:
        self._file.seek(start)
        size = int.from_bytes(self._file.read(4), "big")
        return pickle.loads(self._file.read(size))  # noqa: S301

    def close(self) -> None:
        self._file.close()
