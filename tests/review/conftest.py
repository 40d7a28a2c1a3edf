"""What the review's tests share."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from wagtail_regional.review import review


def day(offset: int) -> dt.date:
    """Today, and so many days on."""
    return timezone.localdate() + dt.timedelta(days=offset)


@pytest.fixture
def found(site):
    """What a rule finds, as (name of the row, explanation)."""

    def found(code: str) -> list[tuple[str, str]]:
        return [(str(each.row), str(each.explanation)) for each in review(only=[code])]

    return found


@pytest.fixture
def log_in(client, django_user_model):
    """Log in somebody who may enter the admin, and has these permissions besides."""

    def log_in(*codenames: str, name: str = "editor") -> Any:
        user = django_user_model.objects.create_user(name, f"{name}@example.org", "x")
        user.user_permissions.set(
            Permission.objects.filter(codename__in=("access_admin", *codenames))
        )
        client.force_login(user)
        return client

    return log_in
