"""The laws of one trial: what must hold when everything has come to rest, whatever came between."""

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from chalicelib.domain.errors import DomainError
from chalicelib.domain.ids import EnrollmentId, SequenceId, UserId
from chalicelib.domain.sequences.budget import of_sender
from chalicelib.domain.sequences.definition import EmailStep
from chalicelib.domain.sequences.enrollment import Count, Enrollment, Status, count_of
from chalicelib.domain.sequences.figures import LEFT
from chalicelib.domain.sequences.ledger import LedgerEntry, SendState
from chalicelib.services import enrollments, working
from chalicelib.services.feedback import Told
from chalicelib.storage import budget_keys, reading
from chalicelib.storage.budgets import Share
from tests.services.races import steps
from tests.services.races.interruptions import EDITED, ses_tells
from tests.services.races.world import HUGO, OTHER, SALLY, SEQUENCE, Case, World

ROUNDS: Final = 4
"""Days after which every flow has come to its end."""
_STOPPED: Final = frozenset({Status.PAUSED, Status.EXITED, Status.FAILED, Status.COMPLETED})
_OUT: Final = frozenset({SendState.SENDING, SendState.SENT, SendState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How an enrollment stood directly after what came between, and what had been claimed before.

    `writer` is whose mail comes next: a manual one is theirs in whose feed it stands (M20), any
    other the owner's. `is_edited` is whether somebody was told that their words stand in a mail
    which nobody had claimed.
    """

    head: Enrollment
    claimed: frozenset[tuple[str, str]]
    writer: UserId
    is_edited: bool = False


def let(wish: Callable[[], object]) -> None:
    """Let somebody wish; what the state does not allow is refused, and that is all right."""
    with suppress(DomainError):
        wish()


def claimed(case: Case) -> frozenset[tuple[str, str]]:
    """Return of which steps a mail is out, or on its way."""
    entries = case.world.stores.ledger.of_enrollment(case.id)
    return frozenset((each.enrollment_id, each.step_id) for each in entries if each.state in _OUT)


def broken_at_once(case: Case, then: Moment) -> list[str]:
    """Return the laws that do not hold when whoever was interrupted has done."""
    head, mails = case.head, frozenset(case.mails())
    fate = (then.head.status, then.head.reason, then.head.ended_at)
    may_send = then.head.status not in _STOPPED
    laws = {
        "a stop that was stored before the claim wins": may_send or mails <= then.claimed,
        "who is over stays so": not then.head.is_over
        or (head.status, head.reason, head.ended_at) == fate,
        "a pause stays": then.head.status is not Status.PAUSED
        or head.status in {Status.PAUSED, Status.FAILED},
        "nobody is forgotten": (head.due_at is None) == head.is_over,
        "a mail is its writer's": _is_by_its_writer(case, then),
        "what was edited goes out": not then.is_edited or _bears_edit(case, then),
    }
    return [law for law, holds in laws.items() if not holds]


def _new_mails(case: Case, then: Moment) -> list[bytes]:
    """Return the mails that were claimed after the moment."""
    return [
        mail.mime
        for mail in case.world.doubles.mailer.sent
        if mail.tags["enrollment"] == case.id and (case.id, mail.tags["step"]) not in then.claimed
    ]


def writer_of(case: Case) -> UserId:
    """Return whose the next mail is."""
    head, stores = case.head, case.world.stores
    flow = stores.sequences.flow_version(head.sequence_id, head.flow_version).flow
    for task in case.tasks():
        step = flow.by_id()[task.step_id]
        is_draft = isinstance(step, EmailStep) and not step.automatic
        if is_draft and stores.users.get(task.assignee_id).is_active:
            return task.assignee_id
    return head.owner_id


def _is_by_its_writer(case: Case, then: Moment) -> bool:
    name = case.world.stores.users.get(then.writer).name
    return all(f"From: {name}".encode() in mime for mime in _new_mails(case, then))


def _bears_edit(case: Case, then: Moment) -> bool:
    new = _new_mails(case, then)[:1]
    return all(EDITED.encode() in mime for mime in new)


def live_on(case: Case) -> None:
    """Let days pass, while people go on with what stands still and do what their feed says."""
    for _ in range(ROUNDS):
        heads = [case.world.stores.enrollments.get(each) for each in case.ids()]
        if all(head.is_over for head in heads):
            return
        for head in heads:
            _go_on(case, head)
        for task in case.tasks():
            let(partial(working.skip, task.id, by=HUGO, bench=case.bench))
        steps.wait(case, timedelta(days=1, minutes=40))


def _go_on(case: Case, head: Enrollment) -> None:
    if head.status is Status.PAUSED:
        let(partial(enrollments.resume, head.id, by=SALLY, bench=case.bench))
    now_is = case.world.stores.enrollments.get(head.id)
    if now_is.due_at is not None and now_is.due_at <= case.bench.now():
        case.take(now_is.token, now_is.id)


def broken(case: Case) -> list[str]:
    """Return the laws that do not hold of an enrollment that has come to rest."""
    stores, mails = case.world.stores, Counter(case.mails())
    heads = [stores.enrollments.get(each) for each in case.ids()]
    entries = [entry for each in case.ids() for entry in stores.ledger.of_enrollment(each)]
    running = [head.id for head in heads if not head.is_over]
    holder = stores.enrollments.slot_holder(case.item)
    asked = sorted(str(head.step_id) for head in heads if head.has_task and not head.is_over)
    laws = {
        "at most one mail of a step": all(number == 1 for number in mails.values()),
        "a future or an end": all((head.due_at is None) == head.is_over for head in heads),
        "a place of its own": [holder] == running if running else holder is None,
        "ledger and outbox agree": _is_booked(case, set(mails)),
        "no step is left twice": all(_is_coherent(case, each, mails) for each in case.ids()),
        "a task for whoever is asked": asked == sorted(task.step_id for task in case.tasks()),
        "a thread with every mail": _is_threaded(case, entries),
    }
    return [law for law, holds in laws.items() if not holds]


def _is_booked(case: Case, mails: set[tuple[str, str]]) -> bool:
    """Whether the ledger knows what was sent; of a worker that died SES has to tell."""
    of = case.world.stores.ledger.of_enrollment
    if any(each.state in {SendState.SENDING, SendState.UNKNOWN} for each in of(case.id)):
        ses_tells(Told.SEND, case)
    entries = [entry for each in case.ids() for entry in of(each)]
    return mails == {
        (each.enrollment_id, each.step_id) for each in entries if each.state is SendState.SENT
    }


def _is_coherent(case: Case, enrollment_id: EnrollmentId, mails: Counter[tuple[str, str]]) -> bool:
    lines = case.world.stores.enrollments.history(enrollment_id)
    left = Counter(line.step_id for line in lines if line.step_id and line.state in LEFT)
    sent = Counter(str(line.step_id) for line in lines if line.state == "sent")
    exits = [line for line in lines if line.type == "exit"]
    out = Counter(step for of, step in mails if of == enrollment_id)
    return all(number == 1 for number in left.values()) and len(exits) <= 1 and sent <= out


def _is_threaded(case: Case, entries: list[LedgerEntry]) -> bool:
    sent = [each for each in entries if each.wire_id]
    threads = case.world.stores.threads
    return not sent or threads.get(threads.id_of_enrollment(case.id)).message_count >= len(sent)


def broken_in(world: World, stopped_amid: Collection[Case] = ()) -> list[str]:
    """Return the laws that do not hold of the tenant as a whole.

    Those of `stopped_amid` may have been moved while a share was theirs, and stopped thereafter.
    """
    counts = world.stores.counts
    laws = {
        f"counts of {each} are what is counted": counts.of(each) == _recounted(world, each)
        for each in (SEQUENCE, OTHER)
    }
    laws["caps count what was sent"] = _are_caps_right(world, stopped_amid)
    return [law for law, holds in laws.items() if not holds]


def _recounted(world: World, sequence_id: SequenceId) -> dict[Count, int]:
    heads = world.stores.enrollments.list_page(sequence_id, limit=500, cursor=None).rows
    states = [count_of(head.status, head.reason) for head in heads]
    return {each: states.count(each) for each in world.stores.counts.of(sequence_id)}


def _are_caps_right(world: World, stopped_amid: Collection[Case]) -> bool:
    """Never less than was sent; more only for who stood still with a share (0049)."""
    ledger = world.stores.ledger
    entries = [entry for case in world.cases for entry in ledger.of_enrollment(case.id)]
    shares = [Share.read(each) for entry in entries if entry.state in _OUT for each in entry.shares]
    booked = Counter(share.scope for share in shares)
    used = {scope: _used(world, scope) for scope in ("tenant", of_sender(SALLY), of_sender(HUGO))}
    over = {scope: number - booked[scope] for scope, number in used.items()}
    if not any(over.values()):
        return True
    stood = sum(_was_paused(case) or case in stopped_amid for case in world.cases)
    return all(0 <= number <= stood for number in over.values())


def _used(world: World, scope: str) -> int:
    days = reading.between(budget_keys.budget(world.tenant_id, scope), "0", "~")
    return sum(int(day["used"]["N"]) for day in days)


def _was_paused(case: Case) -> bool:
    lines = case.world.stores.enrollments.history(case.id)
    return any(line.state == "paused" for line in lines)
