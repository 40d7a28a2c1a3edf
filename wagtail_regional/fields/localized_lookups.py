"""The text of a LocalizedTextField in one language, in queries."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf

from ..languages import fallback_chain
from .localized_field import LocalizedTextField


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
