"""An enrollment that is only imagined: of which flow, for whom, by what calendar."""

from datetime import datetime

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef
from chalicelib.domain.crm.users import User
from chalicelib.domain.ids import EnrollmentId, ItemId
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import FlowVersion, Sequence
from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.services import (
    flow_checks,
    outlook,
    related_items,
    sequence_lifecycle,
    timing,
)
from chalicelib.services.decisions import Bench


def as_it_stands(sequence: Sequence, *, bench: Bench) -> FlowVersion:
    """Return the flow as it is written, if it could run."""
    problems = flow_checks.problems_of(sequence, stores=bench.stores)
    if problems:
        raise sequence_lifecycle.FlowNotReadyError(*problems)
    return FlowVersion(
        sequence_id=sequence.id,
        number=sequence.flow_version or 1,
        flow=read_flow(sequence.flow),
        settings=sequence.settings,
        published_at=sequence.updated_at,
    )


def imagined(
    published: FlowVersion,
    *,
    kind: ItemKind,
    item: Item | None,
    sender: User,
    start_at: datetime,
    bench: Bench,
) -> Enrollment:
    """Return the head that enrolling would make at `start_at`, of an item or of nobody."""
    person = related_items.of(item, bench=bench)[0] if item else None
    return Enrollment(
        id=EnrollmentId(f"imagined-{published.sequence_id}"),
        sequence_id=published.sequence_id,
        flow_version=published.number,
        item=item.ref if item else ItemRef(kind, ItemId("imagined")),
        owner_id=sender.id,
        rotation=1,
        zone=timing.zone_of(person, sender, published.settings, bench=bench),
        country=person.country if person else None,
        step_id=published.flow.start,
        phase=Phase.READY,
        due_at=start_at,
        arrived_at=start_at,
        started_at=start_at,
    )


def facts_of(head: Enrollment, published: FlowVersion, bench: Bench) -> Facts:
    """Return all that the engine asks of the world until the end, as the world is now."""
    settings = published.settings
    facts = Facts(
        exit_on_reply=settings.exit_on_reply,
        times=timing.times_of(head, settings, bench=bench),
        skip_after=settings.overdue.skip_after if settings.overdue else None,
    )
    return outlook.foreseeing(facts, head, published, bench=bench)
