"""The test site with the regional API in every place where it can be."""

import wagtail
from django.urls import path

from tests import urls

urlpatterns = urls.urlpatterns
if wagtail.VERSION >= (8, 0):
    from wagtail_regional.api.standalone import api

    urlpatterns = [path("api/regional/", api.urls), *urlpatterns]
