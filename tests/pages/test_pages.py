"""Pages as readers and editors meet them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance
from wagtail_regional import factories as f
from wagtail_regional.blocks import AllianceBlock, BatchStreamBlock
from wagtail_regional.pages.models import PartnershipPage
from wagtail_regional.representation.needs import Needs


def test_the_section_renders(client, section):
    alliance = make_alliance(name={"en": "Delta"})
    page = fill(section.page, [block("alliance", {"alliance": alliance.pk, "show": ALL_SECTIONS})])
    html = client.get(page.url).content.decode()
    assert "Delta" in html and "application/ld+json" in html and "municipalities" in html
    index = client.get(section.index.url).content.decode()
    assert "Regional partnerships" in index


def test_json_ld_cannot_end_its_script(client, section):
    section.page.title = "</script><script>alert(1)</script>"
    section.page.save()
    html = client.get(section.page.url).content.decode()
    assert "<script>alert(1)" not in html


def test_the_programme_index_filters_by_a_plain_form(client, section):
    home = f.OrganisationFactory(name={"en": "My university"})
    f.ProgrammeAccessFactory(organisation=home, programme__name={"en": "Open minor"})
    f.ProgrammeFactory(name={"en": "Closed minor"})
    everything = client.get(section.programmes.url).content.decode()
    assert "Open minor" in everything and "Closed minor" in everything
    mine = client.get(f"{section.programmes.url}?home={home.uuid}").content.decode()
    assert "Open minor" in mine and "Closed minor" not in mine
    nonsense = client.get(f"{section.programmes.url}?type=nonsense")
    assert nonsense.status_code == 200


def test_the_sitemap_names_the_languages(rf, section, dutch_home):
    from wagtail.models import Locale

    dutch = Locale.objects.get(language_code="nl")
    section.index.copy_for_translation(dutch).save_revision().publish()
    [entry] = section.index.get_sitemap_urls(rf.get("/"))
    assert {each["lang_code"] for each in entry["alternates"]} == {"en", "nl"}


def test_two_pages_cannot_be_about_one_alliance(section):
    alliance = f.AllianceFactory()
    section.page.subject = alliance
    section.page.save()
    other = f.PartnershipPageFactory(title="Another", parent=section.index)
    other.subject = alliance
    with pytest.raises(Exception, match="about this alliance already"):
        other.full_clean()


def test_a_block_about_the_pages_own_alliance_does_not_tell_its_status_again(client, section):
    own, other = (f.AllianceFactory(starts="2009", ends="2016") for _ in range(2))
    section.page.subject = own
    blocks = [block("alliance", {"alliance": each.pk, "show": []}) for each in (own, other)]
    page = fill(section.page, blocks)
    html = client.get(page.url).content.decode()
    # At the top of the page, and in the block about the other one.
    assert html.count("Ran from 2009 until 2016") == 2


@pytest.mark.parametrize("name", ["index", "page", "programmes"])
def test_editors_open_and_preview_pages(admin_client, section, name):
    page = getattr(section, name)
    response = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200
    preview = admin_client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert preview.status_code == 200


def test_editors_create_a_page(admin_client, section):
    address = reverse(
        "wagtailadmin_pages:add",
        args=["wagtail_regional_pages", "partnershippage", section.index.pk],
    )
    assert admin_client.get(address).status_code == 200
    response = admin_client.post(
        address,
        {
            "title": "A new page",
            "slug": "a-new-page",
            "introduction": "",
            "hero_image": "",
            "subject": "",
            "body-count": "0",
            "action-publish": "publish",
        },
    )
    assert response.status_code == 302
    assert PartnershipPage.objects.get(slug="a-new-page").live


@pytest.mark.parametrize("model", ["organisation", "alliance", "project", "programme", "theme"])
def test_the_registry_has_its_screens(admin_client, site, model):
    make_alliance()
    app = "wagtail_regional"
    index = admin_client.get(reverse(f"{app}_{model}_modeladmin_index") + "?q=a")
    assert index.status_code == 200
    assert admin_client.get(reverse(f"{app}_{model}_modeladmin_create")).status_code == 200
    chooser = admin_client.get(reverse(f"regional_{model}_chooser:choose") + "?q=a")
    assert chooser.status_code == 200


# --- Rows that are only mentioned --------------------------------------------------------------


def test_what_is_only_mentioned_is_not_read_whole_and_reads_the_same(full_page, rf):
    home, provider = f.OrganisationFactory(), f.OrganisationFactory()
    programme = f.ProgrammeFactory(type="minor")
    f.ProgrammeAccessFactory(programme=programme, organisation=home)
    f.ProgrammeProviderFactory(programme=programme, organisation=provider)
    body = [each for each in full_page.body.get_prep_value() if "audience" not in each["value"]]
    for asked in ({"audience": home.pk}, {"provider": provider.pk}, {"type": "minor"}):
        more = {"source": "query", "show_filters": True, **asked}
        page = fill(full_page, [*body, block("programme_list", more)])

        def answer(page=page, **kwargs):
            request = rf.get("/", headers={"host": "localhost"})
            fresh = type(page).objects.get(pk=page.pk)
            with CaptureQueriesContext(connection) as queries:
                found = fresh.read(request, **kwargs).json()
            return found, " ".join(query["sql"] for query in queries)

        whole, short = answer(), answer(with_rows=False)
        assert whole[0] == short[0]
        assert "programmeprovider" in whole[1]
    # The last one asks for nothing that hangs on programmes.
    assert "programmeprovider" not in short[1]
    with pytest.raises(ValueError, match="not read"):
        page.read(with_rows=False).json(include=["programmes"])
    assert b"included" in page.read().json(include=["programmes"])


def test_a_block_of_the_host_finds_all_of_what_is_mentioned(full_page):
    class Own(AllianceBlock):
        pass

    value = full_page.body.get_prep_value()[0]["value"]
    for kind, is_whole in ((AllianceBlock, False), (Own, True)):
        stream = BatchStreamBlock([("shown", kind())])
        needs = Needs(whole=False)
        stream.collect(stream.to_python([block("shown", value)]), needs)
        assert needs.whole is is_whole
