"""The items of JSON files, one at a time: a dump of ROR has hundreds of megabytes."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

from django.utils.translation import gettext as _

from wagtail_regional.imports.formats.archives import open_archive
from wagtail_regional.imports.formats.json_text import JsonText, NotJsonError, UnfitError, parse
from wagtail_regional.imports.formats.limits import Limits
from wagtail_regional.imports.places import ItemPlace
from wagtail_regional.imports.problems import ImportRefusedError, Place
from wagtail_regional.text import without_control

#: Where a collection has its items: a page of a response, and what some export.
_COLLECTIONS: Final = frozenset(
    (
        "items",
        "programmes",
        "programs",
        "courses",
        "organisations",
        "organizations",
        "educationSpecifications",
    )
)

#: More names than an item, or a page beside its items, has.
_MOST_NAMES: Final = 10_000

#: What tells an item from a page of them, which may have lists by the same names.
_IDS: Final = frozenset(
    (
        "programmeId",
        "programId",
        "courseId",
        "educationSpecificationId",
        "organisationId",
        "organizationId",
        "names",
    )
)


@dataclass(frozen=True, slots=True)
class JsonItem:
    """An item of a file.

    Attributes:
        place: where it stands.
        value: what it is; empty where it is refused.
        refusal: why it cannot be read, and how to mend it; empty where it can.
        name: the JSON name that the refusal is about.
    """

    place: Place
    value: dict[str, Any]
    refusal: str = ""
    name: str = ""


Warn = Callable[[str, str], None]


def json_items(
    file: IO[bytes], place: Place, limits: Limits, warn: Warn | None = None
) -> Generator[JsonItem, None, None]:
    """The items of a JSON file: of an array, of a page of a collection, or the one it is; also of
    several of these in one file, such as a line for each item.

    Args:
        file: opened for bytes.
        place: to name in messages.
        limits: what is refused.
        warn: told of each list of a page that is none of a collection, with its name.

    Yields:
        Each item, in its order. One that cannot be read is among them, with the reason.

    Raises:
        ImportRefusedError: where what follows cannot be read: it is no JSON, or there is too much.
    """
    place = ItemPlace(place.source, place.table)
    reader = _Reader(place, limits, warn)
    try:
        yield from reader.read(JsonText(file, limits.depth))
    except NotJsonError as error:
        where = place.at(reader.count + 1) if reader.count else place
        raise ImportRefusedError(
            _("This is not valid JSON. %(error)s") % {"error": error}, where
        ) from error


class _Reader:
    def __init__(self, place: Place, limits: Limits, warn: Warn | None) -> None:
        self.place = place
        self.limits = limits
        self.warn = warn
        self.count = 0

    def read(self, text: JsonText) -> Iterator[JsonItem]:
        first = text.peek()
        if not first:
            raise ImportRefusedError(_("The file is empty."), self.place)
        while first := text.peek():
            if first == "[":
                yield from self._array(text)
            elif first == "{":
                yield from self._object(text)
            elif self.count:
                yield self._item(text.value)
            else:
                text.value()
                raise ImportRefusedError(
                    _("The file has neither an object nor an array."), self.place
                )

    def _array(self, text: JsonText) -> Iterator[JsonItem]:
        text.take("[")
        if text.peek() == "]":
            text.take("]")
            return
        while True:
            yield self._item(text.value)
            if text.peek() == "]":
                text.take("]")
                return
            text.take(",")

    def _object(self, text: JsonText) -> Iterator[JsonItem]:
        """A page, or an item: whichever is told first."""
        text.begin()
        text.take("{")
        is_item = is_page = False
        names = 0
        while text.peek() != "}":
            name = self._name(text)
            if (names := names + 1) > _MOST_NAMES:
                raise ImportRefusedError(
                    _("It has an object with more than %(most)d names.") % {"most": _MOST_NAMES},
                    self.place,
                )
            is_item = is_item or (name in _IDS and not is_page)
            if name in _COLLECTIONS and not is_item and text.peek() == "[":
                is_page = True
                text.forget()
                yield from self._array(text)
            elif is_page:
                yield from self._beside(text, name)
            else:
                self._pass(text)
            if text.peek() == "}":
                break
            text.take(",")
        text.take("}")
        if not is_page:
            yield self._item(text.end)

    def _name(self, text: JsonText) -> str:
        if text.peek() != '"':
            # Says what stands there instead.
            text.take('"')
        name, _twice = parse(text.value())
        text.take(":")
        return str(name)

    def _pass(self, text: JsonText) -> str:
        try:
            return text.value()
        except UnfitError:
            # Told of the item as a whole.
            return ""

    def _beside(self, text: JsonText, name: str) -> Iterator[JsonItem]:
        """What stands beside a collection: numbers of pages, mostly."""
        value = self._pass(text)
        if name in _IDS:
            self.count += 1
            yield JsonItem(
                self._here(),
                {},
                _("This is an item and a collection at once. Put each item into an array."),
                name,
            )
        elif value.startswith("[") and value[1:].lstrip().startswith("{") and self.warn:
            self.warn(name, _("This list stands beside the collection, and is not read."))

    def _here(self) -> Place:
        return self.place.at(self.count)

    def _item(self, read: Callable[[], str]) -> JsonItem:
        if self.count >= self.limits.rows:
            raise ImportRefusedError(
                _("There are more than %(limit)d items. Split the file.")
                % {"limit": self.limits.rows},
                self.place,
            )
        place = self.place.at(self.count + 1)
        try:
            text = read()
            self.count += 1
            value, twice = parse(text)
        except UnfitError as error:
            self.count += 1
            return JsonItem(place, {}, str(error))
        except NotJsonError as error:
            if self.count < place.line:
                raise
            return JsonItem(place, {}, str(error))
        if not isinstance(value, dict):
            return JsonItem(place, {}, _("Item %(count)d is not a JSON object.") % _of(place))
        if twice:
            return JsonItem(
                place, {}, _("This name stands there twice, with different values."), twice[0]
            )
        return JsonItem(place, value)


def _of(place: Place) -> dict[str, int]:
    return {"count": place.line}


#: How ROR marks the newer of two schemas in the name of a file.
_NEWER: Final = "_schema_v2"

#: What Python's zipfile and the libraries below it raise for an archive that is damaged.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)


def json_in_archive(
    file: IO[bytes], place: Place, limits: Limits, warn: Warn | None = None
) -> Generator[JsonItem, None, None]:
    """The items of the JSON files in a zip archive, one file after the other.

    ROR published the same data in two schemas side by side for a while; only the newer is read.

    Raises:
        ImportRefusedError: when it is no archive, or one that cannot be read.
    """
    with open_archive(file, place, limits) as archive:
        names = [name for name in archive.namelist() if _is_json(name)]
        names = [name for name in names if f"{_stem(name)}{_NEWER}.json" not in names]
        if not names:
            raise ImportRefusedError(_("There is no JSON file in this archive."), place)
        if warn is not None:
            for name in _left_out(archive.namelist(), names):
                warn(name, _("This file in the archive is no JSON, and is not read."))
        for name in names:
            inside = Place(place.source, without_control(name) if len(names) > 1 else "")
            try:
                with archive.open(name) as part:
                    yield from json_items(part, inside, limits, warn)
            except _DAMAGED as error:
                raise ImportRefusedError(
                    _("“%(name)s” in this archive is damaged: %(error)s.")
                    % {"name": name, "error": error},
                    place,
                ) from error


def _is_json(name: str) -> bool:
    return name.lower().endswith(".json") and not _is_hidden(name)


def _is_hidden(name: str) -> bool:
    """Whether it is what macOS adds to the archives it makes, which is no data of anybody."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _left_out(names: list[str], read: list[str]) -> list[str]:
    """The files that are not read, but for what one that is read holds in another form, as in the
    archives of ROR."""
    same = {_stem(name).removesuffix(end) for name in read for end in ("", _NEWER)}
    return [
        name
        for name in names
        if name not in read
        and _stem(name) not in same
        and not (name.endswith("/") or _is_hidden(name))
    ]
