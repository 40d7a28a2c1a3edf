"""Choosing organisations and alliances.

What ties the two is a membership. Whatever is asked of it must hold for one and the same: the
coordinators of an alliance are not its members that coordinate another one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from wagtail_regional.fields import Localized
from wagtail_regional.filters.geo import Box, Circle
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import Alliance, Membership, Organisation
from wagtail_regional.models.words import HasWords
from wagtail_regional.text import words_of

ORGANISATION_ORDERS = ("name", "type", "distance")
ALLIANCE_ORDERS = ("name", "type", "starts", "ends")


@dataclass(frozen=True)
class Place:
    """Where an organisation is. Values of one field are alternatives; fields narrow each other.

    Attributes:
        localities: names of towns.
        countries, lau_codes: codes.
    """

    localities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    lau_codes: tuple[str, ...] = ()
    near: Circle | None = None
    box: Box | None = None

    def condition(self, prefix: str = "") -> Q:
        """The organisation that `prefix` leads to is there."""
        condition = Q()
        if self.localities:
            condition &= Q(**{f"{prefix}locality__in": self.localities})
        if self.countries:
            condition &= Q(**{f"{prefix}country__in": self.countries})
        if self.lau_codes:
            condition &= Q(**{f"{prefix}lau_code__in": self.lau_codes})
        for area in (self.near, self.box):
            if area is not None:
                condition &= area.condition(prefix)
        return condition

    def __bool__(self) -> bool:
        return self != Place()


@dataclass(frozen=True)
class _Filter:
    """What both have."""

    text: str = ""
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    themes: tuple[int, ...] = ()
    activities: tuple[str, ...] = ()
    localities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    lau_codes: tuple[str, ...] = ()
    near: Circle | None = None
    box: Box | None = None

    def without(self, *names: str) -> Any:
        """The same choice with these fields left open."""
        fields = type(self).__dataclass_fields__
        opened: dict[str, Any] = {name: fields[name].default for name in names}
        return replace(self, **opened)

    @property
    def place(self) -> Place:
        return Place(self.localities, self.countries, self.lau_codes, self.near, self.box)

    def _own(self, queryset: Any, model: Any, moment: Moment | None) -> Any:
        if words := words_of(self.text):
            queryset = queryset.filter(HasWords(words))
        if self.types:
            queryset = queryset.filter(type__in=self.types)
        if self.statuses:
            queryset = queryset.with_status(moment).filter(current_status__in=self.statuses)
        return queryset


@dataclass(frozen=True)
class OrganisationFilter(_Filter):
    """Which organisations. `alliances` (primary keys), `roles`, `themes` and `activities` speak
    of one membership, present or past, and its alliance."""

    alliances: tuple[int, ...] = ()

    def apply(
        self, queryset: QuerySet[Organisation], moment: Moment | None = None
    ) -> QuerySet[Organisation]:
        queryset = self._own(queryset, Organisation, moment)
        if self.place:
            queryset = queryset.filter(self.place.condition())
        if self.asks_for_membership:
            ties = Membership.objects.filter(organisation_id=OuterRef("pk"))
            queryset = queryset.filter(Exists(ties.filter(self.membership())))
        return queryset

    @property
    def asks_for_membership(self) -> bool:
        return bool(self.alliances or self.roles or self.themes or self.activities)

    def membership(self) -> Q:
        """The membership that fits."""
        condition = Q()
        if self.alliances:
            condition &= Q(alliance_id__in=self.alliances)
        if self.roles:
            condition &= Q(role__in=self.roles)
        if self.activities:
            condition &= Q(alliance__activities__has_any=list(self.activities))
        if self.themes:
            about = Alliance.themes.through.objects.filter(
                alliance_id=OuterRef("alliance_id"), theme_id__in=self.themes
            )
            condition &= Q(Exists(about))
        return condition


@dataclass(frozen=True)
class AllianceFilter(_Filter):
    """Which alliances. `members` (organisations' primary keys), `roles` and what says where
    speak of one membership, present or past, and its organisation."""

    members: tuple[int, ...] = ()

    def apply(
        self, queryset: QuerySet[Alliance], moment: Moment | None = None
    ) -> QuerySet[Alliance]:
        queryset = self._own(queryset, Alliance, moment)
        if self.activities:
            queryset = queryset.filter(activities__has_any=list(self.activities))
        if self.themes:
            about = Alliance.themes.through.objects.filter(alliance_id=OuterRef("pk"))
            queryset = queryset.filter(Exists(about.filter(theme_id__in=self.themes)))
        if self.asks_for_membership:
            ties = Membership.objects.filter(alliance_id=OuterRef("pk"))
            queryset = queryset.filter(Exists(ties.filter(self.membership())))
        return queryset

    @property
    def asks_for_membership(self) -> bool:
        return bool(self.members or self.roles or self.place)

    def membership(self) -> Q:
        """The membership that fits."""
        condition = self.place.condition("organisation__")
        if self.members:
            condition &= Q(organisation_id__in=self.members)
        if self.roles:
            condition &= Q(role__in=self.roles)
        return condition


def organisation_order(order: str, language: str, near: Circle | None = None) -> list[Any]:
    """Columns to sort organisations by; the primary key last."""
    key, down = order.removeprefix("-"), order.startswith("-")
    name = Lower(Localized("name", language=language))
    if key == "distance" and near is not None:
        distance = near.distance()
        return [distance.desc() if down else distance.asc(), name, "pk"]
    return _order(key, down, name)


def alliance_order(order: str, language: str) -> list[Any]:
    """Columns to sort alliances by; the primary key last, and rows without a date before it."""
    name = Lower(Localized("name", language=language))
    return _order(order.removeprefix("-"), order.startswith("-"), name)


def _order(key: str, down: bool, name: Any) -> list[Any]:
    if key == "name":
        return [name.desc() if down else name, "pk"]
    value = F(key)
    return [value.desc(nulls_last=True) if down else value.asc(nulls_last=True), name, "pk"]
