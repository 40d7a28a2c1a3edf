"""Rows are found by their words, in any script, on every database alike."""

import unicodedata

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection, models
from hypothesis import given
from hypothesis import strategies as st

from wagtail_regional import factories as f
from wagtail_regional.models import Alliance, Organisation, Programme, Project
from wagtail_regional.models.words import HasWords, renew_words
from wagtail_regional.text import fold, words_of

NAMES = [
    "Leiden University",
    "Université Libre — Orléans",
    "Łódź, Ærø & Straße",
    "Œuvre ﬁne",
    "İstanbul Üniversitesi",
    "Đại học Quốc gia",
    "Αθήνα, Πανεπιστήμιο της Ελλάδος",
    "Ёлка и Йод",
    "Київський університет",
    "Երևանի համալսարան",
    "თბილისის უნივერსიტეტი",
    "האוניברסיטה העברית",
    "שָׁלוֹם",
    "جامعة القاهرة",
    "دانشگاه تهران می‌خواهم",
    "दिल्ली विश्वविद्यालय",
    "ঢাকা বিশ্ববিদ্যালয়",
    "சென்னைப் பல்கலைக்கழகம்",
    "จุฬาลงกรณ์มหาวิทยาลัย",
    "សាកលវិទ្យាល័យភូមិន្ទ",
    "አዲስ አበባ ዩኒቨርሲቲ",
    "北京大学",
    "東京大学 カタカナ ひらがな",
    "서울대학교",
    "x²y and ½",
    "tab\there",
    "Ａｂｃ wide",
    "٢٠٢٦ digits",
    "price € 5 🎓 hat",
]


def found(text):
    rows = Organisation.objects.filter(HasWords(words_of(text)))
    return {str(row.name) for row in rows}


@pytest.fixture
def named(db):
    for name in NAMES:
        f.OrganisationFactory(name={"en": name}, acronym="", locality="")


def test_a_name_is_found_by_its_own_text_however_it_is_written(named):
    for name in NAMES:
        for given_text in (
            name,
            name.upper(),
            name.lower(),
            unicodedata.normalize("NFD", name),
            unicodedata.normalize("NFKC", name),
        ):
            assert name in found(given_text), given_text
        for word in words_of(name):
            assert name in found(word[:2]), word


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ΑΘΗΝΑ", "Αθήνα, Πανεπιστήμιο της Ελλάδος"),
        ("елка", "Ёлка и Йод"),
        ("STRASSE lodz aero", "Łódź, Ærø & Straße"),
        ("oeuvre fine", "Œuvre ﬁne"),
        ("istanbul", "İstanbul Üniversitesi"),
        ("dai hoc", "Đại học Quốc gia"),
        ("שלום", "שָׁלוֹם"),
        ("میخواهم", "دانشگاه تهران می‌خواهم"),
        ("大学", "北京大学"),
        ("มหาวิทยาลัย", "จุฬาลงกรณ์มหาวิทยาลัย"),
        (unicodedata.normalize("NFD", "서울"), "서울대학교"),
        ("x2y", "x²y and ½"),
        ("here", "tab\there"),
        ("abc", "Ａｂｃ wide"),
        ("2026", "٢٠٢٦ digits"),
    ],
)
def test_accents_case_and_other_ways_to_write_do_not_matter(named, typed, name):
    assert name in found(typed)


def test_letters_that_are_others_are_not_the_same(named):
    # A vowel sign of Devanagari and the voicing of kana are no accents.
    assert found("दल्ली") == set()
    assert found("がたかな") == set()


def test_python_and_the_database_agree(named):
    """What the database finds is what the definition says, for the beginnings of all words."""
    words = {name: _findable(name) for name in NAMES}
    typed = {word[:length] for own in words.values() for word in own for length in (1, 2, 4)}
    for text in typed:
        expected = {n for n, own in words.items() if any(w.startswith(text) for w in own)}
        assert {str(r.name) for r in Organisation.objects.filter(HasWords([text]))} == expected, (
            text
        )


def _findable(name):
    from wagtail_regional.text import words_to_find

    return set(words_to_find([name]))


@given(st.text(max_size=40))
def test_folding_again_changes_nothing(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded
    assert fold(unicodedata.normalize("NFKC", text)) == folded


def test_an_overlong_word_is_stored_and_found(db):
    f.OrganisationFactory(name={"en": "ж" * 250})
    assert found("ж" * 250)
    alliance = f.AllianceFactory(summary={"en": "字" * 3000})
    assert Alliance.objects.filter(HasWords(words_of("字" * 40))).get() == alliance


# --- Whoever writes ------------------------------------------------------------------------------


def is_found(model, word):
    return model.objects.filter(HasWords(words_of(word))).exists()


def test_saving_some_columns(db):
    row = f.OrganisationFactory(name={"en": "Old"})
    row.name = {"en": "Brand new"}
    row.save(update_fields=["name"])
    assert is_found(Organisation, "brand") and not is_found(Organisation, "old")


def test_many_at_once(db):
    f.OrganisationFactory.create_batch(3, locality="Delft")
    Organisation.objects.filter(locality="Delft").update(locality="Zoetermeer")
    assert is_found(Organisation, "zoetermeer") and not is_found(Organisation, "delft")
    rows = list(Organisation.objects.all())
    for row in rows:
        row.name = {"en": f"Número {row.pk}"}
    Organisation.objects.bulk_update(rows, ["name"])
    assert is_found(Organisation, "numero")
    Organisation.objects.bulk_create([Organisation(name={"en": "Created"}, type="university")])
    assert is_found(Organisation, "created")


def test_by_a_relation_and_a_fixture(db):
    project = f.ProjectFactory(title={"en": "Before"})
    project.alliance.projects.update(title={"en": "After", "nl": "Daarna"})
    assert is_found(Project, "daarna")
    [raw] = serializers.deserialize("json", serializers.serialize("json", [project]))
    raw.object.title, raw.object.words = {"en": "Loaded"}, ""
    raw.save()
    assert is_found(Project, "loaded")


def test_rows_of_another_release_are_made_anew_after_migrating(db):
    programme = f.ProgrammeFactory(name={"en": "Quantum"})
    models.QuerySet(Programme).update(words="")
    assert not is_found(Programme, "quantum")
    renew_words(connection.alias)
    assert is_found(Programme, "quantum")
    assert Programme.objects.get() == programme


def test_rows_written_behind_django_are_made_anew_by_command(db):
    row = f.AllianceFactory(acronym="OLD")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wagtail_regional_alliance SET acronym = 'NEW' WHERE id = %s", [row.pk]
        )
    assert not is_found(Alliance, "new")
    call_command("regional_touch")
    assert is_found(Alliance, "new")


def test_the_words_are_no_column_of_the_export(db, admin_client):
    f.OrganisationFactory(name={"en": "Somewhere"})
    url = "/admin/wagtail_regional/organisation/"
    answer = admin_client.get(url, {"export": "csv"})
    header = b"".join(answer.streaming_content if answer.streaming else [answer.content])
    assert b"Words" not in header.split(b"\n")[0]
