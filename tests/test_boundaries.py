"""What is true on the very day, and on the very site: one day or one site on, it is not."""

from __future__ import annotations

import datetime as dt

import pytest
import wagtail
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from wagtail_regional import factories as f
from wagtail_regional.fields import PartialDate
from wagtail_regional.lifecycle import Moment, ReviewState, review_state_of, review_state_q
from wagtail_regional.models import Membership, Organisation
from wagtail_regional.review import review
from wagtail_regional.templatetags.regional_tags import application_state

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"


def day(offset: int) -> dt.date:
    """Today, and so many days on."""
    return timezone.localdate() + dt.timedelta(days=offset)


# --- Sites ----------------------------------------------------------------------------------------


@pytest.fixture
def other_page(section):
    """A page of another site."""
    root = Page.objects.get(depth=1)
    home = root.add_child(
        instance=Page(title="Other", slug="other", locale=Locale.objects.get(language_code="en"))
    )
    Site.objects.create(hostname="other.example", root_page=home)
    return f.PartnershipPageFactory(title="Theirs", slug="theirs", parent=home)


def test_a_site_reads_its_own_pages_alone(client, section, other_page):
    ours, theirs = section.page.pk, other_page.pk
    here, there = {"host": "localhost"}, {"host": "other.example"}
    for page, own, foreign in ((ours, here, there), (theirs, there, here)):
        assert client.get(f"{API}/pages/{page}/", headers=own).status_code == 200
        for _again in range(2):
            refused = client.get(f"{API}/pages/{page}/", headers=foreign)
            assert refused.status_code == 404 and "ETag" not in refused
        assert page in ids(client, "pages/", own) and page not in ids(client, "pages/", foreign)
    path = other_page.get_url_parts()[2]
    found = f"{API}/pages/find/?path={path}"
    assert client.get(found, headers=there).status_code == 200
    assert client.get(found, headers=here).status_code == 404


def test_a_site_whose_place_begins_like_another_has_its_own_pages(client, section, other_page):
    """/other-too/ is not below /other/."""
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=Page(title="Too", slug="other-too", locale=other_page.locale))
    page = f.PartnershipPageFactory(title="Nobody's", parent=home)
    there = {"host": "other.example"}
    assert client.get(f"{API}/pages/{page.pk}/", headers=there).status_code == 404
    assert page.pk not in ids(client, "pages/", there)


def ids(client, address, headers):
    return [each["id"] for each in client.get(f"{API}/{address}", headers=headers).json()["items"]]


# --- Answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "own", "shared"), [("23:59:00", 60, 60), ("23:59:59", 1, 1), ("23:50:00", 300, 600)]
)
def test_no_answer_is_kept_beyond_its_day(client, site, settings, monkeypatch, time, own, shared):
    settings.WAGTAIL_REGIONAL = {"API_MAX_AGE": 300, "API_SHARED_MAX_AGE": 900}
    zone = timezone.get_default_timezone()
    now = dt.datetime.combine(timezone.localdate(), dt.time.fromisoformat(time), zone)
    monkeypatch.setattr(timezone, "now", lambda: now)
    given = client.get(f"{API}/alliances/")["Cache-Control"]
    assert given == f"public, max-age={own}, s-maxage={shared}, must-revalidate"


# --- Members --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "stayed"),
    [
        (None, True),
        ("2013-06-30", True),
        ("2013-06-29", False),
        ("2013-06", True),
        ("2013-05", False),
        ("2013-07-01", True),
    ],
)
def test_who_left_on_the_last_day_was_a_member_to_the_end(client, site, left, stayed):
    alliance = f.AllianceFactory(starts="2010", ends="2013-06-30")
    tie = f.MembershipFactory(alliance=alliance, ends=left)
    told = client.get(f"{API}/alliances/{alliance.uuid}/").json()
    assert (len(told["members"]), len(told["former_members"])) == (stayed, not stayed)
    assert Membership.objects.get(pk=tie.pk).lasts_with(alliance) is stayed


@pytest.mark.parametrize(("offset", "current"), [(-1, False), (0, True), (1, True)])
def test_a_member_is_one_on_its_last_day(client, site, offset, current):
    alliance = f.AllianceFactory(starts="2010")
    tie = f.MembershipFactory(alliance=alliance, ends=day(offset))
    told = client.get(f"{API}/alliances/{alliance.uuid}/").json()
    assert (len(told["members"]), len(told["former_members"])) == (current, not current)
    assert tie.lasts_with(alliance) is current


@pytest.mark.parametrize(
    ("starts", "ends", "outside"),
    [
        ("2010-01-01", "2013-06-30", False),
        ("2009-12-31", None, True),
        (None, "2013-07-01", True),
        ("2009", None, True),
        ("2010", "2013", False),
        (None, "2013-07", True),
    ],
)
def test_a_role_is_within_the_alliance_on_its_first_and_last_day(site, starts, ends, outside):
    alliance = f.AllianceFactory(starts="2010-01-01", ends="2013-06-30")
    tie = f.MembershipFactory(alliance=alliance, starts=starts, ends=ends)
    assert Membership.objects.get(pk=tie.pk).outside_alliance is outside
    assert bool(review(only=["role_outside_dates"])) is outside


# --- Reviews --------------------------------------------------------------------------------------

WINDOW = 90


@pytest.mark.parametrize(
    ("due", "last", "state"),
    [
        (-1, -1, ReviewState.OVERDUE),
        (-1, 0, ReviewState.FINE),
        (-1, None, ReviewState.OVERDUE),
        (0, None, ReviewState.NEVER),
        (0, -1, ReviewState.DUE),
        (0, 0, ReviewState.DUE),
        (1, -1, ReviewState.DUE),
        (WINDOW, -1, ReviewState.DUE),
        (WINDOW + 1, -1, ReviewState.FINE),
        (None, -1, ReviewState.FINE),
        (None, None, ReviewState.NEVER),
    ],
)
def test_a_review_is_due_until_the_end_of_its_day(db, due, last, state):
    row = f.OrganisationFactory()
    dates = {name: None if n is None else day(n) for name, n in (("d", due), ("l", last))}
    Organisation.objects.update(review_by=dates["d"], last_reviewed=dates["l"])
    row.refresh_from_db()
    moment = Moment(day(0), WINDOW)
    assert review_state_of(row, moment) == state
    for each in ReviewState:
        found = Organisation.objects.filter(review_state_q(each, moment)).exists()
        assert found is (each == state), each


@pytest.mark.parametrize(("due", "finds"), [(-1, True), (0, False), (1, False)])
def test_what_was_looked_at_is_settled_until_the_next_review(site, due, finds):
    row = f.AllianceFactory()
    row.mark_reviewed(None)
    type(row).objects.update(review_by=day(due))
    assert bool(review(only=["undated"])) is finds


# --- Applications ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "closes", "state"),
    [
        (0, None, "open"),
        (1, None, "before"),
        (None, 0, "open"),
        (None, -1, "closed"),
        (0, 0, "open"),
        (-9, -1, "closed"),
        (1, 9, "before"),
        (None, None, ""),
    ],
)
def test_one_can_apply_on_the_first_and_on_the_last_day(client, site, opens, closes, state):
    dates = {
        "application_opens": None if opens is None else day(opens),
        "application_closes": None if closes is None else day(closes),
    }
    access = f.ProgrammeAccessFactory(**dates)
    assert application_state(access) == state
    found = client.get(f"{API}/programmes/?open=now").json()["count"]
    assert found == (state == "open")
    on_that_day = client.get(f"{API}/programmes/?open_on={day(0)}").json()["count"]
    assert on_that_day == found


@pytest.mark.parametrize(("offset", "open_"), [(-1, False), (0, True)])
def test_one_can_apply_for_what_ends_today(client, site, offset, open_):
    f.ProgrammeAccessFactory(programme__ends=day(offset), application_closes=day(9))
    assert client.get(f"{API}/programmes/?open=now").json()["count"] == open_


@pytest.mark.parametrize(("offset", "first"), [(-1, "later"), (0, "today")])
def test_a_deadline_of_today_is_the_next_one(client, site, offset, first):
    for name, closes in (("today", day(offset)), ("later", day(1))):
        f.ProgrammeAccessFactory(programme__name={"en": name}, application_closes=closes)
    items = client.get(f"{API}/programmes/?order=deadline").json()["items"]
    assert items[0]["name"] == first


# --- Status ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "status"),
    [
        ({"ends": day(-1)}, "ended"),
        ({"ends": day(0)}, "ending_soon"),
        ({"ends": day(WINDOW)}, "ending_soon"),
        ({"ends": day(WINDOW + 1)}, "active"),
        ({"starts": day(0)}, "active"),
        ({"starts": day(1)}, "planned"),
        ({"starts": day(1), "ends": day(1)}, "planned"),
    ],
)
def test_a_status_turns_with_the_day(client, site, settings, dates, status):
    settings.WAGTAIL_REGIONAL = {"ENDING_SOON_DAYS": WINDOW}
    alliance = f.AllianceFactory(**{k: PartialDate.parse(str(v)) for k, v in dates.items()})
    told = client.get(f"{API}/alliances/{alliance.uuid}/").json()
    assert told["lifecycle"]["status"] == status
    for each in ("planned", "active", "ending_soon", "ended", "undated"):
        found = client.get(f"{API}/alliances/?status={each}").json()["count"]
        assert found == (each == status)
