"""Rows that readers may not see, in among those that they may, and every address where one could
show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import wagtail
from django.db.models import Q

from tests.conftest import ALL_SECTIONS, block, fill, make_image
from wagtail_regional import factories as f
from wagtail_regional import models as m
from wagtail_regional.api import parameters as p
from wagtail_regional.filters.kinds import Choice, Codes, Rows, YesNo
from wagtail_regional.schemas.mentions import INCLUDED

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"

#: In every text of what is hidden, and in no other.
MARK = "zwart"
#: Has what is hidden, and nothing else has.
SOURCE = "https://zwart.example/"

ENTRIES: tuple[Any, ...] = (m.Organisation, m.Alliance, m.Project, m.Programme, m.Theme)

#: Every endpoint that takes a table of questions.
ENDPOINTS: dict[str, Any] = {
    "organisations/": p.OrganisationParameters,
    "organisations/facets/": p.OrganisationFacetParameters,
    "organisations.geojson": p.GeoJsonParameters,
    "alliances/": p.AllianceParameters,
    "alliances/facets/": p.AllianceFacetParameters,
    "projects/": p.ProjectParameters,
    "programmes/": p.ProgrammeParameters,
    "programmes/facets/": p.ProgrammeFacetParameters,
    "network/": p.NetworkParameters,
}
#: The other lists; :func:`addresses` asks them, too.
OTHER_LISTS = ("pages/", "pages/find/", "search/")


def words(text: str) -> dict[str, str]:
    return {"en": f"{text} in English", "nl": f"{text} in het Nederlands"}


def organisation(name: str, **values: Any) -> Any:
    towns = {"locality": f"{name} town", "country": "NL", "lau_code": "GM0001"}
    place = {"latitude": "52.16", "longitude": "4.49"}
    values = {**towns, **place, "name": words(name), "acronym": name[:6].upper(), **values}
    return f.OrganisationFactory(**values, logo=make_image(name))


def alliance(name: str, **values: Any) -> Any:
    given = {"name": words(name), "acronym": name[:6].upper(), "summary": words(name)}
    region = {"region": words(name), "activities": ["research"], "starts": "2010"}
    return f.AllianceFactory(**{**given, **region, **values})


def programme(name: str, alliances: Any = (), themes: Any = (), **values: Any) -> Any:
    kinds = {"level": "bachelor", "modes_of_study": ["part_time"], "isced_fields": ["0912"]}
    taught = {"teaching_languages": ["en"], "modes_of_delivery": ["online"], "study_load": 15}
    given = {"name": words(name), "summary": words(name)}
    row = f.ProgrammeFactory(**{**given, **kinds, **taught, **values})
    row.alliances.add(*alliances)
    row.themes.add(*themes)
    row.codes.add(m.ProgrammeCode(scheme="catalogue", value=f"{name[:6].upper()}-C"))
    row.save()
    return row


def provide(row: Any, by: Any, code: str = "") -> None:
    f.ProgrammeProviderFactory(programme=row, organisation=by, partner_code=code)


def admit(row: Any, students_of: Any, **values: Any) -> None:
    days = {"application_opens": dt.date(2031, 7, 1), "application_closes": dt.date(2031, 8, 1)}
    f.ProgrammeAccessFactory(
        programme=row, organisation=students_of, **{"ects": 5, **days, **values}
    )


def fill_site(section: Any) -> None:
    """What readers see, and between all of that, tied to it in every way there is, what they do
    not."""
    hide = {"source_url": SOURCE}
    theme, hidden_theme = (
        f.ThemeFactory(label=words("Water")),
        f.ThemeFactory(label=words("Zwart water"), notation="zwart", **hide),
    )
    hidden = organisation(
        "Zwart institute", type="company", country="BE", lau_code="ZWART1", **hide
    )
    hidden.identifiers.create(scheme="isni", value="0000 ZWART")
    open_one = organisation("Open institute", parent=hidden, successor=hidden)
    other = organisation("Other institute", parent=open_one)
    organisation("Zwart department", parent=open_one, **hide)

    behind = alliance("Zwart alliance", type="network", activities=["education"], **hide)
    behind.themes.add(theme, hidden_theme)
    behind.save()
    front = alliance("Open alliance", parent=behind, succeeded_by=behind, website="")
    front.themes.add(theme, hidden_theme)
    front.save()
    part = alliance("Open part", parent=front, ends="2020")
    alliance("Zwart part", parent=front, **hide)
    f.RecognitionFactory(alliance=front)
    f.RecognitionFactory(alliance=behind, label=words("Zwart label"))
    for whole, member in (
        (front, open_one),
        (front, other),
        (front, hidden),
        (behind, open_one),
        (behind, hidden),
        (part, open_one),
    ):
        f.MembershipFactory(alliance=whole, organisation=member)
    # A role that nobody has in what readers see.
    f.MembershipFactory(alliance=front, organisation=hidden, role="founder", ends="2015")
    f.MembershipFactory(alliance=behind, organisation=other, role="coordinator")
    for whole, member in ((front, part), (front, behind), (behind, front)):
        f.MembershipFactory(alliance=whole, organisation=None, member_alliance=member)
    f.MembershipFactory(
        alliance=behind, organisation=None, group_label=words("Zwart group"), group_count=3
    )

    project = f.ProjectFactory(alliance=front, title=words("Open project"), ends="2016")
    project.themes.add(theme, hidden_theme)
    project.save()
    f.ProjectFactory(alliance=front, title=words("Zwart project"), starts="2012", **hide)
    f.ProjectFactory(alliance=behind, title=words("Zwart project of theirs"))

    shown = programme("Open minor", (front, behind), (theme, hidden_theme))
    provide(shown, open_one)
    # With this one it would be joint.
    provide(shown, hidden, "ZWART-P")
    admit(shown, open_one, application_closes=dt.date(2031, 9, 1), ects=10)
    admit(shown, hidden, conditions=words("Zwart terms"))
    admit(shown, None)
    second = programme("Open course", (behind,), (hidden_theme,), type="course", level="master")
    provide(second, other)
    provide(second, open_one)
    admit(second, hidden)
    third = programme("Zwart minor", (front,), (theme,), type="mooc", level="doctoral", **hide)
    provide(third, open_one)
    provide(third, other)
    admit(third, open_one)
    admit(third, None)
    programme("Open course of nobody", type="course")

    section.page.subject = front
    about_hidden = f.PartnershipPageFactory(title="About", parent=section.index, subject=behind)
    fill(about_hidden, [])
    fill(section.page, blocks([front, behind], [open_one, hidden], [shown, third], theme.pk))
    fill(section.index, blocks([behind], [hidden], [third], hidden_theme.pk))


def blocks(alliances: Any, organisations: Any, programmes: Any, theme: int) -> list[Any]:
    """Every block that names rows of the registry, naming these."""
    projects = list(m.Project.objects.values_list("pk", flat=True))
    picked = [row.pk for row in programmes]
    made = [
        block("programme_list", {"source": "picked", "programmes": picked, "order": "given"}),
        block("programme_list", {"source": "query", "maximum": 5, "show_filters": True}),
        block("programme_list", {"source": "query", "theme": theme, "show_filters": True}),
        block("project_list", {"projects": projects, "show_ended": True}),
        block("recognitions", {"alliances": [row.pk for row in alliances]}),
        block("partner_grid", {"organisations": [row.pk for row in organisations]}),
        block("partner_map", {"organisations": [row.pk for row in organisations]}),
        block("facts", {"facts": [fact(count) for count in counts()]}),
    ]
    for row in alliances:
        of = {"alliance": row.pk}
        made += [
            block("alliance", {**of, "show": ALL_SECTIONS}),
            block("programme_list", {"source": "alliance", **of}),
            block("partner_grid", of),
            block("partner_map", of),
            block("project_list", {**of, "show_ended": True}),
            block("timeline", {**of, "events": []}),
            block("facts", {"facts": [fact(count, row.pk) for count in counts()]}),
        ]
    for row in organisations:
        made += [
            block("programme_list", {"source": "query", "provider": row.pk}),
            block("programme_list", {"source": "query", "audience": row.pk}),
            block("contact", {"name": "Somebody", "organisation": row.pk}),
        ]
    return made


def counts() -> list[str]:
    from wagtail_regional.blocks.partners import COUNTS

    return [code for code, _label in COUNTS]


def fact(count: str, of: int | None = None) -> dict[str, Any]:
    return {"label": count, "count": count, "alliance": of}


def take_away() -> None:
    """Delete what is hidden, and what is nothing without it."""
    hide = Q(source_url=SOURCE)
    gone = {model: model.objects.filter(hide) for model in ENTRIES}
    organisations, alliances = gone[m.Organisation], gone[m.Alliance]
    for ties in (m.Membership, m.ProgrammeProvider, m.ProgrammeAccess):
        ties.objects.filter(organisation__in=organisations).delete()
    m.Membership.objects.filter(member_alliance__in=alliances).delete()
    for name in ("parent", "successor"):
        m.Organisation.objects.filter(**{f"{name}__in": organisations}).update(**{name: None})
    for name in ("parent", "succeeded_by"):
        m.Alliance.objects.filter(**{f"{name}__in": alliances}).update(**{name: None})
    m.Project.objects.filter(alliance__in=alliances).delete()
    for model in (m.Project, m.Programme, m.Alliance, m.Organisation, m.Theme):
        gone[model].all().delete()


# --- Where they could show ------------------------------------------------------------------------


def values(question: Any) -> list[str]:
    """What is asked of one question: among it what only hidden rows would fit."""
    kind, name = question.kind, question.name
    if isinstance(kind, Rows):
        return [str(each) for each in kind.model.objects.values_list("uuid", flat=True)]
    if isinstance(kind, (YesNo, Choice, Codes)):
        return [code for code, _label in kind.choices]
    given = {
        "q": ["zwart", "open", "ZWART-", "OPENMI"],
        "country": ["NL", "BE"],
        "locality": ["Open institute town", "Zwart institute town"],
        "lau": ["GM0001", "ZWART1"],
        "ects_min": ["5", "12"],
        "ects_max": ["5", "12"],
        "open_on": ["2031-08-15"],
    }
    examples = question.example if isinstance(question.example, list) else [question.example]
    return given.get(name, [str(each) for each in examples])


def queries(path: str, takes: Any) -> Iterator[dict[str, str]]:
    """Each value of each filter, each order, and pages."""
    yield {}
    yield {"locale": "nl"}
    for question in takes.asks.questions:
        for value in values(question):
            yield {
                question.name: value,
                **({"near": "52.1,4.4"} if "radius" in question.name else {}),
            }
    if "order" in takes.model_fields:
        home = {"near": "52.1,4.4"} if takes.asks is p.OrganisationParameters.asks else {}
        for order in takes.asks.orders:
            yield {**home, "order": order.name}
            yield {**home, "order": f"-{order.name}", "limit": "2", "offset": "1"}
    if "home" in takes.model_fields:
        for row in m.Organisation.objects.all():
            for more in ({"open": "now"}, {"terms": "guests"}, {"terms": "own"}, {"ects_min": "8"}):
                yield {"home": str(row.uuid), **more}
    if takes is p.ProgrammeParameters:
        yield {"order": "deadline", "home": str(m.Organisation.objects.order_by("pk")[1].uuid)}
        yield {"joint": "true", "type": "minor"}


def addresses(pages: list[Any]) -> list[str]:
    """Every address that readers have, with whatever can be asked there."""
    found = []
    for path, takes in ENDPOINTS.items():
        found += [f"{API}/{path}?{urlencode(asked)}" for asked in queries(path, takes)]
    for model in ENTRIES[:-1]:
        kind = f"{model._meta.model_name}s"
        for uuid in model.objects.values_list("uuid", flat=True):
            found += [f"{API}/{kind}/{uuid}/", f"{API}/{kind}/{uuid}/?locale=nl"]
    found += [f"{API}/search/?q={text}" for text in ("zwart", "open", "institute", "minor")]
    found += [f"{API}/pages/", f"{API}/pages/?locale=nl", "/sitemap.xml", "/api/v2/pages/?fields=*"]
    for page in pages:
        found += [page.url, f"{API}/pages/{page.pk}/", f"{API}/pages/find/?path={page.url}"]
        found.append(f"{API}/pages/{page.pk}/?include={','.join(INCLUDED)}")
        found.append(f"/api/v2/pages/{page.pk}/")
        if wagtail.VERSION >= (8, 0):
            found.append(f"/api/v3/pages/{page.pk}/")
    [finder] = [page for page in pages if page.lists_programmes]
    labelled = {each.name for each in p.ProgrammeParameters.asks.questions if each.label}
    for asked in queries("programmes/", p.ProgrammeParameters):
        if asked.keys() <= {*labelled, "order"}:
            found.append(f"{finder.url}?{urlencode(asked)}")
    return list(dict.fromkeys(found))
