"""Several codes of a vocabulary on one row."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.lookups import Contains
from django.utils.translation import gettext_lazy as _

from ._attribute import ConvertingAttribute

_SEPARATOR = "|"
# More than this many codes help nobody in an error message.
_MOST_CODES_TO_NAME = 12

Choices = Iterable[tuple[str, Any]]


# Django's class takes no type arguments while the code runs.
if TYPE_CHECKING:
    _CharField = models.CharField[Any, list[str]]
else:
    _CharField = models.CharField


class CodeListField(_CharField):
    """A list of codes, stored as the text "|a|b|"; without codes "".

    The attribute is a ``list[str]`` in the order given, without repeats. Accepts a list, tuple
    or other iterable of str, and the stored text. NULL is never used.

    In queries, ``field__has="a"`` finds rows with that code and ``field__has_any=["a", "b"]``
    rows with at least one; both heed case. The model gets ``get_<field>_display()``, the list
    of labels.

    Args:
        choices: the vocabulary: pairs of code and label, a callable that gives them, or a
            Django ``Choices`` class. None takes any code. Not part of migrations.
        validate_code: called with each code; raises a ValidationError for a wrong one. Not part
            of migrations.
        max_length: of the stored text, by default 255.
    """

    description = _("List of codes")
    descriptor_class = ConvertingAttribute
    default_error_messages = {
        "invalid": _("Give a list of codes."),
        "separator": _("“%(code)s” has the character “|”, which a code cannot have."),
        "unknown_code": _("“%(code)s” is not a known code."),
        "unknown_code_of_few": _("“%(code)s” is not a known code. Known are: %(known)s."),
        "max_length": _("These are too many codes: together they do not fit."),
    }

    def __init__(
        self,
        *args: Any,
        choices: Choices | Callable[[], Choices] | None = None,
        validate_code: Callable[[str], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        if kwargs.get("null"):
            raise ValueError("CodeListField has no null: without codes it is empty.")
        # A Choices class is callable, but not to get its choices.
        choices = getattr(choices, "choices", choices)
        # Not Django's `choices`, which speak of one value, and end up in migrations.
        self._vocabulary = choices if callable(choices) or choices is None else list(choices)
        self.validate_code = validate_code
        kwargs.setdefault("max_length", 255)
        super().__init__(*args, **kwargs)
        # It would count codes; `validate` counts the characters of the column.
        self.validators = [v for v in self.validators if not isinstance(v, MaxLengthValidator)]

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if type(self) is CodeListField:
            path = "wagtail_regional.fields.CodeListField"
        return name, path, args, kwargs

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        method = f"get_{self.name}_display"
        if method not in cls.__dict__:
            setattr(cls, method, functools.partialmethod(_get_labels, field=self))

    def vocabulary(self) -> list[tuple[str, Any]] | None:
        """The pairs of code and label as they are now; None where any code will do."""
        if callable(self._vocabulary):
            return list(self._vocabulary())
        return self._vocabulary

    def to_python(self, value: Any) -> list[str]:
        if value is None:
            return []
        if isinstance(value, str):
            value = value.split(_SEPARATOR)
        if not isinstance(value, Iterable) or isinstance(value, (bytes, dict)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        codes = list(value)
        if not all(isinstance(code, str) for code in codes):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        # str() takes the members of a Choices class down to plain text.
        return list(dict.fromkeys(str(code).strip() for code in codes if code.strip()))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else self.to_python(value)

    def get_default(self) -> list[str]:
        return self.to_python(super().get_default())

    def get_prep_value(self, value: Any) -> str:
        codes = self.to_python(value)
        return _SEPARATOR + _SEPARATOR.join(codes) + _SEPARATOR if codes else ""

    def value_to_string(self, obj: Any) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value: list[str], model_instance: Any) -> None:
        super().validate(value, model_instance)
        for code in value:
            self._validate_code(code)
        if self.max_length is not None and len(self.get_prep_value(value)) > self.max_length:
            raise ValidationError(self.error_messages["max_length"], code="max_length")

    def _validate_code(self, code: str) -> None:
        if _SEPARATOR in code:
            raise self._error("separator", code=code)
        known = self.vocabulary()
        if known is not None and code not in dict(known):
            if len(known) > _MOST_CODES_TO_NAME:
                raise self._error("unknown_code", code=code)
            raise self._error("unknown_code_of_few", code=code, known=", ".join(dict(known)))
        if self.validate_code is not None:
            self.validate_code(code)

    def _error(self, message: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[message], code=message, params=params)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # Django's hidden copy of a callable default's value is one the admin never renders.
        defaults: dict[str, Any] = {"show_hidden_initial": False}
        if self._vocabulary is None:
            defaults["form_class"] = CodeListFormField
        else:
            defaults |= {
                "form_class": forms.MultipleChoiceField,
                "widget": forms.CheckboxSelectMultiple,
                # Called when the form is made: vocabularies follow settings and language.
                "choices": self.vocabulary,
            }
        # Past CharField.formfield, which counts characters.
        return super(models.CharField, self).formfield(**{**defaults, **kwargs})


def _get_labels(instance: models.Model, field: CodeListField) -> list[str]:
    """The labels of the codes, in their order; a code without a label as it is."""
    labels = dict(field.vocabulary() or ())
    return [str(labels.get(code, code)) for code in getattr(instance, field.attname)]


@CodeListField.register_lookup
class Has(models.Lookup):
    lookup_name = "has"

    def get_prep_lookup(self) -> str | None:
        if self.rhs is None:
            return None
        # The separators make it a whole code, not a part of one.
        return f"{_SEPARATOR}{self.rhs!s}{_SEPARATOR}"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        # Contains escapes the wildcards of LIKE.
        compiled: tuple[str, tuple[Any, ...]] = compiler.compile(Contains(self.lhs, self.rhs))
        return compiled

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        # LIKE ignores case there.
        lhs, params = self.process_lhs(compiler, connection)
        return f"INSTR({lhs}, %s) > 0", (*params, self.rhs)


class _Begins(Has):
    """Has a code that begins with this."""

    def get_prep_lookup(self) -> str:
        return f"{_SEPARATOR}{self.rhs!s}"


@CodeListField.register_lookup
class HasAny(models.Lookup):
    lookup_name = "has_any"
    #: The lookup of one code.
    one: type[Has] = Has

    def get_prep_lookup(self) -> list[str]:
        return [str(code) for code in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        parts = [compiler.compile(self.one(self.lhs, code)) for code in self.rhs]
        sql = " OR ".join(sql for sql, _params in parts)
        return f"({sql})", tuple(param for _sql, params in parts for param in params)


@CodeListField.register_lookup
class HasAnyIndexed(HasAny):
    """The same as `has_any`, beside which PostgreSQL can use a GIN index on the codes. By itself
    it costs more for codes that many rows have."""

    lookup_name = "has_any_indexed"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        lhs, params = self.process_lhs(compiler, connection)
        codes = ", ".join(["%s"] * len(self.rhs))
        sql = f"string_to_array(btrim({lhs}, '|'), '|') && ARRAY[{codes}]::text[]"
        return sql, (*params, *self.rhs)


@CodeListField.register_lookup
class BeginsAnyIndexed(HasAny):
    """Rows with a code that begins with one of these. On PostgreSQL by a GIN index on the codes
    as a text search vector, beside a condition that tells how many rows there may be."""

    lookup_name = "begins_any_indexed"
    one = _Begins

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        lhs, params = self.process_lhs(compiler, connection)
        quoted = (code.replace("\\", "\\\\").replace("'", "''") for code in self.rhs)
        vector = f"array_to_tsvector(array_remove(string_to_array({lhs}, '|'), ''))"
        query = self.query([f"'{code}':*" for code in quoted])
        return f"{vector} @@ CAST(%s AS tsquery)", (*params, query)

    def query(self, codes: list[str]) -> str:
        return " | ".join(codes)


@CodeListField.register_lookup
class BeginsAnyOfFew(BeginsAnyIndexed):
    """The same, where few rows are known to have such a code."""

    lookup_name = "begins_any_of_few"

    def query(self, codes: list[str]) -> str:
        # PostgreSQL takes each beginning to be found in two rows of a hundred, and so leaves the
        # index alone; said twice, in two of five thousand.
        return " | ".join(f"({code} & {code})" for code in codes)


class CodeListFormField(forms.CharField):
    """Asks for codes with commas or spaces between them; gives a ``list[str]``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Codes, with commas or spaces between them."))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = re.split(r"[\s,;]+", value)
        return list(dict.fromkeys(code for code in value or () if code))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, (list, tuple)) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and self.to_python(initial) != self.to_python(data)
