"""The regional API on its own, for Wagtail 7.4 or a site without API v3.

Mount it with one line::

    path("api/regional/", wagtail_regional.api.standalone.api.urls)
"""

from ninja import NinjaAPI

from wagtail_regional import __version__
from wagtail_regional.api.openapi import TAG
from wagtail_regional.api.problems import register_handlers
from wagtail_regional.api.router import router

api = NinjaAPI(
    title="Regional partnerships",
    version=__version__,
    description=TAG["description"],
    openapi_extra={"tags": [TAG]},
    urls_namespace="wagtail_regional_api",
)
register_handlers(api)
api.add_router("/", router)
