"""`manage.py regional_review`: what it prints, its exit status, its mails."""

import io
import json

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import translation
from wagtail.users.models import UserProfile

from tests.review.conftest import day
from wagtail_regional import factories as f


def run(*args):
    """What it prints, whatever the exit status."""
    out, err = io.StringIO(), io.StringIO()
    call_command("regional_review", *args, "--fail-at", "never", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def as_json(*args):
    return json.loads(run("--format", "json", *args)[0])


@pytest.fixture
def keeper(django_user_model):
    return django_user_model.objects.create_user("keeper", "keeper@example.org")


@pytest.fixture
def rows(site, keeper):
    """An error, a warning and a notice."""
    f.MembershipFactory(
        alliance__name={"en": "The error", "nl": "De fout"},
        alliance__starts="2010",
        alliance__owner=keeper,
        organisation__name={"en": "Bronovo", "nl": "Bronovo"},
        organisation__dissolved="2019",
        organisation__last_reviewed=day(0),
    )
    f.ProgrammeFactory(name={"en": "The warning", "nl": "De waarschuwing"}, owner=keeper)
    f.AllianceFactory(name={"en": "The notice", "nl": "De melding"})


# --- What it prints --------------------------------------------------------------------------


def test_the_table(rows):
    text, _ = run()
    for part in ("The error (alliance)", "[member_gone]", "Bronovo", "→ End the role", "keeper"):
        assert part in text
    assert "http://testserver/admin/wagtail_regional/alliance/edit/" in text
    assert text.index("The error") < text.index("The warning") < text.index("The notice")
    assert text.endswith("1 error, 1 warning, 1 notice\n")


def test_several_are_counted_as_several(rows):
    f.ProgrammeFactory(name={"en": "Another", "nl": "Nog een"})
    with translation.override("en"):
        assert run()[0].endswith("1 error, 2 warnings, 1 notice\n")
    with translation.override("nl"):
        assert run()[0].endswith("1 fout, 2 waarschuwingen, 1 opmerking\n")


def test_nothing_found(site):
    assert run()[0] == "Nothing needs care.\n"


def test_json(rows):
    data = as_json()
    assert data["count"] == 3 and data["severities"] == {"error": 1, "warning": 1, "notice": 1}
    first = data["findings"][0]
    assert first["rule"] == "member_gone" and first["severity"] == "error"
    assert first["row"]["label"] == "The error" and len(first["row"]["uuid"]) == 36
    assert first["row"]["model"] == "wagtail_regional.alliance"
    assert first["owner"] == "keeper" and first["pages"] == []
    assert first["fix_url"].startswith("http://testserver/admin/")


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (["--rule", "undated"], ["The notice"]),
        (["--rule", "undated", "--rule", "member_gone"], ["The error", "The notice"]),
        (["--severity", "error"], ["The error"]),
        (["--severity", "warning"], ["The error", "The warning"]),
        (["--owner", "keeper"], ["The error", "The warning"]),
        (["--owner", "none"], ["The notice"]),
        (["--owner", "keeper", "--severity", "error"], ["The error"]),
    ],
)
def test_filters(rows, args, names):
    assert [each["row"]["label"] for each in as_json(*args)["findings"]] == names


# --- Exit status -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "fails"),
    [
        ([], True),
        (["--fail-at", "error"], True),
        (["--fail-at", "never"], False),
        # Of what is not shown, nothing fails.
        (["--rule", "undated"], False),
        (["--rule", "undated", "--fail-at", "warning"], False),
        (["--rule", "undated", "--fail-at", "notice"], True),
        (["--owner", "none", "--fail-at", "notice"], True),
    ],
)
def test_exit_status(rows, args, fails):
    out = io.StringIO()
    if not fails:
        call_command("regional_review", *args, stdout=out)
        return
    with pytest.raises(CommandError, match="at or above") as failure:
        call_command("regional_review", *args, stdout=out)
    assert failure.value.returncode == 1
    assert out.getvalue()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--rule", "undatd"], "--rule: there is no rule “undatd”. There are: broken_link,"),
        (["--owner", "nobody"], "--owner: there is no user “nobody”"),
        (["--severity", "bad"], "argument --severity: invalid choice: 'bad'"),
        (["--fail-at", "bad"], "argument --fail-at: invalid choice: 'bad'"),
        (["--format", "xml"], "argument --format: invalid choice: 'xml'"),
    ],
)
def test_a_wrong_option_is_named(site, args, told):
    with pytest.raises(CommandError) as failure:
        call_command("regional_review", *args)
    assert told in str(failure.value)
    # argparse sets the status itself, and only where it runs the process.
    assert told.startswith("argument") or failure.value.returncode == 2


# --- Mails -----------------------------------------------------------------------------------


def test_each_owner_gets_their_own(rows, django_user_model):
    other = django_user_model.objects.create_user("other", "other@example.org")
    f.ProgrammeFactory(name={"en": "Another", "nl": "Een ander"}, owner=other)
    _, err = run("--email")
    assert "2 mails sent" in err and "1 findings are about rows that nobody owns" in err
    to_keeper, to_other = mail.outbox
    assert to_keeper.to == ["keeper@example.org"] and to_other.to == ["other@example.org"]
    for part in ("The error", "Bronovo", "The warning", "http://testserver/admin/"):
        assert part in to_keeper.body
    assert "The notice" not in to_keeper.body and "Another" not in to_keeper.body
    assert "2 things" in to_keeper.subject and "1 thing " in to_other.subject
    assert "&quot;" not in to_keeper.body


def test_filters_hold_for_mails_too(rows):
    run("--email", "--severity", "error")
    (sent,) = mail.outbox
    assert "The error" in sent.body and "The warning" not in sent.body


def test_a_mail_is_in_the_language_of_the_owners_admin(rows, keeper):
    UserProfile.objects.create(user=keeper, preferred_language="nl")
    run("--email")
    assert "De fout" in mail.outbox[0].body and "The error" not in mail.outbox[0].body


def test_whoever_cannot_be_told_is_reported(rows, keeper, django_user_model):
    django_user_model.objects.filter(pk=keeper.pk).update(email="")
    gone = django_user_model.objects.create_user("gone", "gone@example.org", is_active=False)
    f.ProgrammeFactory(owner=gone)
    _, err = run("--email")
    assert not mail.outbox
    assert "0 mails sent" in err and "keeper have no e-mail address" in err
    assert "gone are not active" in err


def test_mails_need_the_address_of_the_admin(rows, settings):
    del settings.WAGTAILADMIN_BASE_URL
    with pytest.raises(CommandError, match="--email: WAGTAILADMIN_BASE_URL") as failure:
        run("--email")
    assert failure.value.returncode == 2
    assert not mail.outbox


def test_a_mail_that_fails_is_told_and_does_not_stop_the_others(rows, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(CommandError, match="could not be sent: keeper"):
        run("--email")
