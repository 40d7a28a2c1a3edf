"""The page as a competent site writes it that has not met the problem yet.

Each model instance is turned into a dictionary where it is met, and what hangs on it is asked of
the instance, as `get_api_representation` of a chooser block does. Nothing is prefetched and
nothing is kept between two mentions of the same thing, but nothing is done for show either:
renditions come through Wagtail's rendition cache, and the alliances through the StreamField's
own batches. The facts are those of the package's own answer; the benchmark compares the bodies.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from rest_framework.request import Request

from wagtail_regional import vocabularies as v
from wagtail_regional.conf import conf
from wagtail_regional.fields import LocalizedText
from wagtail_regional.lifecycle import Moment, Status, describe, status_changes_on
from wagtail_regional.models import (
    Alliance,
    Dated,
    Membership,
    Organisation,
    Programme,
    Project,
    Recognition,
    Theme,
)
from wagtail_regional.pages.models import PartnershipPage

Data = dict[str, Any]


def page(page: PartnershipPage, request: Request) -> Data:
    """A page with its body."""
    url = page.get_full_url(request._request)
    return {
        "id": page.pk,
        "type": page._meta.label,
        "title": page.title,
        "introduction": page.introduction,
        "hero_image": image(page.hero_image, "hero", request) if page.hero_image else None,
        "subject": alliance(page.subject, request) if page.subject else None,
        "children": [],
        "programmes": None,
        "programmes_total": None,
        "meta": {
            "locale": page.locale.language_code,
            "slug": page.slug,
            "html_url": url,
            "first_published_at": page.first_published_at,
            "last_published_at": page.last_published_at,
            "alternates": [
                {
                    "hreflang": other.locale.language_code,
                    "title": other.title,
                    "url": other.get_full_url(request._request),
                }
                for other in page.get_translations(inclusive=True).live().public()
            ],
            "breadcrumbs": [
                page_reference(ancestor, request)
                for ancestor in page.get_ancestors().live().public().filter(depth__gt=1)
            ],
            "seo": {
                "title": page.seo_title or page.title,
                "description": page.search_description or page.introduction,
                "canonical_url": url,
            },
            "json_ld": json_ld(page, url),
        },
        "body": [
            {
                "type": child.block_type,
                "value": BLOCKS[child.block_type](child.value, request),
                "id": child.id,
            }
            for child in page.body
        ],
    }


def json_ld(page: PartnershipPage, url: str) -> list[Data]:
    """The page for search engines: less than the package says, to nobody's disadvantage."""
    return [
        {
            "@context": "https://schema.org",
            "@type": "WebPage",
            "@id": url,
            "name": page.title,
            "description": page.introduction,
            "inLanguage": page.locale.language_code,
            "about": {"@type": "Consortium", "name": str(page.subject)} if page.subject else None,
        }
    ]


# --- Blocks --------------------------------------------------------------------------------------


def alliance_block(value: Any, request: Request) -> Data:
    subject, show = value["alliance"], value["show"]
    data = alliance(subject, request)
    members, former = split_members(subject)
    sections = {
        "members": lambda: [member(each, request) for each in members],
        "former_members": lambda: [member(each, request) for each in former],
        "centres": lambda: centres(subject, request),
        "projects": lambda: projects(subject, request),
        "programmes": lambda: by_name(programme_mention(each) for each in subject.programmes.all()),
        "timeline": lambda: timeline(subject, [*members, *former]),
    }
    return {
        "alliance": data,
        "heading": value["heading"] or data["name"],
        "text": str(value["text"].source) or None,
        "image": image(value["image"], "figure", request) if value["image"] else None,
        "is_past": data["lifecycle"]["status"] == Status.ENDED,
        **{name: read() if name in show else None for name, read in sections.items()},
        "programmes_total": subject.programmes.count() if "programmes" in show else None,
        "links": [],
    }


def programme_list_block(value: Any, request: Request) -> Data:
    found = Programme.objects.filter(type__in=value["types"])
    ordered = sorted(found, key=lambda each: (str(each.name).lower(), each.pk))
    return {
        "heading": value["heading"] or None,
        "introduction": str(value["introduction"].source) or None,
        "audience": None,
        "programmes": [programme_mention(each) for each in ordered[: value["maximum"]]],
        "total": len(ordered),
        "show_filters": value["show_filters"],
        # There is no programme index to lead to.
        "finder_url": None,
        "empty_text": value["empty_text"] or gettext("There are no programmes to show now."),
    }


BLOCKS = {"alliance": alliance_block, "programme_list": programme_list_block}


# --- Small parts ---------------------------------------------------------------------------------


def lifecycle(row: Dated) -> Data:
    starts, ends = row.period
    status = row.status
    known = starts or ends or row.undated_status == Status.UNDATED
    return {
        "status": status,
        "text": describe(starts, ends, status) if known else None,
        "starts": str(starts) if starts else None,
        "ends": str(ends) if ends else None,
        "status_changes_on": status_changes_on(
            starts, ends, Moment.now(), undated=row.undated_status
        ),
    }


def dated(row: Dated) -> Data | None:
    starts, ends = row.period
    return lifecycle(row) if starts or ends else None


def localized(name: str, texts: LocalizedText) -> Data:
    """A text and the language it is in."""
    key = "language" if name in ("name", "title") else f"{name}_language"
    return {name: texts.text() or None, key: texts.language() or None}


def image(picture: Any, profile: str, request: Request, alt: str = "") -> Data:
    renditions = [picture.get_rendition(spec) for spec in conf.IMAGE_PROFILES[profile]]
    sizes: dict[int, str] = {}
    for each in renditions:
        sizes.setdefault(each.width, request.build_absolute_uri(each.url))
    largest = renditions[-1]
    focus = picture.get_focal_point()
    return {
        "src": request.build_absolute_uri(largest.url),
        "srcset": ", ".join(f"{url} {width}w" for width, url in sizes.items()),
        "width": largest.width,
        "height": largest.height,
        "alt": alt or None,
        "focal_point": (
            {"x": focus.centroid_x / picture.width, "y": focus.centroid_y / picture.height}
            if focus
            else None
        ),
    }


def page_reference(page: Any, request: Request) -> Data:
    return {
        "id": page.pk,
        "title": page.title,
        "url": page.get_full_url(request._request),
        "locale": page.locale.language_code,
        "language": page.locale.language_code,
    }


def page_about(row: Alliance) -> PartnershipPage | None:
    """The page that mentions of an alliance link to."""
    return PartnershipPage.objects.live().public().filter(subject=row).first()


def organisation_reference(row: Organisation) -> Data:
    return {
        "id": row.uuid,
        "name": str(row.name),
        "acronym": row.acronym or None,
        "url": row.website or None,
    }


def alliance_reference(row: Alliance, request: Request) -> Data:
    about = page_about(row)
    return {
        "id": row.uuid,
        "name": str(row.name),
        "acronym": row.acronym or None,
        "url": about.get_full_url(request._request) if about else (row.website or None),
    }


def by_name(items: Iterable[Data]) -> list[Data]:
    return sorted(items, key=lambda item: item["name"].casefold())


# --- The registry --------------------------------------------------------------------------------


def alliance(row: Alliance, request: Request) -> Data:
    about = page_about(row)
    reference = page_reference(about, request) if about else None
    return {
        "id": row.uuid,
        "type": row.type,
        "type_label": row.get_type_display(),
        **localized("name", row.name),
        "acronym": row.acronym or None,
        **localized("summary", row.summary),
        "region": str(row.region) or None,
        "url": reference["url"] if reference else (row.website or None),
        "page": reference,
        "website": row.website or None,
        "logo": image(row.logo, "logo", request) if row.logo else None,
        "lifecycle": lifecycle(row),
        "activities": [
            {"code": each.value, "label": each.label}
            for each in v.Activity
            if each.value in row.activities
        ],
        "themes": themes(row),
        "parent": alliance_reference(row.parent, request) if row.parent else None,
        "succeeded_by": alliance_reference(row.succeeded_by, request) if row.succeeded_by else None,
    }


def theme(row: Theme) -> Data:
    return {
        "id": row.uuid,
        "scheme": row.scheme,
        "notation": row.notation or None,
        "uri": row.uri or None,
        "label": str(row.label),
    }


def themes(row: Any) -> list[Data]:
    return sorted(map(theme, row.themes.all()), key=lambda item: item["label"].casefold())


def split_members(row: Alliance) -> tuple[list[Membership], list[Membership]]:
    """Members of today, or of an ended alliance's last day, and former ones."""
    current: list[Membership] = []
    former: list[Membership] = []
    for each in row.memberships.all():
        stayed = row.ends and each.ends and each.ends.last_day >= row.ends.last_day
        (former if each.status == Status.ENDED and not stayed else current).append(each)
    return current, former


def member(row: Membership, request: Request) -> Data:
    kind = "organisation" if row.organisation else "alliance" if row.member_alliance else "group"
    named = {"id": None, "name": str(row.group_label), "acronym": None, "url": None}
    if row.organisation:
        named = organisation_reference(row.organisation)
    elif row.member_alliance:
        named = alliance_reference(row.member_alliance, request)
    return {
        "kind": kind,
        **named,
        "count": row.group_count,
        "role": row.role,
        "role_label": row.get_role_display(),
        "lifecycle": dated(row),
    }


def centres(row: Alliance, request: Request) -> list[Data]:
    parts = [
        {**alliance_reference(each, request), "lifecycle": dated(each)}
        for each in row.children.all()
    ]
    return sorted(parts, key=lambda part: (_is_over(part), part["name"].casefold()))


def _is_over(part: Data) -> bool:
    return bool(part["lifecycle"]) and part["lifecycle"]["status"] == Status.ENDED


def projects(row: Alliance, request: Request) -> list[Data]:
    return [project(each, request) for each in project_rows(row)]


def project_rows(row: Alliance) -> list[Project]:
    """Running and coming projects by title, then ended ones, the latest first."""
    rows = sorted(row.projects.all(), key=lambda each: str(each.title).casefold())
    ended = [each for each in rows if each.status == Status.ENDED]
    others = [each for each in rows if each.status != Status.ENDED]
    return others + sorted(ended, key=lambda each: str(each.ends), reverse=True)


def project(row: Project, request: Request) -> Data:
    return {
        "id": row.uuid,
        **localized("title", row.title),
        **localized("summary", row.summary),
        "website": row.website or None,
        "alliance": alliance_reference(row.alliance, request),
        "lifecycle": lifecycle(row),
        "themes": themes(row),
    }


def programme_mention(row: Programme) -> Data:
    return {
        "id": row.uuid,
        "name": str(row.name),
        "acronym": None,
        "url": row.link or None,
        "lifecycle": dated(row),
        "access": None,
    }


def timeline(row: Alliance, members: list[Membership]) -> list[Data]:
    """The alliance's own dates, its members', its recognitions' and its projects', in order."""
    name = str(row.name)
    events = [
        event(row.starts, "start", gettext("Start of %(name)s") % {"name": name}),
        event(row.ends, "end", gettext("End of %(name)s") % {"name": name}),
    ]
    for each in members:
        who = {"name": str((each.organisation or each.member_alliance or each).name)}
        if str(each.starts) != str(row.starts):
            events.append(event(each.starts, "joined", gettext("%(name)s joined") % who))
        events.append(event(each.ends, "left", gettext("%(name)s left") % who))
    recognitions: Iterable[Recognition] = row.recognitions.all()
    events += [event(each.valid_from, "recognition", str(each.label)) for each in recognitions]
    events += [event(each.starts, "project", str(each.title)) for each in project_rows(row)]
    return sorted(filter(None, events), key=lambda item: item["date"])


def event(date: Any, kind: str, title: str) -> Data | None:
    if date is None:
        return None
    return {
        "date": str(date),
        "date_text": date.display(),
        "kind": kind,
        "title": title,
        "text": None,
        "url": None,
    }
