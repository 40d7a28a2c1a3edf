"""What an import would do, row by row, and whether it may.

Two passes, so that rows can name each other in any order: the first finds which row of the registry
each record is about, the second compares them in batches, and validates what would change. What a
form would check with queries of its own (uniqueness, loops, what parts there are) is checked here
for a whole batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_regional.imports.assigning import assign, shown
from wagtail_regional.imports.country_points import look_swapped
from wagtail_regional.imports.directory import Directory, Entry
from wagtail_regional.imports.kinds import CHILDREN, Column, Kind, Table
from wagtail_regional.imports.parts import PartKeeper, keeper_for
from wagtail_regional.imports.plans import BATCH, Change, RowPlan
from wagtail_regional.imports.problems import CellError, Place, Problems
from wagtail_regional.imports.records import CLEAR, Record, Reference, Spool
from wagtail_regional.models import Dated
from wagtail_regional.models.base import add_months


class Planner:
    """Compares records with the registry.

    Args:
        kind: what is imported.
        problems: where to add what is wrong.
        lock: whether to lock the rows compared, since they will be written.
    """

    #: What the columns' words for rows need of directories.
    needs: ClassVar[dict[str, tuple[str, ...]]] = {
        "organisations": ("organisations",),
        "alliances": ("alliances", "organisations", "themes"),
        "programmes": ("programmes", "organisations", "alliances", "themes"),
    }

    def __init__(self, kind: Kind, problems: Problems, *, lock: bool = False) -> None:
        self.kind = kind
        self.problems = problems
        self.lock = lock
        self.directories = {name: Directory(name) for name in self.needs[kind.name]}
        self.own = self.directories[kind.name]
        self.spool = Spool()
        self.order: list[Entry] = []
        #: Records of parts, by the number of the row they hang on.
        self.parts: dict[int, list[int]] = defaultdict(list)
        self.loose_parts: list[tuple[Reference, Place, str, int]] = []
        #: Records that are refused for what they are about, and still to be looked through.
        self.refused: list[int] = []
        self.months = kind.model().get_review_period_months()
        self.keepers: dict[str, PartKeeper] = {
            table.name: keeper_for(table, self) for table in kind.parts
        }

    # --- First pass: which row is it? ----------------------------------------------------------

    def take(self, record: Record) -> None:
        """Take in a record, of the kind or of a part of it."""
        if record.table != self.kind.main.name:
            start = self.spool.append(record)
            if record.parent is None:
                self.refused.append(start)
                return
            self.loose_parts.append(
                (record.parent, record.place, self.kind.table(record.table).parent, start)
            )
            return
        try:
            providers = self._providers(record)
            entry = self.own.match(record, providers)
        except CellError as error:
            self._refuse(record, "", error)
            return
        if entry is None and record.only_existing:
            self.problems.ledger.pass_over(record.place, _("It is not in the registry."))
            return
        if entry is not None and entry.place is not None:
            message = _("This is the same as %(other)s. Take one of the two out.")
            self._refuse(record, entry.label, message % {"other": entry.place})
            return
        self._claim(entry, record, providers)

    def _refuse(self, record: Record, value: Any, reason: Any) -> None:
        self.problems.add(record.place, "", value, reason)
        self.refused.append(self.spool.append(record))

    def _claim(self, entry: Entry | None, record: Record, providers: frozenset[int]) -> None:
        if entry is None:
            names = [str(text) for text in (record.values.get("name") or {}).values()]
            entry = self.own.new(names[0] if names else "")
            entry.uuid = record.values.get("uuid")
            entry.providers = providers
        entry.place = record.place
        entry.start = self.spool.append(record)
        self.own.add_keys(entry, record)
        self.order.append(entry)

    def _providers(self, record: Record) -> frozenset[int]:
        if not record.providers:
            return frozenset()
        found = set()
        for reference in record.providers:
            try:
                provider = self.directories["organisations"].resolve(reference)
            except CellError:
                # Said of the provider itself, in the second pass.
                continue
            if provider and provider.pk:
                found.add(provider.pk)
        return frozenset(found)

    def _hang_parts(self) -> None:
        """Find the row that each part hangs on, now that all are known."""
        claimed = {entry.number for entry in self.order}
        for reference, place, column, start in self.loose_parts:
            entry = self.resolve(self.kind.name, reference, place, column)
            if entry is None:
                self.refused.append(start)
                continue
            if entry.number not in claimed:
                claimed.add(entry.number)
                self.order.append(entry)
            self.parts[entry.number].append(start)
        self.loose_parts.clear()

    # --- Second pass: what would change? -------------------------------------------------------

    def plans(self) -> Iterator[list[RowPlan]]:
        """What happens to each row that was taken in, in batches."""
        self._hang_parts()
        for start in range(0, len(self.order), BATCH):
            batch = self.order[start : start + BATCH]
            yield list(self._plan_batch(batch))
        self._refuse_loops()
        self._look_through_refused()

    def _plan_batch(self, batch: list[Entry]) -> Iterator[RowPlan]:
        pks = [entry.pk for entry in batch if entry.pk is not None]
        rows = self.kind.model.objects.filter(pk__in=pks)
        existing = {row.pk: row for row in (rows.select_for_update() if self.lock else rows)}
        related = _Related(self.kind, pks, self.keepers)
        for entry in batch:
            if entry.pk is not None and entry.pk not in existing:
                # Deleted since the first pass.
                self.problems.add(
                    entry.place or Place(""), "", entry.label, _("This was deleted. Try again.")
                )
                continue
            yield self._plan(entry, existing.get(entry.pk or 0), related)

    def _plan(self, entry: Entry, existing: Model | None, related: _Related) -> RowPlan:
        row: Any = existing if existing is not None else self.kind.model()
        if existing is None and entry.uuid:
            row.uuid = entry.uuid
        record = self.spool[entry.start] if entry.start is not None else None
        parts = [self.spool[start] for start in self.parts.pop(entry.number, ())]
        place = record.place if record else parts[0].place
        plan = RowPlan("same", entry, row, place, entry.label)
        before, review_by = self.problems.errors, row.review_by
        if record is not None:
            self._compare(plan, record, related)
            for column, name, value, reason in record.wanted:
                if not getattr(row, column):
                    self.problems.add(place, name, value, reason, warning=True)
        self._plan_parts(plan, parts, related)
        self._settle_review_date(plan, review_by)
        if existing is None:
            plan.action = "add"
        elif plan.changes or plan.fields or any(part.action != "same" for part in plan.parts):
            plan.action = "change"
        if plan.action != "same":
            self._validate(plan, record, before)
            self._hint_swapped(plan)
        return plan

    def _compare(self, plan: RowPlan, record: Record, related: _Related) -> None:
        for name, value in record.values.items():
            column = self.kind.main.by_name[name]
            if column.key:
                continue
            if column.child:
                self._compare_children(plan, column, value, record, related)
            elif column.links and column.several:
                self._compare_relation(plan, column, value, record, related)
            elif column.links:
                self._compare_link(plan, column, value, record)
            else:
                changes = assign(plan.row, column, value)
                plan.changes += [Change(*each) for each in changes]
                if changes:
                    plan.fields.add(name)
        if "ror_id" in plan.fields:
            self._refuse_taken_ror(plan, record)

    def _compare_link(self, plan: RowPlan, column: Column, value: Any, record: Record) -> None:
        target: Entry | None = None
        if value is not CLEAR:
            target = self.resolve(column.links, value, record.place, column.name)
            if target is None:
                return
        attribute = f"{column.name}_id"
        old = getattr(plan.row, attribute)
        new = target.key if target else None
        if old == new:
            return
        directory = self.directories[column.links]
        plan.changes.append(
            Change(
                column.name,
                directory.by_pk[old].label if old in directory.by_pk else "",
                target.label if target else "",
            )
        )
        plan.fields.add(column.name)
        setattr(plan.row, attribute, new)
        if target is not None and target.pk is None:
            plan.pending[column.name] = target
        if column.name in self.kind.loops:
            above = {**(plan.entry.above or {})}
            above.pop(column.name, None)
            plan.entry.above = {**above, column.name: target} if target else above

    def _compare_relation(
        self, plan: RowPlan, column: Column, value: Any, record: Record, related: _Related
    ) -> None:
        directory = self.directories[column.links]
        old = related.relation(column.name, plan.entry.pk)
        new: dict[int, Entry] = {}
        for reference in () if value is CLEAR else value:
            target = self.resolve(column.links, reference, record.place, column.name)
            if target is not None:
                new[target.key] = target
        gone = [] if column.name in record.adds else [pk for pk in old if pk not in new]
        added = [target for key, target in new.items() if key not in old]
        if not gone and not added:
            return
        labels = [directory.by_pk[pk].label if pk in directory.by_pk else str(pk) for pk in old]
        kept = [label for pk, label in zip(old, labels, strict=True) if pk not in gone]
        plan.changes.append(
            Change(
                column.name,
                "; ".join(labels),
                "; ".join([*kept, *(target.label for target in added)]),
            )
        )
        plan.relations[column.name] = added, gone

    def _compare_children(
        self, plan: RowPlan, column: Column, value: Any, record: Record, related: _Related
    ) -> None:
        model, owner = CHILDREN[column.child]
        old = {
            (child.scheme, child.value): child
            for child in related.children(column.child, plan.entry.pk)
        }
        new = [] if value is CLEAR else value
        gone = [] if column.name in record.adds else [code for code in old if code not in new]
        added = [code for code in new if code not in old]
        if not gone and not added:
            return
        rows = [model(scheme=scheme, value=text) for scheme, text in added]
        for child in rows:
            self._check(child, {owner}, record.place, column.name)
        write = column.cell.write
        kept = [code for code in old if code not in gone]
        plan.changes.append(Change(column.name, write(list(old)), write([*kept, *added])))
        plan.children[column.child] = rows, [old[code] for code in gone]

    def _refuse_taken_ror(self, plan: RowPlan, record: Record) -> None:
        owner = self.own.rors.get(plan.row.ror_id)
        if owner is not None and owner is not plan.entry:
            self.problems.add(
                record.place,
                "ror_id",
                plan.row.ror_id,
                _("Another organisation has this ROR id already: %(name)s.")
                % {"name": owner.label},
            )

    def _plan_parts(self, plan: RowPlan, records: Iterable[Record], related: _Related) -> None:
        by_table: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            by_table[record.table].append(record)
        for name, keeper in self.keepers.items():
            rows = related.parts(name, plan.entry.pk)
            plan.parts += keeper.plan(plan, rows, by_table.get(name, []))

    def _settle_review_date(self, plan: RowPlan, old: Any) -> None:
        """What saving a row does for each by itself (`RegistryEntry.save`)."""
        row = plan.row
        new = plan.entry.pk is None
        if not (new or plan.fields):
            return
        if row.review_by is None:
            row.review_by = add_months(timezone.localdate(), self.months)
        ends = row.period[1] if isinstance(row, Dated) else None
        if ends:
            row.review_by = min(row.review_by, ends.last_day)
        if new:
            return
        plan.fields.discard("review_by")
        plan.changes = [change for change in plan.changes if change.column != "review_by"]
        if row.review_by != old:
            plan.fields.add("review_by")
            plan.changes.append(Change("review_by", str(old or ""), str(row.review_by)))

    def _hint_swapped(self, plan: RowPlan) -> None:
        """Ask about coordinates that would be in the row's country the other way round."""
        if not plan.fields & {"latitude", "longitude"}:
            return
        row = plan.row
        if row.latitude is None or row.longitude is None:
            return
        if look_swapped(row.country, float(row.latitude), float(row.longitude)):
            value = f"{row.latitude}, {row.longitude}"
            reason = _("Are latitude and longitude swapped? The other way round it is more likely.")
            self.problems.add(plan.place, "latitude", value, reason, warning=True)

    # --- Validation ----------------------------------------------------------------------------

    def _validate(self, plan: RowPlan, record: Record | None, before: int) -> None:
        place = plan.place
        if (record is not None and plan.fields) or plan.entry.pk is None:
            exclude = {"uuid"} if plan.entry.pk is not None else set()
            # What could not be read has been told of, and is not missing as well.
            exclude |= record.unread if record else set()
            self._check(plan.row, exclude, place, table=self.kind.main, record=record)
        for part in plan.parts:
            if part.action in ("add", "change"):
                table = self.kind.table(part.table)
                self._check(part.row, set(), part.place, table=table)
        # What holds of parts together says little as long as one of them is wrong.
        if self.problems.errors == before:
            for keeper in self.keepers.values():
                keeper.check_together(plan, self.problems)

    def _check(
        self,
        row: Any,
        exclude: set[str],
        place: Place,
        column: str = "",
        table: Table | None = None,
        record: Record | None = None,
    ) -> None:
        """What `full_clean` checks without a query: fields, and the model's own `clean`."""
        links = {each for each in row._meta.concrete_fields if each.is_relation}
        error = _clean(row, exclude | {each.name for each in links}, told=exclude)
        if error is None:
            return
        if column:
            for message in error.messages:
                self.problems.add(place, column, "", message)
        else:
            self.problems.take(place, error, _given(table, record) if table else {})

    def _look_through_refused(self) -> None:
        """Tell what else is wrong with rows that are refused already, so that it can be mended
        along: values that a field does not take, and rows that are not there."""
        for start in self.refused:
            record: Record = self.spool[start]
            table = self.kind.table(record.table)
            row: Any = table.model()
            given = set()
            for name, value in record.values.items():
                column = table.by_name[name]
                if column.links:
                    for each in value if isinstance(value, list) else [value]:
                        if isinstance(each, Reference):
                            self.resolve(column.links, each, record.place, name)
                elif not (column.key or column.child) and value is not CLEAR:
                    assign(row, column, value)
                    given.add(name)
            exclude = {each.name for each in row._meta.fields if each.name not in given}
            try:
                row.clean_fields(exclude=exclude)
            except ValidationError as error:
                self.problems.take(record.place, error, _given(table, record))
        self.refused.clear()

    def _refuse_loops(self) -> None:
        for column, message in self.kind.loops.items():
            named = [
                entry
                for entry in self.order
                if entry.start is not None and entry.above and column in entry.above
            ]
            circles = self.own.leading_back(named, column)
            for entry in named:
                if entry.number in circles:
                    label = getattr(self.own.above(entry, column), "label", "")
                    self.problems.add(entry.place or Place(""), column, label, message)

    def resolve(self, name: str, reference: Reference, place: Place, column: str) -> Entry | None:
        """The row that another one names; None where there is none, which is then a problem."""
        directory = self.directories[name]
        try:
            entry = directory.resolve(reference)
        except CellError as error:
            self.problems.add(place, column, reference, error)
            return None
        if entry is None and not reference.optional:
            self.problems.add(place, column, reference, directory.unknown(reference))
        return entry

    def close(self) -> None:
        self.spool.close()


def _clean(row: Any, exclude: set[str], told: set[str]) -> ValidationError | None:
    """What is wrong with a row, its links left out: following them would cost a query each.

    Args:
        row: with its new values.
        exclude: fields that are not looked at.
        told: fields of which is told already that they cannot be read; that they are not there is
            no further mistake.
    """
    errors: dict[str, Any] = {}
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    detached = {}
    for each in row._meta.concrete_fields:
        # A part names its owner and members by key, which `clean` looks at; loops are followed.
        if each.is_relation and each.related_model is type(row):
            detached[each.attname] = getattr(row, each.attname)
            setattr(row, each.attname, None)
    try:
        row.clean()
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    except (TypeError, AttributeError):
        # Of a value that its field has refused already, `clean` cannot make anything.
        if not errors:
            raise
    for name, value in detached.items():
        setattr(row, name, value)
    errors = {name: each for name, each in errors.items() if name not in told}
    return ValidationError(errors) if errors else None


def _given(table: Table, record: Record | None) -> dict[str, tuple[str, str]]:
    """For each field, its header and what the file gave, for messages."""
    values = record.values if record else {}
    found = {}
    for column in table.columns:
        value = values.get(column.name)
        found[column.name] = (
            next(column.headers())[0],
            "" if value is None else shown(column, value),
        )
    return found


class _Related:
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
