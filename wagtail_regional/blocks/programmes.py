"""The list of programmes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.blocks.base import RegionalStructBlock
from wagtail_regional.blocks.checkboxes import CheckboxesBlock
from wagtail_regional.blocks.choosers import (
    AllianceChooserBlock,
    OrganisationChooserBlock,
    ProgrammeChooserBlock,
    ThemeChooserBlock,
)
from wagtail_regional.blocks.raw import Raw
from wagtail_regional.blocks.words import heading_field, rich_text_field, text_field
from wagtail_regional.filters import ProgrammeFilter, ProgrammeSelection
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.represent import Representation

#: The most programmes one block shows; more belong on a programme index.
MAXIMUM = 100

SOURCES = [
    ("alliance", _("The programmes of an alliance")),
    ("query", _("All programmes that match")),
    ("picked", _("The programmes picked below")),
]


class ProgrammeList(RegionalStructBlock):
    """Programmes: an alliance's, those that match, or hand-picked ones."""

    schema = s.RegionalProgrammeListValue
    sample_name = "programme_list"

    heading = heading_field()
    introduction = rich_text_field(label=_("Introduction"))
    source = blocks.ChoiceBlock(label=_("Show"), choices=SOURCES, default="alliance")
    alliance = AllianceChooserBlock(label=_("Alliance"), required=False)
    types = CheckboxesBlock(
        label=_("Types"),
        choices=v.ProgrammeType.choices,
        required=False,
        help_text=_("None ticked: all of them."),
    )
    levels = CheckboxesBlock(
        label=_("Levels"),
        choices=v.Level.choices,
        required=False,
        help_text=_("None ticked: all of them."),
    )
    # Not a text, which translators would be given.
    languages = blocks.RegexBlock(
        r"^[A-Za-z0-9, -]*$",
        label=_("Teaching languages"),
        required=False,
        error_messages={"invalid": _("Write codes with commas between them, such as: nl, en.")},
        help_text=_("BCP 47 codes, such as: nl, en."),
    )
    theme = ThemeChooserBlock(label=_("Theme"), required=False)
    provider = OrganisationChooserBlock(label=_("Provided by"), required=False)
    programmes = blocks.ListBlock(ProgrammeChooserBlock(), label=_("Picked programmes"), default=[])
    audience = OrganisationChooserBlock(
        label=_("For students of"),
        required=False,
        help_text=_("Only what they may take, with the terms that hold for them."),
    )
    order = blocks.ChoiceBlock(
        label=_("Order"),
        choices=[
            ("name", _("By name")),
            ("type", _("By type, then name")),
            ("starts", pgettext_lazy("order", "By start date")),
            ("given", _("As picked")),
        ],
        default="name",
    )
    maximum = blocks.IntegerBlock(
        label=_("At most"), min_value=1, max_value=MAXIMUM, default=12, required=False
    )
    show_filters = blocks.BooleanBlock(
        label=_("Let readers filter the list"), required=False, default=False
    )
    empty_text = text_field(label=_("Text when the list is empty"))

    class Meta:
        icon = "list-ol"
        label = _("Programmes")
        description = _("A list of joint programmes, minors, courses and MOOCs.")
        template = "wagtail_regional/blocks/programme_list.html"
        group = _("Partnerships")

    def problems(self, value: Any) -> dict[str, Any]:
        wanted = {"alliance": "alliance", "picked": "programmes"}.get(value["source"])
        if wanted and not value[wanted]:
            return {wanted: _("Choose what to show, or choose another source above.")}
        return {}

    def selection(self, raw: Raw) -> ProgrammeSelection | None:
        """The choice that a stored value makes; None where it makes none.

        Only the fields of the chosen source count; what an editor left in the others waits.
        """
        source = raw.text("source") or "alliance"
        picked = tuple(raw.pks("programmes"))
        alliance = raw.pk("alliance")
        if (source == "alliance" and alliance is None) or (source == "picked" and not picked):
            return None
        fields: dict[str, Any] = {"home": _one(raw.pk("audience"))}
        if source == "picked":
            fields["ids"] = picked
        elif source == "alliance":
            fields["alliance"] = _one(alliance)
            fields["type"] = raw.codes("types")
        else:
            fields |= {
                "alliance": _one(alliance),
                "type": raw.codes("types"),
                "level": raw.codes("levels"),
                "language": tuple(raw.text("languages").replace(",", " ").split()),
                "theme": _one(raw.pk("theme")),
                "provider": _one(raw.pk("provider")),
            }
        order = raw.text("order") or "name"
        return ProgrammeSelection(
            filter=ProgrammeFilter(**fields),
            order="name" if order == "given" and source != "picked" else order,
            limit=min(max(raw.number("maximum") or MAXIMUM, 1), MAXIMUM),
        )

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        needs.rich_text(raw.text("introduction"))
        if selection := self.selection(raw):
            needs.selections.append(selection)
            needs.finder |= not selection.filter.ids
            needs.themes.update(selection.filter["theme"])
        if (audience := raw.pk("audience")) is not None:
            needs.organisations.add(audience)

    def represent_fields(
        self, raw: Raw, content: Representation
    ) -> s.RegionalProgrammeListValue | None:
        selection = self.selection(raw)
        programmes, total = content.mentions_selected(selection) if selection else ([], 0)
        audience = content.organisation_reference(raw.pk("audience"))
        with content.context.reading():
            nothing = gettext("There are no programmes to show now.")
        more = raw.flag("show_filters") or total > len(programmes)
        return self.schema.shape(
            heading=raw.text("heading"),
            introduction=content.rich_text(raw.text("introduction")),
            audience=audience,
            programmes=programmes,
            total=total,
            show_filters=raw.flag("show_filters"),
            finder_url=content.finder_url(selection) if selection and more else None,
            empty_text=raw.text("empty_text") or nothing,
        )


def _one(pk: int | None) -> tuple[int, ...]:
    return () if pk is None else (pk,)
