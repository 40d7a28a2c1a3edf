"""What eduXchange adds to the Open Education API: the alliances in which a course is offered, and
on which terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from wagtail_regional.imports import cells
from wagtail_regional.imports.formats.json_values import TEXT, JsonObject, Values, is_nothing
from wagtail_regional.imports.formats.oeapi.items import Item
from wagtail_regional.imports.kinds import PROGRAMMES
from wagtail_regional.imports.records import Reference

_ACCESS: Final = PROGRAMMES.table("access")
_YES_NO: Final = cells.YesNo()


class Exchange:
    """What the extension for eduXchange says of a programme."""

    def __init__(self, item: Item) -> None:
        self.item = item
        # v5 has a list of consumers, v6 the one that was asked for.
        self.consumers = [
            *item.itself.objects("consumers", having=("consumerKey",)),
            *item.itself.objects("consumer", having=("consumerKey",)),
        ]
        self.alliances: list[tuple[str, JsonObject]] = []
        for consumer in self.consumers:
            if consumer.text("consumerKey").lower() == "eduxchange":
                self._take_alliances(consumer)

    def _take_alliances(self, consumer: JsonObject) -> None:
        for alliance in consumer.objects("alliances"):
            if name := alliance.text("name"):
                self.alliances.append((name, alliance))
            elif is_nothing(alliance.raw.get("name")):
                alliance.wrong("name", "", _("It is missing. Write which alliance is meant."))

    def relate(self, values: Values) -> None:
        """Add the alliances and their themes."""
        if not self.alliances:
            return
        names = dict.fromkeys(name for name, _alliance in self.alliances)
        values.found["alliances"] = [Reference((f"acronym:{name}", name)) for name in names]
        themes = [
            theme
            for _name, alliance in self.alliances
            # v2.1 has a list; where that is present, the older single theme is ignored.
            for theme in alliance.read_all(TEXT, "themes", "theme")
        ]
        if themes:
            values.found["themes"] = [Reference((theme,)) for theme in dict.fromkeys(themes)]

    def partner_codes(self) -> list[str]:
        """The codes of the partners of a joint programme."""
        sources = [*(alliance for _name, alliance in self.alliances), *self.consumers]
        codes = [code for each in sources for code in each.read_all(TEXT, "jointPartnerCodes")]
        return list(dict.fromkeys(codes))

    def access(
        self, providers: Sequence[tuple[Reference, dict[str, Any]]]
    ) -> Iterator[dict[str, Any]]:
        """The terms that the alliances state: for students of the provider, and for guests."""
        own = self._terms("visibleForOwnStudents", "enrolmentUrl", "enrollmentUrl")
        guests = self._terms("visibleForGuests", "enrolmentUrlForGuests", "enrollmentUrlForGuests")
        if own is not None and providers:
            yield {"organisation": providers[0][0], **own}
        if guests is not None:
            yield guests

    def _terms(self, visible: str, *links: str) -> dict[str, Any] | None:
        stated = [alliance for _name, alliance in self.alliances if alliance.read(_YES_NO, visible)]
        if not stated:
            return None
        values = Values(_ACCESS, {})
        given = [bool(alliance.read(_YES_NO, "selection")) for alliance in stated]
        values.found["selective"] = stated[0].only("selection", given)
        cell = values.column("enrolment_link").cell
        addresses = [each for alliance in stated if (each := alliance.read(cell, *links))]
        name, _value = stated[0].find(*links)
        values.put("enrolment_link", stated[0], name, stated[0].only(name, addresses))
        return values.found
