"""Stories of the API's doors that change what enrollments stand on: their sequence, their item.

Whoever asked may be killed at any line; what follows for those in flight follows all the same.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from msgspec import structs

from chalicelib.domain.crm.items import EmailAddress, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.ids import EnrollmentId, ItemId
from chalicelib.domain.sequences.definition import SequenceStatus
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.services import sequence_lifecycle
from tests.builders import a_person
from tests.services.doors import laws, place
from tests.services.doors.requests import Request
from tests.services.doors.stories_of_people import stands
from tests.services.doors.story import API, Story, Subject
from tests.services.doors.world import World


def _calling(subject: str) -> Mapping[str, object]:
    """Return a flow of one call, as its author writes it."""
    call = {"type": "activity", "id": "c1", "activity_type": "call", "subject": subject}
    end = {"type": "end", "id": "x1", "outcome": "done"}
    return {"start": "c1", "steps": [{**call, "next": "x1"}, end]}


_FIRST: Final = _calling("Call them")
_SECOND: Final = _calling("Ring them")


def enrolled_alone(world: World, number: int) -> EnrollmentId:
    """Have a sequence of its own, and a lead in it whose call is to be asked for."""
    place.publish(world, place.own(number), read_flow(_FIRST))
    sequences = world.stores.sequences
    sequences.save(structs.replace(sequences.get(place.own(number)), flow=_FIRST))
    return place.enroll(world, place.own(number), number)


def publish_second(world: World, number: int) -> None:
    """Publish a second version of its flow, whose call is another; the lead stays on the first."""
    stores = world.stores
    changed = structs.replace(stores.sequences.get(place.own(number)), flow=_SECOND)
    sequence_lifecycle.publish(changed, change_note="", stores=stores, now=world.now())


def _asking(request: Request, number: int, enrollment_id: EnrollmentId | None) -> Subject:
    about = enrollment_id or f"telling {number}."
    return Subject(number=number, about=about, enrollment_id=enrollment_id, request=request)


def _of_sequence(
    world: World,
    number: int,
    *,
    before: Callable[[World, int], None],
    action: str = "",
    method: str = "POST",
    body: object = None,
) -> Subject:
    """Have a sequence of its own with a lead in it, let something happen, and ask for an action."""
    enrollment_id = enrolled_alone(world, number)
    before(world, number)
    path = f"/v1/sequences/{place.own(number)}{action}"
    return _asking(place.request(path, number, body, method=method), number, enrollment_id)


def _nothing(world: World, number: int) -> None:
    del world, number


def _called_for(world: World, number: int) -> None:
    """Have somebody be asked to call the lead."""
    del number
    world.quiet()


def _done(action: str) -> Callable[[World, int], None]:
    """Have an action done to the sequence when the lead is to be called."""

    def do(world: World, number: int) -> None:
        world.quiet()
        path = f"/v1/sequences/{place.own(number)}{action}"
        assert world.send(place.request(path, -number)) == 200
        world.quiet()

    return do


def _published_anew(world: World, number: int) -> None:
    world.quiet()
    publish_second(world, number)


def _of_item(
    world: World, number: int, *, action: str = "", method: str = "POST", body: object = None
) -> Subject:
    """Have a lead whom somebody is to call, and ask something of the lead itself."""
    enrollment_id = place.enroll(world, place.CALLING, number)
    world.quiet()
    path = f"/v1/leads/{place.lead_of(number).id}{action}"
    request = place.request(path, number, body, method=method, token=place.ADAMS_TOKEN)
    return _asking(request, number, enrollment_id)


def _winner(number: int) -> ItemRef:
    return ItemRef(ItemKind.PERSON, ItemId(f"winner-{number}"))


def _merging(world: World, number: int) -> Subject:
    """Have the lead's person known twice."""
    enrollment_id = place.enroll(world, place.CALLING, number)
    address = EmailAddress(f"paula.{number}@acme.test", is_primary=True)
    world.stores.items.create(replace(a_person(), ref=_winner(number), emails=(address,)))
    world.quiet()
    request = place.request(
        f"/v1/persons/{_winner(number).id}/merge",
        number,
        {"merge_with_id": f"person-{number}"},
        token=place.ADAMS_TOKEN,
    )
    return _asking(request, number, enrollment_id)


def _calls_at_once(world: World, number: int) -> Subject:
    """Have several leads to call, and say that all of them were called."""
    ids = [place.enroll(world, place.CALLING, each) for each in place.team_of(number)]
    world.quiet()
    tasks = [task.id for each in ids for task in world.stores.tasks.of_enrollment(each)]
    body = {"action": "complete", "ids": tasks}
    return _asking(place.request("/v1/pulse/bulk", number, body), number, None)


def is_then(
    status: SequenceStatus, inside: Status | None, world: World, subject: Subject
) -> Iterator[str]:
    """Expect a status of the telling's own sequence, and of the enrollment in it (None: any)."""
    sequence = world.stores.sequences.find(place.own(subject.number))
    found = SequenceStatus.DELETED if sequence is None else sequence.status
    if found is not status:
        yield f"the sequence is {found}"
    if inside is not None:
        yield from stands(inside, world, subject)


def _is_published_once(world: World, subject: Subject) -> Iterator[str]:
    versions = world.stores.sequences.list_versions(place.own(subject.number))
    if [each.number for each in versions] != [2, 1]:
        yield f"its versions are {[each.number for each in versions]}"
    yield from is_on(1, world, subject)


def is_on(flow_version: int, world: World, subject: Subject) -> Iterator[str]:
    """Expect the enrollment in a version of its flow, and the call that this version asks for."""
    assert subject.enrollment_id is not None
    head = world.stores.enrollments.get(subject.enrollment_id)
    if head.flow_version != flow_version:
        yield f"the lead is on version {head.flow_version}"
    tasks = world.stores.tasks.of_enrollment(head.id)
    asked = [task.flow_version for task in tasks if task.is_actionable]
    if asked != [flow_version]:
        yield f"calls are asked for by versions {asked}"


def _is_one_deal(world: World, subject: Subject) -> Iterator[str]:
    lead = world.stores.items.get(place.lead_of(subject.number))
    if lead.status is not ItemStatus.CONVERTED or lead.deal_id is None:
        yield f"the lead is {lead.status}, its deal {lead.deal_id}"
    person_id = ItemId(f"person-{subject.number}")
    deals = [each.ref.id for each in world.stores.items.open_items_of(person_id)]
    if deals != [lead.deal_id]:
        yield f"its person's deals are {deals}"
    yield from stands(Status.EXITED, world, subject)


def _is_the_winners(world: World, subject: Subject) -> Iterator[str]:
    lead = world.stores.items.get(place.lead_of(subject.number))
    if lead.person_id != _winner(subject.number).id:
        yield f"the lead's person is {lead.person_id}"
    yield from stands(Status.ACTIVE, world, subject)


def _are_over(world: World, subject: Subject) -> Iterator[str]:
    for each in place.team_of(subject.number):
        for rotation in world.stores.enrollments.rotations_of(place.lead_of(each)):
            head = world.stores.enrollments.get(rotation.enrollment_id)
            if head.status is not Status.COMPLETED:
                yield f"{each} is {head.status}"
            yield from laws.of_enrollment(world, head.id)


STORIES: Final = (
    Story(
        name="a sequence is paused",
        door=API,
        prepare=partial(_of_sequence, before=_nothing, action="/pause"),
        # Who is in it heeds that when their step is due.
        wrongs=partial(is_then, SequenceStatus.PAUSED, None),
    ),
    Story(
        name="a sequence goes on",
        door=API,
        prepare=partial(_of_sequence, before=_done("/pause"), action="/resume"),
        wrongs=partial(is_then, SequenceStatus.ACTIVE, Status.ACTIVE),
    ),
    Story(
        name="a sequence is stopped",
        door=API,
        prepare=partial(_of_sequence, before=_nothing, action="/deactivate"),
        wrongs=partial(is_then, SequenceStatus.INACTIVE, Status.EXITED),
    ),
    Story(
        name="a sequence begins again",
        door=API,
        prepare=partial(_of_sequence, before=_done("/deactivate"), action="/activate"),
        wrongs=partial(is_then, SequenceStatus.ACTIVE, Status.EXITED),
    ),
    Story(
        name="a sequence is deleted",
        door=API,
        prepare=partial(
            _of_sequence, before=_called_for, action="?disconnect=true", method="DELETE"
        ),
        wrongs=partial(is_then, SequenceStatus.DELETED, Status.EXITED),
    ),
    Story(
        name="a flow is published",
        door=API,
        prepare=partial(_of_sequence, before=_called_for, method="PATCH", body={"flow": _SECOND}),
        wrongs=_is_published_once,
    ),
    Story(
        name="those inside move to another version",
        door=API,
        prepare=partial(
            _of_sequence,
            before=_published_anew,
            action="/migrate",
            body={"from_flow_version": 1, "to_flow_version": 2},
        ),
        wrongs=partial(is_on, 2),
    ),
    Story(
        name="a lead is disqualified by hand",
        door=API,
        prepare=partial(_of_item, method="PATCH", body={"status": "disqualified"}),
        wrongs=partial(stands, Status.EXITED),
    ),
    Story(
        name="a lead is deleted",
        door=API,
        prepare=partial(_of_item, method="DELETE"),
        wrongs=partial(stands, Status.EXITED),
    ),
    Story(
        name="a lead becomes a deal",
        door=API,
        prepare=partial(_of_item, action="/convert"),
        wrongs=_is_one_deal,
    ),
    Story(name="two persons are one", door=API, prepare=_merging, wrongs=_is_the_winners),
    Story(name="calls are done at once", door=API, prepare=_calls_at_once, wrongs=_are_over),
)
