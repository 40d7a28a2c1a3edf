from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import ngettext_lazy
from wagtail.admin.utils import get_admin_base_url

from wagtail_regional.admin.digest import send_digests
from wagtail_regional.admin.findings import edit_url, owner_names
from wagtail_regional.review import Finding, Severity, review
from wagtail_regional.review.engine import all_rules, count_by_severity
from wagtail_regional.review.links import Outcome, check_links

#: What stands for rows that nobody owns.
NOBODY = "none"
NEVER = "never"
#: How many there are of a severity.
COUNTED = {
    Severity.ERROR: ngettext_lazy("%d error", "%d errors"),
    Severity.WARNING: ngettext_lazy("%d warning", "%d warnings"),
    Severity.NOTICE: ngettext_lazy("%d notice", "%d notices"),
}


class Command(BaseCommand):
    """Exit status: 0 when nothing shown is as bad as --fail-at says, 1 when something is, 2 when
    the command was called wrongly or could not do what it was told."""

    help = (
        "Says what of the regional section needs care, and how to fix it. The exit status is 1 "
        "when anything is at or above the severity of --fail-at (by default: error), and 2 when "
        "the command was called wrongly."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        severities = list(Severity.values)
        parser.add_argument(
            "--format", choices=("table", "json"), default="table", help="default: table"
        )
        parser.add_argument(
            "--rule",
            action="append",
            metavar="CODE",
            help="only this rule; may be given again for more",
        )
        parser.add_argument(
            "--severity", choices=severities, help="only this severity and what is worse"
        )
        parser.add_argument(
            "--owner",
            metavar="USERNAME",
            help=f"only what this user keeps; “{NOBODY}” for what nobody does",
        )
        parser.add_argument(
            "--fail-at",
            choices=(*severities, NEVER),
            default=Severity.ERROR.value,
            help=(
                "exit with status 1 when something shown is this bad or worse; "
                f"“{NEVER}” for status 0 whatever is found (default: error)"
            ),
        )
        parser.add_argument(
            "--check-links",
            action="store_true",
            help="first try every link of the registry, and keep what became of each",
        )
        parser.add_argument(
            "--email",
            action="store_true",
            help="also send each owner their own, by e-mail",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = self._checked(options)
        if options["check_links"]:
            self._check_links(options)
        # With every title: whoever runs commands has the database.
        findings = [each for each in review(only=options["rule"]) if wanted(each)]
        if options["format"] == "json":
            self._write_json(findings)
        else:
            self._write_table(findings)
        if options["email"]:
            self._mail(findings)
        self._fail(findings, options["fail_at"])

    def _checked(self, options: dict[str, Any]) -> Callable[[Finding], bool]:
        """The test that the options make.

        Raises:
            CommandError: naming the option, the value and what would do.
        """
        known = all_rules()
        for code in options["rule"] or ():
            if code not in known:
                raise CommandError(
                    f"--rule: there is no rule “{code}”. There are: {', '.join(sorted(known))}.",
                    returncode=2,
                )
        owner, severity = options["owner"], options["severity"]
        users: Any = get_user_model()
        owner_id = None
        if owner is not None and owner != NOBODY:
            user = users._default_manager.filter(**{users.USERNAME_FIELD: owner}).first()
            if user is None:
                raise CommandError(
                    f"--owner: there is no user “{owner}”. Give a username, or “{NOBODY}” for "
                    "what nobody keeps.",
                    returncode=2,
                )
            owner_id = user.pk

        def wanted(finding: Finding) -> bool:
            if owner is not None and finding.owner_id != owner_id:
                return False
            return severity is None or finding.severity.reaches(Severity(severity))

        return wanted

    def _fail(self, findings: list[Finding], fail_at: str) -> None:
        if fail_at == NEVER:
            return
        bad = sum(each.severity.reaches(Severity(fail_at)) for each in findings)
        if bad:
            raise CommandError(
                f"{bad} at or above “{fail_at}”. (--fail-at {NEVER} makes this no failure.)",
                returncode=1,
            )

    def _check_links(self, options: dict[str, Any]) -> None:
        """Progress goes where it does not mix with the findings."""

        def progress(outcome: Outcome) -> None:
            if outcome.problem or options["verbosity"] > 1:
                word = outcome.problem or "ok"
                status = f" {outcome.status}" if outcome.status else ""
                self.stderr.write(f"{word}{status}  {outcome.url}", self.style.NOTICE)

        tried, failed = check_links(progress)
        said = f"{tried} links tried, {failed} did not answer"
        if tried and tried == failed:
            said += ". Not one did: is this machine connected to the internet?"
        self.stderr.write(said, lambda text: text)

    def _write_table(self, findings: list[Finding]) -> None:
        owners = owner_names(findings)
        titles = {code: str(rule.title) for code, rule in all_rules().items()}
        styles = {Severity.ERROR: self.style.ERROR, Severity.WARNING: self.style.WARNING}
        width = max((len(Severity(each).label) for each in Severity), default=0)
        indent = " " * (width + 2)
        for each in findings:
            severity = Severity(each.severity)
            label = styles.get(severity, str)(f"{severity.label:<{width}}")
            kind = each.row.model_class._meta.verbose_name
            self.stdout.write(f"{label}  {each.row} ({kind})")
            self.stdout.write(f"{indent}{titles[each.rule]} [{each.rule}]: {each.explanation}")
            self.stdout.write(f"{indent}→ {each.fix}")
            more = [
                f"owner: {owners.get(each.owner_id, 'nobody')}",
                *([f"pages: {self._pages(each)}"] if each.pages else []),
                *([url] if (url := _absolute(edit_url(*each.to_edit))) else []),
            ]
            self.stdout.write(indent + " · ".join(more))
        counts = count_by_severity(findings)
        summary = ", ".join(COUNTED[Severity(each)] % n for each, n in counts.items())
        self.stdout.write(summary or "Nothing needs care.")

    @staticmethod
    def _pages(finding: Finding) -> str:
        uses = finding.pages or ()
        names = [use.title if use.public else f"{use.title} (draft)" for use in uses]
        more = [f"{len(names) - 4} more"] if len(names) > 4 else []
        return ", ".join(names[:4] + more)

    def _write_json(self, findings: list[Finding]) -> None:
        owners = owner_names(findings)
        self.stdout.write(
            json.dumps(
                {
                    "count": len(findings),
                    "severities": count_by_severity(findings),
                    "findings": [_as_data(each, owners) for each in findings],
                },
                ensure_ascii=False,
                indent=2,
            )
        )

    def _mail(self, findings: list[Finding]) -> None:
        try:
            digest = send_digests(findings)
        except ValueError as error:
            raise CommandError(f"--email: {error}", returncode=2) from error
        said = [f"{len(digest.sent)} mails sent"]
        for names, what in (
            (digest.without_address, "have no e-mail address"),
            (digest.inactive, "are not active"),
        ):
            if names:
                said.append(f"{', '.join(names)} {what}, so nobody was told of what they keep")
        if digest.unowned:
            said.append(f"{digest.unowned} findings are about rows that nobody owns")
        self.stderr.write("; ".join(said), lambda text: text)
        if digest.failed:
            failed = "; ".join(f"{name}: {error}" for name, error in digest.failed.items())
            raise CommandError(f"--email: these could not be sent: {failed}", returncode=2)


def _as_data(finding: Finding, owners: dict[Any, str]) -> dict[str, Any]:
    row = finding.row
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "row": {
            "model": row.model,
            "pk": row.pk,
            "uuid": row.uuid,
            "label": str(row),
            "edit_url": _absolute(edit_url(*row.key)),
        },
        "explanation": str(finding.explanation),
        "fix": str(finding.fix),
        "fix_url": _absolute(edit_url(*finding.to_edit)),
        "owner": owners.get(finding.owner_id),
        "pages": [
            {
                "pk": use.pk,
                "title": use.title,
                "public": use.public,
                "draft": use.draft,
                "edit_url": _absolute(edit_url("wagtailcore.page", use.pk)),
            }
            for use in finding.pages or ()
        ],
    }


def _absolute(url: str) -> str:
    base = get_admin_base_url()
    return f"{base.rstrip('/')}{url}" if base and url else url
