"""Asking for a text in several languages in a form, with an input for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..languages import content_languages, language_name, text_direction
from .localized_text import LocalizedText, check_length, language_to_write

REQUIRED_MESSAGE = _("Give the text in at least one language.")


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

        textarea: forms.Widget = AdminAutoHeightTextInput(attrs)
        return textarea

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

    default_error_messages = {"required": REQUIRED_MESSAGE}

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
        texts: LocalizedText = super().clean(value)
        # Blanks in every input get past MultiValueField's own check.
        if self.required and not texts:
            raise ValidationError(self.error_messages["required"], code="required")
        return texts

    def validate(self, value: LocalizedText) -> None:
        check_length(value, self.max_length)

    def prepare_value(self, value: Any) -> Any:
        # The initial value may be a plain str, as the default of a model field may.
        if isinstance(value, (str, Promise)):
            return {language_to_write(): str(value)}
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.widget.decompress(self.prepare_value(initial)), data)
