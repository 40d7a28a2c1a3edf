"""Run by tests/test_own_base_page.py in a process of its own: a page model is chosen once."""

import json

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from wagtail.models import Locale, Site  # noqa: E402

from tests.custompage.models import (  # noqa: E402
    HomePage,
    OurPartnershipPage,
    OurProgrammesPage,
    RegionPage,
)
from wagtail_regional import factories as f  # noqa: E402

call_command("check", fail_level="ERROR")
call_command("migrate", run_syncdb=True, verbosity=0)

locale = Locale.objects.get_or_create(language_code="en")[0]
Site.objects.all().delete()
home = HomePage.add_root(title="Home", slug="home", locale=locale)
Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
alliance = f.AllianceFactory(name={"en": "Delta"})
f.MembershipFactory(alliance=alliance)
f.ProgrammeFactory(name={"en": "Minor"})
body = json.dumps(
    [{"type": "alliance", "id": "a", "value": {"alliance": alliance.pk, "show": ["members"]}}]
)
region = home.add_child(instance=RegionPage(title="Region", slug="region"))
page = region.add_child(
    instance=OurPartnershipPage(title="Partners", slug="partners", body=body, subject=alliance)
)
programmes = region.add_child(instance=OurProgrammesPage(title="Study", slug="study"))

client = Client(headers={"host": "localhost"})
for each in (region, page, programmes):
    for address in (
        each.get_url(),
        f"/api/v2/pages/{each.pk}/",
        f"/api/v3/pages/{each.pk}/",
        f"/api/v3/regional/pages/{each.pk}/",
        f"/api/v3/regional/pages/find/?path={each.get_url()}",
    ):
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code, response.content[:300])
assert "Delta" in client.get(page.get_url()).content.decode()
assert "Minor" in client.get(programmes.get_url()).content.decode()
answer = client.get(f"/api/v3/regional/pages/{region.pk}/").json()
assert [each["title"] for each in answer["children"]] == ["Partners", "Study"], answer
[listed] = client.get("/api/v3/regional/alliances/").json()["items"]
assert listed["url"].endswith("/partners/"), listed["url"]
assert client.get("/api/v3/regional/pages/").json()["count"] == 3
print("served")
