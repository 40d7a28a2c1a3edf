"""What rows can be told by: those of the registry and those of the file, in one place.

Looked up in memory, so that a file of fifty thousand rows costs as many queries as one of ten.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_regional.imports.cells import nearest, some
from wagtail_regional.imports.kinds import CHILDREN, KINDS, LINKED
from wagtail_regional.imports.problems import CellError, Place
from wagtail_regional.imports.records import CLEAR, Record, Reference
from wagtail_regional.models import ProgrammeProvider, canonical_ror_id
from wagtail_regional.names import name_key

Code = tuple[str, str]

#: Among how many names the nearest is looked for, and how often: each time takes as long as reading
#: hundreds of rows, and nobody reads more hints before mending the first.
MOST_COMPARED: Final = 5000
MOST_HINTS: Final = 30


class Entry:
    """A row of the registry, or one that the file adds.

    Attributes:
        pk: its primary key; None as long as it has none.
        label: its name, for people.
        place: where the file speaks of it.
        start: where the file's record of it is kept.
        above: rows of its kind that it names, by column.
    """

    __slots__ = (
        "above",
        "codes",
        "country",
        "label",
        "number",
        "pk",
        "place",
        "providers",
        "ror",
        "start",
        "type",
        "uuid",
    )

    def __init__(self, number: int, pk: int | None, label: str) -> None:
        self.number = number
        self.pk = pk
        self.label = label
        self.uuid: uuid.UUID | None = None
        self.type = self.ror = self.country = ""
        self.codes: tuple[Code, ...] = ()
        self.providers: frozenset[int] = frozenset()
        self.place: Place | None = None
        self.start: int | None = None
        self.above: dict[str, Entry | int] | None = None

    @property
    def key(self) -> int:
        """Its primary key; as long as it has none, a number below zero that stands for it."""
        return -self.number if self.pk is None else self.pk


class Directory:
    """All rows of one kind, by everything that tells them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.model: Any = LINKED[name]
        self.entries = 0
        self.by_pk: dict[int, Entry] = {}
        self.uuids: dict[uuid.UUID, Entry] = {}
        self.rors: dict[str, Entry] = {}
        self.codes: dict[Code, list[Entry]] = defaultdict(list)
        self.names: dict[str, list[Entry]] = defaultdict(list)
        self.acronyms: dict[str, list[Entry]] = defaultdict(list)
        #: ROR ids by the rows that the file gives them to, and the rows that it takes one from.
        self._claims: dict[str, Entry] = {}
        self._released: set[int] = set()
        #: ROR ids that change hands.
        self.handed_over: set[str] = set()
        #: How often the nearest name was looked for.
        self.hints = 0
        self._load()

    # --- Filling -------------------------------------------------------------------------------

    def new(self, label: str, pk: int | None = None) -> Entry:
        self.entries += 1
        entry = Entry(self.entries, pk, label)
        if pk is not None:
            self.by_pk[pk] = entry
        return entry

    def _load(self) -> None:
        """Read what tells the rows there are; a few columns of each."""
        fields = {field.name for field in self.model._meta.get_fields()}
        wanted = ["pk", "uuid", "label" if "label" in fields else "name"]
        optional = [
            name
            for name in ("acronym", "type", "ror_id", "country", "scheme", "notation")
            if name in fields
        ]
        loops = list(KINDS[self.name].loops) if self.name in KINDS else []
        optional += [f"{name}_id" for name in loops]
        rows = self.model.objects.values_list(*wanted, *optional).iterator(chunk_size=2000)
        for pk, key, name, *rest in rows:
            self._take(pk, key, name, dict(zip(optional, rest, strict=True)), loops)
        self._load_codes()
        if self.name == "programmes":
            self._load_providers()

    def _take(
        self, pk: int, key: uuid.UUID, name: Any, rest: dict[str, Any], loops: list[str]
    ) -> None:
        entry = self.new(str(name), pk)
        self.uuids[key] = entry
        entry.type = rest.get("type", "")
        entry.country = rest.get("country", "")
        if ror := rest.get("ror_id"):
            entry.ror = ror
            self.rors[ror] = entry
        if acronym := rest.get("acronym"):
            self.acronyms[name_key(acronym)].append(entry)
        if notation := rest.get("notation"):
            self.codes[rest["scheme"], notation].append(entry)
            self.acronyms[name_key(notation)].append(entry)
        above = {name: rest[f"{name}_id"] for name in loops if rest[f"{name}_id"]}
        entry.above = above or None
        self.add_names(entry, name.values())

    def _load_codes(self) -> None:
        accessor = {"organisations": "identifiers", "programmes": "codes"}.get(self.name)
        if accessor is None:
            return
        model, owner = CHILDREN[accessor]
        rows = model.objects.values_list(f"{owner}_id", "scheme", "value")
        for pk, scheme, value in rows.iterator(chunk_size=2000):
            if entry := self.by_pk.get(pk):
                self.add_codes(entry, [(scheme, value)])

    def _load_providers(self) -> None:
        found: dict[int, set[int]] = defaultdict(set)
        rows = ProgrammeProvider.objects.values_list("programme_id", "organisation_id")
        for programme, organisation in rows.iterator(chunk_size=2000):
            found[programme].add(organisation)
        for pk, providers in found.items():
            if entry := self.by_pk.get(pk):
                entry.providers = frozenset(providers)

    def add_names(self, entry: Entry, names: Iterable[str]) -> None:
        for name in dict.fromkeys(name_key(name) for name in names):
            self.names[name].append(entry)

    def add_codes(self, entry: Entry, codes: Iterable[Code]) -> None:
        entry.codes = (*entry.codes, *codes)
        for code in codes:
            self.codes[code].append(entry)

    def add_keys(self, entry: Entry, record: Record) -> None:
        """Make `entry` known by what the file says of it, too."""
        values = record.values
        if (key := values.get("uuid")) not in (None, CLEAR):
            self.uuids.setdefault(key, entry)
        ror = values.get("ror_id")
        if ror is not None and entry.ror not in ("", ror):
            self._released.add(entry.number)
        if ror not in (None, CLEAR):
            self._claims.setdefault(ror, entry)
            self.rors.setdefault(ror, entry)
            entry.ror = entry.ror or ror
        if isinstance(acronym := values.get("acronym"), str):
            _append(self.acronyms, name_key(acronym), entry)
        for name in _texts(values.get("name")):
            _append(self.names, name_key(name), entry)
        given = values.get("identifiers") or values.get("codes")
        if isinstance(given, list):
            self.add_codes(entry, [code for code in given if entry not in self.codes[code]])
        if isinstance(values.get("country"), str):
            entry.country = values["country"]
        if isinstance(values.get("type"), str):
            entry.type = values["type"]

    def hand_over(self) -> None:
        """Know rows by the ROR ids that others in the file have given up."""
        for ror, entry in self._claims.items():
            holder = self.rors[ror]
            if holder is not entry and holder.number in self._released:
                self.rors[ror] = entry
                self.handed_over.add(ror)
        self._claims.clear()

    # --- Finding -------------------------------------------------------------------------------

    def match(self, record: Record, providers: frozenset[int] = frozenset()) -> Entry | None:
        """The row that a record is about: by uuid, else ROR id, else identifiers or codes, else
        name and type.

        Args:
            record: of this kind.
            providers: who provides it, where that is known.

        Raises:
            CellError: when it may be several.
        """
        values = record.values
        for value, index in ((values.get("uuid"), self.uuids), (values.get("ror_id"), self.rors)):
            if value not in (None, CLEAR) and (entry := index.get(value)):
                return entry
        for candidates, told_by in self._candidates(record):
            found = {
                entry.number: entry for entry in candidates if not _differ(entry, record, providers)
            }
            if len(found) > 1:
                raise CellError(
                    _(
                        "%(count)d rows fit “%(key)s”: %(names)s. Add the uuid to say which is "
                        "meant."
                    )
                    % {"count": len(found), "key": told_by, "names": _listed(found.values())}
                )
            if found:
                return next(iter(found.values()))
        return None

    def _candidates(self, record: Record) -> Iterator[tuple[list[Entry], str]]:
        given = record.values.get("identifiers") or record.values.get("codes")
        for code in given if isinstance(given, list) else ():
            yield self.codes.get(code, []), ":".join(code)
        types = record.types
        if not types and isinstance(record.values.get("type"), str):
            types = (record.values["type"],)
        for name in _texts(record.values.get("name")):
            found = self.names.get(name_key(name), [])
            yield [entry for entry in found if not types or entry.type in types], name

    def resolve(self, reference: Reference) -> Entry | None:
        """The row that another one names; None where there is none.

        Raises:
            CellError: when it may be several.
        """
        for candidate in reference.candidates:
            found = {entry.number: entry for entry in self._named(candidate)}
            if len(found) > 1:
                raise CellError(
                    _("%(count)d rows are called “%(name)s”. Name the uuid of the one you mean.")
                    % {"count": len(found), "name": candidate}
                )
            if found:
                return next(iter(found.values()))
        return None

    def _named(self, text: str) -> Iterable[Entry]:
        if (key := _as_uuid(text)) is not None:
            return [self.uuids[key]] if key in self.uuids else []
        if (ror := _as_ror(text)) is not None and ror in self.rors:
            return [self.rors[ror]]
        scheme, colon, value = (part.strip() for part in text.partition(":"))
        if colon and scheme == "acronym":
            return self.acronyms.get(name_key(value), [])
        if colon and (found := self.codes.get((scheme, value))):
            return found
        return self.names.get(name_key(text)) or self.acronyms.get(name_key(text), [])

    def unknown(self, reference: Reference) -> str:
        """What to say of a row that is not there."""
        told = self._unknown(reference)
        return f"{told} {reference.advice}" if reference.advice else told

    def _unknown(self, reference: Reference) -> str:
        kind = self.model._meta.verbose_name
        parts = {"kind": kind, "name": str(reference)}
        hint = self._nearest(name_key(str(reference)))
        if hint:
            parts["hint"] = self.names[hint][0].label
            return (
                _("There is no %(kind)s “%(name)s”. Did you mean “%(hint)s”? Else add it first.")
                % parts
            )
        return _("There is no %(kind)s “%(name)s”. Add it first, or correct the name.") % parts

    def _nearest(self, key: str) -> str:
        """The name that was probably meant, as long as looking for it costs little; or ``""``."""
        if len(self.names) >= MOST_COMPARED or self.hints >= MOST_HINTS:
            return ""
        self.hints += 1
        return nearest(key, list(self.names))

    def above(self, entry: Entry, column: str) -> Entry | None:
        """The row of this kind that `entry` names in `column`."""
        found = (entry.above or {}).get(column)
        return self.by_pk.get(found) if isinstance(found, int) else found

    def leading_back(self, entries: Iterable[Entry], column: str) -> set[int]:
        """Which rows come back to themselves when `column` is followed.

        Args:
            entries: where to start from.
            column: one that names a row of this kind, such as `parent`.

        Returns:
            The numbers of the entries that lie on a circle. Each row is looked at once, however
            long the chains are.
        """
        on_circles: set[int] = set()
        seen: set[int] = set()
        for entry in entries:
            path: dict[int, int] = {}
            current: Entry | None = entry
            while current is not None and current.number not in seen:
                seen.add(current.number)
                path[current.number] = len(path)
                current = self.above(current, column)
            if current is not None and current.number in path:
                on_circles.update(list(path)[path[current.number] :])
        return on_circles


def _append(index: dict[str, list[Entry]], key: str, entry: Entry) -> None:
    if not any(each is entry for each in index[key]):
        index[key].append(entry)


def _texts(value: Any) -> list[str]:
    return [text for text in value.values() if text is not CLEAR] if isinstance(value, dict) else []


def _listed(entries: Iterable[Entry]) -> str:
    return some([f"{entry.label} ({entry.pk or entry.place})" for entry in entries], 5)


def _differ(entry: Entry, record: Record, providers: frozenset[int]) -> bool:
    """Whether the two cannot be the same, however alike their names are."""
    key = record.values.get("uuid")
    if entry.pk is None and entry.uuid and isinstance(key, uuid.UUID) and key != entry.uuid:
        # Both are new, and the file says that they are two.
        return True
    ror, country = record.values.get("ror_id"), record.values.get("country")
    if isinstance(ror, str):
        if entry.ror and ror != entry.ror:
            return True
        # Many countries have a Ministry of Health.
        if entry.country and isinstance(country, str) and country != entry.country:
            return True
    if providers and entry.providers and not providers & entry.providers:
        return True
    given = record.values.get("identifiers") or record.values.get("codes")
    return isinstance(given, list) and _codes_differ(entry.codes, given)


def _codes_differ(ours: Iterable[Code], theirs: Iterable[Code]) -> bool:
    """Whether both have codes in a scheme, and none in common there."""
    mine, others = defaultdict(set), defaultdict(set)
    for scheme, value in ours:
        mine[scheme].add(value)
    for scheme, value in theirs:
        others[scheme].add(value)
    shared = mine.keys() & others.keys()
    return bool(shared) and not any(mine[scheme] & others[scheme] for scheme in shared)


def _as_uuid(text: str) -> uuid.UUID | None:
    if len(text) < 32:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _as_ror(text: str) -> str | None:
    if "ror.org" not in text and not (len(text) == 9 and text.startswith("0")):
        return None
    try:
        return canonical_ror_id(text)
    except ValidationError:
        return None
