"""The frame around every page: the way home, the main navigation, the other languages.

However many pages there are, these cost four queries a request: the site's root page, the home
pages, the navigation, the translations of the page shown.
"""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page, Site

register = template.Library()


@dataclass(frozen=True)
class NavigationItem:
    title: str
    url: str
    #: For ``aria-current``: the page shown, an ancestor of it, or neither.
    current: str


@dataclass(frozen=True)
class LanguageLink:
    code: str
    name: str
    url: str
    is_current: bool
    #: The same page in that language; false for the way to that language's home.
    is_translation: bool


@register.simple_tag(takes_context=True)
def site_home(context):
    """The home page in the active language, or another where that has none."""
    homes = _homes(context["request"])
    return homes.get(get_language()) or next(iter(homes.values()), None)


@register.simple_tag(takes_context=True)
def main_navigation(context):
    """What editors show in menus, right below the home page."""
    request, shown, home = context["request"], context.get("page"), site_home(context)
    if home is None:
        return []
    return [
        NavigationItem(item.title, item.get_url(request), _aria_current(item, shown))
        for item in home.get_children().live().public().in_menu()
    ]


def _aria_current(item, shown):
    if not isinstance(shown, Page) or not shown.url_path.startswith(item.url_path):
        return ""
    return "page" if shown.pk == item.pk else "true"


@register.simple_tag(takes_context=True)
def language_links(context):
    """One link for each language of the content."""
    request = context["request"]
    urls = _translated_urls(context)
    homes = _homes(request)
    links = []
    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        url = urls.get(code)
        links.append(
            LanguageLink(
                code=code,
                name=get_language_info(code)["name_local"],
                url=url or (homes[code].get_url(request) if code in homes else f"/{code}/"),
                is_current=code == get_language(),
                is_translation=url is not None,
            )
        )
    return links


def _translated_urls(context):
    """The addresses of what is shown, by language."""
    request, shown = context["request"], context.get("page")
    if isinstance(shown, Page):
        translations = shown.get_translations(inclusive=True).live().public()
        translations = translations.select_related("locale")
        return {
            page.locale.language_code: url
            for page in translations
            if (url := page.get_url(request)) is not None
        }
    match = request.resolver_match
    if match is None or match.url_name == "wagtail_serve":
        # A page that does not exist, has no translations either.
        return {}
    path = request.get_full_path()
    return {
        code: translated
        for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES
        if (translated := translate_url(path, code)).startswith(f"/{code}/")
    }


def _homes(request):
    """The live home pages of this site, by language."""
    if not hasattr(request, "_homes_by_language"):
        site = Site.find_for_request(request)
        pages = (
            site.root_page.get_translations(inclusive=True)
            .live()
            .public()
            .select_related("locale")
            .order_by("path")
            if site
            else ()
        )
        request._homes_by_language = {page.locale.language_code: page for page in pages}
    return request._homes_by_language
