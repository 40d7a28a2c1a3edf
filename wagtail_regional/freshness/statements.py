"""What statements write of what readers see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from contextlib import suppress
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model

from wagtail_regional.compat import get_page_model
from wagtail_regional.conf import conf
from wagtail_regional.models import Programme
from wagtail_regional.page_types import regional_page_models

#: How the tables of programmes, and of what hangs on them, begin.
_PROGRAMMES = Programme._meta.db_table

NO_TABLE: frozenset[str] = frozenset()

#: The first word of a statement, behind comments and brackets.
_BEGINS = re.compile(r"(?:\s|\(|/\*.*?\*/|--[^\n]*\n)*(\w+)", re.DOTALL)
#: Those of statements that write to no table. What changes tables themselves is left to migrations.
_WRITES_NOTHING = frozenset(
    (  # noqa: SIM905 - words are read more easily so
        "SELECT VALUES TABLE SHOW DESCRIBE PRAGMA SET RESET USE BEGIN START COMMIT END SAVEPOINT "
        "RELEASE DECLARE FETCH MOVE CLOSE LOCK LISTEN NOTIFY UNLISTEN PREPARE DEALLOCATE DISCARD "
        "ANALYZE VACUUM CREATE DROP ALTER COMMENT GRANT REVOKE"
    ).split()
)
#: Those of statements that may write whatever they do not name.
_WRITES_UNSEEN = frozenset(("CALL", "DO", "EXEC", "EXECUTE"))
_MAY_WRITE = re.compile(
    r"""\b(?:INSERT|(?<!FOR\ )(?<!NO\ KEY\ )UPDATE|DELETE|MERGE|REPLACE(?!\s*\()|TRUNCATE|COPY|LOAD
        |CALL|DO(?!\ NOTHING)|EXEC|EXECUTE)\b""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
_ANOTHER_STATEMENT = re.compile(r";\s*[^\s;]")
#: As the ORM writes to one table.
_PLAIN = re.compile(
    r'(?:INSERT (?:(?:OR )?IGNORE )?INTO|UPDATE|DELETE FROM) ["`](\w+)["`](?: SET | WHERE | \(|$)'
)
_PLAIN_UPDATE = re.compile(
    r'UPDATE ["`]\w+["`] SET (?P<set>(?:(?:, )?["`]\w+["`] = (?:%s|NULL))+)(?: WHERE |$)'
)
_SET_COLUMN = re.compile(r'["`](\w+)["`] =')

#: Columns of a page that only its editors see: keeping a draft changes no answer.
_DRAFT_COLUMNS = {
    "draft_title",
    "has_unpublished_changes",
    "latest_revision_id",
    "latest_revision_created_at",
    "locked",
    "locked_at",
    "locked_by_id",
    "owner_id",
}


def first_word(sql: str) -> str:
    """The word that a statement begins with, in capitals."""
    found = _BEGINS.match(sql)
    return found[1].upper() if found else ""


def tables_written(sql: str) -> Set[str]:
    """The tables that a statement writes and that readers see; all of them where it may be any.

    Of one that does not write as the ORM does, all it names counts as written: to move the stamp
    once too often does no harm.
    """
    word, several = first_word(sql), ";" in sql and bool(_ANOTHER_STATEMENT.search(sql))
    if word in _WRITES_NOTHING and not (several and _MAY_WRITE.search(sql)):
        return NO_TABLE
    plain = None if several else _PLAIN.match(sql)
    if plain and not _MAY_WRITE.search(sql, plain.end()):
        table = plain[1]
        seen = table in watched_tables() and not _is_invisible(sql, table)
        return frozenset((table,)) if seen else NO_TABLE
    if not _MAY_WRITE.search(sql):
        return NO_TABLE
    named = {table.lower() for table in _watched_name().findall(sql)}
    if "TRUNCATE" in sql.upper() or (word in _WRITES_UNSEEN and not named):
        # Another table may refer to the one that is emptied.
        return watched_tables()
    return frozenset(table for table in watched_tables() if table.lower() in named)


def are_programmes(tables: Iterable[str]) -> bool:
    """Whether there is a table of programmes, or of what hangs on them, among these."""
    return any(table.startswith(_PROGRAMMES) for table in tables)


@cache
def _watched_name() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(watched_tables())))
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)


def _is_invisible(sql: str, table: str) -> bool:
    """Whether a plain statement writes what no reader sees."""
    from wagtail.images import get_image_model

    if sql.startswith("INSERT"):
        # A rendition is made because an answer needs it; it changes none.
        return bool(table == get_image_model().get_rendition_model()._meta.db_table)
    if table == get_page_model()._meta.db_table and (update := _PLAIN_UPDATE.match(sql)):
        return _DRAFT_COLUMNS.issuperset(_SET_COLUMN.findall(update["set"]))
    return False


@cache
def watched_tables() -> frozenset[str]:
    """The tables whose rows readers see, directly or in an address, an image or a title."""
    tables = set()
    for model in watched_models():
        # Of a page type, also the tables of what it inherits from.
        family: tuple[Any, ...] = (model, *model._meta.all_parents)
        for each in family:
            tables.add(each._meta.db_table)
            tables.update(
                m2m.remote_field.through._meta.db_table for m2m in each._meta.many_to_many
            )
    return frozenset(tables)


def watched_models() -> set[type[Model]]:
    """The models behind those tables: the registry, pages, media, sites and the host's own."""
    from modelcluster.fields import ParentalKey
    from wagtail.documents import get_document_model
    from wagtail.images import get_image_model
    from wagtail.models import (
        Collection,
        CollectionViewRestriction,
        Locale,
        PageViewRestriction,
        Site,
    )

    found: set[Any] = {Site, Locale, Collection, PageViewRestriction, CollectionViewRestriction}
    for name in ("wagtailembeds.Embed", "wagtailredirects.Redirect"):
        with suppress(LookupError):
            found.add(apps.get_model(name))
    found.update(apps.get_model(name) for name in conf.WATCHED_MODELS)
    found.update((get_page_model(), get_document_model(), get_image_model()))
    found.add(get_image_model().get_rendition_model())
    pages = regional_page_models()
    found.update(pages)
    for page in pages:
        # Not what hangs on every page, such as editors' comments.
        parts = (each for each in page._meta.related_objects if each.model is not get_page_model())
        found.update(each.related_model for each in parts if isinstance(each.field, ParentalKey))
    registry = apps.get_app_config("wagtail_regional").get_models()
    found.update(model for model in registry if getattr(model, "readers_see", True))
    return found
