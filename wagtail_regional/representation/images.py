"""Images by profile: addresses of renditions, loaded as rows, made where they are missing."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.db.models import QuerySet
from django.utils.encoding import filepath_to_uri
from wagtail.images import get_image_model
from wagtail.images.models import Filter, SourceImageIOError

from wagtail_regional.conf import conf
from wagtail_regional.representation.prepared import Prepared
from wagtail_regional.visibility import in_public_collection

logger = logging.getLogger(__name__)

_COLUMNS = (
    "image_id",
    "filter_spec",
    "focal_point_key",
    "file",
    "width",
    "height",
    "image__title",
    "image__description",
    "image__width",
    "image__height",
    "image__focal_point_x",
    "image__focal_point_y",
    "image__focal_point_width",
    "image__focal_point_height",
)


@dataclass
class ImageRow:
    """An image in one profile.

    Attributes:
        alt: the image's own description; a block may know better.
        focal_point: x and y as fractions of the original image, or None.
        sources: (address, width, height) from small to large.
    """

    alt: str
    focal_point: tuple[float, float] | None
    sources: list[tuple[str, int, int]] = field(default_factory=list)


def load_images(wanted: Mapping[str, set[int]]) -> dict[tuple[str, int], ImageRow]:
    """Load images in their profiles: one query when every rendition exists.

    Args:
        wanted: image primary keys by profile (a key of ``IMAGE_PROFILES``).

    Returns:
        Rows by (profile, primary key). Images that do not exist, sit in a private collection
        or cannot be read are left out.
    """
    profiles = {name: conf.IMAGE_PROFILES[name] for name, ids in wanted.items() if ids}
    if not profiles:
        return {}
    images, missing = _images(wanted, profiles, _existing(wanted, profiles))
    if missing:
        made = _made(missing, profiles)
        wanted = {name: {pk for each, pk in missing if each == name} for name in profiles}
        images |= _images(wanted, profiles, made)[0]
    return images


def _renditions(keys: list[int], specs: list[str]) -> QuerySet[Any]:
    renditions = get_image_model().get_rendition_model().objects
    rows = renditions.filter(image_id__in=keys, filter_spec__in=specs)
    return in_public_collection(rows, "image__collection").values_list(*_COLUMNS)


def _rendition(values: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(_COLUMNS, values, strict=True))
    return {**row, "current_key": _cache_key(row)}


class _Found(dict[tuple[int, str], dict[str, Any]]):
    """Renditions by image and filter."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        super().__init__(
            ((row["image_id"], row["filter_spec"]), row)
            for row in rows
            if row["focal_point_key"] == row["current_key"]
        )


_RENDITIONS = Prepared(_renditions, _Found, make=_rendition)


def _existing(
    wanted: Mapping[str, set[int]],
    profiles: Mapping[str, list[str]],
) -> _Found:
    """The renditions there are; of an image in one profile, perhaps those of others too."""
    keys = set().union(*(wanted[name] for name in profiles))
    specs = {spec for each in profiles.values() for spec in each}
    return _RENDITIONS.rows(keys, specs)


def _images(
    wanted: Mapping[str, set[int]], profiles: Mapping[str, list[str]], found: _Found
) -> tuple[dict[tuple[str, int], ImageRow], set[tuple[str, int]]]:
    """Images by profile and key, and which of them lack a rendition."""
    addresses = _Addresses()
    images, missing = {}, set()
    for name, specs in profiles.items():
        for pk in wanted[name]:
            image = addresses.image(pk, tuple(specs), found)
            if image is None:
                missing.add((name, pk))
            else:
                images[name, pk] = image
    return images, missing


@cache
def _varies(spec: str) -> bool:
    """Whether renditions of `spec` depend on the focal point."""
    return any(getattr(each, "vary_fields", ()) for each in Filter(spec=spec).operations)


def _cache_key(row: Mapping[str, Any]) -> str:
    """What Wagtail keys this rendition by today; another key means an old focal point."""
    if not _varies(row["filter_spec"]):
        return ""
    # Not an image model: making one asks the database for its default collection.
    image = SimpleNamespace(
        **{
            name: row[f"image__{name}"]
            for name in (
                "width",
                "height",
                "focal_point_x",
                "focal_point_y",
                "focal_point_width",
                "focal_point_height",
            )
        }
    )
    key: str = Filter(spec=row["filter_spec"]).get_cache_key(image)
    return key


def _made(missing: set[tuple[str, int]], profiles: Mapping[str, list[str]]) -> _Found:
    """Make renditions that do not exist yet. Costs queries once; the next reading finds them."""
    images = in_public_collection(get_image_model().objects.all()).in_bulk(
        {pk for _name, pk in missing}
    )
    made = []
    for name, pk in sorted(missing):
        if pk not in images:
            continue
        try:
            renditions = images[pk].get_renditions(*profiles[name])
        except (SourceImageIOError, OSError) as error:
            logger.warning("Image %s has no readable file: %s", pk, error)
            continue
        made += [
            _columns_of(rendition, images[pk], spec)
            for spec, rendition in zip(profiles[name], renditions.values(), strict=False)
        ]
    return _Found(made)


def _columns_of(rendition: Any, image: Any, spec: str) -> dict[str, Any]:
    """The columns of a rendition that was just made for a filter."""
    own = {name: getattr(rendition, name) for name in _COLUMNS if "__" not in name}
    of_image = {
        name: getattr(image, name.removeprefix("image__")) for name in _COLUMNS if "__" in name
    }
    more = {"file": rendition.file.name, "filter_spec": spec}
    return {**own, **of_image, **more, "current_key": rendition.focal_point_key}


class _Addresses:
    """The addresses of renditions' files, as their storage gives them.

    Attributes:
        are_fixed: whether a file has one address, not a signed one that expires.
    """

    def __init__(self) -> None:
        field = get_image_model().get_rendition_model()._meta.get_field("file")
        self.storage: Any = field.storage
        url = getattr(self.storage.url, "__func__", None)
        self.base_url = self.storage.base_url if url is FileSystemStorage.url else ""
        self.are_fixed = bool(self.base_url)

    def image(self, pk: int, specs: tuple[str, ...], found: _Found) -> ImageRow | None:
        """An image with its renditions from small to large; None where one is not there."""
        renditions = [found.get((pk, spec)) for spec in specs]
        return self._image(renditions) if all(renditions) else None

    def _image(self, renditions: list[Any]) -> ImageRow:
        first = renditions[0]
        row = ImageRow(alt=first["image__description"], focal_point=_focal_point(first))
        for each in renditions:
            source = (self.of(each["file"]), each["width"], each["height"])
            # A small original gives the same picture for every larger size.
            if not row.sources or row.sources[-1][1] != source[1]:
                row.sources.append(source)
        return row

    def of(self, name: str) -> str:
        if self.are_fixed:
            # What Django's own storage does, but for taking its base apart every time.
            return self.base_url + filepath_to_uri(name)
        url: str = self.storage.url(name)
        return url


def _focal_point(columns: Mapping[str, Any]) -> tuple[float, float] | None:
    x, y = columns["image__focal_point_x"], columns["image__focal_point_y"]
    width, height = columns["image__width"], columns["image__height"]
    if x is None or y is None or not width or not height:
        return None
    return min(x / width, 1.0), min(y / height, 1.0)
