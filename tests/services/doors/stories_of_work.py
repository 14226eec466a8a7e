"""Stories of the doors behind the stream and the queues, and of those that schedules open."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import msgspec
from msgspec import structs

from chalicelib.domain.crm.items import ItemKind, ItemRef, ItemStatus
from chalicelib.domain.ids import DeliveryId, ItemId, JobId
from chalicelib.domain.jobs.import_files import ImportFormat
from chalicelib.domain.jobs.job import JobKind, JobState
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.domain.sequences.signals import ExitReason
from chalicelib.entry import wiring
from chalicelib.services import enrollments, following
from chalicelib.services.jobs import asking, enrolling, importing
from chalicelib.services.jobs.enrolling_terms import Terms
from chalicelib.services.migration import Migration
from chalicelib.services.unclaimed import LOOKED_BACK
from chalicelib.storage import mail_rounds
from chalicelib.storage.deliveries import delivery_id
from chalicelib.storage.job_files import UPLOAD
from chalicelib.storage.transaction import Transaction
from infra.local.settings import BUCKET, queue_name, queue_url
from tests.builders import a_caller, a_deal
from tests.letters import a_letter
from tests.services.doors import laws, place
from tests.services.doors.stories_of_changes import (
    enrolled_alone,
    is_on,
    is_then,
    publish_second,
)
from tests.services.doors.stories_of_time import enrolled
from tests.services.doors.story import Story, Subject, asleep
from tests.services.doors.waking import Held
from tests.services.doors.world import World
from tests.services.runner import SALLY

RIPPLE: Final = "table_changes"
TALLY: Final = "tallies"
AUTOMATE: Final = "item_changes"
NEWS: Final = "webhook_news"
CALLS: Final = "webhook_calls"
BULK: Final = "bulk_work"
NIGHTLY: Final = "nightly"
UNCLAIMED: Final = "unclaimed_mail"

_calling: Final = partial(enrolled, place.CALLING)


def _mailed(world: World, number: int) -> Subject:
    """Have a mail sent, and put its tallies under the telling's number: they name no enrollment."""
    subject = replace(enrolled(place.OUTREACH, world, number), about=f"telling {number}.")
    world.quiet(but=(TALLY,))
    held, url = Held(world), queue_url(world.settings, queue_name("tally"))
    for message in held.take("tally", ""):
        told = {"of": subject.about, **json.loads(message["Body"])}
        world.aws.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(told))
        held.settle("tally", [message], failed=())
    return subject


def _to_lose(world: World, number: int) -> Subject:
    return replace(_calling(world, number), about=f'"lead-{number}"')


def _lost(world: World, subjects: Sequence[Subject]) -> None:
    """Have every lead disqualified while it is in a sequence."""
    world.quiet()
    for subject in subjects:
        lead = world.stores.items.get(place.lead_of(subject.number))
        world.stores.items.save(replace(lead, status=ItemStatus.DISQUALIFIED))
    world.quiet(but=(AUTOMATE,))


def _left(world: World, subject: Subject) -> Iterator[str]:
    assert subject.enrollment_id is not None
    head = world.stores.enrollments.get(subject.enrollment_id)
    if head.status is not Status.EXITED:
        yield f"its lead is lost, and it is {head.status}"


def _deal(number: int) -> ItemRef:
    return ItemRef(ItemKind.DEAL, ItemId(f"deal-{number}"))


def _new_deal(world: World, number: int) -> Subject:
    lead = world.stores.items.get(place.a_new_lead(world, number))
    world.stores.items.create(replace(a_deal(), ref=_deal(number), person_id=lead.person_id))
    return Subject(number=number, about=f'"deal-{number}"')


def _entered_once(world: World, subject: Subject) -> Iterator[str]:
    yield from _once(world, _deal(subject.number))


def _once(world: World, item: ItemRef) -> Iterator[str]:
    rotations = world.stores.enrollments.rotations_of(item)
    if [each.number for each in rotations] != [1]:
        yield f"{item.id} entered {len(rotations)} times"
    for each in rotations:
        yield from laws.of_enrollment(world, each.enrollment_id)


def _paused(door: str, world: World, subjects: Sequence[Subject]) -> None:
    """Have every enrollment paused, which the tenant's program wants to hear of.

    One after the other, for news of changes at once travel in one message.
    """
    world.quiet()
    for subject in subjects:
        assert subject.enrollment_id is not None
        enrollments.pause(subject.enrollment_id, until=None, by=SALLY, bench=world.bench)
        world.quiet(but=(door,))


def _heard(world: World, subject: Subject) -> Iterator[str]:
    if not world.listener.heard_of(subject.about):
        yield "the tenant's program was not told"


def _enrolling_job(world: World, number: int) -> Subject:
    leads = [place.a_new_lead(world, each) for each in place.team_of(number)]
    job = enrolling.ask(
        Terms(sequence_id=place.CALLING),
        item_ids=[lead.id for lead in leads],
        caller_id=SALLY,
        bench=world.bench,
    )
    return Subject(number=number, about=job.id)


def _all_entered_once(world: World, subject: Subject) -> Iterator[str]:
    yield from _is_done(world, subject)
    for each in place.team_of(subject.number):
        yield from _once(world, place.lead_of(each))


def _importing_job(world: World, number: int) -> Subject:
    job = importing.prepare(
        ItemKind.ORGANIZATION, format_=ImportFormat.CSV, caller=a_caller(), bench=world.bench
    )
    rows = f"key,name\na{number},Acme\nb{number},Bcme\nbad,\n"
    world.stores.job_files.put(job.id, UPLOAD, rows.encode())
    importing.start(job.id, caller=a_caller(), bench=world.bench)
    return Subject(number=number, about=job.id)


def _imported_once(world: World, subject: Subject) -> Iterator[str]:
    yield from _is_done(world, subject)
    report = world.stores.jobs.get(JobId(subject.about)).report
    counts = [report.get(name) for name in ("created", "updated", "refused")]
    if counts != [2, 0, 1]:
        yield f"created, updated and refused are {counts}"


def _following_job(world: World, number: int) -> Subject:
    """Have a sequence stop, and the request that stopped it die with nobody told."""
    enrollment_id = enrolled_alone(world, number)
    world.quiet(but=(BULK,))
    stores = world.stores
    sequence = stores.sequences.get(place.own(number))
    with Transaction() as tx:
        stores.sequences.put(tx, structs.replace(sequence, status=SequenceStatus.INACTIVE))
        job = following.intend(
            tx,
            sequence.id,
            ExitReason.SEQUENCE_DEACTIVATED,
            asked_by=SALLY,
            bench=world.bench,
        )
    asking.hand_on(job.id, bench=world.bench)
    return Subject(number=number, about=job.id, enrollment_id=enrollment_id)


def _all_followed(world: World, subject: Subject) -> Iterator[str]:
    yield from _is_done(world, subject)
    yield from is_then(SequenceStatus.INACTIVE, Status.EXITED, world, subject)


def _migrating_job(world: World, number: int) -> Subject:
    """Have a lead in the first version of a flow of two, and a job that moves it to the second."""
    enrollment_id = enrolled_alone(world, number)
    world.quiet(but=(BULK,))
    publish_second(world, number)
    asked = Migration(sequence_id=place.own(number), from_version=1, to_version=2, is_trial=False)
    job = asking.ask(
        JobKind.MIGRATE, asked_by=SALLY, about=msgspec.to_builtins(asked), bench=world.bench
    )
    return Subject(number=number, about=job.id, enrollment_id=enrollment_id)


def _has_moved(world: World, subject: Subject) -> Iterator[str]:
    yield from _is_done(world, subject)
    yield from is_on(2, world, subject)


def _erasing_job(world: World, number: int) -> Subject:
    """Ask that somebody be erased who was mailed."""
    enrollment_id = place.enroll(world, place.OUTREACH, number)
    world.quiet(but=(BULK,))
    person_id = f"person-{number}"
    job = asking.ask(
        JobKind.ERASE_PERSON, asked_by=SALLY, about={"person_id": person_id}, bench=world.bench
    )
    return Subject(number=number, about=job.id, enrollment_id=enrollment_id)


def _is_done(world: World, subject: Subject) -> Iterator[str]:
    job = world.stores.jobs.get(JobId(subject.about))
    if job.state is not JobState.DONE:
        yield f"the job is {job.state}: {job.trouble}"


def _unannounced(world: World, number: int) -> Subject:
    """Have a mail lie where SES writes it, and nobody told."""
    ses_id = f"ses-unannounced-{number}"
    world.aws.s3.put_object(Bucket=BUCKET, Key=f"inbound/{ses_id}", Body=a_letter().octets)
    return Subject(number=number, about=ses_id)


def _nobody_looked(world: World, subjects: Sequence[Subject]) -> None:
    """Have no round looked since the first of them came, which S3 dates by the world's clock.

    What came before is not looked at: a round's calls would grow with what all stories mail.
    """
    heads = (
        world.aws.s3.head_object(Bucket=BUCKET, Key=f"inbound/{each.about}") for each in subjects
    )
    mail_rounds.write_to(min(head["LastModified"] for head in heads) + LOOKED_BACK)


def _is_parked(world: World, subject: Subject) -> Iterator[str]:
    del world
    if wiring.mailroom().unroutable.find(DeliveryId(delivery_id(subject.about, ""))) is None:
        yield "nobody knows of its mail"


STORIES: Final = (
    Story(name="changes are handed on", door=RIPPLE, prepare=_calling, ripen=asleep(RIPPLE)),
    Story(name="figures are tallied", door=TALLY, prepare=_mailed),
    Story(name="a lead is lost", door=AUTOMATE, prepare=_to_lose, ripen=_lost, wrongs=_left),
    Story(
        name="a new deal is enrolled by itself",
        door=AUTOMATE,
        prepare=_new_deal,
        ripen=asleep(AUTOMATE),
        wrongs=_entered_once,
    ),
    Story(
        name="news becomes parcels",
        door=NEWS,
        prepare=_calling,
        ripen=partial(_paused, NEWS),
        wrongs=_heard,
    ),
    Story(
        name="a stranger is called",
        door=CALLS,
        prepare=_calling,
        ripen=partial(_paused, CALLS),
        wrongs=_heard,
    ),
    Story(name="a job enrolls", door=BULK, prepare=_enrolling_job, wrongs=_all_entered_once),
    Story(name="a job imports", door=BULK, prepare=_importing_job, wrongs=_imported_once),
    Story(name="a job tells those inside", door=BULK, prepare=_following_job, wrongs=_all_followed),
    Story(name="a job moves those inside", door=BULK, prepare=_migrating_job, wrongs=_has_moved),
    Story(name="a job erases", door=BULK, prepare=_erasing_job, wrongs=_is_done),
    Story(name="a night begins", door=NIGHTLY, prepare=_calling),
    Story(
        name="mail that nobody told of",
        door=UNCLAIMED,
        prepare=_unannounced,
        ripen=_nobody_looked,
        wrongs=_is_parked,
    ),
)
