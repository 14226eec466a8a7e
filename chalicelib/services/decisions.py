"""Writes what the engine decided: state and effects in one transaction.

A crash before it changes nothing, a crash after it forgets nothing.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from chalicelib.domain.sequences.effects import (
    AskUser,
    ChangeItem,
    CloseTask,
    Effect,
    Record,
    SendMail,
    SettleMail,
)
from chalicelib.domain.sequences.enrollment import Enrollment, count_of
from chalicelib.domain.sequences.signals import Heard, Stopped
from chalicelib.domain.sequences.tasks import Task
from chalicelib.domain.sequences.walk import Decision
from chalicelib.gateways.outside import Outside
from chalicelib.gateways.queues import Due, QueueRefusedError
from chalicelib.storage import keys
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction

Extra = Callable[[Transaction], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What every use case of the runner needs: where things are kept, and the outside."""

    stores: Stores
    outside: Outside

    def now(self) -> datetime:
        """Return the present instant."""
        return self.outside.clock.now()


def keep(
    before: Enrollment,
    decision: Decision,
    *,
    bench: Bench,
    stored: Heard | Stopped | None = None,
    extra: Extra | None = None,
) -> Enrollment:
    """Write `decision` on `before` as it was read; raises StaleWriteError if that has moved."""
    stores = bench.stores
    after = decision.enrollment
    with Transaction() as tx:
        lines = tuple(each for each in decision.effects if isinstance(each, Record))
        written = stores.enrollments.change(tx, after, lines, heard=stored)
        for effect in decision.effects:
            _carry_out(tx, effect, after, bench)
        out_of = count_of(before.status, before.reason)
        into = count_of(after.status, after.reason)
        stores.counts.move(tx, after.sequence_id, after.id, out_of=out_of, into=into)
        if extra is not None:
            extra(tx)
    wake_if_due(written, bench=bench)
    return written


def wake_if_due(enrollment: Enrollment, *, bench: Bench) -> None:
    """Hand an enrollment that is due at once to `advance`, rather than wait for the next sweep.

    What was decided is written already: if the queue refuses, the sweep finds it within a minute,
    and nobody need be told that something failed.
    """
    due_at = enrollment.due_at
    if due_at is None or due_at > bench.now() or enrollment.lease is not None:
        return
    tenant_id = bench.stores.tenant_id
    due = Due(tenant_id=tenant_id, enrollment_id=enrollment.id, token=enrollment.token)
    with suppress(QueueRefusedError):
        bench.outside.queues.send_due([due])


def _carry_out(tx: Transaction, effect: Effect, after: Enrollment, bench: Bench) -> None:
    stores = bench.stores
    match effect:
        case AskUser(is_reopened=True):
            stores.tasks.say_why(tx, after.id, effect.step_id, effect.why)
        case AskUser():
            stores.tasks.add(tx, _task(effect, after))
        case CloseTask():
            stores.tasks.close(tx, after.id, effect)
        case ChangeItem():
            _change_item(tx, effect, after, bench)
        case Record() | SendMail() | SettleMail():
            pass  # lines are written with the head; mail has a protocol of its own (delivery)
        case _:
            assert_never(effect)


def _task(effect: AskUser, after: Enrollment) -> Task:
    return Task(
        id=keys.task_id(after.id, effect.step_id),
        enrollment_id=after.id,
        step_id=effect.step_id,
        sequence_id=after.sequence_id,
        flow_version=after.flow_version,
        item=after.item,
        type=effect.type,
        assignee_id=effect.assignee_id,
        due_at=effect.due_at,
        priority=effect.priority,
        needs_outcome=effect.needs_outcome,
        why=effect.why,
    )


def _change_item(tx: Transaction, effect: ChangeItem, after: Enrollment, bench: Bench) -> None:
    items = bench.stores.items
    item = items.get(after.item)
    action = effect.action
    if action.add_tag is not None:
        items.add_tag(tx, item, action.add_tag, bench.now())
    elif action.set_status is not None and item.is_open:
        items.change_status(tx, item, action.set_status, action.reason, bench.now())
