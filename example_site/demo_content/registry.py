"""Brings the registry to what facts.py says; a second run changes nothing."""

import datetime as dt
import re
import uuid

from django.utils import timezone

from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    ProgrammeAccess,
    ProgrammeProvider,
    Project,
    Recognition,
    RegistryEntry,
    Theme,
)

from . import facts
from .logos import monogram

NAMESPACE = uuid.UUID("0b3f9f5e-1f7c-4a53-8f0d-3c3a6d0f5a11")


def both(english, dutch):
    return {"en": english, "nl": dutch}


def identity(model, lookup):
    """The same public id in every demo, so that the documentation can ask for it."""
    if not any(field.name == "uuid" for field in model._meta.fields):
        return {}
    key = " ".join([model._meta.model_name, *map(str, lookup.values())])
    return {"uuid": uuid.uuid5(NAMESPACE, key)}


def put(model, lookup, first=None, **values):
    """The row that `lookup` finds, or a new one, with these values, checked and saved. What is
    `first` is given to a new row only; a new entry counts as reviewed."""
    row = model.objects.filter(**lookup).first()
    if row is None:
        row = model(**identity(model, lookup))
        if issubclass(model, RegistryEntry):
            values |= {"last_reviewed": timezone.localdate(), **(first or {})}
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return row


def letters_of(name, acronym):
    words = re.findall(r"[A-Z][A-Za-z]*", name)
    return (acronym or "".join(word[0] for word in words))[:8] or name[:2].upper()


class Registry:
    """The demo's rows by their keys in facts.py.

    Something is wrong with a few of them, on purpose: so that the review has something to say.
    """

    def __init__(self, owner=None):
        #: Who keeps the alliances and projects true.
        self.owner = owner

    def load(self):
        self.organisations = {key: self._organisation(v) for key, v in facts.ORGANISATIONS.items()}
        self._history()
        self.themes = {
            key: put(Theme, {"scheme": "local", "notation": key}, notation=key, label=both(*names))
            for key, names in facts.THEMES.items()
        }
        self.alliances = {}
        for key, values in facts.ALLIANCES.items():
            self.alliances[key] = self._alliance(first=self._first_review(key), **values)
        for key, values in facts.ALLIANCES.items():
            self._members(self.alliances[key], values["members"])
        self.alliances["lumc-bronovo"].succeeded_by = self.alliances["lumc-hmc"]
        self.alliances["lumc-bronovo"].save()
        self._centres()
        self._projects()
        self._recognition()
        self.programmes = [self._programme(*values) for values in facts.PROGRAMMES]
        return self

    def _first_review(self, key):
        """A few alliances were never reviewed, and one long ago."""
        review = {"owner": self.owner}
        if key in ("lumc-hmc", "lumc-tno-prevention", "cmsb"):
            review["last_reviewed"] = None
        if key == "lumc-tno":
            review["last_reviewed"] = dt.date(2025, 9, 1)
            review["review_by"] = dt.date(2026, 9, 1)
        return review

    def _organisation(self, values):
        english, dutch, acronym, kind, ror, website, place, latitude, longitude = values
        return put(
            Organisation,
            {"name__en": english},
            first={"last_reviewed": None} if english == "Economie071" else None,
            name=both(english, dutch),
            acronym=acronym,
            type=kind,
            ror_id=f"https://ror.org/{ror}" if ror else None,
            website=website,
            source_url=website,
            locality=place,
            country="NL",
            lau_code="GM0546" if place == "Leiden" else "",
            latitude=latitude,
            longitude=longitude,
            logo=monogram(
                english, letters_of(english, acronym), described=english != "Bronovo Hospital"
            ),
        )

    def _history(self):
        """Bronovo merged into HMC; the two hospitals of Amsterdam became one. The members of the
        Centre for Medical Systems Biology were not brought up to date, as the review tells."""
        bronovo = self.organisations["bronovo"]
        bronovo.dissolved, bronovo.successor = "2019", self.organisations["hmc"]
        bronovo.save()
        vumc = self.organisations["vumc"]
        vumc.dissolved, vumc.successor = "2018-06", self.organisations["amsterdam-umc"]
        vumc.save()
        self.organisations["lumc"].parent = self.organisations["leiden"]
        self.organisations["lumc"].save()

    def _alliance(self, names, summaries, type, members, first, succeeded_by=None, **more):
        themes = [self.themes[key] for key in more.pop("themes", [])]
        region = both(*more.pop("region")) if "region" in more else {}
        row = put(
            Alliance,
            {"name__en": names[0]},
            first=first,
            name=both(*names),
            summary=both(*summaries),
            type=type,
            region=region,
            source_url=more.get("website", ""),
            logo=monogram(names[0], letters_of(names[0], more.get("acronym", ""))),
            **more,
        )
        row.themes.set(themes)
        row.save()
        return row

    def _members(self, alliance, members):
        kept = []
        for order, member in enumerate(members):
            kept.append(self._member(alliance, member, order).pk)
        alliance.memberships.model.objects.filter(alliance=alliance).exclude(pk__in=kept).delete()
        type(alliance).objects.get(pk=alliance.pk).check_members()

    def _member(self, alliance, member, order):
        lookup = {"alliance": alliance}
        if isinstance(member, tuple):
            english, dutch, count = member
            values = {"group_label": both(english, dutch), "group_count": count}
            lookup["group_label__en"] = english
            role = starts = ""
        else:
            key, role, starts = (*member.split(":"), "", "")[:3]
            if key.startswith("@"):
                values = {"member_alliance": self.alliances[key[1:]]}
            else:
                values = {"organisation": self.organisations[key]}
            lookup |= values
        return put(
            Membership,
            lookup,
            alliance=alliance,
            role=role or "partner",
            starts=starts or None,
            sort_order=order,
            **values,
        )

    def _centres(self):
        lde = self.alliances["lde"]
        for english, dutch, starts, ends in facts.CENTRES:
            centre = put(
                Alliance,
                {"name__en": english},
                first={"owner": self.owner},
                name=both(english, dutch),
                type="joint_centre",
                parent=lde,
                starts=starts,
                ends=ends,
                activities=["research"],
                logo=monogram(english, letters_of(english, "")),
            )
            self._members(centre, ["leiden", "delft", "eur"])

    def _projects(self):
        for english, dutch in facts.PROJECTS:
            project = put(
                Project,
                {"title__en": english},
                first={"owner": self.owner},
                title=both(english, dutch),
                alliance=self.alliances["agenda"],
                # A link that leads nowhere, as links of ten years ago do.
                source_url=facts.LOST_SOURCE if "satellite" in english else "",
                starts="2014-02",
                ends="2016-06",
            )
            project.themes.set([self.themes["jobs"]])
            project.save()

    def _recognition(self):
        put(
            Recognition,
            {"alliance": self.alliances["medical-delta"], "label__en": "EU Knowledge Region"},
            alliance=self.alliances["medical-delta"],
            label=both("EU Knowledge Region", "Kennisregio van de EU"),
            issued_by=both("European Union", "Europese Unie"),
        )

    def _programme(self, kind, english, dutch, level, ects, providers, access, more):
        more = dict(more)
        online = more.pop("online", False)
        opens, closes = _applications(kind, online, more.pop("years_late", 0))
        row = put(
            Programme,
            {"name__en": english},
            type=kind,
            name=both(english, dutch),
            level=level,
            study_load=ects,
            teaching_languages=["en"] if kind != "track" else ["en", "nl"],
            modes_of_delivery=["online"] if online else ["presential"],
            modes_of_study=["self_paced"] if online else ["full_time"],
            link="https://www.leiden-delft-erasmus.nl",
            isced_fields=[facts.FIELDS[english]],
            **more,
        )
        row.themes.set([self.themes[key] for key in facts.PROGRAMME_THEMES.get(english, [])])
        is_medical = {"lumc", "emc"} & set(providers)
        row.alliances.set([self.alliances["medical-delta" if is_medical else "lde"]])
        row.save()
        for order, key in enumerate(providers):
            put(
                ProgrammeProvider,
                {"programme": row, "organisation": self.organisations[key]},
                programme=row,
                organisation=self.organisations[key],
                role="partner" if order else "coordinator",
                partner_code={"leiden": "21PB", "delft": "21PF", "eur": "21PE"}.get(key, ""),
                sort_order=order,
            )
        for order, (key, points) in enumerate(access.items()):
            organisation = self.organisations.get(key)
            put(
                ProgrammeAccess,
                {"programme": row, "organisation": organisation},
                programme=row,
                organisation=organisation,
                ects=points,
                places=40 if kind == "minor" else None,
                selective=kind == "honours",
                application_opens=opens,
                application_closes=closes,
                sort_order=order,
            )
        type(row).objects.get(pk=row.pk).check_providers()
        return row


def _applications(kind, online, years_late):
    """When one can apply: for minors in spring, the coming one; for courses online at any time;
    of the rest it is not known."""
    if online:
        return dt.date(2024, 1, 1), None
    if kind != "minor":
        return None, None
    today = dt.date.today()
    year = today.year + (today > dt.date(today.year, 5, 15)) - years_late
    return dt.date(year, 3, 15), dt.date(year, 5, 15)
