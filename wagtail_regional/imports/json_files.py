"""Large JSON, one item at a time, with ijson: a dump of ROR has hundreds of megabytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

import ijson
from django.utils.translation import gettext as _

from wagtail_regional.imports.archives import open_archive
from wagtail_regional.imports.limits import Limits
from wagtail_regional.imports.problems import ImportRefusedError, Place

_OPENING = ("start_map", "start_array")
_CLOSING = ("end_map", "end_array")

#: Where a collection has its items: a page of a response, and what some export.
_COLLECTIONS = (
    "items",
    "programmes",
    "programs",
    "courses",
    "organisations",
    "organizations",
    "educationSpecifications",
)


def json_items(file: IO[bytes], place: Place, limits: Limits) -> Iterator[dict[str, Any]]:
    """The items of a JSON file: of an array, of a page of a collection, or the one it is.

    Args:
        file: opened for bytes, and able to seek.
        place: to name in messages.
        limits: what is refused.

    Raises:
        ImportRefusedError: when it is no JSON, is nested too deep, or has other things in it.
    """
    try:
        prefix = _find_items(file, place, limits)
        file.seek(0)
        events = _guarded(ijson.parse(_after_bom(file), use_float=True), place, limits)
        for count, item in enumerate(ijson.items(events, prefix), start=1):
            if count > limits.rows:
                raise ImportRefusedError(
                    _("There are more than %(limit)d items. Split the file.")
                    % {"limit": limits.rows},
                    place,
                )
            if not isinstance(item, dict):
                raise ImportRefusedError(
                    _("Item %(count)d is not a JSON object.") % {"count": count}, place
                )
            yield item
    except (ijson.JSONError, UnicodeError, ValueError) as error:
        raise ImportRefusedError(
            _("This is not valid JSON: %(error)s") % {"error": str(error)[:200]}, place
        ) from error


def _after_bom(file: IO[bytes]) -> IO[bytes]:
    if file.read(3) != b"\xef\xbb\xbf":
        file.seek(0)
    return file


def _guarded(events: Any, place: Place, limits: Limits) -> Iterator[Any]:
    """`events`, as long as they do not nest deeper than the limit."""
    depth = 0
    for each in events:
        event = each[1]
        if event in _OPENING:
            depth += 1
            if depth > limits.depth:
                raise ImportRefusedError(
                    _("The JSON is nested more than %(depth)d deep.") % {"depth": limits.depth},
                    place,
                )
        elif event in _CLOSING:
            depth -= 1
        yield each


def _find_items(file: IO[bytes], place: Place, limits: Limits) -> str:
    """The path to the items, as ijson writes it; ``""`` for the object that is one."""
    file.seek(0)
    events = _guarded(ijson.parse(_after_bom(file), use_float=True), place, limits)
    for prefix, event, _value in events:
        if prefix == "" and event == "start_array":
            return "item"
        if event == "start_array" and prefix in _COLLECTIONS:
            return f"{prefix}.item"
        if prefix == "" and event not in (*_OPENING, *_CLOSING, "map_key"):
            raise ImportRefusedError(_("The file has neither an object nor an array."), place)
    return ""


def json_in_archive(file: IO[bytes], place: Place, limits: Limits) -> Iterator[IO[bytes]]:
    """The JSON files of a zip archive, each open.

    ROR published the same data in two schemas side by side for a while; only the newer is read.
    """
    with open_archive(file, place, limits) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".json")]
        names = [name for name in names if "schema_v2" in name] or names
        if not names:
            raise ImportRefusedError(_("There is no JSON file in this archive."), place)
        for name in names:
            with archive.open(name) as part:
                yield part
