"""What the package is measured against."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks import straightforward
from wagtail_regional.pages.models import PartnershipPage

FLOOR_FILE = "floor.json"


@cache
def floor_bytes() -> bytes:
    return (settings.DIRECTORY / FLOOR_FILE).read_bytes()


def floor(request: HttpRequest) -> HttpResponse:
    """The bytes of our page from memory: less than this no Django view can do."""
    return HttpResponse(floor_bytes(), content_type="application/json")


class StraightforwardPage(APIView):
    """The page as a site without the package would serve it."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    renderer_classes = [JSONRenderer]

    def get(self, request: Any, pk: int) -> Response:
        page = get_object_or_404(PartnershipPage.objects.live().public(), pk=pk)
        with translation.override(page.locale.language_code):
            return Response(straightforward.page(page, request))
