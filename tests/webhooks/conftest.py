"""A receiver: a real HTTP server on this machine, and webhooks that point to it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from wagtail_regional.models import Webhook, WebhookDelivery
from wagtail_regional.webhooks import announce


class Request(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """What it was sent, and how it answers."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.status = 204
        self.answer_headers: dict[str, str] = {}
        self.answer = b""
        self.arrived = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook?from=test"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.requests.append(Request(self.path, headers, body))
                receiver.arrived.set()
                receiver.may_answer.wait(20)
                self.send_response(receiver.status)
                for name, value in receiver.answer_headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(receiver.answer)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler

    def stop(self) -> None:
        self.may_answer.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def private_allowed(settings):
    """The receiver is on the loopback, which is refused otherwise."""
    settings.WAGTAIL_REGIONAL = {"WEBHOOK_ALLOW_PRIVATE": True, "WEBHOOK_TIMEOUT_SECONDS": 2}


@pytest.fixture
def webhook(db, receiver, private_allowed) -> Webhook:
    return Webhook.objects.create(name="Front end", url=receiver.url)


@pytest.fixture
def announced(django_capture_on_commit_callbacks):
    """Announce as the caching layer does, and return the deliveries, newest first."""

    def announced(*tags: str) -> list[WebhookDelivery]:
        with django_capture_on_commit_callbacks(execute=True):
            announce(tags)
        return list(WebhookDelivery.objects.select_related("webhook"))

    return announced


def make_due() -> None:
    """As if the wait were over."""
    WebhookDelivery.objects.exclude(next_attempt_at=None).update(next_attempt_at=timezone.now())
