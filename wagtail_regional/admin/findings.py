"""Findings of the review as the admin shows them: who sees which, and where each is fixed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth import get_permission_codename, get_user_model
from django.db.models import Model
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_user_display_name

from wagtail_regional.compat import get_image_policy, get_page_model
from wagtail_regional.models import RegistryEntry
from wagtail_regional.review import Finding, PageUse, Severity, seen_by
from wagtail_regional.review.engine import all_rules
from wagtail_regional.titles import titles_for

#: What the badge of each severity looks like.
BADGES = {
    Severity.ERROR: "regional-review__badge--error",
    Severity.WARNING: "regional-review__badge--warning",
    Severity.NOTICE: "regional-review__badge--notice",
}

#: How many of the pages that show a row are named with each finding; the rest is counted.
MOST_PAGES = 4


def may(user: Any, action: str, model: type[Model]) -> bool:
    """Whether `user` has the permission "view" or "change" on all rows of a model."""
    codename = get_permission_codename(action, model._meta)
    return bool(user.has_perm(f"{model._meta.app_label}.{codename}"))


def may_see(user: Any, model: type[Model]) -> bool:
    """Whether findings about rows of `model` are for `user`: who may view or change them."""
    return may(user, "view", model) or may(user, "change", model)


def may_see_any(user: Any) -> bool:
    """Whether the review has anything for `user` at all."""
    return any(may_see(user, model) for model in registry_models())


def registry_models() -> list[type[Model]]:
    """The registry's models, with those of the host that are entries like them."""
    return [model for model in apps.get_models() if issubclass(model, RegistryEntry)]


def visible_to(user: Any, findings: Iterable[Finding]) -> list[Finding]:
    """Those about rows that `user` may view or change, with the titles that they may see."""
    allowed: dict[str, bool] = {}
    found = []
    findings, titles, page_model = list(findings), titles_for(user), get_page_model()
    page = page_model._meta.label_lower
    titles.load(page_model, {each.row.pk for each in findings if each.row.model == page})
    for finding in findings:
        model = finding.row.model
        if model == page:
            # No permission of a model's: each page has its own.
            if titles.may_open(page_model, finding.row.pk):
                found.append(finding)
            continue
        if model not in allowed:
            allowed[model] = may_see(user, finding.row.model_class)
        if allowed[model]:
            found.append(finding)
    return seen_by(titles, found)


def edit_url(label: str, pk: Any) -> str:
    """Where a row is edited; "" when the admin has no screen for it. Asks for no permission."""
    model: Any = get_page_model() if label == "wagtailcore.page" else apps.get_model(label)
    # Not `model(pk=pk)`: of a model's defaults, some ask the database.
    row = model.from_db(None, [model._meta.pk.attname], [pk])
    return AdminURLFinder().get_edit_url(row) or ""


@dataclass(frozen=True)
class ShownPage:
    """A page that shows the row, linked when the user may edit it."""

    use: PageUse
    url: str


@dataclass(frozen=True)
class Care:
    """One finding, for one user."""

    finding: Finding
    presenter: Presenter

    @property
    def label(self) -> str:
        return str(self.finding.row)

    @property
    def kind(self) -> str:
        """What sort of thing the row is."""
        return str(self.finding.row.model_class._meta.verbose_name)

    @property
    def severity(self) -> str:
        return str(Severity(self.finding.severity).label)

    @property
    def badge(self) -> str:
        return BADGES[Severity(self.finding.severity)]

    @property
    def rule(self) -> str:
        return self.finding.rule

    @property
    def rule_title(self) -> str:
        rule = self.presenter.rules.get(self.finding.rule)
        return str(rule.title) if rule else self.finding.rule

    @property
    def explanation(self) -> str:
        return str(self.finding.explanation)

    @property
    def fix(self) -> str:
        return str(self.finding.fix)

    @property
    def owner(self) -> str:
        return self.presenter.owners.get(self.finding.owner_id, "")

    @property
    def uuid(self) -> str:
        return self.finding.row.uuid

    @property
    def pages(self) -> list[ShownPage]:
        return [self.presenter.page(use) for use in self.finding.pages or ()]

    @property
    def first_pages(self) -> list[ShownPage]:
        return self.pages[:MOST_PAGES]

    @property
    def more_pages(self) -> int:
        """How many there are besides the first."""
        return len(self.pages) - len(self.first_pages)

    @property
    def page_titles(self) -> str:
        return ", ".join(use.title for use in self.finding.pages or ())

    @property
    def row_url(self) -> str:
        """Where the row is edited, for those who may."""
        return self.presenter.url(*self.finding.row.key)

    @property
    def fix_url(self) -> str:
        """Where it is fixed, for those who may."""
        return self.presenter.url(*self.finding.to_edit)

    @property
    def elsewhere(self) -> bool:
        """Whether it is fixed where something else is edited, and the user may."""
        return self.finding.target is not None and bool(self.fix_url)

    @property
    def review_url(self) -> str:
        """Where to post that the row was reviewed, for those who may."""
        row = self.finding.row
        if not issubclass(row.model_class, RegistryEntry):
            return ""
        if not self.presenter.may_change(row.model):
            return ""
        return reverse("wagtail_regional_review:reviewed", args=(row.model, row.pk))


class Presenter:
    """Shows findings to one user. What it asks the database is the same for any number of them.

    Args:
        findings: those that will be shown, at least. Of each, it shows what the user may see
            (see :mod:`wagtail_regional.titles`); one that they may not know of is not there.
        user: who looks at them.
    """

    def __init__(self, findings: Sequence[Finding], user: Any) -> None:
        self.titles = titles_for(user)
        self.findings = seen_by(self.titles, findings)
        self.user = user
        self.rules = all_rules()
        self._may_change: dict[str, bool] = {}

    def all(self) -> list[Care]:
        return [Care(finding, self) for finding in self.findings]

    @cached_property
    def owners(self) -> dict[Any, str]:
        """Names of the owners, by primary key."""
        return owner_names(self.findings)

    def may_change(self, label: str) -> bool:
        if label not in self._may_change:
            self._may_change[label] = may(self.user, "change", apps.get_model(label))
        return self._may_change[label]

    @cached_property
    def _images(self) -> set[int]:
        from wagtail.images import get_image_model

        label = get_image_model()._meta.label_lower
        wanted = {each.to_edit[1] for each in self.findings if each.to_edit[0] == label}
        if not wanted:
            return set()
        editable = get_image_policy().instances_user_has_permission_for(self.user, "change")
        return set(editable.filter(pk__in=wanted).values_list("pk", flat=True))

    def page(self, use: PageUse) -> ShownPage:
        return ShownPage(use, self.url("wagtailcore.page", use.pk))

    def url(self, label: str, pk: Any) -> str:
        """Where a row, page or image is edited; "" when the user may not."""
        from wagtail.images import get_image_model

        if label == "wagtailcore.page":
            allowed = self.titles.may_open(get_page_model(), pk)
        elif label == get_image_model()._meta.label_lower:
            allowed = pk in self._images
        else:
            allowed = self.may_change(label)
        return edit_url(label, pk) if allowed else ""


def owner_names(findings: Iterable[Finding]) -> dict[Any, str]:
    """Names of the owners of findings, by primary key. One query."""
    wanted = {each.owner_id for each in findings} - {None}
    users: Any = get_user_model()._default_manager
    return {pk: get_user_display_name(user) for pk, user in users.in_bulk(wanted).items()}
