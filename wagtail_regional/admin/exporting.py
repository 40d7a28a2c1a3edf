"""Export of the registry's lists, with nothing in it that a spreadsheet would carry out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Field, ForeignKey, Model
from django.utils.encoding import force_str
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wagtail_regional.fields import CodeListField, LocalizedTextField, WordsField
from wagtail_regional.languages import content_languages, language_name
from wagtail_regional.spreadsheets import neutralise
from wagtail_regional.titles import Titles

Getter = Callable[[Any], Any]


def field_columns(model: Any, without: tuple[str, ...] = ()) -> Iterator[tuple[str, str, Getter]]:
    """A column for each field of a model: key, heading, and what gives the cell of a row.

    A text has a column for each content language.
    """
    for field in model._meta.concrete_fields:
        if field.name in without or field.primary_key or isinstance(field, WordsField):
            continue
        heading = capfirst(str(field.verbose_name))
        if isinstance(field, LocalizedTextField):
            for language in content_languages():
                name = f"{heading} ({language_name(language)})"
                yield f"{field.name}_{language}", name, _text_in(field.name, language)
        else:
            yield field.name, heading, _getter(field)


def _text_in(name: str, language: str) -> Getter:
    return lambda row: getattr(row, name).get(language, "")


def _getter(field: Field[Any, Any]) -> Getter:
    name = field.name
    if isinstance(field, CodeListField):
        return lambda row: ", ".join(getattr(row, name))
    # Of what else a row refers to, whoever exports may not see each title.
    if isinstance(field, ForeignKey) and issubclass(field.related_model, AbstractBaseUser):
        return lambda row: force_str(getattr(row, name) or "")
    return lambda row: getattr(row, name)


def plain(value: Any, titles: Titles) -> Any:
    """A value as a cell can hold it, for somebody who may see these titles."""
    if isinstance(value, Model):
        value = titles.title_of(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value if isinstance(value, (int, float)) else neutralise(force_str(value))
