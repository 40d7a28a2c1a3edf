from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.images import get_image_model_string
from wagtail.models import Orderable
from wagtail.search import index

from wagtail_regional.fields import CodeListField, LocalizedTextField, PartialDateField, WordsField
from wagtail_regional.lifecycle import Moment, Status
from wagtail_regional.models.base import (
    Dated,
    Period,
    RegistryEntry,
    period_constraint,
    refuse_cycle,
)
from wagtail_regional.models.organisations import Organisation
from wagtail_regional.models.search import RegistrySearch
from wagtail_regional.models.themes import Theme
from wagtail_regional.vocabularies import Activity, AllianceType, MemberRole


class Alliance(RegistrySearch, index.Indexed, RegistryEntry, Period, ClusterableModel):
    """A lasting collaboration: an alliance, a consortium, an agenda, a centre of several."""

    words = WordsField("name", "acronym", "summary", "region")
    name = LocalizedTextField(_("name"), max_length=255)
    acronym = models.CharField(_("acronym"), max_length=50, blank=True)
    type = models.CharField(_("type"), max_length=20, choices=AllianceType.choices)
    summary = LocalizedTextField(
        _("summary"),
        blank=True,
        multiline=True,
        help_text=_("One or two sentences, for lists. The story itself belongs on a page."),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("The alliance that set this one up, as an alliance does with its centres."),
    )
    website = models.URLField(_("website"), blank=True, max_length=500)
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    region = LocalizedTextField(
        _("region"),
        blank=True,
        max_length=255,
        help_text=_("The area it works for, such as “Leiden region”."),
    )
    themes = ParentalManyToManyField(
        Theme, verbose_name=_("themes"), blank=True, related_name="alliances"
    )
    activities = CodeListField(_("activities"), choices=Activity.choices, blank=True)
    succeeded_by = models.ForeignKey(
        "self",
        verbose_name=_("succeeded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )

    localized_search_fields = ("name", "region")
    plain_search_fields = ("acronym",)
    search_fields = [*RegistrySearch.search_fields, index.FilterField("type")]

    class Meta:
        verbose_name = _("alliance")
        verbose_name_plural = _("alliances")
        constraints = [period_constraint("wr_alliance")]
        indexes = [models.Index(fields=["ends"], name="wr_alliance_ends")]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else str(self.name)

    def clean(self) -> None:
        super().clean()
        refuse_cycle(
            self,
            "parent",
            _("An alliance cannot be part of itself. Choose another, or leave this empty."),
        )
        refuse_cycle(
            self,
            "succeeded_by",
            _("This chain of successors leads back to the alliance. Choose another."),
        )

    def check_members(self, memberships: Iterable[Membership] | None = None) -> None:
        """Check what holds for the members together.

        Args:
            memberships: the members to check; those of the alliance where left out. A form
                gives the rows it is about to save.

        Raises:
            ValidationError: when a bilateral partnership has not two current members, or a
                member holds one role twice at the same time.
        """
        rows = list(self.memberships.all() if memberships is None else memberships)
        refuse_overlaps(rows)
        if self.type == AllianceType.BILATERAL:
            self._check_two_members(rows)

    def _check_two_members(self, rows: list[Membership]) -> None:
        count = len({row.member_key for row in rows if row.lasts_with(self)})
        if count != 2:
            raise ValidationError(
                _(
                    "A bilateral partnership has two current members; this one has %(count)s. "
                    "Add or end a membership, or choose another type."
                ),
                params={"count": count},
            )


class Membership(Orderable, Period):
    """What ties a member to an alliance: exactly one of an organisation, another alliance, or
    a group that is not named member by member ("six municipalities")."""

    alliance = ParentalKey(Alliance, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    member_alliance = models.ForeignKey(
        Alliance,
        verbose_name=_("alliance"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships_elsewhere",
    )
    group_label = LocalizedTextField(
        _("unnamed group"),
        blank=True,
        max_length=255,
        help_text=_("For members that are not named one by one, such as “municipalities”."),
    )
    group_count = models.PositiveSmallIntegerField(
        _("how many"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    role = models.CharField(
        _("role"), max_length=20, choices=MemberRole.choices, default=MemberRole.PARTNER
    )

    # A member without dates of its own is a member as long as the alliance lasts.
    undated_status = Status.ACTIVE

    class Meta(Orderable.Meta):
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            period_constraint("wr_membership"),
            models.CheckConstraint(
                condition=(
                    Q(organisation__isnull=True, member_alliance__isnull=True)
                    | Q(
                        organisation__isnull=False,
                        member_alliance__isnull=True,
                        group_count__isnull=True,
                    )
                    | Q(
                        organisation__isnull=True,
                        member_alliance__isnull=False,
                        group_count__isnull=True,
                    )
                ),
                name="wr_membership_one_member",
            ),
            models.CheckConstraint(
                condition=Q(group_count__isnull=True) | Q(group_count__gte=1),
                name="wr_membership_group_count",
            ),
            models.CheckConstraint(
                condition=Q(member_alliance__isnull=True) | ~Q(member_alliance=F("alliance")),
                name="wr_membership_not_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_name} – {self.get_role_display()}"

    @property
    def member_name(self) -> str:
        """The member's name, or the group with its number: "6 municipalities"."""
        if member := self.organisation or self.member_alliance:
            return str(member)
        return (
            f"{self.group_count} {self.group_label}" if self.group_count else str(self.group_label)
        )

    @property
    def member_key(self) -> tuple[str, object]:
        """What tells one member from another within an alliance."""
        if self.organisation_id:
            return "organisation", self.organisation_id
        if self.member_alliance_id:
            return "alliance", self.member_alliance_id
        return "group", self.group_label

    def clean(self) -> None:
        super().clean()
        self._clean_member()
        if self.member_alliance_id and self.member_alliance_id == self.alliance_id:
            raise ValidationError(
                {"member_alliance": _("An alliance cannot be a member of itself. Choose another.")}
            )

    def _clean_member(self) -> None:
        given = [
            name
            for name in ("organisation", "member_alliance", "group_label")
            if (getattr(self, f"{name}_id", None) if name != "group_label" else self.group_label)
        ]
        if len(given) != 1:
            message = _("Give exactly one of: an organisation, an alliance, or an unnamed group.")
            raise ValidationError({given[1] if given else "organisation": message})
        if self.group_count is not None and given != ["group_label"]:
            raise ValidationError(
                {"group_count": _("Only an unnamed group has a number. Leave this empty.")}
            )

    def lasts_with(self, alliance: Alliance) -> bool:
        """Whether this member is current, or was when `alliance` itself ended."""
        if self.ends is None:
            return True
        until = Moment.now().today
        if alliance.ends is not None:
            until = min(until, alliance.ends.last_day)
        return self.ends.last_day >= until

    @property
    def outside_alliance(self) -> bool:
        """Whether the role began before the alliance did, or outlasts it: worth a warning."""
        before = (
            self.starts
            and self.alliance.starts
            and self.starts.last_day < self.alliance.starts.first_day
        )
        after = (
            self.ends and self.alliance.ends and self.ends.first_day > self.alliance.ends.last_day
        )
        return bool(before or after)


def refuse_overlaps(memberships: list[Membership]) -> None:
    """Refuse the same member in the same role twice at the same time.

    Raises:
        ValidationError: naming the member and the role.
    """
    # Grouped first: an alliance may have thousands of members, and each has few periods.
    groups: dict[tuple[object, str], list[Membership]] = defaultdict(list)
    for row in memberships:
        groups[row.member_key, row.role].append(row)
    for rows in groups.values():
        for one, other in combinations(rows, 2):
            if _overlap(one, other):
                raise ValidationError(
                    _(
                        "%(member)s is listed twice as %(role)s for the same time. "
                        "Remove one of the two, or give them periods that do not overlap."
                    ),
                    params={"member": one.member_name, "role": one.get_role_display()},
                )


def _overlap(one: Membership, other: Membership) -> bool:
    return _first_day(one) <= _last_day(other) and _first_day(other) <= _last_day(one)


def _first_day(row: Membership) -> dt.date:
    return row.starts.first_day if row.starts else dt.date.min


def _last_day(row: Membership) -> dt.date:
    return row.ends.last_day if row.ends else dt.date.max


class Recognition(Orderable, Dated):
    """A title or label that others gave an alliance, for a time."""

    alliance = ParentalKey(Alliance, on_delete=models.CASCADE, related_name="recognitions")
    label = LocalizedTextField(_("label"), max_length=255)
    issued_by = LocalizedTextField(_("issued by"), blank=True, max_length=255)
    valid_from = PartialDateField(_("valid from"), null=True, blank=True)
    valid_until = PartialDateField(_("valid until"), null=True, blank=True)
    url = models.URLField(_("link"), blank=True, max_length=500)

    period_fields = ("valid_from", "valid_until")
    # A title without dates stands until somebody says it was lost.
    undated_status = Status.ACTIVE

    class Meta(Orderable.Meta):
        verbose_name = _("recognition")
        verbose_name_plural = _("recognitions")
        constraints = [period_constraint("wr_recognition", "valid_from", "valid_until")]

    def __str__(self) -> str:
        return str(self.label)
