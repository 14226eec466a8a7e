"""Moves those in flight from one version of their flow to another, where their past allows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from chalicelib.domain.errors import Problem, RuleError, StaleWriteError, ThrottledError
from chalicelib.domain.ids import EnrollmentId, SequenceId, UserId
from chalicelib.domain.jobs.job import Job, JobKind, Page, Row
from chalicelib.domain.sequences.definition import Sequence
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.migration import Landing, landing, moved
from chalicelib.services import decisions
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import asking

DIRECTLY: Final = 25
"""More in flight than these are moved, or looked at, by a job."""
_TRIES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """From which version to which; `is_trial` says where each would land and moves nobody."""

    sequence_id: SequenceId
    from_version: int
    to_version: int
    is_trial: bool


def migrate(sequence: Sequence, asked: Migration, *, by: UserId, bench: Bench) -> list[Row] | Job:
    """Return a row for each in flight; of more than a request can do, the job that does it."""
    _insist_on_versions(sequence, asked)
    listing = bench.stores.enrollments.list_page(
        sequence.id, limit=DIRECTLY + 1, cursor=None, keep=_in_flight(asked)
    )
    if listing.cursor is None and len(listing.rows) <= DIRECTLY:
        return [_row(each.id, asked, bench) for each in listing.rows]
    about = msgspec.to_builtins(asked)
    return asking.ask(JobKind.MIGRATE, asked_by=by, about=about, bench=bench)


def work(job: Job, bench: Bench) -> Iterator[Page]:
    """Do the rest page by page; who was moved is not found again."""
    asked = msgspec.convert(job.about, Migration)
    given = job.position.get("cursor")
    cursor = given if isinstance(given, dict) else None
    done = job.done
    moved_so_far = int(str(job.report.get("moved", 0)))
    while True:
        listing = bench.stores.enrollments.list_page(
            asked.sequence_id, limit=DIRECTLY, cursor=cursor, keep=_in_flight(asked)
        )
        rows = [_row(each.id, asked, bench) for each in listing.rows]
        done += len(rows)
        moved_so_far += sum(bool(row["moves"]) for row in rows)
        cursor = listing.cursor
        report = {"moved": moved_so_far, "stay": done - moved_so_far}
        yield Page(rows=rows, done=done, position={"cursor": cursor}, report=report)
        if cursor is None:
            return


def _insist_on_versions(sequence: Sequence, asked: Migration) -> None:
    latest = sequence.flow_version or 0
    problems = [
        Problem(path=path, code="not_found", message="There is no such published version.")
        for path, number in (
            ("$.from_flow_version", asked.from_version),
            ("$.to_flow_version", asked.to_version),
        )
        if not 1 <= number <= latest
    ]
    if not problems and asked.from_version == asked.to_version:
        message = "Give two different versions."
        problems.append(Problem(path="$.to_flow_version", code="wrong_value", message=message))
    if problems:
        raise RuleError(*problems)


def _in_flight(asked: Migration) -> Callable[[Enrollment], bool]:
    """Pick whoever is still on the version that is left."""
    return lambda each: not each.is_over and each.flow_version == asked.from_version


def _row(enrollment_id: EnrollmentId, asked: Migration, bench: Bench) -> Row:
    """Look at one, move it if it may and should, and say what became of it."""
    for _ in range(_TRIES):
        head = bench.stores.enrollments.get(enrollment_id)
        where = _where(head, asked, bench)
        if not asked.is_trial and where.obstacle is None and _in_flight(asked)(head):
            try:
                decision = moved(head, where, asked.to_version, bench.now())
                decisions.keep(head, decision, bench=bench)
            except StaleWriteError:
                continue
        return {
            "enrollment_id": enrollment_id,
            "item": {"kind": head.item.kind, "id": head.item.id},
            "step_id": where.step_id,
            "moves": where.obstacle is None,
            "begins_anew": where.begins_anew,
            "why_not": where.obstacle,
        }
    raise ThrottledError(retry_after=1)


def _where(head: Enrollment, asked: Migration, bench: Bench) -> Landing:
    sequences = bench.stores.sequences
    history = bench.stores.enrollments.history(head.id)
    passed = {line.step_id for line in history if line.step_id is not None}
    before = sequences.flow_version(asked.sequence_id, asked.from_version).flow
    after = sequences.flow_version(asked.sequence_id, asked.to_version).flow
    return landing(head, passed, before, after)
