from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from wagtail_regional.admin.filters import (
    MissingTranslationFilter,
    OwnerFilter,
    ReviewFilter,
    SchemeFilter,
)
from wagtail_regional.admin.screens.base import RegistryAdmin, beside, review_panel
from wagtail_regional.models import Theme


class ThemeAdmin(RegistryAdmin):
    model = Theme
    menu_icon = "tag"
    list_display = ("__str__", "scheme", "notation", "review", "used")
    list_filter = (SchemeFilter, ReviewFilter, OwnerFilter, MissingTranslationFilter)
    panels = [
        MultiFieldPanel(
            [FieldPanel("label"), beside("scheme", "notation"), FieldPanel("uri")],
            heading=_("Theme"),
            icon="tag",
        ),
        review_panel(),
    ]
