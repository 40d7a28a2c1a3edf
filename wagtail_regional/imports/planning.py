"""What an import would do, row by row, and whether it may.

Two passes, so that rows can name each other in any order: the first finds which row of the registry
each record is about, the second compares them in batches, and validates what would change. What a
form would check with queries of its own (uniqueness, loops, what parts there are) is checked here
for a whole batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from wagtail_regional.imports.assigning import assign, shown
from wagtail_regional.imports.columns import Table
from wagtail_regional.imports.comparing import Comparison, Related
from wagtail_regional.imports.directory import Directory, Entry
from wagtail_regional.imports.kinds import Kind
from wagtail_regional.imports.parts import PartKeeper, keeper_for
from wagtail_regional.imports.plans import BATCH, RowPlan
from wagtail_regional.imports.problems import CellError, Place, Problems
from wagtail_regional.imports.records import CLEAR, Record, Reference, Spool


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
        #: Places of rows that were planned, and refused when all were known.
        self.refused_late: list[Place] = []
        self.months = kind.model().get_review_period_months()
        self.keepers: dict[str, PartKeeper] = {
            table.name: keeper_for(table, self) for table in kind.parts
        }

    # --- First pass: which row is it? ----------------------------------------------------------

    def take(self, record: Record) -> None:
        """Take in a record, of the kind or of a part of it."""
        if record.table != self.kind.main.name:
            start = self.spool.append(record)
            table = self.kind.table(record.table)
            if record.parent is None or any(table.by_name[name].key for name in record.unread):
                # Which part it is about is not known: with what could be read, it might be another.
                self.problems.ledger.refuse(record.place)
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
                record = self.spool[start]
                record.parent = None
                self.refused.append(self.spool.append(record))
                continue
            if entry.number not in claimed:
                claimed.add(entry.number)
                self.order.append(entry)
            self.parts[entry.number].append(start)
        self.loose_parts.clear()

    # --- Second pass: what would change? -------------------------------------------------------

    def plans(self) -> Iterator[list[RowPlan]]:
        """What happens to each row that was taken in, in batches."""
        self.own.hand_over()
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
        related = Related(self.kind, pks, self.keepers)
        for entry in batch:
            if entry.pk is not None and entry.pk not in existing:
                # Deleted since the first pass.
                self.problems.add(
                    entry.place or Place(""), "", entry.label, _("This was deleted. Try again.")
                )
                continue
            yield self._plan(entry, existing.get(entry.pk or 0), related)

    def _plan(self, entry: Entry, existing: Model | None, related: Related) -> RowPlan:
        row: Any = existing if existing is not None else self.kind.model()
        if existing is None and entry.uuid:
            row.uuid = entry.uuid
        record = self.spool[entry.start] if entry.start is not None else None
        parts = [self.spool[start] for start in self.parts.pop(entry.number, ())]
        place = record.place if record else parts[0].place
        plan = RowPlan("same", entry, row, place, entry.label)
        comparison = Comparison(self, plan, related)
        before, review_by = self.problems.errors, row.review_by
        if record is not None:
            comparison.take(record)
            for column, name, value, reason in record.wanted:
                if not getattr(row, column):
                    self.problems.add(place, name, value, reason, warning=True)
        comparison.take_parts(parts)
        comparison.settle_review_date(review_by)
        if existing is None:
            plan.action = "add"
        elif plan.changes or plan.fields or any(part.action != "same" for part in plan.parts):
            plan.action = "change"
        if plan.action != "same":
            self._validate(plan, record, before)
            comparison.hint_swapped()
        return plan

    # --- Validation ----------------------------------------------------------------------------

    def _validate(self, plan: RowPlan, record: Record | None, before: int) -> None:
        place = plan.place
        if (record is not None and plan.fields) or plan.entry.pk is None:
            exclude = {"uuid"} if plan.entry.pk is not None else set()
            # What could not be read has been told of, and is not missing as well.
            exclude |= record.unread if record else set()
            self.check(plan.row, exclude, place, table=self.kind.main, record=record)
        for part in plan.parts:
            if part.action in ("add", "change"):
                table = self.kind.table(part.table)
                self.check(part.row, set(), part.place, table=table)
        # What holds of parts together says little as long as one of them is wrong.
        if self.problems.errors == before:
            for keeper in self.keepers.values():
                keeper.check_together(plan, self.problems)

    def check(
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
            if record.parent is not None:
                self.resolve(self.kind.name, record.parent, record.place, table.parent)
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
                    place = entry.place or Place("")
                    if not self.problems.ledger.is_refused(place):
                        self.refused_late.append(place)
                    label = getattr(self.own.above(entry, column), "label", "")
                    self.problems.add(place, column, label, message)

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
