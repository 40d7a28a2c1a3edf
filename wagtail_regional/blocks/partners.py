"""Blocks about partners and what is done with them: grid, map, projects, numbers."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_regional import schemas as s
from wagtail_regional.addresses import is_http
from wagtail_regional.blocks.base import CheckedStructBlock, RegionalStructBlock
from wagtail_regional.blocks.choosers import (
    AllianceChooserBlock,
    OrganisationChooserBlock,
    ProjectChooserBlock,
)
from wagtail_regional.blocks.raw import Raw
from wagtail_regional.blocks.words import heading_field, text_field
from wagtail_regional.lifecycle import CURRENT_STATUSES, Status
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.represent import Representation
from wagtail_regional.representation.shapes.orders import in_project_order


class _PartnersBlock(RegionalStructBlock):
    """Partners: the members of an alliance, and others the editor picks."""

    heading = heading_field()
    alliance = AllianceChooserBlock(
        label=_("Members of"), required=False, help_text=_("Its current members are shown.")
    )
    organisations = blocks.ListBlock(
        OrganisationChooserBlock(), label=_("And these organisations"), default=[]
    )

    def problems(self, value: Any) -> dict[str, Any]:
        if value["alliance"] or value["organisations"]:
            return {}
        return {"alliance": _("Choose an alliance, or at least one organisation.")}

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        if (pk := raw.pk("alliance")) is not None:
            needs.alliances.add(pk)
            needs.members_of.add(pk)
        needs.organisations.update(raw.pks("organisations"))

    def partner_ids(self, raw: Raw, content: Representation) -> list[int]:
        """The partners to show, each once: members in their order, then the picked ones."""
        pk = raw.pk("alliance")
        members = content.member_organisation_ids(pk) if pk in content.rows.alliances else []
        return list(dict.fromkeys([*members, *raw.pks("organisations")]))


class PartnerGridBlock(_PartnersBlock):
    """Partners with their logos."""

    schema = s.RegionalPartnerGridValue
    sample_name = "partner_grid"

    class Meta:
        icon = "group"
        label = _("Partners")
        description = _("A grid of partner organisations with their logos.")
        template = "wagtail_regional/blocks/partner_grid.html"
        group = _("Partnerships")

    def represent_fields(
        self, raw: Raw, content: Representation
    ) -> s.RegionalPartnerGridValue | None:
        partners = [p for p in map(content.organisation, self.partner_ids(raw, content)) if p]
        if not partners:
            return None
        return s.RegionalPartnerGridValue.shape(heading=raw.text("heading"), partners=partners)


class PartnerMapBlock(_PartnersBlock):
    """Where partners are: a list by place, and a map that repeats it."""

    schema = s.RegionalPartnerMapValue
    sample_name = "partner_map"

    class Meta:
        icon = "site"
        label = _("Partners by place")
        description = _("Where partner organisations are, on a map and as a list.")
        template = "wagtail_regional/blocks/partner_map.html"
        group = _("Partnerships")

    def represent_fields(
        self, raw: Raw, content: Representation
    ) -> s.RegionalPartnerMapValue | None:
        places, elsewhere = [], []
        for pk in self.partner_ids(raw, content):
            partner = content.organisation(pk)
            if partner is None:
                continue
            row = content.rows.organisations[pk]
            if row.latitude is None:
                elsewhere.append(partner)
                continue
            places.append(
                s.RegionalPlace.shape(
                    partner=partner, latitude=float(row.latitude), longitude=float(row.longitude)
                )
            )
        if not places and not elsewhere:
            return None
        return s.RegionalPartnerMapValue.shape(
            heading=raw.text("heading"), places=places, elsewhere=elsewhere
        )


class ProjectListBlock(RegionalStructBlock):
    """Projects, the running ones apart from those that have ended."""

    schema = s.RegionalProjectListValue
    sample_name = "project_list"

    heading = heading_field()
    alliance = AllianceChooserBlock(label=_("Projects of"), required=False)
    projects = blocks.ListBlock(ProjectChooserBlock(), label=_("And these projects"), default=[])
    show_ended = blocks.BooleanBlock(
        label=_("Also show ended projects"), required=False, default=True
    )

    class Meta:
        icon = "tasks"
        label = _("Projects")
        description = _("Projects of an alliance, or ones you pick.")
        template = "wagtail_regional/blocks/project_list.html"
        group = _("Partnerships")

    def problems(self, value: Any) -> dict[str, Any]:
        if value["alliance"] or value["projects"]:
            return {}
        return {"alliance": _("Choose an alliance, or at least one project.")}

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        if (pk := raw.pk("alliance")) is not None:
            needs.alliances.add(pk)
        needs.projects.update(raw.pks("projects"))

    def represent_fields(
        self, raw: Raw, content: Representation
    ) -> s.RegionalProjectListValue | None:
        pk, rows = raw.pk("alliance"), content.rows
        entries = list(rows.alliances[pk].projects) if pk in rows.alliances else []
        entries += [rows.projects[each] for each in raw.pks("projects") if each in rows.projects]
        projects = {str(entry["pk"]): content.project(entry) for entry in entries}
        in_order = in_project_order(projects.values())
        current = [p for p in in_order if p.lifecycle.status != Status.ENDED]
        ended = [p for p in in_order if p.lifecycle.status == Status.ENDED]
        if not raw.flag("show_ended", default=True):
            ended = []
        if not current and not ended:
            return None
        return s.RegionalProjectListValue.shape(
            heading=raw.text("heading"), current=current, ended=ended
        )


COUNTS = [
    ("members", _("Current members of the alliance")),
    ("centres", _("Current centres and other parts of the alliance")),
    ("projects", _("Current projects of the alliance")),
    ("programmes", _("Programmes of the alliance")),
    ("alliances", _("All alliances in the registry")),
    ("organisations", _("All organisations in the registry")),
    ("all_projects", _("All projects in the registry")),
    ("all_programmes", _("All programmes in the registry")),
]
_OF_ALLIANCE = ("members", "centres", "projects", "programmes")


class FactBlock(CheckedStructBlock):
    """One number: counted by the registry, or typed with its date and source."""

    label = blocks.CharBlock(
        label=_("What it is"), max_length=255, help_text=_("Such as “joint centres”.")
    )
    count = blocks.ChoiceBlock(label=_("Count"), choices=COUNTS, required=False)
    alliance = AllianceChooserBlock(label=_("Alliance"), required=False)
    value = text_field(
        label=_("Or a typed value"),
        max_length=50,
        help_text=_("Such as “€ 2.5 m”."),
    )
    as_of = blocks.DateBlock(label=_("True on"), required=False)
    source_text = text_field(label=_("Source"))
    source_url = blocks.URLBlock(label=_("Address of the source"), required=False)

    class Meta:
        icon = "order"
        label = _("Fact")

    def problems(self, value: Any) -> dict[str, Any]:
        if bool(value["count"]) == bool(value["value"]):
            return {"count": _("Choose what to count, or type a value: one of the two.")}
        if value["count"] in _OF_ALLIANCE and not value["alliance"]:
            return {"alliance": _("Choose the alliance to count for.")}
        if value["value"] and not value["as_of"]:
            return {"as_of": _("A typed value goes stale: say on which date it was true.")}
        return {}


class FactsBlock(RegionalStructBlock):
    """Numbers that stay true: counted from the registry, or dated and sourced."""

    schema = s.RegionalFactsValue
    sample_name = "facts"

    heading = heading_field()
    facts = blocks.ListBlock(FactBlock(), label=_("Facts"), min_num=1)

    class Meta:
        icon = "order"
        label = _("Facts and figures")
        description = _("Numbers counted from the registry, or typed with date and source.")
        template = "wagtail_regional/blocks/facts.html"
        group = _("Partnerships")

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        for fact in raw.structs("facts"):
            count, pk = fact.text("count"), fact.pk("alliance")
            needs.totals = needs.totals or bool(count and count not in _OF_ALLIANCE)
            if pk is None:
                continue
            needs.alliances.add(pk)
            if count == "centres":
                needs.alliance_parts.add(pk)

    def represent_fields(self, raw: Raw, content: Representation) -> s.RegionalFactsValue | None:
        facts = [fact for each in raw.structs("facts") if (fact := _fact(each, content))]
        if not facts:
            return None
        return s.RegionalFactsValue.shape(heading=raw.text("heading"), facts=facts)


def _fact(raw: Raw, content: Representation) -> s.RegionalFact | None:
    if kind := raw.text("count"):
        number = _counted(kind, raw.pk("alliance"), content)
        if number is None:
            return None
        with content.context.reading():
            written = number_format(number)
        return s.RegionalFact.shape(value=written, label=raw.text("label"), computed=True)
    if not raw.text("value"):
        return None
    as_of, url = raw.date("as_of"), raw.text("source_url")
    with content.context.reading():
        as_of_text = date_format(as_of) if as_of else None
    return s.RegionalFact.shape(
        value=raw.text("value"),
        label=raw.text("label"),
        computed=False,
        as_of=as_of.isoformat() if as_of else None,
        as_of_text=as_of_text,
        source=(
            s.RegionalLink.shape(text=raw.text("source_text") or url, url=url, kind="external")
            if is_http(url)
            else None
        ),
    )


def _counted(kind: str, pk: int | None, content: Representation) -> int | None:
    """What the registry counts today; None when there is nothing to count for."""
    if kind not in _OF_ALLIANCE:
        return content.rows.totals.get(kind.removeprefix("all_"))
    if pk not in content.rows.alliances:
        return None
    if kind == "members":
        # An unnamed group counts for as many as it says.
        return sum(member.count or 1 for member in content.members(pk)[0])
    if kind == "programmes":
        return content.rows.alliances[pk].programmes_total
    parts = content.parts_of(pk) if kind == "centres" else content.projects(pk)
    return sum(part.lifecycle.status in CURRENT_STATUSES for part in parts)
