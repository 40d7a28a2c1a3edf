"""Texts in several languages on one row, as a JSON object keyed by BCP 47 language tag."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..languages import (
    content_languages,
    fallback_chain,
    language_name,
    text_direction,
)
from ..text import refuse_control
from ._attribute import ConvertingAttribute

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


def choose_text(texts: Mapping[str, str] | None, chain: Sequence[str]) -> tuple[str, str | None]:
    """The best text of a raw dictionary: for loops where a LocalizedText costs too much.

    Args:
        texts: language → text, as the database has it.
        chain: the languages to try, best first (see ``languages.fallback_chain``).

    Returns:
        The text and its language. Where no language of the chain has a text, that of any other;
        ``("", None)`` where there is none at all.
    """
    if texts:
        for language in chain:
            if text := texts.get(language):
                return text, language
        # Sorted, because databases keep the keys of an object in different orders.
        for language in sorted(texts):
            if text := texts[language]:
                return text, language
    return "", None


class LocalizedText(Mapping[str, str]):
    """One text in several languages; immutable.

    A mapping of language to text. Languages are BCP 47 tags in lower case, texts are stripped
    and never empty. ``str()`` gives the text in the active language, or the next best.

    Args:
        texts: a mapping, another LocalizedText, or None. Empty texts are dropped.

    Raises:
        TypeError: for anything else, and for a language or text that is not a str.
    """

    __slots__ = ("_texts",)
    _texts: dict[str, str]

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        if texts is not None and not isinstance(texts, Mapping):
            raise TypeError(f"expected a mapping of language to text, not {texts!r}")
        cleaned = texts._texts if isinstance(texts, LocalizedText) else _clean_texts(texts or {})
        object.__setattr__(self, "_texts", cleaned)

    def text(self, language: str | None = None) -> str:
        """The text in a language (by default the active one) or the next best; else ``""``."""
        return choose_text(self._texts, fallback_chain(language))[0]

    def language(self, language: str | None = None) -> str | None:
        """The language that ``text(language)`` is really in: for a ``lang`` attribute."""
        return choose_text(self._texts, fallback_chain(language))[1]

    def as_dict(self) -> dict[str, str]:
        """A new plain dictionary of language to text."""
        return dict(self._texts)

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Mapping):
            return self._texts == dict(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self._texts.items()))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"LocalizedText({self._texts!r})"

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("LocalizedText is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("LocalizedText is immutable")

    def __reduce__(self) -> tuple[type[LocalizedText], tuple[dict[str, str]]]:
        return LocalizedText, (self.as_dict(),)

    def __copy__(self) -> LocalizedText:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> LocalizedText:
        return self


def _clean_texts(texts: Mapping[Any, Any]) -> dict[str, str]:
    cleaned = {}
    for language, text in texts.items():
        if text is None:
            continue
        if isinstance(text, Promise):
            text = str(text)
        if not isinstance(language, str) or not isinstance(text, str):
            raise TypeError(f"expected language: text, not {language!r}: {text!r}")
        if text := text.strip():
            cleaned[language.strip().lower()] = text
    return cleaned


def _language_to_write() -> str:
    """The content language nearest to the active one."""
    content = content_languages()
    return next(language for language in fallback_chain() if language in content)


def _check_length(texts: Mapping[str, str], limit: int | None) -> None:
    """Raises a ValidationError naming every language whose text is too long."""
    errors = [
        ValidationError(
            _("%(language)s: at most %(limit)d characters fit, this text has %(length)d."),
            code="max_length",
            params={
                "language": language_name(language),
                "limit": limit,
                "length": len(text),
            },
        )
        for language, text in texts.items()
        if limit is not None and len(text) > limit
    ]
    if errors:
        raise ValidationError(errors)


_REQUIRED_MESSAGE = _("Give the text in at least one language.")


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
        "blank": _REQUIRED_MESSAGE,
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
            return LocalizedText({_language_to_write(): str(value)})
        try:
            return LocalizedText(value)
        except TypeError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def to_python(self, value: Any) -> Any:
        # Django's XML deserialiser sends the raw JSON through here before it decodes it.
        return value if isinstance(value, str) else self.to_text(value)

    def clean(self, value: Any, model_instance: Any) -> LocalizedText:
        return super().clean(self.to_text(value), model_instance)

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
        _check_length(value, self.max_length)

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


@LocalizedTextField.register_lookup
class Localized(models.Transform):
    """The text of a LocalizedTextField in one language, falling back as ``str()`` does.

    For ``annotate``, ``filter`` and ``order_by``; also as the transform ``localized``::

        Organisation.objects.filter(name__localized__icontains="uni")
        Programme.objects.annotate(host=Localized("organisation__name", language="nl"))
        Organisation.objects.order_by(Lower(Localized("name")))

    Without ``language`` that is the active one *when the SQL is compiled*. NULL where no
    language of the fallback chain has a text. Order by ``Lower(Localized(...))``: whether
    "a" sorts before "B" without it depends on the database.

    Args:
        expression: the name of the field, across relations if need be.
        language: a BCP 47 tag, by default the active language.
    """

    lookup_name = "localized"
    output_field = models.TextField()

    def __init__(self, expression: Any, *, language: str | None = None, **extra: Any) -> None:
        self.language = language
        super().__init__(expression, **extra)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        texts = [
            NullIf(KeyTextTransform(language, self.lhs), Value(""))
            for language in fallback_chain(self.language)
        ]
        text = Coalesce(*texts, output_field=self.output_field) if len(texts) > 1 else texts[0]
        return compiler.compile(text)

    def as_mysql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        sql, params = self.as_sql(compiler, connection, **extra)
        # What comes out of JSON there compares byte by byte, so that no `icontains` would
        # ignore case. This collation exists on MySQL and MariaDB alike.
        return f"CONVERT({sql} USING utf8mb4) COLLATE utf8mb4_unicode_520_ci", params


class LocalizedTextWidget(forms.MultiWidget):
    """An input for each content language, under that language's name.

    Args:
        max_length: of each input.
        multiline: textareas in place of one-line inputs.
    """

    template_name = "wagtail_regional/widgets/localized_text.html"
    # Each input has its own label, so the whole needs no legend.
    use_fieldset = False

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        max_length: int | None = None,
        multiline: bool = False,
    ) -> None:
        self.max_length = max_length
        self.multiline = multiline
        super().__init__({}, attrs)
        self.use_content_languages()

    def use_content_languages(self) -> None:
        """Make the inputs anew, for the content languages of this moment."""
        self.languages = content_languages()
        self.widgets_names = [f"_{language}" for language in self.languages]
        self.widgets = [self._input(language) for language in self.languages]

    def _input(self, language: str) -> forms.Widget:
        attrs: dict[str, Any] = {"lang": language, "dir": text_direction(language)}
        if self.max_length is not None:
            attrs["maxlength"] = self.max_length
        if not self.multiline:
            return forms.TextInput(attrs)
        # Not at import: Wagtail's widgets need the models to be there.
        from wagtail.admin.widgets import AdminAutoHeightTextInput

        return AdminAutoHeightTextInput(attrs)

    def __deepcopy__(self, memo: dict[int, Any]) -> LocalizedTextWidget:
        # A form copies its widgets when it is made, which is the time to look at the languages.
        copied = super().__deepcopy__(memo)
        copied.use_content_languages()
        return copied

    def decompress(self, value: Any) -> list[str]:
        texts = value if isinstance(value, Mapping) else {}
        return [texts.get(language) or "" for language in self.languages]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        subwidgets = context["widget"]["subwidgets"]
        for language, subwidget in zip(self.languages, subwidgets, strict=True):
            subwidget["language_name"] = language_name(language)
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class _OneLanguage(forms.CharField):
    def to_python(self, value: Any) -> str:
        # Browsers send line ends as CRLF; stored texts have LF, and are unchanged by that.
        return (super().to_python(value) or "").replace("\r\n", "\n")


class LocalizedTextFormField(forms.MultiValueField):
    """Asks for a text in each content language; gives a :class:`LocalizedText`.

    The languages are those of the moment the form is made.

    Args:
        max_length: most characters in one language.
        multiline: textareas in place of one-line inputs.
    """

    default_error_messages = {"required": _REQUIRED_MESSAGE}

    def __init__(
        self, *, max_length: int | None = None, multiline: bool = False, **kwargs: Any
    ) -> None:
        self.max_length = max_length
        kwargs.setdefault("widget", LocalizedTextWidget(max_length=max_length, multiline=multiline))
        super().__init__(fields=(), require_all_fields=False, **kwargs)
        self._use_content_languages()

    def _use_content_languages(self) -> None:
        self.languages = content_languages()
        # Which language is free to choose; `required` speaks of the whole.
        self.fields = tuple(
            _OneLanguage(required=False, disabled=self.disabled) for _language in self.languages
        )

    def __deepcopy__(self, memo: dict[int, Any]) -> LocalizedTextFormField:
        copied = super().__deepcopy__(memo)
        copied._use_content_languages()
        return copied

    def compress(self, data_list: list[str]) -> LocalizedText:
        return LocalizedText(dict(zip(self.languages, data_list, strict=False)))

    def clean(self, value: Any) -> LocalizedText:
        texts = super().clean(value)
        # Blanks in every input get past MultiValueField's own check.
        if self.required and not texts:
            raise ValidationError(self.error_messages["required"], code="required")
        return texts

    def validate(self, value: LocalizedText) -> None:
        _check_length(value, self.max_length)

    def prepare_value(self, value: Any) -> Any:
        # The initial value may be a plain str, as the default of a model field may.
        if isinstance(value, (str, Promise)):
            return {_language_to_write(): str(value)}
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.widget.decompress(self.prepare_value(initial)), data)
