"""A client that costs less than what it measures: sockets that stay open, bytes not looked at.

As a program it keeps `connections` requests under way and prints how many were answered::

    python -m benchmarks.client 8000 /floor/ 3 4
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Mapping

BUFFER = 1 << 20


class Connection:
    """One keep-alive connection.

    Raises:
        ConnectionError: when the server closes it half-way.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(BUFFER)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> int:
        """Ask for `path`, read the whole answer, and return its status."""
        return self.send(request_bytes(path, headers))

    def send(self, request: bytes) -> int:
        self._socket.sendall(request)
        head = b""
        while (end := head.find(b"\r\n\r\n")) < 0:
            head += self._receive()
        fields, status = head[:end].lower(), int(head[9:12])
        length = 0
        if b"\r\ncontent-length:" in fields and status != 304:
            length = int(fields.split(b"\r\ncontent-length:", 1)[1].split(b"\r\n", 1)[0])
        remaining = length - (len(head) - end - 4)
        while remaining > 0:
            received = self._socket.recv_into(self._buffer, min(remaining, BUFFER))
            if not received:
                raise ConnectionError("the server closed the connection")
            remaining -= received
        return status

    def _receive(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data

    def close(self) -> None:
        self._socket.close()


def request_bytes(path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """A request as a front end behind a proxy sends it."""
    fields = {"Host": "localhost", "Accept": "application/json", **(headers or {})}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def flood(port: int, path: str, seconds: float, connections: int, etag: str = "") -> float:
    """Answers per second with `connections` requests always under way."""
    request = request_bytes(path, {"If-None-Match": etag} if etag else None)
    counts = [0] * connections
    until = time.perf_counter() + seconds

    def run(number: int) -> None:
        connection = Connection(port)
        while time.perf_counter() < until:
            if connection.send(request) not in (200, 304):
                raise ConnectionError(f"{path} was refused")
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


if __name__ == "__main__":
    port_, path_, seconds_, connections_, *etag_ = sys.argv[1:]
    print(flood(int(port_), path_, float(seconds_), int(connections_), *etag_))
