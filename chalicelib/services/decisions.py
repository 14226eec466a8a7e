"""Writes what the engine decided: state and effects in one transaction.

A crash before it changes nothing, a crash after it forgets nothing.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from msgspec import structs

from chalicelib.domain.crm import field_setting
from chalicelib.domain.crm.items import Item
from chalicelib.domain.ids import SignalId
from chalicelib.domain.mail.filed import SentMail
from chalicelib.domain.sequences import starting
from chalicelib.domain.sequences.effects import (
    AdvanceTo,
    AskUser,
    ChangeItem,
    CloseTask,
    Effect,
    Record,
    SendMail,
    SetField,
    SettleMail,
)
from chalicelib.domain.sequences.enrollment import Enrollment, count_of
from chalicelib.domain.sequences.figures import LEFT
from chalicelib.domain.sequences.signals import Heard, Stopped
from chalicelib.domain.sequences.tasks import Task, first_revision
from chalicelib.domain.sequences.walk import Decision
from chalicelib.gateways.outside import Outside
from chalicelib.gateways.queues import Due, QueueRefusedError
from chalicelib.services import advancing
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
    forgotten: SignalId | None = None,
    sent: SentMail | None = None,
    extra: Extra | None = None,
) -> Enrollment:
    """Write `decision` on `before` as it was read, with the mail that was `sent` if one was.

    Raises StaleWriteError if `before` has moved.
    """
    stores = bench.stores
    after = decision.enrollment
    heir = _heir(decision, bench)
    with Transaction() as tx:
        lines = (*_held_back(before, after), *lines_of(decision, before))
        written = stores.enrollments.change(
            tx,
            after,
            lines,
            heard=stored,
            forgotten=forgotten,
            heir=heir,
            listed_at=stores.threads.listed_at(sent),
        )
        if sent is not None:
            stores.threads.put_sent(tx, sent, is_listed=bool(lines))
        _carry_out_all(tx, decision.effects, after, bench)
        if heir is not None:
            heir = advancing.begin(tx, heir, after, stores=stores)
        _count(tx, before, after, bench)
        if extra is not None:
            extra(tx)
    wake_if_due(written, bench=bench)
    if heir is not None:
        wake_if_due(heir, bench=bench)
    return written


def _count(tx: Transaction, before: Enrollment, after: Enrollment, bench: Bench) -> None:
    """Change the counters of the sequence as the enrollment changes.

    Who ends while they wait for the day on which they would begin leaves it to another.
    """
    out_of = count_of(before.status, before.reason)
    into = count_of(after.status, after.reason)
    bench.stores.counts.move(tx, after.sequence_id, after.id, out_of=out_of, into=into)
    day = starting.place_given_up(before, after)
    if day is not None:
        bench.stores.budgets.free_place(tx, after.sequence_id, day)


def lines_of(decision: Decision, before: Enrollment) -> tuple[Record, ...]:
    """Return what a decision adds to the history."""
    return tuple(_timed(each, before) for each in decision.effects if isinstance(each, Record))


def _held_back(before: Enrollment, after: Enrollment) -> tuple[Record, ...]:
    """Return what the claim of a mail left to be written with whatever ends it."""
    if before.lease is None:
        return ()
    has_ended = after.lease != before.lease or (after.is_over and not before.is_over)
    return before.lease.lines if has_ended else ()


def _timed(line: Record, before: Enrollment) -> Record:
    """Note how long the current step took, on the line that leaves it."""
    if line.step_id is None or line.step_id != before.step_id or line.state not in LEFT:
        return line
    return structs.replace(line, took_s=max(1, int((line.at - before.arrived_at).total_seconds())))


def _heir(decision: Decision, bench: Bench) -> Enrollment | None:
    """Return the enrollment that another sequence begins with what this one hands over."""
    for effect in decision.effects:
        if isinstance(effect, AdvanceTo):
            return advancing.heir_of(
                decision.enrollment, effect, stores=bench.stores, now=bench.now()
            )
    return None


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


def _carry_out_all(
    tx: Transaction, effects: tuple[Effect, ...], after: Enrollment, bench: Bench
) -> None:
    for effect in effects:
        _carry_out(tx, effect, after, bench)
    _change_item(tx, effects, after, bench)


def _carry_out(tx: Transaction, effect: Effect, after: Enrollment, bench: Bench) -> None:
    stores = bench.stores
    match effect:
        case AskUser(is_reopened=True):
            stores.tasks.say_why(tx, after.id, effect.step_id, effect.why)
        case AskUser():
            stores.tasks.add(tx, _task(effect, after, bench))
        case CloseTask():
            stores.tasks.close(tx, after.id, effect)
        case Record() | SendMail() | SettleMail() | ChangeItem() | SetField() | AdvanceTo():
            # Lines are written with the head, mail has a protocol of its own (delivery), the item
            # is one row however much of it changes, and a heir is begun beside its predecessor.
            pass
        case _:
            assert_never(effect)


def _task(effect: AskUser, after: Enrollment, bench: Bench) -> Task:
    """Make the entry of a feed; what a user wrote before the mail was held is kept."""
    draft = None
    if after.edited == effect.step_id:
        draft = bench.stores.tasks.find(after.id, effect.step_id)
    task = _blank(effect, after)
    return task if draft is None else task.with_draft(draft)


def _blank(effect: AskUser, after: Enrollment) -> Task:
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
        revision=first_revision(after.version),
    )


def _change_item(
    tx: Transaction, effects: tuple[Effect, ...], after: Enrollment, bench: Bench
) -> None:
    """Write all that the effects do to the item at once, for a transaction takes a row but once."""
    changing = [each for each in effects if isinstance(each, ChangeItem | SetField)]
    before = bench.stores.items.find(after.item) if changing else None
    if before is None:
        return
    changed = before
    for effect in changing:
        changed = _changed(changed, effect, bench.now())
    bench.stores.items.revise(tx, before, changed)


def _changed(item: Item, effect: ChangeItem | SetField, now: datetime) -> Item:
    if isinstance(effect, SetField):
        return field_setting.applied(item, effect.field, effect.value, now)
    tag, status = effect.action.add_tag, effect.action.set_status
    if tag is not None and tag not in item.tags:
        return replace(item, tags=(*item.tags, tag), updated_at=now)
    if status is not None and status is not item.status and item.is_open:
        return replace(item, status=status, status_reason=effect.action.reason, updated_at=now)
    return item
