"""Parts of a row: members of an alliance, providers of and access to a programme.

Parts are added, or changed where the same one is there. One that the file does not mention is left
alone, unless its row says to remove it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_regional.imports.assigning import assign
from wagtail_regional.imports.columns import GUESTS, Table
from wagtail_regional.imports.directory import Entry
from wagtail_regional.imports.plans import Change, PartPlan, Resolver, RowPlan
from wagtail_regional.imports.problems import Place, Problems
from wagtail_regional.imports.records import CLEAR, Record, Reference
from wagtail_regional.models import Alliance, Programme
from wagtail_regional.names import name_key


class Present:
    """The parts that a row has, by what tells them: a thousand parts are looked up as fast as two.

    Args:
        keys_of: the keys of a part; it is found by each of them.
    """

    def __init__(self, rows: Iterable[Any], keys_of: Callable[[Any], Iterable[Hashable]]) -> None:
        self._keys_of = keys_of
        self._rows: dict[int, Any] = {}
        self._keys: dict[int, tuple[Hashable, ...]] = {}
        self._by_key: dict[Hashable, dict[int, Any]] = {}
        for row in rows:
            self.put(row)

    def put(self, row: Any) -> None:
        """Add a part, or find it by the keys that it has now."""
        self._forget(row)
        self._rows[id(row)] = row
        self._keys[id(row)] = keys = tuple(dict.fromkeys(self._keys_of(row)))
        for key in keys:
            self._by_key.setdefault(key, {})[id(row)] = row

    def remove(self, row: Any) -> None:
        self._forget(row)
        del self._rows[id(row)]

    def _forget(self, row: Any) -> None:
        for key in self._keys.pop(id(row), ()):
            del self._by_key[key][id(row)]

    def find(self, keys: Iterable[Hashable]) -> list[Any]:
        """The parts with any of these keys, each once."""
        found: dict[int, Any] = {}
        for key in keys:
            found |= self._by_key.get(key, {})
        return list(found.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows.values())


class PartKeeper:
    """Compares the parts of one table with those a row has.

    Args:
        table: of the parts.
        planner: which resolves what they name, and keeps the problems.
    """

    def __init__(self, table: Table, planner: Resolver) -> None:
        self.table = table
        self.planner = planner
        #: What each row would have, for checking them together.
        self.rows: dict[int, list[Any]] = {}

    @property
    def problems(self) -> Problems:
        return self.planner.problems

    def plan(self, owner: RowPlan, rows: list[Any], records: Iterable[Record]) -> list[PartPlan]:
        """What happens to the parts of `owner`.

        Args:
            owner: the row they hang on.
            rows: the parts it has.
            records: what the file says of its parts.
        """
        present = Present(rows, self.keys_of)
        places: dict[int, Place] = {}
        plans = []
        for record in records:
            if plan := self._plan_one(owner, present, places, record):
                plans.append(plan)
        self.rows = {owner.entry.number: list(present)}
        return plans

    def _plan_one(
        self, owner: RowPlan, present: Present, places: dict[int, Place], record: Record
    ) -> PartPlan | None:
        links = self._links(record)
        if links is None:
            return None
        found = self.find(present, record, links)
        if len(found) > 1:
            self.problems.add(
                record.place,
                "",
                self.label(links, record),
                _("%(count)d rows fit. Give the date it starts, to say which is meant.")
                % {"count": len(found)},
            )
            return None
        row = found[0] if found else None
        label = self.label(links, record)
        if row is not None and (place := places.get(id(row))):
            self._refuse_second(record, place, label)
            return None
        if record.values.get("remove") is True:
            return self._remove(present, places, row, record, label)
        plan = PartPlan(self.table.name, "same" if row else "add", row, record.place, label)
        if row is None:
            plan.row = row = self._new(owner, present, links, plan)
        places[id(row)] = record.place
        for name, value in record.values.items():
            column = self.table.by_name[name]
            if column.key:
                continue
            changes = assign(row, column, value)
            plan.changes += [Change(*each) for each in changes]
            if changes:
                plan.fields.add(name)
        if plan.fields and plan.action == "same":
            plan.action = "change"
        self.after(row, record, plan)
        present.put(row)
        return plan

    def _refuse_second(self, record: Record, place: Place, label: str) -> None:
        if place == record.place:
            # One item names it twice: as its organisation, and among all its partners.
            return
        message = _("This is the same as %(other)s. Take one of the two out.")
        self.problems.add(record.place, "", label, message % {"other": place})

    def _remove(
        self, present: Present, places: dict[int, Place], row: Any, record: Record, label: str
    ) -> PartPlan | None:
        # Removed the last time: a second run changes nothing.
        if row is None:
            self.problems.ledger.settle(record.place, "same")
            return None
        places[id(row)] = record.place
        present.remove(row)
        return PartPlan(self.table.name, "remove", row, record.place, label)

    def _new(
        self, owner: RowPlan, present: Present, links: dict[str, Entry], plan: PartPlan
    ) -> Any:
        row = self.table.model(sort_order=len(present))
        setattr(row, f"{self.table.parent}_id", owner.entry.key)
        for name, target in links.items():
            setattr(row, f"{name}_id", target.key)
            if target.pk is None:
                plan.pending[name] = target
        return row

    def _links(self, record: Record) -> dict[str, Entry] | None:
        """The rows that a record names, by column; None when one of them is not there."""
        found: dict[str, Entry] = {}
        complete = True
        for column in self.table.columns:
            value = record.values.get(column.name)
            if column.name == self.table.parent or not isinstance(value, Reference):
                continue
            target = self.planner.resolve(column.links, value, record.place, column.name)
            if target is None:
                complete = False
            else:
                found[column.name] = target
        return found if complete else None

    def keys_of(self, row: Any) -> Iterable[Hashable]:
        """What tells a part."""
        return (row.organisation_id,)

    def find(self, present: Present, record: Record, links: dict[str, Entry]) -> list[Any]:
        """Those of the parts that a record may be about."""
        target = links.get("organisation")
        return present.find((target.key if target else None,))

    def label(self, links: dict[str, Entry], record: Record) -> str:
        """What to call a part."""
        return ", ".join(target.label for target in links.values())

    def after(self, row: Any, record: Record, plan: PartPlan) -> None:
        """Finish a row that has its values."""

    def check_together(self, owner: RowPlan, problems: Problems) -> None:
        """Check what holds of all parts of a row together."""

    def _together(self, owner: RowPlan, fields: set[str], check: Any) -> None:
        touched = any(
            part.action != "same" for part in owner.parts if part.table == self.table.name
        )
        if not (touched or owner.fields & fields or owner.entry.pk is None):
            return
        try:
            check(self.rows.get(owner.entry.number, []))
        except ValidationError as error:
            self.problems.take(owner.place, error)


class MemberKeeper(PartKeeper):
    """Members: the same one may come back in a later period, or have several roles."""

    def keys_of(self, row: Any) -> Iterable[Hashable]:
        return _member_keys(row.organisation_id, row.member_alliance_id, row.group_label)

    def find(self, present: Present, record: Record, links: dict[str, Entry]) -> list[Any]:
        role = record.values.get("role")
        organisation, alliance = (
            links[name].key if name in links else None
            for name in ("organisation", "member_alliance")
        )
        labels = record.values.get("group_label", {})
        rows = [
            row
            for row in present.find(_member_keys(organisation, alliance, labels))
            if not role or row.role == role
        ]
        starts, ends = (self._date(record, name) for name in ("starts", "ends"))
        exact = [row for row in rows if starts and row.starts == starts]
        if starts and record.values.get("remove") is True:
            # Nothing else: taken out already, it must not take another period with it.
            return exact
        return exact or [row for row in rows if _meets(row, starts, ends)]

    def _date(self, record: Record, name: str) -> Any:
        value = record.values.get(name)
        return None if value is CLEAR else value

    def label(self, links: dict[str, Entry], record: Record) -> str:
        texts = record.values.get("group_label", {}).values()
        return super().label(links, record) or next((str(text) for text in texts), "")

    def after(self, row: Any, record: Record, plan: PartPlan) -> None:
        # The label tells which group it is; in a further language it is a value.
        if given := record.values.get("group_label"):
            changes = assign(row, self.table.by_name["group_label"], given)
            plan.changes += [Change(*each) for each in changes]
            if changes:
                plan.fields.add("group_label")
                if plan.action == "same":
                    plan.action = "change"
        if (target := plan.pending.get("member_alliance")) is not None:
            # Its name is needed should something be wrong; in the database it is not yet.
            row.member_alliance = Alliance(pk=target.key, name={"en": target.label})

    def check_together(self, owner: RowPlan, problems: Problems) -> None:
        self._together(owner, {"type", "starts", "ends"}, owner.row.check_members)


def _member_keys(
    organisation: int | None, alliance: int | None, labels: Mapping[str, Any]
) -> Iterator[Hashable]:
    """What tells a member: who it is, and for a group each of its labels."""
    keys: list[str | None] = [name_key(str(text)) for text in labels.values()]
    for label in keys or [None]:
        yield organisation, alliance, label


def _meets(row: Any, starts: Any, ends: Any) -> bool:
    """Whether the period of a row and another one have a day in common."""
    first = starts.first_day if starts else dt.date.min
    last = ends.last_day if ends else dt.date.max
    row_first = row.starts.first_day if row.starts else dt.date.min
    row_last = row.ends.last_day if row.ends else dt.date.max
    return row_first <= last and first <= row_last


class ProviderKeeper(PartKeeper):
    def check_together(self, owner: RowPlan, problems: Problems) -> None:
        self._together(owner, {"degree_award"}, owner.row.check_providers)


class AccessKeeper(PartKeeper):
    def label(self, links: dict[str, Entry], record: Record) -> str:
        return super().label(links, record) or GUESTS

    def after(self, row: Any, record: Record, plan: PartPlan) -> None:
        # `clean` looks for other terms for guests, which `find` has seen to already.
        key = row.programme_id
        row.programme = Programme()
        row.__dict__["programme_id"] = key


_KEEPERS = {"members": MemberKeeper, "providers": ProviderKeeper, "access": AccessKeeper}


def keeper_for(table: Table, planner: Resolver) -> PartKeeper:
    return _KEEPERS[table.name](table, planner)
