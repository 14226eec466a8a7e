"""The tenant of all stories: Sally and her sequences, and a new lead for every telling."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from chalicelib.domain.crm.items import EmailAddress, ItemKind, ItemRef
from chalicelib.domain.crm.sending_domains import DomainStatus, SendingDomain
from chalicelib.domain.crm.settings import UnknownSendPolicy
from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.crm.users import Consent
from chalicelib.domain.ids import (
    ApiTokenId,
    AutomationId,
    DomainName,
    EnrollmentId,
    ItemId,
    SequenceId,
    StepId,
)
from chalicelib.domain.sequences.automations import Automation, Trigger
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    AdvanceStep,
    EmailStep,
    EndStep,
    Flow,
    FlowVersion,
    Sequence,
    SequenceStatus,
    Step,
    UpdateFieldStep,
    WaitStep,
)
from chalicelib.domain.sequences.settings import Settings
from chalicelib.services import enrolling, sequence_lifecycle, webhooks
from chalicelib.storage.transaction import Transaction
from infra.local.settings import INBOUND_DOMAIN
from tests.builders import (
    a_flow,
    a_lead,
    a_person,
    a_tenant,
    a_token,
    a_user,
    an_admin,
    an_admin_caller,
    an_organization,
)
from tests.conftest import forget_what_was_read
from tests.services.doors.requests import Request
from tests.services.doors.world import BEGINS_AT, World
from tests.services.runner import SALLY

SALLYS_TOKEN: Final = "sekvens_of-sally"
ADAMS_TOKEN: Final = "sekvens_of-adam"

OUTREACH: Final = SequenceId("outreach")
"""A mail, and what follows when nobody answers it."""
THREAD: Final = SequenceId("thread")
"""A mail and, an hour later, a second one in its thread."""
CALLING: Final = SequenceId("calling")
"""A call first: a task in the feed."""
WRITING: Final = SequenceId("writing")
"""A draft first, which a person sends."""
MARKING: Final = SequenceId("marking")
"""After an hour a field of the lead is set, and it ends."""
UNASKED: Final = SequenceId("unasked")
"""A mail for which Sally gave no leave."""
HANDING_ON: Final = SequenceId("handing-on")
"""After an hour the lead goes over to `CALLING`."""
DEALS: Final = SequenceId("deals")
"""A call first, for every new deal: an automation enrolls them."""

TEAM: Final = 3

_HOUR: Final = timedelta(hours=1)
_END: Final = EndStep(id=StepId("x1"), outcome="done")


def _mail(name: str, then: str, *, automatic: bool = True, after: str | None = None) -> EmailStep:
    return EmailStep(
        id=StepId(name),
        automatic=automatic,
        subject="Hello {{ person.first_name | default: 'there' }}",
        body="<p>We should talk.</p>",
        reply_to_step=StepId(after) if after else None,
        next=StepId(then),
    )


def _flow(*steps: Step) -> Flow:
    return Flow(start=steps[0].id, steps=steps)


def _wait(then: str) -> WaitStep:
    return WaitStep(id=StepId("w1"), wait_for=_HOUR, next=StepId(then))


_CALL: Final = ActivityStep(
    id=StepId("c1"), activity_type="call", subject="Call them", next=_END.id
)
_MARK: Final = UpdateFieldStep(id=StepId("u1"), field="labels", value="hot", next=_END.id)

FLOWS: Final[Mapping[SequenceId, Flow]] = MappingProxyType(
    {
        OUTREACH: a_flow(),
        THREAD: _flow(_mail("a1", "w1"), _wait("a2"), _mail("a2", "x1", after="a1"), _END),
        CALLING: _flow(_CALL, _END),
        WRITING: _flow(_mail("a1", "x1", automatic=False), _END),
        MARKING: _flow(_wait("u1"), _MARK, _END),
        UNASKED: _flow(_mail("a1", "x1"), _END),
        HANDING_ON: _flow(_wait("g1"), AdvanceStep(id=StepId("g1"), sequence_id=CALLING)),
    }
)


def furnish(world: World) -> None:
    """Make the tenant, its people, the domain they send from, and every sequence."""
    stores = world.stores
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    stores.users.save(an_admin())
    stores.tokens.add(a_token(), secret=SALLYS_TOKEN)
    adams = replace(a_token(), id=ApiTokenId("token-2"), user_id=an_admin().id)
    stores.tokens.add(replace(adams, scopes=frozenset({Scope.ADMIN})), secret=ADAMS_TOKEN)
    stores.items.create(an_organization())
    for name in ("northwind.test", INBOUND_DOMAIN):
        world.aws.ses.create_email_identity(EmailIdentity=name)
    domain = DomainName("northwind.test")
    stores.domains.claim(domain)
    stores.domains.save(
        SendingDomain(
            name=domain, status=DomainStatus.VERIFIED, created_at=BEGINS_AT, checked_at=BEGINS_AT
        )
    )
    for sequence_id in FLOWS:
        publish(world, sequence_id)
    publish(world, DEALS, FLOWS[CALLING], ItemKind.DEAL)
    stores.automations.save(_of_new_deals())
    webhooks.create(
        webhooks.Draft(url=world.listener.url, topics=("enrollment.paused",)),
        is_loopback_allowed=True,
        caller=an_admin_caller(),
        bench=world.bench,
    )


def _of_new_deals() -> Automation:
    return Automation(
        id=AutomationId("automation-deals"),
        name="New deals",
        item_kind=ItemKind.DEAL,
        trigger=Trigger.ITEM_CREATED,
        sequence_id=DEALS,
        author_id=SALLY,
        created_at=BEGINS_AT,
        updated_at=BEGINS_AT,
    )


def choose_policy(world: World, policy: UnknownSendPolicy) -> None:
    """Say what becomes of mails that may have gone out."""
    tenant = world.stores.tenant.get()
    wanted = {"unknown_send_policy": policy.value}
    if tenant.settings == wanted:
        return
    world.stores.tenant.save(replace(tenant, settings=wanted))
    forget_what_was_read()


def publish(
    world: World,
    sequence_id: SequenceId,
    flow: Flow | None = None,
    kind: ItemKind = ItemKind.LEAD,
) -> None:
    """Have an active sequence with Sally's leave to send; its flow is that of its name."""
    sequence = Sequence(
        id=sequence_id,
        name=str(sequence_id),
        item_kind=kind,
        status=SequenceStatus.ACTIVE,
        owner_id=SALLY,
        flow_version=1,
        created_at=BEGINS_AT,
        updated_at=BEGINS_AT,
    )
    published = FlowVersion(
        sequence_id=sequence_id,
        number=1,
        flow=flow or FLOWS[sequence_id],
        settings=Settings(),
        published_at=BEGINS_AT,
    )
    stores = world.stores
    with Transaction() as tx:
        stores.sequences.put(tx, sequence)
        stores.sequences.publish(tx, published)
    if sequence_id != UNASKED:
        stores.consents.give(Consent(user_id=SALLY, sequence_id=sequence_id, given_at=BEGINS_AT))


def team_of(number: int) -> range:
    """Return the numbers of the leads of a telling that is about several at once."""
    return range(number * 10_000, number * 10_000 + TEAM)


def own(number: int) -> SequenceId:
    """Return the id of the sequence that a telling may have for itself."""
    return SequenceId(f"own-{number}")


def end_own(world: World, number: int) -> None:
    """Deactivate that sequence if it runs: a tenant has 250 at most, and a world many tellings."""
    sequence = world.stores.sequences.find(own(number))
    if sequence is not None and sequence.status in sequence_lifecycle.RUNNING:
        sequence_lifecycle.deactivate(sequence, by=SALLY, bench=world.bench)


def address_of(number: int) -> str:
    """Return where the person of a number is written to."""
    return f"paula{number}@acme.test"


def lead_of(number: int) -> ItemRef:
    """Return the lead of a number."""
    return ItemRef(ItemKind.LEAD, ItemId(f"lead-{number}"))


def a_new_lead(world: World, number: int, address: str | None = None) -> ItemRef:
    """Make a lead and its person, whom nobody else writes to."""
    person = replace(
        a_person(),
        ref=ItemRef(ItemKind.PERSON, ItemId(f"person-{number}")),
        emails=(EmailAddress(address or address_of(number), is_primary=True),),
    )
    lead = replace(a_lead(), ref=lead_of(number), person_id=person.ref.id)
    world.stores.items.create(person)
    world.stores.items.create(lead)
    return lead.ref


def enroll(
    world: World, sequence_id: SequenceId, number: int, address: str | None = None
) -> EnrollmentId:
    """Enroll a new lead, as Sally does."""
    lead = a_new_lead(world, number, address)
    (row,) = enrolling.enroll(sequence_id, item_ids=[lead.id], caller_id=SALLY, bench=world.bench)
    assert row.enrollment_id is not None, row
    return row.enrollment_id


def request(
    path: str,
    number: int,
    body: object = None,
    *,
    method: str = "POST",
    token: str = SALLYS_TOKEN,
) -> Request:
    """Return what somebody asks in the telling of a number."""
    return Request(
        path=path,
        method=method,
        body=json.dumps({} if body is None else body).encode(),
        token=token,
        key=f"telling-{number}",
    )
