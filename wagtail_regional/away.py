"""Answers while the database is away: 503, to be asked again soon, and kept by nobody.

RFC 9110, 15.6.4 and 10.2.3. That the database cannot be reached, or has no room, is no mistake of
the code; an unknown table or column is, and stays an error that somebody is told of.
"""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from wagtail_regional.languages import reading, text_direction, words_language

logger = logging.getLogger("wagtail_regional")

#: After how many seconds it is worth asking again.
RETRY_AFTER = 30

#: SQLite's result codes of what passes, or of a file that cannot be had: busy, locked, out of
#: memory, I/O, corrupt, full, cannot open, locking protocol, not a database. Its ERROR (1) is for
#: statements that are wrong.
_SQLITE_AWAY = frozenset((5, 6, 7, 10, 11, 13, 14, 15, 26))

#: MySQL's and MariaDB's, besides those of the client (2000 and up): too many connections, no
#: memory, no access, no database, shutting down, lost on the way, timeouts, deadlocks, limits,
#: read only. It has codes of this kind for unknown columns, too.
_MYSQL_AWAY = frozenset(
    (
        *(1037, 1038, 1040, 1041, 1042, 1043, 1044, 1045, 1049, 1053, 1077, 1079, 1080),
        *(1129, 1130, 1152, 1153, 1158, 1159, 1160, 1161, 1184, 1203, 1205, 1213, 1226),
        *(1290, 1317, 1836, 1927, 1969, 3024, 4031),
    )
)

_PAGE = (
    '<!doctype html>\n<html lang="{}" dir="{}">\n<head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="robots" content="noindex"><title>{}</title></head>\n'
    "<body><main><h1>{}</h1><p>{}</p></main></body>\n</html>\n"
)


def is_away(error: BaseException | None) -> bool:
    """Whether an exception says that the database cannot be asked now, rather than that the
    question was wrong."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return (getattr(cause, "sqlite_errorcode", 1) & 0xFF) in _SQLITE_AWAY
    number = error.args[0] if error.args else None
    if isinstance(number, int):
        return number >= 2000 or number in _MYSQL_AWAY
    return True


def describe(response: HttpResponse, error: BaseException | None) -> HttpResponse:
    """Give `response` the headers of one that is told while the database is away, and log why."""
    logger.error("The database cannot be asked", exc_info=error)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def html_answer(error: BaseException | None) -> HttpResponse:
    """A page in the active language, made from nothing that asks a database."""
    with reading():
        words: Any = _("This site cannot reach its data just now. Please try again in a moment.")
    return describe(_page(words), error)


def busy_page() -> HttpResponse:
    """The page while the content changes faster than it can be read."""
    with reading():
        words: Any = _("This page is changing just now. Please try again in a moment.")
    return changing(_page(words))


def changing(response: HttpResponse) -> HttpResponse:
    """Give `response` the headers of one that is told while the content changes."""
    response["Retry-After"] = "1"
    response["Cache-Control"] = "no-store"
    return response


def _page(words: str) -> HttpResponse:
    language = words_language()
    with reading():
        title = _("Not available at the moment")
    direction = text_direction(language)
    page = format_html(_PAGE, language, direction, title, title, words)
    response = HttpResponse(page, status=503)
    response["Content-Language"] = language
    return response
