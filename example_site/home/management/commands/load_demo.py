from io import StringIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from example_site.demo_content.pages import load_pages
from example_site.demo_content.registry import Registry

PASSWORD = "regional-demo"


class Command(BaseCommand):
    help = "Load the demo: registry, pages in two languages, an editor. Can be run again."

    @transaction.atomic
    def handle(self, *args, **options):
        registry = Registry(owner=self._people()).load()
        pages = load_pages(registry)
        self.stdout.write(
            f"Demo loaded: {len(registry.organisations)} organisations, "
            f"{type(registry.alliances['lde']).objects.count()} alliances, "
            f"{len(registry.programmes)} programmes, {pages} pages."
        )

    def _people(self):
        """An administrator, and an editor who may do what editors of the section do. Returns the
        editor."""
        call_command("regional_roles", stdout=StringIO())
        group = Group.objects.get(name="Regional editors")
        # The role keeps the registry; the demo's editor sets up its webhooks and settings, too.
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label="wagtail_regional")
        )
        users = get_user_model().objects
        admin, _ = users.get_or_create(username="admin", defaults={"email": "admin@example.org"})
        admin.is_staff = admin.is_superuser = True
        editor, _ = users.get_or_create(username="editor", defaults={"email": "e@example.org"})
        editor.save()
        editor.groups.set([group, *Group.objects.filter(name__in=["Editors", "Moderators"])])
        for user in (admin, editor):
            if not user.check_password(PASSWORD):
                user.set_password(PASSWORD)
            user.save()
        return editor
