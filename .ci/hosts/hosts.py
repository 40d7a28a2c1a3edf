"""The sites that strangers have: each builds one, uses it, and says in a line what it did."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

import content
import guide
from site_of import Site, links_of, need, styled, walk

#: Each of these is a host: its name, the release of Wagtail, and what it does.
HOSTS: dict[str, tuple[str, Callable[[Site], str]]] = {}


def host(name: str, release: str = "8.0") -> Callable[[Callable[[Site], str]], Callable]:
    """Register a function as a host. It gets an empty directory, and gives back one line."""

    def register(function: Callable[[Site], str]) -> Callable[[Site], str]:
        HOSTS[name] = (release, function)
        return function

    return register


_prepared: dict[str, Path] = {}
_preparing = threading.Lock()


def installed(site: Site) -> Site:
    """A site with the package, by README's own steps. They are followed once for each release."""
    with _preparing:
        if site.release not in _prepared:
            directory = site.directory.parent / f"installed-{site.release}"
            directory.mkdir()
            first = Site(site.venv, site.release, directory).start()
            first.follow("README.md", "## Add it to your site")
            _prepared[site.release] = directory
    return site.start_as(_prepared[site.release])


def with_links(site: Site) -> Site:
    """Its home page leads to what is below it."""
    site.write("home/templates/home/home_page.html", content.HOME_TEMPLATE)
    return site


def api_of(site: Site) -> str:
    """Where README puts the API."""
    return "/api/v3/regional" if site.release.startswith("8") else "/api/regional"


def settings(site: Site) -> str:
    """Its settings, as text."""
    return (site.root / "mysite/settings/base.py").read_text()


# --- README and tutorial -----------------------------------------------------------------------


@host("readme on Wagtail 8", "8.0")
@host("readme on Wagtail 7.4", "7.4")
def readme(site: Site) -> str:
    installed(site).follow("README.md", "## Use the blocks on your own pages")
    site.healthy()
    site.manage("createsuperuser --noinput")
    with site.served() as browser:
        login = {"username": "admin", "password": "a-long-password"}
        need(browser.post_form("/admin/login/", login).status == 200, "nobody can log in")
        home = re.search(r"/admin/pages/(\d+)/", browser.get("/admin/").text)
        address = (
            f"/admin/pages/add/wagtail_regional_pages/regionindexpage/{home[1] if home else 3}/"
        )
        form = {"title": "Added", "slug": "added", "body-count": "0", "action-publish": "publish"}
        answer = browser.post_form(address, form)
        need(answer.status == 200, f"adding a page answers {answer.status}")
        need(browser.get("/added/").status == 200, "the page that was added is not served")
        for kind in ("alliance", "organisation", "programme", "project"):
            listed = browser.get(f"/admin/wagtail_regional/{kind}/")
            need(listed.status == 200, f"the list of {kind}s answers {listed.status}")
    site.shell(
        content.ALL
        + """
home.body = stream(
    block("alliance", alliance=alliance.pk, show=["members"]),
    block("programmes", source="alliance", alliance=alliance.pk, order="name"),
    block("map", heading="Where", alliance=alliance.pk),
)
home.save_revision().publish()
"""
    )
    with site.served() as browser:
        pages = walk(browser)
        for path in ("/region/", "/region/medical-delta/", "/region/programmes/"):
            need(path in pages, f"nothing leads from the home page to {path}")
            need('rel="canonical"' in pages[path].text, f"{path} has no canonical address")
            descriptions = pages[path].text.count('<meta name="description"')
            need(descriptions <= 1, f"{path} has {descriptions} descriptions")
            styled(pages, path)
        styled(pages, "/")
        need("Minor in water" in pages["/"].text, "the home page does not show the programme")
        need(browser.get(f"{api_of(site)}/alliances/").status == 200, "the API does not answer")
    return f"README's steps, to the letter; {len(pages)} addresses from the home page on"


@host("readme on a site with other apps")
def existing(site: Site) -> str:
    """Whatever of step 2 is there already stays single; what `wagtail start` gives may be gone."""
    site.start()
    site.append(
        "mysite/settings/base.py",
        'INSTALLED_APPS += ["wagtail.contrib.settings", "wagtail_modeladmin", "wagtail.api.v3"]\n'
        'INSTALLED_APPS.remove("wagtail.embeds")\n',
    )
    site.follow("README.md", "## Add it to your site")
    site.healthy()
    with_links(site).shell(content.ALL)
    with site.served() as browser:
        pages = walk(browser)
    return f"no app twice, none missing; {len(pages)} addresses"


@host("tutorial")
def tutorial(site: Site) -> str:
    followed = site.follow("docs/tutorials/first-section.md")
    site.healthy()
    [asked] = [step for step in followed if step.action == "ask"]
    [serve] = [step for step in followed if step.action == "serve"]
    with site.served(f"{serve.text.strip()} --noreload") as browser:
        pages = walk(browser, "/en/") | walk(browser, "/nl/")
        shown = [
            ("/en/region/", "In the region"),
            ("/nl/regio/", "In de regio"),
            ("/en/region/medical-delta/", "Since"),
            ("/nl/regio/medical-delta/", "Sinds"),
            ("/en/region/programmes/", "Minor"),
            ("/nl/regio/onderwijs/", "Minor"),
        ]
        for path, text in shown:
            need(path in pages, f"nothing leads to {path}: {sorted(pages)}")
            need(text in pages[path].text, f"{path} does not say {text!r}")
            styled(pages, path)
        for path in re.findall(r"http://localhost:8000(/[^\"]*)", asked.text):
            found = browser.get(path)
            need(found.status == 200, f"{path} answers {found.status}: {found.text[:300]}")
            need("Medical Delta" in found.text, f"{path} does not know Medical Delta")
    _goes_stale(site, followed)
    return f"{len(site.done)} steps; {len(pages)} addresses in two languages"


def _goes_stale(site: Site, followed: list[guide.Step]) -> None:
    """What a reader does by hand in the admin, and what the review says before, then and after."""
    [shown] = [step for step in followed if step.action == "shows"]
    [review] = [step for step in followed if "regional_review" in step.text]
    need("Nothing needs care." in site.run(review.text), "the review finds something at first")
    site.shell(
        "from wagtail_regional.models import Alliance\n"
        "alliance = Alliance.objects.get()\nalliance.ends = '2024'\nalliance.save()\n"
    )
    printed = site.run(review.text)
    for line in shown.text.splitlines():
        need(line in printed, f"the review does not say {line!r}:\n{printed}")
    site.shell(
        """
from django.contrib.auth import get_user_model
from wagtail_regional.models import Alliance, Programme
from wagtail_regional.pages.models import PartnershipPage

for page in PartnershipPage.objects.all():
    stored = list(page.body.raw_data)
    stored[0]["value"]["show_as_history"] = True
    page.body = stored
    page.save_revision().publish()
minor = Programme.objects.get()
minor.ends = "2024"
minor.save()
for row in (Alliance.objects.get(), minor):
    row.mark_reviewed(get_user_model().objects.get())
"""
    )
    printed = site.run(review.text)
    need("Nothing needs care." in printed, f"the review is not settled:\n{printed}")


# --- Templates, addresses, languages -----------------------------------------------------------


@host("jinja2")
def jinja(site: Site) -> str:
    """Its base.html is Jinja2's, and stands in a directory that the Django engine has not."""
    installed(site)
    site.append(
        "mysite/settings/base.py",
        "TEMPLATES[0]['DIRS'] = []\n"
        "TEMPLATES.insert(0, {'BACKEND': 'django.template.backends.jinja2.Jinja2',"
        " 'DIRS': [PROJECT_DIR / 'jinja2'], 'OPTIONS': {'extensions':"
        " ['wagtail.jinja2tags.core']}})\n",
    )
    site.write(
        "mysite/jinja2/base.html",
        "<!doctype html><title>{% block title %}{% endblock %}</title>{% block content %}"
        "{% endblock %}<footer>ours</footer>",
    )
    site.write(
        "mysite/jinja2/home/home_page.html",
        '{% extends "base.html" %}{% block content %}{% for child in page.get_children().live() %}'
        '<a href="{{ child.url }}">{{ child }}</a>{% endfor %}{% endblock %}',
    )
    site.run("rm home/templates/home/home_page.html")
    checked = site.manage("check")
    site.manage("makemigrations --check --dry-run")
    site.shell(content.ALL)
    with site.served() as browser:
        pages = walk(browser)
        for path in ("/region/", "/region/medical-delta/", "/region/programmes/"):
            need(path in pages, f"nothing leads to {path}")
            styled(pages, path)
            based = "<footer>ours</footer>" in pages[path].text
            need(based or "base.html" in checked, "base.html is not used, and check is silent")
    return f"base.html is {'used' if based else 'named by check'}; {len(pages)} addresses"


@host("without embeds")
def without_embeds(site: Site) -> str:
    """What is missing is named, and nothing is written into Wagtail."""
    installed(site)
    site.append("mysite/settings/base.py", 'INSTALLED_APPS.remove("wagtail.embeds")\n')
    for arguments in ("check", "migrate", "makemigrations --dry-run"):
        printed = site.manage(arguments, fails=True)
        need("Traceback" not in printed, f"{arguments} ends in a traceback:\n{printed}")
        need("wagtail.embeds" in printed, f"{arguments} does not name wagtail.embeds:\n{printed}")
        need("site-packages" not in printed, f"{arguments} would write into Wagtail:\n{printed}")
    return "check, migrate and makemigrations name wagtail.embeds, and write nothing"


@host("two sites")
def two_sites(site: Site) -> str:
    """Each has a page of its own about one alliance."""
    with_links(installed(site))
    site.shell(
        content.ALL
        + """
from home.models import HomePage
from wagtail.models import Site

other = HomePage(title="Other", slug="other", locale=home.locale)
Page.objects.get(depth=1).specific.add_child(instance=other)
# Another name of this machine, which needs no name server.
Site.objects.create(hostname="127.0.0.1", root_page=other, site_name="Other")
mine = section(other, alliance)[1]
mine.full_clean()
"""
    )
    site.healthy()
    with site.served() as browser:
        for origin in (browser.origin, browser.origin.replace("localhost", "127.0.0.1")):
            browser.origin = origin
            pages = walk(browser)
            mention = pages["/region/partnerships/"].text
            own = {"/region/medical-delta/", f"{origin}/region/medical-delta/"}
            need(own & links_of(mention), f"{origin} does not lead to its own page")
            foreign = [
                link
                for link in links_of(mention)
                if link.startswith("http") and "/region/" in link and not link.startswith(origin)
            ]
            need(not foreign, f"{origin} leads to {foreign}")
    return "a page about one alliance on each; each site's mention leads to its own"


@host("own base page on Wagtail 8", "8.0")
@host("own base page on Wagtail 7.4", "7.4")
def own_base_page(site: Site) -> str:
    site.start().follow("docs/how-to/own-base-page.md")
    site.healthy()
    with site.served() as browser:
        need(browser.get("/").status == 200, "the home page is not served")
    with_links(site).shell(
        "from region.models import PartnershipPage, ProgrammeIndexPage, RegionIndexPage\n"
        + content.FACTS
        + content.SECTION
        + """
from home.models import HomePage

section(HomePage.objects.get(), alliance)
"""
    )
    with site.served() as browser:
        pages = walk(browser)
        for path in ("/region/", "/region/medical-delta/", "/region/programmes/"):
            need(path in pages, f"nothing leads to {path}")
            styled(pages, path)
        found = browser.get(f"{api_of(site)}/pages/find/?path=/region/medical-delta/")
        need(found.status == 200, f"the API answers {found.status}: {found.text[:300]}")
    site.manage("migrate region zero")
    site.manage("migrate")
    need(site.release < "8" or "PAGE_MODEL" in settings(site), "the base page is not swapped")
    return f"{len(site.done)} steps; migrated there and back; {len(pages)} addresses"


@host("below a path")
def script_name(site: Site) -> str:
    """FORCE_SCRIPT_NAME, behind a proxy that takes the path off."""
    with_links(installed(site))
    site.append(
        "mysite/settings/base.py", 'FORCE_SCRIPT_NAME = "/uni"\nSTATIC_URL = "/uni/static/"\n'
    )
    site.shell(content.ALL)
    site.write("proxied.py", (Path(__file__).parent / "proxied.py").read_text())
    site.healthy()
    with site.served("python proxied.py") as browser:
        pages = walk(browser, "/uni/")
        for path in ("/uni/region/", "/uni/region/medical-delta/", "/uni/region/programmes/"):
            need(path in pages, f"nothing leads to {path}: {sorted(pages)}")
            styled(pages, path)
        outside = [path for path in pages if not path.startswith("/uni/")]
        need(not outside, f"links leave the path: {outside}")
        found = browser.get("/uni/api/v3/regional/pages/find/?path=/uni/region/medical-delta/")
        need(found.status == 200, f"the API finds no page by its address: {found.text[:300]}")
    return f"{len(pages)} addresses, all below /uni/"


@host("four languages")
def four_languages(site: Site) -> str:
    """English and Dutch, and two that the package has no words in; one runs right to left."""
    with_links(installed(site))
    site.append(
        "mysite/settings/base.py",
        'LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("nl", "Nederlands"),'
        ' ("fy", "Frysk"), ("ar", "العربية")]\n'
        "WAGTAIL_I18N_ENABLED = True\n"
        'LANGUAGE_CODE = "en"\n'
        'MIDDLEWARE.insert(2, "django.middleware.locale.LocaleMiddleware")\n'
        'WAGTAIL_REGIONAL = {"LANGUAGE_FALLBACKS": {"fy": ["nl", "en"]}}\n',
    )
    site.append(
        "mysite/urls.py",
        "from django.conf.urls.i18n import i18n_patterns\n"
        "urlpatterns = [*urlpatterns[:-1], *i18n_patterns(urlpatterns[-1])]\n",
    )
    base = site.root / "mysite/templates/base.html"
    base.write_text(
        base.read_text().replace(
            '<html lang="en">', "{% load regional_tags %}<html {% document_language %}>"
        )
    )
    site.shell(
        content.ALL
        + """
from wagtail.models import Locale

for code in ("nl", "fy", "ar"):
    locale, _ = Locale.objects.get_or_create(language_code=code)
    for page in Page.objects.get(pk=home.pk).get_descendants(inclusive=True).specific():
        if page.locale.language_code == "en":
            page.copy_for_translation(locale, copy_parents=True).save_revision().publish()
"""
    )
    site.healthy()
    with site.served() as browser:
        for code in ("en", "nl", "fy", "ar"):
            pages = walk(browser, f"/{code}/")
            about = next(p for p in pages if p.startswith(f"/{code}/") and "medical" in p)
            _unmixed(code, pages[about].text)
        need('dir="rtl"' in re.search(r"<html[^>]*>", pages[about].text)[0], "ar is not rtl")
    return "en, nl, fy, ar: no words mixed; ar runs right to left"


#: What the alliance's beginning may be called, by the language the words are in.
SINCE = {"en": "Since February 2014", "nl": "Sinds februari 2014"}


def _unmixed(code: str, html: str) -> None:
    said = {language for language, text in SINCE.items() if text in html}
    allowed = {"en": {"en"}, "nl": {"nl"}, "fy": {"nl", "en"}, "ar": {"en"}}[code]
    need(
        said and said <= allowed,
        f"/{code}/ says {said or 'nothing whole'} about 2014:\n"
        + "\n".join(re.findall(r"[^\n<>]*2014[^\n<>]*", html)),
    )
    if code in said:
        return
    # Words of another language say so, in the element around them or above it.
    [language] = said
    need(f'lang="{language}"' in html, f"/{code}/ has words in {language} and does not say so")


# --- Going again -------------------------------------------------------------------------------


@host("removing the package")
def removing(site: Site) -> str:
    installed(site).follow("README.md", "## Use the blocks on your own pages")
    # Its templates are those of the tutorial, which need the package on every page.
    [base] = [
        step
        for step in guide.steps("docs/tutorials/first-section.md")
        if step.path == "mysite/templates/base.html"
    ]
    site.do(base)
    site.shell(
        content.ALL
        + """
home.body = stream(block("alliance", alliance=alliance.pk, show=["members"]))
home.save_revision().publish()
"""
    )
    site.follow("docs/how-to/remove.md", "## While it is still there")
    site.undo("README.md", "## Add it to your site")
    _clear_templates(site)
    site.follow("docs/how-to/remove.md", "## Take it out")
    for path in ("mysite/settings/base.py", "mysite/urls.py", "home/models.py"):
        need("wagtail_regional" not in (site.root / path).read_text(), f"{path} still names it")
    site.healthy()
    tables = site.shell(
        "from django.db import connection\n"
        "print([each for each in connection.introspection.table_names() if 'regional' in each])\n"
    )
    need(tables.strip() == "[]", f"tables are left: {tables}")
    types = site.shell(
        "from django.contrib.contenttypes.models import ContentType\n"
        "print([*ContentType.objects.filter(app_label__contains='regional')])\n"
    )
    need(types.strip() == "[]", f"content types are left: {types}")
    # In an environment that never had it, all migrations still run, from nothing.
    blocked = "import sys; sys.modules['wagtail_regional'] = None\n"
    site.write("manage.py", blocked + (site.root / "manage.py").read_text())
    site.run("rm db.sqlite3")
    site.manage("migrate -v0")
    site.healthy()
    with site.served() as browser:
        need(browser.get("/").status == 200, "the home page is not served")
        need(browser.get("/admin/login/").status == 200, "the admin is not served")
    return "nothing of it is left in tables, types, settings; migrates from nothing, serves"


def _clear_templates(site: Site) -> None:
    """Change by hand what the guide's search finds, until it finds nothing."""
    steps = {step.action: step.text for step in guide.steps("docs/how-to/remove.md")}
    found = site.run(steps["find"])
    named = {line.partition(":")[0] for line in found.splitlines()}
    need(named == {"./mysite/templates/base.html"}, f"found is not what is left:\n{found}")
    file = site.root / "mysite/templates/base.html"
    text = file.read_text()
    for old, new in (
        (" regional_tags", ""),
        ("<html {% document_language %}>", steps["instead"].strip()),
        ('{% include "wagtail_regional/includes/head.html" %}', ""),
        ("{% if regional %}", ""),
        ("{% elif page.search_description %}", "{% if page.search_description %}"),
    ):
        need(old in text, f"base.html has no {old}")
        text = text.replace(old, new)
    file.write_text(text)
    need(not site.run(steps["find"], fails=True), "something is left")
