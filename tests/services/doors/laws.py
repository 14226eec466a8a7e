"""What must hold whatever was broken: of one subject, and of everything together.

At most one mail per enrollment and step; nobody without a future or an end; the ledger says what
the mail service took; counts and figures are those of a recount; nothing is in a dead-letter queue.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.domain.ids import EnrollmentId
from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from chalicelib.domain.sequences.ledger import LedgerEntry, SendState
from chalicelib.domain.sequences.tasks import TaskState
from chalicelib.entry.settings import QUEUE_NAMES
from chalicelib.storage import jobs, keys, spelling
from infra.local.resources import STREAM_DEAD
from infra.local.settings import TABLE, queue_name, queue_url
from tests.builders import TENANT
from tests.services.doors.story import Story, Subject
from tests.services.doors.world import World
from tests.services.recount import recount

FOR_EVER: Final = datetime(2100, 1, 1, tzinfo=UTC)
LATE_AT_MOST: Final = timedelta(minutes=15)
"""The index is read from its beginning every ten minutes."""


def wrongs(world: World, story: Story, subject: Subject) -> list[str]:
    """Return every law that does not hold for one subject."""
    found = list(story.wrongs(world, subject))
    if subject.enrollment_id is not None:
        found += of_enrollment(world, subject.enrollment_id, story.most_mails)
    return found


def wrongs_of_all(world: World) -> list[str]:
    """Return what is wrong with everything together; costs a walk through all there is."""
    return [*_miscounted(world), *_left_jobs(), *_dead_letters(world)]


def of_enrollment(world: World, enrollment_id: EnrollmentId, most_mails: int = 1) -> Iterator[str]:
    """Return every law that does not hold for one enrollment."""
    head = world.stores.enrollments.get(enrollment_id)
    yield from _of_future(world, head)
    entries = {each.step_id: each for each in world.stores.ledger.of_enrollment(enrollment_id)}
    mails: dict[str, list[str]] = {}
    for mail in world.mails():
        if mail["tags"].get("enrollment") == enrollment_id:
            mails.setdefault(mail["tags"]["step"], []).append(_ses_id(mail))
    for step_id, ses_ids in mails.items():
        if len(ses_ids) > most_mails:
            yield f"{len(ses_ids)} mails of step {step_id}"
        if step_id not in entries:
            yield f"a mail of step {step_id} that the ledger does not know"
    for step_id, entry in entries.items():
        yield from _of_ledger(entry, mails.get(step_id, []), head)


def _of_future(world: World, head: Enrollment) -> Iterator[str]:
    if head.is_over == (head.due_at is not None):
        yield f"{head.status} and due at {head.due_at}"
    if head.due_at is not None and world.now() - head.due_at > LATE_AT_MOST:
        yield f"due since {head.due_at}, and nobody moves it"
    if not head.is_over and not _is_listed(world, head):
        yield "not in the due index"
    holds = world.stores.enrollments.slot_holder(head.item) == head.id
    if holds == head.is_over:
        yield f"{head.status} and its slot is {'held' if holds else 'free'}"
    ever = world.stores.tasks.of_enrollment(head.id)
    tasks = [task for task in ever if task.state is TaskState.OPEN and not task.is_ahead]
    is_asked = any(task.step_id == head.step_id for task in tasks)
    if head.has_task != is_asked and not head.is_over:
        yield f"has_task is {head.has_task}, its tasks are {[task.step_id for task in tasks]}"
    if head.is_over and tasks:
        yield "over, and still in a feed"
    if head.phase is Phase.SENDING and not head.is_over:
        yield "still leased"


def _of_ledger(entry: LedgerEntry, ses_ids: list[str], head: Enrollment) -> Iterator[str]:
    match entry.state:
        case SendState.SENT if not ses_ids:
            yield f"step {entry.step_id} stands as sent, and no mail left"
        case SendState.SENT if _id_on_wire(entry) not in ses_ids:
            yield f"step {entry.step_id} stands as sent by an id of no mail"
        case SendState.SENDING:
            yield f"step {entry.step_id} is still being sent"
        case SendState.FAILED | SendState.WITHDRAWN if ses_ids:
            yield f"step {entry.step_id} stands as {entry.state}, and a mail left"
        case SendState.UNKNOWN if ses_ids:
            yield f"step {entry.step_id} is unknown, though word of its mail came"
        case SendState.UNKNOWN if not (head.has_task or head.is_over):
            yield f"step {entry.step_id} is unknown, and nobody is asked"
        case _:
            pass
    if entry.is_duplicate != (len(ses_ids) > 1):
        yield f"step {entry.step_id}: {len(ses_ids)} mails, is_duplicate {entry.is_duplicate}"


def _ses_id(mail: Mapping[str, Any]) -> str:
    return str(mail.get("ses_id") or mail["id"])


def _id_on_wire(entry: LedgerEntry) -> str:
    return str(entry.wire_id).partition("@")[0]


def _is_listed(world: World, head: Enrollment) -> bool:
    row = world.aws.dynamodb.get_item(
        TableName=TABLE,
        Key={"pk": {"S": keys.enrollment(TENANT, head.id)}, "sk": {"S": keys.HEAD}},
        ConsistentRead=True,
    )["Item"]
    due = row.get("due_sk", {}).get("S", "")
    return head.due_at is not None and due.startswith(spelling.instant(head.due_at))


def _miscounted(world: World) -> Iterator[str]:
    """Do what every night is done, and tell what it found."""
    yield from (f"recount: {dict(row)}" for row in recount(world.bench))


def _left_jobs() -> Iterator[str]:
    """Tell of every job that somebody still waits for."""
    for page in jobs.waiting(FOR_EVER):
        yield from (f"job {each.job_id} is not over" for each in page)


def _dead_letters(world: World) -> Iterator[str]:
    for name in (*QUEUE_NAMES, STREAM_DEAD.removesuffix("-dead")):
        url = queue_url(world.settings, queue_name(f"{name}-dead"))
        for message in world.aws.sqs.receive_message(QueueUrl=url).get("Messages", []):
            yield f"dead letter of {name}: {message.get('Body', '')[:200]}"
