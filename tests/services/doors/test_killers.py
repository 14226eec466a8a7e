"""An enrollment whose work kills its worker each time is parked, though no worker ever said so."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest
from botocore.client import BaseClient
from botocore.exceptions import EndpointConnectionError

from chalicelib.domain.ids import EnrollmentId
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.services import enrollments
from tests.services.doors import place
from tests.services.doors.process import Call, Ended, Guard, Killer
from tests.services.doors.stories_of_time import ADVANCE, enrolled
from tests.services.doors.story import Story, Subject
from tests.services.doors.waking import Held, wake
from tests.services.doors.world import World, a_world
from tests.services.runner import SALLY

STORY: Final = Story(name="a mail", door=ADVANCE, prepare=partial(enrolled, place.OUTREACH))
VISIBLE_AGAIN: Final = timedelta(minutes=6)
"""As `infra/resources.yaml` says of the queue."""
MOST_WAITS: Final = 3
"""What came five times is with the dead letters; a full pass hands on a new message."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Put a deployment up of its own: what kills often enough leaves dead letters."""
    with a_world(tmp_path_factory.mktemp("world")) as made:
        place.furnish(made)
        yield made


def unreachable(call: Call, client: BaseClient, operation: str, asked: dict[str, Any]) -> Any:  # noqa: ANN401 - AWS's answers
    """Let nobody reach S3."""
    if operation == "PutObject":
        raise EndpointConnectionError(endpoint_url="https://s3.test")
    return call(client, operation, asked)


def tried(world: World, subject: Subject, guard: Guard, held: Held) -> Ended:
    """Let the message be visible again, or a sweep hand on a new one, and a worker take it."""
    held.let_go()
    for _ in range(MOST_WAITS):
        world.later(VISIBLE_AGAIN, but=(ADVANCE,))
        if held.sees("due", subject.about):
            break
    return wake(STORY, subject, held, guard)


def head_of(world: World, subject: Subject) -> Enrollment:
    assert subject.enrollment_id is not None
    return world.stores.enrollments.get(subject.enrollment_id)


def until_due(world: World, subject: Subject) -> None:
    """Let time pass until its step is due; at once, unless it was planned anew as late."""
    head = head_of(world, subject)
    if head.phase is Phase.READY and head.due_at is not None:
        world.later(max(head.due_at - world.now(), timedelta()) + timedelta(seconds=1))


def test_work_that_always_kills_its_worker_is_parked_and_tried_again_by_a_person(
    world: World,
) -> None:
    subject, held = STORY.prepare(world, 1), Held(world)

    fates: list[bool] = []
    while head_of(world, subject).status is Status.ACTIVE and len(fates) < 12:
        fates.append(tried(world, subject, Killer("PutObject"), held).was_killed)

    parked = head_of(world, subject)
    assert fates[:5] == [True] * 5
    assert fates[-1] is False, "the last try is not made"
    assert (parked.status, parked.reason) == (Status.PAUSED, "parked")
    assert "ended without a word" in parked.why_then
    held.let_go()
    enrollments.resume(EnrollmentId(subject.about), by=SALLY, bench=world.bench)
    world.quiet()
    until_due(world, subject)
    assert head_of(world, subject).phase is Phase.WAITING
    assert head_of(world, subject).faults == 0
    mails = [mail for mail in world.mails() if mail["tags"]["enrollment"] == subject.about]
    assert len(mails) == 1


def test_who_waited_behind_a_killer_in_its_batch_is_not_suspected(world: World) -> None:
    killer, behind = STORY.prepare(world, 2), STORY.prepare(world, 3)
    held = Held(world)
    both = Subject(number=2, about='"t"')

    tried(world, both, Killer("PutObject"), held)
    tried(world, both, Killer("PutObject"), held)

    faults = {head_of(world, each).faults for each in (killer, behind)}
    assert faults == {0, 1}


def test_an_outage_parks_nobody_and_what_it_made_late_is_planned_anew(world: World) -> None:
    subject, held = STORY.prepare(world, 4), Held(world)

    answers = [tried(world, subject, unreachable, held).answer for _ in range(2)]
    faults_meanwhile = head_of(world, subject).faults
    late = tried(world, subject, unreachable, held).answer

    assert all(answer["batchItemFailures"] for answer in answers)
    assert faults_meanwhile == 0
    assert late == {"batchItemFailures": []}
    assert (head_of(world, subject).status, head_of(world, subject).faults) == (Status.ACTIVE, 0)
    assert "planned anew" in head_of(world, subject).why_then, "an outage never ends in a blast"
