"""Stories of the doors that mail opens: word from SES, and answers."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from chalicelib.domain.ids import StepId
from chalicelib.domain.mail.reply_token import format_reply_address
from chalicelib.domain.sequences.ledger import MailStatus
from chalicelib.entry import wiring
from infra.local.ses_events import SIMULATOR
from infra.local.settings import INBOUND_DOMAIN, queue_name, queue_url
from tests.builders import TENANT
from tests.letters import an_answer
from tests.services.doors import place
from tests.services.doors.story import Story, Subject, asleep
from tests.services.doors.world import World

FEEDBACK: Final = "ses_feedback"
INTAKE: Final = "inbound_mail"
UNCLAIMED: Final = "unclaimed_mail"


def _to_simulator(mailbox: str, world: World, number: int) -> Subject:
    """Enroll a lead whose address behaves as a mailbox of SES's simulator does."""
    address = f"{mailbox}+{number}@{SIMULATOR}"
    enrollment_id = place.enroll(world, place.OUTREACH, number, address)
    return Subject(number=number, about=enrollment_id, enrollment_id=enrollment_id)


def _ended(why: str, world: World, subject: Subject) -> Iterator[str]:
    assert subject.enrollment_id is not None
    head = world.stores.enrollments.get(subject.enrollment_id)
    if head.reason != why:
        yield f"it is {head.status}, {head.reason}, and not {why}"
    status = _entry_of(world, subject).status
    if status not in {MailStatus.BOUNCED, MailStatus.COMPLAINED}:
        yield f"its mail stands as {status}"
    address = _entry_of(world, subject).recipients[0]
    if world.stores.addresses.suppression(address) is None:
        yield "its address may still be mailed"


def _delivered(world: World, subject: Subject) -> Iterator[str]:
    status = _entry_of(world, subject).status
    if status is not MailStatus.DELIVERED:
        yield f"its mail stands as {status}"


def _bounced_for_a_time(world: World, subjects: Sequence[Subject]) -> None:
    """Let the mails go out, and SES tell that a mailbox is full."""
    world.quiet()
    for subject in subjects:
        _tell(world, _soft_bounce(world, subject))


def _soft_bounce(world: World, subject: Subject) -> dict[str, Any]:
    (mail,) = [each for each in world.mails() if each["tags"]["enrollment"] == subject.about]
    return {
        "eventType": "Bounce",
        "mail": {
            "messageId": mail["id"],
            "timestamp": world.now().isoformat(),
            "tags": {name: [value] for name, value in mail["tags"].items()},
        },
        "bounce": {
            "bounceType": "Transient",
            "bounceSubType": "MailboxFull",
            "timestamp": world.now().isoformat(),
            "bouncedRecipients": [{"emailAddress": place.address_of(subject.number)}],
        },
    }


def _tell(world: World, event: dict[str, Any]) -> None:
    told = json.dumps({"Type": "Notification", "Message": json.dumps(event)})
    url = queue_url(world.settings, queue_name("feedback"))
    world.aws.sqs.send_message(QueueUrl=url, MessageBody=told)


def _entry_of(world: World, subject: Subject) -> Any:  # noqa: ANN401
    assert subject.enrollment_id is not None
    return world.stores.ledger.find(subject.enrollment_id, StepId("a1"))


def _written_to(world: World, number: int) -> Subject:
    """Enroll a lead who will answer: intake hears of it by the answer's sender."""
    enrollment_id = place.enroll(world, place.OUTREACH, number)
    about = place.address_of(number)
    return Subject(number=number, about=about, enrollment_id=enrollment_id)


def _answered(world: World, subjects: Sequence[Subject]) -> None:
    world.quiet()
    for subject in subjects:
        world.intake.take(
            sender=place.address_of(subject.number),
            recipients=[_reply_address(subject)],
            raw=_answer_of(subject),
        )


def _answer_of(subject: Subject) -> bytes:
    letter = replace(
        an_answer(),
        from_=f"Paula <{place.address_of(subject.number)}>",
        message_id=f"answer-{subject.number}@acme.test",
        in_reply_to="",
        references=(),
    )
    return letter.octets


def _reply_address(subject: Subject) -> str:
    assert subject.enrollment_id is not None
    keys = wiring.outside().mac_keys
    return format_reply_address(TENANT, subject.enrollment_id, keys=keys, domain=INBOUND_DOMAIN)


def _filed_once(world: World, subject: Subject) -> Iterator[str]:
    assert subject.enrollment_id is not None
    threads = world.stores.threads
    thread = threads.get(threads.id_of_enrollment(subject.enrollment_id))
    if thread.message_count != 2:
        yield f"{thread.message_count} messages in its thread"
    heard = world.stores.enrollments.stand(subject.enrollment_id).heard
    replies = [each for each in heard if each.event == "replied"]
    if len(replies) != 1:
        yield f"it heard {len(replies)} answers"


STORIES: Final = (
    Story(
        name="word that a mail was sent and delivered",
        door=FEEDBACK,
        prepare=partial(_to_simulator, "success"),
        ripen=asleep(FEEDBACK),
        wrongs=_delivered,
    ),
    Story(
        name="word that a mail bounced",
        door=FEEDBACK,
        prepare=partial(_to_simulator, "bounce"),
        ripen=asleep(FEEDBACK),
        wrongs=partial(_ended, "bounced"),
    ),
    Story(
        name="word of a complaint",
        door=FEEDBACK,
        prepare=partial(_to_simulator, "complaint"),
        ripen=asleep(FEEDBACK),
        wrongs=partial(_ended, "complained"),
    ),
    Story(
        name="word that a mailbox is full",
        door=FEEDBACK,
        prepare=partial(_to_simulator, "success"),
        ripen=_bounced_for_a_time,
    ),
    Story(
        name="an answer",
        door=INTAKE,
        prepare=_written_to,
        ripen=_answered,
        wrongs=_filed_once,
    ),
)
