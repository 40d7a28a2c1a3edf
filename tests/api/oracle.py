"""The finder once more, in plain Python: slow, obvious, and written from the documentation.

Tests hold the endpoints against it. It reads the rows once and asks the database nothing else.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import re
import unicodedata
from typing import Any

from wagtail_regional import factories as f
from wagtail_regional import models as m
from wagtail_regional import vocabularies as v
from wagtail_regional.lifecycle import Moment

WORDS = ["Énergie", "energy", "water", "Œconomie", "health-care", "Zorg", "data", "naïve", "C3PO"]
TOWNS = ["Leiden", "Delft", "Rotterdam", ""]
POINTS = [
    (52.16, 4.49),
    (52.01, 4.36),
    (51.92, 4.48),
    (-17.8, 179.9),
    (-17.9, -179.8),
    (89.9, 10.0),
    None,
]


def plain(text: str) -> list[str]:
    bare = "".join(
        each
        for each in unicodedata.normalize("NFKD", text.lower())
        if not unicodedata.combining(each)
    )
    return re.findall(r"[^\W_]+", bare)


def has_words(text: str, *texts: str) -> bool:
    held = [word for each in texts for word in plain(each)]
    return all(any(word.startswith(part) for word in held) for part in plain(text))


def fill(seed: int, programmes: int = 40) -> None:
    """A registry in which every value of every filter occurs, and combines at random."""
    chance = random.Random(seed)
    name = lambda: {  # noqa: E731
        language: " ".join(chance.sample(WORDS, 2))
        for language in chance.sample(["en", "nl"], chance.randint(1, 2))
    }
    themes = f.ThemeFactory.create_batch(3)
    organisations = []
    for number in range(9):
        point = POINTS[number % len(POINTS)]
        organisations.append(
            f.OrganisationFactory(
                name=name(),
                acronym=chance.choice(["", "TUD", "LUMC"]),
                type=chance.choice(["education", "company", "healthcare"]),
                locality=chance.choice(TOWNS),
                country=chance.choice(["NL", "BE", ""]),
                lau_code=chance.choice(["GM0546", "GM0503", ""]),
                latitude=point and str(point[0]),
                longitude=point and str(point[1]),
                dissolved=chance.choice([None, None, "2013"]),
            )
        )
    alliances = []
    for _ in range(6):
        alliance = f.AllianceFactory(
            name=name(),
            type=chance.choice(["alliance", "network", "agenda"]),
            activities=chance.sample(v.Activity.values, chance.randint(0, 3)),
            starts=chance.choice([None, "2010", "2099"]),
            ends=chance.choice([None, None, "2100-05"]),
        )
        alliance.themes.set(chance.sample(themes, chance.randint(0, 2)))
        alliance.save()
        for organisation in chance.sample(organisations, 3):
            role = chance.choice(["coordinator", "partner", "member"])
            f.MembershipFactory(alliance=alliance, organisation=organisation, role=role)
        alliances.append(alliance)
    for _ in range(programmes):
        _programme(chance, name, themes, organisations, alliances)


def _programme(chance: Any, name: Any, themes: Any, organisations: Any, alliances: Any) -> None:
    programme = f.ProgrammeFactory(
        name=name(),
        summary=name() if chance.random() < 0.3 else {},
        type=chance.choice(["minor", "course", "mooc"]),
        level=chance.choice(["", "bachelor", "master"]),
        teaching_languages=chance.sample(["nl", "en", "pt-BR"], chance.randint(0, 2)),
        modes_of_study=chance.sample(["full_time", "part_time"], chance.randint(0, 2)),
        modes_of_delivery=chance.sample(["online", "presential"], chance.randint(0, 2)),
        isced_fields=chance.sample(["0912", "091", "0311", "06", "1022"], chance.randint(0, 2)),
        study_load=chance.choice([None, 5, 15, 30]),
        study_load_unit=chance.choice(["ects", "ects", "hour"]),
        **dict(
            zip(
                ("starts", "ends"),
                chance.choice(
                    [(None, None), ("2010", None), ("2099-09", "2099-10"), ("2010", "2015")]
                ),
                strict=True,
            )
        ),
    )
    programme.themes.set(chance.sample(themes, chance.randint(0, 2)))
    programme.alliances.set(chance.sample(alliances, chance.randint(0, 2)))
    programme.save()
    for organisation in chance.sample(organisations, chance.randint(0, 3)):
        f.ProgrammeProviderFactory(
            programme=programme,
            organisation=organisation,
            partner_code=chance.choice(["", "21PB-7"]),
        )
    if chance.random() < 0.3:
        programme.codes.add(m.ProgrammeCode(scheme="catalogue", value=f"EN{programme.pk}"))
        programme.save()
    for organisation in chance.sample([*organisations[:5], None], chance.randint(0, 3)):
        opens = chance.choice([None, dt.date(2026, 1, 1), dt.date(2026, 9, 1)])
        f.ProgrammeAccessFactory(
            programme=programme,
            organisation=organisation,
            ects=chance.choice([None, 5, 15, 30]),
            application_opens=opens,
            application_closes=chance.choice([None, dt.date(2026, 10, 1), dt.date(2098, 1, 1)]),
        )


class Programmes:
    """The programmes that a question finds, and the facets beside it."""

    def __init__(self) -> None:
        self.moment = Moment.now()
        self.rows = list(
            m.Programme.objects.prefetch_related(
                "themes", "alliances", "providers__organisation", "access__organisation", "codes"
            )
        )

    def found(self, asked: dict[str, list[str]]) -> set[str]:
        return {str(row.uuid) for row in self.rows if self.fits(row, asked)}

    def fits(self, row: Any, asked: dict[str, list[str]]) -> bool:
        many = {
            "type": {row.type},
            "level": {row.level},
            "language": set(row.teaching_languages),
            "mode": set(row.modes_of_study),
            "delivery": set(row.modes_of_delivery),
            "alliance": {str(each.uuid) for each in row.alliances.all()},
            "theme": {str(each.uuid) for each in row.themes.all()},
            "provider": {str(each.organisation.uuid) for each in row.providers.all()},
            "status": {str(row.status_at(self.moment).value)},
            "joint": {str(len(row.providers.all()) > 1).lower()},
        }
        for name, held in many.items():
            if name in asked and not held & set(asked[name]):
                return False
        if "field" in asked and not any(
            code.startswith(each) for code in row.isced_fields for each in asked["field"]
        ):
            return False
        return self._words(row, asked) and self._terms(row, asked)

    def _words(self, row: Any, asked: dict[str, list[str]]) -> bool:
        if "q" not in asked:
            return True
        [text] = asked["q"]
        codes = [code.value for code in row.codes.all()]
        codes += [each.partner_code for each in row.providers.all()]
        return has_words(text, *row.name.values(), *row.summary.values()) or any(
            code.lower().startswith(text.lower()) for code in codes
        )

    def _terms(self, row: Any, asked: dict[str, list[str]]) -> bool:  # noqa: C901
        low, high = (asked.get(name, [None])[0] for name in ("ects_min", "ects_max"))
        load = float(row.study_load) if row.study_load is not None else None
        load = load if row.study_load_unit == "ects" else None

        def in_range(ects: float | None) -> bool:
            if low is None and high is None:
                return True
            return ects is not None and float(low or 0) <= ects <= float(high or math.inf)

        day = None
        if "open" in asked:
            day = self.moment.today
        elif "open_on" in asked:
            day = dt.date.fromisoformat(asked["open_on"][0])
        if day and row.ends and row.ends.last_day < day:
            return False
        kinds = asked.get("terms", ["own", "guests"])
        homes = asked.get("home")
        access = list(row.access.all())
        if homes is None:
            if not in_range(load):
                return False
            if day is None and "terms" not in asked:
                return True
            kind = lambda each: "own" if each.organisation else "guests"  # noqa: E731
            return any(kind(each) in kinds and is_open(each, day) for each in access)
        for home in homes:
            own = [a for a in access if a.organisation and str(a.organisation.uuid) == home]
            guests = [a for a in access if not a.organisation]
            held, kind = (own, "own") if own else (guests, "guests")
            for each in held:
                ects = load if each.ects is None else float(each.ects)
                if kind in kinds and is_open(each, day) and in_range(ects):
                    return True
        return False


def is_open(access: Any, day: dt.date | None) -> bool:
    if day is None:
        return True
    opens, closes = access.application_opens, access.application_closes
    if opens is None and closes is None:
        return False
    return (opens is None or opens <= day) and (closes is None or closes >= day)


class Partners:
    """Organisations and alliances, likewise."""

    def __init__(self) -> None:
        self.moment = Moment.now()
        self.organisations = list(m.Organisation.objects.all())
        self.alliances = list(m.Alliance.objects.prefetch_related("themes"))
        self.ties = list(m.Membership.objects.select_related("organisation", "alliance"))

    def found(self, kind: str, asked: dict[str, list[str]]) -> set[str]:
        rows = self.organisations if kind == "organisations" else self.alliances
        fits = self._organisation if kind == "organisations" else self._alliance
        return {str(row.uuid) for row in rows if self._own(row, asked) and fits(row, asked)}

    def _own(self, row: Any, asked: dict[str, list[str]]) -> bool:
        texts = [*row.name.values(), row.acronym]
        texts += [row.locality] if hasattr(row, "locality") else [*row.summary.values()]
        return (
            ("type" not in asked or row.type in asked["type"])
            and ("status" not in asked or row.status_at(self.moment).value in asked["status"])
            and ("q" not in asked or has_words(asked["q"][0], *texts))
        )

    def _organisation(self, row: Any, asked: dict[str, list[str]]) -> bool:
        if not self._there(row, asked):
            return False
        names = {"alliance", "role", "theme", "activity"} & set(asked)
        ties = [tie for tie in self.ties if tie.organisation_id == row.pk]
        return not names or any(
            self._about(tie.alliance, asked)
            and ("alliance" not in asked or str(tie.alliance.uuid) in asked["alliance"])
            and ("role" not in asked or tie.role in asked["role"])
            for tie in ties
        )

    def _about(self, alliance: Any, asked: dict[str, list[str]]) -> bool:
        alliance = next(each for each in self.alliances if each.pk == alliance.pk)
        themes = {str(each.uuid) for each in alliance.themes.all()}
        return ("theme" not in asked or bool(themes & set(asked["theme"]))) and (
            "activity" not in asked or bool(set(alliance.activities) & set(asked["activity"]))
        )

    def _alliance(self, row: Any, asked: dict[str, list[str]]) -> bool:
        if not self._about(row, asked):
            return False
        names = {"member", "role", "country", "locality", "lau", "near", "bbox"} & set(asked)
        ties = [tie for tie in self.ties if tie.alliance_id == row.pk]
        return not names or any(
            tie.organisation is not None
            and self._there(tie.organisation, asked)
            and ("member" not in asked or str(tie.organisation.uuid) in asked["member"])
            and ("role" not in asked or tie.role in asked["role"])
            for tie in ties
        )

    def _there(self, row: Any, asked: dict[str, list[str]]) -> bool:
        for name, held in (
            ("country", row.country),
            ("locality", row.locality),
            ("lau", row.lau_code),
        ):
            if name in asked and held not in asked[name]:
                return False
        if "near" not in asked and "bbox" not in asked:
            return True
        if row.latitude is None:
            return False
        here = float(row.latitude), float(row.longitude)
        if "near" in asked:
            there = [float(each) for each in asked["near"][0].split(",")]
            if arc_km(here, there) > float(asked.get("radius_km", ["10"])[0]):
                return False
        if "bbox" in asked:
            west, south, east, north = (float(each) for each in asked["bbox"][0].split(","))
            across = west <= here[1] <= east if west <= east else here[1] >= west or here[1] <= east
            return across and south <= here[0] <= north
        return True


def arc_km(one: Any, other: Any) -> float:
    """By vectors, not by the haversine formula."""

    def vector(point: Any) -> tuple[float, float, float]:
        latitude, longitude = map(math.radians, point)
        return (
            math.cos(latitude) * math.cos(longitude),
            math.cos(latitude) * math.sin(longitude),
            math.sin(latitude),
        )

    a, b = vector(one), vector(other)
    return 6371.0088 * 2 * math.asin(math.dist(a, b) / 2)
