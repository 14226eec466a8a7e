"""Imports items from a file: every row once, by its key.

A row's item has an id that follows from its key (or, without one, from the job and the row's
number), so a row that is read again finds what it made. A file that is imported again with the
same keys changes the items it made before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec import UNSET
from msgspec.structs import replace

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.custom_fields import FieldType
from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import (
    DomainError,
    IllegalMoveError,
    Problem,
    RuleError,
    StaleWriteError,
    ThrottledError,
)
from chalicelib.domain.ids import ItemId, JobId, TenantId
from chalicelib.domain.jobs.import_files import FileRow, ImportFormat, read_rows
from chalicelib.domain.jobs.import_rows import Wish, wish_of
from chalicelib.domain.jobs.job import HopelessError, Job, JobKind, JobState, Page, Row
from chalicelib.domain.jobs.result_files import csv_of
from chalicelib.services import items
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import asking
from chalicelib.services.jobs.askers import caller_of
from chalicelib.storage.job_files import UPLOAD
from chalicelib.storage.spelling import digest

ROWS_A_PAGE: Final = 50
RESULT_FILE: Final = "results.csv"

_RESULT_COLUMNS: Final = ("row", "key", "result", "id", "problems")
_COUNTS: Final = ("created", "updated", "unchanged", "refused")


def prepare(kind: ItemKind, *, format_: ImportFormat, caller: Caller, bench: Bench) -> Job:
    """Make an import that waits for its file."""
    about = {"kind": kind.value, "format": format_.value}
    return asking.prepare(JobKind.IMPORT, asked_by=caller.user_id, about=about, bench=bench)


def start(job_id: JobId, *, caller: Caller, bench: Bench) -> Job:
    """Begin an import whose file was uploaded; beginning it again changes nothing."""
    job = asking.get(job_id, caller=caller, bench=bench)
    if job.kind is not JobKind.IMPORT or job.is_over:
        raise IllegalMoveError(kind="import", id=job_id, status=job.state, move="start")
    if job.state is JobState.RUNNING:
        return job
    if not bench.stores.job_files.is_there(job_id, UPLOAD):
        message = "Upload the file first, by the form that the import was made with."
        raise RuleError(Problem(path="$", code="nothing_uploaded", message=message))
    return asking.begin(job, bench=bench)


def work(job: Job, bench: Bench) -> Iterator[Page]:
    """Import the rest of the rows, then write the results as a file."""
    content = bench.stores.job_files.find(job.id, UPLOAD)
    if content is None:
        raise HopelessError(why="The uploaded file is gone.")
    rows = read_rows(content, ImportFormat(str(job.about["format"])))
    kind = ItemKind(str(job.about["kind"]))
    desk = _Desk(
        job=job,
        kind=kind,
        caller=caller_of(job, stores=bench.stores),
        row_by_key=_first_rows(rows),
        type_by_field={each.key: each.type for each in bench.stores.custom_fields.of(kind)},
        bench=bench,
    )
    counts = {name: int(str(job.report.get(name, 0))) for name in _COUNTS}
    for first in range(job.done, len(rows), ROWS_A_PAGE):
        told = [desk.imported(row) for row in rows[first : first + ROWS_A_PAGE]]
        for each in told:
            counts[str(each["result"])] += 1
        done = first + len(told)
        yield Page(rows=told, done=done, position={}, total=len(rows), report=dict(counts))
    if "file" not in job.report:
        results = bench.stores.jobs.every_result(job.id)
        file = csv_of(_RESULT_COLUMNS, map(_flat, results))
        bench.stores.job_files.put(job.id, RESULT_FILE, file)
        yield Page(done=len(rows), position={}, report={"file": RESULT_FILE})


def item_id_of(tenant_id: TenantId, kind: ItemKind, key: str) -> ItemId:
    """Name the item that rows with this key are about."""
    return ItemId(digest("import", tenant_id, kind, key))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What all rows of an import share."""

    job: Job
    kind: ItemKind
    caller: Caller
    row_by_key: Mapping[str, int]
    type_by_field: Mapping[str, FieldType]
    bench: Bench

    def imported(self, row: FileRow) -> Row:
        """Import one row, or say what is wrong with it; one row's fault is no other's."""
        if row.fault is not None:
            return self._refused(row, [Problem(path="row", code="malformed", message=row.fault)])
        try:
            wish = wish_of(self.kind, row.values, self.type_by_field)
            self._insist_on_first(row, wish)
            return self._kept(row, wish)
        except (ThrottledError, StaleWriteError):
            raise  # the page is done again
        except DomainError as refusal:
            alone = Problem(path="row", code=refusal.code, message=refusal.detail)
            return self._refused(row, refusal.problems or [alone])

    def _insist_on_first(self, row: FileRow, wish: Wish) -> None:
        if wish.key is not None and self.row_by_key[wish.key] != row.number:
            message = f"Row {self.row_by_key[wish.key]} has this key already."
            raise RuleError(Problem(path="key", code="given_twice", message=message))

    def _kept(self, row: FileRow, wish: Wish) -> Row:
        stores, now = self.bench.stores, self.bench.now()
        ref = ItemRef(self.kind, self._id_of(row, wish))
        changes = self._related(wish)
        before = stores.items.find(ref)
        if before is None:
            self._insist_on_title(changes)
            items.create(
                self.kind,
                changes=changes,
                caller=self.caller,
                stores=stores,
                mint=self.bench.outside.mint,
                now=now,
                item_id=ref.id,
            )
            return self._told(row, wish, "created", ref)
        if before.created_at >= self.job.created_at:
            return self._told(row, wish, "created", ref)  # by this very import, before it was cut
        after = items.change(
            ref, changes=changes, read_version=None, caller=self.caller, stores=stores, now=now
        )
        is_changed = after.updated_at >= self.job.created_at
        return self._told(row, wish, "updated" if is_changed else "unchanged", ref)

    def _insist_on_title(self, changes: ItemChanges) -> None:
        if changes.title is UNSET:
            name = "title" if self.kind in {ItemKind.LEAD, ItemKind.DEAL} else "name"
            message = f"A new {self.kind} needs a {name}."
            raise RuleError(Problem(path=name, code="missing_field", message=message))

    def _id_of(self, row: FileRow, wish: Wish) -> ItemId:
        if wish.key is None:
            return ItemId(digest("import", self.job.id, str(row.number)))
        return item_id_of(self.bench.stores.tenant_id, self.kind, wish.key)

    def _related(self, wish: Wish) -> ItemChanges:
        """Put the ids of what the row names by key."""
        tenant_id, changes = self.bench.stores.tenant_id, wish.changes
        if wish.person_key is not None:
            person_id = item_id_of(tenant_id, ItemKind.PERSON, wish.person_key)
            changes = replace(changes, person_id=person_id)
        if wish.organization_key is not None:
            organization_id = item_id_of(tenant_id, ItemKind.ORGANIZATION, wish.organization_key)
            changes = replace(changes, organization_id=organization_id)
        return changes

    def _told(self, row: FileRow, wish: Wish, result: str, ref: ItemRef) -> Row:
        return {"row": row.number, "key": wish.key, "result": result, "id": ref.id, "problems": []}

    def _refused(self, row: FileRow, problems: Sequence[Problem]) -> Row:
        told = [
            {"path": each.path.removeprefix("$."), "code": each.code, "message": each.message}
            for each in problems[:_MOST_PROBLEMS]
        ]
        key = row.values.get("key")
        return {
            "row": row.number,
            "key": None if key is None else str(key),
            "result": "refused",
            "id": None,
            "problems": told,
        }


_MOST_PROBLEMS: Final = 5
"""Of one row, in its result; so many rows must fit into one page."""


def _first_rows(rows: Sequence[FileRow]) -> dict[str, int]:
    return {str(row.values["key"]): row.number for row in reversed(rows) if "key" in row.values}


def _flat(result: Row) -> Row:
    """Say the problems of a result in one cell."""
    problems = result["problems"]
    told = problems if isinstance(problems, list) else []
    said = "; ".join(f"{each['path'].removeprefix('$.')}: {each['message']}" for each in told)
    return {**result, "problems": said}
