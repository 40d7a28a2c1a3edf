"""The contract: every shape the package serves.

Blocks, Wagtail's two page APIs, our router and our own templates all speak these. Names carry
the prefix ``Regional`` because OpenAPI components are named after classes and would otherwise
overwrite a host's own. Texts are in the language of the request, falling back where one lacks
it; addresses are absolute; rich text is HTML ready for display.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from operator import itemgetter
from typing import Annotated, Any, Generic, Literal, Self, TypeVar, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from wagtail_regional import vocabularies as v
from wagtail_regional.lifecycle import Status

#: An absolute address. A `str` field of that kind without it is empty where there is none.
Uri = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]

#: ISO 8601 at the precision known: a year, a month or a day.
PartialDateText = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
            "examples": ["2003", "2014-02", "2027-01-01"],
        }
    ),
]


class Shape(dict[str, Any]):
    """Something in the shape of a schema: a dictionary whose items read as attributes too.

    A page holds thousands of them. As instances of their schemas they would be validated one
    by one, though our own code made them; as dictionaries they cost next to nothing. That they
    fit their schemas is for the tests to say, which validate every answer.
    """

    __slots__ = ()

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """The same with some items replaced, as an instance of the schema would copy itself."""
        return type(self)(self, **update)


class RegionalModel(BaseModel):
    """What all shapes share: no field that is not declared."""

    model_config = ConfigDict(
        extra="forbid",
        use_enum_values=True,
        # An answer always has all of its fields, also those that have a default here.
        json_schema_serialization_defaults_required=True,
    )

    @classmethod
    def shape(cls, **values: Any) -> Self:
        """Something in this schema's shape, unchecked.

        Args:
            values: a value for each field that has no default.

        Returns:
            A :class:`Shape`, which reads like an instance and serialises to the same JSON.
        """
        make, defaults = _shape_of(cls)
        return cast(Self, make(defaults, **values))


@cache
def _shape_of(schema: type[BaseModel]) -> tuple[type[Shape], dict[str, Any]]:
    """A schema's kind of Shape, and its fields in their order with their defaults; those
    without one hold what no JSON can."""
    fields = schema.model_fields
    # Properties rather than `__getattr__`, which whatever serialises would ask in vain.
    items = {name: property(itemgetter(name)) for name in fields if not hasattr(dict, name)}
    make = type(schema.__name__, (Shape,), {"__slots__": (), "__doc__": schema.__doc__, **items})
    return make, {
        name: field.get_default(call_default_factory=True) for name, field in fields.items()
    }


# --- Small parts -----------------------------------------------------------------------------


class RegionalFocalPoint(RegionalModel):
    """Where the eye should rest, as fractions of width and height from the top left."""

    x: float = Field(ge=0, le=1)
    y: float = Field(ge=0, le=1)


class RegionalImage(RegionalModel):
    """An image in the sizes of its profile."""

    src: Uri
    srcset: str = Field(description="As in HTML: addresses with their widths.")
    width: int
    height: int
    alt: str = Field(description="Empty when the image is decorative.")
    focal_point: RegionalFocalPoint | None = None


class RegionalLifecycle(RegionalModel):
    """Where something stands today; follows from its dates."""

    status: Status
    text: str = Field(description="The same in words: “Ran until June 2016”.")
    starts: PartialDateText | None = Field(
        None, description="ISO 8601 at the precision known: 2003, 2014-02."
    )
    ends: PartialDateText | None = Field(
        None, description="As `starts`; counts to the last day of the period."
    )


class RegionalTerm(RegionalModel):
    """A code of a vocabulary with its label."""

    code: str
    label: str


class RegionalLink(RegionalModel):
    """A link with its text."""

    text: str
    url: Uri
    kind: Literal["page", "document", "external"]


class RegionalReference(RegionalModel):
    """Just enough of something to name it and link to it."""

    id: UUID
    name: str
    acronym: str = ""
    url: Uri | None = None


class RegionalPageReference(RegionalModel):
    """A page, in short."""

    id: int
    title: str
    url: Uri
    locale: str = Field(description="The language of the part of the site that it is in.")
    language: str = Field(description="The language of its words (BCP 47).")


class RegionalTheme(RegionalModel):
    """A subject, as a SKOS concept."""

    id: UUID
    scheme: v.ThemeScheme
    notation: str
    uri: str
    label: str


class RegionalIdentifier(RegionalModel):
    """A code in a scheme of somebody else's."""

    scheme: str
    value: str


class RegionalReview(RegionalModel):
    """When a fact was last looked at, and where it can be checked."""

    last_reviewed: dt.date | None
    source_url: str


# --- The registry ----------------------------------------------------------------------------


class RegionalOrganisation(RegionalModel):
    """An organisation, as lists show it."""

    id: UUID
    type: v.OrganisationType
    type_label: str
    name: str
    language: str | None = Field(description="The language `name` is in (BCP 47).")
    acronym: str
    ror_id: Uri | None
    website: str
    logo: RegionalImage | None
    locality: str
    country: RegionalTerm | None
    lifecycle: RegionalLifecycle
    successor: RegionalReference | None = Field(
        None, description="Who carries on its work, when it is gone."
    )


class RegionalAlliance(RegionalModel):
    """An alliance, as lists and mentions show it."""

    id: UUID
    type: v.AllianceType
    type_label: str
    name: str
    language: str | None = Field(description="The language `name` is in (BCP 47).")
    acronym: str
    summary: str
    summary_language: str | None = Field(None, description="The language `summary` is in.")
    region: str
    url: Uri | None = Field(description="Its page in the reader's language, or else its website.")
    page: RegionalPageReference | None
    website: str
    logo: RegionalImage | None
    lifecycle: RegionalLifecycle
    activities: list[RegionalTerm]
    themes: list[RegionalTheme]
    parent: RegionalReference | None
    succeeded_by: RegionalReference | None


class RegionalMember(RegionalModel):
    """A member of an alliance: an organisation, an alliance, or a group not named one by one."""

    kind: Literal["organisation", "alliance", "group"]
    name: str
    count: int | None = Field(None, description="How many a group counts.")
    role: v.MemberRole
    role_label: str
    organisation: RegionalOrganisation | None = None
    alliance: RegionalReference | None = None
    lifecycle: RegionalLifecycle


class RegionalRecognition(RegionalModel):
    """A title or label that others gave an alliance."""

    label: str
    issued_by: str
    url: str
    alliance: RegionalReference
    lifecycle: RegionalLifecycle


class RegionalProject(RegionalModel):
    """A project of an alliance."""

    id: UUID
    title: str
    language: str | None = Field(description="The language `title` is in (BCP 47).")
    summary: str
    summary_language: str | None = None
    website: str
    alliance: RegionalReference
    lifecycle: RegionalLifecycle


class RegionalStudyLoad(RegionalModel):
    """Open Education API v6, `studyLoad`."""

    value: float
    unit: v.StudyLoadUnit
    label: str = Field(description="“30 ECTS”")


class RegionalProvider(RegionalModel):
    """An organisation that provides a programme."""

    organisation: RegionalReference
    role: v.ProviderRole
    role_label: str
    partner_code: str


class RegionalAccess(RegionalModel):
    """On which terms students may enrol."""

    audience: Literal["organisation", "guests"]
    organisation: RegionalReference | None = Field(
        None, description="Whose students; nothing for guests."
    )
    ects: float | None
    places: int | None
    application_opens: dt.date | None
    application_closes: dt.date | None
    enrolment_link: str
    selective: bool
    conditions: str


class RegionalProgramme(RegionalModel):
    """Something to study, as lists show it."""

    id: UUID
    type: v.ProgrammeType
    type_label: str
    name: str
    language: str | None = Field(description="The language `name` is in (BCP 47).")
    summary: str
    summary_language: str | None = None
    level: v.Level | None
    level_label: str
    degree_award: v.DegreeAward | None
    study_load: RegionalStudyLoad | None
    teaching_languages: list[RegionalTerm]
    is_joint: bool
    url: str
    providers: list[RegionalProvider]
    access: list[RegionalAccess]
    alliances: list[RegionalReference]
    lifecycle: RegionalLifecycle


class RegionalMembershipOf(RegionalModel):
    """The same tie as RegionalMember, seen from the member."""

    alliance: RegionalReference
    role: v.MemberRole
    role_label: str
    lifecycle: RegionalLifecycle


class RegionalEvent(RegionalModel):
    """A moment on a timeline."""

    date: PartialDateText = Field(description="ISO 8601 at the precision known.")
    date_text: str = Field(description="The date in words.")
    kind: Literal["start", "end", "joined", "left", "recognition", "project", "note"]
    title: str
    text: str = Field("", description="HTML.")
    url: Uri | None = None


class RegionalOrganisationDetail(RegionalOrganisation):
    """Everything known of an organisation."""

    lau_code: str
    latitude: float | None
    longitude: float | None
    identifiers: list[RegionalIdentifier]
    parent: RegionalReference | None
    memberships: list[RegionalMembershipOf] = Field(
        description="Alliances that it is or was a member of; fifty at most."
    )
    memberships_total: int
    projects: list[RegionalProject] = Field(
        description="Projects of those alliances; fifty at most. `projects/?alliance=` has more."
    )
    projects_total: int
    programmes: list[RegionalReference] = Field(
        description="What it provides; fifty at most. `programmes/?provider=` has more."
    )
    programmes_total: int
    accessible_programmes: list[RegionalProgramme] = Field(
        description="What its students may take, with the terms that hold for them; twenty at "
        "most. `programmes/?home=` has more."
    )
    accessible_programmes_total: int
    review: RegionalReview
    json_ld: dict[str, Any]


class RegionalAllianceDetail(RegionalAlliance):
    """Everything known of an alliance."""

    members: list[RegionalMember]
    former_members: list[RegionalMember]
    children: list[RegionalAlliance]
    recognitions: list[RegionalRecognition]
    projects: list[RegionalProject]
    programmes: list[RegionalProgramme] = Field(
        description="A hundred at most. `programmes/?alliance=` has more."
    )
    programmes_total: int
    timeline: list[RegionalEvent]
    review: RegionalReview
    json_ld: dict[str, Any]


class RegionalProjectDetail(RegionalProject):
    """Everything known of a project."""

    themes: list[RegionalTheme]
    review: RegionalReview
    json_ld: dict[str, Any]


class RegionalProgrammeDetail(RegionalProgramme):
    """Everything known of a programme."""

    qualification: v.Qualification | None
    modes_of_study: list[RegionalTerm]
    modes_of_delivery: list[RegionalTerm]
    duration: str = Field(description="ISO 8601, such as P2Y; empty when not known.")
    isced_fields: list[str]
    themes: list[RegionalTheme]
    codes: list[RegionalIdentifier]
    review: RegionalReview
    json_ld: dict[str, Any]


# --- Blocks: the values ------------------------------------------------------------------------


class RegionalAllianceValue(RegionalModel):
    """AllianceBlock. A list that the editor chose not to show is null."""

    alliance: RegionalAlliance
    heading: str
    text: str = Field(description="HTML.")
    image: RegionalImage | None
    is_past: bool = Field(description="The alliance has ended; words about it are in the past.")
    members: list[RegionalMember] | None
    former_members: list[RegionalMember] | None
    centres: list[RegionalAlliance] | None
    projects: list[RegionalProject] | None
    programmes: list[RegionalProgramme] | None = Field(
        description="A hundred at most; `programmes/?alliance=` has more."
    )
    programmes_total: int | None = None
    timeline: list[RegionalEvent] | None
    links: list[RegionalLink]


class RegionalProgrammeListValue(RegionalModel):
    """ProgrammeList."""

    heading: str
    introduction: str = Field(description="HTML.")
    audience: RegionalReference | None = Field(description="Whose students the list is for.")
    programmes: list[RegionalProgramme]
    total: int = Field(description="How many there are; `programmes` may hold fewer.")
    show_filters: bool
    finder_url: str | None = Field(
        description="The programme index with the same filters, where there are more programmes "
        "or readers may filter them.",
    )
    empty_text: str


class RegionalPartnerGridValue(RegionalModel):
    """PartnerGridBlock."""

    heading: str
    partners: list[RegionalOrganisation]


class RegionalProjectListValue(RegionalModel):
    """ProjectListBlock: what runs or is to come, apart from what has ended."""

    heading: str
    current: list[RegionalProject]
    ended: list[RegionalProject]


class RegionalTimelineValue(RegionalModel):
    """TimelineBlock."""

    heading: str
    events: list[RegionalEvent]


class RegionalPlace(RegionalModel):
    """A partner on the map, in WGS 84 degrees."""

    partner: RegionalOrganisation
    latitude: float
    longitude: float


class RegionalPartnerMapValue(RegionalModel):
    """PartnerMapBlock."""

    heading: str
    places: list[RegionalPlace]
    elsewhere: list[RegionalOrganisation] = Field(description="Partners without coordinates.")


class RegionalFact(RegionalModel):
    """A number or short value with what it counts."""

    value: str
    label: str
    computed: bool = Field(description="Counted from the registry today, not typed.")
    as_of: PartialDateText | None = Field(
        None, description="For a typed value: the date it was true."
    )
    as_of_text: str = ""
    source: RegionalLink | None = None


class RegionalFactsValue(RegionalModel):
    """FactsBlock."""

    heading: str
    facts: list[RegionalFact]


class RegionalQuoteValue(RegionalModel):
    """QuoteBlock."""

    text: str
    name: str
    role: str
    image: RegionalImage | None


class RegionalCallToActionValue(RegionalModel):
    """CallToActionBlock."""

    heading: str
    text: str = Field(description="HTML.")
    audience: str = Field(description="For whom it is meant, such as “External parties”.")
    link: RegionalLink | None


class RegionalRelatedLinksValue(RegionalModel):
    """RelatedLinksBlock."""

    heading: str
    links: list[RegionalLink]


class RegionalRecognitionsValue(RegionalModel):
    """RecognitionsBlock."""

    heading: str
    recognitions: list[RegionalRecognition]


class RegionalContactValue(RegionalModel):
    """ContactBlock."""

    heading: str
    name: str
    role: str
    organisation: RegionalReference | None
    email: str
    phone: str
    link: RegionalLink | None
    image: RegionalImage | None


class RegionalQuestion(RegionalModel):
    """A question with its answer."""

    question: str
    answer: str = Field(description="HTML.")


class RegionalFaqValue(RegionalModel):
    """FaqBlock."""

    heading: str
    questions: list[RegionalQuestion]


class RegionalHeadingValue(RegionalModel):
    """A heading between blocks."""

    text: str
    level: Literal[2, 3]
    anchor: str


class RegionalFigureValue(RegionalModel):
    """An image with its caption."""

    image: RegionalImage
    caption: str
    credit: str


class RegionalDocumentValue(RegionalModel):
    """A document to download."""

    title: str
    url: Uri
    extension: str
    size: int | None = Field(description="In bytes.")


class RegionalEmbedValue(RegionalModel):
    """Something of another site."""

    url: str
    title: str
    html: str = Field(description="Empty when the other site gave nothing to embed.")
    caption: str


ValueT = TypeVar("ValueT")


class RegionalBlock(RegionalModel, Generic[ValueT]):
    """A block of a body: its type, its value, and an id that stays when the block moves."""

    type: str
    value: ValueT
    id: str


# --- Pages -------------------------------------------------------------------------------------


class RegionalAlternate(RegionalModel):
    """The same page in another language."""

    hreflang: str
    title: str
    url: Uri


class RegionalSeo(RegionalModel):
    """What search engines and link previews show."""

    title: str
    description: str
    canonical_url: str = Field(description="Its own address; of an alias, what it repeats.")


class RegionalPageMeta(RegionalModel):
    """What surrounds a page's content."""

    locale: str = Field(description="The language of the part of the site that it is in.")
    language: str = Field(
        description="The language of its words (BCP 47): of an alias, that of what it repeats."
    )
    words_language: str = Field(
        description="The language of labels, dates and the like (BCP 47): `language`, or where the "
        "package has no words in that, what it falls back to."
    )
    alias_of: RegionalPageReference | None = Field(
        description="The page that it repeats, where readers may see that one."
    )
    slug: str
    html_url: str
    first_published_at: dt.datetime | None
    last_published_at: dt.datetime | None
    alternates: list[RegionalAlternate] = Field(
        description="The languages in which it has words of its own; aliases have none."
    )
    breadcrumbs: list[RegionalPageReference] = Field(
        description="From the top of the site down to this page's parent."
    )
    seo: RegionalSeo
    json_ld: list[dict[str, Any]]


class RegionalPageSummary(RegionalModel):
    """A page, as lists show it."""

    id: int
    type: str = Field(description="Django's label of the page type.")
    title: str
    introduction: str
    locale: str = Field(description="The language of the part of the site that it is in.")
    language: str = Field(description="The language of its words (BCP 47).")
    url: Uri


class RegionalPage(RegionalModel):
    """What every regional page has. The router narrows `body` to the blocks it can hold."""

    id: int
    type: str = Field(description="Django's label of the page type.")
    title: str
    introduction: str
    hero_image: RegionalImage | None = None
    subject: RegionalAlliance | None = Field(
        None, description="The alliance this page is about, when it is about one."
    )
    children: list[RegionalPageSummary] = Field(
        default_factory=list, description="Live, public regional pages right below this one."
    )
    programmes: list[RegionalProgramme] | None = Field(
        None, description="On a programme index: its programmes, first page."
    )
    programmes_total: int | None = None
    meta: RegionalPageMeta


# --- Lists and errors --------------------------------------------------------------------------


class RegionalPageList(RegionalModel):
    count: int
    items: list[RegionalPageSummary]


class RegionalOrganisationList(RegionalModel):
    count: int
    items: list[RegionalOrganisation]


class RegionalAllianceList(RegionalModel):
    count: int
    items: list[RegionalAlliance]


class RegionalProjectList(RegionalModel):
    count: int
    items: list[RegionalProject]


class RegionalProgrammeList(RegionalModel):
    count: int
    items: list[RegionalProgramme]


# --- Facets, search, maps and networks -----------------------------------------------------------


class RegionalFacetValue(RegionalModel):
    """A value of a filter, with how many items it finds together with all other filters."""

    value: str = Field(description="What the parameter takes.")
    label: str = Field(description="In the reader's language.")
    count: int
    selected: bool = Field(description="The request asks for it.")


Facet = list[RegionalFacetValue]


class _RegionalFacets(RegionalModel):
    count: int = Field(description="How many items all filters find together.")
    truncated: dict[str, int] = Field(
        description="Of facets that have more values than they list (the hundred with the "
        "highest counts, and those asked for): how many there are."
    )


class RegionalProgrammeFacets(_RegionalFacets):
    """Each is named after its parameter and counted without it, with all the others."""

    type: Facet
    level: Facet
    language: Facet
    mode: Facet
    delivery: Facet
    field: Facet = Field(description="Broad fields (ISCED-F), and the ones asked for.")
    alliance: Facet
    provider: Facet
    theme: Facet
    home: Facet = Field(
        description="Organisations that some programme has terms for: how many programmes, found "
        "by the others, their students may take."
    )
    status: Facet
    joint: Facet
    open: Facet = Field(description="Open for applications today, or on the day asked for.")


class RegionalOrganisationFacets(_RegionalFacets):
    """Each is named after its parameter and counted without it, with all the others."""

    type: Facet
    role: Facet
    alliance: Facet
    activity: Facet
    theme: Facet
    country: Facet
    locality: Facet
    lau: Facet
    status: Facet


class RegionalAllianceFacets(_RegionalFacets):
    """Each is named after its parameter and counted without it, with all the others."""

    type: Facet
    activity: Facet
    theme: Facet
    member: Facet
    role: Facet
    country: Facet
    locality: Facet
    lau: Facet
    status: Facet


class RegionalPoint(RegionalModel):
    """A GeoJSON point (RFC 7946): longitude, then latitude."""

    type: Literal["Point"]
    coordinates: list[float] = Field(min_length=2, max_length=2)


class RegionalFeatureProperties(RegionalModel):
    """What a map tells of an organisation."""

    uuid: UUID
    type: v.OrganisationType
    type_label: str
    name: str
    acronym: str
    url: str | None = Field(description="Its website.")
    locality: str
    country: str
    logo: str | None = Field(description="The address of an image.")
    distance_km: float | None = Field(None, description="From `near`, where that was given.")


class RegionalFeature(RegionalModel):
    """An organisation as a GeoJSON feature."""

    type: Literal["Feature"]
    id: UUID
    geometry: RegionalPoint
    properties: RegionalFeatureProperties


class RegionalGeoLink(RegionalModel):
    """Another address that belongs to an answer."""

    rel: Literal["next", "prev"]
    href: str
    type: Literal["application/geo+json"]


class RegionalFeatureCollection(RegionalModel):
    """Organisations with a place, as GeoJSON (RFC 7946); the further members are those of
    OGC API Features."""

    type: Literal["FeatureCollection"]
    features: list[RegionalFeature]
    numberMatched: int = Field(description="How many there are in all.")  # noqa: N815
    numberReturned: int = Field(description="How many are in this answer.")  # noqa: N815
    links: list[RegionalGeoLink]


class RegionalNode(RegionalModel):
    """An alliance or an organisation in the network."""

    id: UUID
    kind: Literal["alliance", "organisation"]
    name: str
    acronym: str
    type: str
    type_label: str
    url: str | None
    lifecycle: RegionalLifecycle


class RegionalTie(RegionalModel):
    """What links two nodes: a member to its alliance, or a part to the whole."""

    source: UUID = Field(description="The member, or the part.")
    target: UUID = Field(description="The alliance.")
    kind: Literal["membership", "part"]
    role: v.MemberRole | None = None
    role_label: str = ""
    lifecycle: RegionalLifecycle | None = None


class RegionalNetwork(RegionalModel):
    """Alliances and their members as nodes and links."""

    nodes: list[RegionalNode]
    links: list[RegionalTie]
    truncated: bool = Field(description="There is more than one answer holds.")


class RegionalSearchResult(RegionalModel):
    """Something that was found."""

    kind: Literal["organisation", "alliance", "project", "programme", "page"]
    id: str = Field(description="The uuid; of a page, its number.")
    title: str
    language: str | None = Field(description="The language `title` is in (BCP 47).")
    text: str = Field(description="A few sentences, or nothing.")
    type: str
    type_label: str
    url: str | None = Field(description="Where readers find it.")


class RegionalSearchList(RegionalModel):
    """What was found, the best first; `counts` says how many there are of each kind."""

    count: int
    counts: dict[str, int]
    items: list[RegionalSearchResult]


class RegionalProblemError(BaseModel):
    """One thing that is wrong with a request. Under Wagtail's API v3 it may say more."""

    # Some kinds of mistake tell more, such as `ctx`.
    model_config = ConfigDict(extra="allow")

    type: str
    loc: list[str | int] = Field(description="Where: “query”, then the parameter's name.")
    msg: str = Field(description="What is wrong, and what would be right.")


class RegionalProblem(BaseModel):
    """An error, as RFC 9457 (problem+json), which may have further members."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[RegionalProblemError] | SkipJsonSchema[None] = Field(
        None, description="What is wrong, one by one. Left out where `detail` says it all."
    )
