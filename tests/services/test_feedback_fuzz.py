"""Events of SES come up to eight times and in any order: what they leave behind is the same."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.domain.ids import ItemId, StepId, WireId
from chalicelib.domain.sequences.ledger import (
    RUNG,
    LedgerEntry,
    MailStatus,
    SendState,
    gained,
    proven_by,
)
from chalicelib.domain.sequences.signals import TimeCame
from chalicelib.gateways.mailer import Fate, SendError
from chalicelib.services import enrolling, feedback
from chalicelib.services.feedback import RUNG_BY_WORD, Told, Word
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, a_lead
from tests.services.runner import SALLY, SEQUENCE, Runner

A1: Final = StepId("a1")
SECOND: Final = timedelta(seconds=1)
MOST_TIMES: Final = 8
ENDS: Final = {Told.HARD_BOUNCE, Told.COMPLAINT, Told.REJECT}
KINDS: Final = tuple(kind for kind in Told if kind is not Told.OTHER)
_NUMBERS: Final = count(100)


class Deliveries(RuleBasedStateMachine):
    """One mail, of which SES tells; `is_known` is whether its sender had an answer."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.runner = runner
        self.number = next(_NUMBERS)
        lead = replace(a_lead(), ref=replace(a_lead().ref, id=ItemId(f"lead-{self.number}")))
        runner.stores.items.create(lead)
        if self.number % 2:
            runner.doubles.mailer.failures = [SendError(Fate.UNKNOWN, "ReadTimeoutError")]
        (row,) = enrolling.enroll(
            SEQUENCE, item_ids=[lead.ref.id], caller_id=SALLY, bench=runner.bench
        )
        assert row.enrollment_id is not None
        self.enrolled = row.enrollment_id
        runner.take(self.enrolled, TimeCame(token=1))
        is_lost = bool(self.number % 2)
        self.ses_id = f"lost-{self.number}" if is_lost else f"ses-{len(runner.doubles.mailer.sent)}"
        self.times: Counter[Told] = Counter()
        self.figures: Counter[MailStatus] = Counter()
        self.was = self.entry()
        self._tally(None, self.was)

    def entry(self) -> LedgerEntry:
        known = self.runner.stores.ledger.find(self.enrolled, A1)
        assert known is not None
        return known

    def _tally(self, old: LedgerEntry | None, new: LedgerEntry) -> None:
        """Add what the stream would tell of the change."""
        before, beside = (old.status, old.beside) if old else ("queued", ())
        self.figures.update(gained(before, beside, new.status, new.beside))

    @rule(kind=st.sampled_from(KINDS))
    def arrives(self, kind: Told) -> None:
        if self.times[kind] == MOST_TIMES:
            return
        self.times[kind] += 1
        word = Word(
            enrollment_id=self.enrolled,
            step_id=A1,
            attempt=1,
            wire_id=WireId(f"{self.ses_id}@eu-central-1.amazonses.com"),
            told=kind,
            addresses=[f"p{self.number}@acme.test"],
            at=NOW + 60 * SECOND + KINDS.index(kind) * SECOND,
            mailed_at=NOW,
        )
        feedback.hear(word, bench=self.runner.bench)

    @precondition(lambda self: self.times)
    @invariant()
    def nothing_falls_and_nothing_is_counted_twice(self) -> None:
        now = self.entry()
        assert RUNG[now.status] >= RUNG[self.was.status]
        self._tally(self.was, now)
        self.was = now
        assert set(self.figures.values()) <= {1}

    def teardown(self) -> None:
        """What is left depends on what was told, not on when or how often."""
        told = set(self.times)
        rungs = {RUNG_BY_WORD[each] for each in told}
        if self.number % 2 == 0:
            rungs.add(MailStatus.SENT)
        entry, head = self.entry(), self.runner.head(self.enrolled)
        assert set(self.figures) == frozenset().union(*map(proven_by, rungs))
        assert entry.state is (SendState.SENT if rungs else SendState.UNKNOWN)
        assert entry.sent_at == (NOW if rungs else None)
        assert not entry.is_duplicate
        assert head.is_over is bool(told & ENDS)
        found = self.runner.stores.addresses.suppression(f"p{self.number}@acme.test")
        assert (found is not None) is bool(told & ENDS)


def test_in_whatever_order_and_however_often_word_comes_the_end_is_the_same(
    runner: Runner,
) -> None:
    run_state_machine_as_test(
        lambda: Deliveries(runner),  # type: ignore[arg-type]  # it takes any maker of machines
        settings=settings(
            max_examples=6,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_three_mails_that_bounced_for_a_time_suppress_an_address_and_one_told_thrice_does_not(
    runner: Runner,
) -> None:
    enrolled = runner.enroll()
    runner.drain()
    word = Word(
        enrollment_id=enrolled,
        step_id=A1,
        attempt=1,
        wire_id=WireId("ses-1@eu-central-1.amazonses.com"),
        told=Told.SOFT_BOUNCE,
        addresses=["Full@Acme.test"],
        at=NOW,
    )
    suppression = runner.stores.addresses.suppression

    for _ in range(MOST_TIMES):
        feedback.hear(word, bench=runner.bench)

    assert suppression("full@acme.test") is None

    for number, step_id in enumerate(("a2", "a3"), start=1):
        entry = runner.stores.ledger.find(enrolled, A1)
        assert entry is not None
        another(runner, replace(entry, step_id=StepId(step_id)))
        feedback.hear(
            replace(word, step_id=StepId(step_id), at=NOW + number * SECOND), bench=runner.bench
        )

    assert suppression("full@acme.test") is not None


def another(runner: Runner, entry: LedgerEntry) -> None:
    """Keep one more mail of the enrollment."""
    with Transaction() as tx:
        runner.stores.ledger.claim(tx, entry, is_by_hand=False)
