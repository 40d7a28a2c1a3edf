"""All that an import does or would do, written as it happens: as JSON, or as a table."""

from __future__ import annotations

import csv
import json
from typing import IO, Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_regional.imports.problems import Problem
from wagtail_regional.imports.running import Outcome, Shown
from wagtail_regional.spreadsheets import neutralise

#: The columns of a table.
HEADERS = ("action", "table", "row", "place", "column", "old", "new", "reason")


class Report(Protocol):
    """Told of each row that is added or changed, and of the outcome."""

    def row(self, row: Shown) -> None: ...

    def finish(self, outcome: Outcome) -> None: ...


class JsonReport:
    """One object: the rows one by one, then the numbers and the problems."""

    content_type = "application/json"

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.first = True
        moment = timezone.now().isoformat(timespec="seconds")
        file.write(f'{{"started": "{moment}", "rows": [')

    def row(self, row: Shown) -> None:
        self.file.write("\n" if self.first else ",\n")
        json.dump(row.as_dict(), self.file, ensure_ascii=False)
        self.first = False

    def finish(self, outcome: Outcome) -> None:
        rest = {
            "kind": outcome.kind.name,
            "written": outcome.written,
            "counts": dict(outcome.counts),
            "totals": outcome.totals.as_dict(),
            "passed_over": [each.as_dict() for each in outcome.passed],
            "errors": outcome.problems.errors,
            "warnings": outcome.problems.warnings,
            "problems": [problem.as_dict() for problem in outcome.problems.kept],
        }
        self.file.write("\n], " + json.dumps(rest, ensure_ascii=False)[1:] + "\n")


class CsvReport:
    """A line for each field that is set or changed, for each part that is removed, for each
    problem, for what was passed over, and for the totals."""

    content_type = "text/csv; charset=utf-8"

    def __init__(self, file: IO[str]) -> None:
        # Without this mark, spreadsheets take UTF-8 for something else.
        file.write("\ufeff")
        self.writer = csv.writer(file)
        self.writer.writerow(HEADERS)

    def row(self, row: Shown) -> None:
        for change in row.changes:
            self._write(row, change.column, change.old, change.new)
        if not row.changes and (row.action == "remove" or not row.parts):
            self._write(row)
        for part in row.parts:
            self.row(part)

    def finish(self, outcome: Outcome) -> None:
        for each in outcome.problems.kept:
            self._problem(each)
        if outcome.problems.left_out:
            self._line("error", new=outcome.problems.left_out, reason=_("Further problems."))
        for passed in outcome.passed:
            self._line("passed over", place=passed.where, new=passed.count, reason=passed.reason)
        for name, count in outcome.totals.as_dict().items():
            self._line("total", column=name, new=count)

    def _write(self, row: Shown, *change: Any) -> None:
        cells = [row.action, row.table, row.label, row.place, *change]
        self.writer.writerow([neutralise(cell) for cell in cells])

    def _line(self, action: str, **cells: Any) -> None:
        row = {"action": action, **cells}
        self.writer.writerow([neutralise(row.get(name, "")) for name in HEADERS])

    def _problem(self, each: Problem) -> None:
        action = "warning" if each.warning else "error"
        cells = [action, "", "", str(each.place), each.column, each.value, "", each.reason]
        self.writer.writerow([neutralise(cell) for cell in cells])


REPORTS: dict[str, Any] = {"json": JsonReport, "csv": CsvReport}
