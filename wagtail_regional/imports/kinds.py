"""What can be imported: the tables, and their columns with stable names.

The names of columns, and what may stand in them, are public: they do not change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_regional.imports import cells, columns, quantities
from wagtail_regional.imports.columns import Column, Table
from wagtail_regional.imports.problems import CellError
from wagtail_regional.languages import country_codes
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    OrganisationIdentifier,
    Programme,
    ProgrammeAccess,
    ProgrammeCode,
    ProgrammeProvider,
    Theme,
)
from wagtail_regional.vocabularies import (
    Activity,
    AllianceType,
    DegreeAward,
    IdentifierScheme,
    Level,
    MemberRole,
    ModeOfDelivery,
    ModeOfStudy,
    OrganisationType,
    ProgrammeType,
    ProviderRole,
    Qualification,
    StudyLoadUnit,
)


@dataclass(frozen=True)
class Kind:
    """Something that can be imported, with its parts.

    Attributes:
        name: in addresses and on the command line.
        main: its table.
        parts: the tables of what hangs on it.
        loops: columns that name a row of the same kind and may not lead back to it, with what to
            say when they do.
    """

    name: str
    label: Any
    main: Table
    parts: tuple[Table, ...] = ()
    loops: Mapping[str, Any] = field(default_factory=dict)

    @property
    def model(self) -> Any:
        return self.main.model

    @property
    def tables(self) -> tuple[Table, ...]:
        return (self.main, *self.parts)

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)

    def __hash__(self) -> int:
        return hash(self.name)


UUID = Column(
    "uuid",
    cells.Uuid(),
    note=gettext_lazy("The public id. Leave it empty for something new."),
    key=True,
)

_REVIEW = (
    columns.url(
        "source_url", "https://www.example.edu/about", gettext_lazy("Where to check this.")
    ),
    columns.day("last_reviewed"),
    columns.day("review_by"),
)


def check_identifier(scheme: str, value: str) -> str:
    row = OrganisationIdentifier(scheme=scheme, value=value)
    try:
        row.clean()
    except ValidationError as error:
        raise CellError(error.messages[0]) from error
    return row.value


_ORGANISATIONS = Table(
    "organisations",
    Organisation,
    (
        UUID,
        columns.texts("name", {"nl": "Universiteit Leiden", "en": "Leiden University"}),
        columns.text("acronym", "UL"),
        columns.code("type", OrganisationType, "education"),
        Column(
            "ror_id",
            cells.RorId(),
            "https://ror.org/027bh9e22",
            gettext_lazy("The identifier at ror.org."),
        ),
        Column(
            "identifiers",
            cells.ListOf(
                cells.SchemeValue(IdentifierScheme, check_identifier, example="kvk:27368929")
            ),
            "brin:21PB; wikidata:Q156598",
            gettext_lazy("As scheme:value."),
            child="identifiers",
            codes=lambda: list(IdentifierScheme.values),
        ),
        columns.url("website", "https://www.universiteitleiden.nl/"),
        columns.text("locality", "Leiden", gettext_lazy("The town or city.")),
        Column(
            "country",
            cells.Country(country_codes),
            "NL",
            gettext_lazy("Two capitals of ISO 3166-1."),
        ),
        columns.text("lau_code", "GM0546", gettext_lazy("Eurostat's code of the municipality.")),
        Column(
            "latitude",
            quantities.Number(places=6, most=180),
            "52.1571",
            gettext_lazy("Degrees north (WGS 84)."),
        ),
        Column(
            "longitude",
            quantities.Number(places=6, most=180),
            "4.4853",
            gettext_lazy("Degrees east (WGS 84)."),
        ),
        columns.link("parent", "organisations"),
        columns.date("founded", "1575-02-08"),
        columns.date("dissolved"),
        columns.link("successor", "organisations"),
        *_REVIEW,
    ),
)

_ALLIANCES = Table(
    "alliances",
    Alliance,
    (
        UUID,
        columns.texts("name", {"nl": "Leiden-Delft-Erasmus", "en": "Leiden-Delft-Erasmus"}),
        columns.text("acronym", "LDE"),
        columns.code("type", AllianceType, "alliance"),
        columns.texts(
            "summary",
            {"nl": "Drie universiteiten werken samen.", "en": "Three universities work together."},
            gettext_lazy("One or two sentences."),
            multiline=True,
        ),
        columns.link("parent", "alliances"),
        columns.date("starts", "2012"),
        columns.date("ends"),
        columns.url("website", "https://www.leiden-delft-erasmus.nl/"),
        columns.texts("region", {"nl": "Zuid-Holland", "en": "South Holland"}),
        columns.links(
            "themes", "themes", "local:health", gettext_lazy("As scheme:notation, or a label.")
        ),
        columns.codes("activities", Activity, "research; education"),
        columns.link("succeeded_by", "alliances"),
        *_REVIEW,
    ),
)

_REMOVE = Column(
    "remove", cells.YesNo(), "", gettext_lazy("“yes” takes this row out of the registry."), key=True
)

_BELONGS = gettext_lazy("Say what this row belongs to.")

_MEMBERS = Table(
    "members",
    Membership,
    (
        columns.link("alliance", "alliances", "LDE", key=True, needed=_BELONGS),
        columns.link("organisation", "organisations", "https://ror.org/027bh9e22", key=True),
        columns.link("member_alliance", "alliances", key=True),
        Column(
            "group_label",
            cells.Text(),
            {},
            gettext_lazy("For members that are not named one by one."),
            localised=True,
            key=True,
        ),
        Column("group_count", quantities.Whole()),
        columns.code("role", MemberRole, "coordinator"),
        columns.date("starts", "2012"),
        columns.date("ends"),
        _REMOVE,
    ),
    parent="alliance",
    accessor="memberships",
)

_PROGRAMMES = Table(
    "programmes",
    Programme,
    (
        UUID,
        columns.texts("name", {"nl": "Minor Duurzame steden", "en": "Minor Sustainable Cities"}),
        columns.code("type", ProgrammeType, "minor"),
        columns.texts(
            "summary",
            {"nl": "Over steden die blijven.", "en": "On cities that last."},
            multiline=True,
        ),
        Column(
            "codes",
            cells.ListOf(cells.SchemeValue(example="catalogue:MIN-042")),
            "catalogue:MIN-042",
            gettext_lazy(
                "As scheme:value, where the scheme is any name of a catalogue or register, such as "
                "crohoCreboCode."
            ),
            child="codes",
        ),
        columns.links("alliances", "alliances", "LDE"),
        columns.code("level", Level, "bachelor"),
        columns.code("qualification", Qualification, "none"),
        columns.code("degree_award", DegreeAward, ""),
        Column("study_load", quantities.Number(), "15"),
        columns.code("study_load_unit", StudyLoadUnit, "ects"),
        columns.codes("modes_of_study", ModeOfStudy, "full_time"),
        columns.codes("modes_of_delivery", ModeOfDelivery, "presential; online"),
        Column(
            "teaching_languages",
            cells.ListOf(cells.LanguageTag()),
            "en",
            gettext_lazy("Codes of BCP 47."),
        ),
        columns.text(
            "duration", "P10W", gettext_lazy("ISO 8601: P2Y for two years, P10W for ten weeks.")
        ),
        Column(
            "isced_fields",
            cells.ListOf(cells.IscedField()),
            "0731",
            gettext_lazy("Fields of education of ISCED-F 2013."),
        ),
        columns.links("themes", "themes", "", gettext_lazy("As scheme:notation, or a label.")),
        columns.url("link", "https://www.example.edu/minors/cities"),
        columns.date("starts"),
        columns.date("ends"),
        *_REVIEW,
    ),
)

_PROGRAMME = columns.link("programme", "programmes", "catalogue:MIN-042", key=True, needed=_BELONGS)

_PROVIDERS = Table(
    "providers",
    ProgrammeProvider,
    (
        _PROGRAMME,
        columns.link(
            "organisation",
            "organisations",
            "https://ror.org/027bh9e22",
            key=True,
            needed=gettext_lazy("Say which organisation provides the programme."),
        ),
        columns.code("role", ProviderRole, "coordinator"),
        columns.text("partner_code", "21PB", gettext_lazy("The programme's code at this partner.")),
        _REMOVE,
    ),
    parent="programme",
    accessor="providers",
)

_ACCESS = Table(
    "access",
    ProgrammeAccess,
    (
        _PROGRAMME,
        columns.link(
            "organisation",
            "organisations",
            "https://ror.org/027bh9e22",
            gettext_lazy("Whose students, or “guests” for those of anywhere else."),
            key=True,
            needed=gettext_lazy(
                "Say whose students this is for: an organisation, or “guests” for those of "
                "anywhere else."
            ),
        ),
        Column("ects", quantities.Number(), "15"),
        Column("places", quantities.Whole(), "40"),
        columns.day("application_opens", "2026-04-01"),
        columns.day("application_closes", "2026-06-01"),
        columns.url("enrolment_link", "https://www.example.edu/enrol"),
        Column("selective", cells.YesNo(), "no", codes=lambda: ["yes", "no"]),
        columns.texts("conditions", {}, multiline=True),
        _REMOVE,
    ),
    parent="programme",
    accessor="access",
)

ORGANISATIONS: Final = Kind(
    "organisations",
    Organisation._meta.verbose_name_plural,
    _ORGANISATIONS,
    loops={
        "parent": gettext_lazy(
            "An organisation cannot be part of itself, and these rows lead back to it. "
            "Name another, or leave this empty."
        ),
        "successor": gettext_lazy(
            "This chain of successors leads back to the organisation. Name another."
        ),
    },
)

ALLIANCES: Final = Kind(
    "alliances",
    Alliance._meta.verbose_name_plural,
    _ALLIANCES,
    (_MEMBERS,),
    loops={
        "parent": gettext_lazy(
            "An alliance cannot be part of itself, and these rows lead back to it. "
            "Name another, or leave this empty."
        ),
        "succeeded_by": gettext_lazy(
            "This chain of successors leads back to the alliance. Name another."
        ),
    },
)

PROGRAMMES: Final = Kind(
    "programmes", Programme._meta.verbose_name_plural, _PROGRAMMES, (_PROVIDERS, _ACCESS)
)

#: By name, as commands and addresses have it.
KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind for kind in (ORGANISATIONS, ALLIANCES, PROGRAMMES)
}

#: The models of rows that can be named, by the word that columns use for them.
LINKED: Final[Mapping[str, Any]] = {
    "organisations": Organisation,
    "alliances": Alliance,
    "programmes": Programme,
    "themes": Theme,
}

#: For codes that are rows of their own: their model, and its column for the owner.
CHILDREN: Final[Mapping[str, tuple[Any, str]]] = {
    "identifiers": (OrganisationIdentifier, "organisation"),
    "codes": (ProgrammeCode, "programme"),
}


def kind_called(name: str) -> Kind:
    """The kind of that name.

    Raises:
        CellError: naming those there are.
    """
    try:
        return KINDS[name]
    except KeyError:
        raise CellError(
            _("There is no import of “%(name)s”. Choose one of: %(known)s.")
            % {"name": name, "known": ", ".join(KINDS)}
        ) from None
