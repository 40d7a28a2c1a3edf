"""Organisations that may be in the registry twice."""

import time

import pytest

from wagtail_regional import factories as f
from wagtail_regional.models import Organisation
from wagtail_regional.review import review
from wagtail_regional.review.duplicates import is_slip, words_of


def make(name, **kwargs):
    name = name if isinstance(name, dict) else {"en": name}
    return f.OrganisationFactory(name=name, **kwargs)


def duplicates():
    return [
        (str(each.row), str(each.explanation)) for each in review(only=["duplicate_organisation"])
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leiden University", "University of Leiden"),
        ("Leiden University", "LEIDEN UNIVERSITY"),
        ("Université de Liège", "Universite de Liege"),
        ("Leiden University", "Leyden University"),
        ("Leiden University", "Leiden Universty"),
        ("Leiden University", "Ledien University"),
        ("Economie071", "Economie071"),
        ("Alpha College", "Alpha\u00a0Coll\u00adege\u200b"),
        ("L'Aquila Centre", "L’Aquila Centre"),
        ({"en": "The Hague", "nl": "Den Haag"}, {"nl": "Den Haag"}),
    ],
)
def test_names_that_are_nearly_the_same(site, one, other):
    make(one)
    second = make(other)
    ((name, text),) = duplicates()
    assert name == str(second.name) and "name" in text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Organisation 1", "Organisation 2"),
        ("Hospital North A", "Hospital North B"),
        ("Erasmus MC", "Erasmus University"),
        ("Municipality of Delft", "Municipality of Leiden"),
        ("Delft University", "Leiden University"),
        ("TNO", "TU/e"),
    ],
)
def test_names_that_only_look_alike(site, one, other):
    make(one)
    make(other)
    assert not duplicates()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.example.org/", "http://example.org/about", True),
        ("https://example.org/", "https://EXAMPLE.org:8080/", True),
        ("https://example.org/", "https://med.example.org/", False),
        ("", "", False),
        ("https://[broken/", "https://[broken/", False),
    ],
)
def test_websites_on_the_same_host(site, one, other, same):
    make("Alpha", website="")
    make("Beta", website="")
    Organisation.objects.filter(name__en="Alpha").update(website=one)
    Organisation.objects.filter(name__en="Beta").update(website=other)
    assert bool(duplicates()) == same


def test_an_acronym_that_is_anothers_name(site):
    make("Leids Universitair Medisch Centrum", acronym="LUMC")
    make("LUMC")
    assert [name for name, _ in duplicates()] == ["LUMC"]


def test_what_the_registry_ties_together_is_no_duplicate(site):
    university = make("University", website="https://example.org")
    for name in ("Faculty of Law", "Faculty of Arts"):
        make(name, website="https://example.org/faculty", parent=university)
    make("Old name", website="https://example.org", successor=university)
    assert not duplicates()


def test_the_same_name_in_another_country_is_another(site):
    make("Bergen", country="NL")
    make("Bergen", country="NO")
    assert not duplicates()


def test_each_is_reported_once_and_settled_by_a_review(site):
    for _ in range(3):
        last = make("Leiden University", website="https://example.org")
    assert len(duplicates()) == 2
    last.mark_reviewed(None)
    assert len(duplicates()) == 1


def test_words_and_slips():
    assert words_of("The University of Leiden") == ("university", "leiden")
    assert words_of("de het") == ("de", "het")
    assert is_slip("leiden", "leyden") and is_slip("leiden", "ledien")
    assert is_slip("leiden", "leidn") and is_slip("leidn", "leiden")
    assert not is_slip("leiden", "lyeden") and not is_slip("delft", "leiden")


def test_many_are_compared_in_no_time(site):
    """All share a word and a host: comparing each with each would take minutes."""
    Organisation.objects.bulk_create(
        Organisation(
            name={"en": f"University of Place{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}x{n}"},
            type="education",
            website=f"https://u{n}.example.org/",
        )
        for n in range(3000)
    )
    begin = time.perf_counter()
    assert not duplicates()
    assert time.perf_counter() - begin < 5
