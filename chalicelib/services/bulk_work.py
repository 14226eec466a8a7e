"""Many entries of a feed at once: each is worked by itself, and one's refusal is no other's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chalicelib.domain.errors import DomainError, RuleError
from chalicelib.domain.ids import TaskId, UserId
from chalicelib.services import drafts, working
from chalicelib.services.decisions import Bench
from chalicelib.services.drafts import Written


class Work(StrEnum):
    """What may be done to many entries."""

    COMPLETE = "complete"
    SKIP = "skip"
    SNOOZE = "snooze"
    ASSIGN = "assign"
    SEND = "send"
    RETRY = "retry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """One wish for many entries; the door insists on what its action needs, and on no more."""

    work: Work
    task_ids: Sequence[TaskId]
    outcome: str | None = None
    note: str | None = None
    until: datetime | None = None
    user_id: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of one entry."""

    task_id: TaskId
    code: str | None = None
    message: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was done."""
        return self.code is None


def do(bulk: Bulk, *, may: Callable[[TaskId], None], by: UserId, bench: Bench) -> list[Row]:
    """Work every entry that the caller may work, in the order asked; `may` refuses the others."""
    return [_row(task_id, bulk, may, by, bench) for task_id in bulk.task_ids]


def _row(
    task_id: TaskId, bulk: Bulk, may: Callable[[TaskId], None], by: UserId, bench: Bench
) -> Row:
    try:
        may(task_id)
        _act(task_id, bulk, by, bench)
    except RuleError as error:
        first = error.problems[0]
        return Row(task_id=task_id, code=first.code, message=first.message)
    except DomainError as error:
        return Row(task_id=task_id, code=error.code, message=error.detail)
    return Row(task_id=task_id)


def _act(task_id: TaskId, bulk: Bulk, by: UserId, bench: Bench) -> None:
    match bulk.work:
        case Work.COMPLETE:
            working.complete(task_id, outcome=bulk.outcome, note=bulk.note, by=by, bench=bench)
        case Work.SKIP:
            working.skip(task_id, by=by, bench=bench)
        case Work.SNOOZE if bulk.until is not None:
            working.snooze(task_id, until=bulk.until, bench=bench)
        case Work.ASSIGN if bulk.user_id is not None:
            working.assign(task_id, user_id=bulk.user_id, bench=bench)
        case Work.SEND:
            drafts.send(task_id, Written(), by=by, bench=bench)
        case Work.RETRY:
            working.retry(task_id, by=by, bench=bench)
        case Work.SNOOZE | Work.ASSIGN:
            raise TypeError(bulk)  # the door insists on what an action needs
        case _:
            assert_never(bulk.work)
