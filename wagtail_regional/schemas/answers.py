"""What endpoints answer: lists, facets, GeoJSON, the network, search, problems."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from wagtail_regional import vocabularies as v
from wagtail_regional.schemas.base import RegionalModel, Uri
from wagtail_regional.schemas.pages import RegionalPageSummary
from wagtail_regional.schemas.parts import RegionalLifecycle
from wagtail_regional.schemas.registry import (
    RegionalAlliance,
    RegionalOrganisation,
    RegionalProgramme,
    RegionalProject,
)


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


class RegionalFacetValue(RegionalModel):
    """A value of a filter, with how many items it finds together with all other filters."""

    value: str = Field(description="What the parameter takes.")
    label: str = Field(description="In the reader's language.")
    count: int
    selected: bool = Field(description="The request asks for it.")


class RegionalFacet(RegionalModel):
    """The values of a filter, counted without it and with all the others."""

    name: str = Field(description="The parameter's.")
    label: str = Field(description="What it asks for, in the reader's language.")
    values: list[RegionalFacetValue]
    total: int = Field(description="How many values there are.")
    truncated: bool = Field(
        description="There are more than are listed: the hundred with the highest counts, and "
        "those asked for."
    )


class RegionalFacets(RegionalModel):
    """The facets of a list, in the order in which to show them."""

    count: int = Field(description="How many items all filters find together.")
    facets: list[RegionalFacet]


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
    acronym: str | None
    url: Uri | None = Field(description="Its website.")
    locality: str | None
    country: str | None = Field(description="ISO 3166-1 alpha-2.")
    logo: Uri | None = Field(description="The address of an image.")
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
    acronym: str | None
    type: v.AllianceType | v.OrganisationType
    type_label: str
    url: Uri | None
    lifecycle: RegionalLifecycle


class RegionalTie(RegionalModel):
    """What links two nodes: a member to its alliance, or a part to the whole."""

    source: UUID = Field(description="The member, or the part.")
    target: UUID = Field(description="The alliance.")
    kind: Literal["membership", "part"]
    role: v.MemberRole | None = None
    role_label: str | None = None
    lifecycle: RegionalLifecycle | None = None


class RegionalNetwork(RegionalModel):
    """Alliances and their members as nodes and links."""

    nodes: list[RegionalNode]
    links: list[RegionalTie]
    truncated: bool = Field(description="There is more than one answer holds.")


class RegionalSearchResult(RegionalModel):
    """Something that was found."""

    kind: v.Kind
    kind_label: str
    id: str = Field(description="The uuid; of a page, its number.")
    title: str
    language: str | None = Field(description="The language `title` is in (BCP 47).")
    text: str | None = Field(description="A few sentences.")
    type: str | None = Field(
        description="One of the types that the list of its kind takes. Null for projects, which "
        "have none, and for pages of a type that is the site's own."
    )
    type_label: str | None
    url: Uri | None = Field(description="Where readers find it.")


class RegionalSearchList(RegionalModel):
    """What was found, the best first; `counts` says how many there are of each kind."""

    count: int
    counts: dict[v.Kind, int]
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
