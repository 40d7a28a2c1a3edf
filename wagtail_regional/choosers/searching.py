"""How the registry is searched in the admin: lists, choosers and suggestions alike."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from wagtail_regional.fields import Localized, words_field
from wagtail_regional.languages import content_languages
from wagtail_regional.lifecycle import Moment, ended_q
from wagtail_regional.models import (
    Alliance,
    Dated,
    Organisation,
    OrganisationIdentifier,
    Programme,
    ProgrammeCode,
    Project,
    RegionalSettings,
    Theme,
)
from wagtail_regional.models.words import HasWords
from wagtail_regional.text import words_of

#: What a row is called.
NAME_FIELDS: dict[Any, str] = {
    Organisation: "name",
    Alliance: "name",
    Project: "title",
    Programme: "name",
    Theme: "label",
}

#: What else it is looked up by.
PLAIN_FIELDS: dict[Any, tuple[str, ...]] = {
    Organisation: ("acronym", "locality", "ror_id", "lau_code"),
    Alliance: ("acronym",),
    Theme: ("notation", "uri"),
}

#: Tables of codes: the model, and its field that leads to the row.
CODES: dict[Any, tuple[Any, str]] = {
    Organisation: (OrganisationIdentifier, "organisation"),
    Programme: (ProgrammeCode, "programme"),
}


def site_moment() -> Moment:
    """Today, with the window of the default site."""
    from wagtail.models import Site

    return RegionalSettings.read(Site.objects.filter(is_default_site=True).first()).moment()


def search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The rows that have every word of `text` in a name of any language, an acronym or a code; or,
    without regard to accents, at the beginning of a word that readers find them by. Of programmes,
    of which there may be very many, those that have it within a word only where none begins so.

    Args:
        rows: of a model of the registry.
        text: what somebody typed; without a word, all rows are found.
    """
    words = text.split()[:10]
    if rows.model not in PLAIN_FIELDS and words_field(rows.model):
        # A tenth of what it takes to look into each name, where there is an index.
        begun = _having(rows, words, in_names=False)
        if words and begun.exists():
            return begun
    return _having(rows, words, in_names=True)


def _having(rows: QuerySet[Any], words: list[str], *, in_names: bool) -> QuerySet[Any]:
    """The rows that have every word, anywhere in their names or else at the beginning of a word."""
    model = rows.model
    names = [f"_name_{at}" for at, _code in enumerate(content_languages())] if in_names else []
    shown = dict(zip(names, content_languages(), strict=False))
    rows = rows.alias(**{name: _name(model, code) for name, code in shown.items()})
    for word in words:
        folded = words_of(word) if words_field(model) else []
        found: Any = Q(HasWords(folded)) if folded else Q(pk__in=())
        for name in (*names, *PLAIN_FIELDS.get(model, ())):
            found |= Q(**{f"{name}__icontains": word})
        if model in CODES:
            table, key = CODES[model]
            found |= Q(pk__in=table.objects.filter(value__icontains=word).values(key))
        rows = rows.filter(found)
    return rows


def _name(model: Any, language: str | None = None) -> Localized:
    return Localized(NAME_FIELDS[model], language=language)


def by_name(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Ordered by the name that the reader sees."""
    return rows.order_by(Lower(_name(rows.model)), "pk")


def current_first(rows: QuerySet[Any], text: str = "") -> QuerySet[Any]:
    """Ordered by name: those that have ended last, those whose name begins with `text` first."""
    ended, begins = Q(pk__in=()), Q(pk__in=())
    if issubclass(rows.model, Dated):
        ended = ended_q(site_moment(), rows.model.period_fields[1])
    if text:
        rows, begins = rows.alias(_shown=_name(rows.model)), Q(_shown__istartswith=text)
    rows = rows.annotate(_ended=_as_number(ended), _begins=_as_number(begins))
    return rows.order_by("_ended", "-_begins", Lower(_name(rows.model)), "pk")


def _as_number(condition: Q) -> Any:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())
