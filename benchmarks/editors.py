"""What editors wait for in a large registry, and what is asked of it now and then: the admin's
lists, searches, choosers and exports, the review, the search over everything, an import."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wagtail_regional import models as m

ADMIN = "/admin/wagtail_regional"
OF_PROGRAMMES = "/admin/regional_programme_chooser"
OF_ORGANISATIONS = "/admin/regional_organisation_chooser"
#: Addresses by what they are called. Each takes a word that few rows have.
SCREENS = {
    "list of programmes": f"{ADMIN}/programme/",
    "list of programmes, last page": f"{ADMIN}/programme/?p=2000",
    "list of programmes, searched": f"{ADMIN}/programme/?q=programme+ab",
    "list of programmes that have ended": f"{ADMIN}/programme/?status=ended",
    "list of organisations": f"{ADMIN}/organisation/",
    "list of organisations, searched": f"{ADMIN}/organisation/?q=organisation+ab",
    "choosing a programme": f"{OF_PROGRAMMES}/results/",
    "choosing a programme, searched": f"{OF_PROGRAMMES}/results/?q=programme+ab",
    "choosing an organisation": f"{OF_ORGANISATIONS}/results/",
    "suggestions of programmes": f"{OF_PROGRAMMES}/suggest/?q=programme+ab",
    "suggestions of organisations": f"{OF_ORGANISATIONS}/suggest/?q=organisation+a",
    "the review": "/admin/regional/review/",
    "search over everything": "/api/v3/regional/search/?q=programme+ab",
    "search for a word of all": "/api/v3/regional/search/?q=programme",
}
EXPORTS = {
    "export of programmes as CSV": f"{ADMIN}/programme/?export=csv",
    "export of organisations as CSV": f"{ADMIN}/organisation/?export=csv",
}
#: Milliseconds and queries at most; of an export, which is a whole file, seconds.
MOST, MOST_QUERIES = 500, 40
MOST_OF_EXPORT = 30
#: Seconds for the import of so many rows.
IMPORTED, MOST_OF_IMPORT = 50_000, 90


@dataclass
class EditorRow:
    """A line of the table.

    Attributes:
        milliseconds: the median after a change.
        most: the limit for that.
        most_queries: and for queries.
    """

    label: str
    milliseconds: float
    queries: int
    most: float
    most_queries: int


def measure_editors(change: Callable[[], None]) -> Iterator[EditorRow]:
    """Time each screen with the registry as it is.

    Args:
        change: what an editor does before each.
    """
    user, _made = get_user_model().objects.get_or_create(
        username="bench", defaults={"is_superuser": True, "is_staff": True}
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    chunks = 2 + m.Programme.objects.count() // 2000 * 12
    rows = [
        _row(client, label, path, change, 5, MOST, MOST_QUERIES) for label, path in SCREENS.items()
    ]
    rows += [
        _row(client, label, path, change, 1, 1000 * MOST_OF_EXPORT, chunks)
        for label, path in EXPORTS.items()
    ]
    return rows


def _row(
    client: Client,
    label: str,
    path: str,
    change: Callable[[], None],
    times: int,
    most: float,
    most_queries: int,
) -> EditorRow:
    if times > 1:
        _get(client, path)
    samples = []
    for number in range(times):
        change()
        with CaptureQueriesContext(connection) as captured:
            started = time.perf_counter()
            _get(client, path)
            samples.append(time.perf_counter() - started)
        if number == 0:
            queries = len(captured)
    return EditorRow(label, 1000 * median(samples), queries, most, most_queries)


def _get(client: Client, path: str) -> None:
    response: Any = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    if response.streaming:
        for _chunk in response.streaming_content:
            pass


def measure_import() -> EditorRow:
    """Time the import of a file of organisations into an empty registry."""
    command = [sys.executable, "-m", "benchmarks.imports", str(IMPORTED)]
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "organisations.csv"
        with path.open("w") as file:
            subprocess.run(command, stdout=file, check=True)  # noqa: S603 - our own command
        started = time.perf_counter()
        call_command("regional_import", "organisations", str(path), verbosity=0)
        took = time.perf_counter() - started
    label = f"import of {IMPORTED:,} organisations"
    return EditorRow(label, 1000 * took, 0, 1000 * MOST_OF_IMPORT, 0)
