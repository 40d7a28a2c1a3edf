"""Measures one database: its own process, started by the package's main program.

python -m benchmarks.measure SQLite out.json S L
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection
from itertools import count, cycle
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import django

from benchmarks.client import Connection, request_bytes
from benchmarks.server import Server, serving

if TYPE_CHECKING:
    from benchmarks.layers import LayerRow

FLOOR = "/floor/"
CLIENTS, CONNECTIONS = 2, 4
#: How many times a figure and the floor take turns, and how many times under load.
ROUNDS, LOAD_ROUNDS = 5, 5
#: How many answers are made anew before memory is looked at for the first time, and again.
WARM_UP, REBUILDS = 100, 1000
#: Seconds of load each time.
LOAD = 1.0
#: Answers slower than this are not put under load: it would take minutes and tell nothing.
TOO_SLOW = 0.4


@dataclass
class Row:
    """A line of the table.

    Attributes:
        latency, floor_latency: medians in milliseconds; the floor's from before, between and
            after, where there are changes also right after one.
        rate, floor_rate: answers per second; None where they were not measured.
        queries: how many a request takes.
        size: of the answer's body, in bytes.
        note: why there are no figures.
    """

    key: str
    label: str
    latency: float | None = None
    floor_latency: float | None = None
    rate: float | None = None
    floor_rate: float | None = None
    queries: int | None = None
    size: int | None = None
    note: str = ""


@dataclass
class Report:
    """All about one size on one database; memory in bytes, of all workers together, when each of
    their threads has made each answer, and after a thousand changes more."""

    database: str
    version: str
    size: str
    content: str
    rows: list[Row] = field(default_factory=list)
    memory_before: int | None = None
    memory_after: int | None = None
    same_facts: bool = False
    layers: list[LayerRow] = field(default_factory=list)


@dataclass(frozen=True)
class Way:
    """One way to the page.

    Attributes:
        keeps: whether anything may be kept between requests; a way that keeps nothing costs
            the same after a change.
    """

    key: str
    label: str
    path: str
    keeps: bool = True


def ways(pk: int) -> list[Way]:
    import wagtail

    from wagtail_regional.pages.models import PartnershipPage

    found = [
        Way("router", "our router", f"/api/v3/regional/pages/{pk}/"),
        Way("v2", "Wagtail's API v2", f"/api/v2/pages/{pk}/"),
    ]
    if wagtail.VERSION >= (8, 0):
        found.append(Way("v3", "Wagtail's API v3", f"/api/v3/pages/{pk}/"))
    found.append(Way("html", "HTML", PartnershipPage.objects.get(pk=pk).url))
    found.append(Way("straightforward", "straightforward", f"/straightforward/{pk}/", keeps=False))
    return found


class Bench:
    """Measures the ways to one page on a running server."""

    def __init__(self, server: Server, change: Callable[[], None]) -> None:
        self.server = server
        self.change = change
        self.connection = Connection(server.port)
        self.floor_samples = self.latencies(FLOOR, least=0.5)
        self.floor_rates: list[float] = []

    def latencies(
        self, path: str, etag: str = "", *, changing: bool = False, least: float = 0.25
    ) -> list[float]:
        """Seconds per request on one connection: eight at least, of slow ones one."""
        request = request_bytes(path, {"If-None-Match": etag} if etag else None)
        samples: list[float] = []
        while sum(samples) < least or len(samples) < (8 if sum(samples) < 1 else 1):
            if changing:
                self.change()
            started = time.perf_counter()
            status = self.connection.send(request)
            samples.append(time.perf_counter() - started)
            if status != (304 if etag else 200):
                raise RuntimeError(f"{path} answered {status}")
        return samples

    def etag(self, path: str) -> str:
        """The ETag that this server gives: it holds for one host and port."""
        connection = HTTPConnection("127.0.0.1", self.server.port)
        connection.request("GET", path, headers={"Host": "localhost", "Accept": "application/json"})
        etag = connection.getresponse().getheader("ETag", "")
        connection.close()
        return etag

    def rate(self, path: str, etag: str = "") -> float:
        """Requests per second with all connections busy, from processes of their own."""
        command = [sys.executable, "-m", "benchmarks.client", str(self.server.port), path]
        command += [str(LOAD), str(CONNECTIONS), *([etag] if etag else [])]
        clients = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
            for _ in range(CLIENTS)
        ]
        answers = [client.communicate()[0] for client in clients]
        if any(client.returncode for client in clients):
            raise RuntimeError(f"{path} failed under load")
        return sum(map(float, answers))

    def rebuild(self, paths: list[str], times: int) -> None:
        """Have answers made anew, by turns, whichever worker gives them."""
        for _number, path in zip(range(times), cycle(paths), strict=False):
            self.change()
            connection = Connection(self.server.port)
            connection.get(path)
            connection.close()

    def warm(self, path: str) -> None:
        """Let every worker answer: a new connection goes to whichever is free. Slow answers
        are worth two."""
        started = time.perf_counter()
        for _ in range(6):
            connection = Connection(self.server.port)
            connection.get(path)
            connection.close()
            if time.perf_counter() - started > 3:
                break
        self.connection.get(path)

    def figures(
        self, row: Row, path: str, etag: str = "", *, changing: bool = False, load: bool = True
    ) -> Row:
        """Fill in `row`, with the floor measured by turns, since a machine is not equally fast
        from one second to the next; and in the same rhythm, since one that did something else in
        between answers anything more slowly."""
        floor, samples = self.latencies(FLOOR, changing=changing), []
        for _ in range(ROUNDS):
            samples += self.latencies(path, etag, changing=changing)
            floor += self.latencies(FLOOR, changing=changing)
        if not changing:
            self.floor_samples += floor
        row.latency = 1000 * median(samples)
        row.floor_latency = 1000 * median(floor)
        if load and median(samples) < TOO_SLOW:
            floor_rates, rates = [self.rate(FLOOR)], []
            for _ in range(LOAD_ROUNDS):
                rates.append(self.rate(path, etag))
                floor_rates.append(self.rate(FLOOR))
            row.rate, row.floor_rate = median(rates), median(floor_rates)
            self.floor_rates += floor_rates
        return row


class InProcess:
    """Counts queries and reads answers with Django's test client, apart from the timed server."""

    def __init__(self) -> None:
        from django.test import Client

        self.client = Client(headers={"host": "localhost", "accept": "application/json"})

    def queries(self, path: str, etag: str = "") -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            self.get(path, etag)
        return len(captured)

    def get(self, path: str, etag: str = "") -> Any:
        headers = {"if-none-match": etag} if etag else {}
        response = self.client.get(path, headers=headers)
        if response.status_code not in (200, 304):
            raise RuntimeError(f"{path} answered {response.status_code}: {response.content[:300]}")
        return response


def changes(model: Any, text: str = "name") -> Callable[[], None]:
    """What an editor does between two requests: rename a row, another one each time."""
    rows: Iterator[Any] = cycle(
        [(row, getattr(row, text)["en"]) for row in model.objects.order_by("pk")[:20]]
    )
    times = count()

    def change() -> None:
        row, before = next(rows)
        setattr(row, text, {**getattr(row, text), "en": f"{before} {next(times)}"})
        row.save()

    return change


def measure(database: str, size_name: str) -> Report:
    """Build the content, start a server, and measure every way to the page."""
    from django.conf import settings
    from django.core.cache import cache

    from benchmarks import content
    from benchmarks.layers import measure_layers
    from benchmarks.views import FLOOR_FILE
    from wagtail_regional.models import Organisation

    size = content.SIZES[size_name]
    pk = content.build(size)
    _settle()
    cache.clear()
    report = Report(database, _version(), size_name, str(size))
    change, local = changes(Organisation), InProcess()
    answer = local.get(ways(pk)[0].path)
    (settings.DIRECTORY / FLOOR_FILE).write_bytes(answer.content)
    plain = local.get(ways(pk)[-1].path)
    report.same_facts = json.loads(plain.content)["body"] == json.loads(answer.content)["body"]
    with serving() as server:
        bench = Bench(server, change)
        bench.warm(FLOOR)
        # A worker takes what it needs to make an answer in each of its threads, and no more after.
        bench.rebuild([way.path for way in ways(pk) if way.keeps], WARM_UP)
        report.memory_before = server.memory()
        floor = Row("floor", "floor: the bytes from memory", queries=local.queries(FLOOR))
        report.rows.append(floor)
        for way in ways(pk):
            given = local.get(way.path) if way.keeps else plain
            report.rows += rows_of(way, given, bench, local, change)
        bench.rebuild([way.path for way in ways(pk) if way.keeps], REBUILDS)
        report.memory_after = server.memory()
        floor.latency = floor.floor_latency = 1000 * median(bench.floor_samples)
        floor.rate = floor.floor_rate = median(bench.floor_rates)
        floor.size = len(answer.content)
    html = next(way.path for way in ways(pk) if way.key == "html")
    report.layers = measure_layers(ways(pk)[0].path, html, change)
    return report


def _settle() -> None:
    """Let PostgreSQL count and tidy up the rows; on a running site it has done so long ago."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _version() -> str:
    from django.db import connection

    return ".".join(map(str, connection.get_database_version()))


def rows_of(
    way: Way, answer: Any, bench: Bench, local: InProcess, change: Callable[[], None]
) -> Iterator[Row]:
    """The lines of one way: unchanged, conditional, rebuilt. `answer` is one it gave."""
    bench.warm(way.path)
    row = Row(f"{way.key}.unchanged", f"{way.label}, unchanged" if way.keeps else way.label)
    row.queries, row.size = local.queries(way.path), len(answer.content)
    yield bench.figures(row, way.path)
    if not way.keeps:
        return
    row = Row(f"{way.key}.conditional", f"{way.label}, conditional")
    if etag := answer.headers.get("ETag", ""):
        row.queries, row.size = local.queries(way.path, etag), 0
        yield bench.figures(row, way.path, bench.etag(way.path))
    else:
        row.note = "no ETag"
        yield row
    change()
    row = Row(f"{way.key}.rebuilt", f"{way.label}, rebuilt", size=len(answer.content))
    row.queries = local.queries(way.path)
    yield bench.figures(row, way.path, changing=True, load=False)


def main() -> None:
    database, target, sizes, scale = sys.argv[1:]
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    from django.core.management import call_command

    from benchmarks.editors import measure_import
    from benchmarks.scale import measure_scale

    call_command("migrate", verbosity=0)
    found: dict[str, Any] = {"reports": [], "scale": [], "editors": []}
    for name in filter(None, sizes.split(",")):
        report = measure(database, name)
        found["reports"].append(asdict(report))
    if scale == "scale":
        lists, editors = measure_scale()
        found["scale"] = [asdict(row) for row in lists]
        found["editors"] = [asdict(row) for row in (*editors, measure_import())]
    Path(target).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
