"""Loading: everything a body or a list refers to, in a fixed number of queries.

A :class:`Needs` gathers references while blocks are read; :func:`load` fetches them all at once
as plain :class:`Rows` - tuples and dictionaries, no model instances, whose construction would
cost more than the queries. What is missing, unpublished or private is simply not in the rows,
so whatever mentions it leaves it out.

Queries, each at most once: alliances (with members, recognitions, projects and themes
nested), which programmes are selected, programmes (with providers, terms of access and alliances
nested), projects, organisations, renditions, pages, documents, embeds, totals.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import router
from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, Lower, RowNumber
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed
from wagtail.models import Locale, PageViewRestriction
from wagtail.rich_text.rewriters import extract_attrs

from wagtail_regional.api.aggregates import nested
from wagtail_regional.api.context import SETTINGS_COLUMNS, SETTINGS_PREFIX, ReadContext
from wagtail_regional.api.images import ImageRow, in_public_collection, load_images
from wagtail_regional.api.prepared import Prepared, by_key
from wagtail_regional.api.selections import ProgrammeSelection, Selected, branches, gather
from wagtail_regional.compat import get_page_model, union_of
from wagtail_regional.fields import Localized
from wagtail_regional.freshness.stamp import Stamps
from wagtail_regional.freshness.tags import tags_of
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    ProgrammeAccess,
    ProgrammeProvider,
    Project,
    Recognition,
    RegionalSettings,
    Theme,
)
from wagtail_regional.regional_pages import (
    programme_index_models,
    regional_page_models,
    subject_page_models,
)

_RICH_TEXT_LINK = re.compile(r"<a\b[^>]*>")
_RICH_TEXT_EMBED = re.compile(r"<embed\b[^>]*>")
#: A key that any database can look for; `isdigit` would let other numerals through.
_KEY = re.compile(r"[0-9]{1,18}")


@dataclass
class Needs:
    """What something on a page refers to. Primary keys; ones that do not exist do no harm."""

    alliances: set[int] = field(default_factory=set)
    #: Alliances whose parts (the alliances that name them as parent) are wanted too.
    alliance_parts: set[int] = field(default_factory=set)
    #: Alliances whose programmes are wanted, not only mentioned; the first ones of many.
    alliance_programmes: set[int] = field(default_factory=set)
    organisations: set[int] = field(default_factory=set)
    projects: set[int] = field(default_factory=set)
    programmes: set[int] = field(default_factory=set)
    selections: list[ProgrammeSelection] = field(default_factory=list)
    #: Image primary keys by the profile they are shown in.
    images: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    #: Pages, each with its translations.
    pages: set[int] = field(default_factory=set)
    #: Whether the programme index in the reader's language is wanted, and the public ids of
    #: themes that are to be asked for there.
    finder: bool = False
    themes: set[int] = field(default_factory=set)
    #: Tree paths of pages wanted themselves (ancestors), and of one whose children are.
    page_paths: set[str] = field(default_factory=set)
    children_of: str = ""
    documents: set[int] = field(default_factory=set)
    embeds: set[str] = field(default_factory=set)
    rich_texts: set[str] = field(default_factory=set)
    #: Whether the totals of the registry are wanted.
    totals: bool = False

    def add(self, others: Needs) -> None:
        """Ask for what `others` asks for, too."""
        for name, more in vars(others).items():
            own = getattr(self, name)
            if isinstance(own, set):
                own |= more
            elif isinstance(own, list):
                own += more
            elif isinstance(own, dict):
                for profile, keys in more.items():
                    own[profile] |= keys
            else:
                setattr(self, name, own or more)

    def image(self, profile: str, pk: int | None) -> None:
        """Ask for an image in a profile; nothing is asked for None."""
        if pk is not None:
            self.images[profile].add(pk)

    def rich_text(self, html: str) -> None:
        """Ask for the pages and documents that a rich text links to, and for the images and
        media in it."""
        if not html:
            return
        self.rich_texts.add(html)
        for kind, pk in rich_text_links(html):
            (self.pages if kind == "page" else self.documents).add(pk)
        for embed in rich_text_embeds(html):
            self.image("figure", embed.image)
            if embed.media:
                self.embeds.add(embed.media)


def rich_text_links(html: str) -> Iterable[tuple[str, int]]:
    """The ("page" or "document", primary key) pairs that Wagtail's rich text links to."""
    for tag in _RICH_TEXT_LINK.findall(html):
        attributes = extract_attrs(tag)
        if attributes.get("linktype") in ("page", "document"):
            key = attributes.get("id", "")
            if _KEY.fullmatch(key):
                yield attributes["linktype"], int(key)


class RichTextEmbed(NamedTuple):
    """What stands in a rich text's ``<embed>``: an image, media of another site, or (neither)
    something of the host's."""

    image: int | None
    media: str
    attributes: dict[str, str]


def rich_text_embeds(html: str) -> Iterable[RichTextEmbed]:
    """What Wagtail's rich text embeds."""
    for tag in _RICH_TEXT_EMBED.findall(html):
        attributes = extract_attrs(tag)
        kind, key = attributes.get("embedtype"), attributes.get("id", "")
        yield RichTextEmbed(
            image=int(key) if kind == "image" and _KEY.fullmatch(key) else None,
            media=attributes.get("url", "") if kind == "media" else "",
            attributes=attributes,
        )


class OrganisationRow(NamedTuple):
    pk: int
    uuid: UUID
    type: str
    name: Any
    acronym: str
    ror_id: str | None
    website: str
    logo_id: int | None
    locality: str
    country: str
    founded: Any
    dissolved: Any
    latitude: Any
    longitude: Any
    successor_id: int | None
    version: int


class AllianceRow(NamedTuple):
    pk: int
    uuid: UUID
    type: str
    name: Any
    acronym: str
    summary: Any
    region: Any
    website: str
    logo_id: int | None
    activities: list[str]
    starts: Any
    ends: Any
    parent_id: int | None
    parent_uuid: UUID | None
    parent_name: Any
    parent_acronym: str | None
    parent_website: str | None
    successor_id: int | None
    successor_uuid: UUID | None
    successor_name: Any
    successor_acronym: str | None
    successor_website: str | None
    themes: list[dict[str, Any]]
    memberships: list[dict[str, Any]]
    recognitions: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    programmes_total: int
    version: int


class ProgrammeRow(NamedTuple):
    pk: int
    uuid: UUID
    type: str
    name: Any
    summary: Any
    level: str
    degree_award: str
    study_load: Any
    study_load_unit: str
    teaching_languages: list[str]
    link: str
    starts: Any
    ends: Any
    providers: list[dict[str, Any]]
    access: list[dict[str, Any]]
    alliances: list[dict[str, Any]]
    version: int


@dataclass
class Rows:
    """What was loaded, by primary key."""

    alliances: dict[int, AllianceRow] = field(default_factory=dict)
    #: The programmes of alliances whose programmes are wanted: the first ones at least.
    alliance_programmes: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    organisations: dict[int, OrganisationRow] = field(default_factory=dict)
    programmes: dict[int, ProgrammeRow] = field(default_factory=dict)
    projects: dict[int, dict[str, Any]] = field(default_factory=dict)
    selected: dict[ProgrammeSelection, Selected] = field(default_factory=dict)
    images: dict[tuple[str, int], ImageRow] = field(default_factory=dict)
    pages: dict[int, Any] = field(default_factory=dict)
    documents: dict[int, Any] = field(default_factory=dict)
    embeds: dict[str, Any] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    #: Public ids by primary key.
    themes: dict[int, UUID] = field(default_factory=dict)

    @cached_property
    def parts(self) -> dict[int, list[int]]:
        """The parts that were loaded, by the alliance that is their parent."""
        parts: dict[int, list[int]] = defaultdict(list)
        for row in self.alliances.values():
            if row.parent_id is not None:
                parts[row.parent_id].append(row.pk)
        return parts


def load(needs: Needs, context: ReadContext) -> Rows:
    """Fetch everything that `needs` names.

    Returns:
        Rows in which whatever does not exist, or may not be shown, is absent.
    """
    rows = Rows()
    if needs.alliances or needs.alliance_parts:
        rows.alliances = load_alliances(
            needs.alliances | needs.alliance_parts, needs.alliance_parts, context.stamps
        )
    having = {pk for pk in needs.alliance_programmes if _has_programmes(pk, rows)}
    rows.programmes, rows.selected = load_programmes(
        needs.programmes, needs.selections, context, having
    )
    for pk, programme in rows.programmes.items():
        for each in programme.alliances:
            if each["pk"] in having:
                rows.alliance_programmes[each["pk"]].append(pk)
    if needs.projects:
        rows.projects = load_projects(needs.projects, context.stamps)
    load_surroundings(needs, rows, context)
    if needs.themes:
        rows.themes = dict(Theme.objects.filter(pk__in=needs.themes).values_list("pk", "uuid"))
    if needs.embeds:
        rows.embeds = _load_embeds(needs.embeds)
    if needs.totals:
        rows.totals = load_totals()
        context.shown.update(rows.totals)
    return rows


def load_surroundings(needs: Needs, rows: Rows, context: ReadContext) -> None:
    """Fetch what the rows of the registry themselves refer to: members, logos, pages, and the
    organisations that provide programmes or send students."""
    shown = needs.organisations | _members(rows)
    if organisations := shown | _tied_to_programmes(rows):
        rows.organisations = load_organisations(organisations, context.stamps)
    for pk in shown & rows.organisations.keys():
        needs.image("logo", rows.organisations[pk].logo_id)
    for alliance in rows.alliances.values():
        needs.image("logo", alliance.logo_id)
    rows.images = load_images(needs.images, context.stamps)
    rows.pages = _load_pages(needs, _mentioned_alliances(rows), context)
    if needs.documents:
        rows.documents = _load_documents(needs.documents)
    context.shown.update(tags_of(rows))


def _has_programmes(pk: int, rows: Rows) -> bool:
    return pk in rows.alliances and rows.alliances[pk].programmes_total > 0


def _mentioned_alliances(rows: Rows) -> set[int]:
    """Every alliance that is named somewhere, and so may link to its page."""
    ids = set(rows.alliances)
    for alliance in rows.alliances.values():
        ids.update(filter(None, (alliance.parent_id, alliance.successor_id)))
        ids.update(entry["alliance"] for entry in alliance.memberships if entry["alliance"])
    for programme in rows.programmes.values():
        ids.update(entry["pk"] for entry in programme.alliances)
    ids.update(entry["alliance"] for entry in rows.projects.values())
    return ids


# --- One query each ----------------------------------------------------------------------------


def load_alliances(
    keys: Collection[int], parts_of: Collection[int] = (), stamps: Stamps | None = None
) -> dict[int, AllianceRow]:
    """Alliances, and those that name one of `parts_of` as parent, with what hangs on them.
    Here and below, with `stamps` what was found may be kept (see `Prepared.rows`)."""
    return _WHOLE_ALLIANCES.rows(keys, parts_of, stamps=stamps)


def load_brief_alliances(
    keys: Collection[int], stamps: Stamps | None = None
) -> dict[int, AllianceRow]:
    """Alliances without members, recognitions, projects and programmes: lists show none."""
    return _BRIEF_ALLIANCES.rows(keys, stamps=stamps)


_PROJECT_FIELDS = {
    "pk": "pk",
    "uuid": "uuid",
    "title": "title",
    "summary": "summary",
    "website": "website",
    "starts": "starts",
    "ends": "ends",
    "alliance": "alliance_id",
    "alliance_uuid": "alliance__uuid",
    "alliance_name": "alliance__name",
    "alliance_acronym": "alliance__acronym",
    "alliance_website": "alliance__website",
}


def _memberships() -> Subquery:
    return nested(
        Membership.objects.all(),
        "alliance",
        sort_order="sort_order",
        pk="pk",
        organisation="organisation_id",
        alliance="member_alliance_id",
        alliance_uuid="member_alliance__uuid",
        alliance_name="member_alliance__name",
        alliance_acronym="member_alliance__acronym",
        alliance_website="member_alliance__website",
        group_label="group_label",
        group_count="group_count",
        role="role",
        starts="starts",
        ends="ends",
    )


def _reference_columns(relation: str, *, with_pk: bool = False) -> list[str]:
    columns = [f"{relation}__{name}" for name in ("uuid", "name", "acronym", "website")]
    return [f"{relation}_id", *columns] if with_pk else columns


def _brief_alliances(keys: list[int]) -> QuerySet[Alliance]:
    """Alliances as lists show them."""
    return _alliance_columns(Alliance.objects.filter(pk__in=keys))


def _whole_alliances(keys: list[int], parents: list[int]) -> QuerySet[Alliance]:
    """Alliances, and those whose parent is named, with all that hangs on them."""
    return _alliance_columns(
        Alliance.objects.filter(Q(pk__in=keys) | Q(parent_id__in=parents)),
        _memberships(),
        nested(
            Recognition.objects.all(),
            "alliance",
            pk="pk",
            sort_order="sort_order",
            label="label",
            issued_by="issued_by",
            valid_from="valid_from",
            valid_until="valid_until",
            url="url",
        ),
        nested(Project.objects.all(), "alliance", **_PROJECT_FIELDS),
        _programmes_total(),
    )


def _programmes_total() -> Subquery:
    ties = Programme.alliances.through.objects.filter(alliance_id=OuterRef("pk")).order_by()
    totals = ties.values("alliance_id").annotate(total=Count("*")).values("total")
    return Subquery(totals, output_field=IntegerField())


def _alliance_columns(queryset: QuerySet[Alliance], *parts: Any) -> QuerySet[Alliance]:
    return queryset.values_list(
        "pk",
        "uuid",
        "type",
        "name",
        "acronym",
        "summary",
        "region",
        "website",
        "logo_id",
        "activities",
        "starts",
        "ends",
        *_reference_columns("parent", with_pk=True),
        *_reference_columns("succeeded_by", with_pk=True),
        nested(
            Alliance.themes.through.objects.all(),
            "alliance",
            uuid="theme__uuid",
            scheme="theme__scheme",
            notation="theme__notation",
            uri="theme__uri",
            label="theme__label",
        ),
        *parts,
    )


def _alliance(values: tuple[Any, ...], version: int) -> AllianceRow:
    themes, *parts = values[22:]
    *nested_rows, total = parts or (None, None, None, None)
    nested_parts: Any = (themes or [], *(part or [] for part in nested_rows), total or 0)
    return AllianceRow._make((*values[:22], *nested_parts, version))


_BRIEF_ALLIANCES = Prepared(_brief_alliances, by_key, make=_alliance)
_WHOLE_ALLIANCES = Prepared(_whole_alliances, by_key, make=_alliance)


#: The most programmes of an alliance that are shown along with it.
MOST_OF_ALLIANCE = 100


def _first_of_alliances(keys: list[int], language: str) -> QuerySet:
    """The programmes of alliances: of each, the first ones by name."""
    name = Lower(Localized("programme__name", language=language))
    place = Window(
        RowNumber(), partition_by="alliance_id", order_by=[name.asc(), F("programme_id").asc()]
    )
    ties = Programme.alliances.through.objects.order_by().filter(alliance_id__in=keys)
    return ties.annotate(place=place).filter(place__lte=MOST_OF_ALLIANCE).values("programme_id")


_ORGANISATIONS = Prepared(
    lambda keys: Organisation.objects.filter(pk__in=keys).values_list(
        *(name for name in OrganisationRow._fields if name != "version")
    ),
    by_key,
    make=lambda values, version: OrganisationRow._make((*values, version)),
)


def _members(rows: Rows) -> set[int]:
    """The organisations among the members of the alliances that were loaded."""
    return {
        entry["organisation"]
        for alliance in rows.alliances.values()
        for entry in alliance.memberships
        if entry["organisation"]
    }


def _tied_to_programmes(rows: Rows) -> set[int]:
    """The organisations that provide the programmes that were loaded, or have terms of their
    own there."""
    return {
        tie["organisation"]
        for programme in rows.programmes.values()
        for tie in (*programme.providers, *programme.access)
        if tie["organisation"]
    }


def load_organisations(
    keys: Collection[int], stamps: Stamps | None = None
) -> dict[int, OrganisationRow]:
    """Organisations by primary key, and those that succeeded them: few have been, so that
    looking there for all of them would mostly be in vain."""
    found = _ORGANISATIONS.rows(keys, stamps=stamps)
    successors = {row.successor_id for row in found.values()} - found.keys() - {None}
    if successors:
        found = {**found, **_ORGANISATIONS.rows(successors, stamps=stamps)}
    return found


def _programmes(keys: list[int]) -> QuerySet[Programme]:
    """Programmes with what hangs on them."""
    return Programme.objects.filter(pk__in=keys).values_list(
        "pk",
        "uuid",
        "type",
        "name",
        "summary",
        "level",
        "degree_award",
        "study_load",
        "study_load_unit",
        "teaching_languages",
        "link",
        "starts",
        "ends",
        nested(
            ProgrammeProvider.objects.all(),
            "programme",
            pk="pk",
            sort_order="sort_order",
            role="role",
            partner_code="partner_code",
            organisation="organisation_id",
        ),
        nested(
            ProgrammeAccess.objects.all(),
            "programme",
            pk="pk",
            sort_order="sort_order",
            ects="ects",
            places="places",
            application_opens="application_opens",
            application_closes="application_closes",
            enrolment_link="enrolment_link",
            selective="selective",
            conditions="conditions",
            organisation="organisation_id",
        ),
        nested(
            Programme.alliances.through.objects.all(),
            "programme",
            pk="alliance_id",
            uuid="alliance__uuid",
            name="alliance__name",
            acronym="alliance__acronym",
            website="alliance__website",
        ),
    )


def _programme(values: tuple[Any, ...], version: int) -> ProgrammeRow:
    return ProgrammeRow._make((*values[:13], *(part or [] for part in values[13:]), version))


_PROGRAMMES = Prepared(_programmes, by_key, make=_programme)


@lru_cache(maxsize=256)
def _selection_query(
    selections: tuple[ProgrammeSelection, ...], language: str, moment: Moment | None
) -> Prepared:
    """The query for what these selections find, and for the first programmes of alliances, kept:
    a page asks for the same ones every time."""

    def build(alliances: list[int]) -> QuerySet[Programme]:
        ties = Programme.objects.filter(pk__in=_first_of_alliances(alliances, language))
        of_none = {"list_index": -1, "list_position": 0, "list_total": 0}
        ties = ties.annotate(**{name: Value(value) for name, value in of_none.items()})
        # A branch of its own: beside another condition no index would be used.
        parts = [ties.order_by(), *branches(selections, language, moment)]
        parts = [each.values_list("pk", *of_none) for each in parts]
        return union_of(parts)

    return Prepared(build)


def load_programmes(
    keys: Collection[int],
    selections: Iterable[ProgrammeSelection],
    context: ReadContext,
    alliances: Collection[int] = (),
) -> tuple[dict[int, ProgrammeRow], dict[ProgrammeSelection, Selected]]:
    """Programmes with their providers, terms of access and alliances: those named, and those
    that selections find, and the first ones of `alliances`. Two queries: what each is found by
    is asked first, so that one found many times is read once."""
    wanted = tuple(dict.fromkeys(selections))
    hits: Sequence[tuple[int, int, int, int]] = ()
    if wanted:
        context.shown.add("programmes")
    if wanted or alliances:
        by_day = any(each.filter.statuses or each.order.endswith("deadline") for each in wanted)
        query = _selection_query(wanted, context.language, context.moment if by_day else None)
        hits = query.rows(alliances, stamps=context.stamps)
    keys = {*keys, *(pk for pk, *_place in hits)}
    rows = _PROGRAMMES.rows(keys, stamps=context.stamps) if keys else {}
    return rows, gather(wanted, [hit for hit in hits if hit[1] >= 0])


_PROJECTS = Prepared(
    lambda keys: Project.objects.filter(pk__in=keys).values_list(*_PROJECT_FIELDS.values()),
    lambda rows: {row[0]: dict(zip(_PROJECT_FIELDS, row, strict=True)) for row in rows},
)


def load_projects(keys: Collection[int], stamps: Stamps | None = None) -> dict[int, dict[str, Any]]:
    """Projects in the shape they have when nested in their alliance."""
    return _PROJECTS.rows(keys, stamps=stamps)


_REGISTRY: dict[str, Any] = {
    "alliances": Alliance,
    "organisations": Organisation,
    "projects": Project,
    "programmes": Programme,
}


def _totals() -> QuerySet:
    from django.contrib.contenttypes.models import ContentType

    counts = {
        name: Coalesce(
            Subquery(
                model.objects.order_by()
                .annotate(everything=Value(1))
                .values("everything")
                .annotate(total=Count("pk"))
                .values("total")
            ),
            0,
        )
        for name, model in _REGISTRY.items()
    }
    return ContentType.objects.order_by().annotate(**counts).values_list(*counts)[:1]


_TOTALS = Prepared(_totals)


def load_totals() -> dict[str, int]:
    """How many rows the registry has, in one query."""
    return dict(zip(_REGISTRY, _TOTALS.rows()[0], strict=True))


def public_pages(queryset: QuerySet) -> QuerySet:
    """Live pages outside private sections, whoever asks; decided within the same query."""
    private = PageViewRestriction.objects.annotate(
        outer_path=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(outer_path__startswith=F("page__path"))
    return queryset.filter(~Exists(private), live=True)


#: What reading needs of a page; the rest is deferred.
_PAGE_COLUMNS = {
    "id",
    "path",
    "depth",
    "title",
    "slug",
    "url_path",
    "live",
    "locale_id",
    "translation_key",
    "content_type_id",
    "alias_of_id",
}


@cache
def page_columns() -> tuple[str, ...]:
    """Those columns, in the order in which a model takes them."""
    names = (field.attname for field in get_page_model()._meta.concrete_fields)
    return tuple(name for name in names if name in _PAGE_COLUMNS)


def page_rows(queryset: QuerySet, sites: list[int]) -> QuerySet:
    """Live, public pages with the columns that reading needs, and what comes beside."""
    queryset = public_pages(queryset).annotate(
        regional_subject=first_of_pages(subject_page_models(), "subject_id"),
        **summary_columns(),
        **settings_columns(sites),
    )
    return queryset.order_by("path").values_list(
        *page_columns(), "locale__language_code", *_beside()
    )


def summary_columns() -> dict[str, Any]:
    """What a page is shown with in lists, as columns beside those of the base model."""
    return {
        "regional_introduction": first_of_pages(regional_page_models(), "introduction"),
        # Of its words: those of an alias are another page's.
        "regional_language": Coalesce(
            F("alias_of__locale__language_code"), F("locale__language_code")
        ),
    }


def _beside() -> tuple[str, ...]:
    return ("regional_subject", *summary_columns(), *_settings_names())


def _page(values: tuple[Any, ...], version: int) -> Any:
    """A page of the base model, made of the columns of `page_rows`. Whatever else is asked of
    it would be a query, so nothing is."""
    width = len(page_columns())
    page = _first(get_page_model(), page_columns(), values[: width + 1], version)
    for name, value in zip(_beside(), values[width + 1 :], strict=True):
        setattr(page, name, value)
    return page


def _first(model: Any, columns: Sequence[str], values: Sequence[Any], version: int) -> Any:
    """A page of its columns, of which the code of its language comes last: the one that readers
    get copies of."""
    page = model.from_db(router.db_for_read(model), columns, values[:-1])
    page.locale = Locale(id=page.locale_id, language_code=values[-1])
    page.regional_version = version
    # What readers may change, so that each needs one of its own.
    kinds = (StreamValue, dict, list, set)
    page.regional_mutable = [name for name, v in vars(page).items() if isinstance(v, kinds)]
    return page


def _copy(page: Any) -> Any:
    """The same page for another reader: whatever is remembered on it is not on the first one.
    Making it anew would take many times longer."""
    copied = object.__new__(type(page))
    values = vars(copied)
    values.update(vars(page))
    values["_state"] = state = type(page._state)()
    vars(state).update(vars(page._state), fields_cache=dict(page._state.fields_cache))
    for name in page.regional_mutable:
        values[name] = _own(values[name])
    return copied


def _own(value: Any) -> Any:
    """The same value for another reader; a stream as it is stored, since what its native values
    remember is as old as they are."""
    if not isinstance(value, StreamValue):
        return deepcopy(value)
    block = value.stream_block
    if hasattr(block, "share"):
        return block.share(value)
    return StreamValue(block, list(value.raw_data), is_lazy=True, raw_text=value.raw_text)


def _pages(
    keys: list[int],
    alliances: list[int],
    paths: list[str],
    parent: list[str],
    depth: list[int],
    sites: list[int],
    finders: list[str],
) -> QuerySet:
    pages = get_page_model().objects
    # With their translations: a link leads to the page in the reader's language.
    translations = pages.filter(pk__in=keys).values("translation_key")
    wanted = Q(translation_key__in=translations) | Q(path__in=paths)
    wanted |= Q(path__startswith=parent[0], depth__in=depth)
    for model in subject_page_models():
        wanted |= Q(pk__in=model.objects.filter(subject_id__in=alliances).values("pk"))
    for model in programme_index_models():
        wanted |= Q(pk__in=model.objects.filter(locale__language_code__in=finders).values("pk"))
    return page_rows(pages.filter(wanted), sites)


_PAGES = Prepared(_pages, make=_page)


def _load_pages(needs: Needs, alliances: set[int], context: ReadContext) -> dict[int, Any]:
    """Pages that are linked to, that surround the page, or whose subject is mentioned."""
    wanted = needs.pages or needs.page_paths or needs.children_of or needs.finder
    if not (wanted or alliances):
        return {}
    parent = needs.children_of
    depth = [len(parent) // get_page_model().steplen + 1] if parent else []
    site = [context.site.pk] if context.site else []
    finders = [context.language] if needs.finder else []
    if finders:
        # Whether or not there is one: one may come.
        context.shown.add("finders")
    lists = needs.pages, alliances, needs.page_paths, [parent] if parent else [], depth, site
    rows = _PAGES.rows(*lists, finders, stamps=context.stamps)
    pages = {page.pk: _copy(page) for page in rows}
    for page in pages.values():
        # Nearly every reading has a page and needs the settings: they share a query.
        context.use_settings_of(page)
        break
    return pages


#: How many pages of one type are remembered whole, in each process.
_PAGES_REMEMBERED = 200

#: Types of pages by primary key, as they were last found: a page keeps its type for life, but
#: not longer, and a restored database may have another page in its place.
_types: dict[int, Any] = {}


_KEYS_AT = Prepared(
    lambda paths: get_page_model().objects.filter(url_path__in=paths).values_list("url_path", "pk"),
    dict,
)


def keys_at(url_paths: Collection[str], stamps: Stamps | None) -> dict[str, int]:
    """The primary keys of the pages, public or not, at these places in the tree."""
    return _KEYS_AT.rows(url_paths, stamps=stamps) if url_paths else {}


def public_page(pk: int, models: Iterable[Any], context: ReadContext) -> Any:
    """The live, public page of one of `models` with this primary key, as an instance of its own
    type; None when there is none. One query; two more when it is asked for first, or missing."""
    page = _page_of_type(pk, _types.get(pk), models, context.stamps)
    if page is None:
        found = get_page_model().objects.only("content_type").filter(pk=pk).first()
        model = found and found.specific_class
        page = _page_of_type(pk, model, models, context.stamps)
        if page is not None:
            _types[pk] = model
    return page


def _page_of_type(pk: int, model: Any, models: Iterable[Any], stamps: Stamps | None) -> Any:
    if model is None or model not in models:
        return None
    return next(map(_copy, _specific_query(model).rows([pk], stamps=stamps)), None)


@cache
def _specific_query(model: Any) -> Prepared:
    """The query for pages of one type, whole."""
    columns = [field.attname for field in model._meta.concrete_fields]

    def build(keys: list[int]) -> QuerySet:
        rows = public_pages(model._base_manager.filter(pk__in=keys))
        return rows.values_list(*columns, "locale__language_code")

    make = partial(_first, model, columns)
    return Prepared(build, make=make, most=_PAGES_REMEMBERED, as_stored=False)


def settings_columns(sites: list[int]) -> dict[str, Any]:
    """The site's settings, as columns beside something else."""
    rows = RegionalSettings.objects.filter(site__in=sites)
    return {
        f"{SETTINGS_PREFIX}{name}": Subquery(rows.values(name)[:1]) for name in SETTINGS_COLUMNS
    }


def _settings_names() -> list[str]:
    return [f"{SETTINGS_PREFIX}{name}" for name in SETTINGS_COLUMNS]


def page_path(model: Any) -> str:
    """The lookup that leads from the base page model to `model`."""
    chain = [*model._meta.get_base_chain(get_page_model()), model]
    steps = [each for each in chain if each is not get_page_model()]
    return "__".join(
        step._meta.get_ancestor_link(parent).related_query_name()
        for parent, step in zip([get_page_model(), *steps], steps, strict=False)
    )


def first_of_pages(models: list[Any], column: str) -> Any:
    """A column of whichever of `models` a base page row belongs to."""
    paths = [F(f"{page_path(model)}__{column}") for model in models]
    if not paths:
        return Value(None)
    return Coalesce(*paths) if len(paths) > 1 else paths[0]


def _load_documents(ids: set[int]) -> dict[int, Any]:
    return in_public_collection(get_document_model().objects.all()).in_bulk(ids)


def _load_embeds(urls: set[str]) -> dict[str, Any]:
    """Embeds that were fetched when the editor saved them. Reading never calls another site."""
    hashes = {get_embed_hash(url): url for url in urls}
    return {hashes[row.hash]: row for row in Embed.objects.filter(hash__in=hashes)}
