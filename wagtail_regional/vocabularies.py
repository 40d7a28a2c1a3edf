"""The registry's choices, each with the standard it comes from.

The stored values are the standard's own terms, so that imports and exports need no mapping
and a term means here what it means there. Labels are translatable; values never change.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import models
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic_core import core_schema


class Vocabulary(models.TextChoices):
    """Choices that go by ``Regional...`` in the OpenAPI document, as every shape of ours does.

    A document has one room for names, in which a host's own `Level` would overwrite ours.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        name = f"Regional{cls.__name__}"
        return core_schema.enum_schema(
            cls,
            list(cls),
            sub_type="str",
            # pydantic takes the name of the component from here, up to the colon.
            ref=f"{cls.__module__}.{name}:{id(cls)}",
            metadata={"pydantic_js_updates": {"title": name}},
        )


class Kind(Vocabulary):
    """What there is to be found. A ``kind`` says which of these something is; its ``type``, which
    sort of that: one of the types that the list of the kind takes. Source: this package."""

    ALLIANCE = "alliance", _("Alliance")
    ORGANISATION = "organisation", _("Organisation")
    PROGRAMME = "programme", _("Programme")
    PROJECT = "project", _("Project")
    PAGE = "page", _("Page")


class PageType(Vocabulary):
    """What a regional page is for, whichever model it is of. Source: this package."""

    REGION_INDEX = "region_index", _("Region index")
    PARTNERSHIP = "partnership", pgettext_lazy("page type", "Partnership")
    PROGRAMME_INDEX = "programme_index", _("Programme index")


class OrganisationType(Vocabulary):
    """What an organisation is. Source: ROR schema 2.1, ``types``."""

    EDUCATION = "education", pgettext_lazy("organisation type", "Education")
    HEALTHCARE = "healthcare", _("Healthcare")
    GOVERNMENT = "government", _("Government")
    COMPANY = "company", _("Company")
    FACILITY = "facility", _("Facility")
    NONPROFIT = "nonprofit", _("Non-profit")
    FUNDER = "funder", pgettext_lazy("organisation type", "Funder")
    ARCHIVE = "archive", _("Archive")
    OTHER = "other", pgettext_lazy("organisation type", "Other")


class AllianceType(Vocabulary):
    """The form a collaboration takes. Source: this package; schema.org calls all of them
    ``Consortium``, which is too coarse for a reader."""

    ALLIANCE = "alliance", _("Alliance")
    CONSORTIUM = "consortium", _("Consortium")
    NETWORK = "network", _("Network")
    AGENDA = "agenda", _("Agenda")
    JOINT_CENTRE = "joint_centre", _("Joint centre")
    BILATERAL = "bilateral", _("Bilateral partnership")


class Activity(Vocabulary):
    """What an alliance works on: a university's tasks, and those it shares with its region."""

    RESEARCH = "research", _("Research")
    EDUCATION = "education", pgettext_lazy("activity", "Education")
    VALORISATION = "valorisation", _("Valorisation")
    HEALTHCARE = "healthcare", pgettext_lazy("activity", "Patient care")
    ECONOMIC_DEVELOPMENT = "economic_development", _("Economic development")


class MemberRole(Vocabulary):
    """A member's part in an alliance. Source: OpenAIRE CERIF, roles in a consortium
    (coordinator, partner, member, funder), with the two that alliances add in practice."""

    COORDINATOR = "coordinator", _("Coordinator")
    FOUNDER = "founder", _("Founder")
    PARTNER = "partner", _("Partner")
    MEMBER = "member", _("Member")
    ASSOCIATE_PARTNER = "associate_partner", _("Associate partner")
    FUNDER = "funder", pgettext_lazy("member role", "Funder")


class ProgrammeType(Vocabulary):
    """Source: Open Education API v6, ``programmeType``; course, MOOC and summer school are
    published by its consumers as extensions."""

    PROGRAMME = "programme", _("Degree programme")
    MINOR = "minor", _("Minor")
    HONOURS = "honours", _("Honours programme")
    SPECIALISATION = "specialisation", _("Specialisation")
    TRACK = "track", _("Track")
    COURSE = "course", _("Course")
    MOOC = "mooc", _("MOOC")
    SUMMER_SCHOOL = "summer_school", _("Summer school")


class Level(Vocabulary):
    """Source: Open Education API v6, ``level``."""

    ASSOCIATE_DEGREE = "associate_degree", _("Associate degree")
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTORAL = "doctoral", _("Doctoral")
    POST_DOCTORAL = "post_doctoral", _("Postdoctoral")
    UNSPECIFIED = "unspecified", _("Open to all levels")


class Qualification(Vocabulary):
    """Source: Open Education API v6, ``qualificationAwarded``."""

    AD = "AD", "AD"
    BA = "BA", "BA"
    BSC = "BSc", "BSc"
    LLB = "LLB", "LLB"
    MA = "MA", "MA"
    MSC = "MSc", "MSc"
    LLM = "LLM", "LLM"
    MPHIL = "MPhil", "MPhil"
    PHD = "PhD", "PhD"
    PDENG = "PDEng", "PDEng"
    NONE = "none", _("No degree")


class DegreeAward(Vocabulary):
    """How many degrees partners award together. Source: European Approach / EQAR."""

    SINGLE = "single", _("Single degree")
    JOINT = "joint", _("Joint degree")
    DOUBLE = "double", _("Double degree")
    MULTIPLE = "multiple", _("Multiple degree")


#: The least number of providers that each kind of award supposes.
MINIMUM_PROVIDERS: Final[dict[str, int]] = {
    DegreeAward.JOINT: 2,
    DegreeAward.DOUBLE: 2,
    DegreeAward.MULTIPLE: 3,
}


class StudyLoadUnit(Vocabulary):
    """Source: Open Education API v6, ``studyLoad.studyLoadUnit``."""

    ECTS = "ects", _("ECTS")
    SBU = "sbu", _("study hours (SBU)")
    SP = "sp", _("study points (SP)")
    HOUR = "hour", _("hours")

    def of(self, value: float) -> str:
        """So many of them as readers of the active language write it: "7.5 ECTS", "7,5 EC"."""
        number = f"{value:g}".replace(".", get_format("DECIMAL_SEPARATOR"))
        return f"{number} {self.label}"


class ModeOfStudy(Vocabulary):
    """Source: Open Education API v6, ``modeOfStudy``."""

    FULL_TIME = "full_time", _("Full-time")
    PART_TIME = "part_time", _("Part-time")
    DUAL_TRAINING = "dual_training", _("Dual training")
    SELF_PACED = "self_paced", _("Self-paced")


class ModeOfDelivery(Vocabulary):
    """Source: Open Education API v6, ``modesOfDelivery``."""

    PRESENTIAL = "presential", _("On campus")
    ONLINE = "online", _("Online")
    BLENDED = "blended", _("Blended")
    HYBRID = "hybrid", _("Hybrid")
    DISTANCE_LEARNING = "distance_learning", _("Distance learning")


class BroadField(Vocabulary):
    """Source: ISCED-F 2013 (UNESCO), broad fields of education and training."""

    GENERIC = "00", _("Generic programmes and qualifications")
    EDUCATION = "01", pgettext_lazy("field of education", "Education")
    ARTS = "02", _("Arts and humanities")
    SOCIAL_SCIENCES = "03", _("Social sciences, journalism and information")
    BUSINESS = "04", _("Business, administration and law")
    NATURAL_SCIENCES = "05", _("Natural sciences, mathematics and statistics")
    ICT = "06", _("Information and communication technologies")
    ENGINEERING = "07", _("Engineering, manufacturing and construction")
    AGRICULTURE = "08", _("Agriculture, forestry, fisheries and veterinary")
    HEALTH = "09", _("Health and welfare")
    SERVICES = "10", pgettext_lazy("field of education", "Services")
    UNKNOWN = "99", _("Field unknown")


class ProviderRole(Vocabulary):
    """An organisation's part in a programme. Source: OpenAIRE CERIF."""

    COORDINATOR = "coordinator", _("Coordinator")
    PARTNER = "partner", _("Partner")


class IdentifierScheme(Vocabulary):
    """Schemes that identify an organisation, besides ROR."""

    ISNI = "isni", "ISNI"
    LEI = "lei", "LEI"
    WIKIDATA = "wikidata", "Wikidata"
    GRID = "grid", "GRID"
    KVK = "kvk", _("Chamber of Commerce (KVK)")
    BRIN = "brin", "BRIN"
    SCHAC = "schac_home", "schacHomeOrganization"
    OTHER = "other", pgettext_lazy("identifier scheme", "Other")


class ThemeScheme(Vocabulary):
    """Where a theme's notation is defined."""

    LOCAL = "local", _("Our own themes")
    ISCED_F = "isced_f", "ISCED-F 2013"
    SDG = "sdg", _("Sustainable Development Goals")
    EUROSCIVOC = "euroscivoc", "EuroSciVoc"
