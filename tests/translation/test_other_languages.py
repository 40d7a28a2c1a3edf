"""Languages in which the package has no words: those of another language stand in for all of them,
dates and lists included, and say so.

Every name of the registry is the same in each language here. So what differs between an English
and a Dutch page is words of ours, and in any other language they have to be one or the other.
"""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import polib
import pytest
import wagtail
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.files.base import ContentFile
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.models import Locale

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance, make_image
from wagtail_regional import away, languages
from wagtail_regional import factories as f
from wagtail_regional.blocks import AllianceBlock, RegionalBlock
from wagtail_regional.blocks.stream import BatchStreamBlock
from wagtail_regional.fields import LocalizedTextField, PartialDate
from wagtail_regional.lifecycle import Status, describe
from wagtail_regional.models import Alliance, Organisation, Programme

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"
CODES = ["en", "nl", "fy", "ar"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def four_languages(settings):
    names = [(code, code) for code in CODES]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = names
    return settings


@pytest.fixture
def places(four_languages, section, dutch_home):
    """The pages in each language: of every block, an index and a list of programmes."""
    _fill(section)
    _same_in_every_language()
    kinds = {"index": section.index, "page": section.page, "programmes": section.programmes}
    found = {"en": SimpleNamespace(**kinds)}
    for code in CODES[1:]:
        locale, _ = Locale.objects.get_or_create(language_code=code)
        for page in kinds.values():
            page.copy_for_translation(locale, copy_parents=True).save_revision().publish()
        found[code] = SimpleNamespace(
            **{name: page.get_translation(locale) for name, page in kinds.items()}
        )
    return found


def _fill(section):
    alliance = make_alliance(name={"en": "Delta"}, starts="2014-02", activities=["research"])
    section.page.subject = alliance
    over = make_alliance(members=1, starts="2009", ends="2016-03-01", succeeded_by=alliance)
    part = f.AllianceFactory(parent=alliance, ends="2015-05", starts="2011")
    f.MembershipFactory(alliance=alliance, starts="2015-03", role="coordinator")
    f.MembershipFactory(alliance=alliance, starts="2015", ends="2018-02", role="founder")
    organisation = Organisation.objects.first()
    elsewhere = f.OrganisationFactory(country="BE", founded="1913-02", locality="")
    closed = f.OrganisationFactory(founded="1900", dissolved="2001-02", successor=elsewhere)
    for each in (elsewhere, closed):
        f.MembershipFactory(alliance=alliance, organisation=each)
    running = f.ProjectFactory(alliance=alliance, starts="2020-02")
    Organisation.objects.filter(pk=organisation.pk).update(locality="Leiden", country="NL")
    _programmes(alliance, organisation)
    document = get_document_model().objects.create(
        title="Report", file=ContentFile(b"report" * 1000, "report.txt")
    )
    picture = {"image": make_image("Figure").pk, "alt_text": "A picture", "decorative": False}
    everything = {"show": ALL_SECTIONS, "show_as_history": False}
    blocks_ = [
        block("alliance", {"alliance": alliance.pk, **everything}),
        block("alliance", {"alliance": over.pk, **everything, "show_as_history": True}),
        block("alliance", {"alliance": part.pk, "show": []}),
        block("programme_list", {"source": "query", "maximum": 2, "show_filters": True}),
        block("programme_list", {"source": "query", "types": ["honours"]}),
        block("programme_list", {"source": "query", "audience": organisation.pk}),
        block("partner_grid", {"source": "alliance", "alliance": alliance.pk}),
        block("partner_map", {"source": "alliance", "alliance": alliance.pk}),
        block("project_list", {"source": "alliance", "alliance": alliance.pk}),
        block("project_list", {"source": "alliance", "alliance": over.pk}),
        block("project_list", {"source": "picked", "projects": [running.pk]}),
        block(
            "timeline",
            {
                "alliance": alliance.pk,
                "events": [{"date": "2014-03-01", "title": "Our event", "text": "<p>Said</p>"}],
            },
        ),
        block("recognitions", {"alliances": [alliance.pk]}),
        block(
            "facts",
            {
                "facts": [
                    {"count": "members", "alliance": alliance.pk, "label": "parties"},
                    {"value": "1 200", "label": "students", "as_of": "2024-02-01"},
                ]
            },
        ),
        block("contact", {"name": "Somebody", "organisation": organisation.pk}),
        block("image", {"image": picture, "caption": "Our caption"}),
        block("document", document.pk),
        block("rich_text", "<p>Our words</p>"),
        block("related_links", {"links": [{"text": "Ours", "document": document.pk}]}),
        block("heading", {"text": "Our heading", "level": "2"}),
    ]
    fill(section.page, blocks_)


def _programmes(alliance, organisation):
    today = dt.date.today()
    terms = [
        {"application_closes": today - dt.timedelta(days=40)},
        {"application_opens": today + dt.timedelta(days=40), "ects": 7.5},
        {"application_closes": today + dt.timedelta(days=40), "places": 12, "selective": True},
        {"enrolment_link": "https://example.org/enrol"},
    ]
    for number, each in enumerate(terms):
        programme = f.ProgrammeFactory(
            type=["course", "mooc", "track", "summer_school"][number],
            level="master",
            degree_award="joint" if number == 0 else "",
            study_load="7.5",
            teaching_languages=["nl", "en", "fy"],
            modes_of_study=["full_time"],
            modes_of_delivery=["blended"],
            isced_fields=["01"],
            starts=["", "2030-02", "", ""][number] or None,
            ends=["", "", "2020-02", ""][number] or None,
        )
        programme.alliances.add(alliance)
        for provider in (organisation, f.OrganisationFactory(), f.OrganisationFactory()):
            f.ProgrammeProviderFactory(programme=programme, organisation=provider)
        f.ProgrammeAccessFactory(programme=programme, organisation=organisation, **each)
        f.ProgrammeAccessFactory(programme=programme, organisation=None, **each)


def _same_in_every_language():
    for model in apps.get_app_config("wagtail_regional").get_models():
        names = [
            each.name for each in model._meta.get_fields() if isinstance(each, LocalizedTextField)
        ]
        for row in model._default_manager.all() if names else ():
            for name in names:
                if text := str(getattr(row, name)):
                    model._default_manager.filter(pk=row.pk).update(
                        **{name: dict.fromkeys(CODES, text)}
                    )


# --- Pages -------------------------------------------------------------------------------------

QUERIES = [
    "",
    "?type=course&type=mooc&terms=guests&language=nl&open=now&q=programme&home={home}",
    "?type=honours&field=01",
    "?ects_min=5&ects_max=2&open_on=2024-02-30&language=no.code",
    "?page=40",
]


def read(client, page: Any, query: str = "") -> BeautifulSoup:
    response = client.get(page.get_url() + query)
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


def texts(document: BeautifulSoup) -> list[tuple[str, str, str]]:
    """What is read on a page, also by a screen reader, each with its language and direction."""
    for each in document.select("script, style, .regional-languages ul"):
        each.decompose()
    found = []
    for element in document.body.find_all(True):
        if label := element.get("aria-label"):
            found.append((label, element))
        if element.get("data-regional-map"):
            words = json.loads(element["data-regional-map"])["words"]
            found += [(each, element) for each in words.values()]
    found += [
        (" ".join(text.split()), text.parent)
        for text in document.body.find_all(string=True)
        if text.strip()
    ]
    return [(text, _attribute(at, "lang"), _attribute(at, "dir")) for text, at in found]


def _attribute(element: Any, name: str) -> str:
    holder = element if element.has_attr(name) else element.find_parent(attrs={name: True})
    return holder[name]


def each_page(places, code):
    home = Organisation.objects.first().uuid
    here = places[code]
    yield from ((each, "") for each in (here.index, here.page))
    yield from ((here.programmes, query.format(home=home)) for query in QUERIES)


@pytest.mark.parametrize(
    ("code", "words", "fallbacks"),
    [
        ("fy", "en", {}),
        ("ar", "en", {}),
        ("fy", "nl", {"fy": ["nl"]}),
        ("ar", "nl", {"ar": ["fy", "nl", "en"]}),
    ],
)
def test_all_words_of_a_page_are_in_one_language_and_say_so(
    client, places, four_languages, code, words, fallbacks
):
    four_languages.WAGTAIL_REGIONAL = {"LANGUAGE_FALLBACKS": fallbacks}
    compared = 0
    for (page, query), (english, _), (dutch, _) in zip(
        *(each_page(places, each) for each in (code, "en", "nl")), strict=True
    ):
        here = texts(read(client, page, query))
        shown = {"en": texts(read(client, english, query)), "nl": texts(read(client, dutch, query))}
        assert [text for text, *_ in here] == [text for text, *_ in shown[words]]
        for (text, language, direction), one, other in zip(
            here, shown["en"], shown["nl"], strict=True
        ):
            if one[0] == other[0]:
                # Names, numbers, and what editors wrote; and words that both languages share.
                # The home page is there in English only, and so is what leads to it.
                assert language in (code, words, "en" if text == "Home" else code), text
                assert text not in CONTENT or language == code, text
            else:
                compared += 1
                assert language == words, text
            assert direction == languages.text_direction(language), text
    assert compared > 300


#: What editors wrote, and names.
CONTENT = {
    *("Delta", "Our heading", "Our words", "Our event", "Said", "Our caption", "parties"),
    *("students", "Somebody", "Ours", "Leiden", "Programmes", "In the region"),
}


def test_dutch_and_english_pages_are_all_in_their_language(client, places):
    for code in ("en", "nl"):
        for page, query in each_page(places, code):
            assert {language for _, language, _ in texts(read(client, page, query))} == {code}


def test_an_alias_has_the_words_of_what_it_repeats(client, places, section):
    frisian = Locale.objects.get(language_code="fy")
    index = f.RegionIndexPageFactory(title="Frysk", parent=places["fy"].index, locale=frisian)
    f.RegionIndexPageFactory(title="Child", parent=index, locale=frisian)
    alias = index.copy_for_translation(Locale.objects.get(language_code="ar"), alias=True)
    f.RegionIndexPageFactory(title="Child", parent=alias)
    html = read(client, alias)
    heading = html.find(id="regional-children")
    assert (heading.text, heading["lang"], _attribute(html.h1, "lang")) == (
        *("In this section", "en"),
        "fy",
    )


# --- The API -----------------------------------------------------------------------------------

ADDRESSES = [
    "organisations/",
    "organisations/facets/",
    "organisations/{organisation}/",
    "organisations.geojson",
    "alliances/",
    "alliances/facets/",
    "alliances/{alliance}/",
    "projects/",
    "programmes/",
    "programmes/facets/?open=now&joint=true",
    "programmes/{programme}/",
    "search/?q=p",
]


def told(data: Any) -> Any:
    """An answer without what differs by its place: addresses, pages, and the languages named."""
    if isinstance(data, list):
        return [told(each) for each in data]
    if not isinstance(data, dict):
        return data
    apart = ("url", "page", "locale", "language", "summary_language", "finder_url", "links")
    return {name: told(value) for name, value in data.items() if name not in apart}


@pytest.mark.indexed
@pytest.mark.parametrize("words", ["en", "nl"])
def test_answers_of_the_api_are_in_one_language_and_say_which(
    client, places, four_languages, words
):
    four_languages.WAGTAIL_REGIONAL = {"LANGUAGE_FALLBACKS": {"fy": [words]}}
    row = {
        "organisation": Organisation.objects.first().uuid,
        "alliance": Alliance.objects.first().uuid,
        "programme": Programme.objects.filter(type="course").get().uuid,
    }
    for address in ADDRESSES:
        asked = API + address.format(**row)
        asked += "&locale=" if "?" in asked else "?locale="
        here, there = client.get(f"{asked}fy"), client.get(f"{asked}{words}")
        assert here.status_code == there.status_code == 200, here.json()
        assert told(here.json()) == told(there.json()), address
        assert here["Content-Language"] == f"fy, {words}"
        assert there["Content-Language"] == words


def test_pages_of_the_api_are_in_one_language_and_say_which(client, places):
    for kind in ("index", "page", "programmes"):
        frisian, english = (getattr(places[code], kind) for code in ("fy", "en"))
        here, there = (client.get(f"{API}pages/{each.pk}/") for each in (frisian, english))
        assert here["Content-Language"] == "fy, en" and there["Content-Language"] == "en"
        meta = here.json()["meta"]
        assert (meta["language"], meta["words_language"]) == ("fy", "en")
        assert there.json()["meta"]["words_language"] == "en"
        for part in ("subject", "body", "programmes"):
            one, other = (each.json().get(part) for each in (here, there))
            assert told(one) == told(other)
        wagtails = (client.get(f"/api/v2/pages/{each.pk}/").json() for each in (frisian, english))
        one, other = (told(each.get("body")) for each in wagtails)
        assert one == other


# --- What is not ours --------------------------------------------------------------------------


class HostBlock(blocks.StaticBlock):
    def render(self, value, context=None):
        return translation.get_language()

    def get_api_representation(self, value, context=None):
        return translation.get_language()


class HostRegionalBlock(RegionalBlock, blocks.StaticBlock):
    def represent(self, raw, content):
        return translation.get_language()

    def get_template(self, value=None, context=None):
        return Template("{{ block }} {% load i18n %}{% get_current_language as now %}{{ now }}")


class HostAllianceBlock(AllianceBlock):
    pass


class HostStream(BatchStreamBlock):
    plain = HostBlock()
    regional = HostRegionalBlock()
    ours = HostAllianceBlock()


def test_blocks_of_a_host_keep_their_language(four_languages, site, monkeypatch):
    monkeypatch.setattr("wagtail_regional.rendering.template_of", _as_it_is)
    stream = HostStream()
    value = stream.to_python(
        [{"type": "plain", "value": None}, {"type": "regional", "value": None}]
    )
    page = SimpleNamespace(locale=SimpleNamespace(language_code="fy"))
    html = stream.render(value, {"page": page, "request": RequestFactory().get("/")})
    assert BeautifulSoup(html, "html.parser").get_text(" ", strip=True) == "fy fy fy"
    with translation.override("fy"):
        assert [each["value"] for each in stream.get_api_representation(value)] == ["fy", "fy"]
    # Within a page of ours, too.
    source = """
        {% load i18n regional_tags wagtailcore_tags %}
        {% reading "fy" %}{% translate "Members" %} {% include_block value %}{% endreading %}
    """
    html = Template(source).render(Context({"value": value}))
    assert BeautifulSoup(html, "html.parser").get_text(" ", strip=True) == "Members fy fy fy"


def _as_it_is(name):
    from wagtail_regional.rendering import django_engine

    if isinstance(name, Template):
        return SimpleNamespace(render=lambda context: name.render(Context(context)))
    return django_engine().get_template(name)


def test_a_block_of_a_host_made_of_ours_has_our_words(four_languages, site):
    alliance = f.AllianceFactory(starts="2014-02")
    stream = HostStream()
    value = stream.to_python([{"type": "ours", "value": {"alliance": alliance.pk, "show": []}}])
    page = SimpleNamespace(locale=SimpleNamespace(language_code="fy"))
    html = stream.render(value, {"page": page})
    assert 'lang="en" dir="ltr">Since February 2014<' in html


def test_a_host_may_have_the_words_itself(four_languages, tmp_path, client, places):
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.append(polib.POEntry(msgid="Since %(starts)s", msgstr="Sûnt %(starts)s"))
    directory = tmp_path / "fy" / "LC_MESSAGES"
    directory.mkdir(parents=True)
    catalogue.save_as_mofile(str(directory / "django.mo"))
    four_languages.LOCALE_PATHS = [str(tmp_path)]
    assert languages.words_language("fy") == "fy"
    assert languages.words_language("ar") == "en"
    html = read(client, places["fy"].page)
    status = html.select_one(".regional-header__status .regional-status")
    assert status.text == "Sûnt Febrewaris 2014" and not status.has_attr("lang")


# --- The languages themselves ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "en"),
        ("en-gb", "en-gb"),
        ("nl", "nl"),
        ("nl-be", "nl-be"),
        ("de", "en"),
        ("fy", "nl"),
        ("FY", "nl"),
        ("fy-nl", "en"),
    ],
)
def test_words_fall_back_as_content_does(settings, language, words):
    settings.WAGTAIL_REGIONAL = {"LANGUAGE_FALLBACKS": {"fy": ["de", "nl"]}}
    assert languages.words_language(language) == words


def test_words_are_english_where_no_language_has_them(settings):
    settings.LANGUAGE_CODE = "de"
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("de", "German")]
    assert languages.words_language("de") == "en"
    with translation.override("de"), languages.reading():
        assert describe(PartialDate(2014, 2), None, Status.ACTIVE) == "Since February 2014"


def test_words_are_english_where_nothing_is_translated(settings):
    settings.USE_I18N = False
    assert languages.words_language("nl") == "en"


def test_a_reading_knows_both_languages():
    with translation.override("de"):
        with languages.reading("fy"):
            assert (translation.get_language(), languages.current_language()) == ("en", "fy")
            assert languages.fallback_chain() == ("fy", "en", "nl")
            with languages.content_active():
                assert (translation.get_language(), languages.current_language()) == ("fy", "fy")
            with translation.override("nl"):
                assert languages.current_language() == "nl"
            with languages.reading("nl"):
                assert (translation.get_language(), languages.current_language()) == ("nl", "nl")
            assert (translation.get_language(), languages.current_language()) == ("en", "fy")
        assert (translation.get_language(), languages.current_language()) == ("de", "de")


def test_the_page_that_says_the_database_is_away_is_in_one_language(four_languages):
    with translation.override("ar"):
        response = away.html_answer(None)
    assert response["Content-Language"] == "en"
    assert '<html lang="en" dir="ltr">' in response.content.decode()
