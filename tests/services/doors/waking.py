"""Wakes a door as Lambda would, in a process of its own, and gives back what it did not do.

The messages of a door that was killed, or that names them as failed, come again; a client repeats
its request, a schedule comes round, a stream shows the same batch.
"""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from infra.local.house import StreamDoor
from infra.local.lambda_events import Context, queue_event, schedule_event
from infra.local.queues import failures_in
from infra.local.settings import queue_name, queue_url
from infra.local.stream import StreamJob
from tests.services.doors.process import Ended, Guard, let_pass, run
from tests.services.doors.story import API, Story, Subject
from tests.services.doors.world import World

STREAM_BATCH: Final = 25
OUR_FAULT: Final = 500
IN_FLIGHT_FOR: Final = timedelta(seconds=61)
"""After so long a request that nobody answered may be sent again."""


@dataclass(frozen=True, slots=True)
class Held:
    """Messages that were received and not done with: nobody else sees them for a while."""

    world: World
    by_queue: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    def take(self, queue: str, about: str) -> list[Mapping[str, Any]]:
        """Receive what the queue has, and take out what is about somebody."""
        self.sees(queue, about)
        held = self.by_queue[queue]
        taken = [each for each in held if about in each["Body"]]
        self.by_queue[queue] = [each for each in held if about not in each["Body"]]
        return taken

    def sees(self, queue: str, about: str) -> bool:
        """Receive what the queue has, and say whether something is about somebody."""
        held = self.by_queue.setdefault(queue, [])
        held += self._received(queue)
        return any(about in each["Body"] for each in held)

    def settle(
        self, queue: str, messages: Sequence[Mapping[str, Any]], failed: Collection[str]
    ) -> None:
        """Delete what is done with; the rest comes again when `let_go` says so."""
        for each in messages:
            if each["MessageId"] in failed:
                self.by_queue.setdefault(queue, []).append(each)
            else:
                self.world.aws.sqs.delete_message(
                    QueueUrl=self._url(queue), ReceiptHandle=each["ReceiptHandle"]
                )

    def let_go(self) -> None:
        """Let the visibility time-out of everything be over."""
        for queue, held in self.by_queue.items():
            for each in held:
                self.world.aws.sqs.change_message_visibility(
                    QueueUrl=self._url(queue),
                    ReceiptHandle=each["ReceiptHandle"],
                    VisibilityTimeout=0,
                )
        self.by_queue.clear()

    def _received(self, queue: str) -> list[Mapping[str, Any]]:
        received: list[Mapping[str, Any]] = []
        while messages := self.world.aws.sqs.receive_message(
            QueueUrl=self._url(queue),
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages"):
            received += messages
        return received

    def _url(self, queue: str) -> str:
        return queue_url(self.world.settings, queue_name(queue))


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a door is woken for, and the messages that wake it."""

    work: Callable[[], object]
    queue: str = ""
    messages: Sequence[Mapping[str, Any]] = ()

    @property
    def message_ids(self) -> frozenset[str]:
        """Name all messages."""
        return frozenset(each["MessageId"] for each in self.messages)


def wake(story: Story, subject: Subject, held: Held, guard: Guard = let_pass) -> Ended:
    """Wake the story's door for one subject, with somebody between it and AWS."""
    errand = errand_of(story, subject, held)
    ended = run(errand.work, guard)
    is_over = not (ended.was_killed or ended.raised)
    if errand.messages:
        failed = failures_in(ended.answer) if is_over else errand.message_ids
        held.settle(errand.queue, errand.messages, failed)
    return ended


def errand_of(story: Story, subject: Subject, held: Held) -> Errand:
    """Return what the story's door is woken for; its messages are received."""
    world = held.world
    if subject.request is not None:
        request = subject.request
        return Errand(work=lambda: world.send(request))
    handle = world.house.app.handler_map[story.door]
    queue = _queue_of(story, world)
    messages: Sequence[Mapping[str, Any]] = ()
    if queue is not None:
        messages = held.take(queue, subject.about)
        assert messages, f"{story.name}: nothing for {subject.about} in {queue}"
        told = queue_event(queue_name(queue), messages)
    elif story.door in world.schedules:
        told = schedule_event(story.door, str(uuid.uuid4()), world.now())
    else:
        told = next_batch(world)
    return Errand(
        work=lambda: handle(told, _context(story.door)), queue=queue or "", messages=messages
    )


def recover(story: Story, subjects: Collection[Subject], held: Held) -> list[str]:
    """Let come again what was not done, and time pass; return what could not be repeated."""
    world = held.world
    held.let_go()
    if story.door in world.schedules:
        story.ripen(world, list(subjects))
        world.schedules[story.door].tick(world.now())
    world.quiet(but=story.late)
    refused: list[str] = []
    if story.door == API:
        world.later(IN_FLIGHT_FOR)
        refused = [told for each in subjects for told in _asked_again(each, world)]
    for wait in story.recovery:
        world.later(wait, but=story.late)
    world.quiet()
    return refused


def next_batch(world: World, size: int = STREAM_BATCH) -> dict[str, Any]:
    """Return the event of the changes that nobody was told of yet; they stay untold."""
    (door,) = world.house.streams
    seen: list[dict[str, Any]] = []

    def see(event: dict[str, Any], _: object) -> object:
        seen.append(event)
        first = event["Records"][0]["dynamodb"]["SequenceNumber"]
        return {"batchItemFailures": [{"itemIdentifier": first}]}

    looking: StreamDoor = replace(door, batch_size=size, handle=see)
    StreamJob(looking, settings=world.settings, aws=world.aws, lead=world.clock.lead).work()
    assert seen, "nothing has changed"
    return seen[0]


def _queue_of(story: Story, world: World) -> str | None:
    return next((each.queue for each in world.house.queues if each.name == story.door), None)


def _context(door: str) -> Context:
    return Context(function=door, aws_request_id=str(uuid.uuid4()))


def _asked_again(subject: Subject, world: World) -> list[str]:
    if subject.request is None:
        return []
    status = world.send(subject.request)
    return [f"{subject.about}: repeated, it answers {status}"] if status >= OUR_FAULT else []
