from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from wagtail_regional.imports.exporting import export_csv, export_workbook
from wagtail_regional.imports.formats.limits import FOR_COMMAND
from wagtail_regional.imports.formats.ror import Selection
from wagtail_regional.imports.formats.sources import FORMATS, Options, SourceFile, may_be_json
from wagtail_regional.imports.kinds import KINDS, Kind
from wagtail_regional.imports.problems import Problem
from wagtail_regional.imports.reports import JsonReport, Report
from wagtail_regional.imports.running import Outcome, Shown, run_import
from wagtail_regional.models import canonical_ror_id
from wagtail_regional.text import is_digits

#: How many rows and problems are listed; with --verbosity 2, all.
MOST_LISTED = 20

_STAGES = {"read": "Reading", "compare": "Comparing", "write": "Writing", "index": "Indexing"}
_CALLED = {"oeapi": "the Open Education API", "ror": "ROR"}
_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".json", ".zip")


class Command(BaseCommand):
    """Exit status: 0 when done (or, with --dry-run, when it could be), 1 when something is wrong
    with the data, 2 when the command was called wrongly."""

    help = (
        "Imports organisations, alliances with members, or programmes with providers and access, "
        "from CSV, XLSX, Open Education API or ROR files. All of it, or none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("files", nargs="*", type=Path, help="Files, or directories of files.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would change, and change nothing."
        )
        parser.add_argument(
            "--format", choices=list(FORMATS), default="", help="Told from the file by default."
        )
        parser.add_argument("--encoding", default="", help="Of CSV files; detected by default.")
        parser.add_argument(
            "--provider",
            default="",
            help="Who provides programmes of the Open Education API that do not say: an "
            "organisation's uuid, ROR id, acronym or name.",
        )
        parser.add_argument(
            "--country",
            action="append",
            default=[],
            help="Of ROR, only organisations in this country (NL). May be repeated.",
        )
        parser.add_argument(
            "--id",
            action="append",
            default=[],
            help="Of ROR, only the organisation with this ROR id. May be repeated.",
        )
        parser.add_argument(
            "--only-existing",
            action="store_true",
            help="Of ROR, only update what is in the registry.",
        )
        parser.add_argument("--user", help="Who the history says did it: a user name.")
        parser.add_argument("--report", type=Path, help="Write all that happens to a JSON file.")
        parser.add_argument(
            "--template",
            action="store_true",
            help="Write an empty table to standard output: CSV, or with --format xlsx a workbook.",
        )
        parser.add_argument("--table", help="With --template, which table of the kind.")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = KINDS[options["kind"]]
        if options["template"]:
            self._write_template(kind, options)
            return
        files = list(_expand(options["files"]))
        user = _user(options["user"])
        reading = _reading_options(options)
        _refuse_idle_options(kind, files, options)
        with _report(options["report"]) as report:
            listed = _Listing(self, options["verbosity"])

            def on_row(row: Shown) -> None:
                report.row(row)
                listed.row(row)

            progress = _Progress(self.stderr)
            outcome = run_import(
                kind,
                files,
                reading,
                write=not options["dry_run"],
                user=user,
                progress=progress,
                on_row=on_row,
            )
            progress.clear()
            report.finish(outcome)
        listed.finish(outcome)
        if outcome.problems.errors:
            errors = counted(outcome.problems.errors, "error", "errors")
            raise CommandError(f"{errors}; nothing was changed.", returncode=1)

    def _write_template(self, kind: Kind, options: dict[str, Any]) -> None:
        out = sys.stdout.buffer
        if options["format"] == "xlsx":
            out.write(export_workbook(kind, template=True))
            return
        tables = {table.name: table for table in kind.tables}
        name = options["table"] or kind.main.name
        if name not in tables:
            raise CommandError(
                f"There is no table “{name}”. Known are: {', '.join(tables)}.", returncode=2
            )
        for line in export_csv(tables[name], template=True):
            out.write(line.encode())
        out.flush()


def _expand(paths: list[Path]) -> Iterator[SourceFile]:
    if not paths:
        raise CommandError("Name a file to import, or ask for a --template.", returncode=2)
    for path in paths:
        if path.is_dir():
            inside = [each for each in path.iterdir() if each.suffix.lower() in _ENDINGS]
            if not inside:
                raise CommandError(f"There is nothing to import in {path}.", returncode=2)
            # page-10 after page-9.
            for each in sorted(inside, key=_natural):
                yield _source(each)
        elif path.is_file():
            yield _source(path)
        else:
            raise CommandError(f"There is no file {path}.", returncode=2)


def _natural(path: Path) -> list[Any]:
    return [int(part) if is_digits(part) else part for part in re.split(r"([0-9]+)", path.name)]


def _source(path: Path) -> SourceFile:
    return SourceFile(path.name, lambda: path.open("rb"), path.stat().st_size)


def _user(name: str | None) -> Any:
    if not name:
        return None
    model: Any = get_user_model()
    try:
        return model.objects.get_by_natural_key(name)
    except model.DoesNotExist:
        raise CommandError(f"There is no user “{name}”.", returncode=2) from None


def _reading_options(options: dict[str, Any]) -> Options:
    try:
        ids = frozenset(canonical_ror_id(text) for text in options["id"])
    except ValidationError as error:
        raise CommandError(f"--id: {error.messages[0]}", returncode=2) from None
    return Options(
        format=options["format"],
        encoding=options["encoding"],
        provider=options["provider"],
        selection=Selection(
            countries=frozenset(code.upper() for code in options["country"]),
            ids=ids,
            only_existing=options["only_existing"],
        ),
        limits=FOR_COMMAND,
    )


def _refuse_idle_options(kind: Kind, files: list[SourceFile], options: dict[str, Any]) -> None:
    """Refuse what would change nothing: whoever gives it expects something of it."""
    for names, about, meant in (
        (("provider",), "programmes", "oeapi"),
        (("country", "id", "only_existing"), "organisations", "ror"),
    ):
        fits = kind.name == about and options["format"] in ("", meant)
        if fits and may_be_json((file.name for file in files), options["format"]):
            continue
        for name in names:
            if options[name]:
                raise CommandError(
                    f"--{name.replace('_', '-')} is for {about} of {_CALLED[meant]}, in JSON; "
                    "nothing of that is imported here. Leave it out.",
                    returncode=2,
                )


class _Progress:
    """A bar on standard error, where that is a terminal."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.shown = bool(getattr(stream, "isatty", lambda: False)())

    def __call__(self, stage: str, done: int, total: int) -> None:
        if not self.shown:
            return
        text = f"{_STAGES[stage]} {done}" if done else f"{_STAGES[stage]} …"
        if total:
            filled = 30 * done // total
            text += f" of {total} [{'#' * filled}{'.' * (30 - filled)}]"
        self.stream.write(f"\r{text:<72}", ending="")
        self.stream.flush()

    def clear(self) -> None:
        if self.shown:
            self.stream.write(f"\r{'':<72}\r", ending="")


class _Listing:
    """What is printed: the first changes, all problems that were kept, and a summary."""

    def __init__(self, command: Command, verbosity: int) -> None:
        self.command = command
        self.most = {0: 0, 1: MOST_LISTED}.get(verbosity, sys.maxsize)
        self.quiet = verbosity == 0
        self.rows: list[Shown] = []
        self.more = 0

    def row(self, row: Shown) -> None:
        if len(self.rows) < self.most:
            self.rows.append(row)
        else:
            self.more += 1

    def finish(self, outcome: Outcome) -> None:
        if self.quiet:
            return
        for row in self.rows:
            self._print_row(row)
        if self.more and self.most:
            self._print(f"… and {self.more} more (--verbosity 2 lists all, --report keeps them)")
        self._print_problems(outcome)
        self._print_summary(outcome)

    def _print(self, text: str) -> None:
        self.command.stdout.write(text)

    def _print_row(self, row: Shown, indent: str = "") -> None:
        sign = {"add": "+", "change": "~", "remove": "-"}[row.action]
        name = f"{row.table}: " if indent else ""
        self._print(f"{indent}{sign} {name}{row.label}  ({row.place})")
        for change in row.changes if row.action == "change" else ():
            self._print(f"{indent}    {change.column}: “{change.old}” → “{change.new}”")
        for part in row.parts:
            self._print_row(part, indent + "    ")

    def _print_problems(self, outcome: Outcome) -> None:
        write = self.command.stderr.write
        style = self.command.style
        for problem in outcome.problems.kept:
            where = f"{problem.place}" + (f", {problem.column}" if problem.column else "")
            value = f" “{problem.value}”" if _is_to_be_told(problem) else ""
            paint = style.WARNING if problem.warning else style.ERROR
            word = "warning" if problem.warning else "error"
            write(paint(f"{word}: {where}:{value} {problem.reason}"))
        if outcome.problems.left_out:
            write("… and " + counted(outcome.problems.left_out, "more problem", "more problems"))

    def _print_summary(self, outcome: Outcome) -> None:
        counts = outcome.counts
        self._print("")
        self._print(f"{'':<16}{'added':>9}{'changed':>9}{'removed':>9}{'the same':>9}")
        for table in outcome.kind.tables:
            prefix = "" if table is outcome.kind.main else f"{table.name}."
            numbers = [counts[f"{prefix}{each}"] for each in ("add", "change", "remove", "same")]
            self._print(f"{table.name:<16}" + "".join(f"{number:>9}" for number in numbers))
        for passed in outcome.passed:
            self._print(f"{passed.count} passed over: {passed.where}: {passed.reason}")
        totals = outcome.totals
        self._print(
            f"{counted(totals.rows, 'row', 'rows')} in the files: {totals.added} added, "
            f"{totals.changed} changed, {totals.unchanged} the same, {totals.refused} refused, "
            f"{totals.passed_over} passed over."
        )
        if not outcome.problems.errors:
            self._print(_ending(outcome))


def _is_to_be_told(problem: Problem) -> bool:
    """Whether the reason does not name what stands there itself, of what is long the beginning."""
    return bool(problem.value) and f"“{problem.value[:60]}" not in problem.reason


def counted(count: int, one: str, several: str) -> str:
    """A number with its noun. Commands speak English, whatever the site's language."""
    return f"{count} {one if count == 1 else several}"


def _ending(outcome: Outcome) -> str:
    """The last word, which says so where something was left out."""
    if not outcome.written:
        return "Nothing was changed: this was a dry run."
    if not outcome.changes_anything:
        return "Nothing was changed: there was nothing to change."
    left_out = []
    if count := outcome.totals.passed_over:
        left_out.append(f"{counted(count, 'row that was', 'rows that were')} passed over")
    if count := outcome.problems.warnings:
        left_out.append(f"what {counted(count, 'warning tells', 'warnings tell')} of")
    return f"Done, but for {' and '.join(left_out)}." if left_out else "Done."


class _NoReport:
    """Nobody asked for one."""

    def row(self, row: Shown) -> None:
        pass

    def finish(self, outcome: Outcome) -> None:
        pass


@contextmanager
def _report(path: Path | None) -> Iterator[Report]:
    if path is None:
        yield _NoReport()
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise CommandError(
            f"--report: {path} cannot be written ({error.strerror}).", returncode=2
        ) from error
    with file:
        yield JsonReport(file)
