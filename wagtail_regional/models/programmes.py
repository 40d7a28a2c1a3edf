from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index

from wagtail_regional.fields import CodeListField, LocalizedTextField, WordsField
from wagtail_regional.lifecycle import Status
from wagtail_regional.models.alliances import Alliance
from wagtail_regional.models.base import Period, RegistryEntry, period_constraint
from wagtail_regional.models.organisations import AbstractIdentifier, Organisation
from wagtail_regional.models.search import RegistrySearch
from wagtail_regional.models.texts import NormalTexts
from wagtail_regional.models.themes import Theme
from wagtail_regional.vocabularies import (
    MINIMUM_PROVIDERS,
    DegreeAward,
    Level,
    ModeOfDelivery,
    ModeOfStudy,
    ProgrammeType,
    ProviderRole,
    Qualification,
    StudyLoadUnit,
)

# ISO 8601: years, months, weeks or days; at least one of them.
_DURATION: Final = re.compile(r"^P(?=[0-9])([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?$")
# BCP 47: a primary language subtag, optionally a script and a region.
_LANGUAGE_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
# ISCED-F 2013: eleven broad fields (00-10) and 99, two digits a level; national schemes add two.
_ISCED_F: Final = re.compile(r"(0[0-9]|10|99)([0-9]{1,4})?")

validate_duration = RegexValidator(
    _DURATION,
    _("Write a duration as in ISO 8601: P2Y for two years, P10W for ten weeks."),
)


def validate_language_tag(value: str) -> None:
    """Refuse what is not a BCP 47 language tag."""
    if not _LANGUAGE_TAG.fullmatch(value):
        raise ValidationError(
            _("“%(value)s” is not a language code. Use BCP 47, such as nl, en or pt-BR."),
            params={"value": value},
        )


def validate_isced_field(value: str) -> None:
    """Refuse what cannot be an ISCED-F 2013 field of education."""
    if not _ISCED_F.fullmatch(value):
        raise ValidationError(
            _("“%(value)s” is not an ISCED-F field. Use its two to six digits, such as 0912."),
            params={"value": value},
        )


class Programme(RegistrySearch, index.Indexed, RegistryEntry, Period, ClusterableModel):
    """Something to study: a degree programme, a minor, a course, a MOOC, a summer school.

    Terms follow the Open Education API v6.
    """

    words = WordsField("name", "summary")
    name = LocalizedTextField(_("name"), max_length=255)
    type = models.CharField(_("type"), max_length=20, choices=ProgrammeType.choices)
    summary = LocalizedTextField(_("summary"), blank=True, multiline=True)
    alliances = ParentalManyToManyField(
        Alliance, verbose_name=_("alliances"), blank=True, related_name="programmes"
    )
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, blank=True)
    qualification = models.CharField(
        _("qualification"), max_length=10, choices=Qualification.choices, blank=True
    )
    degree_award = models.CharField(
        _("degree awarded"), max_length=10, choices=DegreeAward.choices, blank=True
    )
    study_load = models.DecimalField(
        _("study load"),
        max_digits=7,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    study_load_unit = models.CharField(
        _("unit of study load"),
        max_length=5,
        choices=StudyLoadUnit.choices,
        default=StudyLoadUnit.ECTS,
    )
    modes_of_study = CodeListField(_("modes of study"), choices=ModeOfStudy.choices, blank=True)
    modes_of_delivery = CodeListField(
        _("modes of delivery"), choices=ModeOfDelivery.choices, blank=True
    )
    teaching_languages = CodeListField(
        _("teaching languages"),
        blank=True,
        validate_code=validate_language_tag,
        help_text=_("BCP 47 codes, such as: nl, en."),
    )
    duration = models.CharField(
        _("duration"),
        max_length=20,
        blank=True,
        validators=[validate_duration],
        help_text=_("As in ISO 8601: P2Y for two years, P10W for ten weeks."),
    )
    isced_fields = CodeListField(
        _("ISCED-F fields"),
        blank=True,
        validate_code=validate_isced_field,
        help_text=_("Fields of education, such as: 0912, 061."),
    )
    themes = ParentalManyToManyField(
        Theme, verbose_name=_("themes"), blank=True, related_name="programmes"
    )
    link = models.URLField(_("link"), blank=True, max_length=500)

    # Most programmes are offered year after year, and no dates are on record.
    undated_status = Status.ACTIVE

    localized_search_fields = ("name",)
    search_fields = [
        *RegistrySearch.search_fields,
        index.FilterField("type"),
        index.FilterField("level"),
    ]

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            period_constraint("wr_programme"),
            models.CheckConstraint(
                condition=Q(study_load__isnull=True) | Q(study_load__gte=0),
                name="wr_programme_study_load",
            ),
        ]
        indexes = [
            models.Index(fields=["type", "level"], name="wr_programme_kind"),
            models.Index(fields=["ends"], name="wr_programme_ends"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def is_joint(self) -> bool:
        """Whether more than one organisation provides it."""
        return len(self.providers.all()) > 1

    def check_providers(self, providers: Iterable[ProgrammeProvider] | None = None) -> None:
        """Check that there are as many providers as the kind of degree supposes.

        Args:
            providers: the rows to check; the programme's own where left out.

        Raises:
            ValidationError: when a joint or double degree has fewer than two, or a multiple
                degree fewer than three.
        """
        rows = list(self.providers.all() if providers is None else providers)
        count = len({row.organisation_id for row in rows})
        least = MINIMUM_PROVIDERS.get(self.degree_award, 0)
        if count < least:
            raise ValidationError(
                ngettext_lazy(
                    "A %(award)s needs at least %(least)s providers; this one has %(count)s. "
                    "Add a provider, or choose another kind of degree.",
                    "A %(award)s needs at least %(least)s providers; this one has %(count)s. "
                    "Add providers, or choose another kind of degree.",
                    least - count,
                ),
                params={
                    "award": str(self.get_degree_award_display()).lower(),
                    "least": least,
                    "count": count,
                },
            )


class ProgrammeProvider(NormalTexts, Orderable):
    """An organisation that provides a programme."""

    programme = ParentalKey(Programme, on_delete=models.CASCADE, related_name="providers")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="provided_programmes",
    )
    role = models.CharField(
        _("role"), max_length=20, choices=ProviderRole.choices, default=ProviderRole.PARTNER
    )
    partner_code = models.CharField(
        _("partner code"),
        max_length=50,
        blank=True,
        help_text=_("The programme's code at this partner, as joint course exchanges use it."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation"],
                name="wr_provider_once",
                violation_error_message=_("This organisation is a provider already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class ProgrammeAccess(NormalTexts, Orderable):
    """On which terms students may enrol: those of one organisation, or guests."""

    programme = ParentalKey(Programme, on_delete=models.CASCADE, related_name="access")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("for students of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="accessible_programmes",
        help_text=_("Left empty, these are the terms for guests: students of anywhere else."),
    )
    ects = models.DecimalField(
        _("ECTS"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    application_opens = models.DateField(_("application opens"), null=True, blank=True)
    application_closes = models.DateField(_("application closes"), null=True, blank=True)
    enrolment_link = models.URLField(_("enrolment link"), blank=True, max_length=500)
    selective = models.BooleanField(_("with selection"), default=False)
    conditions = LocalizedTextField(_("conditions"), blank=True, multiline=True)

    class Meta(Orderable.Meta):
        verbose_name = _("access")
        verbose_name_plural = _("access")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation"],
                name="wr_access_once",
                violation_error_message=_(
                    "There are terms for the students of this organisation already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(application_opens__isnull=True)
                | Q(application_closes__isnull=True)
                | Q(application_closes__gte=F("application_opens")),
                name="wr_access_application_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ects__isnull=True) | Q(ects__gte=0), name="wr_access_ects"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation) if self.organisation else str(_("Guests"))

    def clean(self) -> None:
        super().clean()
        opens, closes = self.application_opens, self.application_closes
        if opens and closes and closes < opens:
            raise ValidationError(
                {
                    "application_closes": _(
                        "Application closes (%(closes)s) before it opens (%(opens)s). "
                        "Correct one of the two."
                    )
                    % {"closes": closes, "opens": opens}
                }
            )
        if self.organisation_id is None and self._other_guest_terms():
            raise ValidationError(
                {"organisation": _("There are terms for guests already. Change those instead.")}
            )

    def _other_guest_terms(self) -> bool:
        """A unique constraint does not see NULLs as equal, so guests are checked here."""
        return any(
            other.organisation_id is None and other is not self and other.pk != self.pk
            for other in self.programme.access.all()
        )


class ProgrammeCode(AbstractIdentifier):
    """A programme's code in a catalogue or register."""

    programme = ParentalKey(Programme, on_delete=models.CASCADE, related_name="codes")
    scheme = models.CharField(
        _("scheme"), max_length=50, help_text=_("Such as crohoCreboCode or a catalogue's name.")
    )

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "scheme", "value"], name="wr_programme_code_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"
