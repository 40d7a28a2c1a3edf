"""Writing what was planned, in bulk, with everything that saving one row by itself would do: its
history, the search index, the index of references, and telling caches."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import router, transaction
from django.db.models import Model
from django.utils import timezone
from wagtail.log_actions import registry as log_registry
from wagtail.models import ReferenceIndex
from wagtail.search.backends import get_search_backends

from wagtail_regional.imports.directory import Entry
from wagtail_regional.imports.kinds import CHILDREN, Kind
from wagtail_regional.imports.plans import BATCH, PartPlan, RowPlan
from wagtail_regional.invalidation.changes import announce_rows, remember_rows

#: The history's own words for these: with Wagtail's, it would show no comment.
ADDED = "wagtail_regional.import_create"
CHANGED = "wagtail_regional.import_edit"


class Writer:
    """Writes plans, within the transaction of the caller.

    Args:
        kind: what is imported.
        user: who does it, for the history; None for the command line.
        files: their names, for the history.
    """

    def __init__(self, kind: Kind, user: Any = None, files: str = "") -> None:
        self.kind = kind
        self.model = kind.model
        self.using = router.db_for_write(self.model)
        self.user = user
        self.files = files
        self.uuid = uuid.uuid4()
        self.now = timezone.now()
        #: Foreign keys to rows that come later in the file: row, field and what it names.
        self.waiting_links: list[tuple[int, str, Entry]] = []
        #: ROR ids that others still have, by the rows that take them over.
        self.waiting_rors: dict[int, str] = {}
        self.waiting_parts: list[tuple[PartPlan, Entry]] = []
        self.changed: list[int] = []

    def write(self, plans: Iterable[RowPlan]) -> None:
        """Write a batch."""
        batch = [plan for plan in plans if plan.action != "same"]
        if not batch:
            return
        remember_rows(self.model, [p.entry.pk for p in batch if p.entry.pk], using=self.using)
        rors = self._hold_back_rors(batch)
        self._add([plan for plan in batch if plan.action == "add"])
        self._change([plan for plan in batch if plan.action == "change"])
        self.waiting_rors |= {plan.row.pk: ror for plan, ror in rors}
        for plan in batch:
            for name, target in plan.pending.items():
                self.waiting_links.append((plan.row.pk, name, target))
        self._write_children(batch)
        self._write_relations(batch)
        self._write_parts([(part, plan.entry) for plan in batch for part in plan.parts])
        self._log(batch)
        self.changed += [plan.row.pk for plan in batch]

    def finish(self) -> None:
        """Write what had to wait until everything was there, and bring the indexes up to date."""
        self._write_waiting_links()
        self._write_waiting_rors()
        waiting, self.waiting_parts = self.waiting_parts, []
        self._write_parts(waiting)
        for keys in _batches(self.changed):
            self._index_references(keys)
        announce_rows(self.model, self.changed, using=self.using)
        # Other programs keep these indexes: they are told once the rows are really there.
        transaction.on_commit(self._index_search, using=self.using, robust=True)

    # --- Rows ----------------------------------------------------------------------------------

    def _add(self, plans: list[RowPlan]) -> None:
        for plan in plans:
            for name in plan.pending:
                setattr(plan.row, f"{name}_id", None)
        rows = [plan.row for plan in plans]
        self.model.objects.bulk_create(rows)
        if rows and rows[0].pk is None:
            # MySQL does not tell the keys it gives.
            found = self.model.objects.filter(uuid__in=[row.uuid for row in rows])
            keys = dict(found.values_list("uuid", "pk"))
            for row in rows:
                row.pk = keys[row.uuid]
        for plan in plans:
            plan.entry.pk = plan.row.pk

    def _change(self, plans: list[RowPlan]) -> None:
        groups: dict[frozenset[str], list[Any]] = defaultdict(list)
        for plan in plans:
            fields = plan.fields - plan.pending.keys()
            for name in plan.pending:
                setattr(plan.row, f"{name}_id", None)
            if fields:
                groups[frozenset(fields)].append(plan.row)
        for names, rows in groups.items():
            self.model.objects.bulk_update(rows, sorted(names))

    def _write_waiting_links(self) -> None:
        groups: dict[str, list[Any]] = defaultdict(list)
        for pk, name, target in self.waiting_links:
            row = self.model(pk=pk)
            setattr(row, f"{name}_id", target.pk)
            groups[name].append(row)
        self.waiting_links.clear()
        for name, rows in groups.items():
            self.model.objects.bulk_update(rows, [name], batch_size=BATCH)

    def _hold_back_rors(self, plans: list[RowPlan]) -> list[tuple[RowPlan, str]]:
        """Leave out ROR ids that change hands: no two rows may have one even for a moment."""
        held = [(plan, plan.row.ror_id) for plan in plans if plan.takes_over_ror]
        for plan, _ror in held:
            plan.row.ror_id = None
        return held

    def _write_waiting_rors(self) -> None:
        rows = [self.model(pk=pk, ror_id=ror) for pk, ror in self.waiting_rors.items()]
        self.waiting_rors.clear()
        if rows:
            self.model.objects.bulk_update(rows, ["ror_id"], batch_size=BATCH)

    def _write_children(self, plans: list[RowPlan]) -> None:
        added: dict[str, list[Any]] = defaultdict(list)
        gone: dict[str, list[int]] = defaultdict(list)
        for plan in plans:
            for accessor, (new, old) in plan.children.items():
                for child in new:
                    setattr(child, f"{CHILDREN[accessor][1]}_id", plan.row.pk)
                added[accessor] += new
                gone[accessor] += [child.pk for child in old]
        for accessor in added:
            model, _owner = CHILDREN[accessor]
            if gone[accessor]:
                model.objects.filter(pk__in=gone[accessor]).delete()
            model.objects.bulk_create(added[accessor])

    def _write_relations(self, plans: list[RowPlan]) -> None:
        added: dict[str, list[Any]] = defaultdict(list)
        for plan in plans:
            for name, (new, old) in plan.relations.items():
                field = self.model._meta.get_field(name)
                through = field.remote_field.through
                source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
                if old:
                    through.objects.filter(**{source: plan.row.pk, f"{target}__in": old}).delete()
                added[name] += [
                    through(**{f"{source}_id": plan.row.pk, f"{target}_id": entry.pk})
                    for entry in new
                ]
        for name, rows in added.items():
            through = self.model._meta.get_field(name).remote_field.through
            through.objects.bulk_create(rows)

    # --- Parts ---------------------------------------------------------------------------------

    def _write_parts(self, parts: list[tuple[PartPlan, Entry]]) -> None:
        added: dict[type[Model], list[Any]] = defaultdict(list)
        changed: dict[tuple[type[Model], frozenset[str]], list[Any]] = defaultdict(list)
        removed: dict[type[Model], list[int]] = defaultdict(list)
        for part, owner in parts:
            model = type(part.row)
            if part.action == "remove":
                removed[model].append(part.row.pk)
            elif part.action == "change":
                changed[model, frozenset(part.fields)].append(part.row)
            elif part.action == "add" and self._settle_links(part, owner):
                added[model].append(part.row)
        for model, keys in removed.items():
            model._default_manager.filter(pk__in=keys).delete()
        for (model, names), rows in changed.items():
            model._default_manager.bulk_update(rows, sorted(names), batch_size=BATCH)
        for model, rows in added.items():
            model._default_manager.bulk_create(rows, batch_size=BATCH)

    def _settle_links(self, part: PartPlan, owner: Entry) -> bool:
        """Point a new part at its owner and what it names. False where that is not there yet."""
        if any(target.pk is None for target in part.pending.values()):
            self.waiting_parts.append((part, owner))
            return False
        parent = self.kind.table(part.table).parent
        # By way of None, so that no instance stays behind that stood in while it was checked.
        setattr(part.row, parent, None)
        setattr(part.row, f"{parent}_id", owner.pk)
        for name, target in part.pending.items():
            setattr(part.row, name, None)
            setattr(part.row, f"{name}_id", target.pk)
        return True

    # --- What saving does ----------------------------------------------------------------------

    def _log(self, plans: list[RowPlan]) -> None:
        """The history, as Wagtail writes it for each row by itself."""
        log_model = log_registry.get_log_model_for_model(self.model)
        if log_model is None:
            return
        content_type = ContentType.objects.get_for_model(self.model, for_concrete_model=False)
        log_model.objects.bulk_create(
            log_model(
                content_type=content_type,
                object_id=str(plan.row.pk),
                label=str(plan.row),
                action=ADDED if plan.action == "add" else CHANGED,
                timestamp=self.now,
                user=self.user,
                uuid=self.uuid,
                data={"files": self.files},
                content_changed=True,
            )
            for plan in plans
        )

    def _index_references(self, keys: list[int]) -> None:
        """`ReferenceIndex.create_or_update_for_object` for many, in three queries."""
        if not ReferenceIndex.is_indexed(self.model):
            return
        accessors = [table.accessor for table in self.kind.parts]
        rows = self.model.objects.filter(pk__in=keys).prefetch_related(
            *accessors, *(c.child for c in self.kind.main.columns if c.child)
        )
        content_type = ContentType.objects.get_for_model(self.model, for_concrete_model=False)
        wanted = {
            (str(row.pk), *reference)
            for row in rows
            for reference in ReferenceIndex._extract_references_from_object(row)
        }
        present = {
            tuple(values): pk
            for pk, *values in ReferenceIndex.objects.filter(
                base_content_type=content_type, object_id__in=[str(key) for key in keys]
            ).values_list(
                "pk",
                "object_id",
                "to_content_type_id",
                "to_object_id",
                "model_path",
                "content_path",
            )
        }
        gone = [pk for values, pk in present.items() if values not in wanted]
        if gone:
            ReferenceIndex.objects.filter(pk__in=gone).delete()
        ReferenceIndex.objects.bulk_create(
            ReferenceIndex(
                content_type=content_type,
                base_content_type=content_type,
                object_id=pk,
                to_content_type_id=to_type,
                to_object_id=to_pk,
                model_path=model_path,
                content_path=content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )
            for pk, to_type, to_pk, model_path, content_path in sorted(wanted - present.keys())
        )

    def _index_search(self) -> None:
        for backend in get_search_backends(with_auto_update=True):
            index = backend.get_index_for_model(self.model)
            for keys in _batches(self.changed):
                index.add_items(self.model, list(self.model.objects.filter(pk__in=keys)))


def _batches(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
