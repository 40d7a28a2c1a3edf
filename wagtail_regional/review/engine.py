"""Running the rules, and keeping what they found for as long as nothing changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Count, Max
from wagtail import hooks
from wagtail.models import Site

from wagtail_regional import keeping
from wagtail_regional.conf import conf
from wagtail_regional.freshness import stamps as stamp
from wagtail_regional.languages import content_languages
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import LinkCheck, RegionalSettings
from wagtail_regional.page_types import regional_page_models
from wagtail_regional.review import duplicates, rules
from wagtail_regional.review.findings import PAGE, Finding, Severity
from wagtail_regional.review.pages import Shown, Version
from wagtail_regional.review.rules import Facts, Rule

#: A hook whose functions return rules to add: classes or instances of `Rule`.
HOOK_NAME = "register_regional_review_rules"

BUILT_IN: tuple[type[Rule], ...] = (
    rules.EndedShownAsCurrent,
    rules.MemberGone,
    rules.BrokenLink,
    rules.UnknownBlocks,
    rules.EndsSoon,
    rules.ReviewOverdue,
    rules.DeadlinePast,
    rules.RoleOutsideDates,
    rules.ProgrammeWithoutProvider,
    duplicates.DuplicateOrganisation,
    rules.MissingTranslation,
    rules.LogoWithoutAlt,
    rules.Undated,
)


def all_rules() -> dict[str, Rule]:
    """The rules by their codes: the package's own, and those that the host registers.

    Raises:
        ImproperlyConfigured: for a rule without a code, or with that of another.
    """
    added = [each for function in hooks.get_hooks(HOOK_NAME) for each in function()]
    found: dict[str, Rule] = {}
    for each in (*BUILT_IN, *added):
        rule = each() if isinstance(each, type) else each
        if not rule.code or rule.code in found:
            raise ImproperlyConfigured(
                f"{HOOK_NAME}: {type(rule).__name__} needs a code of its own, not {rule.code!r}."
            )
        found[rule.code] = rule
    return found


def moment_of_site() -> Moment:
    """Today, with the window of the default site."""
    site = Site.objects.filter(is_default_site=True).first()
    return RegionalSettings.read(site).moment()


def review(only: Iterable[str] | None = None, moment: Moment | None = None) -> list[Finding]:
    """Run the rules now.

    Args:
        only: codes of the rules to run, all of them by default.
        moment: the day to judge from, today by default.

    Returns:
        What was found: the worst first, then by rule and by row.
    """
    facts = Facts(moment or moment_of_site())
    wanted = None if only is None else set(only)
    order = all_rules()
    found = [
        _with_pages(finding, facts)
        for code, rule in order.items()
        if wanted is None or code in wanted
        for finding in rule.find(facts)
    ]
    place = {code: index for index, code in enumerate(order)}
    found.sort(key=lambda each: (each.severity.rank, place[each.rule], each.row.key))
    return found


def _with_pages(finding: Finding, facts: Facts) -> Finding:
    if finding.pages is not None:
        return finding
    pages = facts.shown.pages(finding.row.model_class, finding.row.pk)
    return replace(finding, pages=pages)


def current_findings() -> tuple[Finding, ...]:
    """What :func:`review` finds, kept until something changes: what readers see, drafts, the
    results of checking links, or the day."""
    key, version = "wagtail_regional.findings", _version()
    found = keeping.read(key, _findings, version)
    if found is None:
        found = tuple(review())
        keeping.keep(key, found, 24 * 3600, version)
    return found


def _findings(found: Any) -> tuple[Finding, ...] | None:
    """The findings that were kept; None for anything else."""
    is_ours = type(found) is tuple and all(type(each) is Finding for each in found)
    return found if is_ours else None


def _version() -> str:
    """A short text that differs when the findings may."""
    moment = moment_of_site()
    checks = LinkCheck.objects.aggregate(Count("pk"), Max("checked_at"))
    drafts = [
        model.objects.aggregate(Max("latest_revision_id"), Count("pk"))
        for model in regional_page_models()
    ]
    parts: list[Any] = [
        stamp.current(),
        moment,
        conf.API_CACHE_VERSION,
        *content_languages(),
        *all_rules(),
        *checks.values(),
        *(value for each in drafts for value in each.values()),
    ]
    return blake2b(repr(list(map(str, parts))).encode(), digest_size=16).hexdigest()


def findings_on(page: Any) -> list[Finding]:
    """What needs care on one page as its editor has it before them.

    Args:
        page: a regional page, with its draft's values.
    """
    subject = getattr(page, "subject_id", None)
    version = Version.of(type(page), page.pk, page.title, page.body, subject, public=False)
    moment = moment_of_site()
    shown = Shown([version], moment)
    ended = rules.EndedShownAsCurrent()
    here = list(ended.on_pages(Facts(moment), [version]))
    here += rules.UnknownBlocks().on_pages([version])
    return here + [
        finding
        for finding in current_findings()
        if (finding.target or ("",))[0] != PAGE
        and shown.shows(finding.row.model_class, finding.row.pk)
    ]


def count_by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """How many there are of each severity that occurs, the worst first."""
    counted = Counter(finding.severity for finding in findings)
    return {each: counted[each] for each in Severity if counted[each]}
