"""The columns of the registry's lists, and what a list loads for them."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wagtail_regional.admin.headings import LabelledCells
from wagtail_regional.choosers.labels import review_tag, status_tag
from wagtail_regional.choosers.searching import site_moment
from wagtail_regional.languages import country_name


class Columns(LabelledCells):
    """Columns that screens name in `list_display`. The view puts `_moment` and `_uses` on each
    row of a page of results, so that no column asks the database for a single row."""

    url_helper: Any

    def status(self, row: Any) -> Any:
        return status_tag(row, _moment(row))

    status.short_description = _("Status")  # type: ignore[attr-defined]

    def kind(self, row: Any) -> str:
        label: str = row.get_type_display()
        return label

    kind.short_description = _("Type")  # type: ignore[attr-defined]
    kind.admin_order_field = "type"  # type: ignore[attr-defined]

    def place(self, row: Any) -> str:
        country = country_name(row.country) if row.country else ""
        return ", ".join(filter(None, (row.locality, country)))

    place.short_description = _("Place")  # type: ignore[attr-defined]
    place.admin_order_field = "locality"  # type: ignore[attr-defined]

    def review(self, row: Any) -> Any:
        return review_tag(row, _moment(row))

    review.short_description = _("Review")  # type: ignore[attr-defined]
    review.admin_order_field = "review_by"  # type: ignore[attr-defined]

    def used(self, row: Any) -> Any:
        count = row.__dict__.get("_uses", 0)
        if not count:
            return format_html('<span class="regional-detail">{}</span>', _("Not used"))
        address = self.url_helper.get_action_url("inspect", quote(row.pk))
        words = ngettext("%(count)s place", "%(count)s places", count) % {"count": count}
        return format_html('<a href="{}#uses">{}</a>', address, words)

    used.short_description = _("Used in")  # type: ignore[attr-defined]


def _moment(row: Any) -> Any:
    return row.__dict__.get("_moment") or site_moment()
