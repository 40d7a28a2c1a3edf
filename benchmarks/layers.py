"""What each layer gains by which something is kept: the same request with it and without it.

In one process and without a network, so that nothing else is in the figures. What keeps counts of
programmes is not here: the tables of lists show it, since a changed theme leaves the counts and a
changed programme does not.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.test import Client, override_settings

import wagtail_regional
from wagtail_regional.blocks import BatchStreamBlock
from wagtail_regional.representation.kept_html import KeptHtml, block_key
from wagtail_regional.representation.prepared import Prepared

#: How often each is tried with the layer and without it, by turns.
ROUNDS = 15
PACKAGE = Path(wagtail_regional.__file__).parent


@dataclass
class LayerRow:
    """A layer: the lines of its code, and milliseconds with it and without it."""

    name: str
    request: str
    lines: int
    kept: float
    without: float


def _lines(*files: str) -> int:
    return sum(len((PACKAGE / each).read_text().splitlines()) for each in files)


def _nothing_kept() -> AbstractContextManager[Any]:
    return override_settings(
        WAGTAIL_REGIONAL={**getattr(settings, "WAGTAIL_REGIONAL", {}), "API_CACHE_SECONDS": 0}
    )


def _without_middleware() -> AbstractContextManager[Any]:
    ours = "wagtail_regional.middleware.KeptAnswersMiddleware"
    return override_settings(MIDDLEWARE=[each for each in settings.MIDDLEWARE if each != ours])


@contextmanager
def _unprepared() -> Iterator[None]:
    """Each query is built and compiled each time that it runs."""
    statement = Prepared._statement

    def anew(self: Prepared, *args: Any) -> Any:
        self._statements = {}
        return statement(self, *args)

    Prepared._statement = anew  # type: ignore[method-assign]
    try:
        yield
    finally:
        Prepared._statement = statement  # type: ignore[method-assign]


@contextmanager
def _all_blocks_anew() -> Iterator[None]:
    """A page's blocks are made each time, also those that show what they showed before."""
    find = KeptHtml.find

    def found(place: Any) -> KeptHtml:
        kept = find(place)
        kept.before = {}
        return kept

    KeptHtml.find = found  # type: ignore[method-assign]
    try:
        yield
    finally:
        KeptHtml.find = find  # type: ignore[method-assign]


def measure_layers(page: str, html: str, change: Callable[[], None]) -> list[LayerRow]:
    """Measure each layer.

    Args:
        page: the address of the page in the API.
        html: its address for readers.
        change: changes something that the page shows.
    """
    answers = _lines("api/kept_answers.py", "keeping.py")
    parts = _lines("representation/kept_html.py", "pages/html.py", "keeping.py")
    # What tells one block from another, and finds it again.
    blocks = len(inspect.getsource(block_key).splitlines()) + len(
        inspect.getsource(BatchStreamBlock._kept_blocks).splitlines()
    )
    middleware = _lines("middleware.py")
    prepared = _lines("representation/prepared.py")
    again = "page, unchanged"
    return [
        LayerRow("whole answers", again, answers, *_compare(page, _nothing_kept)),
        LayerRow("before the view", again, middleware, *_compare(page, _without_middleware)),
        LayerRow("HTML", "HTML, unchanged", parts, *_compare(html, _nothing_kept)),
        LayerRow(
            "HTML of blocks", "HTML, rebuilt", blocks, *_compare(html, _all_blocks_anew, change)
        ),
        LayerRow(
            "prepared queries", "page, rebuilt", prepared, *_compare(page, _unprepared, change)
        ),
    ]


def _compare(
    path: str,
    without: Callable[[], AbstractContextManager[Any]],
    change: Callable[[], None] | None = None,
) -> tuple[float, float]:
    """Milliseconds of a request with a layer, and without it."""
    samples: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for taken, switched in zip(samples, (nullcontext, without), strict=True):
            with switched():
                # Middleware is set up by a client's first request.
                client = Client(headers={"host": "localhost", "accept": "application/json"})
                client.get(path)
                if change:
                    change()
                started = time.perf_counter()
                response = client.get(path)
                taken.append(time.perf_counter() - started)
                if response.status_code != 200:
                    raise RuntimeError(f"{path} answered {response.status_code}")
    return 1000 * median(samples[0]), 1000 * median(samples[1])
