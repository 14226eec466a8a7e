"""A worker that is killed before or after any of its calls, and whoever comes after it.

The points are not listed by hand: a fuse counts every call to AWS, and to the mail service, in the
life of one enrollment from enrolling to its end, and burns at one of them. Then time goes on.
`make test-crash` tries every point; a plain run tries a few.
"""

import os
import sys
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ids import ItemId
from chalicelib.domain.sequences.enrollment import Count, Enrollment, count_of
from chalicelib.domain.sequences.ledger import SendState
from chalicelib.services import enrolling, working
from chalicelib.storage.stores import Stores
from tests.builders import a_lead
from tests.doubles import Doubles, RecordingMailer
from tests.services.runner import SALLY, SEQUENCE, Runner

STRIDE: Final = 24
PARTS: Final = STRIDE if os.environ.get("SEKVENS_CRASH") == "all" else 1
"""Every part has a table of its own and takes every 24th point."""
_LEADS: Final = count(1)


class PowerCut(BaseException):
    """The process ends here."""


@dataclass(slots=True)
class Fuse:
    """Burns before or after the call of a given number; None: never."""

    burns_at: int | None = None
    is_after: bool = False
    calls: int = 0

    def guard(self, call: Any, *asked: Any, **named: Any) -> Any:  # noqa: ANN401 - any call
        number = self.calls
        self.calls += 1
        if number == self.burns_at and not self.is_after:
            raise PowerCut
        answer = call(*asked, **named)
        if number == self.burns_at and self.is_after:
            raise PowerCut
        return answer


@dataclass(slots=True)
class FusedMailer(RecordingMailer):
    """Counts as a call like any other."""

    fuse: Fuse = field(default_factory=Fuse)

    def send(self, **asked: Any) -> str:  # noqa: ANN401 - handed on as it is
        return str(self.fuse.guard(super(FusedMailer, self).send, **asked))


@pytest.fixture
def fuse(monkeypatch: pytest.MonkeyPatch, doubles: Doubles) -> Fuse:
    made = Fuse()
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def guarded(client: BaseClient, *asked: Any) -> Any:  # noqa: ANN401 - a vendor's signature
        return made.guard(call, client, *asked)

    monkeypatch.setattr(BaseClient, "_make_api_call", guarded)
    doubles.mailer = FusedMailer(fuse=made)
    return made


@pytest.mark.parametrize("part", range(PARTS))
def test_wherever_a_worker_is_killed_nothing_is_sent_twice_and_nobody_is_forgotten(
    stores: Stores, doubles: Doubles, fuse: Fuse, part: int
) -> None:
    runner = Runner(stores, doubles)
    runner.set_up()
    points = calls_in_a_life(runner, fuse)
    assert points > 30
    tried = [(at, is_after) for at in range(points) for is_after in (False, True)][part::STRIDE]

    failures = [told for at, is_after in tried if (told := killed_at(runner, fuse, at, is_after))]

    sys.stdout.write(f"{len(tried)} points of {2 * points}, {len(failures)} failures\n")
    assert failures == []
    assert counted(runner) == recounted(runner)


def calls_in_a_life(runner: Runner, fuse: Fuse) -> int:
    lead = a_new_lead(runner)
    fuse.calls = 0
    live(runner, lead)
    return fuse.calls


def killed_at(runner: Runner, fuse: Fuse, at: int, is_after: bool) -> str | None:
    """Return what is wrong after a life with one power cut, or None."""
    lead = a_new_lead(runner)
    fuse.calls, fuse.burns_at, fuse.is_after = 0, at, is_after
    try:
        live(runner, lead)
    except PowerCut:
        pass
    finally:
        fuse.burns_at = None
    runner.doubles.queues.dues = []  # what the dead worker held in its hand is gone
    recover(runner, lead)
    wrong = wrongs(runner, lead)
    return f"killed {'after' if is_after else 'before'} call {at}: {wrong}" if wrong else None


def a_new_lead(runner: Runner) -> ItemRef:
    ref = ItemRef(ItemKind.LEAD, ItemId(f"lead-crash-{next(_LEADS)}"))
    runner.stores.items.create(replace(a_lead(), ref=ref))
    return ref


def live(runner: Runner, lead: ItemRef) -> None:
    """Enroll, be mailed, be waited for, be called: the whole of `a_flow` by its No."""
    enrolling.enroll(SEQUENCE, item_ids=[lead.id], caller_id=SALLY, bench=runner.bench)
    runner.drain()
    runner.wait(timedelta(days=2, minutes=2))
    runner.wait(timedelta(days=3))
    work(runner, lead)


def work(runner: Runner, lead: ItemRef) -> None:
    """Sally does what the feed says about this lead."""
    for task in runner.tasks():
        if task.item != lead:
            continue
        outcome = "not_answered" if task.needs_outcome else None
        working.complete(task.id, outcome=outcome, note=None, by=SALLY, bench=runner.bench)


def recover(runner: Runner, lead: ItemRef) -> None:
    """Time goes on, and people repeat what seemed to fail."""
    if not runner.stores.enrollments.rotations_of(lead):
        enrolling.enroll(SEQUENCE, item_ids=[lead.id], caller_id=SALLY, bench=runner.bench)
    for wait in (timedelta(minutes=3), timedelta(minutes=40), *[timedelta(days=3)] * 4):
        runner.wait(wait)
        try:
            work(runner, lead)
        except DomainError as refusal:  # what was done before the cut cannot be done again
            assert refusal.code in {"illegal_move", "state_conflict"}  # noqa: PT017 - the refusal is the point


def wrongs(runner: Runner, lead: ItemRef) -> list[str]:
    """Return every law that does not hold for this lead."""
    (rotation,) = runner.stores.enrollments.rotations_of(lead)
    head = runner.head(rotation.enrollment_id)
    mails = [
        mail
        for mail in runner.doubles.mailer.sent
        if mail.tags["enrollment"] == rotation.enrollment_id
    ]
    entries = runner.stores.ledger.of_enrollment(rotation.enrollment_id)
    laws = {
        "at most one mail": len(mails) <= 1,
        "it came to its end": head.is_over,
        "nothing over is due": head.due_at is None,
        "the slot is free": runner.stores.enrollments.slot_holder(lead) is None,
        "no task is left": not [task for task in runner.tasks() if task.item == lead],
        "what was sent stands on the ledger": not mails or _knows(entries),
    }
    return [law for law, holds in laws.items() if not holds]


def _knows(entries: list[Any]) -> bool:
    return [entry.state for entry in entries] in ([SendState.SENT], [SendState.UNKNOWN])


def counted(runner: Runner) -> dict[Count, int]:
    return runner.stores.counts.of(SEQUENCE)


def recounted(runner: Runner) -> dict[Count, int]:
    heads: list[Enrollment] = []
    cursor = None
    while True:
        listing = runner.stores.enrollments.list_page(SEQUENCE, limit=100, cursor=cursor)
        heads.extend(listing.rows)
        cursor = listing.cursor
        if cursor is None:
            break
    states = [count_of(head.status, head.reason) for head in heads]
    return {count: states.count(count) for count in counted(runner)}
