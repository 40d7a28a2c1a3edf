"""Choosers: finding, filtering, making something new, and what is said of the past."""

from __future__ import annotations

import pytest
from wagtail.models import ModelLogEntry

from tests.admin.conftest import MAKE, address, chooser
from wagtail_regional import factories as f
from wagtail_regional.choosers.viewsets import CHOOSERS
from wagtail_regional.models import Alliance, Organisation, Programme

NEW = "regional-new-"


def found(client, model, **params) -> str:
    response = client.get(chooser(model, "choose_results"), params)
    assert response.status_code == 200
    return response.content.decode()


def test_rows_are_found_by_any_language_and_acronym(site, admin_client):
    f.AllianceFactory(name={"en": "Delta", "nl": "De delta"}, acronym="DD")
    f.AllianceFactory(name={"en": "Other"})
    for text in ("de del", "DD", "delta"):
        html = found(admin_client, "alliance", q=text)
        assert "Delta" in html and "Other" not in html
    assert "no matches" in found(admin_client, "alliance", q="nothing")


def test_type_status_country_and_theme_narrow_down(site, admin_client):
    theme = f.ThemeFactory()
    f.OrganisationFactory(name={"en": "City"}, type="government", country="NL")
    f.OrganisationFactory(name={"en": "School"}, type="education", country="BE", dissolved="2010")
    alliance = f.AllianceFactory(name={"en": "Themed"})
    alliance.themes.add(theme)
    alliance.save()
    f.AllianceFactory(name={"en": "Plain"})
    for params in ({"type": "government"}, {"status": "active"}, {"country": "NL"}):
        html = found(admin_client, "organisation", **params)
        assert "City" in html and "School" not in html, params
    html = found(admin_client, "alliance", theme=theme.pk)
    assert "Themed" in html and "Plain" not in html


def test_the_status_is_said_in_words_and_what_has_ended_comes_last(site, admin_client):
    f.AllianceFactory(name={"en": "A past one"}, ends="2016-06")
    f.AllianceFactory(name={"en": "Zoo"}, starts="2010")
    html = found(admin_client, "alliance")
    assert "Ended" in html and "Ran until June 2016" in html
    assert html.index("Zoo") < html.index("A past one")


def test_what_was_chosen_says_that_it_has_ended(site, admin_client):
    past = f.AllianceFactory(name={"en": "Past"}, ends="2016")
    chosen = admin_client.get(chooser("alliance", "chosen", past.pk)).json()
    assert chosen["result"]["title"] == "Past – ended (Ran until 2016)"
    project = f.ProjectFactory(alliance=past)
    html = admin_client.get(address("project", "edit", project.pk)).content.decode()
    assert "Past – ended (Ran until 2016)" in html


@pytest.mark.parametrize("model", MAKE)
def test_suggestions_give_what_a_choice_needs(site, admin_client, model):
    row = MAKE[model]()
    answer = admin_client.get(chooser(model, "suggest"), {"q": str(row)[:4]}).json()
    (item,) = [each for each in answer["items"] if each["id"] == str(row.pk)]
    assert item["title"] == str(row)
    assert item["edit_url"] == address(model, "edit", row.pk)
    assert answer["more"] is False


def test_suggestions_are_few_and_say_that_there_are_more(site, admin_client, as_person):
    f.OrganisationFactory.create_batch(12)
    answer = admin_client.get(chooser("organisation", "suggest"), {"q": "organ"}).json()
    assert len(answer["items"]) == 10 and answer["more"] is True
    assert admin_client.get(chooser("organisation", "suggest"), {"q": " "}).json()["items"] == []
    answer = as_person().get(chooser("organisation", "suggest"), {"q": "organ"}).json()
    assert {item["edit_url"] for item in answer["items"]} == {None}


def test_what_begins_as_typed_is_suggested_first(site, admin_client):
    f.OrganisationFactory(name={"en": "Centre of Delft"})
    f.OrganisationFactory(name={"en": "Delft"})
    f.OrganisationFactory(name={"en": "Delft of old"}, dissolved="1900")
    answer = admin_client.get(chooser("organisation", "suggest"), {"q": "delft"}).json()
    assert [item["title"].partition(" –")[0] for item in answer["items"]] == [
        "Delft",
        "Centre of Delft",
        "Delft of old",
    ]


def test_the_widget_offers_suggestions_in_forms_and_blocks(site):
    from wagtail_regional.blocks import AllianceChooserBlock

    widget = CHOOSERS[Alliance].widget_class()
    html = widget.render("alliance", None, {"id": "id_alliance"})
    for each in (html, AllianceChooserBlock().widget.render("x", None, {"id": "id_x"})):
        assert "<regional-autocomplete" in each
        assert f'data-url="{chooser("alliance", "suggest")}"' in each
    assert "wagtail_regional/autocomplete.js" in str(widget.media)


# --- Making something new ------------------------------------------------------------------------


def create(client, model, **values) -> dict:
    data = {NEW + name: value for name, value in values.items()}
    response = client.post(chooser(model, "create"), data)
    assert response.status_code == 200
    return response.json()


def test_an_organisation_is_made_in_the_modal_and_logged(site, admin_client):
    answer = create(admin_client, "organisation", name_en="Zoetermeer", type="government")
    row = Organisation.objects.get()
    assert answer["step"] == "chosen" and answer["result"]["id"] == str(row.pk)
    assert str(row) == "Zoetermeer"
    assert ModelLogEntry.objects.get(action="wagtail.create").object_id == str(row.pk)


def test_what_is_wrong_is_shown_in_the_modal(site, admin_client):
    answer = create(admin_client, "organisation", name_en="X", ror_id="027bh9e23")
    assert answer["step"] == "reshow_creation_form"
    assert "check digits" in answer["htmlFragment"]
    assert "This field is required" in answer["htmlFragment"]
    assert not Organisation.objects.exists()


def test_a_programme_is_made_with_its_providers(site, admin_client):
    one, two = f.OrganisationFactory(), f.OrganisationFactory()
    providers = [str(one.pk), str(two.pk)]
    create(admin_client, "programme", name_en="Minor", type="minor", providers=providers)
    programme = Programme.objects.get()
    assert [each.organisation for each in programme.providers.all()] == [one, two]


def test_an_alliance_is_made_with_members_old_and_new(site, admin_client):
    known = f.OrganisationFactory()
    answer = create(
        admin_client,
        "alliance",
        name_en="The alliance",
        type="alliance",
        members=[str(known.pk)],
        new_0_name_en="Municipality of Zoetermeer",
        new_0_type="government",
        new_0_locality="Zoetermeer",
    )
    assert answer["step"] == "chosen"
    members = [each.organisation for each in Alliance.objects.get().memberships.all()]
    assert members[0] == known
    assert (str(members[1]), members[1].type) == ("Municipality of Zoetermeer", "government")
    assert ModelLogEntry.objects.filter(action="wagtail.create").count() == 2


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"new_0_name_en": "No type"}, "This field cannot be blank"),
        ({"new_1_type": "government"}, "at least one language"),
        ({"type": "bilateral"}, "two current members"),
        ({"ends": "2009", "starts": "2010"}, "before the start"),
    ],
)
def test_an_alliance_with_something_wrong_makes_nothing(site, admin_client, values, told):
    answer = create(admin_client, "alliance", **{"name_en": "X", "type": "alliance", **values})
    assert answer["step"] == "reshow_creation_form" and told in answer["htmlFragment"]
    assert not Alliance.objects.exists() and not Organisation.objects.exists()


def test_new_members_take_the_permission_to_add_organisations(site, as_person):
    client = as_person("add_alliance")
    html = client.get(chooser("alliance", "choose")).json()["html"]
    assert "New organisation 1" not in html and "New alliance" in html
    create(
        client,
        "alliance",
        name_en="X",
        type="alliance",
        new_0_name_en="Smuggled",
        new_0_type="government",
    )
    assert Alliance.objects.exists() and not Organisation.objects.exists()


# --- The forms of the screens -----------------------------------------------------------------


def test_the_form_keeps_members_themes_and_their_order(site, admin_client):
    from tests.admin.conftest import FORMS

    one, two, member = f.ThemeFactory(), f.ThemeFactory(), f.OrganisationFactory()
    form = {
        **FORMS["alliance"],
        "themes": [two.pk, one.pk],
        "memberships-TOTAL_FORMS": "1",
        "memberships-0-organisation": member.pk,
        "memberships-0-role": "founder",
        "memberships-0-ORDER": "1",
    }
    response = admin_client.post(address("alliance", "create"), form)
    assert response.status_code == 302
    alliance = Alliance.objects.get()
    assert set(alliance.themes.all()) == {one, two}
    assert [each.organisation for each in alliance.memberships.all()] == [member]
    html = admin_client.get(address("alliance", "edit", alliance.pk)).content.decode()
    assert f'name="themes" value="{one.pk}"' in html and str(member) in html


def test_a_new_date_of_review_says_whose_it_is(site, admin_client, admin_user):
    from tests.admin.conftest import FORMS

    theme = f.ThemeFactory()
    form = {**FORMS["theme"], "last_reviewed": "2026-01-01"}
    admin_client.post(address("theme", "edit", theme.pk), form)
    theme.refresh_from_db()
    assert theme.reviewed_by == admin_user


def test_the_form_teaches_what_an_ror_id_is(site, admin_client):
    html = admin_client.get(address("organisation", "create")).content.decode()
    assert "An ROR id names an organisation unmistakably" in html
    assert ">Netherlands</option>" in html


def test_creating_and_editing_are_logged(site, admin_client):
    from tests.admin.conftest import FORMS

    admin_client.post(address("theme", "create"), FORMS["theme"])
    from wagtail_regional.models import Theme

    admin_client.post(address("theme", "edit", Theme.objects.get().pk), FORMS["theme"])
    actions = list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["wagtail.create", "wagtail.edit"]
