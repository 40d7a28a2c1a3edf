"""Blocks about alliances: the alliance itself, its recognitions, its history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from wagtail_regional import schemas as s
from wagtail_regional.blocks.base import CheckedStructBlock, RegionalStructBlock
from wagtail_regional.blocks.checkboxes import CheckboxesBlock
from wagtail_regional.blocks.choosers import AllianceChooserBlock
from wagtail_regional.blocks.links import LinkBlock, collect_link, represent_links
from wagtail_regional.blocks.raw import Raw
from wagtail_regional.blocks.words import heading_field, image_parts, rich_text_field
from wagtail_regional.fields import PartialDate
from wagtail_regional.lifecycle import Status
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.represent import Representation
from wagtail_regional.representation.shapes.orders import in_time_order

SECTIONS = [
    ("members", _("Members")),
    ("former_members", _("Former members")),
    ("centres", _("Its centres and other parts")),
    ("projects", _("Projects")),
    ("programmes", _("Programmes")),
    ("timeline", _("Timeline")),
]


class AllianceBlock(RegionalStructBlock):
    """An alliance: the editor's words, and the facts the registry has.

    When the alliance has ended, publishing asks that "show as history" be ticked: a decision,
    not an accident. One that ends later turns its wording to the past by itself.
    """

    schema = s.RegionalAllianceValue
    sample_name = "alliance"

    alliance = AllianceChooserBlock(label=_("Alliance"))
    heading = heading_field(help_text=_("Left empty, the alliance's name is used."))
    text = rich_text_field()
    image = ImageBlock(label=_("Image"), required=False)
    show = CheckboxesBlock(
        label=_("What to show"),
        choices=SECTIONS,
        default=["members", "centres"],
        required=False,
        help_text=_("Tick what readers are to see below the text."),
    )
    show_as_history = blocks.BooleanBlock(
        label=_("Show as history"),
        required=False,
        help_text=_("For an alliance that has ended: readers are told so, in the past tense."),
    )
    links = blocks.ListBlock(LinkBlock(), label=_("Links"), default=[])

    class Meta:
        icon = "globe"
        label = _("Alliance")
        description = _("An alliance with its members, centres, projects and programmes.")
        template = "wagtail_regional/blocks/alliance.html"
        group = _("Partnerships")

    def problems(self, value: Any) -> dict[str, Any]:
        alliance = value.get("alliance")
        ended = alliance is not None and alliance.status == Status.ENDED
        if not ended or value["show_as_history"]:
            return {}
        message = _(
            "%(alliance)s has ended (%(status)s). Tick “Show as history” to tell it in the "
            "past, or choose the alliance that came after it."
        ) % {"alliance": alliance, "status": alliance.get_status_display()}
        return {"show_as_history": message}

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        needs.rich_text(raw.text("text"))
        needs.image("figure", image_parts(raw, "image")[0])
        for link in raw.structs("links"):
            collect_link(link, needs)
        pk, show = raw.pk("alliance"), raw.codes("show")
        if pk is None:
            return
        needs.alliances.add(pk)
        if "centres" in show:
            needs.alliance_parts.add(pk)
        if "programmes" in show:
            needs.alliance_programmes.add(pk)

    def represent_fields(self, raw: Raw, content: Representation) -> s.RegionalAllianceValue | None:
        pk = raw.pk("alliance")
        alliance = content.alliance(pk)
        if pk is None or alliance is None:
            return None
        current, former = content.members(pk)
        sections: dict[str, Callable[[], Any]] = {
            "members": lambda: current,
            "former_members": lambda: former,
            "centres": lambda: content.centres(pk),
            "projects": lambda: content.projects(pk),
            "programmes": lambda: content.mentions_of(pk),
            "timeline": lambda: content.timeline(pk),
        }
        show = raw.codes("show")
        return self.schema.shape(
            alliance=alliance,
            heading=raw.text("heading") or alliance.name,
            text=content.rich_text(raw.text("text")),
            image=content.image("figure", *image_parts(raw, "image")),
            is_past=alliance.lifecycle.status == Status.ENDED,
            links=represent_links(raw.structs("links"), content),
            programmes_total=(
                content.rows.alliances[pk].programmes_total if "programmes" in show else None
            ),
            **{name: read() if name in show else None for name, read in sections.items()},
        )


class RecognitionsBlock(RegionalStructBlock):
    """Titles and labels that alliances were given."""

    schema = s.RegionalRecognitionsValue
    sample_name = "recognitions"

    heading = heading_field()
    alliances = blocks.ListBlock(AllianceChooserBlock(), label=_("Of these alliances"), min_num=1)

    class Meta:
        icon = "success"
        label = _("Recognitions")
        description = _("Titles and labels that alliances hold or held.")
        template = "wagtail_regional/blocks/recognitions.html"
        group = _("Partnerships")

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        needs.alliances.update(raw.pks("alliances"))

    def represent_fields(
        self, raw: Raw, content: Representation
    ) -> s.RegionalRecognitionsValue | None:
        found = [item for pk in raw.pks("alliances") for item in content.recognitions(pk)]
        if not found:
            return None
        return s.RegionalRecognitionsValue.shape(heading=raw.text("heading"), recognitions=found)


class EventBlock(CheckedStructBlock):
    """A moment that the registry does not know of."""

    # Not a text, which translators would be given.
    date = blocks.RegexBlock(
        r"^[0-9]{4}(-[0-9]{2}){0,2}$",
        label=_("Date"),
        error_messages={
            "invalid": _("Write a year (2014), a month (2014-02) or a day (2014-02-28).")
        },
        help_text=_("A year (2014), a month (2014-02) or a day (2014-02-28)."),
    )
    title = blocks.CharBlock(label=_("What happened"), max_length=255)
    text = rich_text_field()

    class Meta:
        icon = "date"
        label = _("Event")

    def problems(self, value: Any) -> dict[str, Any]:
        try:
            PartialDate.parse(value["date"])
        except ValueError as error:
            return {"date": str(error)}
        return {}


class TimelineBlock(RegionalStructBlock):
    """What happened when: from the registry, and as the editor tells it."""

    schema = s.RegionalTimelineValue
    sample_name = "timeline"

    heading = heading_field()
    alliance = AllianceChooserBlock(
        label=_("Alliance"),
        required=False,
        help_text=_("Its start, end, members, recognitions and projects are filled in."),
    )
    events = blocks.ListBlock(EventBlock(), label=_("Further events"), default=[])

    class Meta:
        icon = "history"
        label = _("Timeline")
        description = _("The history of an alliance, with events of your own.")
        template = "wagtail_regional/blocks/timeline.html"
        group = _("Partnerships")

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        if (pk := raw.pk("alliance")) is not None:
            needs.alliances.add(pk)
        for event in raw.structs("events"):
            needs.rich_text(event.text("text"))

    def represent_fields(self, raw: Raw, content: Representation) -> s.RegionalTimelineValue | None:
        pk = raw.pk("alliance")
        known = content.timeline(pk) if pk in content.rows.alliances else []
        own = [event for each in raw.structs("events") if (event := _own_event(each, content))]
        events = in_time_order([*known, *own])
        if not events:
            return None
        return s.RegionalTimelineValue.shape(heading=raw.text("heading"), events=events)


def _own_event(raw: Raw, content: Representation) -> s.RegionalEvent | None:
    try:
        date = PartialDate.parse(raw.text("date"))
    except ValueError:
        return None
    return s.RegionalEvent.shape(
        date=str(date),
        date_text=content.date(date),
        kind="note",
        title=raw.text("title"),
        text=content.rich_text(raw.text("text")),
    )
