"""Files as people have them, and the commands that import them."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from wagtail_regional import factories as f
from wagtail_regional.models import OrganisationIdentifier


@pytest.fixture
def run(tmp_path, site):
    """Import through the command: `run("organisations", {"o.csv": "..."})`.

    Gives what was printed, the JSON report and the exit status.
    """

    def run(kind, files, *args, **options):
        paths = []
        for name, data in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
            paths.append(str(path))
        report = tmp_path / "report.json"
        out, err, status = io.StringIO(), io.StringIO(), 0
        try:
            call_command(
                "regional_import",
                kind,
                *paths,
                *args,
                report=report,
                stdout=out,
                stderr=err,
                no_color=True,
                **options,
            )
        except CommandError as error:
            status = error.returncode
            err.write(str(error))
        found = json.loads(report.read_text()) if report.exists() else {}
        report.unlink(missing_ok=True)
        return SimpleNamespace(
            status=status,
            out=out.getvalue(),
            err=err.getvalue(),
            problems=found.get("problems", []),
            counts=found.get("counts", {}),
            totals=found.get("totals", {}),
            passed=found.get("passed_over", []),
            rows=found.get("rows", []),
            written=found.get("written", False),
        )

    return run


@pytest.fixture
def partners(site):
    """Two institutions, an alliance and a theme, that programmes name."""
    for name, code in (("Leiden", "21PB"), ("Delft", "21PF")):
        row = f.OrganisationFactory(name={"en": name}, type="funder")
        OrganisationIdentifier.objects.create(organisation=row, scheme="brin", value=code)
    f.AllianceFactory(acronym="LDE")
    f.ThemeFactory(scheme="local", notation="10")


def workbook(**sheets) -> bytes:
    """A workbook with these sheets, each a list of rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
