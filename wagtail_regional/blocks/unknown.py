"""Stored blocks of a type that the stream does not know.

A host may stop registering a type of block, or rename it. Wagtail would drop what is stored of it
the next time the page is saved. Here it is kept as it is, for the day the type comes back; readers
and programs are not shown it.
"""

from __future__ import annotations

import copy
import json
from collections import OrderedDict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_regional.blocks.base import RegionalBlock
from wagtail_regional.rendering import render
from wagtail_regional.representation.represent import Representation

#: As what the page editor has a block of any unknown type.
UNKNOWN = "regional_unknown"


def _warning_html() -> SafeString:
    return render("wagtail_regional/admin/widgets/unknown.html", {})


#: Made when it is shown, in the language of whoever it is shown to.
_warning = lazy(_warning_html, SafeString)


class Unreadable:
    """Stands for what a form sent of an unknown block and is no such block."""


class UnknownBlock(RegionalBlock, blocks.FieldBlock):
    """Keeps a stored value as it is. In the page editor it can be moved and deleted."""

    class Meta:
        icon = "warning"
        label = _("Block of an unknown type")

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(
            required=False,
            widget=forms.Textarea(attrs={"readonly": True, "rows": 3}),
            help_text=_warning(),
        )
        super().__init__(**kwargs)

    def named(self, name: str) -> UnknownBlock:
        """The same block for another type. (A new one would stay in Wagtail's memory for good.)"""
        block = copy.copy(self)
        block.set_name(name)
        return block

    def represent(self, raw: Any, content: Representation) -> None:
        return None

    def clean(self, value: Any) -> Any:
        if isinstance(value, Unreadable):
            raise ValidationError(
                _(
                    "The types of blocks of this site have changed while you were editing. Copy "
                    "what you wrote in this block, and open the page anew."
                )
            )
        return value

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Any:
        try:
            return json.loads(data[prefix])
        except (KeyError, TypeError, ValueError, RecursionError):
            return Unreadable()

    def get_prep_value(self, value: Any) -> Any:
        return None if isinstance(value, Unreadable) else value

    def get_form_state(self, value: Any) -> str:
        if isinstance(value, Unreadable):
            return ""
        stored = {"type": self.name, "value": value}
        return json.dumps(stored, cls=DjangoJSONEncoder, ensure_ascii=False)


class KnownBlocks(OrderedDict[str, blocks.Block]):
    """The blocks of a stream by name, which has a block for any other name, too.

    Those are in none of its keys, values and items.
    """

    def __missing__(self, name: str) -> UnknownBlock:
        if not isinstance(name, str):
            raise KeyError(name)
        return _UNKNOWN.named(name)


_UNKNOWN = UnknownBlock()
_UNKNOWN.set_name(UNKNOWN)


def unknown_block() -> UnknownBlock:
    """The block that the page editor shows for all unknown ones."""
    return _UNKNOWN
