from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from wagtail.models import Locale, Page, Site

RESULTS_PER_PAGE = 10
LONGEST_QUERY = 200


def search(request):
    """Search the live, public pages of this site in the language of the address."""
    # PostgreSQL refuses the null character in a text.
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    results = Page.objects.none()
    site = Site.find_for_request(request)
    if query and site:
        results = (
            Page.objects.live()
            .public()
            .filter(locale=Locale.get_active())
            .descendant_of(site.root_page.localized, inclusive=True)
            .specific()
            .search(query)
        )
    page_of_results = Paginator(results, RESULTS_PER_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "search/search.html",
        {"search_query": query, "search_results": page_of_results},
    )
