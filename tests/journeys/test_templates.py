"""The six ready-made sequences told in days: every way through, step by step, on one clock.

A story is told as `day step: what became of it`. A seller works each step an hour after it appears;
whoever answers a mail does so two hours after it; the words behind a story say who answers what.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.sending_domains import DomainStatus, SendingDomain
from chalicelib.domain.crm.users import Consent
from chalicelib.domain.ids import DomainName, EnrollmentId, ItemId, SequenceId, SignalId, StepId
from chalicelib.domain.sequences.changes import SequenceChanges
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import Heard, MailEvent, SendAsked, TaskDone, TimeCame
from chalicelib.services import enrolling, sequence_lifecycle, sequences
from chalicelib.storage.stores import Stores
from tests.builders import (
    NOW,
    a_caller,
    a_deal,
    a_lead,
    a_person,
    a_tenant,
    a_user,
    an_organization,
)
from tests.doubles import Doubles
from tests.journeys.stories import STORIES
from tests.services.runner import SALLY, Runner

HOUR: Final = timedelta(hours=1)
ITEM: Final = {
    "contact_no_show": ItemRef(ItemKind.PERSON, ItemId("person-paula")),
    "event_invite": ItemRef(ItemKind.PERSON, ItemId("person-paula")),
    "product_demo": ItemRef(ItemKind.DEAL, ItemId("deal-1")),
    "account_renewal": ItemRef(ItemKind.ORGANIZATION, ItemId("org-acme")),
    "webinar_follow_up": ItemRef(ItemKind.LEAD, ItemId("lead-1")),
    "high_volume_prospecting": ItemRef(ItemKind.LEAD, ItemId("lead-1")),
}


@dataclass(slots=True)
class Journey:
    """One item on its way through one template."""

    runner: Runner
    enrolled: EnrollmentId
    answers: frozenset[str]
    heard: set[str] = field(default_factory=set)

    def told(self) -> str:
        """Travel to the end, and tell what happened on which day."""
        while not (head := self.runner.head(self.enrolled)).is_over:
            self._travel(head)
        history = self.runner.stores.enrollments.history(self.enrolled)
        lines = [
            f"{_day(line.at)} {line.step_id}: {line.state}"
            for line in history
            if line.state != "reached" and line.type != "reply"
        ]
        return ", ".join(lines)

    def _travel(self, head: Enrollment) -> None:
        """Go to the next instant at which time or people do something, and let them."""
        last = head.last
        if head.has_task:
            self._go_to(head.arrived_at + HOUR)
            self._work(head)
        elif last and self._has_mail(last.step_id) and last.step_id in self.answers - self.heard:
            self._go_to(last.done_at + 2 * HOUR)
            self._reply(last.step_id)
        else:
            assert head.due_at is not None
            self._go_to(head.due_at)
            self.runner.take(self.enrolled, TimeCame(token=head.token))

    def _go_to(self, instant: datetime) -> None:
        self.runner.doubles.clock.instant = max(self.runner.now(), instant)

    def _has_mail(self, step_id: StepId) -> bool:
        return self.runner.stores.ledger.find(self.enrolled, step_id) is not None

    def _work(self, head: Enrollment) -> None:
        assert head.step_id is not None
        (task,) = self.runner.tasks()
        if task.type == "email":
            self.runner.take(self.enrolled, SendAsked(step_id=head.step_id, by=SALLY))
            asked = self.runner.head(self.enrolled)
            self.runner.take(self.enrolled, TimeCame(token=asked.token))
            return
        outcome = "answered" if head.step_id in self.answers else "not_answered"
        done = TaskDone(step_id=head.step_id, by=SALLY, outcome=outcome)
        self.runner.take(self.enrolled, done)

    def _reply(self, step_id: StepId) -> None:
        self.heard.add(step_id)
        heard = Heard(
            id=SignalId(f"reply-{step_id}"),
            event=MailEvent.REPLIED,
            step_id=step_id,
            at=self.runner.now(),
        )
        self.runner.take(self.enrolled, heard)


def _day(at: datetime) -> str:
    return f"d{(at - NOW).days}"


def begun(stores: Stores, doubles: Doubles, template: str, answers: str) -> Journey:
    """Make the sequence of a template, activate it, and enroll its item."""
    runner = Runner(stores, doubles)
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    for item in (an_organization(), a_person(), a_lead(), a_deal()):
        mails = a_person().emails
        stores.items.create(
            replace(item, emails=mails) if item.ref.kind is ItemKind.ORGANIZATION else item
        )
    name = DomainName("northwind.test")
    stores.domains.claim(name)
    stores.domains.save(
        SendingDomain(name=name, status=DomainStatus.VERIFIED, created_at=NOW, checked_at=NOW)
    )
    draft = sequences.create(
        changes=SequenceChanges(name=template),
        item_kind=None,
        template_key=template,
        caller=a_caller(),
        stores=stores,
        mint=doubles.mint,
        now=NOW,
    )
    sequence_lifecycle.activate(draft, stores=stores, now=NOW)
    known = SequenceId(draft.id)
    stores.consents.give(Consent(user_id=SALLY, sequence_id=known, given_at=NOW))
    (row,) = enrolling.enroll(
        known, item_ids=[ITEM[template].id], caller_id=SALLY, bench=runner.bench
    )
    assert row.enrollment_id is not None, row
    return Journey(runner, row.enrollment_id, frozenset(answers.split()))


@pytest.mark.requirement("D365-TPL-06")
@pytest.mark.requirement("D365-TPL-07")
@pytest.mark.requirement("D365-TPL-08")
@pytest.mark.requirement("D365-TPL-09")
@pytest.mark.requirement("D365-TPL-10")
@pytest.mark.requirement("D365-TPL-11")
@pytest.mark.parametrize("template, answers, story, fate", STORIES)
def test_a_template_goes_as_told(
    stores: Stores, doubles: Doubles, template: str, answers: str, story: str, fate: str
) -> None:
    journey = begun(stores, doubles, template, answers)

    told = journey.told()

    assert told == story
    item = stores.items.get(ITEM[template])
    assert ", ".join((item.status, *item.tags)) == fate
    assert len(doubles.mailer.sent) == story.count("sent")
