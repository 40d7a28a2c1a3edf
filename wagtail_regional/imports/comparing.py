"""What an import would change in one row: its columns, its relations and its parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_regional.imports.assigning import assign
from wagtail_regional.imports.columns import Column
from wagtail_regional.imports.country_points import look_swapped
from wagtail_regional.imports.directory import Entry
from wagtail_regional.imports.kinds import CHILDREN, Kind
from wagtail_regional.imports.parts import PartKeeper
from wagtail_regional.imports.plans import Change, RowPlan
from wagtail_regional.imports.records import CLEAR, Record
from wagtail_regional.models import Dated
from wagtail_regional.models.base import add_months


class Comparison:
    """Compares what a file says of a row with what the registry has.

    Args:
        planner: what finds the rows that others name, and takes problems.
        plan: where changes are noted; its row gets the new values.
        related: what hangs on the rows of the batch.
    """

    def __init__(self, planner: Any, plan: RowPlan, related: Related) -> None:
        self.planner = planner
        self.plan = plan
        self.related = related

    def take(self, record: Record) -> None:
        for name, value in record.values.items():
            column = self.planner.kind.main.by_name[name]
            if column.key:
                continue
            if column.child:
                self._children(column, value, record)
            elif column.links and column.several:
                self._relation(column, value, record)
            elif column.links:
                self._link(column, value, record)
            else:
                changes = assign(self.plan.row, column, value)
                self.plan.changes += [Change(*each) for each in changes]
                if changes:
                    self.plan.fields.add(name)
        if "ror_id" in self.plan.fields:
            self._refuse_taken_ror(record)

    def _link(self, column: Column, value: Any, record: Record) -> None:
        target: Entry | None = None
        if value is not CLEAR:
            target = self.planner.resolve(column.links, value, record.place, column.name)
            if target is None:
                return
        attribute = f"{column.name}_id"
        old = getattr(self.plan.row, attribute)
        new = target.key if target else None
        if old == new:
            return
        directory = self.planner.directories[column.links]
        self.plan.changes.append(
            Change(
                column.name,
                directory.by_pk[old].label if old in directory.by_pk else "",
                target.label if target else "",
            )
        )
        self.plan.fields.add(column.name)
        setattr(self.plan.row, attribute, new)
        if target is not None and target.pk is None:
            self.plan.pending[column.name] = target
        if column.name in self.planner.kind.loops:
            above = {**(self.plan.entry.above or {})}
            above.pop(column.name, None)
            self.plan.entry.above = {**above, column.name: target} if target else above

    def _relation(self, column: Column, value: Any, record: Record) -> None:
        directory = self.planner.directories[column.links]
        old = self.related.relation(column.name, self.plan.entry.pk)
        new: dict[int, Entry] = {}
        for reference in () if value is CLEAR else value:
            target = self.planner.resolve(column.links, reference, record.place, column.name)
            if target is not None:
                new[target.key] = target
        gone = [] if column.name in record.adds else [pk for pk in old if pk not in new]
        added = [target for key, target in new.items() if key not in old]
        if not gone and not added:
            return
        labels = [directory.by_pk[pk].label if pk in directory.by_pk else str(pk) for pk in old]
        kept = [label for pk, label in zip(old, labels, strict=True) if pk not in gone]
        self.plan.changes.append(
            Change(
                column.name,
                "; ".join(labels),
                "; ".join([*kept, *(target.label for target in added)]),
            )
        )
        self.plan.relations[column.name] = added, gone

    def _children(self, column: Column, value: Any, record: Record) -> None:
        model, owner = CHILDREN[column.child]
        old = {
            (child.scheme, child.value): child
            for child in self.related.children(column.child, self.plan.entry.pk)
        }
        new = {} if value is CLEAR else dict.fromkeys(value)
        gone = {} if column.name in record.adds else {code: None for code in old if code not in new}
        added = [code for code in new if code not in old]
        if not gone and not added:
            return
        rows = [model(scheme=scheme, value=text) for scheme, text in added]
        for child in rows:
            self.planner.check(child, {owner}, record.place, column.name)
        write = column.cell.write
        kept = [code for code in old if code not in gone]
        self.plan.changes.append(Change(column.name, write(list(old)), write([*kept, *added])))
        self.plan.children[column.child] = rows, [old[code] for code in gone]

    def _refuse_taken_ror(self, record: Record) -> None:
        owner = self.planner.own.rors.get(self.plan.row.ror_id)
        if owner is self.plan.entry:
            self.plan.takes_over_ror = self.plan.row.ror_id in self.planner.own.handed_over
        elif owner is not None:
            self.planner.problems.add(
                record.place,
                "ror_id",
                self.plan.row.ror_id,
                _("Another organisation has this ROR id already: %(name)s.")
                % {"name": owner.label},
            )

    def take_parts(self, records: Iterable[Record]) -> None:
        by_table: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            by_table[record.table].append(record)
        for name, keeper in self.planner.keepers.items():
            rows = self.related.parts(name, self.plan.entry.pk)
            self.plan.parts += keeper.plan(self.plan, rows, by_table.get(name, []))

    def settle_review_date(self, old: Any) -> None:
        """What saving a row does for each by itself (`RegistryEntry.save`)."""
        row = self.plan.row
        new = self.plan.entry.pk is None
        if not (new or self.plan.fields):
            return
        if row.review_by is None:
            row.review_by = add_months(timezone.localdate(), self.planner.months)
        ends = row.period[1] if isinstance(row, Dated) else None
        if ends:
            row.review_by = min(row.review_by, ends.last_day)
        if new:
            return
        self.plan.fields.discard("review_by")
        self.plan.changes = [change for change in self.plan.changes if change.column != "review_by"]
        if row.review_by != old:
            self.plan.fields.add("review_by")
            self.plan.changes.append(Change("review_by", str(old or ""), str(row.review_by)))

    def hint_swapped(self) -> None:
        """Ask about coordinates that would be in the row's country the other way round."""
        if not self.plan.fields & {"latitude", "longitude"}:
            return
        row = self.plan.row
        if row.latitude is None or row.longitude is None:
            return
        if look_swapped(row.country, float(row.latitude), float(row.longitude)):
            value = f"{row.latitude}, {row.longitude}"
            reason = _("Are latitude and longitude swapped? The other way round it is more likely.")
            self.planner.problems.add(self.plan.place, "latitude", value, reason, warning=True)


class Related:
    """What hangs on the rows of a batch: a query for each relation, when it is asked for."""

    def __init__(self, kind: Kind, pks: list[int], keepers: dict[str, PartKeeper]) -> None:
        self.kind = kind
        self.pks = pks
        self.keepers = keepers
        self._found: dict[tuple[str, str], dict[int, list[Any]]] = {}

    def _get(self, what: str, name: str, pk: int | None, load: Any) -> list[Any]:
        if pk is None:
            return []
        if (what, name) not in self._found:
            found: dict[int, list[Any]] = defaultdict(list)
            for owner, value in load():
                found[owner].append(value)
            self._found[what, name] = found
        return self._found[what, name].get(pk, [])

    def relation(self, name: str, pk: int | None) -> list[int]:
        """The keys that a many-to-many field holds."""
        model_field = self.kind.model._meta.get_field(name)
        source, target = model_field.m2m_field_name(), model_field.m2m_reverse_field_name()

        def load() -> Any:
            through = model_field.remote_field.through
            rows = through.objects.filter(**{f"{source}__in": self.pks}).order_by("pk")
            return rows.values_list(f"{source}_id", f"{target}_id")

        return self._get("relation", name, pk, load)

    def children(self, accessor: str, pk: int | None) -> list[Any]:
        model, owner = CHILDREN[accessor]

        def load() -> Any:
            for child in model.objects.filter(**{f"{owner}__in": self.pks}):
                yield getattr(child, f"{owner}_id"), child

        return self._get("children", accessor, pk, load)

    def parts(self, name: str, pk: int | None) -> list[Any]:
        table = self.kind.table(name)

        def load() -> Any:
            for part in table.model._default_manager.filter(**{f"{table.parent}__in": self.pks}):
                yield getattr(part, f"{table.parent}_id"), part

        return self._get("parts", name, pk, load)
