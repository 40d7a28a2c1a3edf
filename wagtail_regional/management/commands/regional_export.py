from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wagtail_regional.imports.columns import Table
from wagtail_regional.imports.exporting import export_csv, export_rows, write_workbook
from wagtail_regional.imports.kinds import KINDS, Kind


class Command(BaseCommand):
    help = (
        "Exports part of the registry to the tables that regional_import reads: a workbook with a "
        "sheet for each table, or CSV with one of them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
        parser.add_argument(
            "--table",
            help="For CSV, which table: members, providers, access. By default the main one.",
        )
        parser.add_argument(
            "--separator", choices=[",", ";", "tab"], default=",", help="What parts cells in CSV."
        )
        parser.add_argument("--output", type=Path, help="A file; by default standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = KINDS[options["kind"]]
        table = self._table(kind, options["table"])
        if options["output"]:
            try:
                with options["output"].open("wb") as file:
                    self._export(kind, table, file, options)
            except OSError as error:
                raise CommandError(
                    f"--output: {options['output']} cannot be written ({error.strerror}).",
                    returncode=2,
                ) from error
        else:
            self._export(kind, table, sys.stdout.buffer, options)

    def _table(self, kind: Kind, name: str | None) -> Table:
        tables = {table.name: table for table in kind.tables}
        if name and name not in tables:
            raise CommandError(
                f"There is no table “{name}” of {kind.name}. Known are: {', '.join(tables)}.",
                returncode=2,
            )
        return tables[name] if name else kind.main

    def _export(self, kind: Kind, table: Table, file: Any, options: dict[str, Any]) -> None:
        if options["format"] == "xlsx":
            write_workbook(((each.name, export_rows(each)) for each in kind.tables), file)
            return
        separator = "\t" if options["separator"] == "tab" else options["separator"]
        for line in export_csv(table, separator=separator):
            file.write(line.encode())
