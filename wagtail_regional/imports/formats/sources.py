"""Which reader a file needs, and the records it gives."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Final

from django.utils.translation import gettext as _

from wagtail_regional.imports.formats import oeapi, ror
from wagtail_regional.imports.formats.csv_files import read_csv
from wagtail_regional.imports.formats.json_files import JsonItem, json_in_archive, json_items
from wagtail_regional.imports.formats.limits import MEGABYTE, Limits
from wagtail_regional.imports.formats.raw_tables import RawTable
from wagtail_regional.imports.formats.signatures import refuse_another
from wagtail_regional.imports.formats.tables import (
    choose_table,
    read_table,
    table_of_another,
)
from wagtail_regional.imports.formats.xlsx_files import read_xlsx
from wagtail_regional.imports.kinds import Kind
from wagtail_regional.imports.problems import ImportRefusedError, Place, Problems
from wagtail_regional.imports.records import Record

logger = logging.getLogger(__name__)

#: The formats, and which kinds each can hold.
FORMATS: Final = {
    "csv": ("organisations", "alliances", "programmes"),
    "xlsx": ("organisations", "alliances", "programmes"),
    "oeapi": ("organisations", "programmes"),
    "ror": ("organisations",),
}

_BY_ENDING: Final = {
    "csv": "csv",
    "tsv": "csv",
    "txt": "csv",
    "xlsx": "xlsx",
    "xlsm": "xlsx",
    "json": "json",
    "zip": "json",
}


@dataclass(frozen=True)
class SourceFile:
    """A file to import.

    Attributes:
        name: what to call it in messages.
        open: opens it for bytes; what it gives can seek.
        size: in bytes.
    """

    name: str
    open: Callable[[], IO[bytes]]
    size: int = 0

    @property
    def ending(self) -> str:
        return self.name.rpartition(".")[2].lower()


@dataclass(frozen=True)
class Options:
    """How to read.

    Attributes:
        format: one of FORMATS; empty to tell it from the file.
        encoding: of CSV files; empty to detect it.
        provider: who provides programmes of the Open Education API that do not say.
        selection: which records of ROR to take.
        limits: what is refused.
    """

    format: str = ""
    encoding: str = ""
    provider: str = ""
    selection: ror.Selection = field(default_factory=ror.Selection)
    limits: Limits = field(default_factory=Limits)


def may_be_json(names: Iterable[str], chosen: str = "") -> bool:
    """Whether any of these files may be of the Open Education API or ROR, by its ending or by the
    format that was chosen: options that are for those mean nothing to tables."""
    endings = (name.rpartition(".")[2].lower() for name in names)
    formats = [chosen] if chosen else [_BY_ENDING.get(ending, "") for ending in endings]
    return any(found not in ("csv", "xlsx") for found in formats)


def read_records(
    kind: Kind, files: Iterable[SourceFile], options: Options, problems: Problems
) -> Iterator[Record]:
    """The records of all files. What is wrong is added to `problems`, also a file as a whole."""
    files = list(files)
    context = oeapi.Context(problems, provider=options.provider)
    formats = {}
    for file in files:
        with _reporting(file, problems):
            formats[file.name] = _format_of(file, kind, options)
            if formats[file.name] == "oeapi" and kind.name == "programmes":
                # What makes it impossible to read is told below, where all of it is read.
                with suppress(ImportRefusedError):
                    oeapi.collect_organisations(_items(file, options.limits), context)
    for file in files:
        if file.name not in formats:
            continue
        with _reporting(file, problems):
            yield from _read_file(kind, file, formats[file.name], options, context)


@contextmanager
def _reporting(file: SourceFile, problems: Problems) -> Iterator[None]:
    """Adds to `problems` what makes it impossible to read a file.

    What a reader did not foresee is no more than that to whoever imports: a refusal. The log has
    the rest.
    """
    try:
        yield
    except ImportRefusedError as error:
        _report(error, file, problems)
    except Exception as error:
        logger.exception("A reader did not foresee what is in %s", file.name)
        message = _("The file cannot be read (%(error)s). Please report this, with the file.")
        problems.add(Place(file.name), "", "", message % {"error": type(error).__name__})


def _report(error: ImportRefusedError, file: SourceFile, problems: Problems) -> None:
    place = error.place if error.place.source else Place(file.name)
    problems.add(place, error.column, "", error.message)


def _format_of(file: SourceFile, kind: Kind, options: Options) -> str:
    limit = options.limits.file_bytes
    if limit is not None and file.size > limit:
        raise ImportRefusedError(
            _("The file is larger than %(limit)d MB. Use the command regional_import for it.")
            % {"limit": limit // MEGABYTE}
        )
    found = options.format or _BY_ENDING.get(file.ending, "")
    if found:
        with file.open() as stream:
            tables = found in ("csv", "xlsx")
            refuse_another(stream, found if tables else "zip" if file.ending == "zip" else "json")
    if found == "json":
        found = _kind_of_json(file, options.limits) if kind.name == "organisations" else "oeapi"
    if not found:
        raise ImportRefusedError(
            _("“.%(ending)s” is not a format that can be imported. Use .csv, .xlsx or .json.")
            % {"ending": file.ending}
        )
    if kind.name not in FORMATS[found]:
        raise ImportRefusedError(
            _("%(format)s holds no %(kind)s. Use one of: %(known)s.")
            % {
                "format": found,
                "kind": kind.name,
                "known": ", ".join(name for name, kinds in FORMATS.items() if kind.name in kinds),
            }
        )
    return found


#: How many items are looked at to tell what a JSON file holds: the first may be broken.
_LOOKED_AT: Final = 20


def _kind_of_json(file: SourceFile, limits: Limits) -> str:
    items = _items(file, limits)
    with closing(items):
        found = next((each.value for each in islice(items, _LOOKED_AT) if each.value), {})
    return "ror" if "names" in found or "ror.org/" in str(found.get("id", "")) else "oeapi"


def _items(
    file: SourceFile, limits: Limits, problems: Problems | None = None
) -> Generator[JsonItem, None, None]:
    """The items of a JSON file, or of the JSON files in a zip archive.

    Args:
        file: which one.
        limits: what is refused.
        problems: told of lists that are not read; None for a first look.
    """

    def warn(name: str, reason: str) -> None:
        if problems is not None:
            problems.add(Place(file.name), name, "", reason, warning=True)

    with file.open() as stream:
        read = json_in_archive if file.ending == "zip" else json_items
        yield from read(stream, Place(file.name), limits, warn)


def _read_file(
    kind: Kind, file: SourceFile, found: str, options: Options, context: oeapi.Context
) -> Iterator[Record]:
    if found == "ror":
        items = _items(file, options.limits, context.problems)
        yield from ror.read_ror(items, options.selection, context.problems)
    elif found == "oeapi":
        read = oeapi.read_organisations if kind.name == "organisations" else oeapi.read_programmes
        yield from read(_items(file, options.limits, context.problems), context)
    else:
        with file.open() as stream:
            yield from _read_tables(kind, file, found, stream, options, context.problems)


def _read_tables(
    kind: Kind,
    file: SourceFile,
    found: str,
    stream: IO[bytes],
    options: Options,
    problems: Problems,
) -> Iterator[Record]:
    raws: Iterable[RawTable]
    if found == "csv":
        raws = [read_csv(stream, file.name, kind, options.limits, options.encoding)]
    else:
        raws = read_xlsx(stream, file.name, options.limits)
    read: dict[str, str] = {}
    for raw in raws:
        for warning in raw.warnings:
            problems.add(raw.place(), "", "", warning, warning=True)
        table = choose_table(raw, kind) if raw.headers else None
        if table is None or raw.hidden:
            raw.pass_over(problems, _why_not(raw, kind))
            continue
        if table.name in read:
            problems.add(
                raw.place(),
                "",
                "",
                _("The sheets “%(first)s” and “%(second)s” are both read as %(table)s.")
                % {"first": read[table.name], "second": raw.sheet, "table": table.name},
                warning=True,
            )
        read.setdefault(table.name, raw.sheet)
        yield from read_table(raw, table, options.limits, problems)
    if not read:
        raise ImportRefusedError(
            _("No headers are those of %(kind)s: %(known)s. Begin with the template.")
            % {
                "kind": kind.name,
                "known": ", ".join(kind.main.headers()),
            }
        )


def _why_not(raw: RawTable, kind: Kind) -> str:
    """Why a sheet is passed over."""
    if raw.hidden:
        return _("The sheet is hidden. Show it in your spreadsheet to have it read.")
    if other := table_of_another(raw, kind):
        return _("The sheet belongs to the import of %(kind)s.") % {"kind": other}
    return _("No header of the sheet is one of %(kind)s.") % {"kind": kind.name}
