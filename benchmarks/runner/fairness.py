"""A tenant with very many due beside one with a single step: by how much that one is delayed.

The emulator's queue keeps the order of arrival, where SQS would prefer whoever has little: so this
is the governor alone, at its worst.
"""

import json
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any, Final

from benchmarks.runner.loading import LEADS, WAIT, Say, pattern_of
from benchmarks.runner.stack import Spent, Stack, govern, measured
from benchmarks.runner.ticks import WINDOW, morning
from benchmarks.steps import DAY, S1
from benchmarks.world import SALLY, World, ref_of
from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.crm.users import Role, Tenant, User
from chalicelib.domain.ids import EnrollmentId, TenantId
from chalicelib.entry import wiring
from chalicelib.entry.settings import settings
from chalicelib.storage import keys, spelling
from infra.local.queues import QueueJob

SMALL: Final = TenantId("smallsmall")
PER_TICK: Final = 1_200
"""What the workers here do in a minute: the backlog is then 83 ticks long, not 17 as with 6,000."""
LEFT: Final = 400
"""Workers were slower than that, and left so many: the next tick meets a queue."""
_AFTER: Final = timedelta(minutes=8)
"""So long after the last of the huge tenant the step of the small one falls due: the clock goes on
while the emulator reads 100,000, and the first tick must not find it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """How the single step fared."""

    backlog: int
    per_tick: int
    left: int
    """So many messages of the huge tenant stood in the queue when the step fell due."""
    handed_on: int
    before_it: int
    """So many messages were worked off between the tick that found it and its own."""
    older: int
    """So many of the huge tenant were due before it: its place in plain order."""
    tick_s: float
    """Reading the whole backlog, all shards, on the emulator."""
    sweep: Spent

    @property
    def ticks(self) -> float:
        """The delay behind the tick that finds it, in ticks."""
        return self.before_it / self.per_tick

    @property
    def plain_ticks(self) -> float:
        """What the delay would be without turns and room."""
        return self.older / self.per_tick

    @property
    def is_fair(self) -> bool:
        """Whether the delay is less than a tick."""
        return self.ticks < 1


def measure(stack: Stack, backlog: int, *, say: Say) -> Fairness:
    """Let all that waits fall due, work some of it off, then let one of the small tenant fall due.

    Expects the heads that `ticks` loaded: they fall due within five minutes of one morning.
    """
    govern(DUE_PER_TICK=str(PER_TICK))
    falls_due = morning(stack) + WINDOW + _AFTER
    stack.clock.jump(falls_due - DAY)
    small = _small(stack)
    its = pattern_of(WAIT, small, small.lead(_in_the_last_shard())).id
    stack.empty("due")
    stack.clock.jump(morning(stack) + WINDOW)
    queues = small.bench.outside.queues
    say(f"a tick with {backlog:,} due of one tenant")
    stack.tick()
    given = queues.held("due")
    say(f"working off all but {LEFT} of the {given:,} that it handed on")
    done = _work_off(stack, most=given - LEFT)
    left = queues.held("due")
    assert stack.clock.now() < falls_due, "the emulator was too slow"
    stack.clock.jump(falls_due + timedelta(seconds=30))
    say("the tick that finds the small tenant's step")
    began = time.monotonic()
    sweep = stack.tick()
    tick_s = time.monotonic() - began
    handed_on = queues.held("due") - left
    before_it = _work_off(stack, until=its, most=left + handed_on)
    assert small.bench.stores.enrollments.get(its).step_id != S1, "its step was not taken"
    govern(DUE_PER_TICK="0")
    return Fairness(
        backlog=backlog,
        per_tick=PER_TICK,
        left=left,
        handed_on=handed_on,
        before_it=before_it,
        older=backlog - done,
        tick_s=tick_s,
        sweep=sweep,
    )


def _small(stack: Stack) -> World:
    """Make the other tenant, with a user."""
    big, stores = stack.world, wiring.stores_for(SMALL)
    now = stack.clock.now()
    stores.tenant.save(Tenant(id=SMALL, name="Small", settings={}, created_at=now))
    stores.users.save(
        User(
            id=SALLY,
            name="Sam Small",
            email="sam@small.test",
            role=Role.SALESPERSON,
            created_at=now,
            updated_at=now,
        )
    )
    return replace(big, bench=replace(big.bench, stores=stores))


def _in_the_last_shard() -> int:
    """Return the number of a lead whose enrollment lies in the shard that is swept last."""
    shards = settings().due_shards
    for number in count(LEADS + 2_000):
        item = ref_of(ItemKind.LEAD, number)
        name = keys.enrollment_id(SMALL, WAIT.sequence_id, item, 1)
        if spelling.spread(name, shards) == shards - 1:
            return number
    raise AssertionError("numbers do not end")


def _work_off(stack: Stack, *, most: int, until: EnrollmentId | None = None) -> int:
    """Work messages off in the queue's order; return how many, or how many before `until`."""
    (door,) = (each for each in stack.house.queues if each.queue == "due")
    taken: list[str] = []
    work = measured(door.handle, stack.world.meter, Spent())

    def handle(event: dict[str, Any], context: object) -> object:
        taken.extend(json.loads(each["body"])["e"] for each in event["Records"])
        return work(event, context)

    job = QueueJob(replace(door, handle=handle), settings=stack.local, sqs=stack.aws.sqs)
    while len(taken) < most and until not in taken and job.work():
        pass
    return taken.index(until) if until in taken else len(taken)
