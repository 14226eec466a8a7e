"""Stories of the API's doors that move enrollments: the client asks again when nobody answered."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Final

from chalicelib.domain.ids import EnrollmentId, SequenceId
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.services.public_links import unsubscribe_url
from tests.builders import an_admin
from tests.services.doors import laws, place
from tests.services.doors.requests import Request
from tests.services.doors.story import API, Story, Subject
from tests.services.doors.world import BEGINS_AT, World

ADAM: Final = an_admin().id
LATER: Final = BEGINS_AT + timedelta(days=300)
"""When a call is due that was put off, whatever instant the world has reached."""

Ask = Callable[[World, EnrollmentId, int], Request]


def _of_enrollment(action: str, body: object = None) -> Ask:
    def ask(world: World, enrollment_id: EnrollmentId, number: int) -> Request:
        del world
        return place.request(f"/v1/enrollments/{enrollment_id}/{action}", number, body)

    return ask


def _of_task(action: str, body: object = None) -> Ask:
    def ask(world: World, enrollment_id: EnrollmentId, number: int) -> Request:
        (task,) = world.stores.tasks.of_enrollment(enrollment_id)
        return place.request(f"/v1/pulse/{task.id}/{action}", number, body)

    return ask


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
    pausing = place.request(f"/v1/enrollments/{enrollment_id}/pause", -number)
    assert world.send(pausing) == 200
    return _of_enrollment("resume")(world, enrollment_id, number)


def _enrolling(world: World, number: int) -> Subject:
    lead = place.a_new_lead(world, number)
    path = f"/v1/sequences/{place.OUTREACH}/enrollments"
    request = place.request(path, number, {"item_ids": [lead.id]})
    return Subject(number=number, about=lead.id, request=request)


def _entered_once(world: World, subject: Subject) -> Iterator[str]:
    rotations = world.stores.enrollments.rotations_of(place.lead_of(subject.number))
    if [each.number for each in rotations] != [1]:
        yield f"it entered {len(rotations)} times"
    for each in rotations:
        yield from laws.of_enrollment(world, each.enrollment_id)


def _is_adams(world: World, subject: Subject) -> Iterator[str]:
    assert subject.enrollment_id is not None
    owner_id = world.stores.enrollments.get(subject.enrollment_id).owner_id
    if owner_id != ADAM:
        yield f"its owner is {owner_id}"
    yield from stands(Status.ACTIVE, world, subject)


def _is_adams_call(world: World, subject: Subject) -> Iterator[str]:
    assert subject.enrollment_id is not None
    (task,) = world.stores.tasks.of_enrollment(subject.enrollment_id)
    if task.assignee_id != ADAM:
        yield f"the call is for {task.assignee_id}"
    yield from stands(Status.ACTIVE, world, subject)


def _is_put_off(world: World, subject: Subject) -> Iterator[str]:
    assert subject.enrollment_id is not None
    (task,) = world.stores.tasks.of_enrollment(subject.enrollment_id)
    if task.due_at != LATER:
        yield f"the call is due at {task.due_at}"
    yield from stands(Status.ACTIVE, world, subject)


def stands(status: Status, world: World, subject: Subject) -> Iterator[str]:
    """Expect a status of the enrollment."""
    assert subject.enrollment_id is not None
    head = world.stores.enrollments.get(subject.enrollment_id)
    if head.status is not status:
        yield f"it is {head.status}, {head.reason}"


def _story(name: str, sequence_id: SequenceId, ask: Ask, status: Status) -> Story:
    prepare, wrongs = partial(_then, sequence_id, ask), partial(stands, status)
    return Story(name=name, door=API, prepare=prepare, wrongs=wrongs)


STORIES: Final = (
    Story(name="a lead is enrolled", door=API, prepare=_enrolling, wrongs=_entered_once),
    _story(
        "an enrollment is taken out",
        place.CALLING,
        _of_enrollment("exit"),
        Status.EXITED,
    ),
    _story(
        "an enrollment is paused",
        place.CALLING,
        _of_enrollment("pause"),
        Status.PAUSED,
    ),
    _story("an enrollment goes on", place.CALLING, _paused, Status.ACTIVE),
    _story("a call is done", place.CALLING, _of_task("complete"), Status.COMPLETED),
    _story("a draft is sent", place.WRITING, _of_task("send"), Status.COMPLETED),
    _story("somebody unsubscribes", place.OUTREACH, _unsubscribing, Status.EXITED),
    _story("a call is passed over", place.CALLING, _of_task("skip"), Status.COMPLETED),
    _story("a wait is passed over", place.MARKING, _of_enrollment("skip-wait"), Status.COMPLETED),
    _story("a held mail is tried again", place.UNASKED, _of_task("retry"), Status.ACTIVE),
    _story("a held mail is sent by hand", place.UNASKED, _of_task("send"), Status.COMPLETED),
    Story(
        name="a call is put off",
        door=API,
        prepare=partial(_then, place.CALLING, _of_task("snooze", {"until": LATER.isoformat()})),
        wrongs=_is_put_off,
    ),
    Story(
        name="a call is handed on",
        door=API,
        prepare=partial(_then, place.CALLING, _of_task("assign", {"user_id": ADAM})),
        wrongs=_is_adams_call,
    ),
    Story(
        name="an enrollment is handed on",
        door=API,
        prepare=partial(_then, place.CALLING, _of_enrollment("assign", {"user_id": ADAM})),
        wrongs=_is_adams,
    ),
)
