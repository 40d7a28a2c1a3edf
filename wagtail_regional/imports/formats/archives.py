"""Zip archives, and workbooks, which are some: refused before a bomb goes off."""

from __future__ import annotations

import zipfile
from typing import IO

from django.utils.translation import gettext as _

from wagtail_regional.imports.formats.limits import MEGABYTE, Limits
from wagtail_regional.imports.problems import ImportRefusedError, Place

#: More parts than any real workbook has.
_MOST_PARTS = 2000

#: Below this size a ratio says nothing: a sheet of empty cells packs well.
_RATIO_FROM = MEGABYTE


def open_archive(file: IO[bytes], place: Place, limits: Limits) -> zipfile.ZipFile:
    """Open a zip archive, of which no part unpacks to more than it says.

    Python's zipfile never gives more of a part than the directory declares, so checking what is
    declared is enough.

    Raises:
        ImportRefusedError: when it is none, or unpacks to more than the limits.
    """
    try:
        archive = zipfile.ZipFile(file)
        parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ImportRefusedError(
            _("The file is damaged, or is neither a workbook (.xlsx) nor a zip archive."), place
        ) from error
    total = sum(part.file_size for part in parts)
    suspicious = len(parts) > _MOST_PARTS or any(
        part.file_size > _RATIO_FROM and part.file_size > limits.ratio * max(part.compress_size, 1)
        for part in parts
    )
    if total > limits.unpacked_bytes or suspicious:
        raise ImportRefusedError(
            _(
                "Unpacked, this file would be %(size)d MB in %(parts)d parts, which is far more "
                "than its contents can need. Save it anew, or as CSV."
            )
            % {"size": total // MEGABYTE, "parts": len(parts)},
            place,
        )
    if any(part.flag_bits & 1 for part in parts):
        raise ImportRefusedError(_("The file has a password. Save it without one."), place)
    return archive
