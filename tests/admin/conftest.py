"""What the tests of the admin share: people with permissions, addresses, forms."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from wagtail_regional import factories as f
from wagtail_regional.models import ImportFile, ImportUpload, Webhook, WebhookDelivery


def address(model: str, action: str, *args: Any) -> str:
    return reverse(f"wagtail_regional_{model}_modeladmin_{action}", args=args)


def chooser(model: str, action: str, *args: Any) -> str:
    return reverse(f"regional_{model}_chooser:{action}", args=args)


@pytest.fixture
def person(django_user_model):
    """Makes a user who gets into the admin and has these permissions."""

    def person(*codenames: str) -> Any:
        name = f"person-{django_user_model.objects.count()}"
        user = django_user_model.objects.create_user(name, password="x")
        wanted = {"access_admin", *codenames}
        found = Permission.objects.filter(codename__in=wanted)
        assert {each.codename for each in found} == wanted
        user.user_permissions.set(found)
        return user

    return person


@pytest.fixture
def as_person(client, person):
    """The browser of such a user."""

    def as_person(*codenames: str) -> Any:
        client.force_login(person(*codenames))
        return client

    return as_person


MAKE = {
    "organisation": f.OrganisationFactory,
    "alliance": f.AllianceFactory,
    "project": f.ProjectFactory,
    "programme": f.ProgrammeFactory,
    "theme": f.ThemeFactory,
}
MODELS = list(MAKE)


def no_parts(*names: str) -> dict[str, str]:
    """Empty management forms of formsets."""
    counts = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    return {f"{name}-{count}": "0" for name in names for count in counts}


FORMS = {
    "organisation": {"name_en": "Leiden", "type": "government", **no_parts("identifiers")},
    "alliance": {
        "name_en": "The alliance",
        "type": "alliance",
        **no_parts("memberships", "recognitions"),
    },
    "project": {"title_en": "The project"},
    "programme": {
        "name_en": "The programme",
        "type": "minor",
        "study_load_unit": "ects",
        **no_parts("providers", "access", "codes"),
    },
    "theme": {"label_en": "Health", "scheme": "local", "notation": "health"},
}


@pytest.fixture
def rows(site, admin_user) -> dict[str, Any]:
    """One of everything that has a screen."""
    rows = {name: make() for name, make in MAKE.items()}
    rows["webhook"] = Webhook.objects.create(name="W", url="https://example.org/")
    payload = {"data": {"tags": []}}
    rows["webhookdelivery"] = WebhookDelivery.objects.create(
        webhook=rows["webhook"], payload=payload
    )
    rows["upload"] = ImportUpload.objects.create(user=admin_user, kind="organisations")
    data = SimpleUploadedFile("o.csv", b"name_en,type\nLeiden,government\n").read()
    ImportFile.objects.create(upload=rows["upload"], name="o.csv", data=data)
    return rows
