"""The registry's screens, with wagtail-modeladmin: a module for each model."""

from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdminGroup

from wagtail_regional.admin.screens.alliances import AllianceAdmin
from wagtail_regional.admin.screens.organisations import OrganisationAdmin
from wagtail_regional.admin.screens.programmes import ProgrammeAdmin
from wagtail_regional.admin.screens.projects import ProjectAdmin
from wagtail_regional.admin.screens.themes import ThemeAdmin
from wagtail_regional.admin.webhooks import DeliveryAdmin, WebhookAdmin


class RegionalGroup(ModelAdminGroup):
    menu_label = _("Regional")
    menu_icon = "globe"
    menu_order = 250
    items = (
        OrganisationAdmin,
        AllianceAdmin,
        ProjectAdmin,
        ProgrammeAdmin,
        ThemeAdmin,
        WebhookAdmin,
        DeliveryAdmin,
    )
