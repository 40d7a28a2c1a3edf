"""What will go says so, in the document and in its answers, kept ones too."""

import datetime as dt

import pytest
from django.http import HttpResponse
from django.urls import path
from ninja import NinjaAPI, Router

from wagtail_regional.api.deprecation import deprecated
from wagtail_regional.api.kept_answers import kept

SINCE, SUNSET = dt.date(2027, 1, 15), dt.date(2028, 1, 15)

router = Router()
router.add_decorator(kept, mode="view")


@router.get("/all/", deprecated=True)
@deprecated(SINCE, SUNSET, link="https://example.org/changelog")
def everything(request):
    return HttpResponse("{}", content_type="application/json")


@router.get("/part/")
@deprecated(SINCE, SUNSET, parameter="old")
def part(request):
    return HttpResponse("{}", content_type="application/json")


api = NinjaAPI(urls_namespace="deprecation")
api.add_router("/", router)
urlpatterns = [path("api/", api.urls)]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def test_an_endpoint_that_will_go_says_so_each_time(client):
    made, kept_one = client.get("/api/all/"), client.get("/api/all/")
    for response in (made, kept_one):
        assert response["Deprecation"] == "@1799971200"  # RFC 9745: seconds since 1970
        assert response["Sunset"] == "Sat, 15 Jan 2028 00:00:00 GMT"
        assert response["Link"].startswith('<https://example.org/changelog>; rel="deprecation"')
    assert client.get("/api/openapi.json").json()["paths"]["/api/all/"]["get"]["deprecated"]


def test_only_who_uses_a_parameter_that_will_go_hears_of_it(client):
    assert "Sunset" in client.get("/api/part/?old=1")
    assert "Sunset" not in client.get("/api/part/")
