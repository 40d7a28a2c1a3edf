"""The finder against an oracle: every filter alone and in pairs, and every facet beside them."""

from __future__ import annotations

import os
from itertools import combinations, islice
from urllib.parse import urlencode

import pytest
import wagtail

from tests.api import oracle
from wagtail_regional import models as m
from wagtail_regional.api import parameters as p
from wagtail_regional.api.asking import alliance_filter, organisation_filter, programme_filter
from wagtail_regional.api.context import ReadContext

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
MANY = 200
PARAMETERS = {
    "programmes": p.ProgrammeParameters,
    "organisations": p.OrganisationParameters,
    "alliances": p.AllianceParameters,
}


@pytest.fixture
def everything(site, settings):
    settings.WAGTAILAPI_LIMIT_MAX = MANY
    # Nothing here asks the search backend.
    backend = {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
    settings.WAGTAILSEARCH_BACKENDS = {"default": backend}
    oracle.fill(seed=7)


def address(kind, asked, **more):
    return f"{API}/{kind}/?{urlencode({**asked, **more}, doseq=True)}"


def uuids(model, count=2):
    return [
        str(each) for each in model.objects.order_by("pk").values_list("uuid", flat=True)[:count]
    ]


def programme_questions():
    """Each filter with one value, and with two where it takes several."""
    organisations, alliances = uuids(m.Organisation), uuids(m.Alliance)
    themes = uuids(m.Theme)
    return [
        {"type": ["minor"]},
        {"type": ["minor", "mooc"]},
        {"level": ["bachelor"]},
        {"language": ["nl"]},
        {"language": ["en", "pt-BR"]},
        {"mode": ["part_time"]},
        {"delivery": ["online", "presential"]},
        {"field": ["09"]},
        {"field": ["0912", "10"]},
        {"alliance": alliances[:1]},
        {"alliance": alliances},
        {"provider": organisations},
        {"theme": themes[:1]},
        {"home": organisations[:1]},
        {"home": organisations},
        {"home": organisations[:1], "terms": ["own"]},
        {"terms": ["guests"]},
        {"ects_min": ["10"]},
        {"ects_max": ["15"]},
        {"ects_min": ["6"], "ects_max": ["15"]},
        {"open": ["now"]},
        {"open_on": ["2026-09-30"]},
        {"status": ["active", "undated"]},
        {"status": ["ended"]},
        {"joint": ["true"]},
        {"joint": ["false"]},
        {"q": ["energ"]},
        {"q": ["zorg NAIV"]},
        {"q": ["21pb"]},
        {"q": ["care"]},
    ]


def pairs(questions):
    """Each question alone, and with each other one; of the pairs, the quick suite asks a third."""
    yield from ({**one} for one in questions)
    step = 1 if os.environ.get("DATABASE_URL") else 3
    for one, other in islice(combinations(questions, 2), 0, None, step):
        if not set(one) & set(other) and not {"open", "open_on"} <= {*one, *other}:
            yield {**one, **other}


def found_by(kind, asked):
    """What the query layer finds, asked as the endpoints ask it: most pairs go no further."""
    context = ReadContext("en")
    parameters = PARAMETERS[kind](**{key: one_of(key, each) for key, each in asked.items()})
    parameters.check()
    make = {
        "programmes": lambda: programme_filter(parameters, context).apply(m.Programme.objects),
        "organisations": lambda: organisation_filter(parameters).apply(m.Organisation.objects),
        "alliances": lambda: alliance_filter(parameters).apply(m.Alliance.objects),
    }
    return sorted(str(uuid) for uuid in make[kind]().values_list("uuid", flat=True))


def one_of(name, values):
    single = name in {"q", "ects_min", "ects_max", "open", "open_on", "joint", "near", "bbox"}
    return values[0] if single or name == "radius_km" else values


def check_lists(client, kind, questions, oracle_finds):
    found_any = 0
    for number, asked in enumerate(pairs(questions)):
        expected = sorted(oracle_finds(asked))
        assert found_by(kind, asked) == expected, asked
        if number < len(questions) or number % 10 == 0:
            answer = client.get(address(kind, asked, limit=MANY)).json()
            assert sorted(item["id"] for item in answer["items"]) == expected, asked
            assert answer["count"] == len(expected)
        found_any += bool(expected)
    return found_any


PARTNER_QUESTIONS = {
    "organisations": ["alliance"],
    "alliances": ["member"],
}


def partner_questions(kind):
    other = uuids(m.Alliance if kind == "organisations" else m.Organisation)
    return [
        {"type": ["alliance", "network"] if kind == "alliances" else ["education"]},
        {"role": ["coordinator"]},
        {"role": ["partner", "member"]},
        {"theme": uuids(m.Theme, 1)},
        {"activity": ["research", "education"]},
        {"status": ["ended" if kind == "organisations" else "planned"]},
        {"status": ["active", "undated"]},
        {"country": ["NL"]},
        {"locality": ["Leiden", "Delft"]},
        {"lau": ["GM0546"]},
        {PARTNER_QUESTIONS[kind][0]: other[:1]},
        {PARTNER_QUESTIONS[kind][0]: other},
        {"near": ["52.16,4.49"], "radius_km": ["25"]},
        {"near": ["52.16,4.49"]},
        {"near": ["-17.8,-180"], "radius_km": ["30"]},
        {"near": ["89,-170"], "radius_km": ["200"]},
        {"bbox": ["4.4,52.0,4.6,52.3"]},
        {"bbox": ["179,-18,-179,-17"]},
        {"bbox": ["-180,-90,180,90"]},
        {"q": ["energ"]},
        {"q": ["lum"]},
    ]


def check_facets(facets, asked, found, count_of):
    """Every value counts what choosing it would find, and none that finds something is left out.

    Args:
        found: how many the question finds.
        count_of: how many a question finds.
    """
    assert facets["count"] == found, asked
    for name, values in facets.items():
        if name in ("count", "truncated"):
            continue
        given = asked.get(name, [])
        for value in values:
            parameters = {key: each for key, each in asked.items() if key != name}
            if name == "open":
                parameters = {key: each for key, each in parameters.items() if key != "open_on"}
                key = "open" if value["value"] == "now" else "open_on"
                parameters[key] = [value["value"]]
            else:
                parameters[name] = [value["value"]]
            assert value["count"] == count_of(parameters), (name, value, asked)
            assert value["selected"] == (value["value"] in given) or name == "open"
            assert value["count"] or value["selected"], (name, value, asked)
        if name != "field":
            assert set(given) <= {value["value"] for value in values}


def complete(facets, name, values, asked, count_of):
    """No value that finds something is missing."""
    listed = {value["value"] for value in facets[name]}
    for value in values:
        if value and value not in listed:
            assert not count_of({**asked, name: [value]}), (name, value, asked)


def test_programmes_and_their_facets(client, everything):
    expected, questions = oracle.Programmes(), programme_questions()
    assert check_lists(client, "programmes", questions, expected.found) > 150
    count_of = lambda asked: len(expected.found(asked))  # noqa: E731
    for number, asked in enumerate(pairs(questions)):
        if number > len(questions) and number % 9:
            continue
        facets = client.get(address("programmes/facets", asked)).json()
        check_facets(facets, asked, count_of(asked), count_of)
        complete(facets, "type", ["minor", "course", "mooc"], asked, count_of)
        complete(facets, "provider", uuids(m.Organisation, MANY), asked, count_of)
        complete(facets, "alliance", uuids(m.Alliance, MANY), asked, count_of)
        complete(facets, "language", ["nl", "en", "pt-BR"], asked, count_of)


def test_partners_and_their_facets(client, everything):
    expected = oracle.Partners()
    for kind in PARTNER_QUESTIONS:
        questions = partner_questions(kind)
        finds = lambda asked, kind=kind: expected.found(kind, asked)  # noqa: E731
        assert check_lists(client, kind, questions, finds) > 60
        count_of = lambda asked, finds=finds: len(finds(asked))  # noqa: E731
        for number, asked in enumerate(pairs(questions)):
            if number > len(questions) and number % 7:
                continue
            facets = client.get(address(f"{kind}/facets", asked)).json()
            check_facets(facets, asked, count_of(asked), count_of)
            complete(facets, "role", ["coordinator", "partner", "member"], asked, count_of)
            complete(facets, "locality", ["Leiden", "Delft", "Rotterdam"], asked, count_of)
            complete(facets, "activity", ["research", "education"], asked, count_of)
