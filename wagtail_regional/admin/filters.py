"""The filters of the registry's lists. Each is one labelled select of a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib.admin import SimpleListFilter
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.utils import get_user_display_name

from wagtail_regional.choosers.searching import by_name, site_moment
from wagtail_regional.fields import LocalizedTextField
from wagtail_regional.languages import content_languages, country_name, language_name
from wagtail_regional.lifecycle import ReviewState, review_state_q
from wagtail_regional.models import Theme
from wagtail_regional.models.base import StatusQuerySet

#: What stands for rows that nobody owns.
NOBODY = "none"


class RegistryFilter(SimpleListFilter):
    """What the filters share. Values that are no choice select nothing, and nothing breaks."""

    any_label: Any = _("Any")

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        raise NotImplementedError

    def has_output(self) -> bool:
        return bool(self.lookup_choices)

    @property
    def options(self) -> list[dict[str, Any]]:
        """The choices of the select."""
        chosen = self.value()
        return [
            {"value": value, "label": label, "selected": str(value) == chosen}
            for value, label in self.lookup_choices
        ]

    @property
    def chosen_label(self) -> Any:
        return next((each["label"] for each in self.options if each["selected"]), None)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        if self.chosen_label is None:
            return queryset.none()
        return self.narrow(queryset, value)

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The rows that have the chosen value. Override it, or `field_name`."""
        return queryset.filter(**{str(self.parameter_name): value})


class StatusFilter(RegistryFilter):
    title, parameter_name = _("Status"), "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(each.value, each.label) for each in model_admin.model.statuses()]

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        rows = cast(StatusQuerySet, queryset).with_status(site_moment())
        return rows.filter(current_status=value)


class TypeFilter(RegistryFilter):
    title, parameter_name = _("Type"), "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        field = model_admin.model._meta.get_field(self.parameter_name)
        choices: Iterable[tuple[str, Any]] = field.choices
        return choices


class LevelFilter(TypeFilter):
    title, parameter_name = _("Level"), "level"


class SchemeFilter(TypeFilter):
    title, parameter_name = _("Scheme"), "scheme"


class CountryFilter(RegistryFilter):
    title, parameter_name = _("Country"), "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        rows = model_admin.model.objects.exclude(country="").order_by()
        codes = rows.values_list("country", flat=True).distinct()
        return sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1])


class ThemeFilter(RegistryFilter):
    title, parameter_name = _("Theme"), "theme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(str(theme.pk), str(theme)) for theme in by_name(Theme.objects.all())]

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        # Not a join: a row must be there once.
        through = queryset.model.themes.through.objects.filter(theme=value)
        return queryset.filter(pk__in=through.values(queryset.model._meta.model_name))


class ReviewFilter(RegistryFilter):
    title, parameter_name = _("Review"), "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return ReviewState.choices

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(review_state_q(ReviewState(value), site_moment()))


class OwnerFilter(RegistryFilter):
    """Whose the rows are: of those who own any, and nobody's."""

    title, parameter_name = _("Owner"), "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        owned = model_admin.model._default_manager.filter(owner__isnull=False).order_by()
        users: Any = get_user_model()._default_manager
        found = users.filter(pk__in=owned.values("owner"))
        names = [(str(user.pk), get_user_display_name(user)) for user in found]
        people = sorted(names, key=lambda pair: pair[1].casefold())
        return [*people, (NOBODY, _("Nobody"))]

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(owner=None if value == NOBODY else value)


class MissingTranslationFilter(RegistryFilter):
    title, parameter_name = _("Missing translation"), "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        languages = content_languages()
        return [(code, language_name(code)) for code in languages] if languages[1:] else []

    def narrow(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(missing_translation_q(queryset.model, value))


def missing_translation_q(model: Any, language: str) -> Q:
    """The rows that have a text in some language, and lack it in `language`."""
    others = [code for code in content_languages() if code != language]
    missing = Q(pk__in=())
    for field in model._meta.concrete_fields:
        if isinstance(field, LocalizedTextField):
            lacking = ~Q(**{f"{field.name}__has_key": language})
            missing |= lacking & Q(**{f"{field.name}__has_any_keys": others})
    return missing
