"""Rows whose texts are fit for every database and every output."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from wagtail_regional.fields import LocalizedText, LocalizedTextField, WordsField
from wagtail_regional.text import normal_text, refuse_control, texts_in


class PlainTexts(models.Model):
    """A row whose texts hold nothing that some database or output cannot: forms and imports are
    told the field and the character."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        errors: dict[str, Any] = {}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for field in self._meta.concrete_fields:
            if field.name in errors or field.name in (exclude or ()):
                continue
            try:
                for text in texts_in(self.__dict__.get(field.attname)):
                    refuse_control(text)
            except ValidationError as error:
                errors[field.name] = [error]
        if errors:
            raise ValidationError(errors)


class NormalTexts(PlainTexts):
    """Rows whose texts are stored as `normal_text` has them, whoever fills them in by a form: one
    name must not be two because of a character that nobody sees."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Any = None) -> None:
        left = set(exclude or ())
        for field in self._meta.concrete_fields:
            if field.name in left or field.choices or isinstance(field, WordsField):
                continue
            value = getattr(self, field.attname)
            if isinstance(field, LocalizedTextField) and isinstance(value, LocalizedText):
                multiline = field.multiline
                texts = {
                    code: normal_text(text, multiline=multiline) for code, text in value.items()
                }
                if texts != value:
                    setattr(self, field.attname, texts)
            elif isinstance(field, (models.CharField, models.TextField)) and isinstance(value, str):
                multiline = isinstance(field, models.TextField)
                setattr(self, field.attname, normal_text(value, multiline=multiline))
        super().clean_fields(exclude=exclude)
