from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from wagtail_regional.fields import LocalizedTextField
from wagtail_regional.models.base import RegistryEntry
from wagtail_regional.models.search import RegistrySearch
from wagtail_regional.vocabularies import ThemeScheme


class Theme(RegistrySearch, index.Indexed, RegistryEntry):
    """A subject that alliances, projects and programmes share.

    Modelled on SKOS: a concept with a notation in a scheme, a URI and labels per language.
    """

    scheme = models.CharField(
        _("scheme"), max_length=20, choices=ThemeScheme.choices, default=ThemeScheme.LOCAL
    )
    notation = models.CharField(
        _("notation"),
        max_length=50,
        help_text=_("The theme's code in its scheme, such as 0912 (ISCED-F) or health."),
    )
    uri = models.URLField(_("URI"), blank=True, max_length=500)
    label = LocalizedTextField(_("label"), max_length=255)

    localized_search_fields = ("label",)
    search_fields = RegistrySearch.search_fields

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "notation"],
                name="wr_theme_notation_once",
                violation_error_message=_("This scheme already has a theme with this notation."),
            )
        ]

    def __str__(self) -> str:
        return str(self.label)
