"""What may come between: each happens whole, through what triggers it in life.

A refusal is an answer like any other: the state does not allow it, and nothing has changed.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Final

import msgspec

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.items import ItemKind, ItemStatus
from chalicelib.domain.errors import DomainError, MissingError
from chalicelib.domain.ids import JobId, StepId, TaskId, UserId, WireId
from chalicelib.domain.mail.public_tokens import UnsubscribeToken
from chalicelib.domain.mail.reply_token import format_reply_address
from chalicelib.domain.sequences.automations import Change
from chalicelib.domain.sequences.changes import SequenceChanges
from chalicelib.services import (
    automating,
    drafts,
    enrollments,
    feedback,
    items,
    lead_conversion,
    migration,
    sequence_lifecycle,
    sequences,
    steering,
    unsubscribing,
    users,
    working,
)
from chalicelib.services.decisions import Bench
from chalicelib.services.drafts import Written
from chalicelib.services.feedback import Told, Word
from chalicelib.services.jobs import kinds
from chalicelib.services.jobs import working as jobs_working
from chalicelib.services.users import UserChanges
from tests.letters import a_notification, an_answer
from tests.services.races.world import HUGO, SALLY, SEQUENCE, Case, World

EDITED: Final = "Edited meanwhile"
EDITED_BY: Final = frozenset({"mail edited", "draft sent"})
"""Whoever does that writes this into the mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """What comes between, of an item of which kind."""

    deed: Callable[[Case], None]
    kind: ItemKind = ItemKind.LEAD
    is_wide: bool = False
    """Whether it concerns more than one enrollment: the next trial needs a tenant of its own."""

    def happen(self, case: Case) -> str | None:
        """Let it happen; return the code of the refusal, if it was refused."""
        try:
            self.deed(case)
        except DomainError as refusal:
            return refusal.code
        return None


def answer(case: Case, *, dmarc: str = "PASS") -> None:
    """Paula answers, in a mail of her own that names none of ours but the address."""
    world = case.world
    at = world.doubles.clock.now() + timedelta(minutes=1)
    ses_id = f"ses-in-{world.number}-{case.item.id}"
    letter = replace(
        an_answer(),
        from_=f"Paula Prospect <{case.address}>",
        message_id=f"{ses_id}@acme.test",
        in_reply_to="",
        references=(),
        sent_at=at,
    )
    address = format_reply_address(
        world.tenant_id,
        case.id,
        keys=world.doubles.outside.mac_keys,
        domain=world.doubles.outside.inbound_domain,
    )
    told = a_notification(address, ses_id=ses_id, dmarc=dmarc)
    for part in ("mail", "receipt"):
        told[part]["timestamp"] = at.isoformat()  # type: ignore[index]
    world.office.put(letter.octets, ses_id)
    world.office.notify(told)


def unsubscribe(case: Case) -> None:
    world = case.world
    token = UnsubscribeToken(tenant_id=world.tenant_id, enrollment_id=case.id, address=case.address)
    unsubscribing.unsubscribe(token, stores=world.stores, outside=world.doubles.outside)


def ses_tells(told: Told, case: Case) -> None:
    """SES tells of the latest mail that it took, if there is one."""
    mailer = case.world.doubles.mailer
    mails = [mail for mail in mailer.sent if mail.tags["enrollment"] == case.id]
    for mail in mails[-1:]:
        word = Word(
            enrollment_id=case.id,
            step_id=StepId(mail.tags["step"]),
            attempt=int(mail.tags["attempt"]),
            wire_id=WireId(mailer.wire_id(mail.ses_id)),
            told=told,
            addresses=mail.recipients,
            at=case.bench.now(),
            mailed_at=case.bench.now(),
        )
        feedback.hear(word, bench=case.bench)


def pause(case: Case) -> None:
    enrollments.pause(case.id, until=None, by=SALLY, bench=case.bench)


def pause_and_resume(case: Case) -> None:
    pause(case)
    enrollments.resume(case.id, by=SALLY, bench=case.bench)


def remove(case: Case) -> None:
    enrollments.remove(case.id, by=SALLY, bench=case.bench)


def hold_sequence(case: Case) -> None:
    world = case.world
    sequence = world.stores.sequences.get(SEQUENCE)
    sequence_lifecycle.pause(sequence, stores=world.stores, now=case.bench.now())


def hold_sequence_and_go_on(case: Case) -> None:
    hold_sequence(case)
    sequence = case.world.stores.sequences.get(SEQUENCE)
    sequence_lifecycle.resume(sequence, by=SALLY, bench=case.bench)


def deactivate(case: Case) -> None:
    sequence = case.world.stores.sequences.get(SEQUENCE)
    sequence_lifecycle.deactivate(sequence, by=SALLY, bench=case.bench)


def delete_sequence(case: Case) -> None:
    sequences.delete(
        SEQUENCE, disconnects=True, read_version=None, caller=case.world.sally, bench=case.bench
    )


def publish_and_migrate(case: Case) -> None:
    """The mail or call that comes gets other words, and those in flight are moved."""
    world = case.world
    known = world.stores.sequences.get(SEQUENCE)
    document = msgspec.json.decode(msgspec.json.encode(known.flow))
    for step in document["steps"]:
        if step["type"] in {"email", "activity"}:
            step["subject"] = f"{step['subject']}, anew"
    sequences.change(
        SEQUENCE,
        changes=SequenceChanges(flow=document),
        read_version=None,
        caller=world.sally,
        stores=world.stores,
        now=case.bench.now(),
    )
    sequence = world.stores.sequences.get(SEQUENCE)
    asked = migration.Migration(
        sequence_id=SEQUENCE, from_version=1, to_version=sequence.flow_version or 0, is_trial=False
    )
    migration.migrate(sequence, asked, by=SALLY, bench=case.bench)


def close_item(status: ItemStatus, case: Case) -> None:
    """Somebody closes the item; the stream tells what follows."""
    world = case.world
    changed = items.change(
        case.item,
        changes=ItemChanges(status=status),
        read_version=None,
        caller=world.sally,
        stores=world.stores,
        now=case.bench.now(),
    )
    _ripple(case, changed.status)


def delete_item(case: Case) -> None:
    world = case.world
    deleted = items.delete(
        case.item,
        read_version=None,
        caller=world.sally,
        stores=world.stores,
        now=case.bench.now(),
    )
    _ripple(case, deleted.status)


def convert(case: Case) -> None:
    world = case.world
    lead_conversion.convert(
        case.item.id, changes=ItemChanges(), caller=world.sally, bench=case.bench
    )
    _ripple(case, ItemStatus.CONVERTED)


def _ripple(case: Case, status: ItemStatus) -> None:
    change = Change(
        event_id="event-1",
        item=case.item,
        is_new=False,
        status_before=ItemStatus.OPEN,
        status=status,
    )
    automating.follow(change, bench=case.bench)


def edit_mail(case: Case) -> None:
    """Sally writes into the mail that waits, or into the draft in her feed."""
    head = case.head
    step_id = head.mail_ahead or head.step_id or ""
    drafts.edit(case.task(step_id), Written(body=f"<p>{EDITED}</p>"), bench=case.bench)


def leave(heir: UserId | None, case: Case) -> None:
    """Sally leaves; the job that takes her work from her runs to its end."""
    world = case.world
    users.change(
        SALLY,
        changes=UserChanges(is_active=False),
        read_version=None,
        reassign_to=heir,
        caller=world.adam,
        bench=case.bench,
    )
    do_jobs(world)


def do_jobs(world: World) -> None:
    """Do the jobs that were handed on."""
    queues = world.doubles.queues
    while bodies := queues.bodies_by_queue.pop("bulk", []):
        for body in bodies:
            job_id = JobId(json.loads(body)["j"])
            jobs_working.carry_on(job_id, work_of=kinds.work_of, bench=world.bench)


TASK_DEEDS: Final[Mapping[str, Callable[[TaskId, Bench], object]]] = MappingProxyType(
    {
        "complete": lambda task_id, bench: working.complete(
            task_id, outcome="answered", note=None, by=SALLY, bench=bench
        ),
        "skip": lambda task_id, bench: working.skip(task_id, by=SALLY, bench=bench),
        "retry": lambda task_id, bench: working.retry(task_id, by=SALLY, bench=bench),
        "assign": lambda task_id, bench: working.assign(task_id, user_id=HUGO, bench=bench),
        "send": lambda task_id, bench: drafts.send(
            task_id, Written(body=f"<p>{EDITED}</p>"), by=SALLY, bench=bench
        ),
    }
)


def work_task(deed: str, case: Case) -> None:
    """Somebody works what stands in the feed, in whatever way."""
    tasks = case.tasks()
    if not tasks:
        raise MissingError(kind="task", id=case.id)
    TASK_DEEDS[deed](tasks[0].id, case.bench)


def assign(case: Case) -> None:
    steering.assign(case.id, user_id=HUGO, by=SALLY, bench=case.bench)


def skip_wait(case: Case) -> None:
    steering.skip_wait(case.id, by=SALLY, bench=case.bench)


def another_worker(behind: int, case: Case) -> None:
    """The same message comes again, or one that is older."""
    with suppress(DomainError):
        case.take(case.head.token - behind)


def _word(told: Told) -> Interruption:
    return Interruption(deed=partial(ses_tells, told))


def _of_task(deed: str) -> Interruption:
    return Interruption(deed=partial(work_task, deed))


def _wide(deed: Callable[[Case], None]) -> Interruption:
    return Interruption(deed=deed, is_wide=True)


def _closed(status: ItemStatus, kind: ItemKind) -> Interruption:
    return Interruption(deed=partial(close_item, status), kind=kind)


INTERRUPTIONS: Final[Mapping[str, Interruption]] = MappingProxyType(
    {
        "reply": Interruption(deed=answer),
        "unverified reply": Interruption(deed=partial(answer, dmarc="FAIL")),
        "unsubscribe": Interruption(deed=unsubscribe),
        "hard bounce": _word(Told.HARD_BOUNCE),
        "complaint": _word(Told.COMPLAINT),
        "word of sending": _word(Told.SEND),
        "pause": Interruption(deed=pause),
        "pause and resume": Interruption(deed=pause_and_resume),
        "removed": Interruption(deed=remove),
        "sequence paused": _wide(hold_sequence),
        "sequence paused and resumed": _wide(hold_sequence_and_go_on),
        "sequence deactivated": _wide(deactivate),
        "sequence deleted": _wide(delete_sequence),
        "published and migrated": _wide(publish_and_migrate),
        "item won": _closed(ItemStatus.WON, ItemKind.DEAL),
        "item lost": _closed(ItemStatus.LOST, ItemKind.DEAL),
        "item disqualified": _closed(ItemStatus.DISQUALIFIED, ItemKind.LEAD),
        "item deleted": Interruption(deed=delete_item),
        "item converted": Interruption(deed=convert),
        "mail edited": Interruption(deed=edit_mail),
        "owner left": _wide(partial(leave, None)),
        "owner left for another": _wide(partial(leave, HUGO)),
        "assigned": Interruption(deed=assign),
        "wait skipped": Interruption(deed=skip_wait),
        "task completed": _of_task("complete"),
        "task skipped": _of_task("skip"),
        "task retried": _of_task("retry"),
        "task assigned": _of_task("assign"),
        "draft sent": _of_task("send"),
        "same message": Interruption(deed=partial(another_worker, 0)),
        "older message": Interruption(deed=partial(another_worker, 1)),
    }
)
