"""Texts in several languages on one row, as a JSON object keyed by BCP 47 language tag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.db.models.fields.json import KeyTransform
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..languages import content_languages
from ..text import refuse_control
from ._attribute import ConvertingAttribute
from .localized_forms import REQUIRED_MESSAGE, LocalizedTextFormField
from .localized_text import LocalizedText, check_length, language_to_write

# The well-formed tags of RFC 5646 (BCP 47), section 2.1, without the grandfathered ones and
# without primary subtags of four letters and more: none exists, and "dutch" would pass for one.
_LANGUAGE_TAG = re.compile(
    r"""
    [a-z]{2,3}(-[a-z]{3}){0,3}              # language and its extensions
    (-[a-z]{4})?                            # script
    (-([a-z]{2}|[0-9]{3}))?                 # region
    (-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*    # variants
    (-[a-wy-z0-9](-[a-z0-9]{2,8})+)*        # extensions
    (-x(-[a-z0-9]{1,8})+)?                  # private use
    """,
    re.VERBOSE | re.ASCII,
)


class _LocalizedTextAttribute(ConvertingAttribute):
    field: LocalizedTextField

    def convert(self, value: Any) -> LocalizedText:
        return self.field.to_text(value)


class LocalizedTextField(models.JSONField):
    """A text in several languages, stored as ``{"nl": "...", "en": "..."}``.

    The attribute is always a :class:`LocalizedText`. A dictionary may be assigned to it; so may
    a plain str, which becomes *the* text, in the content language nearest to the active one:
    texts in other languages go. There is no NULL: no text in any language is ``{}``.

    ``blank=False`` asks for one language, whichever. Languages that are no content language
    (any more) are kept, and survive the form.

    In queries, ``name__nl`` is the text in one language, and ``name__localized`` the text a
    reader gets to see (see :class:`Localized`).

    Args:
        max_length: most characters in one language.
        multiline: whether editors write it in a textarea.
    """

    description = _("Text in several languages")
    descriptor_class = _LocalizedTextAttribute
    default_error_messages = {
        "blank": REQUIRED_MESSAGE,
        "invalid": _("Give a dictionary of language to text."),
        "invalid_language": _("“%(code)s” is not a language code such as “nl” or “pt-br”."),
    }

    def __init__(self, *args: Any, multiline: bool = False, **kwargs: Any) -> None:
        if kwargs.get("null"):
            raise ValueError("LocalizedTextField has no null: without a text it is {}.")
        self.multiline = multiline
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if type(self) is LocalizedTextField:
            path = "wagtail_regional.fields.LocalizedTextField"
        if self.multiline:
            kwargs["multiline"] = True
        return name, path, args, kwargs

    def to_text(self, value: Any) -> LocalizedText:
        """The text that ``value`` stands for: a LocalizedText, dictionary, str or None.

        Raises:
            ValidationError: when it is none of these.
        """
        if isinstance(value, LocalizedText):
            return value
        if isinstance(value, (str, Promise)):
            return LocalizedText({language_to_write(): str(value)})
        try:
            return LocalizedText(value)
        except TypeError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def to_python(self, value: Any) -> Any:
        # Django's XML deserialiser sends the raw JSON through here before it decodes it.
        return value if isinstance(value, str) else self.to_text(value)

    def clean(self, value: Any, model_instance: Any) -> LocalizedText:
        text: LocalizedText = super().clean(self.to_text(value), model_instance)
        return text

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        value = super().from_db_value(value, expression, connection)
        if isinstance(expression, KeyTransform) or not isinstance(value, dict):
            return value
        # Of rows written past this field, take what is a text.
        return LocalizedText({k: v for k, v in value.items() if isinstance(v, str)})

    def get_default(self) -> LocalizedText:
        return self.to_text(super().get_default())

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        # Not to_python: lookups bring the text of one language through here too.
        return value.as_dict() if isinstance(value, LocalizedText) else value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, Value):
            # On INSERT Django would write the bare value, which need not be JSON.
            value = value.value
        if not hasattr(value, "as_sql"):
            value = self.to_text(value)
        return super().get_db_prep_save(value, connection)

    def validate(self, value: Any, model_instance: Any) -> None:
        # Past JSONField.validate: a LocalizedText is no JSON before get_prep_value.
        super(models.JSONField, self).validate(value, model_instance)
        for language, text in value.items():
            if not _LANGUAGE_TAG.fullmatch(language):
                raise ValidationError(
                    self.error_messages["invalid_language"],
                    code="invalid_language",
                    params={"code": language},
                )
            refuse_control(text)
        check_length(value, self.max_length)

    def value_to_string(self, obj: Any) -> Any:
        # Named so by Django; as JSONField does, it gives what the serialisers turn into JSON.
        return self.to_text(self.value_from_object(obj)).as_dict()

    def get_searchable_content(self, value: Any) -> list[str]:
        """All texts: Wagtail's search index finds the row in every language."""
        return list(self.to_text(value).values())

    def save_form_data(self, instance: Any, data: Any) -> None:
        # The form has no input for a language that is no content language any more.
        content = content_languages()
        current = self.to_text(self.value_from_object(instance))
        hidden = {code: text for code, text in current.items() if code not in content}
        super().save_form_data(instance, {**hidden, **self.to_text(data)})

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        defaults = {
            "form_class": LocalizedTextFormField,
            "max_length": self.max_length,
            "multiline": self.multiline,
            # Django's hidden copy of a callable default's value knows one input only.
            "show_hidden_initial": False,
        }
        # Past JSONField.formfield, which brings the arguments of forms.JSONField.
        return super(models.JSONField, self).formfield(**{**defaults, **kwargs})
