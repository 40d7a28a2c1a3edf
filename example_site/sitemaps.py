"""What search engines are told of."""

from django.db.models import Q
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page


class InEveryLanguage(Sitemap):
    """The pages of the site in each of its languages. Wagtail's own lists those below the site's
    root page alone, which is in one language."""

    def items(self):
        root = self.get_wagtail_site().root_page
        below = Q()
        for each in root.get_translations(inclusive=True).live():
            below |= Q(path__startswith=each.path)
        pages = Page.objects.filter(below).live().public().order_by("path")
        return pages.defer_streamfields().specific()
