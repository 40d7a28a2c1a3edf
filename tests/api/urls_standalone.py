"""The test site with the regional API mounted on its own as well."""

from django.urls import path

from tests import urls
from wagtail_regional.api.standalone import api

urlpatterns = [path("alone/", api.urls), *urls.urlpatterns]
