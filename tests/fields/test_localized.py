import copy
import json
import pickle

import pytest
from bs4 import BeautifulSoup
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Lower
from django.forms import modelform_factory
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.models import Locale

from tests.testapp.models import Thing
from wagtail_regional.fields import (
    Localized,
    LocalizedText,
    LocalizedTextField,
    LocalizedTextFormField,
    choose_text,
)
from wagtail_regional.languages import fallback_chain

THREE = [("en", "English"), ("nl", "Dutch"), ("pt-br", "Brazilian Portuguese")]

# What JSON, LIKE and SQL escapes may spoil.
ODD_TEXTS = [
    'say "hello"',
    '"quoted"',
    "back\\slash \\n \\u0041",
    "null",
    "true",
    "123",
    "Ünïcode ß ق",
    "emoji 🎓",
    "100% _of_ it's",
    "two\nlines\ttab",
    "{}",
    "[1]",
]


class TestLocalizedText:
    def test_texts_are_stripped_and_empty_ones_dropped(self):
        text = LocalizedText({"NL": " Hoi ", "en": "  ", "de": "", "fr": None})
        assert text.as_dict() == {"nl": "Hoi"}

    def test_str_follows_the_active_language_and_falls_back(self):
        text = LocalizedText({"nl": "Hoi", "en": "Hi"})
        with translation.override("nl"):
            assert str(text) == "Hoi"
        with translation.override("de"):
            assert str(text) == "Hi"
            assert text.language() == "en"

    def test_a_language_nobody_asked_for_is_better_than_nothing(self):
        text = LocalizedText({"ja": "やあ", "fi": "Moi"})
        assert (str(text), text.language()) == ("Moi", "fi")

    def test_text_and_language_for_a_given_language(self):
        text = LocalizedText({"pt": "Oi", "en": "Hi"})
        assert text.text("pt-br") == "Oi"
        assert text.language("pt-br") == "pt"
        assert text.text("nl") == "Hi"

    def test_nothing_at_all(self):
        text = LocalizedText()
        assert (str(text), text.language(), bool(text)) == ("", None, False)
        assert text == {}

    def test_equality_and_hash(self):
        one, other = LocalizedText({"nl": "a", "en": "b"}), LocalizedText({"en": "b", "nl": "a"})
        assert one == other
        assert hash(one) == hash(other)
        assert one == {"nl": "a", "en": "b"}
        assert one != {"nl": "a"}
        assert one != "a"

    def test_it_is_immutable(self):
        text = LocalizedText({"nl": "a"})
        text.as_dict()["nl"] = "b"
        with pytest.raises(TypeError):
            text["nl"] = "b"
        with pytest.raises(AttributeError):
            text._texts = {}
        with pytest.raises(AttributeError):
            del text._texts
        assert text == {"nl": "a"}

    def test_a_changed_source_changes_nothing(self):
        source = {"nl": "a"}
        text = LocalizedText(source)
        source["nl"] = "b"
        assert text["nl"] == "a"

    @pytest.mark.parametrize("value", ["text", ["nl"], 3, {"nl": 3}, {3: "text"}])
    def test_what_is_not_a_text_is_refused(self, value):
        with pytest.raises(TypeError):
            LocalizedText(value)

    def test_copies_and_pickles(self):
        text = LocalizedText({"nl": "a"})
        for copied in (copy.copy(text), copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
            assert isinstance(copied, LocalizedText)
            assert copied == text

    def test_repr_can_be_read_back(self):
        text = LocalizedText({"nl": "a"})
        assert eval(repr(text)) == text

    def test_choose_text_on_raw_values(self):
        assert choose_text({"nl": "", "en": "Hi"}, ["nl", "en"]) == ("Hi", "en")
        assert choose_text({"ja": "x", "fi": "y"}, ["nl"]) == ("y", "fi")
        assert choose_text({"ja": ""}, ["nl"]) == ("", None)
        assert choose_text(None, ["nl"]) == ("", None)


class TestAttribute:
    def test_a_dictionary_becomes_a_text_at_once(self):
        thing = Thing(name={"nl": "Hoi"})
        assert isinstance(thing.name, LocalizedText)
        thing.name = {"en": "Hi"}
        assert thing.name.text() == "Hi"

    def test_a_str_is_the_text_in_the_active_language(self):
        with translation.override("nl"):
            assert Thing(name="Hoi").name == {"nl": "Hoi"}
            assert Thing(name=gettext_lazy("Hoi")).name == {"nl": "Hoi"}

    def test_a_str_under_a_language_without_content_goes_to_the_default(self):
        with translation.override("de"):
            assert Thing(name="Hoi").name == {"en": "Hoi"}

    def test_none_and_nothing_are_empty(self):
        assert Thing(name=None).name == {}
        assert isinstance(Thing().name, LocalizedText)

    def test_null_is_refused(self):
        with pytest.raises(ValueError, match="no null"):
            LocalizedTextField(null=True)

    @pytest.mark.parametrize("default", ["Hi", {"en": "Hi"}, lambda: LocalizedText({"en": "Hi"})])
    def test_defaults(self, default):
        assert LocalizedTextField(default=default).get_default() == LocalizedText({"en": "Hi"})


class TestValidation:
    def errors(self, **values):
        with pytest.raises(ValidationError) as caught:
            Thing(**{"name": {"en": "x"}, **values}).full_clean(validate_constraints=False)
        return caught.value.message_dict

    def test_one_language_is_enough(self):
        Thing(name={"nl": "x"}).full_clean(validate_constraints=False)

    def test_no_language_is_not(self):
        assert self.errors(name={}) == {"name": ["Give the text in at least one language."]}

    def test_each_language_that_is_too_long_is_named(self):
        errors = self.errors(name={"nl": "x" * 41, "en": "x" * 42, "de": "x" * 40})
        assert errors == {
            "name": [
                "Dutch: at most 40 characters fit, this text has 41.",
                "English: at most 40 characters fit, this text has 42.",
            ]
        }

    @pytest.mark.parametrize(
        "code", ["dutch", "n", "nl_be", "", "nl-", "nl nl", "n" * 12, "nl-a", "n1"]
    )
    def test_what_is_no_language_code_is_named(self, code):
        errors = self.errors(name={code: "x"})
        assert list(errors) == ["name"]
        assert f"“{code}” is not a language code" in errors["name"][0]

    @pytest.mark.parametrize(
        "code",
        [
            *("fy", "fil", "pt-br", "zh-hans", "zh-hant-tw", "es-419", "ca-valencia", "de-1996"),
            *("sl-rozaj-biske", "en-u-co-phonebk", "nl-x-easy"),
        ],
    )
    def test_languages_without_content_are_kept(self, code):
        thing = Thing(name={code: "x"})
        thing.full_clean(validate_constraints=False)
        assert thing.name == {code: "x"}

    @pytest.mark.parametrize("value", [["x"], 3, {"nl": 3}])
    def test_what_is_no_text_is_named_beside_the_field(self, value):
        assert self.errors(name=value) == {"name": ["Give a dictionary of language to text."]}

    def test_null_characters_are_refused(self):
        [told] = self.errors(name={"nl": "a\x00b"})["name"]
        assert "U+0000" in told


class TestMigrations:
    def test_languages_are_not_part_of_it(self, settings):
        field = LocalizedTextField(max_length=10)
        before = field.deconstruct()
        settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES
        assert field.deconstruct() == before
        assert before[1:] == ("wagtail_regional.fields.LocalizedTextField", [], {"max_length": 10})

    def test_a_clone_is_the_same(self):
        field = LocalizedTextField(max_length=10, multiline=True, blank=True)
        clone = field.clone()
        assert (clone.max_length, clone.multiline, clone.blank) == (10, True, True)

    def test_system_checks_pass(self):
        assert Thing.check(databases=["default"]) == []


@pytest.mark.django_db
class TestStorage:
    @pytest.mark.parametrize("odd", ODD_TEXTS)
    def test_round_trip(self, odd):
        Thing.objects.create(name={"nl": odd, "pt-br": "Olá"})
        thing = Thing.objects.get()
        assert isinstance(thing.name, LocalizedText)
        assert thing.name == {"nl": odd, "pt-br": "Olá"}

    @hypothesis_settings(
        deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        st.dictionaries(
            st.sampled_from(["nl", "en", "pt-br", "ja"]),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
        )
    )
    def test_any_text_comes_back_and_is_chosen_alike_in_sql(self, texts):
        thing = Thing.objects.create(name=texts)
        name = LocalizedText(texts)
        row = Thing.objects.annotate(text=Localized("name")).get(pk=thing.pk)
        assert row.name == name
        in_chain = name.language() in fallback_chain()
        assert row.text == (str(name) if in_chain else None)

    def test_update_bulk_update_and_bulk_create(self):
        one, other = Thing.objects.bulk_create([Thing(name={"nl": "a"}), Thing(name={"nl": "b"})])
        one.name, other.name = {"nl": "c"}, "d"
        Thing.objects.bulk_update([one, other], ["name"])
        assert [t.name for t in Thing.objects.order_by("pk")] == [{"nl": "c"}, {"en": "d"}]
        Thing.objects.update(name={"nl": "e", "en": " "}, summary=F("name"))
        assert {t.name for t in Thing.objects.all()} == {LocalizedText({"nl": "e"})}
        Thing.objects.update(name="f", summary=None)
        thing = Thing.objects.first()
        assert (thing.name, thing.summary) == ({"en": "f"}, {})
        Thing.objects.create(name=Value("g"))
        assert Thing.objects.latest("pk").name == {"en": "g"}

    def test_deferred_and_refreshed(self):
        pk = Thing.objects.create(name={"nl": "a"}).pk
        thing = Thing.objects.defer("name").get(pk=pk)
        assert thing.name == {"nl": "a"}
        Thing.objects.update(name={"nl": "b"})
        thing.refresh_from_db()
        assert isinstance(thing.name, LocalizedText)
        assert thing.name == {"nl": "b"}

    def test_nothing_is_an_empty_object_and_never_null(self):
        Thing.objects.create(name=None)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM testapp_thing")
            [[raw]] = cursor.fetchall()
        assert (json.loads(raw) if isinstance(raw, str) else raw) == {}

    def test_what_is_no_text_is_not_written(self):
        with pytest.raises(ValidationError):
            Thing.objects.create(name=["x"])

    @pytest.mark.parametrize("format", ["json", "xml", "python", "jsonl"])
    def test_serialisers(self, format):
        names = {"nl": 'a "b" é', "pt-br": "c"}
        thing = Thing.objects.create(name=names, starts="2014-02", activities=["research"])
        dumped = serializers.serialize(format, [thing])
        thing.delete()
        [loaded] = serializers.deserialize(format, dumped)
        loaded.save()
        thing = Thing.objects.get()
        assert (thing.name, thing.summary) == (names, {})
        assert (str(thing.starts), thing.ends, thing.activities) == ("2014-02", None, ["research"])

    def test_revisions(self):
        thing = Thing.objects.create(
            name={"nl": "a"}, ends="2014", activities=["education", "research"]
        )
        data = json.loads(thing.to_json())
        assert data["name"] == {"nl": "a"}
        assert data["ends"] == "2014"
        assert data["starts"] is None
        again = Thing.from_serializable_data(data)
        assert isinstance(again.name, LocalizedText)
        assert (again.name, again.ends, again.starts, again.activities) == (
            thing.name,
            thing.ends,
            None,
            ["education", "research"],
        )

    def test_instances_copy_and_pickle(self):
        thing = Thing.objects.create(name={"nl": "a"}, starts="2014")
        for copied in (copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))):
            assert isinstance(copied.name, LocalizedText)
            assert (copied.name, copied.starts) == (thing.name, thing.starts)

    def test_a_row_written_past_the_field_can_be_read(self):
        thing = Thing.objects.create(name={"nl": "a"})
        with connection.cursor() as cursor:
            cursor.execute("""UPDATE testapp_thing SET name = '{"nl": null, "en": 3, "de": "x"}'""")
        thing.refresh_from_db()
        assert thing.name == {"de": "x"}


@pytest.mark.django_db
class TestQueries:
    def names(self, queryset, language="en"):
        return [thing.name.text(language) for thing in queryset]

    def test_key_lookups_still_work(self):
        Thing.objects.create(name={"nl": "Universiteit", "pt-br": "Universidade"})
        Thing.objects.create(name={"en": "University"})
        assert Thing.objects.filter(name__nl="Universiteit").count() == 1
        assert Thing.objects.filter(name__nl__icontains="UNIVERS").count() == 1
        assert Thing.objects.filter(**{"name__pt-br__startswith": "Universi"}).count() == 1
        assert Thing.objects.filter(name__has_key="en").count() == 1
        assert Thing.objects.filter(name={"en": "University"}).count() == 1
        assert Thing.objects.filter(name=LocalizedText({"en": "University"})).count() == 1
        assert list(Thing.objects.values_list("name__nl", flat=True).order_by("pk")) == [
            "Universiteit",
            None,
        ]

    def test_values_are_texts(self):
        Thing.objects.create(name={"nl": "a"})
        assert isinstance(Thing.objects.values_list("name", flat=True).get(), LocalizedText)
        assert list(Thing.objects.values_list("parent__name", flat=True)) == [None]

    def test_the_transform_follows_the_language_active_when_the_query_runs(self):
        Thing.objects.create(name={"nl": "aap", "en": "zebra"})
        Thing.objects.create(name={"nl": "beer", "en": "bear"})
        things = Thing.objects.order_by("name__localized")
        with translation.override("nl"):
            assert self.names(things.all(), "nl") == ["aap", "beer"]
        with translation.override("en"):
            assert self.names(things.all(), "en") == ["bear", "zebra"]
            assert Thing.objects.filter(name__localized="zebra").count() == 1
            assert Thing.objects.filter(name__localized="aap").count() == 0

    def test_the_transform_falls_back(self):
        Thing.objects.create(name={"nl": "alleen"})
        Thing.objects.create(name={"de": "allein"})
        with translation.override("en"):
            assert self.names(Thing.objects.filter(name__localized="alleen")) == ["alleen"]
            assert Thing.objects.filter(name__localized__isnull=True).get().name == {"de": "allein"}
            texts = Thing.objects.order_by("pk").values_list("name__localized", flat=True)
            assert list(texts) == ["alleen", None]

    @pytest.mark.parametrize("needle", ["UNI", "uni", "Uni"])
    def test_searching_ignores_case(self, needle):
        Thing.objects.create(name={"en": "The University"})
        assert Thing.objects.filter(name__localized__icontains=needle).exists()
        assert Thing.objects.filter(name__localized__istartswith=f"the {needle}").exists()
        assert not Thing.objects.filter(name__localized__icontains=f"{needle}x").exists()

    @pytest.mark.parametrize("odd", ODD_TEXTS)
    def test_odd_texts_come_out_as_they_went_in(self, odd):
        Thing.objects.create(name={"pt-br": odd, "en": "x"})
        things = Thing.objects.annotate(text=Localized("name", language="pt-br"))
        assert things.get().text == odd
        assert things.filter(text=odd).exists()
        assert things.filter(text__contains=odd).exists()
        assert not things.filter(text=f"{odd}!").exists()

    def test_different_emoji_are_different(self):
        Thing.objects.create(name={"en": "🎓"})
        assert Thing.objects.filter(name__localized="🎓").exists()
        assert not Thing.objects.filter(name__localized="🎉").exists()

    def test_an_empty_text_written_past_the_field_is_no_text(self):
        thing = Thing.objects.create(name={"nl": "a"})
        with connection.cursor() as cursor:
            cursor.execute("""UPDATE testapp_thing SET name = '{"en": "", "nl": "b"}'""")
        thing.refresh_from_db()
        assert str(thing.name) == "b"
        assert Thing.objects.values_list("name__localized", flat=True).get() == "b"

    def test_wildcards_are_not_wildcards(self):
        Thing.objects.create(name={"en": "100 percent"})
        assert not Thing.objects.filter(name__localized__icontains="100%").exists()
        assert not Thing.objects.filter(name__localized__icontains="1_0").exists()

    def test_a_given_language_with_its_own_fallbacks(self, settings):
        settings.WAGTAIL_REGIONAL = {"LANGUAGE_FALLBACKS": {"fy": ["nl"]}}
        Thing.objects.create(name={"nl": "a", "en": "b"})
        Thing.objects.create(name={"pt": "c", "en": "d"})
        frisian = Thing.objects.annotate(text=Localized("name", language="fy")).order_by("pk")
        assert [thing.text for thing in frisian] == ["a", "d"]
        brazilian = Thing.objects.annotate(text=Localized("name", language="pt-br")).order_by("pk")
        assert [thing.text for thing in brazilian] == ["b", "c"]

    def test_across_relations(self):
        parent = Thing.objects.create(name={"nl": "ouder", "en": "parent"})
        child = Thing.objects.create(name={"en": "child"}, parent=parent)
        things = Thing.objects.annotate(of=Localized("parent__name", language="nl"))
        assert dict(things.values_list("pk", "of")) == {parent.pk: None, child.pk: "ouder"}
        with translation.override("nl"):
            assert Thing.objects.get(parent__name__localized="ouder") == child
            assert list(
                Thing.objects.filter(parent__isnull=False).order_by("parent__name__localized")
            ) == [child]

    def test_order_without_case(self):
        for name in ["b", "A", "C", "a2"]:
            Thing.objects.create(name={"en": name})
        things = Thing.objects.order_by(Lower(Localized("name")))
        assert self.names(things) == ["A", "a2", "b", "C"]
        assert self.names(things.reverse()) == ["C", "b", "a2", "A"]

    def test_grouping_and_distinct(self):
        for name in ["a", "a", "b"]:
            Thing.objects.create(name={"en": name})
        things = Thing.objects.annotate(text=Localized("name"))
        counts = things.values("text").annotate(n=models.Count("pk")).order_by("text")
        assert [(row["text"], row["n"]) for row in counts] == [("a", 2), ("b", 1)]
        assert list(things.order_by("text").values_list("text", flat=True).distinct()) == ["a", "b"]

    def test_one_language_only(self, settings):
        settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English")]
        Thing.objects.create(name={"en": "a"})
        assert Thing.objects.filter(name__localized="a").exists()

    def test_queries_in_different_languages_are_different_expressions(self):
        assert Localized("name", language="nl") != Localized("name", language="en")
        assert Localized("name", language="nl") == Localized("name", language="nl")


NameForm = modelform_factory(Thing, fields=["name", "summary"])


def data(**texts):
    return {"name_en": "", "name_nl": "", "summary_en": "", "summary_nl": "", **texts}


@pytest.mark.django_db
class TestForm:
    def test_round_trip(self):
        form = NameForm(data(name_nl=" Hoi ", summary_en="one\r\ntwo"))
        thing = form.save()
        thing.refresh_from_db()
        assert (thing.name, thing.summary) == ({"nl": "Hoi"}, {"en": "one\ntwo"})

    @pytest.mark.parametrize("blank", ["", "   "])
    def test_one_language_is_required(self, blank):
        form = NameForm(data(name_nl=blank))
        assert form.errors == {"name": ["Give the text in at least one language."]}

    def test_too_long_is_told_once_and_by_language(self):
        form = NameForm(data(name_nl="x" * 41, name_en="fine"))
        assert form.errors == {"name": ["Dutch: at most 40 characters fit, this text has 41."]}

    def test_languages_without_an_input_survive(self):
        thing = Thing.objects.create(name={"nl": "a", "en": "b", "de": "c"})
        NameForm(data(name_nl="A"), instance=thing).save()
        thing.refresh_from_db()
        assert thing.name == {"nl": "A", "de": "c"}

    def test_languages_are_those_of_the_moment(self, settings):
        assert list(BeautifulSoup(str(NameForm()["name"]), "html.parser").find_all("input")) != []
        settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = THREE
        form = NameForm({**data(name_nl="a"), "name_pt-br": "b"})
        assert form.save().name == {"nl": "a", "pt-br": "b"}

    def test_markup(self, settings):
        arabic = [("en", "English"), ("ar", "Arabic")]
        settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = arabic
        form = NameForm(instance=Thing(name={"en": "<a>", "ar": "ب"}))
        html = BeautifulSoup(str(form["name"]), "html.parser")
        english, arab = html.find_all("input")
        assert (english["name"], english["value"], english["lang"]) == ("name_en", "<a>", "en")
        assert (arab["lang"], arab["dir"], arab["maxlength"]) == ("ar", "rtl", "40")
        labels = {label["for"]: label.text.strip() for label in html.find_all("label")}
        assert labels == {english["id"]: "English", arab["id"]: "Arabic"}
        assert form["name"].id_for_label == english["id"]
        # Either language will do, so neither input may insist.
        assert not english.has_attr("required")
        assert not arab.has_attr("required")

    def test_a_refused_form_shows_what_was_typed(self):
        form = NameForm(data(name_nl="x" * 41))
        html = BeautifulSoup(str(form["name"]), "html.parser")
        assert html.find("input", {"name": "name_nl"})["value"] == "x" * 41

    def test_multiline_is_a_textarea(self):
        html = BeautifulSoup(str(NameForm()["summary"]), "html.parser")
        assert [area["name"] for area in html.find_all("textarea")] == ["summary_en", "summary_nl"]

    @pytest.mark.parametrize(
        ("texts", "changed"),
        [
            ({"name_nl": "a"}, []),
            ({"name_nl": " a "}, []),
            ({"name_nl": "b"}, ["name"]),
            ({"name_nl": "a", "name_en": "b"}, ["name"]),
            ({"name_en": "a"}, ["name"]),
            ({"name_nl": "a", "summary_nl": "x"}, ["summary"]),
        ],
    )
    def test_has_changed(self, texts, changed):
        summary = {"nl": "one\ntwo"} if "summary_nl" not in texts else {}
        instance = Thing(name={"nl": "a", "de": "kept"}, summary=summary)
        form = NameForm(data(**{"summary_nl": "one\r\ntwo", **texts}), instance=instance)
        assert form.changed_data == changed

    @pytest.mark.parametrize("initial", ["a", {"en": "a"}, LocalizedText({"en": "a"})])
    def test_initial_values(self, initial):
        field = LocalizedTextFormField()
        assert not field.has_changed(initial, ["a", ""])
        assert field.has_changed(initial, ["b", ""])

    def test_disabled(self):
        field = LocalizedTextFormField(disabled=True)
        assert field.clean(LocalizedText({"nl": "a"})) == {"nl": "a"}

    def test_default_of_a_field_is_the_initial_value(self):
        field = LocalizedTextField(default=lambda: {"en": "a"}).formfield()
        assert field.clean(["b", ""]) == {"en": "b"}
        assert not field.show_hidden_initial


@pytest.fixture
def locales(db):
    Locale.objects.get_or_create(language_code="en")


@pytest.mark.usefixtures("locales")
class TestInWagtailAdmin:
    def test_a_field_panel_renders_and_saves(self, rf, admin_user):
        panel = ObjectList(
            [FieldPanel("name"), FieldPanel("summary"), FieldPanel("starts")]
        ).bind_to_model(Thing)
        form_class = panel.get_form_class()
        assert issubclass(form_class, WagtailAdminModelForm)
        thing = Thing.objects.create(name={"nl": "aap"}, starts="2014-02")
        request = rf.get("/")
        request.user = admin_user
        bound = panel.get_bound_panel(
            instance=thing, request=request, form=form_class(instance=thing, for_user=admin_user)
        )
        html = BeautifulSoup(bound.render_html(), "html.parser")
        dutch = html.find("input", {"name": "name_nl"})
        assert dutch["value"] == "aap"
        assert html.find("label", {"for": dutch["id"]}).text.strip() == "Dutch"
        assert html.find("textarea", {"name": "summary_en"})["data-controller"] == "w-autosize"
        assert html.find("input", {"name": "starts"})["value"] == "2014-02"
        form = form_class(data(name_nl="beer") | {"starts": "2015"}, instance=thing)
        assert form.is_valid(), form.errors
        form.save()
        thing.refresh_from_db()
        assert (thing.name, str(thing.starts)) == ({"nl": "beer"}, "2015")

    def test_a_draft_may_be_incomplete(self):
        form_class = ObjectList([FieldPanel("name")]).bind_to_model(Thing).get_form_class()
        form = form_class(data())
        form.defer_required_fields()
        assert form.is_valid(), form.errors

    def test_the_search_index_gets_all_languages(self):
        field = Thing._meta.get_field("name")
        assert field.get_searchable_content(LocalizedText({"nl": "a", "en": "b"})) == ["a", "b"]
