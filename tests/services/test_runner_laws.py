"""Laws of the runner as a whole: whatever people, mail and time do, in whatever order."""

import itertools
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ids import EnrollmentId, ItemId, SequenceId, SignalId, TaskId, UserId
from chalicelib.domain.sequences.definition import FlowVersion
from chalicelib.domain.sequences.enrollment import Count, count_of
from chalicelib.domain.sequences.settings import Settings
from chalicelib.domain.sequences.signals import Heard, MailEvent
from chalicelib.services import drafts, enrolling, enrollments, steering, working
from chalicelib.services.drafts import Written
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, a_flow, a_lead, an_admin
from tests.services.runner import SALLY, SEQUENCE, Runner

OTHER: Final = SequenceId("sequence-2")
ADAM: Final = UserId("user-adam")
LEADS: Final = 2
EXAMPLES: Final = 60 if os.environ.get("SEKVENS_LAWS") == "all" else 4
NUMBERS: Final = itertools.count(1)


@dataclass(slots=True)
class Story:
    """Some leads of one example, and what may be done to them."""

    runner: Runner
    leads: list[Item] = field(default_factory=list)
    ids: list[EnrollmentId] = field(default_factory=list)

    def begin(self) -> None:
        for _ in range(LEADS):
            ref = ItemRef(ItemKind.LEAD, ItemId(f"lead-of-law-{next(NUMBERS)}"))
            self.leads.append(self.runner.stores.items.create(replace(a_lead(), ref=ref)))

    def do(self, deed: str, which: int) -> None:
        """Do it; what the state does not allow is refused, and that is all right."""
        try:
            self.deeds[deed](which)
        except DomainError:
            return

    @property
    def deeds(self) -> dict[str, Callable[[int], None]]:
        return {
            "enroll": lambda n: self.enroll(n, SEQUENCE),
            "enroll elsewhere": lambda n: self.enroll(n, OTHER),
            "wait": lambda n: self.runner.wait(timedelta(days=1 + n, minutes=3)),
            "work": self.work,
            "skip": self.skip,
            "send": self.send,
            "pause": self.pause,
            "resume": self.resume,
            "answer": self.answer,
            "remove": self.remove,
            "close": self.close,
            "skip wait": self.skip_wait,
            "assign": self.assign,
            "edit": self.edit,
        }

    def enroll(self, which: int, sequence: SequenceId) -> None:
        (row,) = enrolling.enroll(
            sequence,
            item_ids=[self.leads[which].ref.id],
            caller_id=SALLY,
            bench=self.runner.bench,
        )
        if row.enrollment_id is not None:
            self.ids.append(row.enrollment_id)
        self.runner.drain()

    def work(self, which: int) -> None:
        for task in self.tasks(which):
            outcome = ("answered", "not_answered")[which]
            working.complete(task, outcome=outcome, note=None, by=SALLY, bench=self.runner.bench)
        self.runner.drain()

    def skip(self, which: int) -> None:
        for task in self.tasks(which):
            working.skip(task, by=SALLY, bench=self.runner.bench)
        self.runner.drain()

    def send(self, which: int) -> None:
        for task in self.tasks(which):
            drafts.send(task, Written(), by=SALLY, bench=self.runner.bench)
        self.runner.drain()

    def tasks(self, which: int) -> list[TaskId]:
        of = [task.id for task in self.runner.tasks() if task.item == self.leads[which].ref]
        return of[:1]

    def pause(self, which: int) -> None:
        enrollments.pause(self.id_of(which), until=None, by=SALLY, bench=self.runner.bench)

    def resume(self, which: int) -> None:
        enrollments.resume(self.id_of(which), by=SALLY, bench=self.runner.bench)
        self.runner.drain()

    def answer(self, which: int) -> None:
        heard = Heard(
            id=SignalId(f"answer-{next(NUMBERS)}"),
            event=MailEvent.REPLIED,
            step_id=None,
            at=self.runner.now(),
        )
        self.runner.take(self.id_of(which), heard)
        self.runner.drain()

    def remove(self, which: int) -> None:
        enrollments.remove(self.id_of(which), by=SALLY, bench=self.runner.bench)

    def close(self, which: int) -> None:
        item = self.runner.stores.items.get(self.leads[which].ref)
        archived = self.runner.stores.items.save(replace(item, status=ItemStatus.ARCHIVED))
        enrollments.leave_if_closed(archived, bench=self.runner.bench)

    def skip_wait(self, which: int) -> None:
        steering.skip_wait(self.id_of(which), by=SALLY, bench=self.runner.bench)
        self.runner.drain()

    def assign(self, which: int) -> None:
        steering.assign(self.id_of(which), user_id=ADAM, by=SALLY, bench=self.runner.bench)

    def edit(self, which: int) -> None:
        for task in self.tasks(which):
            drafts.edit(task, Written(subject="Mine"), bench=self.runner.bench)

    def id_of(self, which: int) -> EnrollmentId:
        """Return the enrollment of a lead, over or not."""
        rotations = self.runner.stores.enrollments.rotations_of(self.leads[which].ref)
        return rotations[0].enrollment_id if rotations else EnrollmentId("nobody")


@pytest.fixture
def law(runner: Runner) -> Runner:
    """Give a runner with two sequences, where Adam may take over from Sally."""
    runner.stores.users.save(an_admin())
    known = runner.stores.sequences.get(SEQUENCE)
    with Transaction() as tx:
        runner.stores.sequences.put(tx, changed(known, id=OTHER, version=0))
        runner.stores.sequences.publish(
            tx,
            FlowVersion(
                sequence_id=OTHER,
                number=1,
                flow=a_flow(),
                settings=Settings(),
                published_at=NOW,
            ),
        )
    return runner


DEEDS: Final = (
    "enroll",
    "enroll elsewhere",
    "wait",
    "work",
    "skip",
    "send",
    "pause",
    "resume",
    "answer",
    "remove",
    "close",
    "skip wait",
    "assign",
    "edit",
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    deeds=st.lists(
        st.tuples(st.sampled_from(DEEDS), st.integers(0, LEADS - 1)), min_size=4, max_size=10
    )
)
def test_whatever_happens_the_laws_of_the_runner_hold(
    law: Runner, deeds: list[tuple[str, int]]
) -> None:
    story = Story(law)
    story.begin()

    for deed, which in [("enroll", 0), *deeds]:
        story.do(deed, which)
        insist_on_laws(story)


def insist_on_laws(story: Story) -> None:
    runner = story.runner
    for lead in story.leads:
        running = enrollments.running(lead.ref, bench=runner.bench)
        assert len(running) <= 1, "never two active for one item"
        assert all(each.due_at is not None for each in running), "nobody is forgotten"
    heads = [runner.head(each) for each in story.ids]
    assert all(head.due_at is None for head in heads if head.is_over), "nothing due once over"
    for sequence in (SEQUENCE, OTHER):
        assert runner.stores.counts.of(sequence) == recounted(runner, sequence)
    sent = Counter(
        (mail.tags["enrollment"], mail.tags["step"]) for mail in runner.doubles.mailer.sent
    )
    assert all(number == 1 for number in sent.values()), "no mail twice"


def recounted(runner: Runner, sequence: SequenceId) -> dict[Count, int]:
    heads = runner.stores.enrollments.list_page(sequence, limit=500, cursor=None).rows
    states = [count_of(head.status, head.reason) for head in heads]
    return {count: states.count(count) for count in runner.stores.counts.of(sequence)}
