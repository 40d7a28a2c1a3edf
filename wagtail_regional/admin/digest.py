"""The review by e-mail: each owner is told of their own rows, in the language of their admin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext
from wagtail.admin.mail import send_mail
from wagtail.admin.utils import get_admin_base_url

from wagtail_regional.admin.findings import Care, Presenter
from wagtail_regional.review import Finding, seen_by
from wagtail_regional.text import without_control
from wagtail_regional.titles import titles_for


@dataclass
class Digest:
    """What became of the mails, by the names of the owners.

    Attributes:
        unowned: how many findings are about rows that nobody owns.
    """

    sent: list[str] = field(default_factory=list)
    without_address: list[str] = field(default_factory=list)
    inactive: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    unowned: int = 0


def send_digests(findings: Iterable[Finding]) -> Digest:
    """Send one mail to each owner.

    Raises:
        ValueError: when WAGTAILADMIN_BASE_URL, from which the links are made, is not set.
    """
    base_url = get_admin_base_url()
    if not base_url:
        raise ValueError("WAGTAILADMIN_BASE_URL is not set, and the mails' links are made from it.")
    by_owner: dict[Any, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_owner[finding.owner_id].append(finding)
    digest = Digest(unowned=len(by_owner.pop(None, [])))
    users: Any = get_user_model()._default_manager.select_related("wagtail_userprofile")
    for pk, user in sorted(users.in_bulk(list(by_owner)).items()):
        _send(user, by_owner[pk], base_url.rstrip("/"), digest)
    return digest


def _send(user: Any, findings: list[Finding], base_url: str, digest: Digest) -> None:
    name, address = user.get_username(), getattr(user, user.get_email_field_name(), "")
    if not user.is_active:
        digest.inactive.append(name)
    elif not address:
        digest.without_address.append(name)
    else:
        # What they may not see is not counted either.
        findings = seen_by(titles_for(user), findings)
        if not findings:
            return
        with translation.override(language_of(user)):
            subject, text = compose(user, findings, base_url)
        try:
            send_mail(subject, text, [address])
        except (SMTPException, OSError) as error:
            digest.failed[name] = str(error)
        else:
            digest.sent.append(name)


def language_of(user: Any) -> str:
    """The language in which `user` has the admin."""
    profile = getattr(user, "wagtail_userprofile", None)
    return (profile and profile.get_preferred_language()) or settings.LANGUAGE_CODE


def compose(user: Any, findings: list[Finding], base_url: str) -> tuple[str, str]:
    """Subject and text, in the active language."""
    count = len(findings)
    subject = ngettext(
        "%(count)s thing of the regional section needs your care",
        "%(count)s things of the regional section need your care",
        count,
    ) % {"count": count}
    care: list[Care] = Presenter(findings, user).all()
    context = {
        "user": user,
        "count": count,
        "care": [{"care": each, "url": _absolute(each.fix_url, base_url)} for each in care],
        "report_url": f"{base_url}{reverse('wagtail_regional_review:report')}?owner={user.pk}",
    }
    text = render_to_string("wagtail_regional/admin/review/digest.txt", context)
    return without_control(subject), without_control(text)


def _absolute(url: str, base_url: str) -> str:
    return f"{base_url}{url}" if url else ""
