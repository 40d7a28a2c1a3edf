"""Make the role of those who keep the registry."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.models import Q

from wagtail_regional.models import Alliance, Organisation, Programme, Project, Theme

MODELS = (Organisation, Alliance, Project, Programme, Theme)
ACTIONS = ("view", "add", "change", "delete")


class Command(BaseCommand):
    help = (
        "Make or update a group whose members keep the registry: it may get into the admin, and "
        "view, add, change and delete organisations, alliances, projects, programmes and themes. "
        "What else the group may is left alone, so the command can be repeated, also after an "
        "upgrade."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--name", default="Regional editors", help="the group (default: %(default)s)"
        )
        parser.add_argument(
            "--actions",
            nargs="+",
            choices=ACTIONS,
            default=ACTIONS,
            metavar="ACTION",
            help="what its members may: any of %(choices)s (default: all)",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and do nothing"
        )

    def handle(self, *, name: str, actions: Any, dry_run: bool, **options: Any) -> None:
        # Within the migration that brings a model, its permissions are yet to be made.
        for label in ("wagtail_regional", "wagtailadmin"):
            create_permissions(apps.get_app_config(label), verbosity=0)
        with transaction.atomic():
            group, created = Group.objects.get_or_create(name=name)
            has = set(group.permissions.values_list("pk", flat=True))
            missing = [each for each in self._wanted(actions) if each.pk not in has]
            group.permissions.add(*missing)
            if dry_run:
                transaction.set_rollback(True)
        self._report(name, created, missing, dry_run)

    def _wanted(self, actions: Any) -> Any:
        codenames = [f"{a}_{model._meta.model_name}" for model in MODELS for a in actions]
        ours = Q(content_type__app_label="wagtail_regional", codename__in=codenames)
        admin = Q(content_type__app_label="wagtailadmin", codename="access_admin")
        return Permission.objects.filter(ours | admin).select_related("content_type")

    def _report(self, name: str, created: bool, missing: list[Any], dry_run: bool) -> None:
        would = "would be " if dry_run else ""
        state = f"{would}made" if created else "is there already"
        self.stdout.write(f"The group “{name}” {state}.")
        for each in missing:
            self.stdout.write(f"  {would}added: {each.content_type.app_label}.{each.codename}")
        if not missing:
            self.stdout.write("  It has every permission it needs; nothing was changed.")
