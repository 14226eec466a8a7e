"""Stories of the API's doors that move enrollments: the client asks again when nobody answered."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from chalicelib.domain.ids import EnrollmentId, SequenceId
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.services.public_links import unsubscribe_url
from tests.services.doors import laws, place
from tests.services.doors.requests import Request
from tests.services.doors.story import API, Story, Subject
from tests.services.doors.world import World

Ask = Callable[[World, EnrollmentId, int], Request]


def _request(path: str, number: int, body: object = None) -> Request:
    return Request(
        path=path,
        body=json.dumps({} if body is None else body).encode(),
        token=place.SALLYS_TOKEN,
        key=f"telling-{number}",
    )


def _of_enrollment(action: str, world: World, enrollment_id: EnrollmentId, number: int) -> Request:
    del world
    return _request(f"/v1/enrollments/{enrollment_id}/{action}", number)


def _of_task(action: str, world: World, enrollment_id: EnrollmentId, number: int) -> Request:
    (task,) = world.stores.tasks.of_enrollment(enrollment_id)
    return _request(f"/v1/pulse/{task.id}/{action}", number)


def _unsubscribing(world: World, enrollment_id: EnrollmentId, number: int) -> Request:
    url = unsubscribe_url(enrollment_id, place.address_of(number), bench=world.bench)
    return Request(
        path=url.removeprefix(world.settings.base_url),
        body=b"List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )


def _then(sequence_id: SequenceId, ask: Ask, world: World, number: int) -> Subject:
    """Enroll a lead, let its first step be taken, and know what somebody will ask then."""
    enrollment_id = place.enroll(world, sequence_id, number)
    world.quiet()
    request = ask(world, enrollment_id, number)
    return Subject(number=number, about=enrollment_id, enrollment_id=enrollment_id, request=request)


def _paused(world: World, enrollment_id: EnrollmentId, number: int) -> Request:
    """Have it paused already, and ask that it goes on."""
    pausing = _request(f"/v1/enrollments/{enrollment_id}/pause", -number)
    assert world.send(pausing) == 200
    return _of_enrollment("resume", world, enrollment_id, number)


def _enrolling(world: World, number: int) -> Subject:
    lead = place.a_new_lead(world, number)
    path = f"/v1/sequences/{place.OUTREACH}/enrollments"
    request = _request(path, number, {"item_ids": [lead.id]})
    return Subject(number=number, about=lead.id, request=request)


def _entered_once(world: World, subject: Subject) -> Iterator[str]:
    rotations = world.stores.enrollments.rotations_of(place.lead_of(subject.number))
    if [each.number for each in rotations] != [1]:
        yield f"it entered {len(rotations)} times"
    for each in rotations:
        yield from laws.of_enrollment(world, each.enrollment_id)


def _deactivating(world: World, number: int) -> Subject:
    """Have a sequence of its own, with a lead in it, and ask that it stops."""
    sequence_id = SequenceId(f"ending-{number}")
    place.publish(world, sequence_id, place.FLOWS[place.CALLING])
    enrollment_id = place.enroll(world, sequence_id, number)
    request = _request(f"/v1/sequences/{sequence_id}/deactivate", number)
    return Subject(number=number, about=enrollment_id, enrollment_id=enrollment_id, request=request)


def _stopped(world: World, subject: Subject) -> Iterator[str]:
    sequence = world.stores.sequences.get(SequenceId(f"ending-{subject.number}"))
    if sequence.status is not SequenceStatus.INACTIVE:
        yield f"the sequence is {sequence.status}"
    yield from _stands(Status.EXITED, world, subject)


def _stands(status: Status, world: World, subject: Subject) -> Iterator[str]:
    assert subject.enrollment_id is not None
    head = world.stores.enrollments.get(subject.enrollment_id)
    if head.status is not status:
        yield f"it is {head.status}, {head.reason}"


def _story(name: str, sequence_id: SequenceId, ask: Ask, status: Status) -> Story:
    prepare, wrongs = partial(_then, sequence_id, ask), partial(_stands, status)
    return Story(name=name, door=API, prepare=prepare, wrongs=wrongs)


STORIES: Final = (
    Story(name="a lead is enrolled", door=API, prepare=_enrolling, wrongs=_entered_once),
    _story(
        "an enrollment is taken out",
        place.CALLING,
        partial(_of_enrollment, "exit"),
        Status.EXITED,
    ),
    _story(
        "an enrollment is paused",
        place.CALLING,
        partial(_of_enrollment, "pause"),
        Status.PAUSED,
    ),
    _story("an enrollment goes on", place.CALLING, _paused, Status.ACTIVE),
    _story("a call is done", place.CALLING, partial(_of_task, "complete"), Status.COMPLETED),
    _story("a draft is sent", place.WRITING, partial(_of_task, "send"), Status.COMPLETED),
    _story("somebody unsubscribes", place.OUTREACH, _unsubscribing, Status.EXITED),
    Story(name="a sequence is stopped", door=API, prepare=_deactivating, wrongs=_stopped),
)
