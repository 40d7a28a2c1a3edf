"""System checks name what is missing or misleads, with a hint."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from wagtail_regional.checks.settings import REQUIRED_APPS

# Django's own checks ask the database what it can do, in whichever test runs them first.
pytestmark = pytest.mark.django_db


def ids(found):
    return {each.id for each in found}


def run(**kwargs):
    return [each for each in checks.run_checks(**kwargs) if (each.id or "").startswith("wagtail_r")]


def test_this_site_has_nothing_to_mend():
    assert run() == []


def test_a_missing_app_is_named(monkeypatch):
    # A site without Wagtail's own embeds is driven in CI: apps cannot be taken away here.
    monkeypatch.setitem(REQUIRED_APPS, "wagtail.contrib.styleguide", "it is there for this test")
    [found] = run()
    assert found.id == "wagtail_regional.E001" and found.level == checks.ERROR
    assert "wagtail.contrib.styleguide" in found.msg and "INSTALLED_APPS" in found.hint


def test_this_site_has_all_that_is_required():
    assert set(REQUIRED_APPS) <= set(settings.INSTALLED_APPS)


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ({"API_CACHE": "nowhere"}, "nowhere"),
        ({"WATCHED_MODELS": ["news.Nothing", "x"]}, "news.N"),
        ({"TAG_PURGE": {"cdn": {"BACKEND": "nope.Nope"}}}, "“nope.Nope” in TAG_PURGE"),
        ({"MAP_OUTLINES": [{"file": "gone.json", "max_zoom": 5}]}, "gone.json"),
    ],
)
def test_a_setting_names_what_there_is_not(settings, own, named):
    settings.WAGTAIL_REGIONAL = own
    found = run()
    assert ids(found) == {"wagtail_regional.E002"}
    assert named in found[0].msg and found[0].hint
    with pytest.raises(SystemCheckError, match=r"wagtail_regional\.E002"):
        call_command("check")


def test_a_cache_of_one_process_is_told_when_deploying(settings):
    assert "wagtail_regional.W010" in ids(run(include_deployment_checks=True))
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    assert "wagtail_regional.W010" not in ids(run(include_deployment_checks=True))


def test_the_address_of_a_site_is_looked_at_when_deploying(site, settings):
    def found():
        asked = run(include_deployment_checks=True, databases=["default"])
        return [each for each in asked if each.id == "wagtail_regional.W011"]

    assert "their own computer" in found()[0].msg
    site.hostname = "www.example.edu"
    site.save()
    assert found() == []
    settings.ALLOWED_HOSTS = ["example.org"]
    assert "ALLOWED_HOSTS" in found()[0].msg and "www.example.edu" in found()[0].msg


def test_a_build_without_a_secret_can_be_checked(tmp_path):
    """As `collectstatic` is run where images are built."""
    (tmp_path / "build_settings.py").write_text("from tests.settings import *\nSECRET_KEY = ''\n")
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[1])])
    environment = {"DJANGO_SETTINGS_MODULE": "build_settings", "PYTHONPATH": path}
    command = [sys.executable, "-m", "django", "check"]
    found = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
