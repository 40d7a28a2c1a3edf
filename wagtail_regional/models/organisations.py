from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from stdnum import isni, lei
from stdnum.exceptions import ValidationError as IdentifierError
from wagtail.images import get_image_model_string
from wagtail.search import index

from wagtail_regional.fields import LocalizedTextField, PartialDateField, WordsField
from wagtail_regional.languages import country_codes, country_name
from wagtail_regional.lifecycle import Status
from wagtail_regional.models.base import Dated, RegistryEntry, period_constraint, refuse_cycle
from wagtail_regional.models.search import RegistrySearch
from wagtail_regional.models.texts import NormalTexts
from wagtail_regional.vocabularies import IdentifierScheme, OrganisationType

ROR_PREFIX: Final = "https://ror.org/"
_ROR_PATTERN: Final = re.compile(
    r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})/?",
    re.IGNORECASE | re.ASCII,
)
# Crockford's base 32: no i, l, o or u, so that no letter is mistaken for another.
_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def canonical_ror_id(value: str) -> str:
    """Bring an ROR id to its canonical form, checking its two check digits.

    Args:
        value: ``https://ror.org/027bh9e22``, ``ror.org/027bh9e22`` or ``027bh9e22``.

    Returns:
        The ``https://ror.org/...`` form, in lower case.

    Raises:
        ValidationError: when it is not an ROR id or its check digits do not fit.

    The check digits are those of ISO/IEC 7064 MOD 97-10 over the six characters after the
    leading zero, read in Crockford's base 32 (ROR's documentation, "ROR identifier pattern").
    A checksum shows that the id was typed well, not whose it is.
    """
    found = _ROR_PATTERN.fullmatch(value.strip())
    if not found:
        raise ValidationError(
            _(
                "“%(value)s” is not an ROR id. It looks like https://ror.org/027bh9e22; "
                "find the organisation's own at ror.org."
            ),
            params={"value": value},
        )
    identifier = found[1].lower()
    number = 0
    for character in identifier[1:7]:
        number = number * 32 + _CROCKFORD.index(character)
    if 98 - (number * 100) % 97 != int(identifier[7:]):
        raise ValidationError(
            _(
                "The check digits of “%(value)s” do not fit, so something in it was typed "
                "wrong. Copy the ROR id again from ror.org."
            ),
            params={"value": value},
        )
    return ROR_PREFIX + identifier


# Django's class takes no type arguments while the code runs.
if TYPE_CHECKING:
    _CharField = models.CharField[str | None, str | None]
else:
    _CharField = models.CharField


class RorIdField(_CharField):
    """An ROR id, kept in its canonical form, or nothing (NULL, so that many rows may lack one)."""

    def clean(self, value: str | None, model_instance: models.Model | None) -> str | None:
        value = super().clean(value, model_instance) if value else None
        return canonical_ror_id(value) if value else None

    def get_prep_value(self, value: str | None) -> str | None:
        return super().get_prep_value(value) or None


def country_choices() -> list[tuple[str, str]]:
    """ISO 3166-1 codes with their names in the active language, by name."""
    return sorted(
        ((code, country_name(code)) for code in country_codes()), key=lambda pair: pair[1]
    )


def validate_country(value: str) -> None:
    if value not in country_codes():
        raise ValidationError(
            _("“%(value)s” is not a country code. Use two capitals of ISO 3166-1, such as NL."),
            params={"value": value},
        )


class Organisation(RegistrySearch, index.Indexed, RegistryEntry, Dated, ClusterableModel):
    """An organisation that takes part in something: a university, a city, a company."""

    words = WordsField("name", "acronym", "locality")
    name = LocalizedTextField(_("name"), max_length=255)
    acronym = models.CharField(_("acronym"), max_length=50, blank=True)
    type = models.CharField(_("type"), max_length=20, choices=OrganisationType.choices)
    ror_id = RorIdField(
        _("ROR id"),
        max_length=40,
        null=True,
        blank=True,
        unique=True,
        error_messages={"unique": _("Another organisation has this ROR id already.")},
        help_text=_(
            "The organisation's identifier in the Research Organization Registry, such as "
            "https://ror.org/027bh9e22. Search for its name at ror.org."
        ),
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
    locality = models.CharField(_("town or city"), max_length=255, blank=True)
    country = models.CharField(
        _("country"), max_length=2, blank=True, validators=[validate_country]
    )
    lau_code = models.CharField(
        _("LAU code"),
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(
                r"^[A-Z0-9_.-]+$",
                _("Write a LAU code in capitals and digits, such as GM0546 for Leiden."),
            )
        ],
        help_text=_("Eurostat's code of the municipality, such as GM0546 for Leiden."),
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees north (WGS 84), such as 52.157100."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees east (WGS 84), such as 4.485300."),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    founded = PartialDateField(_("founded"), null=True, blank=True)
    dissolved = PartialDateField(
        _("dissolved"),
        null=True,
        blank=True,
        help_text=_("When it ceased to exist, merged or went on under another name."),
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("succeeded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
        help_text=_("The organisation that carries on its work."),
    )

    period_fields = ("founded", "dissolved")
    # Most organisations have no founding date on record, and that is no reason to doubt them.
    undated_status = Status.ACTIVE

    localized_search_fields = ("name",)
    plain_search_fields = ("acronym", "locality")
    search_fields = [
        *RegistrySearch.search_fields,
        index.FilterField("type"),
        index.FilterField("country"),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            period_constraint("wr_organisation", "founded", "dissolved"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                # NOT NULL is said aloud: a CHECK that comes out as unknown lets a row pass.
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="wr_organisation_coordinates",
            ),
        ]
        indexes = [models.Index(fields=["latitude", "longitude"], name="wr_organisation_place")]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else str(self.name)

    def clean(self) -> None:
        super().clean()
        self._clean_coordinates()
        refuse_cycle(
            self,
            "parent",
            _("An organisation cannot be part of itself. Choose another, or leave this empty."),
        )
        refuse_cycle(
            self,
            "successor",
            _("This chain of successors leads back to the organisation. Choose another."),
        )

    def _clean_coordinates(self) -> None:
        if (self.latitude is None) == (self.longitude is None):
            return
        missing = "latitude" if self.latitude is None else "longitude"
        raise ValidationError(
            {missing: _("Give latitude and longitude together, or leave both empty.")}
        )


class AbstractIdentifier(NormalTexts):
    """A code that something has in a scheme of somebody else's."""

    value = models.CharField(_("identifier"), max_length=100)

    class Meta:
        abstract = True


def _check_isni(value: str) -> str:
    return isni.format(isni.validate(value))


def _check_wikidata(value: str) -> str:
    if not re.fullmatch(r"Q[1-9][0-9]*", value):
        raise IdentifierError("not Q followed by digits")
    return value


#: Checks by scheme: each returns the identifier in its usual form, or raises IdentifierError.
IDENTIFIER_CHECKS: Final[dict[str, Callable[[str], str]]] = {
    IdentifierScheme.ISNI: _check_isni,
    IdentifierScheme.LEI: lei.validate,
    IdentifierScheme.WIKIDATA: _check_wikidata,
}


class OrganisationIdentifier(AbstractIdentifier):
    """A further identifier of an organisation, beside its ROR id."""

    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("scheme"), max_length=20, choices=IdentifierScheme.choices)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scheme", "value"],
                name="wr_organisation_identifier_once",
                violation_error_message=_("This identifier is in the list already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self) -> None:
        super().clean()
        if self.scheme == IdentifierScheme.OTHER:
            return
        check = IDENTIFIER_CHECKS.get(self.scheme)
        try:
            self.value = check(self.value) if check else self.value
            # Those of other scripts look like its letters and digits, and are none.
            if not self.value.isascii():
                raise IdentifierError("not of ASCII")
        except IdentifierError as error:
            raise ValidationError(
                {
                    "value": _("“%(value)s” is not a valid %(scheme)s. Copy it again.")
                    % {"value": self.value, "scheme": self.get_scheme_display()}
                }
            ) from error
