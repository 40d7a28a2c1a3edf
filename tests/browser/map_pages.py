"""Pages with maps on them, for what the demo has no page for."""

from __future__ import annotations

import base64

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils import translation

from wagtail_regional.blocks.partners import PartnerMapBlock
from wagtail_regional.blocks.samples import sample

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4//8/AwAI/AL+p5qgoAAAAABJRU5ErkJggg=="
)


def _map(name: str) -> str:
    return PartnerMapBlock().render_represented(sample("partner_map"), {}, {"id": name})


def maps(request: HttpRequest) -> HttpResponse:
    """One map in sight and one in a part that is closed, in the language that is asked for."""
    with translation.override(request.GET.get("language", "en")):
        html = f"{_map('one')}<details><summary>More</summary>{_map('two')}</details>"
        page = render_to_string("wagtail_regional/blocks/preview.html", {"block_html": html})
    return HttpResponse(page, headers={"Content-Security-Policy": STRICT})


def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    return HttpResponse(PIXEL, content_type="image/png")


def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it by themselves."""
    return HttpResponse(PIXEL, content_type="image/png")


urlpatterns = [
    path("maps/", maps),
    path("tiles/<int:z>/<int:x>/<int:y>.png", tile),
    path("favicon.ico", icon),
]
