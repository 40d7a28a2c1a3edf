"""Values as JSON."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from pydantic_core import to_jsonable_python

from wagtail_regional.text import writable

#: msgspec gives what pydantic would, byte for byte, in a tenth of the time: pydantic looks for
#: something more special in every dictionary that is not exactly a `dict`, as shapes are not.
#: What it does not know, instances of schemas among it, pydantic turns into what it does.
_encoder = msgspec.json.Encoder(enc_hook=to_jsonable_python)


#: What `text.CONTROL` has, as it stands in JSON: escaped, or in UTF-8.
_UNWANTED = re.compile(
    rb"\\u00(?:0[0-8bBcCeEfF]|1)|\\[bf]|\x7f|\xc2[\x80-\x84\x86-\x9f]|\xef\xbf[\xbe\xbf]"
)
#: Any escape, so that one that begins with an escaped backslash is not taken for another.
_ESCAPED = re.compile(rb"\\u[0-9a-fA-F]{4}|\\.|\x7f|\xc2[\x80-\x84\x86-\x9f]|\xef\xbf[\xbe\xbf]")


def to_json(value: Any) -> bytes:
    """A value as JSON (RFC 8259), in UTF-8, without control characters.

    Args:
        value: a shape of the contract (see `schemas.Shape`), an instance of a schema, or
            anything else that pydantic can write, in any nesting.

    Raises:
        pydantic_core.PydanticSerializationError: when there is something in it that has no JSON.
    """
    try:
        body = _encoder.encode(value)
    except UnicodeEncodeError:
        # Half a character, as the columns of JSON of some databases can hold.
        body = _encoder.encode(writable(_builtins(value)))
    return _ESCAPED.sub(_kept, body) if _UNWANTED.search(body) else body


def to_data(value: Any) -> Any:
    """A value as what `json.dumps` can write: dictionaries, lists, texts, numbers.

    Args:
        value: as for :func:`to_json`, which raises the same.
    """
    return writable(_builtins(value))


def _builtins(value: Any) -> Any:
    return msgspec.to_builtins(value, enc_hook=to_jsonable_python)


def _kept(found: re.Match[bytes]) -> bytes:
    return b"" if _UNWANTED.match(found[0]) else found[0]
