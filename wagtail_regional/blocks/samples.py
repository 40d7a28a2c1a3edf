"""Believable values for the previews in the editor's block picker: one for each block type.

They show a region that does not exist, so that no real organisation seems to endorse anything,
and they speak the editor's language. Nothing here reads or writes the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote as url_quote
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.fields import PartialDate
from wagtail_regional.languages import country_name, current_language, language_name
from wagtail_regional.lifecycle import Moment, describe, status_of
from wagtail_regional.schemas import mentions

#: Names of samples become the same ids at every call.
_NAMESPACE: Final = UUID("5e2b5c1c-6f0e-4e0c-9a53-6f3f7a0d6c11")

_SITE: Final = "https://example.org"


# --- Parts -------------------------------------------------------------------------------------


def _id(name: str) -> UUID:
    return uuid5(_NAMESPACE, name)


def _lifecycle(starts: str | None = None, ends: str | None = None) -> s.RegionalLifecycle:
    first = PartialDate.parse(starts) if starts else None
    last = PartialDate.parse(ends) if ends else None
    status = status_of(first, last, Moment.now(ending_soon_days=90))
    return s.RegionalLifecycle.shape(
        status=status, text=describe(first, last, status), starts=starts, ends=ends
    )


def _next_year() -> int:
    return timezone.localdate().year + 1


def _drawing(svg: str, width: int, height: int, alt: str) -> s.RegionalImage:
    """A drawing that needs no file: its source is the address itself."""
    markup = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{svg}</svg>'
    )
    return s.RegionalImage.shape(
        src=f"data:image/svg+xml,{url_quote(markup)}",
        srcset="",
        width=width,
        height=height,
        alt=alt,
        focal_point=None,
    )


def _monogram(letters: str, colour: str) -> s.RegionalImage:
    return _drawing(
        f'<text x="0" y="58" font-family="Georgia,serif" font-size="56" fill="{colour}">'
        f'{letters}</text><path d="M0 72h150" stroke="{colour}" stroke-width="3"/>',
        160,
        80,
        "",
    )


def _landscape() -> s.RegionalImage:
    """Polder, river and a town, in a few shapes."""
    return _drawing(
        '<path fill="#dfe9ea" d="M0 0h1200v600H0z"/>'
        '<circle cx="905" cy="170" r="62" fill="#f6efe0"/>'
        '<path fill="#b9cfd2" d="M0 330h1200v270H0z"/>'
        '<path fill="#5f8790" d="M90 330v-70h40v-60l18-40 18 40v60h60v-34h70v34h46v-92h14l14-40'
        ' 14 40h14v92h60v-50h80v50h40v70z"/>'
        '<path fill="#8fb3a4" d="M0 600V420c180-46 380-40 560-6s420 38 640-14v200z"/>'
        '<path fill="#eef4f4" d="M520 600c40-70 150-110 300-134s270-40 380-70v44c-130 36-270 46'
        '-380 76s-150 50-170 84z"/>'
        '<path fill="none" stroke="#6f9a8a" stroke-width="3" d="M0 470c170-34 330-30 470-10M0 520'
        'c140-26 300-24 430-8M860 560c110-26 230-40 340-46"/>',
        1200,
        600,
        _("The river between two cities, with fields in front"),
    )


def _portrait() -> s.RegionalImage:
    return _drawing(
        '<path fill="#cfdfe1" d="M0 0h240v240H0z"/><circle cx="120" cy="96" r="44" fill="#5f8790"/>'
        '<path fill="#5f8790" d="M36 240c0-58 38-88 84-88s84 30 84 88z"/>',
        240,
        240,
        "",
    )


def _reference(
    name: str, acronym: str | None = None, url: str | None = None
) -> s.RegionalReference:
    return s.RegionalReference.shape(id=_id(name), name=name, acronym=acronym, url=url)


def _organisation(
    name: str,
    kind: v.OrganisationType,
    locality: str,
    *,
    acronym: str = "",
    letters: str = "",
    colour: str = "#0b5563",
    starts: str | None = None,
    ends: str | None = None,
    successor: s.RegionalReference | None = None,
) -> s.RegionalOrganisation:
    return s.RegionalOrganisation.shape(
        id=_id(name),
        type=kind,
        type_label=str(kind.label),
        name=name,
        language=current_language(),
        acronym=acronym,
        ror_id=None,
        website=_SITE,
        logo=_monogram(letters, colour) if letters else None,
        locality=locality,
        country=s.RegionalTerm.shape(code="NL", label=country_name("NL")),
        lifecycle=_lifecycle(starts, ends),
        successor=successor,
    )


def _university() -> s.RegionalOrganisation:
    return _organisation(
        _("Amstelmere University"), v.OrganisationType.EDUCATION, "Amstelmere", letters="AU"
    )


def _technical_university() -> s.RegionalOrganisation:
    return _organisation(
        _("Veerhaven University of Technology"),
        v.OrganisationType.EDUCATION,
        "Veerhaven",
        letters="VT",
        colour="#7a3b12",
    )


def _hospital() -> s.RegionalOrganisation:
    return _organisation(
        _("Amstelmere University Hospital"),
        v.OrganisationType.HEALTHCARE,
        "Amstelmere",
        acronym="AUH",
        letters="AUH",
        colour="#26496e",
    )


def _old_hospital() -> s.RegionalOrganisation:
    return _organisation(
        _("St Odulphus Hospital"),
        v.OrganisationType.HEALTHCARE,
        "Veerhaven",
        starts="1931",
        ends="2019",
        successor=_reference(_("Amstelmere University Hospital"), "AUH", _SITE),
    )


def _city() -> s.RegionalOrganisation:
    return _organisation(
        _("City of Veerhaven"), v.OrganisationType.GOVERNMENT, "Veerhaven", letters="V",
        colour="#1f6b3a",
    )  # fmt: skip


def _museum() -> s.RegionalOrganisation:
    return _organisation(
        _("Museum of the Lowlands"), v.OrganisationType.ARCHIVE, "Oudewater aan Zee"
    )


def _member(
    organisation: s.RegionalOrganisation,
    role: v.MemberRole,
    starts: str | None = None,
    ends: str | None = None,
) -> s.RegionalMember:
    return s.RegionalMember.mention(
        organisation,
        kind="organisation",
        id=organisation.id,
        name=organisation.name,
        acronym=organisation.acronym,
        url=organisation.website,
        count=None,
        role=role,
        role_label=str(role.label),
        lifecycle=mentions.dated(_lifecycle(starts, ends)),
    )


def _group(name: str, count: int) -> s.RegionalMember:
    role = v.MemberRole.MEMBER
    return s.RegionalMember.shape(
        kind="group",
        id=None,
        name=name,
        acronym=None,
        url=None,
        count=count,
        role=role,
        role_label=str(role.label),
        lifecycle=None,
    )


def _alliance(
    name: str,
    kind: v.AllianceType,
    summary: str,
    *,
    starts: str | None = None,
    ends: str | None = None,
    region: str = "",
    activities: tuple[v.Activity, ...] = (),
    parent: s.RegionalReference | None = None,
    succeeded_by: s.RegionalReference | None = None,
) -> s.RegionalAlliance:
    return s.RegionalAlliance.shape(
        id=_id(name),
        type=kind,
        type_label=str(kind.label),
        name=name,
        language=current_language(),
        acronym="",
        summary=summary,
        summary_language=current_language(),
        region=region,
        url=_SITE,
        page=None,
        website=_SITE,
        logo=None,
        lifecycle=_lifecycle(starts, ends),
        activities=[s.RegionalTerm.shape(code=a.value, label=str(a.label)) for a in activities],
        themes=[],
        parent=parent,
        succeeded_by=succeeded_by,
    )


def _two_rivers() -> s.RegionalAlliance:
    return _alliance(
        _("Two Rivers Alliance"),
        v.AllianceType.ALLIANCE,
        _("Two universities and a hospital share laboratories, teaching and a view of the water."),
        starts="2012-09",
        region=_("Two Rivers region"),
        activities=(v.Activity.RESEARCH, v.Activity.EDUCATION, v.Activity.VALORISATION),
    )


def _centres() -> list[s.RegionalAlliance]:
    parent = _reference(_("Two Rivers Alliance"), url=_SITE)
    return [
        _alliance(
            _("Centre for Delta Cities"),
            v.AllianceType.JOINT_CENTRE,
            _("How cities below sea level stay liveable."),
            starts="2015",
            parent=parent,
        ),
        _alliance(
            _("Centre for Heritage in Transition"),
            v.AllianceType.JOINT_CENTRE,
            _("What to keep when everything around it changes."),
            starts="2019-03",
            parent=parent,
        ),
        _alliance(
            _("Centre for Safe Childbirth"),
            v.AllianceType.JOINT_CENTRE,
            _("Better care for mothers in the whole region."),
            starts="2013",
            ends="2020",
            parent=parent,
        ),
    ]


def _project(
    title: str, summary: str, starts: str | None = None, ends: str | None = None
) -> s.RegionalProject:
    return s.RegionalProject.shape(
        id=_id(title),
        title=title,
        language=current_language(),
        summary=summary,
        summary_language=current_language(),
        website=_SITE,
        alliance=_reference(_("Two Rivers Alliance"), url=_SITE),
        lifecycle=_lifecycle(starts, ends),
        themes=[],
    )


def _current_projects() -> list[s.RegionalProject]:
    return [
        _project(
            _("Cool Streets"),
            _("Measuring heat in forty streets, together with the people who live there."),
            "2024",
            f"{_next_year() + 1}-06",
        ),
        _project(
            _("A laboratory on the quay"),
            _("Old harbour sheds become shared workshops for students and small firms."),
            f"{_next_year()}-03",
        ),
    ]


def _ended_projects() -> list[s.RegionalProject]:
    return [
        _project(
            _("Tide Tables"),
            _("Two centuries of water levels, read from handwriting by volunteers."),
            "2016",
            "2019-12",
        )
    ]


def _access(
    organisation: s.RegionalOrganisation | None,
    ects: float | None,
    *,
    places: int | None = None,
    closes: bool = False,
    selective: bool = False,
    conditions: str = "",
) -> s.RegionalAccess:
    return s.RegionalAccess.shape(
        audience="organisation" if organisation else "guests",
        organisation=_reference(organisation.name) if organisation else None,
        ects=ects,
        places=places,
        application_opens=None,
        application_closes=dt.date(_next_year(), 5, 1) if closes else None,
        enrolment_link=_SITE,
        selective=selective,
        conditions=conditions,
    )


def _provider(organisation: s.RegionalOrganisation, role: v.ProviderRole) -> s.RegionalProvider:
    return s.RegionalProvider.shape(
        organisation=_reference(organisation.name, organisation.acronym),
        role=role,
        role_label=str(role.label),
        partner_code="",
    )


def _programme(
    name: str,
    kind: v.ProgrammeType,
    level: v.Level,
    summary: str,
    *,
    ects: float,
    languages: tuple[str, ...],
    access: list[s.RegionalAccess],
    award: v.DegreeAward | None = None,
) -> s.RegionalProgramme:
    return s.RegionalProgramme.shape(
        id=_id(name),
        type=kind,
        type_label=str(kind.label),
        name=name,
        language=current_language(),
        summary=summary,
        summary_language=current_language(),
        level=level,
        level_label=str(level.label),
        degree_award=award,
        study_load=s.RegionalStudyLoad.shape(
            value=ects, unit=v.StudyLoadUnit.ECTS, label=v.StudyLoadUnit.ECTS.of(ects)
        ),
        teaching_languages=[
            s.RegionalTerm.shape(code=code, label=language_name(code)) for code in languages
        ],
        modes_of_study=[],
        modes_of_delivery=[],
        isced_fields=[],
        themes=[],
        is_joint=True,
        url=_SITE,
        providers=[
            _provider(_university(), v.ProviderRole.COORDINATOR),
            _provider(_technical_university(), v.ProviderRole.PARTNER),
        ],
        access=access,
        alliances=[_reference(_("Two Rivers Alliance"), url=_SITE)],
        lifecycle=_lifecycle("2018-09"),
    )


def _programmes() -> list[s.RegionalProgramme]:
    home, partner = _university(), _technical_university()
    return [
        _programme(
            _("Living with Water"),
            v.ProgrammeType.MINOR,
            v.Level.BACHELOR,
            _("Half a year in the delta: law, engineering and history of keeping dry feet."),
            ects=30,
            languages=("en",),
            access=[
                _access(home, 30, places=40, closes=True),
                _access(partner, 15, places=20, closes=True, selective=True,
                        conditions=_("You have passed your first year.")),
            ],
        ),
        _programme(
            _("Health Technology"),
            v.ProgrammeType.PROGRAMME,
            v.Level.MASTER,
            _("Two years between the ward and the workshop."),
            ects=120,
            languages=("en", "nl"),
            access=[_access(home, None, closes=True, selective=True)],
            award=v.DegreeAward.JOINT,
        ),
        _programme(
            _("Reading Old Maps"),
            v.ProgrammeType.MOOC,
            v.Level.UNSPECIFIED,
            _("Five weeks, online and free of charge, at your own pace."),
            ects=2,
            languages=("en",),
            access=[_access(None, None)],
        ),
    ]  # fmt: skip


def _event(
    date: str, kind: str, title: str, text: str = "", url: str | None = None
) -> s.RegionalEvent:
    return s.RegionalEvent.shape(
        date=date,
        date_text=PartialDate.parse(date).display(),
        kind=kind,  # type: ignore[arg-type]
        title=title,
        text=_html(text) if text else "",
        url=url,
    )


def _events() -> list[s.RegionalEvent]:
    return [
        _event("2012-09", "start", _("The alliance begins"),
               _("Two rectors sign the agreement on the ferry between their cities.")),
        _event("2015", "joined", _("The university hospital joins")),
        _event("2016", "project", _("First shared project: Tide Tables")),
        _event("2021-11-04", "recognition", _("Recognised as a Region of Knowledge"), url=_SITE),
    ]  # fmt: skip


def _html(*paragraphs: str) -> str:
    return "".join(format_html("<p>{}</p>", paragraph) for paragraph in paragraphs)


def _link(text: str, kind: str = "page") -> s.RegionalLink:
    return s.RegionalLink.shape(text=text, url=_SITE, kind=kind)  # type: ignore[arg-type]


# --- One for each block ------------------------------------------------------------------------


def alliance() -> s.RegionalAllianceValue:
    """An alliance that goes on, with something in every list."""
    subject = _two_rivers()
    return s.RegionalAllianceValue.shape(
        alliance=subject,
        heading=subject.name,
        text=_html(
            _(
                "What one city cannot find out alone, two may. Since 2012 researchers and teachers "
                "of both universities have worked on questions that the river puts to all of us."
            )
        ),
        image=_landscape(),
        is_past=False,
        members=[
            _member(_university(), v.MemberRole.COORDINATOR, "2012-09"),
            _member(_technical_university(), v.MemberRole.PARTNER, "2012-09"),
            _member(_hospital(), v.MemberRole.PARTNER, "2015"),
            _group(_("Municipalities along the river"), 6),
        ],
        former_members=[_member(_old_hospital(), v.MemberRole.MEMBER, "2012-09", "2019")],
        centres=[mentions.of_alliance(each) for each in _centres()],
        projects=[*_current_projects(), *_ended_projects()],
        programmes=[mentions.of_programme(each) for each in _programmes()[:2]],
        timeline=_events(),
        links=[_link(_("Annual report of the alliance"), "document")],
    )


def past_alliance() -> s.RegionalAllianceValue:
    """An alliance that has ended: every word about it is in the past tense."""
    subject = _alliance(
        _("Agenda for the Two Rivers Region"),
        v.AllianceType.AGENDA,
        _("Municipalities and universities set out to make more of the region's knowledge."),
        starts="2009",
        ends="2016-06",
        region=_("Two Rivers region"),
        activities=(v.Activity.ECONOMIC_DEVELOPMENT,),
        succeeded_by=_reference(_("Two Rivers Alliance"), url=_SITE),
    )
    return s.RegionalAllianceValue.shape(
        alliance=subject,
        heading=subject.name,
        text="",
        image=None,
        is_past=True,
        members=[
            _member(_city(), v.MemberRole.COORDINATOR, "2009", "2016-06"),
            _group(_("Business associations"), 3),
        ],
        former_members=[_member(_old_hospital(), v.MemberRole.MEMBER, "2009", "2012")],
        centres=None,
        projects=_ended_projects(),
        programmes=None,
        timeline=None,
        links=[],
    )


def programme_list() -> s.RegionalProgrammeListValue:
    """Programmes of several types, with the filter."""
    return s.RegionalProgrammeListValue.shape(
        heading=_("Study on both sides of the river"),
        introduction=_html(_("Take a minor or a whole degree at two universities at once.")),
        audience=None,
        programmes=[mentions.of_programme(each) for each in _programmes()],
        total=3,
        show_filters=True,
        finder_url=None,
        empty_text="",
    )


def partner_grid() -> s.RegionalPartnerGridValue:
    """Partners with and without a logo, and one that is no more."""
    return s.RegionalPartnerGridValue.shape(
        heading=_("Our partners"),
        partners=[
            _university(),
            _technical_university(),
            _hospital(),
            _city(),
            _museum(),
            _old_hospital(),
        ],
    )


def project_list() -> s.RegionalProjectListValue:
    """Projects that run, one to come and one that has ended."""
    return s.RegionalProjectListValue.shape(
        heading=_("Projects in the region"), current=_current_projects(), ended=_ended_projects()
    )


def timeline() -> s.RegionalTimelineValue:
    """A few moments of different precision."""
    return s.RegionalTimelineValue.shape(heading=_("How we got here"), events=_events())


def partner_map() -> s.RegionalPartnerMapValue:
    """Partners in two towns, and one without coordinates."""
    return s.RegionalPartnerMapValue.shape(
        heading=_("Where to find us"),
        places=[
            s.RegionalPlace.shape(partner=_university(), latitude=52.31, longitude=4.71),
            s.RegionalPlace.shape(partner=_hospital(), latitude=52.32, longitude=4.73),
            s.RegionalPlace.shape(partner=_technical_university(), latitude=51.93, longitude=4.38),
            s.RegionalPlace.shape(partner=_city(), latitude=51.92, longitude=4.4),
        ],
        elsewhere=[_museum()],
    )


def facts() -> s.RegionalFactsValue:
    """Two numbers counted and one typed, with its date and source."""
    as_of = PartialDate.parse("2025-10")
    return s.RegionalFactsValue.shape(
        heading=_("The alliance in numbers"),
        facts=[
            s.RegionalFact.shape(value="9", label=_("members"), computed=True, as_of=None),
            s.RegionalFact.shape(
                value="14", label=_("joint programmes"), computed=True, as_of=None
            ),
            s.RegionalFact.shape(
                value=number_format(2300, force_grouping=True),
                label=_("students crossed the river to study"),
                computed=False,
                as_of=str(as_of),
                as_of_text=as_of.display(),
                source=_link(_("Annual report"), "document"),
            ),
        ],
    )


def quote() -> s.RegionalQuoteValue:
    """Somebody's words."""
    return s.RegionalQuoteValue.shape(
        text=_("The best idea of that year came up on the ferry, between two appointments."),
        name="Noor van der Meer",
        role=_("Professor of Water Law, Amstelmere University"),
        image=_portrait(),
    )


def call_to_action() -> s.RegionalCallToActionValue:
    """An invitation."""
    return s.RegionalCallToActionValue.shape(
        heading=_("Bring us your question"),
        text=_html(
            _("You work in the region and want to find something out? We will find you a partner.")
        ),
        audience=_("For companies and municipalities"),
        link=_link(_("Tell us what you are looking for")),
    )


def related_links() -> s.RegionalRelatedLinksValue:
    """A page, a document and another site."""
    return s.RegionalRelatedLinksValue.shape(
        heading=_("Read on"),
        links=[
            _link(_("What the alliance has agreed on")),
            _link(_("Strategy until 2030"), "document"),
            _link(_("Website of the Two Rivers Alliance"), "external"),
        ],
    )


def recognitions() -> s.RegionalRecognitionsValue:
    """A title that still holds and one that expired."""
    subject = _reference(_("Two Rivers Alliance"), url=_SITE)
    return s.RegionalRecognitionsValue.shape(
        heading=pgettext("sample heading", "Recognition"),
        recognitions=[
            s.RegionalRecognition.shape(
                label=_("Region of Knowledge"),
                issued_by=_("Council of Delta Regions"),
                url=_SITE,
                alliance=subject,
                lifecycle=_lifecycle("2021-11-04"),
            ),
            s.RegionalRecognition.shape(
                label=_("Prize for shared teaching"),
                issued_by=_("Lowlands Education Fund"),
                url="",
                alliance=subject,
                lifecycle=_lifecycle("2017", "2019"),
            ),
        ],
    )


def contact() -> s.RegionalContactValue:
    """Somebody to write to or ring."""
    return s.RegionalContactValue.shape(
        heading=_("Talk to us"),
        name="Daan Hofstra",
        role=_("Coordinator of regional partnerships"),
        organisation=_reference(_("Amstelmere University"), url=_SITE),
        email="region@example.org",
        phone="+31 20 555 01 23",
        link=None,
        image=_portrait(),
    )


def faq() -> s.RegionalFaqValue:
    """Two questions."""
    return s.RegionalFaqValue.shape(
        heading=_("Frequently asked"),
        questions=[
            s.RegionalQuestion.shape(
                question=_("May I take a minor at the other university?"),
                answer=_html(_("Yes. You stay enrolled with us and pay nothing extra.")),
            ),
            s.RegionalQuestion.shape(
                question=_("Do the credits count for my degree?"),
                answer=_html(
                    _("They do, once your board of examiners has agreed. Ask it before you enrol.")
                ),
            ),
        ],
    )


def heading() -> s.RegionalHeadingValue:
    """A heading between blocks."""
    return s.RegionalHeadingValue.shape(
        text=_("What we learn from the water"), level=2, anchor="what-we-learn"
    )


def rich_text() -> str:
    """Two paragraphs."""
    return _html(
        _(
            "Knowledge seldom stops at a city's edge. In the Two Rivers region universities, "
            "hospitals and municipalities have shared it for years, in laboratories as well as "
            "around kitchen tables."
        ),
        _("Here you find who takes part, what they do together and how you can join them."),
    )


def image() -> s.RegionalFigureValue:
    """A picture with its caption."""
    return s.RegionalFigureValue.shape(
        image=_landscape(),
        caption=_("Veerhaven seen from the fields, where the first measurements were made."),
        credit=_("Drawing: the editors"),
    )


def document() -> s.RegionalDocumentValue:
    """Something to download."""
    return s.RegionalDocumentValue.shape(
        title=_("Strategy until 2030"), url=_SITE, extension="pdf", size=1_468_006
    )


def embed() -> s.RegionalEmbedValue:
    """What an embed falls back to: a preview should ask other sites for nothing."""
    return s.RegionalEmbedValue.shape(
        url=_SITE,
        title=_("Film: a day on the ferry"),
        html="",
        caption=_("Four minutes, with subtitles."),
    )


#: A sample for each type name of :class:`wagtail_regional.blocks.RegionalStreamBlock`.
SAMPLES: Final[dict[str, Callable[[], Any]]] = {
    "alliance": alliance,
    "programme_list": programme_list,
    "partner_grid": partner_grid,
    "project_list": project_list,
    "timeline": timeline,
    "partner_map": partner_map,
    "facts": facts,
    "quote": quote,
    "call_to_action": call_to_action,
    "related_links": related_links,
    "recognitions": recognitions,
    "contact": contact,
    "faq": faq,
    "heading": heading,
    "rich_text": rich_text,
    "image": image,
    "document": document,
    "embed": embed,
}
