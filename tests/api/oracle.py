"""The finder once more, in plain Python: slow, obvious, and written from the documentation.

Tests hold the endpoints against it. It reads the rows once and asks the database nothing else.
What one filter finds by itself is remembered, so that thousands of questions are quickly asked.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
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


def near(today: dt.date, *distances: int) -> list[dt.date]:
    """Days about today."""
    return [today + dt.timedelta(days=distance) for distance in distances]


def periods(today: dt.date) -> list[tuple[str | None, str | None]]:
    """Periods that stand in each way to today, by a day and by far."""
    soon = Moment.now().horizon
    days = [*near(today, -1, 0, 1), *near(soon, 0, 1)]
    return [
        (None, None),
        (None, None),
        ("2010", None),
        ("2010", "2015"),
        ("2099-09", "2099-10"),
        *((None, str(day)) for day in days),
        *((str(day), None) for day in near(today, -1, 0, 1)),
        (str(today)[:7], str(today)[:4]),
    ]


def fill(seed: int, programmes: int = 40) -> None:
    """A registry in which every value of every filter occurs, and combines at random."""
    chance, today = random.Random(seed), Moment.now().today
    dates = periods(today)
    name = lambda: {  # noqa: E731
        language: " ".join(chance.sample(WORDS, 2))
        for language in chance.sample(["en", "nl"], chance.randint(1, 2))
    }
    themes = f.ThemeFactory.create_batch(4)
    organisations = []
    for number in range(11):
        point = POINTS[number % len(POINTS)]
        founded, dissolved = chance.choice(dates)
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
                founded=founded,
                dissolved=dissolved,
            )
        )
    alliances: list[Any] = []
    for _ in range(7):
        starts, ends = chance.choice(dates)
        alliance = f.AllianceFactory(
            name=name(),
            type=chance.choice(["alliance", "network", "agenda"]),
            activities=chance.sample(v.Activity.values, chance.randint(0, 3)),
            starts=starts,
            ends=ends,
        )
        alliance.themes.set(chance.sample(themes, chance.randint(0, 2)))
        alliance.save()
        members: list[dict[str, Any]] = [
            {"organisation": each} for each in chance.sample(organisations, 3)
        ]
        # Whose members are not organisations have no place, but a role.
        members.append({"organisation": None, "group_label": {"en": "towns"}, "group_count": 3})
        if alliances:
            members.append({"organisation": None, "member_alliance": chance.choice(alliances)})
        for member in members:
            f.MembershipFactory(
                alliance=alliance,
                role=chance.choice(["coordinator", "partner", "member"]),
                ends=chance.choice([None, "2012"]),
                **member,
            )
        alliances.append(alliance)
    for _ in range(programmes):
        _programme(chance, name, themes, organisations, alliances)


def _programme(chance: Any, name: Any, themes: Any, organisations: Any, alliances: Any) -> None:
    today = Moment.now().today
    starts, ends = chance.choice(periods(today))
    programme = f.ProgrammeFactory(
        name=name(),
        summary=name() if chance.random() < 0.3 else {},
        type=chance.choice(["minor", "course", "mooc"]),
        level=chance.choice(["", "bachelor", "master"]),
        teaching_languages=chance.sample(["nl", "en", "pt-BR"], chance.randint(0, 2)),
        modes_of_study=chance.sample(["full_time", "part_time"], chance.randint(0, 2)),
        modes_of_delivery=chance.sample(["online", "presential"], chance.randint(0, 2)),
        isced_fields=chance.sample(["0912", "091", "0311", "06", "1022"], chance.randint(0, 2)),
        study_load=chance.choice([None, 5, "7.5", 15, 30]),
        study_load_unit=chance.choice(["ects", "ects", "hour"]),
        starts=starts,
        ends=ends,
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
    days = near(today, -400, -1, 0, 1, 400)
    for organisation in chance.sample([*organisations[:6], None, None], chance.randint(0, 3)):
        if organisation is None and programme.access.filter(organisation=None).exists():
            continue
        opens, closes = sorted(chance.sample(days, 2))
        f.ProgrammeAccessFactory(
            programme=programme,
            organisation=organisation,
            ects=chance.choice([None, 5, "7.5", 15, 30]),
            application_opens=chance.choice([None, opens]),
            application_closes=chance.choice([None, closes]),
        )


Asked = dict[str, list[str]]

#: What programmes must have in one and the same terms of access.
OF_TERMS = ("home", "terms", "ects_min", "ects_max", "open", "open_on")
#: What one membership of an organisation, or of an alliance, must have.
OF_MEMBERSHIP = {
    "organisations": ("alliance", "role", "theme", "activity"),
    "alliances": ("member", "role", "country", "locality", "lau", "near", "radius_km", "bbox"),
}


class Oracle:
    """Finds rows by what is asked of them.

    Attributes:
        rows: all there are.
        together: filters that must hold for one and the same thing that belongs to a row.
    """

    rows: list[Any]
    together: tuple[str, ...] = ()

    def found(self, asked: Asked) -> set[str]:
        """The ids of the rows that fit."""
        parts = [
            self._alone(name, tuple(values))
            for name, values in asked.items()
            if name not in self.together
        ]
        jointly = tuple(
            (name, tuple(asked[name])) for name in sorted(self.together) if name in asked
        )
        if jointly:
            parts.append(self._together(jointly))
        return set.intersection({str(row.uuid) for row in self.rows}, *parts)

    def count(self, asked: Asked) -> int:
        return len(self.found(asked))

    @cache  # noqa: B019 - an oracle lives as long as its test
    def _alone(self, name: str, values: tuple[str, ...]) -> set[str]:
        return {str(row.uuid) for row in self.rows if self.fits(row, name, list(values))}

    @cache  # noqa: B019
    def _together(self, jointly: tuple[tuple[str, tuple[str, ...]], ...]) -> set[str]:
        asked = {name: list(values) for name, values in jointly}
        return {str(row.uuid) for row in self.rows if self.fits_together(row, asked)}

    def fits(self, row: Any, name: str, values: list[str]) -> bool:
        raise NotImplementedError

    def fits_together(self, row: Any, asked: Asked) -> bool:
        raise NotImplementedError

    # --- Facets -------------------------------------------------------------------------------

    def values(self, asked: Asked) -> dict[str, Iterable[str]]:
        """Of each facet, the values that it may have."""
        raise NotImplementedError

    def facets(self, asked: Asked) -> dict[str, dict[str, tuple[int, bool]]]:
        """Of each facet and value: how many the list finds with that value and the other filters,
        and whether it is asked for. What finds nothing and is not asked for is left out."""
        found: dict[str, dict[str, tuple[int, bool]]] = {}
        for name, values in self.values(asked).items():
            others = {key: each for key, each in asked.items() if key != name}
            given = asked.get(name, [])
            counts = {each: self.count({**others, name: [each]}) for each in {*values, *given}}
            found[name] = {
                each: (count, each in given)
                for each, count in counts.items()
                if each and (count or each in given)
            }
        return found


def _ids(rows: Iterable[Any]) -> set[str]:
    return {str(row.uuid) for row in rows}


class Programmes(Oracle):
    """The programmes that a question finds, and the facets beside it."""

    together = OF_TERMS

    def __init__(self, moment: Moment | None = None) -> None:
        self.moment = moment or Moment.now()
        self.rows = list(
            m.Programme.objects.prefetch_related(
                "themes", "alliances", "providers__organisation", "access__organisation", "codes"
            )
        )

    #: What a row has, of what is asked by its value alone.
    HELD: dict[str, Callable[[Any], set[str]]] = {
        "type": lambda row: {row.type},
        "level": lambda row: {row.level},
        "language": lambda row: set(row.teaching_languages),
        "mode": lambda row: set(row.modes_of_study),
        "delivery": lambda row: set(row.modes_of_delivery),
        "alliance": lambda row: _ids(row.alliances.all()),
        "theme": lambda row: _ids(row.themes.all()),
        "provider": lambda row: _ids(each.organisation for each in row.providers.all()),
        "joint": lambda row: {str(len(row.providers.all()) > 1).lower()},
    }

    def held(self, row: Any, name: str) -> set[str]:
        if name == "status":
            return {row.status_at(self.moment).value}
        return self.HELD[name](row)

    def fits(self, row: Any, name: str, values: list[str]) -> bool:
        if name == "q":
            return self._words(row, *values)
        if name == "field":
            return any(code.startswith(each) for code in row.isced_fields for each in values)
        return bool(self.held(row, name) & set(values))

    def _words(self, row: Any, text: str) -> bool:
        codes = [code.value for code in row.codes.all()]
        codes += [each.partner_code for each in row.providers.all()]
        return has_words(text, *row.name.values(), *row.summary.values()) or any(
            code.lower().startswith(text.lower()) for code in codes
        )

    def fits_together(self, row: Any, asked: Asked) -> bool:
        day = None
        if "open" in asked:
            day = self.moment.today
        elif "open_on" in asked:
            day = dt.date.fromisoformat(asked["open_on"][0])
        if day and row.ends and row.ends.last_day < day:
            return False
        kinds = asked.get("terms", ["own", "guests"])
        access = list(row.access.all())
        load = float(row.study_load) if row.study_load is not None else None
        load = load if row.study_load_unit == "ects" else None
        if "home" not in asked:
            if not in_range(load, asked):
                return False
            if day is None and "terms" not in asked:
                return True
            kind = lambda each: "own" if each.organisation else "guests"  # noqa: E731
            return any(kind(each) in kinds and is_open(each, day) for each in access)
        for home in asked["home"]:
            own = [a for a in access if a.organisation and str(a.organisation.uuid) == home]
            guests = [a for a in access if not a.organisation]
            held, kind = (own, "own") if own else (guests, "guests")
            for each in held:
                ects = load if each.ects is None else float(each.ects)
                if kind in kinds and is_open(each, day) and in_range(ects, asked):
                    return True
        return False

    def values(self, asked: Asked) -> dict[str, Iterable[str]]:
        found: dict[str, Iterable[str]] = {
            name: set().union(*(self.held(row, name) for row in self.rows))
            for name in (*self.HELD, "status")
        }
        found["joint"] = ["true", "false"]
        found["field"] = {code[:2] for row in self.rows for code in row.isced_fields}
        # Organisations that some programme has terms for.
        found["home"] = {
            str(each.organisation.uuid)
            for row in self.rows
            for each in row.access.all()
            if each.organisation
        }
        return found

    def facets(self, asked: Asked) -> dict[str, dict[str, tuple[int, bool]]]:
        found = super().facets(asked)
        # It has one value: today or, where another day is asked for, that day.
        [day] = asked.get("open_on", [None])
        others = {key: each for key, each in asked.items() if key not in ("open", "open_on")}
        given = "open" in asked or day is not None
        today = day in (None, str(self.moment.today))
        question: Asked = {"open": ["now"]} if today else {"open_on": [str(day)]}
        count = self.count({**others, **question})
        value = "now" if today else str(day)
        found["open"] = {value: (count, given)} if count or given else {}
        return found


def in_range(ects: float | None, asked: Asked) -> bool:
    low, high = (asked.get(name, [None])[0] for name in ("ects_min", "ects_max"))
    if low is None and high is None:
        return True
    return ects is not None and float(low or 0) <= ects <= float(high or math.inf)


def is_open(access: Any, day: dt.date | None) -> bool:
    if day is None:
        return True
    opens, closes = access.application_opens, access.application_closes
    if opens is None and closes is None:
        return False
    return (opens is None or opens <= day) and (closes is None or closes >= day)


class Partners(Oracle):
    """Organisations or alliances, likewise.

    Args:
        kind: which of the two.
    """

    def __init__(self, kind: str, moment: Moment | None = None) -> None:
        self.kind, self.together = kind, OF_MEMBERSHIP[kind]
        self.moment = moment or Moment.now()
        self.organisations = list(m.Organisation.objects.all())
        self.alliances = list(m.Alliance.objects.prefetch_related("themes"))
        self.themes = {each.pk: _ids(each.themes.all()) for each in self.alliances}
        self.ties = list(m.Membership.objects.select_related("organisation", "alliance"))
        self.rows = self.organisations if kind == "organisations" else self.alliances

    def fits(self, row: Any, name: str, values: list[str]) -> bool:
        if name == "q":
            texts = [*row.name.values(), row.acronym]
            if self.kind == "organisations":
                texts.append(row.locality)
            else:
                texts += [*row.summary.values(), *row.region.values()]
            return has_words(*values, *texts)
        if name in ("theme", "activity"):
            return self._about(row, {name: values})
        if name == "type":
            return row.type in values
        if name == "status":
            return row.status_at(self.moment).value in values
        # Only organisations are asked for places by themselves.
        return is_there(row, {name: values})

    def found(self, asked: Asked) -> set[str]:
        if self.kind == "organisations" and "near" in asked:
            # A circle is one thing that is asked for.
            near = [*asked["near"], *asked.get("radius_km", [])]
            others = {k: each for k, each in asked.items() if k not in ("near", "radius_km")}
            circle = {"near": near[:1], "radius_km": near[1:] or ["10"]}
            here = {str(row.uuid) for row in self.rows if is_there(row, circle)}
            return super().found(others) & here
        return super().found(asked)

    def _about(self, alliance: Any, asked: Asked) -> bool:
        themes, activities = self.themes[alliance.pk], set(alliance.activities)
        return ("theme" not in asked or bool(themes & set(asked["theme"]))) and (
            "activity" not in asked or bool(activities & set(asked["activity"]))
        )

    def fits_together(self, row: Any, asked: Asked) -> bool:
        """Present or past, one membership has all of it."""
        if self.kind == "organisations":
            return any(
                tie.organisation_id == row.pk
                and ("role" not in asked or tie.role in asked["role"])
                and ("alliance" not in asked or str(tie.alliance.uuid) in asked["alliance"])
                and self._about(tie.alliance, asked)
                for tie in self.ties
            )
        return any(
            tie.alliance_id == row.pk
            and ("role" not in asked or tie.role in asked["role"])
            and (set(asked) <= {"role"} or self._member(tie.organisation, asked))
            for tie in self.ties
        )

    @staticmethod
    def _member(organisation: Any, asked: Asked) -> bool:
        """Only of organisations is known where they are."""
        return (
            organisation is not None
            and ("member" not in asked or str(organisation.uuid) in asked["member"])
            and is_there(organisation, asked)
        )

    def values(self, asked: Asked) -> dict[str, Iterable[str]]:
        found: dict[str, Iterable[str]] = {
            "type": {row.type for row in self.rows},
            "role": {tie.role for tie in self.ties},
            "activity": v.Activity.values,
            "theme": set().union(*self.themes.values()),
            "country": {each.country for each in self.organisations},
            "locality": {each.locality for each in self.organisations},
            "lau": {each.lau_code for each in self.organisations},
            "status": {row.status_at(self.moment).value for row in self.rows},
        }
        if self.kind == "organisations":
            return {**found, "alliance": _ids(self.alliances)}
        return {**found, "member": _ids(self.organisations)}


def is_there(row: Any, asked: Asked) -> bool:
    """Whether an organisation is where it is asked for."""
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
