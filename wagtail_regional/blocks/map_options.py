"""What the map of a list of partners is drawn with: a host's tiles, or an outline of our own.

Nothing here, and nothing in ``map.js``, asks another host for anything unless `MAP_TILES` names
one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext as _

from wagtail_regional.conf import SETTING_NAME, conf
from wagtail_regional.representation.kept_html import MAP_LIBRARY, MAP_STYLES
from wagtail_regional.schemas.blocks import RegionalPlace

# West, south, east, north, in degrees.
Box = tuple[float, float, float, float]


def map_options(places: Sequence[RegionalPlace], list_id: str) -> dict[str, Any]:
    """Everything ``map.js`` needs beside the list itself.

    Args:
        places: what is to be on the map.
        list_id: the ``id`` of the element that lists them.

    Returns:
        Data for JSON; empty where there is nothing to draw, or the map is switched off.

    Raises:
        ImproperlyConfigured: when there is nothing to draw it with.
    """
    if not places or not conf.MAP:
        return {}
    tiles = _tiles(conf.MAP_TILES)
    return {
        "list": list_id,
        "library": static(MAP_LIBRARY),
        "styles": [static(path) for path in MAP_STYLES],
        "tiles": tiles,
        "outline": None if tiles else _outline(_box(places)),
        "words": {
            "map": _("Map of the partners"),
            "zoom_in": _("Zoom in"),
            "zoom_out": _("Zoom out"),
            "show_all": _("Show all partners"),
            "close": _("Close"),
            "several": _("{number} partners: {names}"),
        },
    }


def _tiles(tiles: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not tiles:
        return None
    return {"max_zoom": 18, **tiles}


def _outline(around: Box) -> dict[str, Any]:
    """The first outline that has room around the places; the last one has to do for all."""
    if not conf.MAP_OUTLINES:
        raise ImproperlyConfigured(
            f'{SETTING_NAME}["MAP_OUTLINES"] is empty. Name an outline, set MAP_TILES, or switch '
            'the map off with "MAP": False.'
        )
    for outline in conf.MAP_OUTLINES:
        if _has_room(outline.get("bounds"), around):
            break
    return {
        "url": static(outline["file"]),
        "bounds": outline.get("bounds"),
        "max_zoom": outline["max_zoom"],
    }


def _box(places: Sequence[RegionalPlace]) -> Box:
    latitudes = [place.latitude for place in places]
    longitudes = [place.longitude for place in places]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _has_room(bounds: Sequence[float] | None, box: Box) -> bool:
    """Whether `bounds` holds `box` with half its size, and half a degree, to spare all around."""
    if bounds is None:
        return True
    west, south, east, north = box
    wide, high = (east - west) / 2 + 0.5, (north - south) / 2 + 0.5
    return (
        bounds[0] <= west - wide
        and bounds[1] <= south - high
        and bounds[2] >= east + wide
        and bounds[3] >= north + high
    )
