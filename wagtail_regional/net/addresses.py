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

# The blocks of IANA's special-purpose address registries, and whether each is "Globally
# Reachable" (https://www.iana.org/assignments/iana-ipv4-special-registry and
# https://www.iana.org/assignments/iana-ipv6-special-registry, RFC 6890 and 8190). A table of our
# own, since `is_global` of the standard library differs between releases of Python. The smallest
# block that an address is in decides. What the registries mark as deprecated or not applicable is
# not public here.
_SPECIAL: tuple[tuple[str, bool], ...] = (
    ("0.0.0.0/8", False),  # "this network"
    ("10.0.0.0/8", False),  # private use
    ("100.64.0.0/10", False),  # shared address space of providers
    ("127.0.0.0/8", False),  # loopback
    ("169.254.0.0/16", False),  # link local, and metadata services
    ("172.16.0.0/12", False),  # private use
    ("192.0.0.0/24", False),  # IETF protocol assignments, of which two:
    ("192.0.0.9/32", True),  # port control protocol, anycast
    ("192.0.0.10/32", True),  # TURN, anycast
    ("192.0.2.0/24", False),  # documentation
    ("192.31.196.0/24", True),  # AS112
    ("192.52.193.0/24", True),  # AMT
    ("192.88.99.0/24", False),  # 6to4 relays, deprecated
    ("192.168.0.0/16", False),  # private use
    ("192.175.48.0/24", True),  # AS112, direct delegation
    ("198.18.0.0/15", False),  # benchmarking
    ("198.51.100.0/24", False),  # documentation
    ("203.0.113.0/24", False),  # documentation
    ("224.0.0.0/4", False),  # multicast
    ("240.0.0.0/4", False),  # reserved, and broadcast
    # Of IPv6, unicast on the internet is 2000::/3 (RFC 4291); IANA has given out no more.
    ("::/0", False),
    ("2000::/3", True),
    ("2001::/23", False),  # IETF protocol assignments, Teredo among them, but:
    ("2001:1::1/128", True),  # port control protocol, anycast
    ("2001:1::2/128", True),  # TURN, anycast
    ("2001:1::3/128", True),  # DNS-SD service registration, anycast
    ("2001:3::/32", True),  # AMT
    ("2001:4:112::/48", True),  # AS112
    ("2001:20::/28", True),  # ORCHIDv2
    ("2001:30::/28", True),  # drone remote identification
    ("2001:db8::/32", False),  # documentation
    ("2002::/16", False),  # 6to4
    ("2620:4f:8000::/48", True),  # AS112, direct delegation
    ("3fff::/20", False),  # documentation
    # Within the first of these for the record: the rest of the IPv6 registry.
    ("::/96", False),  # unspecified, loopback, IPv4-compatible
    ("64:ff9b:1::/48", False),  # NAT64 of one's own
    ("100::/64", False),  # discard
    ("100:0:0:1::/64", False),  # dummy
    ("5f00::/16", False),  # segment routing
    ("fc00::/7", False),  # unique local
    ("fe80::/10", False),  # link local
    ("fec0::/10", False),  # site local, deprecated
    ("ff00::/8", False),  # multicast
)

_BLOCKS = sorted(
    ((ipaddress.ip_network(block), public) for block, public in _SPECIAL),
    key=lambda pair: -pair[0].prefixlen,
)

#: NAT64 (RFC 6052): an IPv4 address behind an IPv6 prefix, as IPv6-only networks hand out. It is
#: as public as the address within.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


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
    for block, public in _BLOCKS:
        if block.version == ip.version and ip in block:
            return public
    # Of IPv4, all that is not special is public.
    return True


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
    found: list[list[Any]] = []

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
