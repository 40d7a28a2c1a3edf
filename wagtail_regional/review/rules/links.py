"""The rule about addresses that no longer answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from wagtail_regional.models import (
    Alliance,
    LinkCheck,
    LinkProblem,
    Programme,
    ProgrammeAccess,
    Recognition,
)
from wagtail_regional.review.findings import (
    Date,
    Finding,
    ListOf,
    Severity,
    Text,
)
from wagtail_regional.review.rules.base import NAMES, Entry, Facts, Rule


class BrokenLink(Rule):
    code = "broken_link"
    severity = Severity.ERROR
    title = gettext_lazy("Link that does not answer")
    description = gettext_lazy(
        "An address did not answer when links were last checked, which only "
        "`manage.py regional_review --check-links` does."
    )

    def find(self, facts: Facts) -> Iterator[Finding]:
        failing = LinkCheck.objects.exclude(problem="")
        checks: dict[str, list[Any]] = {
            url: rest
            for url, *rest in failing.values_list("url", "problem", "status", "failing_since")
        }
        if not checks:
            return
        urls = failing.values("url")
        found: dict[tuple[Any, str], tuple[Entry, list[Any]]] = {}
        for model, about, via, column in link_columns():
            rows = model._default_manager.filter(**{f"{column}__in": urls})
            for entry, url in facts.entries(rows, about, column, via=via):
                # MariaDB tells no capitals apart.
                if url in checks:
                    fields = found.setdefault((entry.row.key, url), (entry, []))[1]
                    fields.append(model._meta.get_field(column).verbose_name)
        for (_key, url), (entry, fields) in found.items():
            yield self._finding(entry, fields, url, *checks[url])

    def _finding(
        self,
        entry: Entry,
        fields: list[Any],
        url: str,
        problem: str,
        status: int | None,
        since: dt.datetime | None,
    ) -> Finding:
        reason: Any = LinkProblem(problem).label
        if status:
            reason = Text(_("%(reason)s (status %(status)s)"), reason=reason, status=status)
        return self.finding(
            entry,
            Text(
                _("%(url)s (%(fields)s) has not answered since %(since)s: %(reason)s."),
                url=url,
                fields=ListOf(dict.fromkeys(fields)),
                since=Date(timezone.localdate(since) if since else None),
                reason=reason,
            ),
            Text(_("Look for where it went, and correct or clear the address.")),
        )


def link_columns() -> Iterator[tuple[Any, Any, str, str]]:
    """Where the registry has addresses: the model, the entry's model, the way to the entry, and
    the column."""
    owners: tuple[tuple[Any, Any, str], ...] = (
        *((model, model, "") for model in NAMES),
        (Recognition, Alliance, "alliance__"),
        (ProgrammeAccess, Programme, "programme__"),
    )
    for model, about, via in owners:
        for column in model._meta.fields:
            if isinstance(column, models.URLField):
                yield model, about, via, column.name
