import wagtail
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path
from django.views.generic import TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet

from example_site.cookies.views import hide_notice
from example_site.search.views import search
from example_site.sitemaps import InEveryLanguage

if wagtail.VERSION >= (8, 0):
    # Wagtail's own API v3. The package has put its endpoints there, under regional/.
    from wagtail.api.v3.urls import api

    api_v3 = path("api/v3/", api.urls)
else:
    # The same endpoints by themselves, at the same addresses.
    from wagtail_regional.api.standalone import api

    api_v3 = path("api/v3/regional/", api.urls)

api_v2 = WagtailAPIRouter("wagtailapi")
api_v2.register_endpoint("pages", PagesAPIViewSet)
api_v2.register_endpoint("images", ImagesAPIViewSet)
api_v2.register_endpoint("documents", DocumentsAPIViewSet)

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v2/", api_v2.urls),
    api_v3,
    path("headless/", include("example_site.headless.urls")),
    path("cookies/hide-notice/", hide_notice, name="hide_cookie_notice"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": InEveryLanguage}}, name="sitemap"),
]

if settings.DEBUG:
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

# The language comes first in an address: /en/, /nl/. The locale middleware sends / there.
urlpatterns += i18n_patterns(
    path("search/", search, name="search"),
    path("cookies/", TemplateView.as_view(template_name="cookies.html"), name="cookies"),
    path("", include(wagtail_urls)),
    prefix_default_language=True,
)
