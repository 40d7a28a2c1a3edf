"""The section's pages in English and Dutch. All text was written for the demo."""

import json
import os
import uuid

from django.conf import settings as django_settings
from django.db.models import Model
from wagtail.models import Locale, Page, Site

from example_site.home.models import HomePage
from wagtail_regional.models import RegionalSettings
from wagtail_regional.pages.models import PartnershipPage, ProgrammeIndexPage, RegionIndexPage

#: What the university is called in English and in Dutch.
NAMES = ("Leiden University", "Universiteit Leiden")

NAMESPACE = uuid.UUID("6e3f6a64-52a5-4c7a-9f0e-6f1b7a1d2c30")


def load_pages(registry):
    """Put the pages in place; returns how many there are."""
    english, _ = Locale.objects.get_or_create(language_code="en")
    dutch, _ = Locale.objects.get_or_create(language_code="nl")
    section = Section(registry)
    home = _home(english)
    section.load(home, 0)
    home_nl = _translation(home, dutch)
    _fill(home_nl, title=NAMES[1], **_home_words(1))
    section.load(home_nl, 1, dutch)
    return Page.objects.filter(depth__gt=1).count()


def _home(locale):
    page = HomePage.objects.filter(locale=locale, slug="university").first()
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if page is None:
        root = Page.objects.get(depth=1)
        page = root.add_child(instance=HomePage(title=NAMES[0], slug="university", locale=locale))
        old = site.root_page if site.pk else None
        site.root_page = page
        site.save()
        if old is not None and not isinstance(old.specific, HomePage):
            Page.objects.get(pk=old.pk).delete()
        page.refresh_from_db()
    site.hostname, site.port = "localhost", int(os.environ.get("PORT", "8000"))
    site.site_name, site.root_page = NAMES[1], page
    site.save()
    _fill(page, title=NAMES[0], **_home_words(0))
    return page


def _home_words(i):
    return {
        "introduction": (
            "A university at home in its region.",
            "Een universiteit die thuis is in haar regio.",
        )[i],
        "body": (
            "<p>Follow “In the region” to see with whom we work, and on what.</p>",
            "<p>Kijk bij ‘In de regio’ met wie we samenwerken, en waaraan.</p>",
        )[i],
    }


def _translation(page, locale):
    return page.get_translation_or_none(locale) or page.copy_for_translation(locale)


def _fill(page, **values):
    """Set and publish; nothing happens when the page already says so."""
    page = type(page).objects.get(pk=page.pk)
    before = _state(page, values)
    for name, value in values.items():
        setattr(page, name, json.dumps(value) if isinstance(value, list) else value)
    if not page.live or _state(page, values) != before:
        page.save_revision().publish()
    return page


def _state(page, values):
    return [
        value.get_prep_value() if hasattr(value, "get_prep_value") else value
        for value in (getattr(page, name) for name in values)
    ]


class Section:
    """The pages, by what they say in language 0 (English) and 1 (Dutch)."""

    def __init__(self, registry):
        self.registry = registry
        self.sources = {}

    def load(self, home, i, locale=None):
        site = Site.objects.get(is_default_site=True)
        settings = RegionalSettings.for_site(site)
        settings.home_organisation = self.registry.organisations["leiden"]
        # The headless client shows drafts, too.
        settings.preview_url = f"{django_settings.BASE_URL}/headless/"
        settings.save()
        self.i = i
        self.pages = {}
        region = self._page("region", RegionIndexPage, home, locale)
        partnerships = self._page("partnerships", PartnershipPage, region, locale)
        for key in ("lde", "medical-delta", "lumc"):
            self._page(key, PartnershipPage, partnerships, locale)
        self._page("programmes", ProgrammeIndexPage, region, locale)
        for key, page in self.pages.items():
            words = TITLES[key]
            _fill(
                page,
                title=words["title"][i],
                slug=words["slug"][i],
                introduction=words["introduction"][i],
                show_in_menus=key == "region",
                body=self.body(key),
                **(
                    {"subject": self.registry.alliances[key]}
                    if key in ("lde", "medical-delta")
                    else {}
                ),
            )

    def _page(self, key, model, parent, locale):
        words = TITLES[key]
        if locale is not None:
            page = _translation(self.sources[key], locale)
        else:
            page = model.objects.filter(locale=parent.locale, slug=words["slug"][0]).first()
            if page is None:
                parent = Page.objects.get(pk=parent.pk)
                page = parent.add_child(
                    instance=model(
                        title=words["title"][0], slug=words["slug"][0], locale=parent.locale
                    )
                )
            self.sources[key] = page
        self.pages[key] = page
        return page

    # --- Blocks ---

    def body(self, key):
        blocks = getattr(self, f"_{key.replace('-', '_')}_body")()
        return [
            {"type": kind, "value": value, "id": str(uuid.uuid5(NAMESPACE, f"{key}{n}{self.i}"))}
            for n, (kind, value) in enumerate(blocks)
        ]

    def say(self, english, dutch):
        return (english, dutch)[self.i]

    def alliance(self, key, show, english="", dutch="", **more):
        text = self.say(english, dutch)
        return (
            "alliance",
            {
                "alliance": self.registry.alliances[key].pk,
                "heading": "",
                "text": f"<p>{text}</p>" if text else "",
                "show": show,
                "show_as_history": False,
                "links": [],
                **more,
            },
        )

    def heading(self, english, dutch):
        return "heading", {"text": self.say(english, dutch), "level": "2"}

    def text(self, english, dutch):
        return "rich_text", f"<p>{self.say(english, dutch)}</p>"

    def pk(self, row: Model) -> int:
        return row.pk

    def _region_body(self):
        page = self.pages["partnerships"].pk
        return [
            self.text(
                "Cities, hospitals, companies and fellow universities: much of what we do, we do "
                f'with our neighbours. <a linktype="page" id="{page}">See all partnerships</a>.',
                "Gemeenten, ziekenhuizen, bedrijven en andere universiteiten: veel van wat we "
                f'doen, doen we met onze buren. <a linktype="page" id="{page}">Bekijk alle '
                "samenwerkingen</a>.",
            ),
            (
                "facts",
                {
                    "heading": self.say("In numbers", "In cijfers"),
                    "facts": [
                        self._count("alliances", self.say("alliances on record",
                                                          "allianties in beeld")),
                        self._count("all_programmes", self.say("programmes with partners",
                                                               "opleidingen met partners")),
                        self._count("centres", self.say("joint centres of LDE today",
                                                        "LDE-centra vandaag"), "lde"),
                    ],
                },
            ),
            (
                "partner_map",
                {"heading": self.say("Where our partners are", "Waar onze partners zitten"),
                 "alliance": None,
                 "organisations": [self._item(row) for row in self._placed()]},
            ),
        ]  # fmt: skip

    def _placed(self):
        """The organisations of today that have a place on the map."""
        rows = self.registry.organisations.values()
        return [row for row in rows if row.latitude is not None and not row.dissolved]

    def _count(self, count, label, alliance=None):
        row = self.registry.alliances[alliance].pk if alliance else None
        return {"label": label, "count": count, "alliance": row, "value": ""}

    def _partnerships_body(self):
        organisations = self.registry.organisations
        return [
            self.alliance(
                "agenda", ["members", "projects"],
                "Together with the region's municipalities, its businesses and its schools we "
                "want companies to settle here and people to find work here. A foundation, "
                "Economie071, carries the agenda out.",
                "Met de gemeenten, het bedrijfsleven en de onderwijsinstellingen van de regio "
                "zorgen we dat bedrijven zich hier vestigen en mensen hier werk vinden. De "
                "stichting Economie071 voert de agenda uit.",
            ),
            self.alliance(
                "lde", ["members", "centres"],
                "Questions of society keep to no discipline. In the centres of Leiden, Delft and "
                "Rotterdam, researchers of different fields take them up side by side, and that "
                "makes the three universities one partner for others.",
                "Maatschappelijke vragen houden zich niet aan vakgebieden. In de centra van "
                "Leiden, Delft en Rotterdam pakken onderzoekers ze zij aan zij op, en dat maakt "
                "de drie universiteiten voor anderen tot één partner.",
            ),
            (
                "programme_list",
                {
                    "heading": self.say("Minors for students of Leiden",
                                        "Minoren voor Leidse studenten"),
                    "introduction": self.say(
                        "<p>You may take every broad minor of the three universities.</p>",
                        "<p>Je mag elke brede minor van de drie universiteiten volgen.</p>"),
                    "source": "query", "types": ["minor"], "order": "name", "maximum": 12,
                    "audience": organisations["leiden"].pk,
                },
            ),
            (
                "programme_list",
                {
                    "heading": self.say("Joint programmes and MOOCs",
                                        "Gezamenlijke opleidingen en MOOCs"),
                    "source": "query", "types": ["programme", "mooc"], "order": "type",
                    "maximum": 12, "show_filters": True,
                },
            ),
            (
                "call_to_action",
                {
                    "heading": self.say("Work with three universities at once",
                                        "Werk samen met drie universiteiten tegelijk"),
                    "audience": self.say("Companies, authorities and civil society",
                                         "Bedrijven, overheden en maatschappelijke organisaties"),
                    "text": self.say("<p>One conversation opens the door to all of them.</p>",
                                     "<p>Eén gesprek opent de deur naar alle drie.</p>"),
                    "link": {"text": self.say("Leiden-Delft-Erasmus partnership",
                                              "Samenwerking Leiden-Delft-Erasmus"),
                             "page": self.pages["lde"].pk},
                },
            ),
            self.alliance("medical-delta", ["members"]),
            (
                "recognitions",
                {"heading": self.say("Recognised as", "Erkend als"),
                 "alliances": [self._item(self.registry.alliances["medical-delta"])]},
            ),
            self.alliance(
                "healthties", ["members"],
                "Medical Delta was one of its members.",
                "Medical Delta was een van de leden.", show_as_history=True,
            ),
            self.heading("Leiden University Medical Center", "Leids Universitair Medisch Centrum"),
            self.text(
                "The LUMC has partnerships of its own, with hospitals and research institutes.",
                "Het LUMC heeft eigen samenwerkingen, met ziekenhuizen en onderzoeksinstituten.",
            ),
            self.alliance("cmsb", ["members"]),
            self.alliance("lumc-tno", ["members"]),
            self.alliance(
                "lumc-bronovo", ["members", "timeline"],
                "Working at a larger scale improved patient care, gave more room for training "
                "doctors, and widened the research that could be done.",
                "De grotere schaal maakte de zorg beter, gaf meer ruimte om artsen op te leiden "
                "en verbreedde het onderzoek.", show_as_history=True,
            ),
            self.alliance("lumc-tno-prevention", ["members"]),
            self.alliance("lumc-hmc", ["members"]),
            (
                "related_links",
                {"heading": self.say("Read on", "Lees verder"),
                 "links": [self._link("Leiden-Delft-Erasmus partnership",
                                      "Samenwerking Leiden-Delft-Erasmus", "lde"),
                           self._link("Medical Delta", "Medical Delta", "medical-delta")]},
            ),
        ]  # fmt: skip

    def _item(self, row):
        return {"type": "item", "value": row.pk, "id": str(uuid.uuid5(NAMESPACE, str(row.uuid)))}

    def _link(self, english, dutch, key):
        value = {"text": self.say(english, dutch), "page": self.pages[key].pk}
        return {"type": "item", "value": value, "id": str(uuid.uuid5(NAMESPACE, key))}

    def _lde_body(self):
        lde = self.registry.alliances["lde"].pk
        return [
            self.alliance("lde", ["members", "former_members", "centres", "programmes"]),
            ("facts", {"heading": "", "facts": [
                self._count("members", self.say("universities", "universiteiten"), "lde"),
                self._count("centres", self.say("centres today", "centra vandaag"), "lde"),
                self._count("programmes", self.say("programmes", "opleidingen"), "lde")]}),
            ("timeline", {"heading": self.say("How it went", "Hoe het ging"), "alliance": lde,
                          "events": []}),
            ("partner_map", {"heading": self.say("Where they are", "Waar ze zijn"),
                             "alliance": lde, "organisations": []}),
            ("faq", {"heading": self.say("Questions", "Vragen"), "questions": [{
                "question": self.say("May I take a minor elsewhere?", "Mag ik elders een minor "
                                                                      "volgen?"),
                "answer": self.say(
                    "<p>Yes: every broad minor of the three universities is open to you.</p>",
                    "<p>Ja: elke brede minor van de drie universiteiten staat voor je open.</p>"),
            }]}),
        ]  # fmt: skip

    def _medical_delta_body(self):
        delta = self.registry.alliances["medical-delta"].pk
        return [
            self.alliance("medical-delta", ["members", "programmes", "timeline"]),
            ("partner_grid", {"heading": self.say("Partners", "Partners"), "alliance": delta,
                              "organisations": []}),
            ("quote", {"text": self.say("Technology only helps when nurse and engineer build it "
                                        "together.",
                                        "Techniek helpt pas als verpleegkundige en ingenieur haar "
                                        "samen maken."),
                       "name": "", "role": self.say("A researcher of Medical Delta",
                                                    "Een onderzoeker van Medical Delta")}),
        ]  # fmt: skip

    def _lumc_body(self):
        return [
            self.alliance("cmsb", ["members"]),
            self.alliance("lumc-tno", ["members"]),
            # It has ended since this was published, and nobody ticked "Show as history" yet.
            self.alliance("lumc-bronovo", []),
            self.alliance("lumc-hmc", ["members"]),
            ("contact", {"heading": self.say("Contact", "Contact"),
                         "name": self.say("Partnership desk", "Loket samenwerking"),
                         "organisation": self.registry.organisations["lumc"].pk,
                         "email": "partnerships@example.org"}),
        ]  # fmt: skip

    def _programmes_body(self):
        return [self.text("Choose where you study to see the terms that hold for you.",
                          "Kies waar je studeert om te zien wat voor jou geldt.")]  # fmt: skip


TITLES = {
    "region": {
        "title": ("In the region", "In de regio"),
        "slug": ("in-the-region", "in-de-regio"),
        "introduction": ("Whom we work with close to home, and what comes of it.",
                         "Met wie we dicht bij huis samenwerken, en wat dat oplevert."),
    },
    "partnerships": {
        "title": ("Regional partnerships", "Regionale samenwerking"),
        "slug": ("regional-partnerships", "regionale-samenwerking"),
        "introduction": (
            "From an economic agenda with our municipalities to a medical alliance with Delft "
            "and Rotterdam: the partnerships that tie us to this region.",
            "Van een economische agenda met onze gemeenten tot een medische alliantie met Delft "
            "en Rotterdam: de samenwerkingen die ons aan deze regio binden.",
        ),
    },
    "lde": {
        "title": ("Leiden-Delft-Erasmus partnership", "Samenwerking Leiden-Delft-Erasmus"),
        "slug": ("leiden-delft-erasmus", "leiden-delft-erasmus"),
        "introduction": ("Three universities, one region.", "Drie universiteiten, één regio."),
    },
    "medical-delta": {
        "title": ("Medical Delta", "Medical Delta"),
        "slug": ("medical-delta", "medical-delta"),
        "introduction": ("Technology for health, made together.",
                         "Techniek voor gezondheid, samen gemaakt."),
    },
    "lumc": {
        "title": ("Partnerships of the LUMC", "Samenwerkingen van het LUMC"),
        "slug": ("lumc", "lumc"),
        "introduction": ("What the medical centre does with others.",
                         "Wat het medisch centrum met anderen doet."),
    },
    "programmes": {
        "title": ("Study with our partners", "Studeren bij onze partners"),
        "slug": ("programmes", "opleidingen"),
        "introduction": ("Joint degrees, minors, courses and MOOCs in the region.",
                         "Gezamenlijke opleidingen, minoren, cursussen en MOOCs in de regio."),
    },
}  # fmt: skip
