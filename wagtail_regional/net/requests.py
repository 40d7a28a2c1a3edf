"""A request to an address that an editor chose.

It is made with the standard library, because the connection must go to the very address that was
checked while the certificate and the Host header stay with the name; the usual clients resolve the
name once more. No redirect is followed and no proxy is used: either would connect elsewhere.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from wagtail_regional.net.addresses import Address, public_addresses

PORTS = {"http": 80, "https": 443}

#: Nobody needs more of an answer than fits in a log.
MAX_ANSWER = 1024


class Answer(NamedTuple):
    """What the receiver said: its status, the beginning of its body, where it points to, and
    whether there is more of the body."""

    status: int
    body: bytes
    location: str = ""
    is_cut: bool = False


class Deadline:
    """A moment by which everything must be done, however many steps it takes."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """The seconds that are left.

        Raises:
            TimeoutError: when there are none.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, timeout: float, allow_private: bool
) -> Answer:
    """Send `body` to `url`; see :func:`request`."""
    return request(
        "POST", url, body, headers, deadline=Deadline(timeout), allow_private=allow_private
    )


def request(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    deadline: Deadline,
    allow_private: bool,
) -> Answer:
    """Send one request to `url`.

    Args:
        method: "POST" or "GET".
        url: an http or https address.
        headers: what to send besides Host and Content-Length.
        deadline: by when all of it must be done: resolving, connecting, sending, and the answer.
        allow_private: whether the address may be on a private network.

    Raises:
        OSError: when the receiver cannot be reached, is refused (`AddressError`), has no valid
            certificate, or takes too long (`TimeoutError`).
        http.client.HTTPException: when what it answers is not HTTP.
        ValueError: when `url` is no http or https address.
    """
    parts, host, port = split_url(url)
    addresses = public_addresses(host, port, allow_private, deadline.remaining())
    with _connect(addresses, deadline) as plain:
        if parts.scheme == "http":
            return _exchange(plain, method, host, parts, body, headers, deadline)
        plain.settimeout(deadline.remaining())
        with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure:
            return _exchange(secure, method, host, parts, body, headers, deadline)


def split_url(url: str) -> tuple[SplitResult, str, int]:
    """The parts of `url`, its host in ASCII (IDNA), and its port.

    Raises:
        ValueError: when it is no http or https address.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise ValueError(_("Only http and https addresses are sent to."))
    host = (parts.hostname or "").encode("idna").decode()
    return parts, host, parts.port or PORTS[parts.scheme]


def _connect(addresses: list[Address], deadline: Deadline) -> socket.socket:
    """The first of `addresses` that accepts; each gets its share of the time that is left."""
    for tried, (family, sockaddr) in enumerate(addresses, start=1):
        last = tried == len(addresses)
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(deadline.remaining() / (len(addresses) - tried + 1))
            connection.connect(sockaddr)
            return connection
        except OSError:
            connection.close()
            if last:
                raise
    raise AssertionError("no address")  # public_addresses never returns none


def _exchange(
    connection: socket.socket,
    method: str,
    host: str,
    parts: SplitResult,
    body: bytes | None,
    headers: Mapping[str, str],
    deadline: Deadline,
) -> Answer:
    """Write the request and read the beginning of the answer."""
    target = iri_to_uri(parts.path or "/") + (f"?{iri_to_uri(parts.query)}" if parts.query else "")
    writer = http.client.HTTPConnection(host)
    # It writes to a socket that is there already, instead of connecting by name.
    writer.sock = connection
    connection.settimeout(deadline.remaining())
    writer.request(
        method,
        target,
        body,
        {**headers, "Host": _host_header(host, parts.port), "Connection": "close"},
    )
    answer = http.client.HTTPResponse(_Reader(connection, deadline), method=method)  # type: ignore[arg-type]
    answer.begin()
    said, location = _excerpt(answer), answer.getheader("Location") or ""
    return Answer(answer.status, said[:MAX_ANSWER], location, len(said) > MAX_ANSWER)


def _excerpt(answer: http.client.HTTPResponse) -> bytes:
    """The beginning of the body, and a byte more if there is one. With the status in hand, a body
    that breaks off fails nothing."""
    try:
        return answer.read(MAX_ANSWER + 1)
    except (OSError, http.client.HTTPException):
        return b""


def _host_header(host: str, port: int | None) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{port}" if port else name


class _Reader(io.RawIOBase):
    """Reads from a socket until a deadline.

    A socket's own timeout begins anew with every byte, and a receiver that sends one byte a second
    would never be given up.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._deadline.remaining())
        return self._connection.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What `HTTPResponse` asks a socket for."""
        return io.BufferedReader(self)
