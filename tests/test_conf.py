"""Settings that cannot be used are refused before anybody reads anything, all together."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from wagtail_regional.conf import DEFAULTS, TYPES, conf


def test_every_setting_has_a_type_that_its_default_fits(settings):
    assert TYPES.keys() == DEFAULTS.keys()
    settings.WAGTAIL_REGIONAL = dict(DEFAULTS)
    assert conf.as_dict() == DEFAULTS


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("API_PAGE_SIZE", 0, "['API_PAGE_SIZE'] is 0: "),
        ("API_PAGE_SIZE", "20", "['API_PAGE_SIZE'] is '20': "),
        ("ENDING_SOON_DAYS", "soon", "['ENDING_SOON_DAYS'] is 'soon': "),
        ("ENDING_SOON_DAYS", True, "['ENDING_SOON_DAYS'] is True: "),
        ("REVIEW_PERIOD_MONTHS", -1, "['REVIEW_PERIOD_MONTHS'] is -1: "),
        ("WEBHOOK_TIMEOUT_SECONDS", 0, "['WEBHOOK_TIMEOUT_SECONDS'] is 0"),
        ("LANGUAGE_FALLBACKS", {"en": "nl"}, "['LANGUAGE_FALLBACKS']['en'] is 'nl': "),
        ("IMAGE_PROFILES", {"logo": "bad"}, "['IMAGE_PROFILES']['logo'] is 'bad': "),
        ("IMAGE_PROFILES", {"logo": []}, "['IMAGE_PROFILES']['logo'] is []: "),
        ("WATCHED_MODELS", "news.NewsItem", "['WATCHED_MODELS'] is 'news.NewsItem': "),
        ("MAP", "no", "['MAP'] is 'no': "),
        ("MAP_TILES", {"url": "/t"}, "['MAP_TILES']['attribution']: Field required"),
        ("MAP_TILES", {"url": "", "attribution": "", "zoom": 3}, "['MAP_TILES']['zoom'] is 3: "),
        ("MAP_OUTLINES", [{"file": "a"}], "['MAP_OUTLINES'][0]['max_zoom']: Field required"),
        (
            "MAP_OUTLINES",
            [{"file": "a", "max_zoom": 3, "bounds": [1, 2, 3]}],
            "['MAP_OUTLINES'][0]['bounds'][3]: Field required",
        ),
        ("TAG_PURGE", {"cdn": {"url": "/"}}, "['TAG_PURGE']['cdn']['BACKEND']: Field required"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(settings, key, value, said):
    settings.WAGTAIL_REGIONAL = {key: value, "API_CACHE": 5}
    with pytest.raises(ImproperlyConfigured) as refused:
        conf.MAP  # noqa: B018 - which reads them
    assert f"WAGTAIL_REGIONAL{said}" in str(refused.value)
    assert "WAGTAIL_REGIONAL['API_CACHE'] is 5: " in str(refused.value)


def test_what_is_no_dictionary_is_refused(settings):
    settings.WAGTAIL_REGIONAL = []
    with pytest.raises(ImproperlyConfigured, match="WAGTAIL_REGIONAL is"):
        conf.MAP  # noqa: B018 - which reads them
