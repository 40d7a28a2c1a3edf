"""The head of the registry's screens: where one is, as everywhere in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _


class Heading:
    """Says where a modeladmin screen is. Its templates include ``admin/header.html``."""

    index_url: str
    verbose_name_plural: str
    get_page_title: Any

    @property
    def breadcrumbs(self) -> list[dict[str, str]]:
        """The way here; the last is where one is."""
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        rows = {"url": self.index_url, "label": capfirst(self.verbose_name_plural)}
        title = capfirst(str(self.get_page_title()))
        if title == rows["label"]:
            return [home, rows]
        here = {"url": "", "label": title}
        row = getattr(self, "instance", None)
        if row is not None and row.pk:
            here["sublabel"] = str(row)
        return [home, rows, here]
