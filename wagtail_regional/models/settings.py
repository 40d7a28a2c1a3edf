from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from wagtail_regional.conf import conf
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models.texts import PlainTexts


def default_ending_soon_days() -> int:
    days: int = conf.ENDING_SOON_DAYS
    return days


def default_review_period_months() -> int:
    months: int = conf.REVIEW_PERIOD_MONTHS
    return months


@register_setting(icon="site")
class RegionalSettings(PlainTexts, BaseSiteSetting):
    """What a site says about its regional section."""

    home_organisation = models.ForeignKey(
        "wagtail_regional.Organisation",
        verbose_name=_("home organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The university whose section this is."),
    )
    frontend_base_url = models.URLField(
        _("address of the front end"),
        blank=True,
        help_text=_(
            "Where readers see the pages when another program renders them, such as "
            "https://www.example.edu. Left empty, Wagtail's own addresses are given."
        ),
    )
    preview_url = models.URLField(
        _("address of previews"),
        blank=True,
        help_text=_(
            "Where the front end shows drafts, such as https://www.example.edu/preview. It gets "
            "a token in the address; the editor's preview then shows the front end."
        ),
    )
    review_period_months = models.PositiveSmallIntegerField(
        _("review period (months)"),
        default=default_review_period_months,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("How long a reviewed fact is trusted."),
    )
    ending_soon_days = models.PositiveSmallIntegerField(
        _("“ending soon” window (days)"),
        default=default_ending_soon_days,
        validators=[MaxValueValidator(3650)],
        help_text=_("How many days before its end something counts as ending soon."),
    )

    select_related = ["home_organisation"]

    panels = [
        FieldPanel("home_organisation"),
        MultiFieldPanel(
            [FieldPanel("frontend_base_url"), FieldPanel("preview_url")],
            heading=_("Front end"),
        ),
        MultiFieldPanel(
            [FieldPanel("review_period_months"), FieldPanel("ending_soon_days")],
            heading=_("Keeping things true"),
        ),
    ]

    class Meta:
        verbose_name = _("Regional partnerships")
        verbose_name_plural = _("Regional partnerships")

    @classmethod
    def read(cls, site: Site | None) -> RegionalSettings:
        """The settings of `site`, or the defaults where it has none. Writes nothing, unlike
        `for_site`, so that a public page can ask."""
        found: Any = cls.objects.filter(site=site).first() if site else None
        return found or cls(site=site)

    def moment(self) -> Moment:
        """Today, with this site's window."""
        return Moment.now(self.ending_soon_days)
