"""An import from beginning to end: one transaction, or no trace of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.db import DatabaseError, router, transaction
from django.utils.translation import gettext as _

from wagtail_regional.imports.formats.sources import Options, SourceFile, read_records
from wagtail_regional.imports.kinds import Kind
from wagtail_regional.imports.ledger import Ledger, Passed, Totals
from wagtail_regional.imports.planning import Planner
from wagtail_regional.imports.plans import Change, RowPlan
from wagtail_regional.imports.problems import Place, Problems
from wagtail_regional.imports.writing import Writer

#: How many rows of each action are kept to be shown; all are counted.
MOST_SHOWN = 100

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Shown:
    """What happens to a row, or to a part of one, without the row itself."""

    action: str
    table: str
    label: str
    place: str
    changes: list[Change]
    parts: list[Shown] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Outcome:
    """What an import did, or would do.

    Attributes:
        counts: rows by action (``add``, ``change``, ``same``), and parts by table and action
            (``members.add``).
        shown: the first rows that are added or changed.
        digest: differs when anything that would change differs.
        totals: what becomes of the rows of the files, each counted once.
        passed: what is passed over, and why.
        written: whether it was done.
        outdated: whether it was not, because it would no longer do what was expected of it.
    """

    kind: Kind
    problems: Problems = field(default_factory=Problems)
    counts: Counter[str] = field(default_factory=Counter)
    shown: dict[str, list[Shown]] = field(default_factory=lambda: {"add": [], "change": []})
    digest: str = ""
    written: bool = False
    outdated: bool = False
    #: Rows that a reader made nothing of without a word; they are said to be passed over.
    unexplained: int = 0

    @property
    def totals(self) -> Totals:
        return self.problems.ledger.totals

    @property
    def passed(self) -> list[Passed]:
        return self.problems.ledger.passed

    @property
    def changes_anything(self) -> bool:
        return bool(self.counts["add"] or self.counts["change"])

    @property
    def may_be_written(self) -> bool:
        return self.changes_anything and not self.problems.errors


class _UndoError(Exception):
    """Leaves the transaction without a trace."""


def run_import(
    kind: Kind,
    files: Iterable[SourceFile],
    options: Options | None = None,
    *,
    write: bool = False,
    user: Any = None,
    expected: str = "",
    progress: Progress | None = None,
    on_row: Callable[[Shown], None] | None = None,
) -> Outcome:
    """Import files, or say what importing them would do.

    Args:
        kind: what they hold.
        files: a table and those of its parts may be in files of their own.
        options: how to read them.
        write: whether to do it. Without, nothing is written.
        user: who does it, for the history.
        expected: the digest of an earlier outcome; when this one has another, nothing is written.
        progress: told what is being done, how far it is, and of how many (0 where unknown).
        on_row: given each row that is added or changed.

    Returns:
        What was done; with errors among its problems, nothing was.
    """
    files = _told_apart(files)
    run = _Run(kind, options or Options(), files, write, user, expected)
    run.progress = progress or run.progress
    run.on_row = on_row
    if not write:
        run.go()
        return run.outcome
    try:
        with transaction.atomic(using=router.db_for_write(kind.model)):
            run.go()
            if run.outcome.problems.errors or run.outcome.outdated:
                raise _UndoError
            run.outcome.written = True
    except _UndoError:
        pass
    except DatabaseError as error:
        # Every rule of the database is checked before; this is for what changed meanwhile.
        run.outcome.written = False
        run.outcome.problems.add(
            Place(", ".join(file.name for file in files)),
            "",
            "",
            _("The database refused the import, and nothing was changed: %(error)s")
            % {"error": error},
        )
    return run.outcome


def _told_apart(files: Iterable[SourceFile]) -> list[SourceFile]:
    """The files, with names of their own: those of two directories may have the same."""
    found: dict[str, SourceFile] = {}
    for file in files:
        name, number = file.name, 1
        while name in found:
            number += 1
            stem, dot, ending = file.name.rpartition(".")
            name = f"{stem} ({number}){dot}{ending}"
        found[name] = replace(file, name=name)
    return list(found.values())


class _Run:
    def __init__(
        self,
        kind: Kind,
        options: Options,
        files: list[SourceFile],
        write: bool,
        user: Any,
        expected: str,
    ) -> None:
        self.kind = kind
        self.options = options
        self.files = files
        self.write = write
        self.expected = expected
        self.outcome = Outcome(kind)
        self.hash = hashlib.blake2b(digest_size=16)
        self.on_row: Callable[[Shown], None] | None = None
        self.progress: Progress = lambda stage, done, total: None
        names = ", ".join(file.name for file in files)
        self.writer = Writer(kind, user, names[:200])

    def go(self) -> None:
        problems = self.outcome.problems
        planner = Planner(self.kind, problems, lock=self.write)
        try:
            self._read(planner)
            for done, plans in _counted(planner.plans()):
                for plan in plans:
                    self._count(plan)
                # What is refused in the end need not be written first.
                if self.write and not problems.errors:
                    self.writer.write(plans)
                self.progress("write" if self.write else "compare", done, len(planner.order))
        finally:
            planner.close()
        for place in planner.refused_late:
            if action := problems.ledger.action(place):
                self.outcome.counts[action] -= 1
                self._take_back(action, str(place))
        self.outcome.unexplained = problems.ledger.open
        problems.ledger.close()
        self.outcome.digest = self.hash.hexdigest()
        self.outcome.outdated = bool(self.expected) and self.outcome.digest != self.expected
        if self.write and not problems.errors and not self.outcome.outdated:
            self.progress("index", 0, 0)
            self.writer.finish()

    def _take_back(self, action: str, place: str) -> None:
        """Show no longer what turned out to be refused."""
        if action in self.outcome.shown:
            shown = self.outcome.shown[action]
            shown[:] = [row for row in shown if row.place != place]

    def _read(self, planner: Planner) -> None:
        problems = self.outcome.problems
        records = read_records(self.kind, self.files, self.options, problems)
        for count, record in enumerate(records, start=1):
            problems.ledger.read(record.place)
            planner.take(record)
            if count % 500 == 0:
                self.progress("read", count, 0)

    def _count(self, plan: RowPlan) -> None:
        ledger = self.outcome.problems.ledger
        # Else the row is there for its parts alone, and no row of the file.
        if plan.entry.start is not None:
            ledger.settle(plan.place, plan.action)
        for part in plan.parts:
            ledger.settle(part.place, part.action)
        left = _without_refused(plan, ledger)
        if left is not None:
            self._count_left(left)

    def _count_left(self, plan: RowPlan) -> None:
        counts = self.outcome.counts
        counts[plan.action] += 1
        for part in plan.parts:
            counts[f"{part.table}.{part.action}"] += 1
        if plan.action == "same":
            return
        shown = _show(self.kind, plan)
        self.hash.update(repr((plan.entry.pk if plan.action != "add" else None, shown)).encode())
        if len(self.outcome.shown[plan.action]) < MOST_SHOWN:
            self.outcome.shown[plan.action].append(shown)
        if self.on_row is not None:
            self.on_row(shown)


def _without_refused(plan: RowPlan, ledger: Ledger) -> RowPlan | None:
    """What is left of a plan without the rows of the files that are refused, for the numbers; None
    where that is nothing."""
    parts = [part for part in plan.parts if not ledger.is_refused(part.place)]
    own = plan.entry.start is not None
    if (own and ledger.is_refused(plan.place)) or not (own or parts):
        return None
    if len(parts) == len(plan.parts):
        return plan
    changes = plan.changes or any(part.action != "same" for part in parts)
    action = "same" if plan.action == "change" and not changes else plan.action
    return replace(plan, action=action, parts=parts)


def _show(kind: Kind, plan: RowPlan) -> Shown:
    parts = [
        Shown(part.action, part.table, part.label, str(part.place), part.changes)
        for part in plan.parts
        if part.action != "same"
    ]
    label = plan.label or str(plan.row)
    return Shown(plan.action, kind.name, label, str(plan.place), plan.changes, parts)


def _counted(batches: Iterable[list[RowPlan]]) -> Iterator[tuple[int, list[RowPlan]]]:
    done = 0
    for plans in batches:
        done += len(plans)
        yield done, plans
