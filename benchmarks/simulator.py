"""What a simulation costs beside the bare engine: `python -m benchmarks.simulator`.

Ten thousand items go through the six steps of an invitation; then the engine alone is asked as
often as the simulation asked it. Budget: ten seconds of one core.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId, SequenceId, UserId
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.engine import decide
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.ready_made import event_invite
from chalicelib.domain.sequences.signals import TimeCame
from chalicelib.domain.sequences.simulation import Imagined, simulated

RECORDS: Final = 10_000
BUDGET_S: Final = 10.0
_NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def main() -> None:
    """Simulate, ask the engine alone, and say both."""
    flow = read_flow(event_invite.TEMPLATE.flow)
    head = Enrollment(
        id=EnrollmentId("imagined"),
        sequence_id=SequenceId("imagined"),
        flow_version=1,
        item=ItemRef(ItemKind.PERSON, ItemId("imagined")),
        owner_id=UserId("imagined"),
        rotation=1,
        step_id=flow.start,
        due_at=_NOW,
        arrived_at=_NOW,
        started_at=_NOW,
    )
    imagined = Imagined(records=RECORDS, begin_at=_NOW, days=20, senders=5, daily_cap=200)
    began = time.process_time()
    outlook = simulated(flow, head, Facts(), imagined)
    took_s = time.process_time() - began
    steps = sum(outlook.reached.values())
    began = time.process_time()
    for number in range(steps):
        at = EnrollmentId(f"{number}")
        decide(replace(head, id=at), flow, TimeCame(token=1), _NOW, Facts())
    bare_s = time.process_time() - began
    verdict = "ok" if took_s <= BUDGET_S else "OVER"
    print(f"{RECORDS:,} items, {steps:,} steps reached: {took_s:.1f} s ({BUDGET_S:.0f}) {verdict}")
    print(f"one bare decision for each step: {bare_s:.1f} s; ratio {took_s / bare_s:.1f}")


if __name__ == "__main__":
    main()
