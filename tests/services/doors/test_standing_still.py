"""Workers and queues that stand still for a time, and then go on as if nothing had been.

A worker is a process that is stopped (SIGSTOP) before or after a call, in whose place another acts
when its lease is over, and that goes on (SIGCONT) where it stood. `make test-faults` stops every
door at every call; a plain run stops a worker around the call that sends a mail.
"""

import os
import random
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

import pytest

from chalicelib.domain.crm.settings import UnknownSendPolicy
from chalicelib.domain.ids import EnrollmentId
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.ledger import SendState
from tests.faults import FAULTS, Breaker
from tests.services.doors import place
from tests.services.doors.drawn import both_sides
from tests.services.doors.process import Freezer, Guard, Running, begin
from tests.services.doors.story import MINUTE, Story, Subject
from tests.services.doors.table import STORIES
from tests.services.doors.telling import rehearse, tell_frozen
from tests.services.doors.waking import Held, errand_of
from tests.services.doors.world import World

IS_WHOLE: Final = os.environ.get("SEKVENS_FAULTS") == "all"
SEED: Final = os.environ.get("SEKVENS_SEED", "1")
SAMPLE: Final = 2
A_MAIL: Final = STORIES[0]
FEEDBACK: Final = ("ses_feedback",)

Point = tuple[int, bool]
"""The number of the call, and whether the process stands still after it."""

pytestmark = pytest.mark.slow


def tried() -> list[Story]:
    """Return the stories of this run."""
    return list(STORIES) if IS_WHOLE else [A_MAIL]


@pytest.mark.parametrize("story", tried(), ids=lambda story: story.name.replace(" ", "-"))
def test_a_worker_that_wakes_up_when_its_lease_is_over_does_nothing_twice(
    world: World, story: Story
) -> None:
    rehearsal = rehearse(world, story)
    calls = rehearsal.calls
    points = points_of(calls)
    freezers = {name_of(point, calls): Freezer(*point) for point in points}

    told = tell_frozen(world, story, freezers, rehearsal)

    sys.stdout.write(
        f"{story.door}, {story.name}, frozen: {told.frozen} points, "
        f"{len(told.failures)} failures (seed {SEED})\n"
    )
    assert told.failures == ()
    assert told.frozen


def points_of(calls: tuple[str, ...]) -> list[Point]:
    """Return where workers of this run stand still: always on both sides of a mail's call."""
    points = both_sides(len(calls))
    if IS_WHOLE:
        return points
    mail = calls.index("SendEmail")
    vital = [(mail - 1, True), (mail, False), (mail, True), (len(calls) - 1, False)]
    rest = [point for point in points if point not in vital]
    return [*vital, *random.Random(SEED).sample(rest, k=SAMPLE)]


def name_of(point: Point, calls: tuple[str, ...]) -> str:
    """Say where the process stands still."""
    at, is_after = point
    return f"frozen {'after' if is_after else 'before'} call {at}, {calls[at]}"


def head_of(world: World, enrollment_id: EnrollmentId) -> Enrollment:
    return world.stores.enrollments.get(enrollment_id)


def mails_to(world: World, enrollment_id: EnrollmentId) -> list[str]:
    """Return the steps of which mails left, once for every mail."""
    mails = [each["tags"] for each in world.mails()]
    return sorted(tags["step"] for tags in mails if tags.get("enrollment") == enrollment_id)


def live(world: World, enrollment_id: EnrollmentId) -> None:
    """Let time pass until it is over, from one instant when it is due to the next."""
    for _ in range(10):
        due_at = head_of(world, enrollment_id).due_at
        if due_at is None:
            return
        world.later(max(due_at - world.now(), timedelta()) + MINUTE)
    pytest.fail(f"it goes on and on: {head_of(world, enrollment_id)}")


def states_of(world: World, enrollment_id: EnrollmentId) -> dict[str, SendState]:
    return {each.step_id: each.state for each in world.stores.ledger.of_enrollment(enrollment_id)}


Wake = Callable[[EnrollmentId, Guard], tuple[Running, Held]]


@pytest.fixture
def wake(world: World) -> Iterator[Wake]:
    """Wake a worker for an enrollment that is due; the guard stands between it and AWS."""
    begun: list[Running] = []

    def woken(enrollment_id: EnrollmentId, guard: Guard) -> tuple[Running, Held]:
        held = Held(world)
        subject = Subject(number=0, about=enrollment_id, enrollment_id=enrollment_id)
        errand = errand_of(A_MAIL, subject, held)
        running = begin(errand.work, guard)
        begun.append(running)
        running.stands_still()
        held.settle(errand.queue, errand.messages, errand.message_ids)
        return running, held

    yield woken
    for each in begun:
        each.give_up()


def test_a_worker_that_stood_still_for_half_its_lease_leaves_the_mail_to_others(
    world: World, wake: Wake
) -> None:
    place.choose_policy(world, UnknownSendPolicy.MANUAL)
    enrolled = place.enroll(world, place.OUTREACH, 9001)
    worker, held = wake(enrolled, Freezer("TransactWriteItems", is_after=True))

    world.clock.jump(world.now() + timedelta(seconds=61))
    ended = worker.end()

    assert "SendEmail" not in ended.calls
    assert states_of(world, enrolled) == {"a1": SendState.WITHDRAWN}

    held.let_go()
    world.later(2 * MINUTE)

    assert mails_to(world, enrolled) == ["a1"]
    assert states_of(world, enrolled) == {"a1": SendState.SENT}


def test_a_mail_that_leaves_a_frozen_worker_after_it_was_sent_again_is_told_as_a_duplicate(
    world: World, wake: Wake
) -> None:
    place.choose_policy(world, UnknownSendPolicy.RESEND)
    enrolled = place.enroll(world, place.OUTREACH, 9002)
    worker, held = wake(enrolled, Freezer("SendEmail"))
    world.later(10 * MINUTE)
    place.enroll(world, place.OUTREACH, 9003)
    world.quiet()
    world.later(40 * MINUTE)
    assert mails_to(world, enrolled) == ["a1"]

    worker.end()
    held.let_go()
    world.later(MINUTE)

    assert mails_to(world, enrolled) == ["a1", "a1"]
    (entry,) = world.stores.ledger.of_enrollment(enrolled)
    assert (entry.state, entry.is_duplicate) == (SendState.SENT, True)


@pytest.mark.parametrize("policy", UnknownSendPolicy)
def test_while_no_word_comes_from_ses_nothing_is_sent_again_and_no_second_mail_leaves(
    world: World, wake: Wake, policy: UnknownSendPolicy
) -> None:
    number = 9010 + 10 * list(UnknownSendPolicy).index(policy)
    place.choose_policy(world, policy)
    lost, well = (place.enroll(world, place.THREAD, number + each) for each in range(2))
    worker, held = wake(lost, Breaker(FAULTS["mail: answer lost"], "SendEmail"))
    worker.end()
    held.let_go()
    world.quiet(but=FEEDBACK)

    for _ in range(6):
        world.later(14 * MINUTE, but=FEEDBACK)

    assert (mails_to(world, lost), mails_to(world, well)) == (["a1"], ["a1"])
    assert states_of(world, lost) == {"a1": SendState.UNKNOWN}
    assert head_of(world, lost).has_task
    assert head_of(world, well).why_then == "feedback is behind: an answer may lie there unread"

    world.quiet()
    for enrolled in (lost, well):
        live(world, enrolled)

    assert (mails_to(world, lost), mails_to(world, well)) == (["a1", "a2"], ["a1", "a2"])
    assert set(states_of(world, lost).values()) == {SendState.SENT}
