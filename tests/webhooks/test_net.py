"""Where this server connects, and where it does not."""

import socket
from ipaddress import ip_network

import pytest

from wagtail_regional.net.addresses import (
    AddressError,
    PrivateAddressError,
    is_public,
    public_addresses,
)

PRIVATE = [
    "127.0.0.1",
    "127.255.0.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "fc00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_are_refused(host):
    with pytest.raises(PrivateAddressError, match="not a public address"):
        public_addresses(host, 443)


@pytest.mark.parametrize(
    "host",
    ["93.184.215.14", "2606:4700:4700::1111", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"],
)
def test_public_addresses_are_returned(host):
    [address] = public_addresses(host, 443)
    assert address.sockaddr[1] == 443


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_other_ways_to_write_the_loopback_are_refused(host):
    with pytest.raises(PrivateAddressError):
        public_addresses(host, 80)


def test_private_addresses_are_returned_when_allowed():
    [address] = public_addresses("127.0.0.1", 80, allow_private=True)
    assert address == (socket.AF_INET, ("127.0.0.1", 80))


def test_one_private_address_among_public_ones_is_enough(monkeypatch):
    rows = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80))
        for ip in ("93.184.215.14", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows)
    with pytest.raises(PrivateAddressError):
        public_addresses("mixed.example", 80)


@pytest.mark.parametrize("host", ["", "." * 3, "a" * 64 + ".example", "no.such.name.invalid"])
def test_what_does_not_resolve_is_told(host):
    with pytest.raises(AddressError, match="cannot be found"):
        public_addresses(host, 80)


def test_a_name_server_that_is_down_is_not_waited_for(monkeypatch):
    import threading
    import time

    held = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: held.wait(20))
    began = time.monotonic()
    with pytest.raises(AddressError, match="in time"):
        public_addresses("slow.example", 80, timeout=0.2)
    held.set()
    assert time.monotonic() - began < 8


#: The registries' blocks (IANA, IPv4 and IPv6 Special-Purpose Address Registry), each with whether
#: it is globally reachable; those marked deprecated or "N/A" are not public.
REGISTRIES = [
    ("0.0.0.0/8", False),
    ("0.0.0.0/32", False),
    ("10.0.0.0/8", False),
    ("100.64.0.0/10", False),
    ("127.0.0.0/8", False),
    ("169.254.0.0/16", False),
    ("172.16.0.0/12", False),
    ("192.0.0.0/29", False),
    ("192.0.0.8/32", False),
    ("192.0.0.9/32", True),
    ("192.0.0.10/32", True),
    ("192.0.0.11/32", False),
    ("192.0.0.170/32", False),
    ("192.0.0.171/32", False),
    ("192.0.0.192/26", False),
    ("192.0.2.0/24", False),
    ("192.31.196.0/24", True),
    ("192.52.193.0/24", True),
    ("192.88.99.0/24", False),
    ("192.88.99.2/32", False),
    ("192.168.0.0/16", False),
    ("192.175.48.0/24", True),
    ("198.18.0.0/15", False),
    ("198.51.100.0/24", False),
    ("203.0.113.0/24", False),
    ("224.0.0.0/4", False),
    ("240.0.0.0/4", False),
    ("255.255.255.255/32", False),
    ("::1/128", False),
    ("::/128", False),
    ("::/96", False),
    ("::ffff:0:0/104", False),
    ("64:ff9b:1::/48", False),
    ("100::/64", False),
    ("100:0:0:1::/64", False),
    ("2001::/32", False),
    ("2001:1::/48", False),
    ("2001:1::1/128", True),
    ("2001:1::2/128", True),
    ("2001:1::3/128", True),
    ("2001:2::/48", False),
    ("2001:3::/32", True),
    ("2001:4:112::/48", True),
    ("2001:10::/28", False),
    ("2001:20::/28", True),
    ("2001:30::/28", True),
    ("2001:40::/28", False),
    ("2001:1ff::/32", False),
    ("2001:200::/32", True),
    ("2001:db8::/32", False),
    ("2002::/16", False),
    ("2620:4f:8000::/48", True),
    ("3ffe::/16", True),
    ("3fff::/20", False),
    ("3fff:1000::/20", True),
    ("4000::/16", False),
    ("5f00::/16", False),
    ("fc00::/7", False),
    ("fe80::/10", False),
    ("fec0::/10", False),
    ("ff00::/8", False),
    ("64:ff9b::5db8:d70e/128", True),
    ("64:ff9b::a00:1/128", False),
    ("64:ff9b::c000:1/128", False),
    ("::ffff:192.0.0.1/128", False),
    ("::ffff:192.0.0.9/128", True),
    ("1.1.1.0/24", True),
    ("192.0.1.0/24", True),
    ("198.17.255.0/24", True),
    ("100.63.255.0/24", True),
]


@pytest.mark.parametrize(("block", "public"), REGISTRIES)
def test_the_registries_decide(block, public):
    network = ip_network(block)
    for address in (network[0], network[-1], network[network.num_addresses // 2]):
        assert is_public(address) is public, address
