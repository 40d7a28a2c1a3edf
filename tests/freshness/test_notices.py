"""Caches in front of the site are told what changed: a real server hears it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
import wagtail
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance, make_image
from wagtail_regional import factories as f
from wagtail_regional.invalidation import changes as notices
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    RegionalSettings,
    Theme,
    Webhook,
    WebhookDelivery,
)

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"


@pytest.fixture
def cache_server():
    """A cache that only remembers what it was asked to purge."""
    heard: list[SimpleNamespace] = []
    posted: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            tags = self.headers.get("Surrogate-Key", "").split()
            path = self.path
            heard.append(SimpleNamespace(path=path, host=self.headers.get("Host"), tags=tags))
            self.send_response(200)
            self.end_headers()

        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}/", heard=heard, posted=posted)
    server.shutdown()
    server.server_close()


@pytest.fixture
def purged(settings, cache_server):
    """Caches are configured, by address and by tag; the fixture tells what they were told."""
    settings.WAGTAILFRONTENDCACHE = {
        "varnish": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": cache_server.url,
        }
    }
    settings.WAGTAIL_REGIONAL = {
        "TAG_PURGE": {
            "varnish": {
                "BACKEND": "wagtail_regional.invalidation.purge.HeaderTagPurge",
                "LOCATION": cache_server.url + "tags",
            }
        }
    }

    def told() -> SimpleNamespace:
        tags = {tag for each in cache_server.heard for tag in each.tags}
        paths = {each.path for each in cache_server.heard if not each.tags}
        cache_server.heard.clear()
        return SimpleNamespace(tags=tags, paths=paths)

    return told


@pytest.fixture
def pages(section):
    """Three pages: about an alliance, with a list of programmes, and with neither."""
    alliance = make_alliance(members=2, programmes=1)
    fill(section.page, [block("alliance", {"alliance": alliance.pk, "show": ALL_SECTIONS})])
    lists = f.PartnershipPageFactory(title="Lists", parent=section.index)
    fill(lists, [block("programme_list", {"source": "query", "types": [], "maximum": 5})])
    plain = f.PartnershipPageFactory(title="Plain", parent=section.index)
    return SimpleNamespace(
        alliance=alliance, about=section.page, lists=lists, plain=plain, index=section.index
    )


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Do something in a transaction that commits."""

    def run(change) -> None:
        # What the test did to prepare waits for a commit that never comes.
        connection.run_on_commit.clear()
        with django_capture_on_commit_callbacks(execute=True):
            change()

    return run


def change(row, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def path_of(page) -> str:
    return page.get_url_parts()[2]


def test_a_changed_organisation_is_purged_wherever_it_shows(pages, purged, commit):
    member = Membership.objects.filter(alliance=pages.alliance, organisation__isnull=False).first()
    commit(member.organisation.save)
    told = purged()
    assert f"organisation-{member.organisation.pk}" in told.tags
    assert path_of(pages.about) in told.paths
    assert path_of(pages.plain) not in told.paths


def test_a_deleted_member_is_purged_where_it_was(pages, purged, commit):
    member = Membership.objects.filter(alliance=pages.alliance, organisation__isnull=False).first()
    organisation = member.organisation.pk
    commit(member.delete)
    told = purged()
    assert path_of(pages.about) in told.paths
    assert {f"organisation-{organisation}", f"alliance-{pages.alliance.pk}"} <= told.tags


def test_a_member_that_moves_is_purged_at_both_alliances(pages, purged, commit):
    other = f.AllianceFactory()
    member = Membership.objects.filter(alliance=pages.alliance, organisation__isnull=False).first()
    member.alliance = other
    commit(member.save)
    told = purged()
    assert {f"alliance-{pages.alliance.pk}", f"alliance-{other.pk}"} <= told.tags
    assert path_of(pages.about) in told.paths


def test_a_new_programme_is_purged_where_programmes_are_listed(pages, section, purged, commit):
    commit(f.ProgrammeFactory)
    told = purged()
    assert "programmes" in told.tags
    assert {path_of(pages.lists), path_of(section.programmes)} <= told.paths
    assert path_of(pages.plain) not in told.paths


def test_a_programme_index_that_goes_is_purged_where_lists_lead_to_it(
    client, pages, section, purged, commit
):
    assert "finders" in client.get(path_of(pages.lists))["Surrogate-Key"].split()
    commit(section.programmes.unpublish)
    told = purged()
    assert "finders" in told.tags
    assert path_of(pages.lists) in told.paths
    commit(pages.plain.unpublish)
    assert "finders" not in purged().tags


def test_a_page_that_goes_is_purged_where_it_is_mentioned(pages, purged, commit):
    commit(pages.plain.unpublish)
    told = purged()
    assert f"page-{pages.plain.pk}" in told.tags
    assert path_of(pages.index) in told.paths


def test_a_page_that_is_deleted_is_purged_where_it_was(pages, purged, commit):
    pk, path = pages.about.pk, path_of(pages.about)
    commit(pages.about.delete)
    told = purged()
    assert f"page-{pk}" in told.tags
    assert {path, path_of(pages.index)} <= told.paths


def test_a_page_that_moves_is_purged_at_both_places(pages, section, purged, commit):
    elsewhere = f.RegionIndexPageFactory(title="Elsewhere", parent=section.index.get_parent())
    purged()
    pages.plain.refresh_from_db()
    commit(lambda: pages.plain.move(elsewhere, pos="last-child"))
    told = purged()
    assert {path_of(pages.index), path_of(elsewhere)} <= told.paths


def test_a_section_that_becomes_private_is_purged(pages, purged, commit):
    commit(lambda: PageViewRestriction.objects.create(page=pages.index, restriction_type="login"))
    told = purged()
    assert {f"page-{pages.about.pk}", f"page-{pages.index.pk}"} <= told.tags


def test_a_page_that_moves_or_is_renamed_is_purged_where_it_was(
    pages, section, site, purged, commit, cache_server
):
    RegionalSettings.objects.create(site=site, frontend_base_url="https://front.example.edu")
    elsewhere = f.RegionIndexPageFactory(title="Elsewhere", parent=section.index.get_parent())
    pages.plain.refresh_from_db()
    for leave in (
        lambda: pages.plain.move(elsewhere, pos="last-child"),
        lambda: change(pages.plain, slug="another"),
        lambda: change(pages.plain.get_parent(), slug="renamed"),
        pages.plain.unpublish,
    ):
        pages.plain.refresh_from_db()
        old = path_of(pages.plain)
        cache_server.heard.clear()
        commit(leave)
        told = {(each.host, each.path) for each in cache_server.heard}
        assert {("front.example.edu", old), (site.hostname, old)} <= told


def test_a_page_is_purged_when_what_it_names_is_deleted(pages, purged, commit):
    image, subject = make_image("Hero"), f.AllianceFactory()
    change(pages.plain, hero_image=image, subject=subject)
    purged()
    for row in (image, subject):
        commit(row.delete)
        assert path_of(pages.plain) in purged().paths


def test_a_page_that_is_about_something_else_is_purged_where_it_was_linked_to(
    pages, client, purged, commit
):
    change(pages.about, subject=None)
    change(pages.plain, subject=pages.alliance)
    link = path_of(pages.plain).encode()
    assert link in client.get(path_of(pages.about)).content
    purged()
    commit(lambda: change(pages.plain, subject=f.AllianceFactory()))
    assert path_of(pages.about) in purged().paths
    assert link not in client.get(path_of(pages.about)).content


def test_a_collection_that_becomes_private_is_purged(pages, purged, commit, admin_client):
    root = Collection.get_first_root_node()
    public = root.add_child(name="Public")
    private = Collection.objects.get(pk=root.pk).add_child(name="Private")
    purged()
    restrict = CollectionViewRestriction(collection=private, restriction_type="login")
    for hide in (
        restrict.save,
        lambda: admin_client.post(
            f"/admin/collections/{public.pk}/", {"name": "Public", "parent": private.pk}
        ),
        restrict.delete,
    ):
        commit(hide)
        told = purged()
        assert "regional" in told.tags and path_of(pages.plain) in told.paths
    assert Collection.objects.get(pk=public.pk).get_parent() == private


@pytest.mark.parametrize("act", ["publish", "unpublish", "move", "delete"])
def test_what_is_done_with_a_page_is_told_once(act, transactional_db, pages, section, settings):
    settings.WAGTAIL_REGIONAL = {"WEBHOOK_ALLOW_PRIVATE": True}
    elsewhere = f.RegionIndexPageFactory(title="Elsewhere", parent=section.index.get_parent())
    pages.plain.refresh_from_db()
    revision, pk = pages.plain.save_revision(), pages.plain.pk
    Webhook.objects.create(name="Front end", url="http://127.0.0.1:9/")
    {
        "publish": revision.publish,
        "unpublish": pages.plain.unpublish,
        "move": lambda: pages.plain.move(elsewhere, pos="last-child"),
        "delete": pages.plain.delete,
    }[act]()
    [delivery] = WebhookDelivery.objects.all()
    assert {f"page-{pk}", f"page-{pages.index.pk}"} <= set(delivery.payload["data"]["tags"])


def change_many():
    """As an import does."""
    keys = [row.pk for row in f.OrganisationFactory.create_batch(notices.MOST_ROWS + 1)]
    connection.run_on_commit.clear()
    Organisation.objects.filter(pk__in=keys).update(country="BE")
    notices.announce_rows(Organisation, keys)


#: What changes an answer, and the answer that it changes: of one that shows a few rows, of one
#: that counts, and of one that is narrowed by what changed.
CHANGED_ANSWERS = {
    "facets, by settings": (
        "alliances/facets/",
        lambda: RegionalSettings.objects.create(site=Site.objects.get(), ending_soon_days=3650),
    ),
    "facets, by many rows": ("organisations/facets/", change_many),
    "facets, by a theme": (
        "alliances/facets/",
        lambda: change(Theme.objects.first(), label={"en": "Another"}),
    ),
    "a list of programmes, by a theme": (
        "programmes/",
        lambda: change(Theme.objects.first(), label={"en": "Another"}),
    ),
    "facets, by a membership": (
        "organisations/facets/",
        lambda: change(Membership.objects.exclude(organisation=None).first(), role="founder"),
    ),
    "a list, by a membership": (
        "organisations/?alliance={alliance}",
        lambda: f.MembershipFactory(alliance=Alliance.objects.get(parent=None)),
    ),
    "a list, by a theme that is given": (
        "alliances/?theme={theme}",
        lambda: Theme.objects.last().alliances.add(Alliance.objects.get(parent=None)),
    ),
}


@pytest.mark.parametrize("name", CHANGED_ANSWERS)
def test_whatever_answer_changes_has_a_tag_that_is_purged(name, client, pages, purged, commit):
    programme = Programme.objects.first()
    programme.themes.add(Theme.objects.first())
    programme.save()
    f.ThemeFactory()
    Alliance.objects.filter(parent=None).update(ends=str(timezone.localdate().year + 1))
    address, act = CHANGED_ANSWERS[name]
    alliance, theme = Alliance.objects.get(parent=None), Theme.objects.last()
    address = API + address.format(alliance=alliance.uuid, theme=theme.uuid)
    before = client.get(address)
    purged()
    commit(act)
    told = purged().tags
    assert before.content != client.get(address).content
    assert told & set(before["Surrogate-Key"].split())


def test_settings_are_shown_everywhere(pages, site, purged, commit):
    commit(lambda: RegionalSettings.objects.create(site=site, ending_soon_days=3))
    told = purged()
    assert "regional" in told.tags
    assert {path_of(pages.about), path_of(pages.plain)} <= told.paths


def test_a_front_end_is_purged_at_its_own_address(pages, site, purged, commit, cache_server):
    RegionalSettings.objects.create(site=site, frontend_base_url="https://front.example.edu")
    commit(pages.alliance.save)
    assert "front.example.edu" in {each.host for each in cache_server.heard}


def test_a_kept_draft_is_nobodys_business(pages, purged, commit):
    pages.about.title = "Secret"
    commit(lambda: pages.about.save_revision())
    told = purged()
    assert not told.tags and not told.paths


def test_what_is_rolled_back_is_not_told(pages, purged, commit):
    def change() -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            pages.alliance.save()
            1 / 0  # noqa: B018

    commit(change)
    assert not purged().tags


def test_webhooks_are_told_of_a_change_once_it_is_made(pages, settings, commit, cache_server):
    settings.WAGTAIL_REGIONAL = {"WEBHOOK_ALLOW_PRIVATE": True}
    webhook = Webhook.objects.create(name="Front end", url=cache_server.url + "hook")

    def change() -> None:
        pages.alliance.save()
        pages.alliance.projects.first().delete()

    commit(change)

    [delivery] = WebhookDelivery.objects.filter(webhook=webhook)
    assert f"alliance-{pages.alliance.pk}" in delivery.payload["data"]["tags"]
    assert "projects" in delivery.payload["data"]["tags"]
    [message] = cache_server.posted
    assert message["data"]["tags"] == delivery.payload["data"]["tags"]
    assert pages.alliance.name["en"] not in str(message)


def test_a_cache_that_is_down_stops_nobody(pages, settings, commit):
    settings.WAGTAIL_REGIONAL = {
        "TAG_PURGE": {
            "gone": {
                "BACKEND": "wagtail_regional.invalidation.purge.HeaderTagPurge",
                "LOCATION": "http://127.0.0.1:9/",
            }
        }
    }
    commit(pages.alliance.save)
    assert Organisation.objects.exists()


def test_the_log_of_what_could_not_be_told_says_what_it_leaves_out(monkeypatch, caplog):
    def fail(reach, tags):
        raise RuntimeError

    monkeypatch.setattr(notices, "_tell_webhooks", fail)
    monkeypatch.setattr(notices, "_purge_addresses", lambda *_: None)
    monkeypatch.setattr(notices, "_purge_tags", lambda *_: None)
    for many, last, more in ((10, "page-9", ""), (40, "page-26", " and 20 more")):
        caplog.clear()
        notices.send(SimpleNamespace(tags=lambda many=many: {f"page-{n}" for n in range(many)}))
        assert caplog.messages[0].endswith(f"{last}{more}")
