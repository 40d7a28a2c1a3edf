"""The server under measurement: gunicorn as a small site runs it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WORKERS, THREADS = 2, 2
COMMAND = [
    "-m", "gunicorn", "benchmarks.server:application()",
    "--workers", str(WORKERS), "--threads", str(THREADS), "--worker-class", "gthread",
    "--keep-alive", "120", "--timeout", "120", "--log-level", "error",
]  # fmt: skip


def application() -> object:
    """What gunicorn serves. Made here and not at import: the client side has no use for it."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


class Server:
    """A running gunicorn.

    Attributes:
        port: where it listens, on 127.0.0.1.
    """

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.port = port

    def memory(self) -> int | None:
        """The resident memory of all workers in bytes; None where there is no /proc."""
        try:
            return sum(_resident(pid) for pid in _children(self._process.pid))
        except OSError:
            return None

    def wait_until_ready(self) -> None:
        for _attempt in range(600):
            if self._process.poll() is not None:
                raise RuntimeError("gunicorn did not start")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("gunicorn does not answer")


@contextmanager
def serving() -> Iterator[Server]:
    """A server for as long as the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, *COMMAND, "--bind", f"127.0.0.1:{port}"], env=os.environ.copy()
    )
    server = Server(process, port)
    try:
        server.wait_until_ready()
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
