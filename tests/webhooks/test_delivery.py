"""From a change to the receiver, over a real connection."""

import base64
import contextlib
import datetime as dt
import json
import logging
import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.webhooks.backends import DeferringBackend
from tests.webhooks.conftest import make_due
from wagtail_regional.models import Webhook, WebhookDelivery
from wagtail_regional.models.webhooks import BACKOFF
from wagtail_regional.webhooks import announce
from wagtail_regional.webhooks.signing import sign
from wagtail_regional.webhooks.tasks import send

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "webhooks.md"


@pytest.fixture(scope="module")
def verify():
    """The Python sample of the guide."""
    [sample] = [
        block.split("```")[0]
        for block in GUIDE.read_text().split("```python\n")[1:]
        if "def verify" in block
    ]
    names: dict = {}
    exec(sample, names)
    return names["verify"]


# --- What is sent ----------------------------------------------------------------------------


def test_a_change_is_delivered_and_verifies(webhook, receiver, announced, verify):
    [delivery] = announced("page-5", "organisation-12", "page-5")
    [request] = receiver.requests
    message = verify(webhook.secret, request.headers, request.body)
    assert message["type"] == "regional.content.changed"
    assert message["data"] == {"tags": ["organisation-12", "page-5"]}
    assert dt.datetime.fromisoformat(message["timestamp"]).tzinfo is not None
    assert set(message) == {"type", "timestamp", "data"}
    assert request.path == "/hook?from=test"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == str(delivery.event_id)
    assert (delivery.state, delivery.attempts, delivery.response_status) == ("delivered", 1, 204)
    assert delivery.next_attempt_at is None and delivery.error == ""


def test_the_guides_sample_refuses_what_is_not_ours(webhook, receiver, announced, verify):
    announced("page-5")
    [request] = receiver.requests
    old = {**request.headers, "webhook-timestamp": str(int(time.time()) - 1000)}
    for secret, headers, body in [
        (webhook.secret, request.headers, request.body + b" "),
        ("whsec_" + base64.b64encode(b"x" * 32).decode(), request.headers, request.body),
        (webhook.secret, old, request.body),
        (webhook.secret, {**request.headers, "webhook-id": "other"}, request.body),
    ]:
        with pytest.raises(ValueError):
            verify(secret, headers, body)


def test_the_signature_is_that_of_the_reference_library():
    """A value from the tests of Standard Webhooks' own libraries."""
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_secret_is_its_own_and_long_enough(db):
    secrets = {Webhook.objects.create(name=name, url="https://example.edu").secret for name in "ab"}
    assert len(secrets) == 2
    assert all(len(base64.b64decode(each.removeprefix("whsec_"))) == 32 for each in secrets)


def test_every_active_webhook_is_told(webhook, receiver, announced):
    Webhook.objects.create(name="Second", url=receiver.url)
    Webhook.objects.create(name="Off", url=receiver.url, is_active=False)
    deliveries = announced("page-5")
    assert {each.webhook.name for each in deliveries} == {"Front end", "Second"}
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 2


# --- What the caller sees --------------------------------------------------------------------


def test_it_costs_one_query_when_nobody_listens(db, django_assert_num_queries):
    Webhook.objects.create(name="Off", url="https://example.edu", is_active=False)
    with django_assert_num_queries(1):
        announce(["page-5"])
    with django_assert_num_queries(0):
        announce([])
    assert not WebhookDelivery.objects.exists()


def test_a_server_that_is_down_raises_nothing(webhook, receiver, announced):
    receiver.stop()
    [delivery] = announced("page-5")
    assert (delivery.state, delivery.response_status) == ("failed", None)
    assert "No connection" in delivery.error


def test_a_broken_database_raises_nothing(db, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("no such table")

    monkeypatch.setattr(Webhook.objects, "filter", broken)
    announce(["page-5"])
    assert "could not be announced" in caplog.text


def test_a_queue_that_is_down_leaves_the_message_to_the_command(
    webhook, receiver, announced, settings, caplog
):
    settings.TASKS = {"default": {"BACKEND": "tests.webhooks.backends.BrokenBackend"}}
    [delivery] = announced("page-5")
    assert delivery.state == "pending" and "the queue is down" in caplog.text
    call_command("regional_webhooks", verbosity=0)
    assert len(receiver.requests) == 1


# --- Retries ---------------------------------------------------------------------------------


def test_failures_are_retried_later_and_later_and_then_abandoned(webhook, receiver, announced):
    receiver.status, receiver.answer = 500, b"out of \0 order" + b"!" * 5000
    [delivery] = announced("page-5")
    for attempts, wait in enumerate(BACKOFF, start=1):
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == ("failed", attempts)
        waits = (delivery.next_attempt_at - delivery.last_attempt_at).total_seconds()
        assert wait <= waits <= 1.2 * wait + 2
        call_command("regional_webhooks", verbosity=0)
        assert len(receiver.requests) == attempts  # not due yet
        make_due()
        call_command("regional_webhooks", verbosity=0)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("abandoned", 8)
    assert delivery.next_attempt_at is None and delivery.response_status == 500
    assert "answered 500" in delivery.error and "out of  order" in delivery.error
    assert len(delivery.error) < 1200
    call_command("regional_webhooks", verbosity=0)
    assert len(receiver.requests) == 8
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len({request.body for request in receiver.requests}) == 1


def test_a_retry_that_succeeds_ends_it(webhook, receiver, announced, capsys):
    receiver.status = 500
    announced("page-5")
    receiver.status = 200
    make_due()
    call_command("regional_webhooks")
    assert "1 sent, 0 failed" in capsys.readouterr().out
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.error) == ("delivered", 2, "")


def test_a_receiver_that_is_down_costs_one_attempt_per_run(webhook, receiver, announced):
    receiver.status = 503
    for number in range(3):
        announced(f"page-{number}")
    make_due()
    call_command("regional_webhooks", verbosity=0)
    assert len(receiver.requests) == 4
    receiver.status = 200
    make_due()
    call_command("regional_webhooks", verbosity=0)
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_an_inactive_webhook_gets_its_messages_when_active_again(webhook, receiver, announced):
    receiver.status = 500
    announced("page-5")
    make_due()
    Webhook.objects.update(is_active=False)
    call_command("regional_webhooks", verbosity=0)
    assert len(receiver.requests) == 1
    Webhook.objects.update(is_active=True)
    call_command("regional_webhooks", verbosity=0)
    assert len(receiver.requests) == 2


def test_gone_means_never_again(webhook, receiver, announced):
    receiver.status = 410
    [delivery] = announced("page-5")
    webhook.refresh_from_db()
    assert delivery.state == "abandoned" and not webhook.is_active
    announced("page-6")
    assert len(receiver.requests) == 1


def test_a_backend_that_can_wait_is_given_the_retries(webhook, receiver, announced, settings):
    settings.TASKS = {"default": {"BACKEND": "tests.webhooks.backends.DeferringBackend"}}
    DeferringBackend.queue.clear()
    receiver.status = 500
    [delivery] = announced("page-5")
    assert not receiver.requests and delivery.state == "pending"
    [(task, args)] = DeferringBackend.queue
    assert args == (str(delivery.event_id),) and task.run_after is None
    task.func(*args)
    (task, args) = DeferringBackend.queue[-1]
    delivery.refresh_from_db()
    assert len(DeferringBackend.queue) == 2 and args == (str(delivery.event_id),)
    assert delivery.state == "failed" and task.run_after >= delivery.next_attempt_at


def test_a_retry_that_cannot_be_queued_is_left_to_the_command(webhook, receiver, settings):
    settings.TASKS = {"default": {"BACKEND": "tests.webhooks.backends.BrokenBackend"}}
    receiver.status = 500
    delivery = WebhookDelivery.objects.create(webhook=webhook, payload={})
    assert send(delivery.event_id).state == "failed"


def test_a_worker_that_was_killed_loses_its_claim(webhook, receiver):
    delivery = WebhookDelivery.objects.create(webhook=webhook, payload={})
    assert WebhookDelivery.objects.claim(delivery.event_id)
    assert send(delivery.event_id) is None
    WebhookDelivery.objects.update(claimed_until=timezone.now())
    done = send(delivery.event_id)
    assert (done.state, done.attempts) == ("delivered", 2)


def test_a_worker_that_comes_too_late_says_nothing(webhook, receiver):
    delivery = WebhookDelivery.objects.create(webhook=webhook, payload={})
    late = WebhookDelivery.objects.claim(delivery.event_id)
    WebhookDelivery.objects.update(claimed_until=timezone.now())
    send(delivery.event_id)
    assert not late.settle(None, "too slow")
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_the_log_is_pruned(webhook, receiver, announced, capsys):
    announced("page-1")
    receiver.status = 500
    announced("page-2")
    off = Webhook.objects.create(name="Off", url=receiver.url, is_active=False)
    for webhook_id, state in [(webhook.pk, "abandoned"), (off.pk, "failed")]:
        WebhookDelivery.objects.create(webhook_id=webhook_id, payload={}, state=state)
    WebhookDelivery.objects.update(created=timezone.now() - dt.timedelta(days=29))
    call_command("regional_webhooks", verbosity=0)
    assert WebhookDelivery.objects.count() == 4
    WebhookDelivery.objects.update(created=timezone.now() - dt.timedelta(days=31))
    call_command("regional_webhooks")
    assert "3 deleted" in capsys.readouterr().out
    assert WebhookDelivery.objects.get().state == "failed"


# --- One at a time ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_is_being_sent_is_not_sent_by_another(webhook, receiver):
    delivery = WebhookDelivery.objects.create(webhook=webhook, payload={})
    receiver.may_answer.clear()
    outcome = []

    def worker():
        try:
            outcome.append(send(delivery.event_id).state)
        finally:
            connection.close()

    thread = threading.Thread(target=worker)
    thread.start()
    assert receiver.arrived.wait(5)
    assert send(delivery.event_id) is None
    call_command("regional_webhooks", verbosity=0)
    assert not WebhookDelivery.objects.reset(delivery.event_id)
    receiver.may_answer.set()
    thread.join(5)
    assert outcome == ["delivered"] and len(receiver.requests) == 1


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_start_together_one_sends(webhook, receiver):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory locks its tables instead of having writers wait")
    deliveries = [WebhookDelivery.objects.create(webhook=webhook, payload={}) for _ in range(10)]
    start = threading.Barrier(8)

    def worker():
        try:
            for delivery in deliveries:
                start.wait(10)
                send(delivery.event_id)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(receiver.requests) == len(deliveries)
    assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {("delivered", 1)}


# --- Where it does not go --------------------------------------------------------------------


def resolve_to(monkeypatch, ip):
    """Every name is at `ip`. Returns the list of names that were asked for."""
    asked = []
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        asked.append(host)
        return real(ip, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.11.12.13", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433"]
)
def test_private_addresses_are_refused(webhook, receiver, announced, settings, host):
    settings.WAGTAIL_REGIONAL = {}
    Webhook.objects.update(url=f"http://{host}:{receiver.port}/hook")
    [delivery] = announced("page-5")
    assert delivery.state == "failed" and "not a public address" in delivery.error
    assert "set WEBHOOK_ALLOW_PRIVATE" in delivery.error
    assert not receiver.requests


def test_a_name_at_a_private_address_is_refused(
    webhook, receiver, announced, settings, monkeypatch
):
    settings.WAGTAIL_REGIONAL = {}
    Webhook.objects.update(url=f"http://hooks.example.edu:{receiver.port}/")
    resolve_to(monkeypatch, "127.0.0.1")
    [delivery] = announced("page-5")
    assert "hooks.example.edu" in delivery.error and "127.0.0.1" in delivery.error
    assert not receiver.requests


def test_a_name_is_resolved_once_and_kept_in_the_host_header(
    webhook, receiver, announced, monkeypatch
):
    Webhook.objects.update(url=f"http://hooks.example.edu:{receiver.port}/päge?q=ü")
    asked = resolve_to(monkeypatch, "127.0.0.1")
    [delivery] = announced("page-5")
    assert delivery.state == "delivered" and asked == ["hooks.example.edu"]
    assert receiver.requests[0].headers["host"] == f"hooks.example.edu:{receiver.port}"
    assert receiver.requests[0].path == "/p%C3%A4ge?q=%C3%BC"


@pytest.mark.parametrize(
    "url", ["ftp://example.edu/", "file:///etc/passwd", "http://", "http://x:99999/"]
)
def test_addresses_that_make_no_sense_are_logged(webhook, announced, url):
    Webhook.objects.update(url=url)
    [delivery] = announced("page-5")
    assert delivery.state == "failed" and delivery.error


def test_redirects_are_not_followed(webhook, receiver, announced):
    receiver.status = 307
    receiver.answer_headers = {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}
    [delivery] = announced("page-5")
    assert [request.path for request in receiver.requests] == ["/hook?from=test"]
    assert delivery.response_status == 307 and "not followed" in delivery.error


def test_a_proxy_in_the_environment_is_not_used(webhook, receiver, announced, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    [delivery] = announced("page-5")
    assert delivery.state == "delivered"


# --- Receivers that misbehave ----------------------------------------------------------------


def test_a_slow_receiver_is_given_up(webhook, receiver, announced, settings):
    settings.WAGTAIL_REGIONAL = {"WEBHOOK_ALLOW_PRIVATE": True, "WEBHOOK_TIMEOUT_SECONDS": 0.5}
    receiver.may_answer.clear()
    began = time.monotonic()
    [delivery] = announced("page-5")
    assert time.monotonic() - began < 8
    assert delivery.state == "failed" and "longer than 0.5 seconds" in delivery.error


def raw_receiver(serve):
    """A server that speaks for itself; `serve` gets the connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run():
        peer, _ = listener.accept()
        with peer, contextlib.suppress(OSError):
            serve(peer)

    threading.Thread(target=run, daemon=True).start()
    return listener.getsockname()[1]


def trickle(peer):
    while True:
        peer.sendall(b"HTTP/1.1 200 OK\r\n"[:1])
        time.sleep(0.1)


def trickle_body(peer):
    peer.recv(65536)
    peer.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 1000\r\n\r\n")
    trickle(peer)


def test_a_receiver_that_sends_a_byte_at_a_time_is_given_up(webhook, announced, settings):
    settings.WAGTAIL_REGIONAL = {"WEBHOOK_ALLOW_PRIVATE": True, "WEBHOOK_TIMEOUT_SECONDS": 0.5}
    for serve, status in [(trickle, None), (trickle_body, 500)]:
        Webhook.objects.update(url=f"http://127.0.0.1:{raw_receiver(serve)}/")
        began = time.monotonic()
        delivery = announced("page-5")[0]
        assert time.monotonic() - began < 8
        assert (delivery.state, delivery.response_status) == ("failed", status)


def test_the_log_keeps_no_more_than_the_beginning(webhook, announced):
    said = b"\x81" * 60_000
    port = raw_receiver(lambda peer: (peer.recv(65536), peer.sendall(said)))
    Webhook.objects.update(url=f"http://127.0.0.1:{port}/")
    [delivery] = announced("page-5")
    assert delivery.state == "failed" and 0 < len(delivery.error) <= 2000


def test_what_is_left_out_of_the_log_is_not_left_out_in_silence(webhook, announced):
    def answer(peer, words):
        peer.recv(65536)
        head = f"HTTP/1.1 500 No\r\nContent-Length: {len(words)}\r\n\r\n"
        peer.sendall(head.encode() + words)

    for words, is_cut in [(b"a" * 1024, False), (b"a" * 60_000, True)]:
        port = raw_receiver(lambda peer, words=words: answer(peer, words))
        Webhook.objects.update(url=f"http://127.0.0.1:{port}/")
        delivery = announced("page-5")[0]
        assert "aaa" in delivery.error and len(delivery.error) <= 2000
        assert delivery.error.endswith("…") is is_cut


@pytest.mark.parametrize("nonsense", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 nonsense\r\n\r\n"])
def test_an_answer_that_is_not_http_is_logged(webhook, announced, nonsense):
    port = raw_receiver(lambda peer: (peer.recv(65536), peer.sendall(nonsense)))
    Webhook.objects.update(url=f"http://127.0.0.1:{port}/")
    [delivery] = announced("page-5")
    assert delivery.state == "failed" and delivery.error


def test_a_fault_of_our_own_is_logged_and_retried(webhook, receiver, announced, caplog):
    Webhook.objects.update(secret="whsec_x")
    [delivery] = announced("page-5")
    assert delivery.state == "failed" and delivery.claimed_until is None


# --- TLS -------------------------------------------------------------------------------------


@pytest.fixture
def tls(receiver, tmp_path, monkeypatch):
    """The receiver with a certificate for hooks.example.edu. Returns the names it was asked by."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=hooks", "-addext", "subjectAltName=DNS:hooks.example.edu"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    asked = []
    context.sni_callback = lambda connection, name, context: asked.append(name)
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    resolve_to(monkeypatch, "127.0.0.1")
    return asked


def test_the_certificate_is_verified_for_the_name(webhook, receiver, announced, tls):
    Webhook.objects.update(url=f"https://hooks.example.edu:{receiver.port}/")
    [delivery] = announced("page-5")
    assert delivery.error == "" and tls == ["hooks.example.edu"]
    assert json.loads(receiver.requests[0].body)["data"]["tags"] == ["page-5"]


def test_a_certificate_for_another_name_is_refused(webhook, receiver, announced, tls, caplog):
    caplog.set_level(logging.CRITICAL)
    Webhook.objects.update(url=f"https://other.example.edu:{receiver.port}/")
    [delivery] = announced("page-5")
    assert "No secure connection" in delivery.error and not receiver.requests


def test_a_certificate_that_nobody_vouches_for_is_refused(
    webhook, receiver, announced, tls, monkeypatch
):
    monkeypatch.delenv("SSL_CERT_FILE")
    Webhook.objects.update(url=f"https://hooks.example.edu:{receiver.port}/")
    [delivery] = announced("page-5")
    assert "No secure connection" in delivery.error and not receiver.requests
