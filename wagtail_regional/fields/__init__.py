"""Model fields, with the form fields and expressions that belong to them."""

from .code_list import CodeListField, CodeListFormField
from .localized_field import LocalizedTextField
from .localized_forms import LocalizedTextFormField, LocalizedTextWidget
from .localized_lookups import Localized
from .localized_text import LocalizedText, choose_text
from .partial_date import PartialDate, PartialDateField, PartialDateFormField, not_before
from .words import WordsField, WordsQuerySet, words_field

__all__ = [
    "CodeListField",
    "CodeListFormField",
    "Localized",
    "LocalizedText",
    "LocalizedTextField",
    "LocalizedTextFormField",
    "LocalizedTextWidget",
    "PartialDate",
    "PartialDateField",
    "PartialDateFormField",
    "WordsField",
    "WordsQuerySet",
    "choose_text",
    "not_before",
    "words_field",
]
