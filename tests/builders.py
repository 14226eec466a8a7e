"""One valid thing each, no parameters; a test varies it with `dataclasses.replace`."""

from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.crm.items import EmailAddress, Item, ItemKind, ItemRef
from chalicelib.domain.crm.tokens import ApiToken, Scope
from chalicelib.domain.crm.users import Caller, Role, Tenant, User
from chalicelib.domain.ids import ApiTokenId, ItemId, TenantId, UserId

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
