"""The screens of webhooks and of the log, and who gets there."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from wagtail_regional.models import Webhook, WebhookDelivery


def address(model, action, *args):
    return reverse(f"wagtail_regional_{model}_modeladmin_{action}", args=args)


@pytest.fixture
def editor(client, django_user_model):
    """Log in with the admin open and `codenames` given."""

    def editor(*codenames):
        user = django_user_model.objects.create_user("editor", password="x")
        codenames = ("access_admin", *codenames)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return editor


@pytest.fixture
def delivery(webhook):
    return WebhookDelivery.objects.create(
        webhook=webhook,
        payload={"data": {"tags": ["<page>"]}},
        state="abandoned",
        attempts=8,
        next_attempt_at=None,
        response_status=500,
        error="The receiver answered 500.\n\n<b>out of order</b>",
    )


# --- Webhooks --------------------------------------------------------------------------------


def test_a_webhook_is_made_and_its_secret_shown(site, admin_client, receiver, private_allowed):
    create = address("webhook", "create")
    assert "whsec_" not in admin_client.get(create).content.decode()
    form = {"name": "Front end", "url": receiver.url, "is_active": "on"}
    response = admin_client.post(create, form)
    webhook = Webhook.objects.get()
    assert response["Location"] == address("webhook", "edit", webhook.pk)
    page = admin_client.get(response["Location"]).content.decode()
    assert webhook.secret in page and "standardwebhooks.com" in page


def test_a_list_does_not_tell_of_the_secret(site, editor, webhook, delivery):
    """modeladmin would look for whatever column is named in the address."""
    client = editor("view_webhook")
    for model, column in (("webhook", "secret"), ("webhookdelivery", "webhook__secret")):
        url = address(model, "index")
        shown = [
            len(client.get(url, {f"{column}__startswith": text}).context["object_list"])
            for text in (webhook.secret, "whsec_another")
        ]
        assert shown == [1, 1]


@pytest.mark.parametrize(
    ("model", "action"),
    [
        ("webhook", "edit"),
        ("webhook", "history"),
        ("webhook", "delete"),
        ("webhookdelivery", "inspect"),
        ("webhookdelivery", "send"),
        ("organisation", "edit"),
        ("organisation", "inspect"),
    ],
)
def test_what_is_no_key_is_not_found(site, admin_client, model, action):
    ask = admin_client.post if action == "send" else admin_client.get
    # A site with languages in its addresses first looks for it there.
    assert ask(address(model, action, "abc"), follow=True).status_code == 404


def test_the_secret_cannot_be_changed_by_form(site, admin_client, webhook):
    edit = address("webhook", "edit", webhook.pk)
    form = {"name": "Renamed", "url": webhook.url, "secret": "whsec_AAAA"}
    assert admin_client.post(edit, form).status_code == 302
    again = Webhook.objects.get()
    assert (again.name, again.is_active) == ("Renamed", False)
    assert again.secret == webhook.secret


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1/", "not a public address"),
        ("http://127.0.0.1/", "set WEBHOOK_ALLOW_PRIVATE"),
        ("https://[::1]/", "not a public address"),
        ("ftp://example.edu/", "https://"),
        ("https://example.edu:99999/", "alid"),
    ],
)
def test_an_address_that_will_be_refused_is_told_at_once(site, admin_client, url, told):
    response = admin_client.post(address("webhook", "create"), {"name": "x", "url": url})
    assert response.status_code == 200 and told in response.content.decode()
    assert not Webhook.objects.exists()


def test_a_name_that_does_not_exist_yet_is_accepted(site, admin_client):
    form = {"name": "x", "url": "https://soon.example.invalid/"}
    assert admin_client.post(address("webhook", "create"), form).status_code == 302


def test_the_list_shows_no_secret(site, admin_client, webhook):
    page = admin_client.get(address("webhook", "index")).content.decode()
    assert webhook.name in page and webhook.secret not in page


@pytest.mark.parametrize("action", ["index", "create", "edit", "delete", "history"])
def test_webhooks_need_their_permissions(site, editor, webhook, action):
    args = [] if action in ("index", "create") else [webhook.pk]
    client = editor("change_organisation")
    response = client.get(address("webhook", action, *args))
    assert response.status_code != 200
    if response.status_code == 302:
        assert response["Location"] == reverse("wagtailadmin_home")


def test_who_may_view_webhooks_does_not_see_the_secret(site, editor, webhook):
    client = editor("view_webhook")
    assert client.get(address("webhook", "index")).status_code == 200
    edit = client.get(address("webhook", "edit", webhook.pk))
    assert edit.status_code != 200 and webhook.secret not in edit.content.decode()


def test_the_menu_shows_them_to_those_who_may(site, editor):
    links = [address("webhook", "index"), address("webhookdelivery", "index")]
    client = editor("change_organisation")
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert not any(link in home for link in links)


def test_the_menu_leads_there(site, editor):
    home = editor("change_webhook").get(reverse("wagtailadmin_home")).content.decode()
    assert address("webhook", "index") in home and address("webhookdelivery", "index") in home


# --- The log ---------------------------------------------------------------------------------


def test_the_log_is_filtered(site, admin_client, webhook, delivery):
    other = Webhook.objects.create(name="Other", url=webhook.url)
    index = address("webhookdelivery", "index")
    name = str(delivery.event_id)
    assert name in admin_client.get(index).content.decode()
    for query, shown in [
        ("state=abandoned", True),
        ("state=delivered", False),
        (f"webhook={webhook.pk}", True),
        (f"webhook={other.pk}", False),
    ]:
        response = admin_client.get(f"{index}?{query}")
        assert response.status_code == 200
        assert (name in response.content.decode()) is shown, query


def test_a_delivery_is_inspected(site, admin_client, delivery):
    page = admin_client.get(address("webhookdelivery", "inspect", delivery.pk)).content.decode()
    assert "&lt;page&gt;" in page and "&lt;b&gt;out of order" in page and "500" in page
    assert "Abandoned" in page and "Send again" in page


@pytest.mark.parametrize("action", ["create", "edit", "delete"])
def test_nobody_edits_the_log(site, admin_client, delivery, action):
    args = [] if action == "create" else [delivery.pk]
    for method in (admin_client.get, admin_client.post):
        response = method(address("webhookdelivery", action, *args))
        assert response.status_code == 403 or response["Location"] == reverse("wagtailadmin_home")
    assert WebhookDelivery.objects.count() == 1


def test_a_delivery_is_sent_again(site, editor, delivery, receiver):
    client = editor("change_webhook")
    response = client.post(address("webhookdelivery", "send", delivery.pk), follow=True)
    assert "The message was delivered." in response.content.decode()
    [request] = receiver.requests
    assert request.headers["webhook-id"] == str(delivery.event_id)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("delivered", 1, "")


def test_sending_again_in_vain_is_told(site, editor, delivery, receiver):
    receiver.status = 500
    client = editor("change_webhook")
    response = client.post(address("webhookdelivery", "send", delivery.pk), follow=True)
    assert "The message was not delivered." in response.content.decode()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", 1)


def test_nothing_is_sent_to_an_inactive_webhook(site, editor, delivery, receiver):
    Webhook.objects.update(is_active=False)
    client = editor("change_webhook")
    response = client.post(address("webhookdelivery", "send", delivery.pk), follow=True)
    page = response.content.decode()
    assert "nothing was sent" in page and "Send again" not in page and not receiver.requests
    delivery.refresh_from_db()
    assert delivery.state == "abandoned"


def test_sending_again_needs_the_permission(site, editor, delivery, receiver):
    client = editor("view_webhook", "add_webhook", "delete_webhook")
    inspect = client.get(address("webhookdelivery", "inspect", delivery.pk))
    assert inspect.status_code == 200 and "Send again" not in inspect.content.decode()
    response = client.post(address("webhookdelivery", "send", delivery.pk))
    assert response.status_code in (302, 403) and not receiver.requests
    delivery.refresh_from_db()
    assert delivery.state == "abandoned"


def test_sending_again_is_a_post(site, admin_client, delivery, receiver):
    response = admin_client.get(address("webhookdelivery", "send", delivery.pk))
    assert response.status_code == 405 and not receiver.requests
