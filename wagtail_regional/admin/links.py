"""Links to rows and pages in the admin, for as far as somebody may follow them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.contrib.auth import get_user_model
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Site

from wagtail_regional.choosers.labels import has_ended
from wagtail_regional.compat import get_page_model
from wagtail_regional.models import RegistryEntry
from wagtail_regional.titles import titles_for
from wagtail_regional.usage.finding import RowUses, StreamUse, Uses
from wagtail_regional.usage.plans import Plan, Step


@dataclass
class Link:
    """What is shown of a row or page, and where it leads."""

    text: str
    url: str = ""
    kind: str = ""
    detail: str = ""
    ended: bool = False


@dataclass
class Group:
    """Links under a heading. `more` says how many were left out."""

    heading: str
    total: int
    links: list[Link]
    more: int = 0


class Linker:
    """Makes links for a user. What they may not see (see :mod:`wagtail_regional.titles`) is
    neither named nor counted."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.titles = titles_for(user)
        self.finder = AdminURLFinder(user)

    def link(self, row: Any, detail: str = "") -> Link:
        """To the inspect screen of a registry row, or to where anything else is edited."""
        # Whoever sees a row sees whose it is.
        is_user = isinstance(row, get_user_model())
        title = get_user_display_name(row) if is_user else self.titles.title_of(row)
        if title is None:
            return Link(_("Something that you may not open"))
        if isinstance(row, get_page_model()):
            language = row.locale.get_display_name() if row.locale_id else ""
            return Link(title, self.finder.get_edit_url(row) or "", language, detail)
        kind = str(row._meta.verbose_name)
        url = self._registry_url(row) if isinstance(row, RegistryEntry) else None
        url = url or self.finder.get_edit_url(row) or ""
        return Link(
            title if is_user else self._name(row),
            url,
            kind[:1].upper() + kind[1:],
            detail,
            has_ended(row),
        )

    def _name(self, row: Any) -> str:
        site = getattr(row, "site", None)
        return str(site) if isinstance(site, Site) else str(row)

    def may_name(self, row: Any) -> bool:
        """Whether the user may know of a row or page."""
        return self.titles.title_of(row) is not None

    def _registry_url(self, row: Any) -> str | None:
        opts = row._meta
        actions = ("view", "change", "add", "delete")
        if not any(self.user.has_perm(f"{opts.app_label}.{a}_{opts.model_name}") for a in actions):
            return None
        try:
            name = f"{opts.app_label}_{opts.model_name}_modeladmin_inspect"
            return reverse(name, args=(quote(row.pk),))
        except NoReverseMatch:
            return None

    # --- Groups ---

    def uses(self, uses: Uses) -> list[Group]:
        """Everything that uses a row: pages first."""
        groups = [self.pages(uses.streams)] if uses.streams else []
        return [*groups, *(self.rows(each) for each in uses.rows)]

    def pages(self, uses: list[StreamUse]) -> Group:
        links = [
            self.link(use.holder, _draft_words(use)) for use in uses if self.may_name(use.holder)
        ]
        return Group(_("Pages"), len(links), links)

    def rows(self, uses: RowUses) -> Group:
        relation = uses.relation
        kind = str(relation.holder(uses.shown[0][0])._meta.verbose_name_plural)
        heading = _("%(kind)s, as “%(what)s”") % {
            "kind": kind[:1].upper() + kind[1:],
            "what": relation.label,
        }
        links = [self.link(holder, _row_words(row, holder)) for row, holder in uses.shown]
        return Group(heading, uses.total, links, uses.more)

    def steps(self, plan: Plan) -> list[Link]:
        """What a plan changes."""
        return [
            self.link(step.holder, _step_words(step))
            for step in plan.steps
            if self.may_name(step.holder)
        ]

    def kept(self, plan: Plan) -> list[Link]:
        """What it leaves as it is."""
        return [
            self.link(each.holder, each.what) for each in plan.kept if self.may_name(each.holder)
        ]

    def conflicts(self, plan: Plan) -> list[tuple[Link, str]]:
        """What stands in its way. Of what the user may not know of, only that there is some."""
        told = [
            (self.link(each.holder), each.message)
            for each in plan.conflicts
            if self.may_name(each.holder)
        ]
        if len(told) < len(plan.conflicts):
            message = _("It stands in the way. Ask somebody who may open everything.")
            told.append((Link(_("Something that you may not open")), message))
        return told


def _row_words(row: Any, holder: Any) -> str:
    """What there is to know of the tie itself: the role, the period."""
    if row is holder:
        return ""
    parts = []
    if hasattr(row, "get_role_display"):
        parts.append(str(row.get_role_display()))
    if hasattr(row, "period") and any(row.period):
        parts.append(row.get_status_display())
    return " · ".join(parts)


def _draft_words(use: StreamUse) -> str:
    if use.only_in_draft:
        return _("in a draft only")
    if not getattr(use.holder, "live", True):
        return _("not published")
    return ""


def _step_words(step: Step) -> str:
    return f"{step.what}. {step.note}" if step.note else step.what
