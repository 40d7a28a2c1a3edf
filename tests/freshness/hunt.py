"""A hunt for stale answers: processes that write, and processes that read what was written.

Each writer owns one organisation and counts its name up; one adds programmes. When a write has
returned it says so in shared memory. A reader notes the count, asks the API, and must get that
count or a later one. Started as processes of their own, each with a database connection and a
cache of its own, as worker processes of a server have.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import time
from typing import Any

#: What each process does at least, and by when, in seconds, it stops all the same: a busy machine
#: does next to nothing within the time that is usual.
LEAST, LATEST = 6, 120


class Time:
    """The time that a process has."""

    def __init__(self, seconds: float) -> None:
        now = time.monotonic()
        self._until, self._latest = now + seconds, now + seconds + LATEST

    def lasts(self, done: int) -> bool:
        """Whether to go on, for a process that has done so much."""
        now = time.monotonic()
        return now < self._until or (done < LEAST and now < self._latest)


def set_up(environment: dict[str, str], start: Any, seconds: float) -> Time:
    """Get ready, wait for the others, and return what tells when to stop."""
    os.environ.update(environment)
    import django
    from django.test import Client

    django.setup()
    # The first answer loads half of the code.
    Client(headers={"host": "localhost"}).get(environment["REGIONAL_API"] + "alliances/")
    start.wait(timeout=120)
    return Time(seconds)


def write(
    environment: dict[str, str], start: Any, seconds: float, pk: int, written: Any, mode: str
) -> None:
    """Count an organisation's name up until the time is over, in one of several ways."""
    time_left = set_up(environment, start, seconds)
    from django.db import OperationalError, transaction

    from wagtail_regional.models import Organisation

    while time_left.lasts(written[pk % len(written)]):
        number = written[pk % len(written)] + 1
        name = {"en": f"Count {number:08d}"}
        try:
            if mode == "save":
                row = Organisation.objects.get(pk=pk)
                row.name = name
                row.save()
            elif mode == "update":
                Organisation.objects.filter(pk=pk).update(name=name)
            else:
                with transaction.atomic():
                    Organisation.objects.filter(pk=pk).update(name={"en": "half-way"})
                    time.sleep(random.random() / 100)
                    Organisation.objects.filter(pk=pk).update(name=name)
        except OperationalError:
            continue  # SQLite takes one writer at a time.
        written[pk % len(written)] = number
        # Readers are to find things unchanged, too.
        time.sleep(random.random() * 0.3)


#: Where the number of programmes is written down: no organisation has this key.
PROGRAMMES = 0


def add_programmes(environment: dict[str, str], start: Any, seconds: float, written: Any) -> None:
    """Add programmes until the time is over."""
    time_left = set_up(environment, start, seconds)
    from django.db import OperationalError

    from wagtail_regional.models import Programme

    while time_left.lasts(written[PROGRAMMES]):
        try:
            Programme.objects.create(name={"en": "One more"}, type="mooc")
        except OperationalError:
            continue
        written[PROGRAMMES] += 1
        time.sleep(random.random() * 0.3)


def read(
    environment: dict[str, str],
    start: Any,
    seconds: float,
    uuids: dict[int, str],
    written: Any,
    found: Any,
) -> None:
    """Ask for organisations until the time is over, and report each answer that is stale."""
    time_left = set_up(environment, start, seconds)
    from django.test import Client

    prefix = environment["REGIONAL_API"]
    client = Client(headers={"host": "localhost"})
    etags: dict[str, tuple[str, int]] = {}
    answers = kept = 0
    # Nothing unchanged is nothing done: on a busy machine nothing rests for as long as two requests
    # take, until the writers are done.
    while time_left.lasts(answers if kept else 0):
        if not random.randrange(3):
            kind, expected = random.choice(("", "facets/")), written[PROGRAMMES]
            number = client.get(f"{prefix}programmes/{kind}?type=mooc").json()["count"]
            answers += 1
            if number < expected:
                found.put(f"{kind} {number} programmes were answered after {expected} were added")
                return
            continue
        pk, uuid = random.choice(list(uuids.items()))
        expected = written[pk % len(written)]
        headers = {"if-none-match": etags[uuid][0]} if uuid in etags else {}
        response = client.get(f"{prefix}organisations/{uuid}/", headers=headers)
        if response.status_code == 304:
            number = etags[uuid][1]
            kept += 1
        else:
            number = int(json.loads(response.content)["name"].removeprefix("Count "))
            etags[uuid] = response["ETag"], number
        answers += 1
        if number < expected:
            found.put(f"organisation {pk}: {number} was answered after {expected} was written")
            return
    found.put((answers, kept))


def hunt(environment: dict[str, str], uuids: dict[int, str], seconds: float) -> dict[str, Any]:
    """Run the hunt.

    Args:
        environment: what the processes need: DATABASE_URL, DJANGO_SETTINGS_MODULE, REGIONAL_API.
        uuids: public ids of the organisations, by primary key; one writer for each.
        seconds: how long.

    Returns:
        `stale`: what was found stale; `answers` and `unchanged`: how many, and of them 304;
        `writes`: how many; `programmes`: how many of them added one.
    """
    context = multiprocessing.get_context("spawn")
    size = max(uuids) + 1
    written = context.Array("q", size)
    found = context.Queue()
    readers_count, modes = 3, ("save", "update", "transaction")
    start = context.Barrier(len(uuids) + readers_count + 2)
    ready = environment, start, seconds
    writers = [
        context.Process(target=write, args=(*ready, pk, written, modes[position % len(modes)]))
        for position, pk in enumerate(uuids)
    ]
    writers.append(context.Process(target=add_programmes, args=(*ready, written)))
    readers = [
        context.Process(target=read, args=(*ready, uuids, written, found))
        for _ in range(readers_count)
    ]
    for process in (*writers, *readers):
        process.start()
    start.wait(timeout=120)
    # A writer is killed in the middle of whatever it does, as a server's worker may be.
    time.sleep(seconds * 0.7)
    writers[0].kill()
    results = [found.get(timeout=seconds + LATEST + 60) for _ in readers]
    for process in (*writers, *readers):
        process.join(timeout=60)
    counts = [result for result in results if isinstance(result, tuple)]
    return {
        "stale": [result for result in results if not isinstance(result, tuple)],
        "answers": sum(answers for answers, _ in counts),
        "unchanged": sum(kept for _, kept in counts),
        "writes": sum(written),
        "programmes": written[PROGRAMMES],
    }
