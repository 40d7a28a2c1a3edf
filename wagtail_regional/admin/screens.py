"""The registry's screens, with wagtail-modeladmin."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup

from wagtail_regional.admin import choosers
from wagtail_regional.admin.forms import AllianceForm, ProgrammeForm
from wagtail_regional.admin.webhooks import DeliveryAdmin, WebhookAdmin
from wagtail_regional.fields import Localized
from wagtail_regional.models import Alliance, Organisation, Programme, Project, Theme


def chosen(name: str, chooser: Any, **kwargs: Any) -> FieldPanel:
    """A field that is filled with one of our choosers."""
    return FieldPanel(name, widget=chooser.widget_class, **kwargs)


def review_panel() -> Panel:
    """Who keeps a fact true."""
    return MultiFieldPanel(
        [FieldPanel("source_url"), FieldPanel("last_reviewed"), FieldPanel("review_by")],
        heading=_("Review"),
    )


def period_panel(*names: str) -> Panel:
    return MultiFieldPanel([FieldPanel(name) for name in names], heading=_("Dates"))


class RegistryAdmin(ModelAdmin):
    """What the registry's screens share: search in every language, order by name."""

    name_field = "name"
    inspect_view_enabled = True
    list_per_page = 50
    panels: list[Any] = []
    base_form_class: Any = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).order_by(Lower(Localized(self.name_field)), "pk")

    def get_edit_handler(self) -> Any:
        kwargs = {"base_form_class": self.base_form_class} if self.base_form_class else {}
        return ObjectList(self.panels, **kwargs).bind_to_model(self.model)


class OrganisationAdmin(RegistryAdmin):
    model = Organisation
    menu_icon = "group"
    list_display = ("__str__", "type", "locality", "country", "get_status_display")
    list_filter = ("type", "country")
    search_fields = ("name", "acronym", "locality")
    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("acronym"), FieldPanel("type"), FieldPanel("logo")],
            heading=_("Organisation"),
        ),
        MultiFieldPanel([FieldPanel("ror_id"), FieldPanel("website")], heading=_("Identity")),
        InlinePanel("identifiers", heading=_("Further identifiers"), label=_("Identifier")),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("locality", "country", "lau_code", "latitude", "longitude")
            ],
            heading=_("Place"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("founded"),
                FieldPanel("dissolved"),
                chosen("successor", choosers.organisation_chooser),
                chosen("parent", choosers.organisation_chooser),
            ],
            heading=_("History"),
        ),
        review_panel(),
    ]


class AllianceAdmin(RegistryAdmin):
    model = Alliance
    base_form_class = AllianceForm
    menu_icon = "globe"
    list_display = ("__str__", "type", "get_status_display", "review_by")
    list_filter = ("type",)
    search_fields = ("name", "acronym")
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("acronym"),
                FieldPanel("type"),
                FieldPanel("activities"),
                FieldPanel("website"),
                FieldPanel("logo"),
            ],
            heading=_("Alliance"),
        ),
        MultiFieldPanel([FieldPanel("summary"), FieldPanel("region")], heading=_("Words")),
        period_panel("starts", "ends"),
        InlinePanel(
            "memberships",
            panels=[
                chosen("organisation", choosers.organisation_chooser),
                chosen("member_alliance", choosers.alliance_chooser),
                FieldPanel("group_label"),
                FieldPanel("group_count"),
                FieldPanel("role"),
                FieldPanel("starts"),
                FieldPanel("ends"),
            ],
            heading=_("Members"),
            label=_("Member"),
        ),
        InlinePanel("recognitions", heading=_("Recognitions"), label=_("Recognition")),
        MultiFieldPanel(
            [
                chosen("parent", choosers.alliance_chooser),
                chosen("succeeded_by", choosers.alliance_chooser),
                FieldPanel("themes"),
            ],
            heading=_("Relations"),
        ),
        review_panel(),
    ]


class ProjectAdmin(RegistryAdmin):
    model = Project
    name_field = "title"
    menu_icon = "tasks"
    list_display = ("__str__", "alliance", "get_status_display", "review_by")
    search_fields = ("title",)
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("title"),
                chosen("alliance", choosers.alliance_chooser),
                FieldPanel("summary"),
                FieldPanel("website"),
                FieldPanel("themes"),
            ],
            heading=_("Project"),
        ),
        period_panel("starts", "ends"),
        review_panel(),
    ]


class ProgrammeAdmin(RegistryAdmin):
    model = Programme
    base_form_class = ProgrammeForm
    menu_icon = "doc-full"
    list_display = ("__str__", "type", "level", "get_status_display", "review_by")
    list_filter = ("type", "level")
    search_fields = ("name",)
    panels = [
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("name", "type", "level", "summary", "link", "alliances", "themes")
            ],
            heading=_("Programme"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "degree_award",
                    "qualification",
                    "study_load",
                    "study_load_unit",
                    "duration",
                    "modes_of_study",
                    "modes_of_delivery",
                    "teaching_languages",
                    "isced_fields",
                )
            ],
            heading=_("Study"),
        ),
        InlinePanel(
            "providers",
            panels=[
                chosen("organisation", choosers.organisation_chooser),
                FieldPanel("role"),
                FieldPanel("partner_code"),
            ],
            heading=_("Providers"),
            label=_("Provider"),
        ),
        InlinePanel(
            "access",
            panels=[
                chosen("organisation", choosers.organisation_chooser),
                *(
                    FieldPanel(name)
                    for name in (
                        "ects",
                        "places",
                        "application_opens",
                        "application_closes",
                        "enrolment_link",
                        "selective",
                        "conditions",
                    )
                ),
            ],
            heading=_("Who may enrol"),
            label=_("Terms"),
        ),
        InlinePanel("codes", heading=_("Codes"), label=_("Code")),
        period_panel("starts", "ends"),
        review_panel(),
    ]


class ThemeAdmin(RegistryAdmin):
    model = Theme
    name_field = "label"
    menu_icon = "tag"
    list_display = ("__str__", "scheme", "notation")
    list_filter = ("scheme",)
    search_fields = ("label", "notation")
    panels = [
        FieldPanel("label"),
        FieldPanel("scheme"),
        FieldPanel("notation"),
        FieldPanel("uri"),
        review_panel(),
    ]


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
