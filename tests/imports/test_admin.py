"""The screens: who may import, what is shown, and that exactly that is done."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from wagtail_regional import factories as f
from wagtail_regional.models import Alliance, ImportUpload, Membership, Organisation

START = "wagtail_regional_imports:start"


@pytest.fixture
def as_user(client, django_user_model, site):
    def as_user(*codenames, name="editor"):
        user = django_user_model.objects.create_user(name, password="x")
        codenames = ("access_admin", *codenames)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return as_user


@pytest.fixture
def editor(as_user):
    return as_user("add_organisation", "change_organisation", "add_alliance", "change_alliance")


def upload(client, kind, files, **data):
    sent = [
        SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())
        for name, data in files.items()
    ]
    return client.post(reverse(START), {"kind": kind, "files": sent, **data}, follow=True)


def digest(page) -> str:
    return re.search(r'name="digest" value="(\w+)"', page)[1]


def test_choose_see_and_confirm(editor):
    row = f.OrganisationFactory(locality="Leiden")
    assert "See what would change" in editor.get(reverse(START)).content.decode()
    text = f"uuid,name_en,type,locality\n{row.uuid},,,Delft\n,<b>New</b>,company,\n"
    response = upload(editor, "organisations", {"o.csv": text})
    page = response.content.decode()
    assert "<del>Leiden</del>" in page and "Delft" in page and "&lt;b&gt;New" in page
    assert Organisation.objects.count() == 1
    response = editor.post(response.request["PATH_INFO"], {"digest": digest(page)}, follow=True)
    assert "The import is done." in response.content.decode()
    row.refresh_from_db()
    assert row.locality == "Delft" and Organisation.objects.count() == 2
    assert not ImportUpload.objects.exists()


def test_several_files(editor):
    f.OrganisationFactory(acronym="UL")
    files = {
        "alliances.csv": "name_en,acronym,type\nA,LDE,alliance\n",
        "members.csv": "alliance,organisation\nLDE,UL\n",
    }
    response = upload(editor, "alliances", files)
    page = response.content.decode()
    editor.post(response.request["PATH_INFO"], {"digest": digest(page)})
    assert Membership.objects.get().alliance == Alliance.objects.get()


def test_problems_are_shown_with_line_and_column_and_cannot_be_confirmed(editor):
    response = upload(editor, "organisations", {"o.csv": "name_en,type\nA,company\nB,nonsense\n"})
    page = response.content.decode()
    assert "o.csv, line 3" in page and "<code>type</code>" in page and "nonsense" in page
    assert "Import this" not in page
    editor.post(response.request["PATH_INFO"], {"digest": digest(page)})
    assert not Organisation.objects.exists()


def test_every_row_is_accounted_for(editor):
    f.OrganisationFactory(name={"en": "Same"}, type="company")
    text = "name_en,type\n# a note\nA,company\nSame,company\n,\nB,nonsense\n"
    response = upload(editor, "organisations", {"o.csv": text})
    page = " ".join(response.content.decode().split())
    assert (
        "5 rows in these files: 1 added, 0 changed, 1 left as they are, 1 refused, 2 passed over."
    ) in page
    assert "What is passed over" in page and "The row is empty." in page and "It is a note" in page
    response = upload(editor, "organisations", {"o.csv": text.replace("B,nonsense\n", "")})
    page = response.content.decode()
    response = editor.post(response.request["PATH_INFO"], {"digest": digest(page)}, follow=True)
    page = response.content.decode()
    assert "The import is done." in page and "2 rows were passed over: It is a note" in page


def test_only_notes_are_nothing_to_import(editor):
    page = upload(editor, "organisations", {"o.csv": "name_en,type\n# x\n"}).content.decode()
    assert "There is no row to import" in page and "in the registry already" not in page


BAD = {
    "empty.csv": b"",
    "quote.csv": b'name_en,type\n"A,company\nB,company\n',
    "nul.csv": b"name_en,type\nA\x00,com\x00pany\n",
    "bytes.csv": bytes(range(256)) * 20,
    "nested.json": b"[" * 20_000 + b"]" * 20_000,
    "number.json": b'[{"id": 1e400, "names": [{"value": ' + b"9" * 5000 + b"}]}]",
    "types.json": b'[{"id": [], "names": {"a": null}, "types": 5, "locations": "x"}, 5, null]',
    "names.json": b'[{"names": null}]',
    "zip.zip": b"PK\x03\x04" + b"\x00" * 100,
    "damaged.xlsx": b"PK\x03\x04" + b"\x00" * 100,
    "headers.csv": ("x" * 5000 + ",name_en,name_en,type\n\n1,2,3,4,5,6\n").encode(),
    "odd.csv": "name_en,type,website,founded,latitude\n=A,#N/A,javascript:x,0000,١\n".encode(),
}


@pytest.mark.parametrize("name", [name for name in BAD if BAD[name]])
@pytest.mark.parametrize("kind", ["organisations", "programmes"])
def test_bad_files_are_told_of_also_on_reload(admin_client, site, kind, name):
    response = upload(admin_client, kind, {name: BAD[name]})
    where = response.request["PATH_INFO"]
    for _time in range(2):
        page = admin_client.get(where)
        text = page.content.decode()
        assert page.status_code == 200 and "Import this" not in text
        assert "nothing can be imported before" in text or "What is passed over" in text
    assert admin_client.post(where, {"digest": "x"}).status_code == 200
    for ending in ("csv", "json"):
        assert admin_client.get(f"{where}report.{ending}").status_code == 200


def test_what_changed_meanwhile_is_shown_again(editor):
    row = f.OrganisationFactory(locality="Leiden")
    response = upload(editor, "organisations", {"o.csv": f"uuid,locality\n{row.uuid},Delft\n"})
    where, page = response.request["PATH_INFO"], response.content.decode()
    Organisation.objects.update(locality="Utrecht")
    response = editor.post(where, {"digest": digest(page)})
    page = response.content.decode()
    assert "has changed since" in page and "<del>Utrecht</del>" in page
    assert Organisation.objects.get().locality == "Utrecht"
    editor.post(where, {"digest": digest(page)})
    assert Organisation.objects.get().locality == "Delft"


def test_without_a_digest_nothing_is_written(editor):
    response = upload(editor, "organisations", {"o.csv": "name_en,type\nA,company\n"})
    editor.post(response.request["PATH_INFO"], {})
    assert not Organisation.objects.exists()


def test_the_same_again_is_nothing_to_import(editor):
    f.OrganisationFactory(name={"en": "A"}, type="company")
    page = upload(editor, "organisations", {"o.csv": "name_en,type\nA,company\n"}).content.decode()
    assert "nothing to import" in page and "Import this" not in page


def test_giving_up(editor):
    response = upload(editor, "organisations", {"o.csv": "name_en,type\nA,company\n"})
    editor.post(response.request["PATH_INFO"], {"cancel": "1"})
    assert not ImportUpload.objects.exists() and not Organisation.objects.exists()


@pytest.mark.parametrize(
    "codenames",
    [
        (),
        ("view_organisation",),
        ("add_organisation",),
        ("change_organisation", "delete_organisation"),
    ],
)
def test_add_and_change_are_needed(as_user, codenames):
    client = as_user(*codenames)
    response = client.get(reverse(START))
    assert response.status_code in (302, 403)
    assert reverse(START) not in client.get(reverse("wagtailadmin_home")).content.decode()
    download = reverse("wagtail_regional_imports:download", args=["organisations", "export", "csv"])
    assert client.get(download).status_code in (302, 403)


def test_only_what_is_permitted(as_user):
    client = as_user("add_organisation", "change_organisation", "change_alliance")
    page = client.get(reverse(START)).content.decode()
    assert 'value="organisations"' in page and 'value="alliances"' not in page
    assert reverse(START) in client.get(reverse("wagtailadmin_home")).content.decode()
    page = upload(client, "alliances", {"a.csv": "name_en,type\nA,alliance\n"}).content.decode()
    assert "Select a valid choice" in page and not ImportUpload.objects.exists()
    download = reverse("wagtail_regional_imports:download", args=["alliances", "export", "csv"])
    assert client.get(download).status_code in (302, 403)


def test_a_permission_lost_meanwhile(editor, django_user_model):
    response = upload(editor, "organisations", {"o.csv": "name_en,type\nA,company\n"})
    user = django_user_model.objects.get(username="editor")
    user.user_permissions.remove(Permission.objects.get(codename="add_organisation"))
    answer = editor.post(
        response.request["PATH_INFO"], {"digest": digest(response.content.decode())}
    )
    assert answer.status_code in (302, 403) and not Organisation.objects.exists()


def test_uploads_are_their_owners(editor, as_user):
    response = upload(editor, "organisations", {"o.csv": "name_en,type\nA,company\n"})
    other = as_user("add_organisation", "change_organisation", name="other")
    assert other.get(response.request["PATH_INFO"], follow=True).status_code == 404


def test_uploads_expire(editor):
    response = upload(editor, "organisations", {"o.csv": "name_en,type\nA,company\n"})
    ImportUpload.objects.update(created=timezone.now() - dt.timedelta(hours=25))
    assert editor.get(response.request["PATH_INFO"], follow=True).status_code == 404
    assert not ImportUpload.objects.exists()


def test_the_command_deletes_what_nobody_confirmed(editor, capsys):
    for name in ("A", "B"):
        upload(editor, "organisations", {"o.csv": f"name_en,type\n{name},company\n"})
    old = ImportUpload.objects.first()
    old.created = timezone.now() - dt.timedelta(hours=25)
    old.save()
    call_command("regional_cleanup")
    assert capsys.readouterr().out == "1 uploads deleted\n"
    assert ImportUpload.objects.exclude(pk=old.pk).count() == ImportUpload.objects.count() == 1


# --- The full report --------------------------------------------------------------------------


def report(client, page, file_format):
    address = page.request["PATH_INFO"] + f"report.{file_format}"
    response = client.get(address)
    assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
    return response.getvalue().decode("utf-8-sig")


def test_everything_can_be_downloaded(editor):
    row = f.OrganisationFactory(locality="Leiden")
    lines = "".join(f",=Company {at},company,\n" for at in range(150))
    text = f"uuid,name_en,type,locality\n{row.uuid},,,Delft\n{lines}"
    page = upload(editor, "organisations", {"o.csv": text})
    assert "The first 100 of 150" in page.content.decode()
    rows = json.loads(report(editor, page, "json"))
    assert len(rows["rows"]) == 151 and rows["counts"]["add"] == 150 and not rows["written"]
    lines = list(csv.DictReader(io.StringIO(report(editor, page, "csv"))))
    (change,) = (line for line in lines if line["action"] == "change")
    assert (change["column"], change["old"], change["new"]) == ("locality", "Leiden", "Delft")
    assert {line["row"][:2] for line in lines if line["action"] == "add"} == {"'="}
    totals = {line["column"]: int(line["new"]) for line in lines if line["action"] == "total"}
    assert totals.pop("rows") == sum(totals.values()) == 151
    assert Organisation.objects.count() == 1


def test_problems_are_in_the_report_too(editor):
    page = upload(editor, "organisations", {"o.csv": "name_en,type\nA,nonsense\n"})
    (line,) = (
        each
        for each in csv.DictReader(io.StringIO(report(editor, page, "csv")))
        if each["action"] == "error"
    )
    assert (line["place"], line["column"], line["old"]) == ("o.csv, line 2", "type", "nonsense")
    assert line["reason"]


def test_the_report_is_its_owners(editor, as_user):
    page = upload(editor, "organisations", {"o.csv": "name_en,type\nA,company\n"})
    address = page.request["PATH_INFO"] + "report.csv"
    other = as_user("add_organisation", "change_organisation", name="other")
    assert other.get(address, follow=True).status_code == 404
    assert as_user("view_organisation", name="third").get(address).status_code in (302, 403)


def test_large_files_are_refused(editor):
    text = "name_en,type\n" + "x" * (10 * 1024 * 1024)
    page = upload(editor, "organisations", {"o.csv": text}).content.decode()
    assert "at most 10 MB" in page and not ImportUpload.objects.exists()


def test_no_file(editor):
    response = editor.post(reverse(START), {"kind": "organisations"})
    assert response.status_code == 200 and "This field is required" in response.content.decode()


def test_the_history_shows_it(admin_client, site):
    row = f.OrganisationFactory(locality="Leiden")
    response = upload(
        admin_client, "organisations", {"o.csv": f"uuid,locality\n{row.uuid},Delft\n"}
    )
    admin_client.post(response.request["PATH_INFO"], {"digest": digest(response.content.decode())})
    history = reverse("wagtail_regional_organisation_modeladmin_history", args=[row.pk])
    page = admin_client.get(history).content.decode()
    assert "Changed by importing o.csv" in page


@pytest.mark.parametrize("kind", ["organisations", "alliances", "programmes"])
@pytest.mark.parametrize("what", ["template", "export"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_downloads(admin_client, site, kind, what, file_format):
    address = reverse("wagtail_regional_imports:download", args=[kind, what, file_format])
    response = admin_client.get(address)
    data = response.getvalue() if response.streaming else response.content
    assert response.status_code == 200 and data
    assert f".{file_format}" in response["Content-Disposition"]
    assert admin_client.get(address.replace(kind, "castles"), follow=True).status_code == 404


@pytest.mark.parametrize(
    ("kind", "name", "data", "refused"),
    [
        ("programmes", "p.csv", "name_en,type\nMinor,minor\n", True),
        ("organisations", "o.json", "[]", True),
        ("programmes", "p.json", "[]", False),
    ],
)
def test_a_provider_is_refused_where_it_means_nothing(
    site, admin_client, kind, name, data, refused
):
    answer = upload(admin_client, kind, {name: data}, provider="Leiden")
    assert ("Leave it empty." in answer.content.decode()) is refused
