"""Organisations, alliances, projects and programmes."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from wagtail_regional import vocabularies as v
from wagtail_regional.schemas.base import PartialDateText, RegionalModel, Uri
from wagtail_regional.schemas.parts import (
    RegionalIdentifier,
    RegionalImage,
    RegionalLifecycle,
    RegionalPageReference,
    RegionalReference,
    RegionalReview,
    RegionalTerm,
    RegionalTheme,
)


class RegionalOrganisation(RegionalModel):
    """An organisation, as lists show it."""

    id: UUID
    type: v.OrganisationType
    type_label: str
    name: str
    language: str | None = Field(description="The language `name` is in (BCP 47).")
    acronym: str | None
    ror_id: Uri | None
    website: Uri | None
    logo: RegionalImage | None
    locality: str | None
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
    acronym: str | None
    summary: str | None
    summary_language: str | None = Field(None, description="The language `summary` is in.")
    region: str | None
    url: Uri | None = Field(description="Its page in the reader's language, or else its website.")
    page: RegionalPageReference | None
    website: Uri | None
    logo: RegionalImage | None
    lifecycle: RegionalLifecycle
    activities: list[RegionalTerm]
    themes: list[RegionalTheme]
    parent: RegionalReference | None
    succeeded_by: RegionalReference | None


class RegionalMember(RegionalModel):
    """A member of an alliance, in short: an organisation, an alliance, or a group not named one by
    one."""

    stands_for_row: ClassVar[bool] = True

    kind: Literal["organisation", "alliance", "group"]
    id: UUID | None = Field(description="Of the organisation or alliance; a group has none.")
    name: str
    acronym: str | None
    url: Uri | None
    count: int | None = Field(None, description="How many a group counts.")
    role: v.MemberRole
    role_label: str
    lifecycle: RegionalLifecycle | None = Field(
        description="Of the membership. Null where it has no dates: then it lasts."
    )


class RegionalRecognition(RegionalModel):
    """A title or label that others gave an alliance."""

    label: str
    issued_by: str | None
    url: Uri | None
    alliance: RegionalReference
    lifecycle: RegionalLifecycle


class RegionalProject(RegionalModel):
    """A project of an alliance."""

    id: UUID
    title: str
    language: str | None = Field(description="The language `title` is in (BCP 47).")
    summary: str | None
    summary_language: str | None = None
    website: Uri | None
    alliance: RegionalReference
    lifecycle: RegionalLifecycle
    themes: list[RegionalTheme]


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
    partner_code: str | None


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
    enrolment_link: Uri | None
    selective: bool
    conditions: str | None


class RegionalProgramme(RegionalModel):
    """Something to study, as lists show it."""

    id: UUID
    type: v.ProgrammeType
    type_label: str
    name: str
    language: str | None = Field(description="The language `name` is in (BCP 47).")
    summary: str | None
    summary_language: str | None = None
    level: v.Level | None
    level_label: str | None
    degree_award: v.DegreeAward | None
    study_load: RegionalStudyLoad | None
    teaching_languages: list[RegionalTerm]
    modes_of_study: list[RegionalTerm]
    modes_of_delivery: list[RegionalTerm]
    isced_fields: list[RegionalTerm] = Field(description="Fields of education (ISCED-F).")
    themes: list[RegionalTheme]
    is_joint: bool
    url: Uri | None
    providers: list[RegionalProvider]
    access: list[RegionalAccess]
    alliances: list[RegionalReference]
    lifecycle: RegionalLifecycle


class RegionalMention(RegionalReference):
    """Something in a list of a body, in short. `include` brings it whole, once for the page."""

    stands_for_row: ClassVar[bool] = True

    lifecycle: RegionalLifecycle | None = Field(description="Null where it has no dates.")


class RegionalProgrammeMention(RegionalMention):
    """A programme in a list of a body, in short."""

    stands_for_row: ClassVar[bool] = True

    access: list[RegionalAccess] | None = Field(
        None,
        description="In a list for somebody's students, the terms that hold for them; else null.",
    )


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
    text: str | None = Field(None, description="HTML.")
    url: Uri | None = None


class RegionalOrganisationDetail(RegionalOrganisation):
    """Everything known of an organisation."""

    lau_code: str | None
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

    review: RegionalReview
    json_ld: dict[str, Any]


class RegionalProgrammeDetail(RegionalProgramme):
    """Everything known of a programme."""

    qualification: v.Qualification | None
    duration: str | None = Field(description="ISO 8601, such as P2Y.")
    codes: list[RegionalIdentifier]
    review: RegionalReview
    json_ld: dict[str, Any]
