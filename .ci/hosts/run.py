#!/usr/bin/env python3
"""Builds and drives the sites of strangers: run.py WHEEL PYTHON [HOST ...]

Each has a directory and processes of its own. It says a line for each, and ends with status 1
when one of them fails. ``--venvs DIRECTORY`` keeps the environments there for the next time.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hosts import HOSTS
from site_of import Site


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("python", type=Path)
    parser.add_argument("hosts", nargs="*", help=f"some of: {', '.join(HOSTS)}")
    parser.add_argument("--venvs", type=Path)
    options = parser.parse_args()
    names = options.hosts or list(HOSTS)
    if unknown := set(names) - set(HOSTS):
        parser.error(f"there is no host {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="hosts-") as temporary:
        place = Path(temporary)
        venvs = options.venvs or place / "venvs"
        with ThreadPoolExecutor(2) as pool:
            releases = sorted({HOSTS[name][0] for name in names})
            made = pool.map(
                lambda each: environment(venvs / each, each, options.wheel, options.python),
                releases,
            )
            ready = dict(zip(releases, made, strict=True))
            passed = list(pool.map(lambda name: build(name, ready, place), names))
    print(f"{sum(passed)} of {len(names)} hosts", flush=True)
    return 0 if all(passed) else 1


def environment(venv: Path, release: str, wheel: Path, python: Path) -> Path:
    """A virtual environment with the wheel and a release of Wagtail."""
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "-qq", "--no-warn-script-location"]
    if not venv.exists():
        subprocess.run([python, "-m", "venv", venv], check=True)
        subprocess.run([*pip, wheel, f"wagtail=={release}.*", "jinja2"], check=True)
    else:
        subprocess.run([*pip, "--no-deps", "--force-reinstall", wheel], check=True)
    return venv


def build(name: str, venvs: dict[str, Path], place: Path) -> bool:
    """Build one host and use it. Says what it did, or how it failed."""
    release, function = HOSTS[name]
    began = time.monotonic()
    directory = place / name.replace(" ", "-")
    directory.mkdir()
    site = Site(venvs[release], release, directory)
    try:
        said = function(site)
    except Exception:
        took = time.monotonic() - began
        print(f"FAILED  {name} ({took:.0f}s)\n{traceback.format_exc()}", flush=True)
        return False
    finally:
        site.remove()
    print(f"ok  {name} ({time.monotonic() - began:.0f}s): {said}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
