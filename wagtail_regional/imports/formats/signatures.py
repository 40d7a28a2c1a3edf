"""What a file is, told by its first bytes: its name may say something else."""

from __future__ import annotations

import re
from typing import IO, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_regional.imports.problems import ImportRefusedError

#: Enough for a byte order mark, a few empty lines and a declaration.
_HEAD: Final = 1024

_ARCHIVE: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"

#: Files that hold nothing to import, by how they begin, and what to do instead.
_OTHERS: Final = (
    (b"\x1f\x8b", gettext_lazy("This file is compressed (gzip). Unpack it first.")),
    (b"%PDF", gettext_lazy("This is a PDF. Ask for the same as a table.")),
    (b"\x89PNG|\xff\xd8\xff|GIF8", gettext_lazy("This is an image. Ask for the same as a table.")),
    (
        rb"\s*<(!doctype|html|head|body)",
        gettext_lazy(
            "This is a web page, perhaps one that asks to sign in. Download the file itself."
        ),
    ),
    (rb"\s*<\?xml", gettext_lazy("This is XML. Ask for the same as CSV, XLSX or JSON.")),
)


def refuse_another(file: IO[bytes], wanted: str) -> None:
    """Refuse a file that is plainly of another format than the one it is to be read as.

    Args:
        file: opened for bytes; it is left at its beginning.
        wanted: "csv", "xlsx", "json" or "zip".

    Raises:
        ImportRefusedError: saying what the file is and what to do.
    """
    head = file.read(_HEAD).removeprefix(b"\xef\xbb\xbf")
    file.seek(0)
    for begins, message in _OTHERS:
        if re.match(begins, head, re.IGNORECASE):
            raise ImportRefusedError(str(message))
    if head.startswith(_OLD_WORKBOOK):
        raise ImportRefusedError(
            _("This is an old Excel workbook. Save it as .xlsx or as “CSV UTF-8”.")
            if wanted == "csv"
            else _(
                "This is an old Excel workbook, or one with a password. Save it as .xlsx without."
            )
        )
    if head.startswith(_ARCHIVE) and wanted == "csv":
        raise ImportRefusedError(_("This is a workbook or zip archive, not CSV. Name it .xlsx."))
    if head.startswith(_ARCHIVE) and wanted == "json":
        raise ImportRefusedError(
            _("This is a zip archive or a workbook, not JSON. Name it .zip or .xlsx.")
        )
    if wanted == "csv" and re.match(rb"\s*(\{|\[\s*[\[{\]])", head):
        raise ImportRefusedError(_("This is JSON, not CSV. Name it .json."))
