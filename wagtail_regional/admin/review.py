"""The review in the admin: a report, a panel on the home page, and "mark as reviewed"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import django_filters
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import include, path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.reports import ReportView
from wagtail.log_actions import log

from wagtail_regional.admin.filters import NOBODY
from wagtail_regional.admin.findings import (
    BADGES,
    Care,
    Presenter,
    may,
    may_see,
    may_see_any,
    owner_names,
    visible_to,
)
from wagtail_regional.choosers.keys import key_or_404
from wagtail_regional.models import LinkCheck, RegistryEntry
from wagtail_regional.review import Finding, Severity, current_findings
from wagtail_regional.review.engine import all_rules, count_by_severity
from wagtail_regional.spreadsheets import neutralise

#: The name of the entry in Wagtail's log.
LOG_ACTION = "wagtail_regional.review"

# --- The report -------------------------------------------------------------------------------


class ReviewFilterSet(WagtailFilterSet):
    """Narrows findings, which are in no table, by what is known of them.

    Args:
        findings: what the user may see; only what occurs among them can be chosen.
    """

    severity = django_filters.MultipleChoiceFilter(
        label=_("Severity"), choices=Severity.choices, widget=CheckboxSelectMultiple
    )
    rule = django_filters.MultipleChoiceFilter(label=_("Rule"), widget=CheckboxSelectMultiple)
    kind = django_filters.MultipleChoiceFilter(label=_("About"), widget=CheckboxSelectMultiple)
    owner = django_filters.ChoiceFilter(label=_("Owner"), empty_label=_("All"))
    page = django_filters.ChoiceFilter(label=_("Shown on the page"), empty_label=_("All"))

    class Meta:
        # django-filter wants a model; nothing is asked of it.
        model = LinkCheck
        fields: list[str] = []

    def __init__(self, *args: Any, findings: Sequence[Finding], **kwargs: Any) -> None:
        super().__init__(*args, queryset=LinkCheck.objects.none(), **kwargs)
        rules = all_rules()
        occurring = {each.rule for each in findings}
        pages = {use.pk: use.title for each in findings for use in each.pages or ()}
        owners = {str(pk): name for pk, name in owner_names(findings).items()}
        kinds = {each.row.model: each.row.model_class._meta.verbose_name for each in findings}
        self._offer("rule", {c: rule.title for c, rule in rules.items() if c in occurring})
        self._offer("kind", kinds)
        self._offer("owner", {NOBODY: _("Nobody"), **_by_name(owners)})
        self._offer("page", _by_name(pages))

    def _offer(self, name: str, choices: Mapping[Any, Any]) -> None:
        self.filters[name].extra["choices"] = list(choices.items())

    def filter_queryset(self, queryset: Any) -> Any:
        """`queryset` is a list here."""
        wanted = self.form.cleaned_data
        tests: dict[str, Callable[[Finding, Any], bool]] = {
            "severity": lambda each, value: each.severity in value,
            "rule": lambda each, value: each.rule in value,
            "kind": lambda each, value: each.row.model in value,
            "owner": lambda each, value: value == _owner_choice(each),
            "page": lambda each, value: any(str(use.pk) == value for use in each.pages or ()),
        }
        for name, test in tests.items():
            if value := wanted.get(name):
                queryset = [each for each in queryset if test(each, value)]
        return queryset


def _owner_choice(finding: Finding) -> str:
    return NOBODY if finding.owner_id is None else str(finding.owner_id)


def _by_name(choices: Mapping[Any, str]) -> dict[Any, str]:
    return dict(sorted(choices.items(), key=lambda pair: pair[1].casefold()))


class CareColumn(BaseColumn):
    """A cell with a template of its own, which gets the finding as `care`."""

    def __init__(self, name: str, template: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.cell_template_name = f"wagtail_regional/admin/review/{template}"

    def get_cell_context_data(self, instance: Care, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context.get("request")
        return {
            **context,
            "care": instance,
            "csrf_token": get_token(request),
            "next": request.get_full_path().replace("/results/", "/"),
        }


class ReviewReportView(ReportView):
    """Everything that needs care and that the user may view or change."""

    page_title = _("Needs care")
    header_icon = "warning"
    index_url_name = "wagtail_regional_review:report"
    index_results_url_name = "wagtail_regional_review:report_results"
    filterset_class = ReviewFilterSet
    is_searchable = True
    table_classname = "listing regional-review__table"
    default_ordering = "severity"
    export_filename = "regional-review"
    columns = [
        CareColumn("severity", "severity_cell.html", label=_("Severity"), sort_key="severity"),
        CareColumn("label", "finding_cell.html", label=_("What needs care"), sort_key="label"),
        CareColumn("owner", "owner_cell.html", label=_("Owner"), sort_key="owner"),
        CareColumn("actions", "actions_cell.html", label=_("Fix")),
    ]
    list_export = [
        "severity",
        "rule",
        "rule_title",
        "kind",
        "label",
        "uuid",
        "explanation",
        "fix",
        "owner",
        "page_titles",
        "export_url",
    ]
    export_headings = {
        "severity": _("Severity"),
        "rule": _("Code"),
        "rule_title": _("Rule"),
        "kind": _("About"),
        "label": _("Name"),
        "uuid": _("Public id"),
        "explanation": _("What is the matter"),
        "fix": _("What to do"),
        "owner": _("Owner"),
        "page_titles": _("Pages"),
        "export_url": _("Address"),
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see_any(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def findings(self) -> list[Finding]:
        """All that the user may see, before filters."""
        return visible_to(self.request.user, current_findings())

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(), "findings": self.findings}

    def get_filtered_queryset(self) -> list[Finding]:
        found: list[Finding] = list(self.filter_queryset(self.findings))
        if query := self.search_query.casefold():
            found = [
                each
                for each in found
                if query in f"{each.row}\n{each.explanation}\n{each.fix}".casefold()
            ]
        return self._in_order(found)

    def _in_order(self, findings: list[Finding]) -> list[Finding]:
        """By what the column's head was clicked for; what is equal stays as the engine has it."""
        name, backwards = self.ordering.lstrip("-"), self.ordering.startswith("-")
        names = owner_names(findings) if name == "owner" else {}
        keys: dict[str, Callable[[Finding], Any]] = {
            "severity": lambda each: Severity(each.severity).rank,
            "label": lambda each: str(each.row).casefold(),
            # Those that nobody owns come last.
            "owner": lambda each: (each.owner_id is None, names.get(each.owner_id, "")),
        }
        return sorted(findings, key=keys[name], reverse=backwards)

    def get_base_queryset(self) -> list[Finding]:
        return self.findings

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, rows, has_others = super().paginate_queryset(queryset, page_size)
        page.object_list = Presenter(list(rows), self.request.user).all()
        return paginator, page, page.object_list, has_others

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        if self.is_export:
            return Presenter(list(object_list), self.request.user).all()
        return object_list

    def to_row_dict(self, item: Care) -> Any:
        row = {name: getattr(item, name, "") for name in self.list_export if name != "export_url"}
        url = item.fix_url
        row["export_url"] = self.request.build_absolute_uri(url) if url else ""
        return {name: neutralise(value) for name, value in row.items()}

    @cached_property
    def no_results_message(self) -> Any:
        if self.is_searching or self.is_filtering:
            return _("Nothing that needs care matches.")
        return _("Nothing needs care now.")


# --- Mark as reviewed ---------------------------------------------------------------------------


@require_POST
def mark_reviewed(request: HttpRequest, model: str, pk: str) -> HttpResponse:
    """Record that a row was found true today, by whoever may change it.

    Args:
        model: the label of a registry model, such as "wagtail_regional.alliance".
    """
    row_model = _registry_model(model)
    if not may(request.user, "change", row_model):
        raise PermissionDenied
    with transaction.atomic():
        row = get_object_or_404(row_model._default_manager, pk=key_or_404(row_model, pk))
        row.mark_reviewed(request.user)
        log(row, LOG_ACTION, user=request.user)
    if row.review_by < row.last_reviewed:
        # Its own end is past, and the day stays at that: nothing has to be looked at again.
        said = gettext(
            "“%(name)s” is marked as reviewed; it has ended, so no review is due any more."
        )
    else:
        said = gettext("“%(name)s” is marked as reviewed; the next review is due on %(day)s.")
    messages.success(request, said % {"name": row, "day": date_format(row.review_by)})
    fallback = reverse(
        "wagtail_regional_review:report"
        if may_see(request.user, row_model)
        else "wagtailadmin_home"
    )
    return redirect(get_valid_next_url_from_request(request) or fallback)


def _registry_model(label: str) -> Any:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    if not issubclass(model, RegistryEntry):
        raise Http404
    return model


# --- The home page ----------------------------------------------------------------------------


class ReviewHomePanel(Component):
    """What needs care now, the worst first, on the admin's home page."""

    name = "regional_review"
    template_name = "wagtail_regional/admin/review/home_panel.html"
    order = 205
    #: How many are shown before the link to the report.
    most = 5

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        findings = visible_to(user, current_findings())
        mine = [each for each in findings if each.owner_id == user.pk]
        # One's own first: they are what one is asked to do.
        others = [each for each in findings if each.owner_id != user.pk]
        first = sorted([*mine, *others], key=lambda each: Severity(each.severity).rank)
        report = reverse("wagtail_regional_review:report")
        return {
            "counts": [
                {
                    "label": Severity(each).label,
                    "count": count,
                    "badge": BADGES[Severity(each)],
                    "url": f"{report}?severity={each}",
                }
                for each, count in count_by_severity(findings).items()
            ],
            "care": Presenter(first[: self.most], user).all(),
            "total": len(findings),
            "report_url": report,
        }

    def render_html(self, parent_context: Any = None) -> Any:
        if not may_see_any(parent_context["request"].user):
            return ""
        return super().render_html(parent_context)


# --- Hooks --------------------------------------------------------------------------------------


def admin_urls() -> list[Any]:
    """For Wagtail's hook `register_admin_urls`."""
    patterns = [
        path("", ReviewReportView.as_view(), name="report"),
        path("results/", ReviewReportView.as_view(results_only=True), name="report_results"),
        path("<str:model>/<str:pk>/reviewed/", mark_reviewed, name="reviewed"),
    ]
    namespace = "wagtail_regional_review"
    return [path("regional/review/", include((patterns, namespace), namespace=namespace))]


class ReviewMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_any(request.user)


def menu_item() -> MenuItem:
    """For Wagtail's hook `register_reports_menu_item`."""
    return ReviewMenuItem(
        _("Regional: needs care"),
        reverse("wagtail_regional_review:report"),
        name="regional-review",
        icon_name="warning",
        order=600,
    )


def add_home_panel(request: HttpRequest, panels: list[Any]) -> None:
    """For Wagtail's hook `construct_homepage_panels`."""
    panels.append(ReviewHomePanel())


def register_log_action(actions: Any) -> None:
    """For Wagtail's hook `register_log_actions`."""
    actions.register_action(LOG_ACTION, _("Mark as reviewed"), _("Marked as reviewed"))
