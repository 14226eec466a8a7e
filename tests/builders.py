"""One valid thing each, no parameters; a test varies it with `dataclasses.replace`."""

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import json

from chalicelib.domain.crm.items import EmailAddress, Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.tokens import ApiToken, Scope
from chalicelib.domain.crm.users import Caller, Role, Tenant, User
from chalicelib.domain.ids import (
    ApiTokenId,
    EnrollmentId,
    ItemId,
    SequenceId,
    SignalId,
    StepId,
    TenantId,
    UserId,
)
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    ItemAction,
    Sequence,
    WaitStep,
)
from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from chalicelib.domain.sequences.signals import Heard, MailEvent

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning."""
TENANT: Final = TenantId("aaaaaaaaaa")
OTHER_TENANT: Final = TenantId("bbbbbbbbbb")

_YESTERDAY: Final = NOW - timedelta(days=1)


def a_tenant() -> Tenant:
    return Tenant(id=TENANT, name="Northwind", settings={}, created_at=_YESTERDAY)


def a_user() -> User:
    """Sally, who sells."""
    return User(
        id=UserId("user-sally"),
        name="Sally Seller",
        email="sally@northwind.test",
        role=Role.SALESPERSON,
        confirmed_addresses=("sally@northwind.test",),
        created_at=_YESTERDAY,
        updated_at=_YESTERDAY,
    )


def an_admin() -> User:
    """Adam, who runs the tenant."""
    return User(
        id=UserId("user-adam"),
        name="Adam Admin",
        email="adam@northwind.test",
        role=Role.ADMIN,
        confirmed_addresses=("adam@northwind.test",),
        created_at=_YESTERDAY,
        updated_at=_YESTERDAY,
    )


def a_token() -> ApiToken:
    return ApiToken(
        id=ApiTokenId("token-1"),
        tenant_id=TENANT,
        user_id=UserId("user-sally"),
        name="laptop",
        scopes=frozenset({Scope.WRITE}),
        created_at=_YESTERDAY,
    )


def a_caller() -> Caller:
    """Sally, with all her scopes."""
    return Caller(
        tenant_id=TENANT,
        user_id=UserId("user-sally"),
        role=Role.SALESPERSON,
        token_id=ApiTokenId("token-1"),
        scopes=frozenset({"read", "write"}),
    )


def an_admin_caller() -> Caller:
    return Caller(
        tenant_id=TENANT,
        user_id=UserId("user-adam"),
        role=Role.ADMIN,
        token_id=ApiTokenId("token-2"),
        scopes=frozenset({"read", "write", "admin"}),
    )


def an_organization() -> Item:
    return Item(
        ref=ItemRef(ItemKind.ORGANIZATION, ItemId("org-acme")),
        title="Acme",
        owner_id=UserId("user-sally"),
        created_at=_YESTERDAY,
        updated_at=_YESTERDAY,
    )


def a_person() -> Item:
    """Paula, reachable, who works at Acme."""
    return Item(
        ref=ItemRef(ItemKind.PERSON, ItemId("person-paula")),
        title="Paula Prospect",
        owner_id=UserId("user-sally"),
        organization_id=ItemId("org-acme"),
        emails=(EmailAddress("paula@acme.test", is_primary=True),),
        time_zone="Europe/Berlin",
        country="DE",
        created_at=_YESTERDAY,
        updated_at=_YESTERDAY,
    )


def a_product() -> Item:
    return Item(
        ref=ItemRef(ItemKind.PRODUCT, ItemId("product-1")),
        title="Chair",
        owner_id=UserId("user-sally"),
        code="CH-1",
        value=90,
        currency="EUR",
        created_at=_YESTERDAY,
        updated_at=_YESTERDAY,
    )


def an_activity() -> Item:
    """A call about Paula's lead."""
    return Item(
        ref=ItemRef(ItemKind.ACTIVITY, ItemId("activity-1")),
        title="Ask for the color",
        owner_id=UserId("user-sally"),
        activity_type="call",
        due_at=NOW,
        about=ItemRef(ItemKind.LEAD, ItemId("lead-1")),
        created_at=_YESTERDAY,
        updated_at=_YESTERDAY,
    )


def a_lead() -> Item:
    """Paula's open lead."""
    return Item(
        ref=ItemRef(ItemKind.LEAD, ItemId("lead-1")),
        title="Acme wants forty chairs",
        owner_id=UserId("user-sally"),
        person_id=ItemId("person-paula"),
        organization_id=ItemId("org-acme"),
        created_at=_YESTERDAY,
        updated_at=_YESTERDAY,
    )


def a_deal() -> Item:
    """Paula's open deal."""
    return Item(
        ref=ItemRef(ItemKind.DEAL, ItemId("deal-1")),
        title="Forty chairs",
        owner_id=UserId("user-sally"),
        person_id=ItemId("person-paula"),
        organization_id=ItemId("org-acme"),
        value=4_000.0,
        currency="EUR",
        pipeline="Sales",
        stage="Offer",
        created_at=_YESTERDAY,
        updated_at=_YESTERDAY,
    )


def a_project() -> Item:
    """Paula's open project."""
    return Item(
        ref=ItemRef(ItemKind.PROJECT, ItemId("project-1")),
        title="Furnish the third floor",
        owner_id=UserId("user-sally"),
        person_id=ItemId("person-paula"),
        organization_id=ItemId("org-acme"),
        created_at=_YESTERDAY,
        updated_at=_YESTERDAY,
    )


def a_flow() -> Flow:
    """Automatic mail, "replied within 2 days?", else a wait and a call, "answered?"."""
    return Flow(
        start=StepId("a1"),
        steps=(
            EmailStep(
                id=StepId("a1"),
                automatic=True,
                subject="Hello {{ person.first_name | default: 'there' }}",
                body="<p>We should talk, {{ person.first_name | default: 'friend' }}.</p>",
                next=StepId("k1"),
            ),
            ConditionStep(
                id=StepId("k1"),
                on=Asked.REPLIED,
                of=StepId("a1"),
                within=timedelta(days=2),
                yes=StepId("x1"),
                no=StepId("w1"),
            ),
            WaitStep(id=StepId("w1"), wait_for=timedelta(days=3), next=StepId("c1")),
            ActivityStep(
                id=StepId("c1"), activity_type="call", subject="Call them", next=StepId("k2")
            ),
            ConditionStep(
                id=StepId("k2"),
                on=Asked.ANSWERED,
                of=StepId("c1"),
                yes=StepId("x1"),
                no=StepId("x2"),
            ),
            EndStep(id=StepId("x1"), outcome="interested"),
            EndStep(
                id=StepId("x2"),
                outcome="disqualified",
                item_action=ItemAction(set_status=ItemStatus.DISQUALIFIED, reason="no answer"),
            ),
        ),
    )


def an_enrollment() -> Enrollment:
    """A lead at the first step of `a_flow`, due now."""
    return Enrollment(
        id=EnrollmentId("e" * 26),
        sequence_id=SequenceId("sequence-1"),
        flow_version=1,
        item=ItemRef(ItemKind.LEAD, ItemId("lead-1")),
        owner_id=UserId("user-sally"),
        rotation=1,
        step_id=StepId("a1"),
        phase=Phase.READY,
        due_at=NOW,
        arrived_at=NOW,
        started_at=NOW,
        version=1,
    )


def a_reply() -> Heard:
    """An authenticated answer to the first mail of `a_flow`, an hour after it."""
    return Heard(
        id=SignalId("reply-1"),
        event=MailEvent.REPLIED,
        step_id=StepId("a1"),
        at=NOW + timedelta(hours=1),
    )


def a_sequence() -> Sequence:
    """Sally's draft for leads: `a_flow`, as she wrote it."""
    return Sequence(
        id=SequenceId("sequence-1"),
        name="Chairs for everyone",
        owner_id=UserId("user-sally"),
        flow=json.decode(json.encode(a_flow())),
        created_at=_YESTERDAY,
        updated_at=_YESTERDAY,
    )
