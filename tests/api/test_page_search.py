"""Pages are found by what they show, and not by their own words alone."""

import pytest
import wagtail

from tests.conftest import block, fill
from wagtail_regional import factories as f

pytestmark = pytest.mark.indexed

SEARCH = f"/api/{'v3/' if wagtail.VERSION >= (8, 0) else ''}regional/search/"


def titles(client, words):
    answer = client.get(SEARCH, {"q": words, "kind": "page"})
    assert answer.status_code == 200, answer.content
    return [each["title"] for each in answer.json()["items"]]


@pytest.mark.parametrize("words", ["quantum", "kwantumverbond", "zephyr"])
def test_by_the_names_of_what_its_blocks_show(section, client, words):
    alliance = f.AllianceFactory(name={"en": "Quantum alliance", "nl": "Kwantumverbond"})
    partner = f.OrganisationFactory(name={"en": "Zephyr Institute"})
    grid = {"source": "picked", "organisations": [partner.pk]}
    fill(
        section.page,
        [block("alliance", {"alliance": alliance.pk, "show": []}), block("partner_grid", grid)],
    )
    assert titles(client, words) == [section.page.title]


def test_by_the_names_of_its_subject(section, client):
    section.page.subject = f.AllianceFactory(name={"en": "Quantum alliance"})
    section.page.save()
    assert titles(client, "quantum") == [section.page.title]


def test_a_block_whose_row_is_gone_is_no_error(section, client):
    alliance = f.AllianceFactory(name={"en": "Quantum alliance"})
    fill(section.page, [block("alliance", {"alliance": alliance.pk, "show": []})])
    alliance.delete()
    page = type(section.page).objects.get()
    page.title = "Anything"
    page.save()
    assert titles(client, "anything") == ["Anything"]
