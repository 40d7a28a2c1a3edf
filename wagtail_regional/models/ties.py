"""Which rows of the registry refer to which.

One table, which all read that follow relations: what readers may see, what is loaded along with a
row, the cache tags of an answer, how far a change reaches, where a row is used, and which pages the
review finds it on. A relation of the registry that is missing here fails a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db.models import PROTECT, RESTRICT, ForeignKey, ManyToManyField, Model, Q
from django.utils.text import capfirst
from modelcluster.fields import ParentalKey

from wagtail_regional.models.alliances import Alliance, Membership, Recognition
from wagtail_regional.models.base import RegistryEntry
from wagtail_regional.models.organisations import Organisation, OrganisationIdentifier
from wagtail_regional.models.programmes import (
    Programme,
    ProgrammeAccess,
    ProgrammeCode,
    ProgrammeProvider,
)
from wagtail_regional.models.projects import Project


@dataclass(frozen=True)
class Tie:
    """A relation by which rows refer to others.

    Attributes:
        model: of the rows that refer.
        name: their field: a foreign key or a many-to-many.
        listed: whether what is referred to is shown with what refers to it, as an alliance is with
            its projects.
        whole: whether what refers shows all of what it refers to, and not its name alone.
        loaded: where the rows that were loaded of the holder's kind have the key of what is
            referred to: an attribute, or an attribute that lists nested rows and a key of these.
        listed_in: where those of the kind referred to have the keys of what refers; written alike.
    """

    model: type[Model]
    name: str
    listed: bool = False
    whole: bool = False
    loaded: str = ""
    listed_in: str = ""

    @cached_property
    def field(self) -> Any:
        return self.model._meta.get_field(self.name)

    @property
    def target(self) -> Any:
        """The model that is referred to."""
        return self.field.related_model

    @property
    def many(self) -> bool:
        return bool(self.field.many_to_many)

    @property
    def is_part(self) -> bool:
        """Whether this is what a part refers to its owner by."""
        return isinstance(self.field, ParentalKey)

    @cached_property
    def owner(self) -> str | None:
        """For rows that are part of another, the field that leads there."""
        return owner_field(self.model)

    @property
    def holder_model(self) -> Any:
        """Of what an editor opens to see the relation, and what readers see it on."""
        return self.model._meta.get_field(self.owner).related_model if self.owner else self.model

    @property
    def protects(self) -> bool:
        """Whether deleting what is referred to would break a fact, and so is refused."""
        return getattr(self.field.remote_field, "on_delete", None) in (PROTECT, RESTRICT)

    @property
    def is_needed(self) -> bool:
        """Whether a row that refers is nothing without what it refers to: a tie between two, and
        an entry of the registry that cannot be stored without."""
        if issubclass(self.model, RegistryEntry):
            return not self.many and not self.field.null
        return True

    @property
    def label(self) -> str:
        """What the use is called: "Member", "Part of"."""
        verbose = self.model._meta.verbose_name if self.owner else self.field.verbose_name
        return capfirst(str(verbose))

    @property
    def path(self) -> str:
        """The lookup that leads from the holder to what is referred to."""
        if not self.owner or self.is_part:
            return self.name
        owner: Any = self.model._meta.get_field(self.owner)
        return f"{owner.related_query_name()}__{self.name}"

    @property
    def path_back(self) -> str:
        """The lookup that leads from what is referred to to the holder."""
        back = self.field.related_query_name()
        return f"{back}__{self.owner}" if self.owner and not self.is_part else back

    def rows(self, target: Model) -> Any:
        """The rows that refer to `target`."""
        found = self.model._base_manager.filter(**{self.name: target.pk}).order_by("pk")
        return found.select_related(self.owner) if self.owner else found

    def holder(self, row: Any) -> Any:
        """What an editor opens to see the use: the row, or the one that it is part of."""
        return getattr(row, self.owner) if self.owner else row

    def pairs(self, **where: Any) -> Any:
        """Primary keys of holders with that of what each refers to; of parts, their own with that
        of their owner.

        Args:
            where: narrows the rows by lookups from the holder, or from the one that is referred
                to: `holders` and `targets` are collections of primary keys.
        """
        table: Any = self.field.remote_field.through if self.many else self.model
        holder = self.field.m2m_field_name() if self.many else "pk" if self.is_part else self.owner
        holder = holder or "pk"
        target = self.field.m2m_reverse_field_name() if self.many else self.name
        lookups = {"holders": f"{holder}__in", "targets": f"{target}__in"}
        rows = table._default_manager.order_by().filter(
            **{lookups[name]: keys for name, keys in where.items()}
        )
        columns = [each if each == "pk" else f"{each}_id" for each in (holder, target)]
        return rows.filter(**{f"{target}__isnull": False}).values_list(*columns)


TIES: tuple[Tie, ...] = (
    Tie(OrganisationIdentifier, "organisation"),
    Tie(Organisation, "logo", whole=True),
    Tie(Organisation, "parent"),
    Tie(Organisation, "successor", loaded="successor_id"),
    Tie(Alliance, "logo", whole=True),
    Tie(Alliance, "parent", listed=True, whole=True, loaded="parent_id"),
    Tie(Alliance, "succeeded_by", loaded="successor_id"),
    Tie(Alliance, "themes"),
    Tie(Membership, "alliance"),
    Tie(Membership, "organisation", whole=True, loaded="memberships.organisation"),
    Tie(Membership, "member_alliance", loaded="memberships.alliance"),
    Tie(Recognition, "alliance"),
    Tie(Project, "alliance", listed=True, loaded="alliance", listed_in="projects.pk"),
    Tie(Project, "themes"),
    Tie(Programme, "alliances", listed=True, loaded="alliances.pk"),
    Tie(Programme, "themes"),
    Tie(ProgrammeProvider, "programme"),
    Tie(ProgrammeProvider, "organisation", listed=True, loaded="providers.organisation"),
    Tie(ProgrammeAccess, "programme"),
    Tie(ProgrammeAccess, "organisation", loaded="access.organisation"),
    Tie(ProgrammeCode, "programme"),
)

_KNOWN = {(tie.model, tie.name): tie for tie in TIES}


def tie(model: type[Model], name: str) -> Tie:
    """The entry of a relation of the registry."""
    return _KNOWN[model, name]


def owner_field(model: type[Model]) -> str | None:
    """For the model of rows that are part of another, the field that leads there."""
    keys = (each.name for each in model._meta.get_fields() if isinstance(each, ParentalKey))
    return next(keys, None)


@cache
def ties_to(model: type[Model]) -> tuple[Tie, ...]:
    """Every relation that leads to rows of `model`, other than from its own parts: those of the
    table, and those of pages and of the host's models."""
    return tuple(_ties_to(model))


def _ties_to(model: type[Model]) -> Iterator[Tie]:
    fields: Any = model._meta.get_fields(include_hidden=True)
    for each in fields:
        if not (each.auto_created and each.is_relation) or each.concrete:
            continue
        source, field = each.related_model, each.field
        # A generic relation says what this row has, not what refers to it.
        stored = isinstance(field, ForeignKey | ManyToManyField)
        if source._meta.auto_created or isinstance(field, ParentalKey) or not stored:
            continue
        yield _KNOWN.get((source, field.name)) or Tie(source, field.name)


def showing(
    holder: type[Model], target: Any, keys: Iterable[int], *, whole: bool | None = None
) -> Any:
    """The rows of a kind that show rows of another, or of the same: they refer to them, or list
    what refers to them. None, without a query, where no relation leads from one to the other.

    Args:
        holder: of which kind.
        target: the kind of the rows that are shown.
        keys: of these.
        whole: only those that show them whole, or only those that do not; all where left out.
    """
    keys, condition = list(keys), Q()
    for each in TIES:
        if each.is_part or whole not in (None, each.whole):
            continue
        if each.holder_model is holder and each.target is target:
            condition |= Q(**{f"{each.path}__in": keys})
        if each.listed and each.target is holder and each.holder_model is target:
            condition |= Q(**{f"{each.path_back}__in": keys})
    rows = holder._default_manager
    return rows.filter(condition) if condition else rows.none()
