"""Rules about words: those that are missing in a language, or beside a logo."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import and_
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from wagtail.images import get_image_model_string

from wagtail_regional.fields import LocalizedTextField
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    ProgrammeAccess,
    Recognition,
)
from wagtail_regional.review.findings import (
    Finding,
    Language,
    ListOf,
    Severity,
    Text,
    Title,
)
from wagtail_regional.review.rules.base import NAMES, Entry, Facts, Rule


class MissingTranslation(Rule):
    code = "missing_translation"
    severity = Severity.WARNING
    title = gettext_lazy("Missing translation")
    description = gettext_lazy(
        "A text of a registry row is written in one content language and not in another. Pages "
        "are translated as Wagtail does it, and are not looked at."
    )

    #: Rows with texts, the entry each belongs to, and the way to it.
    PARTS: ClassVar[tuple[tuple[Any, Any, str], ...]] = (
        *((model, model, "") for model in NAMES),
        (Membership, Alliance, "alliance__"),
        (Recognition, Alliance, "alliance__"),
        (ProgrammeAccess, Programme, "programme__"),
    )

    def find(self, facts: Facts) -> Iterator[Finding]:
        if len(facts.languages) < 2:
            return
        for model, about, via in self.PARTS:
            fields = [each for each in model._meta.fields if isinstance(each, LocalizedTextField)]
            columns = [each.name for each in fields]
            lacking = Q(pk__in=())
            for name in columns:
                has = (Q(**{f"{name}__has_key": language}) for language in facts.languages)
                lacking |= ~Q(**{name: {}}) & ~reduce(and_, has)
            rows = model._default_manager.filter(lacking)
            for entry, *texts in facts.entries(rows, about, *columns, via=via):
                missing = self._missing(fields, texts, facts.languages)
                if missing:
                    part = next(text for text in texts if text) if via else None
                    yield self._finding(entry, missing, part)

    @staticmethod
    def _missing(fields: Any, texts: Any, languages: list[str]) -> dict[str, list[Any]]:
        """The names of what is not written, by language."""
        found: dict[str, list[Any]] = {}
        for each, text in zip(fields, texts, strict=True):
            for language in languages if text else ():
                if language not in text:
                    found.setdefault(language, []).append(each.verbose_name)
        return found

    def _finding(self, entry: Entry, missing: dict[str, list[Any]], part: Any) -> Finding:
        fields = list(dict.fromkeys(name for names in missing.values() for name in names))
        params = {
            "languages": ListOf([Language(code) for code in missing]),
            "fields": ListOf(fields),
            "part": part,
        }
        message = _("Not written in %(languages)s: %(fields)s.")
        if part:
            message = _("Not written in %(languages)s, of its part “%(part)s”: %(fields)s.")
        return self.finding(
            entry,
            Text(message, **params),
            Text(_("Write it in %(languages)s, too."), **params),
        )


class LogoWithoutAlt(Rule):
    code = "logo_without_alt"
    severity = Severity.WARNING
    title = gettext_lazy("Logo without alternative text")
    description = gettext_lazy(
        "The image used as a logo has no description, so some readers get nothing."
    )

    def find(self, facts: Facts) -> Iterator[Finding]:
        image = get_image_model_string().lower()
        for model in (Organisation, Alliance):
            rows = model.objects.filter(logo__isnull=False, logo__description="")
            for entry, logo, title in facts.entries(rows, model, "logo_id", "logo__title"):
                yield self.finding(
                    entry,
                    Text(
                        _("Its logo, the image “%(title)s”, has no description."),
                        title=Title(image, logo, title),
                    ),
                    Text(
                        _(
                            "Describe the image, such as “Logo of %(name)s”: whoever does not "
                            "see it is told that instead."
                        ),
                        name=entry.row.label,
                    ),
                    target=(image, logo),
                )
