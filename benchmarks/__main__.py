"""``python -m benchmarks``: measures on SQLite, then on PostgreSQL where a server answers."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import report as r
from benchmarks.server import THREADS, WORKERS

POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--database", choices=["sqlite", "postgres"], action="append", help="only on this one"
    )
    parser.add_argument("--sizes", default="S,L", help="which contents: S, L, or S,L (default)")
    parser.add_argument(
        "--scale",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="time list pages of a large registry; on PostgreSQL only",
    )
    return parser.parse_args()


@contextmanager
def sqlite(directory: Path) -> Iterator[str]:
    """A new SQLite file."""
    yield f"sqlite:///{directory / 'benchmark.sqlite3'}"


@contextmanager
def postgres(directory: Path) -> Iterator[str]:
    """A database of our own on the server, dropped afterwards.

    Raises:
        OSError: when no server answers.
    """
    url = next(
        (
            value
            for name in ("BENCH_POSTGRES_URL", "DATABASE_URL")
            if (value := os.environ.get(name, "")).startswith("postgres")
        ),
        POSTGRES,
    )
    name = f"wagtail_regional_bench_{os.getpid()}"
    _administer(url, f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        _administer(url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(url: str, statement: str) -> None:
    try:
        import psycopg

        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            connection.execute(statement)
    except ImportError as error:
        raise OSError("psycopg is not installed") from error
    except psycopg.OperationalError as error:
        raise OSError(str(error).strip().splitlines()[0]) from error


DATABASES = {"SQLite": sqlite, "PostgreSQL": postgres}


def run(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measure one database in a process of its own, and print its tables."""
    found: dict[str, Any] = {"reports": [], "scale": [], "editors": []}
    with tempfile.TemporaryDirectory(prefix="regional-benchmark-") as temporary:
        directory = Path(temporary)
        try:
            with DATABASES[name](directory) as url:
                found = _measured(name, url, directory, options)
        except OSError as error:
            print(f"\n{name}: NOT RUN: {error}", flush=True)
    for report in found["reports"]:
        print(f"\n{r.show(report)}\n\n{r.show_layers(report)}", flush=True)
    if found["scale"]:
        print(f"\n{r.show_scale(found['scale'])}", flush=True)
    if found["editors"]:
        print(f"\n{r.show_editors(found['editors'])}", flush=True)
    return found


def _measured(name: str, url: str, directory: Path, options: argparse.Namespace) -> dict[str, Any]:
    target = directory / "figures.json"
    scale = "scale" if options.scale and name == "PostgreSQL" else "no-scale"
    environment = {**os.environ, "BENCH_DATABASE_URL": url, "BENCH_DIR": str(directory)}
    # So that the server imports this package wherever it was started.
    here = str(Path(__file__).resolve().parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, [here, environment.get("PYTHONPATH", "")])
    )
    environment["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    command = [sys.executable, "-m", "benchmarks.measure", name, str(target), options.sizes, scale]
    subprocess.run(command, env=environment, check=True)  # noqa: S603 - our own command
    return json.loads(target.read_text())


def settings() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "django": version("django"),
        "wagtail": version("wagtail"),
        "server": f"gunicorn {version('gunicorn')}, {WORKERS} workers of {THREADS} threads",
        "cache": "Redis" if os.environ.get("BENCH_CACHE_URL") else "local memory",
        "cores": os.cpu_count(),
    }


def main() -> None:
    options, started = arguments(), time.monotonic()
    chosen = [
        name
        for name in DATABASES
        if not options.database or any(name.lower().startswith(d) for d in options.database)
    ]
    conditions = settings()
    print(", ".join(f"{name}: {value}" for name, value in conditions.items()))
    print(f"databases: {', '.join(chosen)}", flush=True)
    reports, scale, editors = [], [], []
    for name in chosen:
        found = run(name, options)
        reports += found["reports"]
        scale += found["scale"]
        editors += found["editors"]
    limits = r.limits(reports, scale, editors)
    print(f"\n{r.show_limits(limits)}\n\n{time.monotonic() - started:.0f} seconds")
    if target := os.environ.get("BENCH_JSON"):
        figures = {"settings": conditions, "reports": reports, "scale": scale}
        figures |= {"editors": editors}
        figures["limits"] = r.as_data(limits)
        Path(target).write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
