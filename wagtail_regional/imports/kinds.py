"""What can be imported: the tables, and their columns with stable names.

The names of columns, and what may stand in them, are public: they do not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_regional.imports import cells, dates, quantities
from wagtail_regional.imports.problems import CellError
from wagtail_regional.languages import content_languages, country_codes
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

#: In the column `organisation` of access: the terms for students of anywhere else.
GUESTS: Final = "guests"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: its header; of a localised column, what comes before ``_nl`` and ``_en``.
        cell: what stands in it.
        example: for the template; of a localised column, by language.
        note: what the template says of it.
        links: the kind of row it names.
        child: for codes that are rows of their own, the accessor to them.
        codes: what may stand in it, for the template.
    """

    name: str
    cell: cells.CellType
    example: Any = ""
    note: Any = ""
    links: str = ""
    child: str = ""
    codes: Callable[[], Sequence[str]] | None = None
    localised: bool = False
    #: Whether it tells which row is meant, rather than being a value of it.
    key: bool = False

    @property
    def telling(self) -> bool:
        """Whether few texts can stand in it, so that one that may tells something."""
        return not isinstance(self.cell, (cells.Text, cells.Lines, cells.Link)) and not (
            isinstance(self.cell, cells.ListOf)
            and isinstance(self.cell.item, (cells.Link, cells.LanguageTag))
        )

    @property
    def several(self) -> bool:
        return isinstance(self.cell, cells.ListOf)

    def headers(self) -> Iterator[tuple[str, str]]:
        """Its headers, each with its language; ``""`` where it has none."""
        if not self.localised:
            yield self.name, ""
            return
        for language in content_languages():
            yield header(self.name, language), language

    def example_for(self, language: str) -> Any:
        if not self.localised:
            return self.example
        return self.example.get(language) or self.example.get(language.partition("-")[0], "")


def header(name: str, language: str) -> str:
    """The header of a localised column: ``name_nl``, ``name_pt_br``."""
    return f"{name}_{language.replace('-', '_')}"


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook, or a CSV file.

    Attributes:
        name: of the sheet, and of the file without its ending.
        model: whose rows it holds.
        columns: in the order of the template.
        parent: for parts, the column that names the row they hang on.
        accessor: for parts, the name of the relation to them.
    """

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    parent: str = ""
    accessor: str = ""

    def headers(self) -> dict[str, tuple[Column, str]]:
        """Every header that is known, with its column and language."""
        return {
            name: (column, language)
            for column in self.columns
            for name, language in column.headers()
        }

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}


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


# --- The columns -----------------------------------------------------------------------------


def _texts(
    name: str, example: Mapping[str, str], note: Any = "", *, multiline: bool = False
) -> Column:
    cell = cells.Lines() if multiline else cells.Text()
    return Column(name, cell, example, note, localised=True)


def _text(name: str, example: str = "", note: Any = "") -> Column:
    return Column(name, cells.Text(), example, note)


def _url(name: str, example: str = "", note: Any = "") -> Column:
    note = note or gettext_lazy("An address of the web; https:// may be left out.")
    return Column(name, cells.Url(), example, note)


def _code(name: str, choices: Any, example: str, note: Any = "") -> Column:
    return Column(name, cells.Code.of(choices), example, note, codes=lambda: list(choices.values))


def _codes(name: str, choices: Any, example: str) -> Column:
    cell = cells.ListOf(cells.Code.of(choices))
    return Column(name, cell, example, codes=lambda: list(choices.values))


def _date(name: str, example: str = "") -> Column:
    note = gettext_lazy("A year (2014), a month (2014-02) or a day (2014-02-28).")
    return Column(name, dates.Partial(), example, note)


def _day(name: str, example: str = "") -> Column:
    return Column(name, dates.Date(), example, gettext_lazy("A day: 2014-02-28."))


def _link(name: str, kind: str, example: str = "", note: Any = "", key: bool = False) -> Column:
    note = note or gettext_lazy("A uuid, an identifier (scheme:value), an acronym or a name.")
    return Column(name, cells.Link(), example, note, links=kind, key=key)


def _links(name: str, kind: str, example: str, note: Any = "") -> Column:
    note = note or gettext_lazy("Uuids, acronyms or names.")
    return Column(name, cells.ListOf(cells.Link()), example, note, links=kind)


UUID = Column(
    "uuid",
    cells.Uuid(),
    note=gettext_lazy("The public id. Leave it empty for something new."),
    key=True,
)

_REVIEW = (
    _url("source_url", "https://www.example.edu/about", gettext_lazy("Where to check this.")),
    _day("last_reviewed"),
    _day("review_by"),
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
        _texts("name", {"nl": "Universiteit Leiden", "en": "Leiden University"}),
        _text("acronym", "UL"),
        _code("type", OrganisationType, "education"),
        Column(
            "ror_id",
            cells.RorId(),
            "https://ror.org/027bh9e22",
            gettext_lazy("The identifier at ror.org."),
        ),
        Column(
            "identifiers",
            cells.ListOf(cells.SchemeValue(IdentifierScheme, check_identifier)),
            "brin:21PB; wikidata:Q156598",
            gettext_lazy("As scheme:value."),
            child="identifiers",
            codes=lambda: list(IdentifierScheme.values),
        ),
        _url("website", "https://www.universiteitleiden.nl/"),
        _text("locality", "Leiden", gettext_lazy("The town or city.")),
        Column(
            "country",
            cells.Country(country_codes),
            "NL",
            gettext_lazy("Two capitals of ISO 3166-1."),
        ),
        _text("lau_code", "GM0546", gettext_lazy("Eurostat's code of the municipality.")),
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
        _link("parent", "organisations"),
        _date("founded", "1575-02-08"),
        _date("dissolved"),
        _link("successor", "organisations"),
        *_REVIEW,
    ),
)

_ALLIANCES = Table(
    "alliances",
    Alliance,
    (
        UUID,
        _texts("name", {"nl": "Leiden-Delft-Erasmus", "en": "Leiden-Delft-Erasmus"}),
        _text("acronym", "LDE"),
        _code("type", AllianceType, "alliance"),
        _texts(
            "summary",
            {"nl": "Drie universiteiten werken samen.", "en": "Three universities work together."},
            gettext_lazy("One or two sentences."),
            multiline=True,
        ),
        _link("parent", "alliances"),
        _date("starts", "2012"),
        _date("ends"),
        _url("website", "https://www.leiden-delft-erasmus.nl/"),
        _texts("region", {"nl": "Zuid-Holland", "en": "South Holland"}),
        _links("themes", "themes", "local:health", gettext_lazy("As scheme:notation, or a label.")),
        _codes("activities", Activity, "research; education"),
        _link("succeeded_by", "alliances"),
        *_REVIEW,
    ),
)

_REMOVE = Column(
    "remove", cells.YesNo(), "", gettext_lazy("“yes” takes this row out of the registry."), key=True
)

_MEMBERS = Table(
    "members",
    Membership,
    (
        _link("alliance", "alliances", "LDE", key=True),
        _link("organisation", "organisations", "https://ror.org/027bh9e22", key=True),
        _link("member_alliance", "alliances", key=True),
        Column(
            "group_label",
            cells.Text(),
            {},
            gettext_lazy("For members that are not named one by one."),
            localised=True,
            key=True,
        ),
        Column("group_count", quantities.Whole()),
        _code("role", MemberRole, "coordinator"),
        _date("starts", "2012"),
        _date("ends"),
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
        _texts("name", {"nl": "Minor Duurzame steden", "en": "Minor Sustainable Cities"}),
        _code("type", ProgrammeType, "minor"),
        _texts(
            "summary",
            {"nl": "Over steden die blijven.", "en": "On cities that last."},
            multiline=True,
        ),
        Column(
            "codes",
            cells.ListOf(cells.SchemeValue()),
            "catalogue:MIN-042",
            gettext_lazy("As scheme:value."),
            child="codes",
        ),
        _links("alliances", "alliances", "LDE"),
        _code("level", Level, "bachelor"),
        _code("qualification", Qualification, "none"),
        _code("degree_award", DegreeAward, ""),
        Column("study_load", quantities.Number(), "15"),
        _code("study_load_unit", StudyLoadUnit, "ects"),
        _codes("modes_of_study", ModeOfStudy, "full_time"),
        _codes("modes_of_delivery", ModeOfDelivery, "presential; online"),
        Column(
            "teaching_languages",
            cells.ListOf(cells.LanguageTag()),
            "en",
            gettext_lazy("Codes of BCP 47."),
        ),
        _text("duration", "P10W", gettext_lazy("ISO 8601: P2Y for two years, P10W for ten weeks.")),
        Column(
            "isced_fields",
            cells.ListOf(cells.IscedField()),
            "0731",
            gettext_lazy("Fields of education of ISCED-F 2013."),
        ),
        _links("themes", "themes", "", gettext_lazy("As scheme:notation, or a label.")),
        _url("link", "https://www.example.edu/minors/cities"),
        _date("starts"),
        _date("ends"),
        *_REVIEW,
    ),
)

_PROGRAMME = _link("programme", "programmes", "catalogue:MIN-042", key=True)

_PROVIDERS = Table(
    "providers",
    ProgrammeProvider,
    (
        _PROGRAMME,
        _link("organisation", "organisations", "https://ror.org/027bh9e22", key=True),
        _code("role", ProviderRole, "coordinator"),
        _text("partner_code", "21PB", gettext_lazy("The programme's code at this partner.")),
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
        _link(
            "organisation",
            "organisations",
            "https://ror.org/027bh9e22",
            gettext_lazy("Whose students, or “guests” for those of anywhere else."),
            key=True,
        ),
        Column("ects", quantities.Number(), "15"),
        Column("places", quantities.Whole(), "40"),
        _day("application_opens", "2026-04-01"),
        _day("application_closes", "2026-06-01"),
        _url("enrolment_link", "https://www.example.edu/enrol"),
        Column("selective", cells.YesNo(), "no", codes=lambda: ["yes", "no"]),
        _texts("conditions", {}, multiline=True),
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
