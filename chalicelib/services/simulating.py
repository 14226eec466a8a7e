"""Many imagined items day by day: here and now, or as a job when there are many."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from chalicelib.domain.crm.settings import settings_in
from chalicelib.domain.ids import SequenceId, UserId
from chalicelib.domain.jobs.job import Job, JobKind, Page
from chalicelib.domain.sequences import outlook_picture
from chalicelib.domain.sequences.definition import Sequence
from chalicelib.domain.sequences.simulation import Imagined, Outlook, simulated
from chalicelib.services import imagining
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import asking

DIRECTLY: Final = 5_000
"""More records times steps than these are simulated as a job."""
MOST: Final = 400_000
"""More would not end within the time of a function, on a slow day either."""


def size_of(sequence: Sequence, records: int) -> int:
    """Return how much there is to play: records times steps."""
    steps = sequence.flow.get("steps")
    return records * max(len(steps) if isinstance(steps, list) else 0, 1)


def simulate(
    sequence: Sequence, imagined: Imagined, *, caller_id: UserId, bench: Bench
) -> Mapping[str, object]:
    """Simulate here and now."""
    published = imagining.as_it_stands(sequence, bench=bench)
    head = imagining.imagined(
        published,
        kind=sequence.item_kind,
        item=None,
        sender=bench.stores.users.get(caller_id),
        start_at=imagined.begin_at,
        bench=bench,
    )
    facts = imagining.facts_of(head, published, bench)
    house = settings_in(bench.stores.tenant.get())
    found = simulated(published.flow, head, facts, imagined, house)
    title = f"{sequence.name}: {imagined.records:,} {sequence.item_kind}s"
    return told(found, title=title)


def simulate_later(
    sequence: Sequence, imagined: Imagined, *, caller_id: UserId, bench: Bench
) -> Job:
    """Simulate as a job; its report is what the request would have answered."""
    imagining.as_it_stands(sequence, bench=bench)
    about = {"sequence_id": sequence.id, "imagined": msgspec.to_builtins(imagined)}
    return asking.ask(
        JobKind.SIMULATE, asked_by=caller_id, about=about, total=imagined.records, bench=bench
    )


def work(job: Job, bench: Bench) -> Iterator[Page]:
    """Simulate all of it as one page."""
    sequence = bench.stores.sequences.get(SequenceId(str(job.about["sequence_id"])))
    imagined = msgspec.convert(job.about["imagined"], Imagined)
    report = simulate(sequence, imagined, caller_id=job.asked_by, bench=bench)
    yield Page(done=imagined.records, position={"done": True}, report=report)


def told(found: Outlook, *, title: str) -> dict[str, object]:
    """Say what a simulation found."""
    days = outlook_picture.days_of(found)
    return {
        "outcomes": dict(found.outcomes.most_common()),
        "counts": {count.value: number for count, number in found.counts.items()},
        "sends": [
            {"day": f"{day}", "sender": sender + 1, "mails": mails}
            for (day, sender), mails in sorted(found.sends.items())
        ],
        "days": [
            {
                "day": f"{day}",
                "begun": found.begun[day],
                "ended": found.ended[day],
                "inside": found.inside_by_day[day],
                "tasks": found.tasks[day],
                "replies": found.replies[day],
            }
            for day in days
        ],
        "steps": [
            {"step_id": step_id, "reached": number} for step_id, number in found.reached.items()
        ],
        "cap_collisions": found.collisions.total(),
        "collisions_by_cap": dict(found.collisions),
        "median_time": msgspec.to_builtins(found.median),
        "picture": outlook_picture.picture_of(found, title=title),
    }
