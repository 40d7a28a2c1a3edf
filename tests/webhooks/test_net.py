"""Where this server connects, and where it does not."""

import socket

import pytest

from wagtail_regional.net import AddressError, PrivateAddressError, public_addresses

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
