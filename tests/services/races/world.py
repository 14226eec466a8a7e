"""A tenant of its own for every trial: people, sequences, caps; and a case, one enrollment in it.

Trials share a table and nothing else, so that a pause of a sequence or a user who leaves disturbs
no other trial, and counts can be counted anew for each.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from threading import Lock
from typing import Any, Final

import msgspec

from chalicelib.domain.crm.items import EmailAddress, Item, ItemKind, ItemRef
from chalicelib.domain.crm.sending_domains import DomainStatus, SendingDomain
from chalicelib.domain.crm.users import Caller, Consent, User
from chalicelib.domain.ids import (
    DomainName,
    EnrollmentId,
    ItemId,
    SequenceId,
    TaskId,
    TenantId,
    UserId,
)
from chalicelib.domain.sequences.definition import (
    AdvanceStep,
    Flow,
    FlowVersion,
    Sequence,
    SequenceStatus,
)
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.settings import Settings
from chalicelib.domain.sequences.signals import TimeCame
from chalicelib.domain.sequences.tasks import Task
from chalicelib.entry import wiring
from chalicelib.gateways.mint import RandomMint
from chalicelib.services import enrolling, progress
from chalicelib.services.decisions import Bench
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, a_deal, a_lead, a_person, a_tenant, a_user, an_admin
from tests.builders import a_caller as sallys_call
from tests.builders import an_admin_caller as adams_call
from tests.doubles import Doubles, RecordingMailer
from tests.letters import PostOffice

SALLY: Final = UserId("user-sally")
HUGO: Final = UserId("user-hugo")
ADAM: Final = UserId("user-adam")
SEQUENCE: Final = SequenceId("sequence-1")
OTHER: Final = SequenceId("sequence-2")
_TENANTS: Final = count(1)
_CAPS: Final = {"account_daily_cap": 500, "sender_daily_cap": 500}
"""Wide, but there: so that every share of them is counted."""


@dataclass(slots=True)
class Interposer:
    """Lets a deed happen, whole, before the call of a number."""

    at: int | None = None
    deed: Callable[[], None] = lambda: None
    calls: int = 0
    is_counting: bool = False

    def begin(self, at: int, deed: Callable[[], None]) -> None:
        """Count anew; before the call of this number the deed is to happen."""
        self.at, self.deed, self.calls, self.is_counting = at, deed, 0, True

    def guard(self, call: Callable[..., Any], *asked: Any, **named: Any) -> Any:  # noqa: ANN401 - any call
        """Make the call; what happens within the deed is not counted."""
        if self.is_counting:
            number, self.calls = self.calls, self.calls + 1
            if number == self.at:
                self.is_counting = False
                self.deed()
                self.is_counting = True
        return call(*asked, **named)


@dataclass(slots=True)
class InterposedMailer(RecordingMailer):
    """Counts as a call like any other; several threads may use it."""

    interposer: Interposer = field(default_factory=Interposer)
    lock: Lock = field(default_factory=Lock)

    def send(self, **asked: Any) -> str:  # noqa: ANN401 - handed on as it is
        return str(self.interposer.guard(self._take, **asked))

    def _take(self, **asked: Any) -> str:  # noqa: ANN401 - handed on as it is
        with self.lock:
            return RecordingMailer.send(self, **asked)


@dataclass(slots=True)
class World:
    """One tenant: Sally sells, Hugo may go on with it, Adam runs it."""

    interposer: Interposer = field(default_factory=Interposer)
    number: int = field(default_factory=lambda: next(_TENANTS))
    doubles: Doubles = field(default_factory=Doubles)
    cases: "list[Case]" = field(default_factory=list)
    hands_over: bool = False
    """Whether the flow leads to another sequence."""

    def __post_init__(self) -> None:
        self.doubles.mailer = InterposedMailer(interposer=self.interposer)
        self.doubles.mint = RandomMint()  # type: ignore[assignment]  # several threads mint

    @property
    def tenant_id(self) -> TenantId:
        letters = ""
        number = self.number
        for _ in range(10):
            letters, number = "abcdefghij"[number % 10] + letters, number // 10
        return TenantId(letters)

    @property
    def stores(self) -> Stores:
        return wiring.stores_for(self.tenant_id)

    @property
    def bench(self) -> Bench:
        return Bench(stores=self.stores, outside=self.doubles.outside)

    @property
    def office(self) -> PostOffice:
        return PostOffice(self.doubles)

    @property
    def sally(self) -> Caller:
        return replace(sallys_call(), tenant_id=self.tenant_id)

    @property
    def adam(self) -> Caller:
        return replace(adams_call(), tenant_id=self.tenant_id)

    def set_up(self, flow: Flow, other: Flow, *, kind: ItemKind, settings: Settings) -> None:
        stores, name = self.stores, DomainName(f"n{self.number}.test")
        self.hands_over = any(isinstance(step, AdvanceStep) for step in flow.steps)
        stores.tenant.save(replace(a_tenant(), id=self.tenant_id, settings=dict(_CAPS)))
        hugo = replace(a_user(), id=HUGO, name="Hugo Heir")
        for user in (a_user(), hugo, an_admin()):
            stores.users.save(self._at_home(user, name))
        stores.domains.claim(name)
        stores.domains.save(
            SendingDomain(name=name, status=DomainStatus.VERIFIED, created_at=NOW, checked_at=NOW)
        )
        self._publish(SEQUENCE, flow, kind, settings)
        self._publish(OTHER, other, kind, settings)
        for user_id in (SALLY, HUGO):
            stores.consents.give(Consent(user_id=user_id, sequence_id=SEQUENCE, given_at=NOW))

    def _at_home(self, user: User, domain: str) -> User:
        address = f"{user.id.removeprefix('user-')}@{domain}"
        return replace(user, email=address, confirmed_addresses=(address,))

    def _publish(
        self, sequence_id: SequenceId, flow: Flow, kind: ItemKind, settings: Settings
    ) -> None:
        document = msgspec.json.decode(msgspec.json.encode(flow))
        with Transaction() as tx:
            self.stores.sequences.put(
                tx,
                Sequence(
                    id=sequence_id,
                    name=f"Outreach {sequence_id}",
                    item_kind=kind,
                    status=SequenceStatus.ACTIVE,
                    owner_id=SALLY,
                    flow=document,
                    settings=settings,
                    flow_version=1,
                    created_at=NOW,
                    updated_at=NOW,
                ),
            )
            self.stores.sequences.publish(
                tx,
                FlowVersion(
                    sequence_id=sequence_id,
                    number=1,
                    flow=flow,
                    document=document,
                    settings=settings,
                    published_at=NOW,
                ),
            )

    def enroll(self, kind: ItemKind) -> "Case":
        """Make a person with an item of this kind, and enroll it."""
        number = len(self.cases) + 1
        address = f"paula{number}@acme.test"
        person = replace(
            a_person(),
            ref=ItemRef(ItemKind.PERSON, ItemId(f"person-{number}")),
            organization_id=None,
            emails=(EmailAddress(address, is_primary=True),),
        )
        blank = a_deal() if kind is ItemKind.DEAL else a_lead()
        item: Item = replace(
            blank,
            ref=ItemRef(kind, ItemId(f"item-{number}")),
            person_id=person.ref.id,
            organization_id=None,
        )
        for each in (person, item):
            self.stores.items.create(each)
        (row,) = enrolling.enroll(
            SEQUENCE, item_ids=[item.ref.id], caller_id=SALLY, bench=self.bench
        )
        assert row.enrollment_id is not None, row
        self.cases.append(Case(self, row.enrollment_id, item.ref, address))
        return self.cases[-1]


@dataclass(frozen=True, slots=True)
class Case:
    """One enrollment, and whom it writes to."""

    world: World
    id: EnrollmentId
    item: ItemRef
    address: str

    @property
    def bench(self) -> Bench:
        return self.world.bench

    @property
    def head(self) -> Enrollment:
        return self.world.stores.enrollments.get(self.id)

    def task(self, step_id: str) -> TaskId:
        """Return what the entry of a step is called in a feed."""
        return TaskId(f"{self.id}-{step_id}")

    def ids(self) -> list[EnrollmentId]:
        """Return this enrollment, and that which another sequence began with its item."""
        if not self.world.hands_over:
            return [self.id]
        heir = self.world.stores.enrollments.rotation(OTHER, self.item)
        return [self.id] if heir is None else [self.id, heir.enrollment_id]

    def take(self, token: int, enrollment_id: EnrollmentId | None = None) -> None:
        """Do what a message with this token asks."""
        world = self.world
        progress.take(
            enrollment_id or self.id,
            TimeCame(token=token),
            stores=world.stores,
            outside=world.doubles.outside,
        )

    def tasks(self) -> list[Task]:
        """Return what stands open in a feed, of whomever."""
        of = self.world.stores.tasks.of_enrollment
        return [task for each in self.ids() for task in of(each) if task.is_actionable]

    def mails(self) -> list[tuple[str, str]]:
        """Return the enrollment and step of every mail that left for this item."""
        ids = self.ids()
        sent = self.world.doubles.mailer.sent
        tags = [mail.tags for mail in sent if mail.tags["enrollment"] in ids]
        return [(each["enrollment"], each["step"]) for each in tags]
