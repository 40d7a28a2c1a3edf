#!/usr/bin/env bash
# The README's steps in a site fresh from `wagtail start`. Usage: wheel-smoke.sh WHEEL RELEASE
set -euo pipefail
wheel=$(realpath "$1") release=$2 python=$(realpath .venv/bin/python)
site=$(mktemp -d)
# A fresh site reads its own settings, not those of the tests around it.
unset DJANGO_SETTINGS_MODULE DATABASE_URL
cd "$site"
"$python" -m venv venv
venv/bin/pip install -q "$wheel" "wagtail==$release.*"
venv/bin/wagtail start mysite >/dev/null
cd mysite
cat >> mysite/settings/base.py <<'S'
INSTALLED_APPS += [
    "wagtail_regional",
    "wagtail_regional.pages",
    "wagtail_modeladmin",
    "wagtail.contrib.settings",
]
S
if [ "$release" = 8.0 ]; then
    module=wagtail.api.v3.urls at=api/v3/
else
    module=wagtail_regional.api.standalone at=api/regional/
fi
printf '\nfrom %s import api\n\nurlpatterns = [path("%s", api.urls), *urlpatterns]\n' "$module" "$at" >> mysite/urls.py
../venv/bin/python manage.py migrate -v0
../venv/bin/python manage.py check
../venv/bin/python manage.py makemigrations --check --dry-run
../venv/bin/python manage.py shell <<'S'
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import Page
from wagtail_regional.pages.models import RegionIndexPage

home = Page.objects.get(depth=2)
get_user_model().objects.create_superuser("admin", "a@example.org", "x")
client = Client(headers={"host": "localhost"})
client.login(username="admin", password="x")
address = f"/admin/pages/add/wagtail_regional_pages/regionindexpage/{home.pk}/"
data = {"title": "Region", "slug": "region", "body-count": "0", "action-publish": "publish"}
assert client.post(address, data).status_code == 302
page = RegionIndexPage.objects.get()
assert client.get("/region/").status_code == 200
print("a page was made and served:", page.title)
S
rm -rf "$site"
