"""Where this server may connect when somebody else chose the address.

An editor's URL must not reach what only this server can reach: a database on the loopback, a
router, a cloud's metadata service. Checking a name and then connecting to that name is not enough,
because it may resolve to something else the second time (DNS rebinding). So callers resolve once,
here, and connect to what they were given.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

# NAT64 (RFC 6052): an IPv4 address behind an IPv6 prefix, as IPv6-only networks hand out.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

# What the standard library counts as global in some of the releases we support, and is not.
NEVER_PUBLIC = (
    # 6to4 and Teredo carry an IPv4 address, private ones too. Both are deprecated.
    ipaddress.IPv6Network("2002::/16"),
    ipaddress.IPv6Network("2001::/32"),
    # Site-local (RFC 3879).
    ipaddress.IPv6Network("fec0::/10"),
    ipaddress.IPv4Network("192.88.99.0/24"),
)


class AddressError(OSError):
    """A host that cannot be resolved. The message is for the person who entered it."""


class PrivateAddressError(AddressError):
    """A host that resolves to an address which is not on the public internet."""


class Address(NamedTuple):
    """A resolved address, ready for `socket.socket(family).connect(sockaddr)`."""

    family: int
    sockaddr: tuple[Any, ...]


def public_addresses(
    host: str, port: int, allow_private: bool = False, timeout: float | None = None
) -> list[Address]:
    """Resolve `host` once.

    Args:
        host: a name or an IPv4 or IPv6 address, without brackets.
        port: the port that goes into the addresses.
        allow_private: skip the check, for a receiver on one's own network.
        timeout: seconds to wait for the name to resolve; None waits as long as the system does.

    Returns:
        The addresses in the order of the system's preference, at least one.

    Raises:
        PrivateAddressError: when any of them is loopback, private, link-local, multicast,
            reserved or otherwise not public (the IANA special-purpose registries), also inside
            IPv6. One is enough: a name that mixes them is a trap or a mistake.
        AddressError: when the host does not resolve, or not in time.
    """
    addresses = [Address(row[0], row[4]) for row in _resolve(host, port, timeout)]
    if not addresses:
        raise AddressError(_("“%(host)s” cannot be found.") % {"host": host})
    if not allow_private:
        for address in addresses:
            _refuse_private(host, address.sockaddr[0])
    return addresses


def is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether `ip` is a unicast address on the public internet."""
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _ipv4_within(ip)
        if inner is not None:
            return is_public(inner)
    return (
        ip.is_global
        and not ip.is_multicast
        and not ip.is_reserved
        and not any(ip.version == net.version and ip in net for net in NEVER_PUBLIC)
    )


def _ipv4_within(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a packet to `ip` ends up at."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


def _refuse_private(host: str, text: str) -> None:
    if not is_public(ipaddress.ip_address(text)):
        raise PrivateAddressError(
            _("“%(host)s” is at %(address)s, which is not a public address.")
            % {"host": host, "address": text}
        )


def _resolve(host: str, port: int, timeout: float | None) -> list[Any]:
    """`getaddrinfo`, for at most `timeout` seconds.

    It takes no timeout of its own, and a name server that is down can hold it for half a minute.
    A daemon thread, unlike a pool's, does not keep the process from ending.
    """
    found: list[Any] = []

    def look_up() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        # A label that is empty or too long fails as text, before anybody is asked.
        except (OSError, UnicodeError):
            found.append([])

    if not host:
        return []
    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(timeout)
    if not found:
        raise AddressError(_("“%(host)s” did not resolve in time.") % {"host": host})
    return found[0]
