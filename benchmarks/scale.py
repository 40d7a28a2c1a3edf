"""What a list page costs in a large registry, against what it costs in a small one.

PostgreSQL only: the rows are made there, by INSERT ... SELECT from a series of numbers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from wagtail.models import Page, Site

from benchmarks import content
from benchmarks.editors import EditorRow, measure_editors
from wagtail_regional import factories as f
from wagtail_regional import models as m
from wagtail_regional.fields.words import VERSION
from wagtail_regional.pages.models import ProgrammeIndexPage

SMALL = {"programmes": 1_000, "organisations": 100}
LARGE = {"programmes": 100_000, "organisations": 10_000}
ROOT = "/api/v3/regional"
#: Addresses by what they are called; the last page of a list depends on its length.
LISTS = {
    "programmes": "/programmes/",
    "programmes of a type": "/programmes/?type=minor",
    "programmes, at 500": "/programmes/?offset=500",
    "programmes, last page": "/programmes/?offset={last_programme}",
    "programmes of a provider": "/programmes/?provider={provider}",
    "programmes that are active": "/programmes/?status=active",
    "programmes by a word of all": "/programmes/?q=programme",
    # Few have the second one; in the small registry, too, some do.
    "programmes by words": "/programmes/?q=programme%20ab",
    "programmes in a language": "/programmes/?language=de",
    "programmes of a field": "/programmes/?field=0311",
    "programmes for a home": "/programmes/?home={provider}",
    "programmes for a home, by ECTS": "/programmes/?home={provider}&ects_min=10&ects_max=20",
    "programmes of several filters": "/programmes/?type=minor&language=nl&provider={provider}",
    "programmes by name, from Z": "/programmes/?order=-name",
    "programmes by type": "/programmes/?order=type",
    "programmes by start": "/programmes/?order=starts",
    "programmes by deadline": "/programmes/?order=deadline",
    "programmes by ECTS": "/programmes/?order=ects",
    "programmes by ECTS, most first": "/programmes/?order=-ects",
    "organisations": "/organisations/",
    "organisations of a type": "/organisations/?type=education",
    "organisations, at 50": "/organisations/?offset=50",
    "organisations near a point": "/organisations/?near=52.2,4.5&radius_km=3&order=distance",
    "organisations in a box": "/organisations/?bbox=4.48,52.18,4.52,52.22",
    "an organisation's detail": "/organisations/{provider}/",
    "alliances": "/alliances/",
}
#: What is renamed of what is changed.
TEXTS = {m.Theme: "label", m.Programme: "name"}
#: Facets count everything that the filters leave, so they may cost more.
FACETS = {
    "facets of programmes": "/programmes/facets/",
    "facets of programmes, filtered": "/programmes/facets/?type=minor&language=nl",
    "facets of programmes for a home": "/programmes/facets/?home={provider}",
    "facets of programmes by words": "/programmes/facets/?q=programme%20abc",
    "facets of organisations": "/organisations/facets/",
    "the finder in HTML": "{finder}",
    "the finder in HTML, filtered": "{finder}?type=minor&language=nl",
}


@dataclass
class ScaleRow:
    """A list page: milliseconds and queries in the small registry and in the large one, when
    something else was changed and when a programme was, so that all is found and counted again."""

    label: str
    small: float
    large: float
    small_queries: int
    large_queries: int
    small_recounted: float
    large_recounted: float
    facets: bool = False


def measure_scale() -> tuple[list[ScaleRow], list[EditorRow]]:
    """Fill the registry twice and time the lists, rebuilt, in this process; and in the large one
    what editors wait for."""
    from benchmarks.measure import changes

    asked = {**LISTS, **FACETS}
    content.clear()
    _fill(SMALL, {"programmes": 0, "organisations": 0})
    small = _costs(asked, m.Theme), _costs(asked, m.Programme)
    _fill(LARGE, SMALL)
    large = _costs(asked, m.Theme), _costs(asked, m.Programme)
    editors = list(measure_editors(changes(m.Theme, "label")))
    content.clear()
    lists = [
        ScaleRow(
            label,
            *(small[0][label][0], large[0][label][0]),
            *(small[1][label][1], large[1][label][1]),
            *(small[1][label][0], large[1][label][0]),
            facets=label in FACETS,
        )
        for label in asked
    ]
    return lists, editors


def _costs(asked: dict[str, str], changed: Any) -> dict[str, tuple[float, int]]:
    """Milliseconds and queries of each address, when a row of `changed` was."""
    return {label: _cost(_address(path), changed) for label, path in asked.items()}


def _address(path: str) -> str:
    root = "" if path.startswith("{finder}") else ROOT
    return root + path.format(
        last_programme=m.Programme.objects.count() - 20,
        provider=m.Organisation.objects.order_by("pk")[0].uuid,
        finder=ProgrammeIndexPage.objects.get().url,
    )


def _cost(path: str, changed: Any) -> tuple[float, int]:
    """The median in milliseconds of a list after a change, and its queries."""
    from benchmarks.measure import InProcess, changes

    local, change = InProcess(), changes(changed, TEXTS[changed])
    local.get(path)
    change()
    queries = local.queries(path)
    samples: list[float] = []
    while len(samples) < 5 or (sum(samples) < 0.6 and len(samples) < 40):
        change()
        started = time.perf_counter()
        local.get(path)
        samples.append(time.perf_counter() - started)
    return 1000 * median(samples), queries


def _fill(target: dict[str, int], present: dict[str, int]) -> None:
    """Add rows until there are as many as `target` says."""
    if not present["programmes"]:
        f.ThemeFactory()
        home = Site.objects.get(is_default_site=True).root_page
        index = f.RegionIndexPageFactory(slug=content.SLUG, parent=Page.objects.get(pk=home.pk))
        f.ProgrammeIndexPageFactory(parent=index)
        m.Alliance.objects.bulk_create(f.AllianceFactory.build_batch(50))
    organisations = _multiply(
        f.OrganisationFactory.build(),
        target["organisations"] - present["organisations"],
        name=_NAME.format("Organisation", "Organisatie"),
        words=_WORDS.format("organisation", "organisatie"),
        type="(ARRAY['education', 'company', 'government'])[1 + n % 3]",
        ror_id="NULL",
        website="'https://organisation-' || n || '.example.org/'",
        latitude="52 + (n % 100) * 0.01",
        longitude="4 + (n / 100) * 0.01",
    )
    programmes = _multiply(
        f.ProgrammeFactory.build(study_load=15, teaching_languages=["nl", "en"]),
        target["programmes"] - present["programmes"],
        name=_NAME.format("Programme", "Programma"),
        words=_WORDS.format("programme", "programma"),
        type="(ARRAY['minor', 'course', 'mooc', 'programme'])[1 + n % 4]",
        level="(ARRAY['bachelor', 'master', ''])[1 + n % 3]",
        teaching_languages="(ARRAY['|nl|', '|en|', '|nl|en|', '|en|'])[1 + n % 4 % 3]"
        " || CASE WHEN n % 200 = 0 THEN 'de|' ELSE '' END",
        isced_fields="'|' || (ARRAY['0912', '061', '0221'])[1 + n % 3] || '|'"
        " || CASE WHEN n % 250 = 0 THEN '0311|' ELSE '' END",
        starts="(ARRAY[NULL, '2010', '2099'])[1 + n % 3]",
    )
    count = target["programmes"] - present["programmes"]
    spread = target["organisations"] - present["organisations"]
    ends = {
        "programme": f"{programmes} + n - 1",
        "organisation": f"{organisations} + n % {spread}",
    }
    _multiply(f.ProgrammeProviderFactory.build(programme=None, organisation=None), count, **ends)
    _multiply(f.ProgrammeAccessFactory.build(programme=None, organisation=None), count, **ends)
    first = m.Alliance.objects.order_by("pk").values_list("pk", flat=True)[0]
    _multiply(
        m.Programme.alliances.through(),
        count,
        programme=ends["programme"],
        alliance=f"{first} + n % 50",
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


# A hash makes names whose order is not that of the keys, as in life.
_NAME = "jsonb_build_object('en', '{0} ' || md5(n::text), 'nl', '{1} ' || md5(n::text))"


# What SQL writes has no words of its own (see WordsField).
_WORDS = f"'{VERSION} {{0}} ' || md5(n::text) || ' {{1}}'"


def _multiply(example: Any, count: int, **expressions: str) -> int:
    """Insert `count` rows like `example`, which is not saved itself.

    Args:
        **expressions: SQL by field name, in which ``n`` counts from 1.

    Returns:
        The primary key of the first; the others follow without a gap.
    """
    expressions = {"uuid": "gen_random_uuid()", **expressions}
    fields = [field for field in example._meta.concrete_fields if not field.primary_key]
    parameters: list[Any] = []
    values = []
    for field in fields:
        if field.name in expressions:
            values.append(expressions[field.name])
            continue
        value = field.get_db_prep_save(getattr(example, field.attname), connection)
        values.append(f"%s::{field.db_type(connection).split(' CHECK')[0]}")
        parameters.append(value)
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(example._meta.db_table)
    # Nothing here comes from outside: names are Django's and the expressions our own.
    statement = (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values).replace('% ', '%% ')} "  # noqa: S608
        f"FROM generate_series(1, {count}) AS n RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return min(pk for (pk,) in cursor)
