"""The tenant itself: made and switched by operators, its settings changed by its admins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import msgspec

from chalicelib.domain.crm import fields
from chalicelib.domain.crm.addresses import normalized
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.settings import TenantSettings, problems_of, settings_in
from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.crm.users import Caller, Plan, Role, Tenant, User
from chalicelib.domain.errors import RuleError, StaleWriteError
from chalicelib.domain.ids import TenantId, UserId
from chalicelib.gateways.mint import Mint
from chalicelib.services.anew import decided_anew, decided_for
from chalicelib.services.tokens import mint_token
from chalicelib.storage.stores import Stores

_ID_CHARACTERS: Final = 10
_WITH_KEYS: Final = frozenset({"business_calendar", "retention"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A user, and the secret of a token of theirs; it is shown once."""

    tenant_id: TenantId
    user_id: UserId
    secret: str


def create(
    name: str,
    *,
    admin_name: str,
    email: str,
    time_zone: str,
    stores_for: Callable[[TenantId], Stores],
    mint: Mint,
    now: datetime,
) -> Access:
    """Make a tenant with its first admin, whose address the operator vouches for."""
    problems = [
        *fields.check_line("name", name),
        *fields.check_line("admin_name", admin_name),
        *fields.check_address("email", email),
        *fields.check_time_zone("time_zone", time_zone),
    ]
    if problems:
        raise RuleError(*problems)
    stores = stores_for(TenantId(mint.secret(_ID_CHARACTERS)))
    settings = {"time_zone": time_zone}
    stores.tenant.save(Tenant(id=stores.tenant_id, name=name, settings=settings, created_at=now))
    return add_user(
        admin_name,
        email=email,
        role=Role.ADMIN,
        time_zone=time_zone,
        stores=stores,
        mint=mint,
        now=now,
    )


def add_user(
    name: str,
    *,
    email: str,
    role: Role,
    time_zone: str = "UTC",
    business_unit: str | None = None,
    stores: Stores,
    mint: Mint,
    now: datetime,
) -> Access:
    """Make a user whose address the operator vouches for, and a token with all that a role has."""
    problems = [
        *fields.check_line("name", name),
        *fields.check_address("email", email),
        *fields.check_time_zone("time_zone", time_zone),
    ]
    if problems:
        raise RuleError(*problems)
    address = normalized(email)
    user = User(
        id=UserId(mint.new_id(now)),
        name=name,
        email=address,
        role=role,
        business_unit=business_unit,
        time_zone=time_zone,
        confirmed_addresses=(address,),
        created_at=now,
        updated_at=now,
    )
    stores.users.save(user)
    scope = Scope.ADMIN if role is Role.ADMIN else Scope.WRITE
    _, secret = mint_token(
        user.id, name="first", scopes=frozenset({scope}), stores=stores, mint=mint, now=now
    )
    return Access(tenant_id=stores.tenant_id, user_id=user.id, secret=secret)


def suspend(*, is_suspended: bool, stores: Stores) -> Tenant:
    """Close a tenant's doors, or open them again; nothing is lost meanwhile."""
    return _saved(stores, is_suspended=is_suspended)


def change_plan(plan: Plan, *, stores: Stores) -> Tenant:
    """Give the tenant another plan; what it no longer holds is closed, not lost."""
    return _saved(stores, plan=plan)


def _saved(stores: Stores, **changes: Any) -> Tenant:  # noqa: ANN401 - fields of Tenant
    """Change the tenant, whatever its admins edit at that moment."""
    return decided_anew(lambda: stores.tenant.save(replace(stores.tenant.get(), **changes)))


def settings_of(*, caller: Caller, stores: Stores) -> tuple[TenantSettings, int]:
    """Return the settings, and the version to change them by."""
    require(caller, Right.READ_SETTINGS)
    tenant = stores.tenant.get()
    return settings_in(tenant), tenant.version


def change_settings(
    given: dict[str, object], *, read_version: int | None, caller: Caller, stores: Stores
) -> tuple[TenantSettings, int]:
    """Change the settings that are given."""
    require(caller, Right.CHANGE_SETTINGS)

    def changed() -> tuple[TenantSettings, int]:
        tenant = stores.tenant.get()
        if read_version is not None and read_version != tenant.version:
            raise StaleWriteError(kind="settings", id=tenant.id)
        settings = msgspec.convert(_merged(tenant.settings, given), TenantSettings)
        if problems := list(problems_of(settings)):
            raise RuleError(*problems)
        saved = stores.tenant.save(replace(tenant, settings=msgspec.to_builtins(settings)))
        return settings, saved.version

    return decided_for(read_version, changed)


def _merged(kept: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    """Return the settings with what is given; of those with keys of their own, the given keys."""
    merged = {**kept, **given}
    for name in _WITH_KEYS & kept.keys() & given.keys():
        before, after = kept[name], given[name]
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            merged[name] = {**before, **after}
    return merged
