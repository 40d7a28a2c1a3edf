import pytest
from django.test import override_settings
from django.utils import translation

from wagtail_regional import languages

THREE = [("en", "English"), ("nl", "Dutch"), ("de", "German")]


def test_content_languages_are_those_of_the_host_in_order():
    assert languages.content_languages() == ["en", "nl"]
    with override_settings(WAGTAIL_CONTENT_LANGUAGES=[("de", "German")]):
        assert languages.content_languages() == ["de"]


def test_content_languages_without_internationalisation(settings):
    settings.WAGTAIL_I18N_ENABLED = False
    settings.USE_I18N = False
    settings.LANGUAGE_CODE = "en-us"
    del settings.WAGTAIL_CONTENT_LANGUAGES
    assert languages.content_languages() == ["en"]
    assert languages.fallback_chain() == ("en-us", "en")


def test_chain_starts_at_the_active_language():
    with translation.override("nl"):
        assert languages.fallback_chain() == ("nl", "en")
    with translation.override("en"):
        assert languages.fallback_chain() == ("en", "nl")


def test_chain_without_an_active_language_is_that_of_the_default():
    with translation.override(None):
        assert languages.fallback_chain() == ("en", "nl")


def test_chain_tries_the_base_then_the_fallbacks_then_the_default(settings):
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = THREE
    settings.LANGUAGE_CODE = "nl-be"
    settings.WAGTAIL_REGIONAL = {"LANGUAGE_FALLBACKS": {"pt-br": ["es", "de"]}}
    assert languages.fallback_chain("pt-BR") == ("pt-br", "pt", "es", "de", "nl", "en")


def test_chain_follows_a_change_of_each_setting(settings):
    assert languages.fallback_chain("fy") == ("fy", "en", "nl")
    settings.LANGUAGE_CODE = "nl"
    assert languages.fallback_chain("fy") == ("fy", "nl", "en")
    settings.WAGTAIL_CONTENT_LANGUAGES = THREE
    assert languages.fallback_chain("fy") == ("fy", "nl", "en", "de")
    settings.WAGTAIL_REGIONAL = {"LANGUAGE_FALLBACKS": {"fy": ["de"]}}
    assert languages.fallback_chain("fy") == ("fy", "de", "nl", "en")


@pytest.mark.parametrize(
    ("code", "in_language", "name"),
    [
        ("nl", "en", "Dutch"),
        ("nl", "nl", "Nederlands"),
        ("nl", "en-gb", "Dutch"),
        ("zh-hans", "en", "Simplified Chinese"),
        ("sr-latn", "nl", "Servisch (Latijns)"),
        ("pt-br", "en", "Brazilian Portuguese"),
        ("nl", "xx-unknown", "Dutch"),
        ("qqq", "en", "qqq"),
        ("not a code", "en", "not a code"),
    ],
)
def test_language_names(code, in_language, name):
    assert languages.language_name(code, in_language) == name


@pytest.mark.parametrize(
    ("code", "in_language", "name"),
    [
        ("DE", "en", "Germany"),
        ("DE", "nl", "Duitsland"),
        ("DE", "zh-hans", "德国"),
        ("NL", "sr-latn", "Holandija"),
        ("ZZ", "en", "ZZ"),
        ("EU", "en", "EU"),
        ("150", "en", "150"),
    ],
)
def test_country_names(code, in_language, name):
    assert languages.country_name(code, in_language) == name


def test_names_are_in_the_active_language_by_default():
    with translation.override("nl"):
        assert languages.country_name("DE") == "Duitsland"
        assert languages.language_name("de") == "Duits"
        assert languages.join_names(["A", "B", "C"]) == "A, B en C"


def test_country_codes_are_the_249_of_iso_3166_and_kosovo():
    codes = languages.country_codes()
    assert len(codes) == 250
    assert codes == sorted(codes)
    assert {"NL", "DE", "AX", "BQ", "TW", "PS", "XK"} <= set(codes)
    assert languages.country_name("XK", "nl") == "Kosovo"
    assert not {"EU", "IC", "001", "ZZ"} & set(codes)


def test_a_changed_list_of_countries_changes_nobody_elses():
    languages.country_codes().clear()
    assert "NL" in languages.country_codes()


def test_joined_names():
    assert languages.join_names(["A", "B", "C"], "en-gb") == "A, B and C"
    assert languages.join_names(["A"], "nl") == "A"
    assert languages.join_names([], "nl") == ""


def test_text_direction():
    assert languages.text_direction("ar") == "rtl"
    assert languages.text_direction("sr-latn") == "ltr"


def test_every_language_of_django_has_names():
    from django.conf.global_settings import LANGUAGES

    for code, _name in LANGUAGES:
        assert languages.language_name("nl", code)
        assert languages.country_name("NL", code)
        assert languages.join_names(["A", "B"], code)
