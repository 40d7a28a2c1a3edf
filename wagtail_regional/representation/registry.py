"""Loading rows of the registry: one query for each kind, with what hangs on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, Lower, RowNumber

from wagtail_regional.compat import union_of
from wagtail_regional.fields import Localized
from wagtail_regional.filters import ProgrammeSelection, Selected, branches, gather
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
)
from wagtail_regional.models.visibility import visible, visible_key
from wagtail_regional.representation.aggregates import nested
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.prepared import Prepared, by_key
from wagtail_regional.representation.rows import AllianceRow, OrganisationRow, ProgrammeRow


def load_alliances(
    keys: Collection[int], parts_of: Collection[int], context: ReadContext
) -> dict[int, AllianceRow]:
    """Alliances, and those that name one of `parts_of` as parent, with what hangs on them."""
    return _WHOLE_ALLIANCES.rows(keys, parts_of, moment=context.now)


def load_brief_alliances(keys: Collection[int], context: ReadContext) -> dict[int, AllianceRow]:
    """Alliances without members, recognitions, projects and programmes: lists show none."""
    return _BRIEF_ALLIANCES.rows(keys, moment=context.now)


def _themes(model: Any, owner: str, moment: Moment) -> Subquery:
    """The themes of a row of `model`."""
    columns = {name: f"theme__{name}" for name in ("uuid", "scheme", "notation", "uri", "label")}
    return nested(visible(model.themes.through, moment), owner, **columns)


_PROJECT_COLUMNS = {
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


def _project_fields(moment: Moment) -> dict[str, Any]:
    return {**_PROJECT_COLUMNS, "themes": _themes(Project, "project", moment)}


def _memberships(moment: Moment) -> Subquery:
    return nested(
        visible(Membership, moment),
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


def _reference_columns(relation: str, moment: Moment) -> list[Any]:
    """The key of another alliance, None where it is hidden, and what a mention takes."""
    columns = [f"{relation}__{name}" for name in ("uuid", "name", "acronym", "website")]
    return [visible_key(Alliance, relation, moment), *columns]


def _brief_alliances(keys: list[int], *, moment: Moment) -> QuerySet[Alliance]:
    """Alliances as lists show them."""
    return _alliance_columns(visible(Alliance, moment).filter(pk__in=keys), moment)


def _whole_alliances(keys: list[int], parents: list[int], *, moment: Moment) -> QuerySet[Alliance]:
    """Alliances, and those whose parent is named, with all that hangs on them."""
    return _alliance_columns(
        visible(Alliance, moment).filter(Q(pk__in=keys) | Q(parent_id__in=parents)),
        moment,
        _memberships(moment),
        nested(
            visible(Recognition, moment),
            "alliance",
            pk="pk",
            sort_order="sort_order",
            label="label",
            issued_by="issued_by",
            valid_from="valid_from",
            valid_until="valid_until",
            url="url",
        ),
        nested(visible(Project, moment), "alliance", **_project_fields(moment)),
        _programmes_total(moment),
    )


def _programmes_total(moment: Moment) -> Subquery:
    ties = visible(Programme.alliances.through, moment)
    ties = ties.filter(alliance_id=OuterRef("pk")).order_by()
    totals = ties.values("alliance_id").annotate(total=Count("*")).values("total")
    return Subquery(totals, output_field=IntegerField())


def _alliance_columns(
    queryset: QuerySet[Alliance], moment: Moment, *parts: Any
) -> QuerySet[Alliance]:
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
        *_reference_columns("parent", moment),
        *_reference_columns("succeeded_by", moment),
        _themes(Alliance, "alliance", moment),
        *parts,
    )


def _alliance(values: tuple[Any, ...]) -> AllianceRow:
    themes, *parts = values[22:]
    *nested_rows, total = parts or (None, None, None, None)
    nested_parts: Any = (themes or [], *(part or [] for part in nested_rows), total or 0)
    return AllianceRow._make((*values[:22], *nested_parts))


_BRIEF_ALLIANCES = Prepared(_brief_alliances, by_key, make=_alliance)


_WHOLE_ALLIANCES = Prepared(_whole_alliances, by_key, make=_alliance)


#: The most programmes of an alliance that are shown along with it.
MOST_OF_ALLIANCE = 100


def _first_of_alliances(keys: list[int], language: str, moment: Moment) -> QuerySet[Any, Any]:
    """The programmes of alliances: of each, the first ones by name."""
    name = Lower(Localized("programme__name", language=language))
    place = Window(
        RowNumber(), partition_by="alliance_id", order_by=[name.asc(), F("programme_id").asc()]
    )
    ties = visible(Programme.alliances.through, moment).order_by().filter(alliance_id__in=keys)
    first: QuerySet[Any] = ties.annotate(place=place).filter(place__lte=MOST_OF_ALLIANCE)
    return first.values("programme_id")


def _organisations(keys: list[int], *, moment: Moment) -> QuerySet[Organisation]:
    rows = visible(Organisation, moment).filter(pk__in=keys)
    return rows.values_list(*OrganisationRow._fields)


_ORGANISATIONS = Prepared(_organisations, by_key, make=OrganisationRow._make)


def load_organisations(keys: Collection[int], context: ReadContext) -> dict[int, OrganisationRow]:
    """Organisations by primary key, and those that succeeded them: few have been, so that
    looking there for all of them would mostly be in vain."""
    found = _ORGANISATIONS.rows(keys, moment=context.now)
    successors = {row.successor_id for row in found.values()} - found.keys() - {None}
    if successors:
        found = {**found, **_ORGANISATIONS.rows(successors, moment=context.now)}
    return found


def _brief_programmes(keys: list[int], *, moment: Moment) -> QuerySet[Programme]:
    """Programmes as they are mentioned."""
    return _programme_columns(keys, moment, pk="alliance_id", uuid="alliance__uuid")


def _whole_programmes(keys: list[int], *, moment: Moment) -> QuerySet[Programme]:
    """Programmes with what hangs on them."""
    return _programme_columns(
        keys,
        moment,
        "type",
        "summary",
        "level",
        "degree_award",
        "study_load",
        "study_load_unit",
        "teaching_languages",
        "modes_of_study",
        "modes_of_delivery",
        "isced_fields",
        _themes(Programme, "programme", moment),
        nested(
            visible(ProgrammeProvider, moment),
            "programme",
            pk="pk",
            sort_order="sort_order",
            role="role",
            partner_code="partner_code",
            organisation="organisation_id",
        ),
        nested(
            visible(ProgrammeAccess, moment),
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
        pk="alliance_id",
        uuid="alliance__uuid",
        name="alliance__name",
        acronym="alliance__acronym",
        website="alliance__website",
    )


def _programme_columns(
    keys: list[int], moment: Moment, *more: Any, **of_alliances: str
) -> QuerySet[Programme]:
    alliances = nested(visible(Programme.alliances.through, moment), "programme", **of_alliances)
    columns = "pk", "uuid", "name", "link", "starts", "ends", alliances, *more
    return visible(Programme, moment).filter(pk__in=keys).values_list(*columns)


def _brief_programme(values: tuple[Any, ...]) -> ProgrammeRow:
    *columns, alliances = values
    return ProgrammeRow._make((*columns, alliances or (), *_UNREAD))


def _whole_programme(values: tuple[Any, ...]) -> ProgrammeRow:
    columns, alliances, more, nested_rows = values[:6], values[6], values[7:-3], values[-3:]
    nested_parts = (rows or () for rows in (alliances, *nested_rows))
    return ProgrammeRow._make((*columns, next(nested_parts), *more, *nested_parts))


#: What is not read of a programme that is only mentioned.
_UNREAD = tuple(ProgrammeRow._field_defaults.values())
_BRIEF_PROGRAMMES = Prepared(_brief_programmes, by_key, make=_brief_programme)
_WHOLE_PROGRAMMES = Prepared(_whole_programmes, by_key, make=_whole_programme)


@lru_cache(maxsize=256)
def _selection_query(
    selections: tuple[ProgrammeSelection, ...], language: str, moment: Moment
) -> Prepared[list[Any]]:
    """The query for what these selections find, and for the first programmes of alliances, kept:
    a page asks for the same ones every time."""

    def build(alliances: list[int]) -> QuerySet[Programme]:
        first = _first_of_alliances(alliances, language, moment)
        ties = visible(Programme, moment).filter(pk__in=first)
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
    *,
    whole: bool = True,
) -> tuple[dict[int, ProgrammeRow], dict[ProgrammeSelection, Selected]]:
    """Programmes with their providers, terms of access and alliances: those named, and those
    that selections find, and the first ones of `alliances`. Two queries: what each is found by
    is asked first, so that one found many times is read once.

    Args:
        whole: whether with all that hangs on them, or only as they are mentioned.
    """
    wanted = tuple(dict.fromkeys(selections))
    hits: Sequence[tuple[int, int, int, int]] = ()
    if wanted:
        context.shown.add("programmes")
    if wanted or alliances:
        by_day = any(each.filter.by_day for each in wanted)
        moment = context.moment if by_day else context.now
        hits = _selection_query(wanted, context.language, moment).rows(alliances)
    keys = {*keys, *(pk for pk, *_place in hits)}
    query = _WHOLE_PROGRAMMES if whole else _BRIEF_PROGRAMMES
    rows = query.rows(keys, moment=context.now) if keys else {}
    return rows, gather(wanted, [hit for hit in hits if hit[1] >= 0])


def _projects(keys: list[int], *, moment: Moment) -> QuerySet[Project]:
    columns = _project_fields(moment).values()
    return visible(Project, moment).filter(pk__in=keys).values_list(*columns)


_PROJECTS = Prepared(
    _projects,
    lambda rows: {
        row[0]: dict(zip((*_PROJECT_COLUMNS, "themes"), row, strict=True)) for row in rows
    },
)


def load_projects(keys: Collection[int], context: ReadContext) -> dict[int, dict[str, Any]]:
    """Projects in the shape they have when nested in their alliance."""
    return _PROJECTS.rows(keys, moment=context.now)


_REGISTRY: dict[str, Any] = {
    "alliances": Alliance,
    "organisations": Organisation,
    "projects": Project,
    "programmes": Programme,
}


def _totals(*, moment: Moment) -> QuerySet[Any, Any]:
    from django.contrib.contenttypes.models import ContentType

    counts = {
        name: Coalesce(
            Subquery(
                visible(model, moment)
                .order_by()
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


def load_totals(context: ReadContext) -> dict[str, int]:
    """How many rows the registry has, in one query."""
    return dict(zip(_REGISTRY, _TOTALS.rows(moment=context.now)[0], strict=True))
