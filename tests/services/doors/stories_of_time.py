"""Stories of the doors that time opens: who is due is found, and the step is taken."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from chalicelib.domain.crm.settings import UnknownSendPolicy
from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from infra.local.settings import queue_name, queue_url
from tests.services.doors import place
from tests.services.doors.process import Killer
from tests.services.doors.story import MINUTE, SOON, Story, Subject, after, at_once
from tests.services.doors.waking import Held, wake
from tests.services.doors.world import SHARDS, World

ADVANCE: Final = "due_enrollments"
HOUR: Final = timedelta(hours=1, minutes=1)
TWO_DAYS: Final = timedelta(days=2, minutes=5)


def enrolled(sequence_id: SequenceId, world: World, number: int) -> Subject:
    """Enroll a new lead: it is due now, and a message says so."""
    enrollment_id = place.enroll(world, sequence_id, number)
    return Subject(number=number, about=enrollment_id, enrollment_id=enrollment_id)


def _suppress(world: World, subjects: Sequence[Subject]) -> None:
    """Have nobody be mailed any more, who were enrolled before."""
    for subject in subjects:
        world.stores.addresses.suppress(
            place.address_of(subject.number), SuppressionReason.COMPLAINED, world.now()
        )


def _found_by_sweeping(world: World, number: int) -> Subject:
    """Enroll a lead whose message is lost: only the due index knows that it is due.

    So are all messages beside it: received so often and put back, they would be given up.
    """
    subject = enrolled(place.CALLING, world, number)
    held = Held(world)
    held.settle("due", held.take("due", ""), failed=())
    return subject


def _in_a_shard(world: World, number: int) -> Subject:
    """Leave a lead in the due index, and a message that tells a worker to read a shard."""
    subject = _found_by_sweeping(world, number)
    told = json.dumps({"shard": number % SHARDS, "of": f"telling {number}."})
    url = queue_url(world.settings, queue_name("sweep"))
    world.aws.sqs.send_message(QueueUrl=url, MessageBody=told)
    return Subject(number=number, about=f"telling {number}.", enrollment_id=subject.enrollment_id)


def _is_asked(world: World, subject: Subject) -> Iterator[str]:
    if not _head_of(world, subject).has_task:
        yield "nobody is asked to call"


def _is_called_there(world: World, subject: Subject) -> Iterator[str]:
    """Expect that the lead is in the other sequence, once."""
    rotations = world.stores.enrollments.rotations_of(place.lead_of(subject.number))
    begun = [each for each in rotations if each.sequence_id == place.CALLING]
    if [each.number for each in begun] != [1]:
        yield f"it entered the other sequence {len(begun)} times"


def _unknown_with_evidence(world: World, subjects: Sequence[Subject]) -> None:
    """Kill a worker of each before its mail left; word of a later mail then comes in."""
    story = Story(name="lost", door=ADVANCE, prepare=partial(enrolled, place.OUTREACH))
    held = Held(world)
    for subject in subjects:
        ended = wake(story, subject, held, Killer("SendEmail"))
        assert ended.was_killed
    world.later(10 * MINUTE)
    assert all(_head_of(world, each).phase is Phase.UNKNOWN for each in subjects)
    place.enroll(world, place.OUTREACH, -subjects[0].number)
    world.quiet()
    held.let_go()
    world.quiet()
    world.later(40 * MINUTE, but=(ADVANCE,))


def _head_of(world: World, subject: Subject) -> Enrollment:
    assert subject.enrollment_id is not None
    return world.stores.enrollments.get(subject.enrollment_id)


def _story(name: str, sequence_id: SequenceId, ripe_after: timedelta | None = None) -> Story:
    ripen = at_once if ripe_after is None else after(ripe_after, ADVANCE)
    return Story(name=name, door=ADVANCE, prepare=partial(enrolled, sequence_id), ripen=ripen)


STORIES: Final = (
    _story("a mail", place.OUTREACH),
    Story(
        name="a mail of which no word comes",
        door=ADVANCE,
        prepare=partial(enrolled, place.OUTREACH),
        late=("ses_feedback",),
    ),
    _story("a second mail in its thread", place.THREAD, HOUR),
    _story("nobody answered a mail", place.OUTREACH, TWO_DAYS),
    _story("a call is asked for", place.CALLING),
    _story("a draft is asked for", place.WRITING),
    _story("a wait begins", place.MARKING),
    _story("a field is set and it ends", place.MARKING, HOUR),
    _story("a mail without leave", place.UNASKED),
    Story(
        name="a mail to a suppressed address",
        door=ADVANCE,
        prepare=partial(enrolled, place.OUTREACH),
        ripen=_suppress,
    ),
    Story(
        name="a lead is handed on to another sequence",
        door=ADVANCE,
        prepare=partial(enrolled, place.HANDING_ON),
        ripen=after(HOUR, ADVANCE),
        wrongs=_is_called_there,
    ),
    Story(
        name="a mail that may have gone out is sent again on evidence",
        door=ADVANCE,
        prepare=partial(enrolled, place.OUTREACH),
        ripen=_unknown_with_evidence,
        policy=UnknownSendPolicy.RESEND,
        recovery=(*SOON, *SOON),
    ),
    Story(name="a tick", door="every_minute", prepare=_found_by_sweeping, wrongs=_is_asked),
    Story(name="a shard is read", door="shard_sweep", prepare=_in_a_shard, wrongs=_is_asked),
)
