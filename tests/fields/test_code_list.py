import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.forms import modelform_factory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.testapp import models as testapp
from tests.testapp.models import Thing
from wagtail_regional.fields import CodeListField


class Level(models.TextChoices):
    HIGH = "high", "High up"
    LOW = "low", "Down low"


class TestAttribute:
    @pytest.mark.parametrize(
        "value",
        [["b", "a", "b", " a ", ""], ("b", "a"), "|b|a|", {"b": 1, "a": 2}.keys()],
    )
    def test_a_list_in_order_without_repeats(self, value):
        assert Thing(keywords=value).keywords == ["b", "a"]

    @pytest.mark.parametrize("value", [None, "", [], ()])
    def test_nothing(self, value):
        assert Thing(keywords=value).keywords == []
        assert Thing().keywords == []

    def test_instances_share_no_list(self):
        one, codes = Thing(), ["a"]
        one.keywords.append("x")
        other = Thing(keywords=codes)
        other.keywords.append("y")
        assert (Thing().keywords, codes) == ([], ["a"])

    def test_members_of_choices_become_text(self):
        [code] = Thing(keywords=[Level.HIGH]).keywords
        assert type(code) is str
        assert code == "high"

    def test_null_is_refused(self):
        with pytest.raises(ValueError, match="no null"):
            CodeListField(null=True)

    def test_labels(self, monkeypatch):
        thing = Thing(activities=["life_science", "gone", "research"], keywords=["x"])
        assert thing.get_activities_display() == ["Life science", "gone", "Research"]
        assert thing.get_keywords_display() == ["x"]
        monkeypatch.setattr(testapp, "ACTIVITIES", [("gone", "Back again")])
        assert thing.get_activities_display()[1] == "Back again"

    @pytest.mark.parametrize(
        "choices", [Level, Level.choices, iter(Level.choices), lambda: Level.choices]
    )
    def test_forms_of_vocabulary(self, choices):
        field = CodeListField(choices=choices)
        # Twice, as an iterator has only one go.
        assert [field.vocabulary(), field.vocabulary()] == [Level.choices] * 2

    def test_choices_are_not_part_of_migrations(self):
        field = CodeListField(choices=Level, validate_code=str.upper, blank=True)
        assert field.deconstruct()[1:] == (
            "wagtail_regional.fields.CodeListField",
            [],
            {"blank": True, "max_length": 255},
        )


class TestValidation:
    def errors(self, **values):
        with pytest.raises(ValidationError) as caught:
            Thing(name="x", **values).full_clean(validate_constraints=False)
        return caught.value.message_dict

    def test_known_codes(self):
        Thing(name="x", activities=["research"]).full_clean(validate_constraints=False)

    def test_an_unknown_code_is_named_with_the_known_ones(self):
        assert self.errors(activities=["research", "sport"]) == {
            "activities": [
                "“sport” is not a known code. "
                "Known are: research, education, life_science, lifeXscience."
            ]
        }

    def test_known_ones_are_not_named_when_many(self, monkeypatch):
        monkeypatch.setattr(testapp, "ACTIVITIES", [(str(n), "x") for n in range(100)])
        assert self.errors(activities=["sport"]) == {"activities": ["“sport” is not a known code."]}

    def test_each_code_is_validated(self):
        assert self.errors(keywords=["fine", "Not"]) == {"keywords": ["“Not” has capitals."]}

    def test_the_separator_is_refused(self):
        errors = self.errors(keywords=["a|b"])
        assert errors == {"keywords": ["“a|b” has the character “|”, which a code cannot have."]}

    def test_the_whole_must_fit(self):
        Thing(name="x", keywords=["a" * 14, "b" * 13]).full_clean(validate_constraints=False)
        errors = self.errors(keywords=["a" * 14, "b" * 14])
        assert errors == {"keywords": ["These are too many codes: together they do not fit."]}

    @pytest.mark.parametrize("value", [3, [3], {"a": "b"}, b"a"])
    def test_what_is_no_list_of_codes(self, value):
        assert self.errors(keywords=value) == {"keywords": ["Give a list of codes."]}

    def test_required(self):
        with pytest.raises(ValidationError, match="blank"):
            CodeListField().clean([], None)


@pytest.mark.django_db
class TestQueries:
    def stored(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT keywords FROM testapp_thing")
            return [text for [text] in cursor.fetchall()]

    def test_stored_text(self):
        Thing.objects.create(name="x", keywords=["b", "a"])
        assert self.stored() == ["|b|a|"]
        assert Thing.objects.get().keywords == ["b", "a"]

    def test_nothing_is_stored_as_empty_text(self):
        Thing.objects.create(name="x", keywords=None)
        assert self.stored() == [""]
        Thing.objects.update(keywords=["c"])
        assert self.stored() == ["|c|"]

    def test_a_list_changed_in_place_is_saved(self):
        thing = Thing.objects.create(name="x", keywords=["a"])
        thing.keywords.append("b")
        thing.save()
        assert Thing.objects.get().keywords == ["a", "b"]

    def test_exact(self):
        thing = Thing.objects.create(name="x", keywords=["a", "b"])
        assert Thing.objects.get(keywords=["a", "b"]) == thing
        assert not Thing.objects.filter(keywords=["b", "a"]).exists()
        Thing.objects.create(name="y")
        assert Thing.objects.get(keywords=[]).keywords == []

    def test_has_a_whole_code(self):
        Thing.objects.create(name="x", keywords=["research-x", "a"])
        assert Thing.objects.filter(keywords__has="a").exists()
        assert not Thing.objects.filter(keywords__has="research").exists()
        assert not Thing.objects.filter(keywords__has="x").exists()

    @pytest.mark.parametrize("wild", ["life_science", "life%", "%", "_", "\\", "*", "?"])
    def test_wildcards_are_themselves(self, wild):
        Thing.objects.create(name="x", keywords=["lifeXscience", "z"])
        assert not Thing.objects.filter(keywords__has=wild).exists()
        Thing.objects.create(name="y", keywords=[wild])
        assert Thing.objects.get(keywords__has=wild).keywords == [wild]
        assert Thing.objects.get(keywords__has_any=[wild, "no"]).keywords == [wild]

    def test_case_counts(self):
        Thing.objects.create(name="x", keywords=["ab"])
        assert not Thing.objects.filter(keywords__has="AB").exists()
        assert not Thing.objects.filter(keywords__has_any=["AB", "Ab"]).exists()

    def test_across_relations(self):
        parent = Thing.objects.create(name="x", keywords=["a"])
        child = Thing.objects.create(name="y", parent=parent)
        assert Thing.objects.get(parent__keywords__has="a") == child
        assert Thing.objects.get(parent__keywords__has_any=["b", "a"]) == child

    def test_none_of_nothing(self):
        Thing.objects.create(name="x", keywords=["a"])
        assert not Thing.objects.filter(keywords__has_any=[]).exists()
        assert Thing.objects.exclude(keywords__has_any=[]).exists()

    @hypothesis_settings(
        deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        st.lists(st.text("ab_%\\-'", min_size=1, max_size=3), max_size=4),
        st.lists(st.text("ab_%\\-'", min_size=1, max_size=3), max_size=4),
    )
    def test_lookups_agree_with_python(self, codes, wanted):
        Thing.objects.all().delete()
        Thing.objects.create(name="x", keywords=codes)
        found = Thing.objects.filter(keywords__has_any=wanted).exists()
        assert found == bool(set(codes) & set(wanted))
        assert Thing.objects.filter(keywords__has_any_indexed=wanted).exists() == found
        begins = any(code.startswith(tuple(wanted)) for code in codes)
        assert Thing.objects.filter(keywords__begins_any_indexed=wanted).exists() == begins
        assert Thing.objects.filter(keywords__begins_any_of_few=wanted).exists() == begins
        for code in wanted:
            assert Thing.objects.filter(keywords__has=code).exists() == (code in codes)


CodesForm = modelform_factory(Thing, fields=["activities", "keywords"])


@pytest.mark.django_db
class TestForm:
    def test_round_trip(self):
        form = CodesForm(
            {"activities": ["research", "education"], "keywords": "b, a;c\n b"},
            instance=Thing(name="x"),
        )
        thing = form.save()
        thing.refresh_from_db()
        assert thing.activities == ["research", "education"]
        assert thing.keywords == ["b", "a", "c"]

    def test_markup(self):
        form = CodesForm(instance=Thing(activities=["education"], keywords=["a", "b"]))
        boxes = BeautifulSoup(str(form["activities"]), "html.parser").find_all("input")
        assert {box["value"]: box.has_attr("checked") for box in boxes} == {
            "research": False,
            "education": True,
            "life_science": False,
            "lifeXscience": False,
        }
        assert {box["type"] for box in boxes} == {"checkbox"}
        assert BeautifulSoup(str(form["keywords"]), "html.parser").input["value"] == "a, b"

    def test_the_vocabulary_is_that_of_the_moment(self, monkeypatch):
        monkeypatch.setattr(testapp, "ACTIVITIES", [("sport", "Sport")])
        form = CodesForm({"activities": ["sport"]}, instance=Thing(name="x"))
        assert form.is_valid(), form.errors
        assert "research" not in str(form["activities"])

    def test_unknown_code(self):
        form = CodesForm({"activities": ["sport"]}, instance=Thing(name="x"))
        assert list(form.errors) == ["activities"]

    def test_free_codes_are_validated(self):
        form = CodesForm({"keywords": "a B"}, instance=Thing(name="x"))
        assert form.errors == {"keywords": ["“B” has capitals."]}

    @pytest.mark.parametrize(
        ("submitted", "changed"),
        [
            ({"activities": ["research"], "keywords": "a, b"}, []),
            ({"activities": ["research"], "keywords": "a b"}, []),
            ({"activities": [], "keywords": "a"}, ["activities", "keywords"]),
        ],
    )
    def test_has_changed(self, submitted, changed):
        instance = Thing(activities=["research"], keywords=["a", "b"])
        assert CodesForm(submitted, instance=instance).changed_data == changed

    def test_nothing_changed_in_an_empty_form(self):
        assert CodesForm({}, instance=Thing()).changed_data == []
