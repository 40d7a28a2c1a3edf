from __future__ import annotations

import contextlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.query_utils import DeferredAttribute


class ConvertingAttribute(DeferredAttribute):
    """Gives the attribute the field's own type on assignment, not only once it is read back.

    What the field cannot convert stays as it is: validation then names it beside its field,
    where raising here would break a form half way.
    """

    def __set__(self, instance: Any, value: Any) -> None:
        if not hasattr(value, "resolve_expression"):
            with contextlib.suppress(ValidationError):
                value = self.convert(value)
        instance.__dict__[self.field.attname] = value

    def convert(self, value: Any) -> Any:
        return self.field.to_python(value)
