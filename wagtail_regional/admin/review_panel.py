"""In the page editor: what on this page needs care."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from wagtail_regional.admin.findings import Presenter
from wagtail_regional.review import findings_on


class ReviewPanel(Panel):
    """Lists what the review finds about what the draft shows. It never stands in the way of
    saving, and it is not there before a page is first saved."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Needs care"), "icon": "warning", **kwargs})

    @property
    def clean_name(self) -> str:
        return super().clean_name or "regional_review"

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_regional/admin/review/page_panel.html"

        @cached_property
        def care(self) -> list[Any]:
            return Presenter(findings_on(self.instance), self.request.user).all()

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk) and bool(self.care)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            return {**context, "care": self.care, "more": len(self.care) - 3}
