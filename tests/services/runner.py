"""A tenant with a seller, a lead and an active sequence on moto; time moves by hand.

`drain` does what the doors do: it takes the due messages that were handed on and, when there are
none left, sweeps every shard of the due index.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.sending_domains import DomainStatus, SendingDomain
from chalicelib.domain.crm.users import Consent
from chalicelib.domain.ids import DomainName, EnrollmentId, ItemId, JobId, SequenceId, UserId
from chalicelib.domain.jobs.job import JobState
from chalicelib.domain.sequences.definition import (
    Flow,
    FlowVersion,
    Sequence,
    SequenceStatus,
)
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.settings import Settings
from chalicelib.domain.sequences.signals import Signal, TimeCame
from chalicelib.domain.sequences.tasks import Task
from chalicelib.services import enrolling, progress, sweeping
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import kinds, working
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, a_flow, a_lead, a_person, a_tenant, a_user, an_organization
from tests.doubles import Doubles

SEQUENCE: Final = SequenceId("sequence-1")
SALLY: Final = UserId("user-sally")
LEAD: Final = ItemRef(ItemKind.LEAD, ItemId("lead-1"))
SHARDS: Final = 4


@dataclass(frozen=True, slots=True)
class Runner:
    """The runner of one test."""

    stores: Stores
    doubles: Doubles

    @property
    def bench(self) -> Bench:
        return Bench(stores=self.stores, outside=self.doubles.outside)

    def set_up(self, flow: Flow | None = None, settings: Settings | None = None) -> None:
        """Make the tenant, Sally, her consent and verified domain, a lead, an active sequence."""
        self.stores.tenant.save(a_tenant())
        self.stores.users.save(a_user())
        self.set_up_work(flow, settings)

    def set_up_work(self, flow: Flow | None = None, settings: Settings | None = None) -> None:
        """Make all but the tenant and Sally."""
        self.stores.items.create(an_organization())
        self.stores.items.create(a_person())
        self.stores.items.create(a_lead())
        name = DomainName("northwind.test")
        self.stores.domains.claim(name)
        self.stores.domains.save(
            SendingDomain(name=name, status=DomainStatus.VERIFIED, created_at=NOW, checked_at=NOW)
        )
        self.publish(flow or a_flow(), settings or Settings())
        self.stores.consents.give(Consent(user_id=SALLY, sequence_id=SEQUENCE, given_at=NOW))

    def publish(self, flow: Flow, settings: Settings) -> None:
        sequence = Sequence(
            id=SEQUENCE,
            name="Outreach",
            status=SequenceStatus.ACTIVE,
            owner_id=SALLY,
            settings=settings,
            flow_version=1,
            created_at=NOW,
            updated_at=NOW,
        )
        published = FlowVersion(
            sequence_id=SEQUENCE, number=1, flow=flow, settings=settings, published_at=NOW
        )
        with Transaction() as tx:
            self.stores.sequences.put(tx, sequence)
            self.stores.sequences.publish(tx, published)

    def publish_next(self, flow: Flow) -> None:
        """Publish another flow in place of the one there."""
        known = self.stores.sequences.get(SEQUENCE)
        number = (known.flow_version or 0) + 1
        published = FlowVersion(
            sequence_id=SEQUENCE,
            number=number,
            flow=flow,
            settings=known.settings,
            published_at=NOW,
        )
        with Transaction() as tx:
            self.stores.sequences.put(tx, msgspec.structs.replace(known, flow_version=number))
            self.stores.sequences.publish(tx, published)

    def enroll(self) -> EnrollmentId:
        (row,) = enrolling.enroll(SEQUENCE, item_ids=[LEAD.id], caller_id=SALLY, bench=self.bench)
        assert row.enrollment_id is not None, row
        return row.enrollment_id

    def take(self, enrollment_id: EnrollmentId, signal: Signal) -> Enrollment:
        outside = self.doubles.outside
        return progress.take(enrollment_id, signal, stores=self.stores, outside=outside)

    def head(self, enrollment_id: EnrollmentId) -> Enrollment:
        return self.stores.enrollments.get(enrollment_id)

    def wait(self, by: timedelta) -> None:
        """Let time pass, then do all that is due."""
        self.doubles.clock.advance(by)
        self.drain()

    def drain(self) -> None:
        queues = self.doubles.queues
        for _ in range(20):
            for shard in range(SHARDS):
                sweeping.sweep(shard, outside=self.doubles.outside)
            dues, queues.dues = queues.dues, []
            if not dues:
                return
            before = [self.head(due.enrollment_id) for due in dues]
            for due in dues:
                self.take(due.enrollment_id, TimeCame(token=due.token))
            if before == [self.head(due.enrollment_id) for due in dues]:
                queues.dues = []
                return

    def do_jobs(self) -> int:
        """Do the jobs that were handed on; return how many."""
        bodies = self.doubles.queues.bodies_by_queue.pop("bulk", [])
        for body in bodies:
            job_id = JobId(json.loads(body)["j"])
            working.carry_on(job_id, work_of=kinds.work_of, bench=self.bench)
            assert self.stores.jobs.get(job_id).state is JobState.DONE
        return len(bodies)

    def tasks(self) -> list[Task]:
        return self.stores.tasks.page(SALLY, limit=10, cursor=None)[0]

    def now(self) -> datetime:
        return self.doubles.clock.now()
