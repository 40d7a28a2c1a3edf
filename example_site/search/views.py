from dataclasses import dataclass

from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from wagtail_regional.api.parameters import SearchParameters
from wagtail_regional.api.search import search as find
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.text import words_of
from wagtail_regional.vocabularies import Kind

RESULTS_PER_PAGE = 10
LAST_PAGE = 100
LONGEST_QUERY = 200

LABELS = {
    "page": _("Pages"),
    "alliance": _("Alliances"),
    "organisation": _("Organisations"),
    "programme": _("Programmes"),
    "project": _("Projects"),
}


@dataclass(frozen=True)
class KindLink:
    label: str
    count: int
    url: str
    is_current: bool


class Results:
    """What the package's own search finds: in the registry and on the live, public pages of this
    site in the language of the address."""

    def __init__(self, request, query, kind, number):
        self.query, self.kind, self.request = query, kind, request
        self.counts = self._find(limit=1)["counts"]
        self.count = self.counts[kind] if kind else sum(self.counts.values())
        self.page_count = min(max(1, -(-self.count // RESULTS_PER_PAGE)), LAST_PAGE)
        self.number = min(max(1, number), self.page_count)
        self.first = (self.number - 1) * RESULTS_PER_PAGE + 1
        self.shown = self._find(
            kind=[kind] if kind else [], limit=RESULTS_PER_PAGE, offset=self.first - 1
        )["items"]

    def _find(self, **options):
        context = ReadContext(ReadContext.active_language(), self.request, relative=True)
        return find(SearchParameters(q=self.query, **options), context)

    @property
    def kinds(self):
        """The kinds that hold something, to narrow down by."""
        found = [KindLink(_("Everything"), sum(self.counts.values()), self._url(), not self.kind)]
        found += [
            KindLink(label, self.counts[kind], self._url(kind=kind), kind == self.kind)
            for kind, label in LABELS.items()
            if self.counts[kind] or kind == self.kind
        ]
        return found

    @property
    def previous_url(self):
        return self._page_url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self):
        return self._page_url(self.number + 1) if self.number < self.page_count else ""

    def _page_url(self, number):
        kind = {"kind": self.kind} if self.kind else {}
        return self._url(**kind, page=number)

    def _url(self, **parameters):
        return f"?{urlencode({'q': self.query, **parameters})}"


def search(request):
    """The search page. Whatever the address says, it answers: unknown kinds and pages are the
    first ones."""
    # PostgreSQL refuses the null character in a text.
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    kind = request.GET.get("kind", "")
    page = request.GET.get("page", "")
    results = None
    if words_of(query):
        number = int(page) if page.isdecimal() and len(page) < 6 else 1
        results = Results(request, query, kind if kind in Kind.values else "", number)
    return TemplateResponse(
        request, "search/search.html", {"search_query": query, "results": results}
    )
