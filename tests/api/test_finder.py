"""The finder against an oracle: every filter alone and in pairs, and every facet beside them."""

from __future__ import annotations

import datetime as dt
import os
import random
from itertools import combinations, islice
from urllib.parse import urlencode

import pytest
import wagtail

from tests.api import oracle
from tests.conftest import facets_in
from wagtail_regional import models as m
from wagtail_regional.api import parameters as p
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.facets import facets_of

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
MANY = 200
PARAMETERS = {
    "programmes": p.ProgrammeParameters,
    "organisations": p.OrganisationParameters,
    "alliances": p.AllianceParameters,
}
FACET_PARAMETERS = {
    "programmes": p.ProgrammeFacetParameters,
    "organisations": p.OrganisationFacetParameters,
    "alliances": p.AllianceFacetParameters,
}


@pytest.fixture
def nothing(site, settings):
    settings.WAGTAILAPI_LIMIT_MAX = MANY


@pytest.fixture
def everything(nothing):
    oracle.fill(seed=7)


@pytest.fixture
def everything_else(nothing, seed):
    oracle.fill(seed=seed)


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
        {"status": ["active", "planned"]},
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
    rows = parameters.asks.model.objects
    found = parameters.filter(context).apply(rows, context.now)
    return sorted(str(uuid) for uuid in found.values_list("uuid", flat=True))


def one_of(name, values):
    tables = (each.asks for each in PARAMETERS.values())
    questions = (each for table in tables for each in table.questions)
    several = next(each.kind.several for each in questions if each.name == name)
    return values if several else values[0]


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
        {"status": ["active", "planned"]},
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


@pytest.mark.parametrize("kind", PARAMETERS)
def test_every_filter_is_asked(db, kind):
    questions = programme_questions() if kind == "programmes" else partner_questions(kind)
    names = {each.name for each in PARAMETERS[kind].asks.questions}
    assert {name for each in questions for name in each} == names


def counted(answer):
    """An answer with facets as the oracle tells them."""
    found = {}
    for name, facet in facets_in(answer).items():
        values = facet["values"]
        found[name] = {each["value"]: (each["count"], each["selected"]) for each in values}
        assert len(found[name]) == len(values), f"{name} has a value twice"
    return found


def check_facets(answer, asked, expected):
    """Every value counts what the list finds with it and the other filters, and none that finds
    something is left out."""
    assert answer["count"] == expected.count(asked), asked
    assert not any(each["truncated"] for each in answer["facets"])
    found, told = counted(answer), expected.facets(asked)
    assert found.keys() == told.keys()
    for name in told:
        assert found[name] == told[name], (name, asked)


def test_programmes_are_found(client, everything):
    expected = oracle.Programmes()
    assert check_lists(client, "programmes", programme_questions(), expected.found) > 150


@pytest.mark.parametrize("kind", PARTNER_QUESTIONS)
def test_partners_are_found(client, everything, kind):
    expected = oracle.Partners(kind)
    assert check_lists(client, kind, partner_questions(kind), expected.found) > 60


# --- Facets ---------------------------------------------------------------------------------------


def choices(kind, chance, today):
    """What may be asked of each filter, at random."""
    some = lambda *values: chance.sample(values, chance.choice([1, 1, 2]))  # noqa: E731
    day = lambda: str(today + dt.timedelta(days=chance.choice([-400, -1, 0, 1, 30])))  # noqa: E731
    status = ["planned", "active", "ending_soon", "ended"]
    common = {
        "status": lambda: some(*status, *(["undated"] if kind == "alliances" else [])),
        "theme": lambda: some(*uuids(m.Theme, MANY)),
        "q": lambda: some("energ", "zorg", "water", "21pb", "lumc", "naiv")[:1],
    }
    if kind == "programmes":
        return common | {
            "type": lambda: some("minor", "course", "mooc", "programme"),
            "level": lambda: some("bachelor", "master", "doctoral"),
            "language": lambda: some("nl", "en", "pt-BR", "fy"),
            "mode": lambda: some("full_time", "part_time"),
            "delivery": lambda: some("online", "presential"),
            "field": lambda: some("09", "0912", "10", "031", "08"),
            "alliance": lambda: some(*uuids(m.Alliance, MANY)),
            "provider": lambda: some(*uuids(m.Organisation, MANY)),
            "home": lambda: some(*uuids(m.Organisation, MANY)),
            "terms": lambda: some("own", "guests"),
            "ects_min": lambda: some("0", "5", "7.5", "10")[:1],
            "ects_max": lambda: some("15", "30", "29.9")[:1],
            "open": lambda: ["now"],
            "open_on": lambda: [day()],
            "joint": lambda: some("true", "false")[:1],
        }
    common |= {
        "type": lambda: (
            some("alliance", "network", "agenda")
            if kind == "alliances"
            else some("education", "company", "healthcare")
        ),
        "role": lambda: some("coordinator", "partner", "member"),
        "activity": lambda: some("education", "research"),
        "country": lambda: some("NL", "BE", "FR"),
        "locality": lambda: some("Leiden", "Delft", "Rotterdam", "Gouda"),
        "lau": lambda: some("GM0546", "GM0503"),
        "near": lambda: some("52.16,4.49", "-17.8,-180")[:1],
        "bbox": lambda: some("4.4,52.0,4.6,52.3", "179,-18,-179,-17")[:1],
    }
    if kind == "organisations":
        return common | {"alliance": lambda: some(*uuids(m.Alliance, MANY))}
    return common | {"member": lambda: some(*uuids(m.Organisation, MANY))}


def at_random(kind, chance, today):
    """A question of up to five filters."""
    filters = choices(kind, chance, today)
    names = chance.sample(sorted(filters), chance.choice([0, 1, 1, 2, 2, 2, 3, 3, 4, 5]))
    asked = {name: filters[name]() for name in names}
    if "open" in asked:
        asked.pop("open_on", None)
    return asked


def told_of(kind, asked):
    """The facets, asked as the endpoints ask them."""
    context = ReadContext("en")
    of_facets = FACET_PARAMETERS[kind]
    parameters = of_facets(**{key: one_of(key, each) for key, each in asked.items()})
    parameters.check()
    return facets_of(parameters.filter(context), context)


def check_at_random(client, kind, seed, times):
    """Facets of questions at random; now and then as the endpoint answers, with its list."""
    chance, moment = random.Random(seed), ReadContext("en").moment
    programmes = kind == "programmes"
    expected = oracle.Programmes(moment) if programmes else oracle.Partners(kind, moment)
    for number in range(times):
        asked = at_random(kind, chance, moment.today)
        answer = told_of(kind, asked)
        check_facets(answer, asked, expected)
        if number % 25 == 0:
            told = client.get(address(f"{kind}/facets", asked)).json()
            check_facets(told, asked, expected)
            listed = client.get(address(kind, asked, limit=MANY)).json()
            assert {each["id"] for each in listed["items"]} == expected.found(asked), asked


@pytest.mark.parametrize(
    ("kind", "times"), [("programmes", 30), ("organisations", 20), ("alliances", 20)]
)
def test_facets_agree_with_lists(client, everything, kind, times):
    check_at_random(client, kind, 1, times)


@pytest.mark.slow
@pytest.mark.parametrize("seed", (2, 3))
@pytest.mark.parametrize("kind", PARAMETERS)
def test_facets_agree_with_lists_many_times_over(client, everything_else, kind, seed):
    check_at_random(client, kind, seed, 500)
