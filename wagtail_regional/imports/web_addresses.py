"""Addresses of the web as people write them into a table: mostly without https://."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from wagtail_regional.imports.problems import CellError

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):(.*)", re.IGNORECASE | re.ASCII | re.DOTALL)

# What can stand before a path without a scheme: labels with points between, of which the last
# has letters, so that 52.1571 is none; and a port.
_HOST: Final = re.compile(
    r"(?!.*\.\.)[^\W_](?:[\w.-]*[^\W_])?\.(?:[xX][nN]--[a-zA-Z0-9-]+|[^\W\d_]{2,63})\.?(?::[0-9]{1,5})?"
)

_valid = URLValidator(schemes=["http", "https"])


def read_address(text: str) -> str:
    """The address that is meant: with its scheme, which is https where none is said, and the
    scheme and host in small letters (RFC 3986, 6.2.2.1).

    Raises:
        CellError: when it is none, or one that is not of the web.
    """
    given = text
    text = text.removeprefix("<").removesuffix(">").strip()
    if "@" in text.partition("/")[0] and ":" not in text:
        raise CellError(_("“%(value)s” is an e-mail address. Write a web address.") % _of(given))
    match = _SCHEME.fullmatch(text)
    if match and not re.match(r"[0-9]{1,5}(?:[/?#]|$)", match[2]):
        if match[1].lower() not in ("http", "https"):
            raise CellError(
                _("“%(value)s” does not begin with https:// or http://, as an address must.")
                % _of(given)
            )
    elif text.startswith("//"):
        text = f"https:{text}"
    else:
        host = re.split(r"[/?#]", text, maxsplit=1)[0]
        if not _HOST.fullmatch(host):
            raise CellError(_not_an_address(given))
        text = f"https://{text}"
    return _checked(text, given)


def _checked(text: str, given: str) -> str:
    try:
        parts = urlsplit(text)
        address = urlunsplit(parts._replace(scheme=parts.scheme, netloc=parts.netloc.lower()))
        if parts.username is not None or not parts.hostname or "\\" in text:
            raise CellError(_not_an_address(given))
        _valid(address)
    except (ValueError, ValidationError) as error:
        if isinstance(error, CellError):
            raise
        raise CellError(_not_an_address(given)) from None
    return address


def _not_an_address(text: str) -> str:
    return _(
        "“%(value)s” is not a web address. Write it in full, such as https://www.example.edu/."
    ) % _of(text)


def _of(text: str) -> dict[str, str]:
    return {"value": text[:100]}
