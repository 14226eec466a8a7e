"""Very many enrollments that wait, as the product would have written them, by batch writes.

One of each kind goes through the product's own doors until it waits; the others are that one under
other names, translated by the product's own row.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from benchmarks.steps import DAY, END, S1, S2, S3
from benchmarks.world import World, ref_of
from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    EmailStep,
    EndStep,
    Flow,
    Step,
    WaitStep,
)
from chalicelib.domain.sequences.enrollment import Enrollment, changed
from chalicelib.domain.sequences.signals import TimeCame
from chalicelib.entry.settings import settings
from chalicelib.services import progress
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row
from chalicelib.storage.rows.enrollments import HeadRow

LEADS: Final = 500
"""So many leads have persons; enrollments share them, a rotation each."""
_TELL_EVERY: Final = 20_000

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a loaded enrollment does when its wait is over."""

    name: str
    after: Step

    @property
    def sequence_id(self) -> SequenceId:
        """A sequence of its own."""
        return SequenceId(f"bench-{self.name}")

    @property
    def flow(self) -> Flow:
        """A wait, then what is measured, then another wait."""
        first = WaitStep(id=S1, wait_for=DAY, next=S2)
        last = WaitStep(id=S3, wait_for=DAY, next=END)
        return Flow(start=S1, steps=(first, self.after, last, EndStep(id=END, outcome="done")))


WAIT: Final = Kind("wait", WaitStep(id=S2, wait_for=DAY, next=S3))
TASK: Final = Kind("task", ActivityStep(id=S2, activity_type="call", subject="Call them", next=S3))
MAIL: Final = Kind(
    "mail",
    EmailStep(
        id=S2,
        automatic=True,
        subject="Hello {{ person.first_name | default: 'there' }}",
        body="<p>Dear {{ person.first_name | default: 'friend' }}, shall we talk?</p>",
        next=S3,
    ),
)


def pattern_of(kind: Kind, world: World, lead: ItemRef) -> Enrollment:
    """Let one enrollment reach its wait by the product's own doors, and return its head."""
    world.publish(kind.flow, kind.sequence_id)
    enrolled = world.enroll(lead, kind.sequence_id)
    bench = world.bench
    token = bench.stores.enrollments.get(enrolled).token
    signal = TimeCame(token=token)
    return progress.take(enrolled, signal, stores=bench.stores, outside=bench.outside)


def copies(
    pattern: Enrollment, numbers: Iterable[int], *, due_at: Callable[[int], datetime], world: World
) -> Iterator[Enrollment]:
    """Return enrollments that wait as the pattern does, for other items, until other instants."""
    tenant_id = world.bench.stores.tenant_id
    for number in numbers:
        of = number % LEADS + 1
        item, person = ref_of(ItemKind.LEAD, of), ref_of(ItemKind.PERSON, of)
        rotation = number // LEADS + 2
        at = due_at(number)
        name = keys.enrollment_id(tenant_id, pattern.sequence_id, item, rotation)
        yield changed(
            pattern,
            id=name,
            item=item,
            person_id=person.id,
            rotation=rotation,
            due_at=at,
            planned_at=at,
            version=2,
        )


def load(heads: Iterable[Enrollment], *, world: World, say: Say) -> int:
    """Write heads with their index entries in batches; return how many."""
    tenant_id, shards = world.bench.stores.tenant_id, settings().due_shards
    count = 0
    with Row.batch_write() as batch:
        for head in heads:
            batch.save(HeadRow.of(tenant_id, head, due_shards=shards))
            count += 1
            if count % _TELL_EVERY == 0:
                say(f"{count:,} written")
    return count


def unload(heads: Iterable[Enrollment], *, world: World) -> None:
    """Delete heads again."""
    tenant_id = world.bench.stores.tenant_id
    with Row.batch_write() as batch:
        for head in heads:
            batch.delete(Row(pk=keys.enrollment(tenant_id, head.id), sk=keys.HEAD))


def spread_over(first: datetime, window: timedelta, among: int) -> Callable[[int], datetime]:
    """Return instants that lie evenly in a window."""
    return lambda number: first + window * (number % among) / among
