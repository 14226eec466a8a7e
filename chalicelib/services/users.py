"""What admins do with users, and users with themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm import fields
from chalicelib.domain.crm.addresses import normalized
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.settings import settings_in
from chalicelib.domain.crm.users import Caller, Role, User
from chalicelib.domain.crm.working_time import (
    TimeOff,
    WorkingHours,
    check_time_off,
    check_working_hours,
)
from chalicelib.domain.errors import Problem, RuleError, StaleWriteError
from chalicelib.domain.ids import UserId
from chalicelib.gateways.mint import Mint
from chalicelib.services import departing
from chalicelib.services.anew import decided_for
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import asking
from chalicelib.storage.listing import Listing
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction


class UserChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be set on a user; UNSET leaves a field as it is."""

    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    business_unit: str | UnsetType | None = UNSET
    time_zone: str | UnsetType = UNSET
    country: str | UnsetType | None = UNSET
    working_hours: WorkingHours | UnsetType | None = UNSET
    time_off: tuple[TimeOff, ...] | UnsetType = UNSET
    signature: str | UnsetType = UNSET
    link_emails: bool | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET

    def given(self) -> dict[str, object]:
        """Return the fields that are not left alone."""
        values = {name: getattr(self, name) for name in UserChanges.__struct_fields__}
        return {name: value for name, value in values.items() if value is not UNSET}


_OWN_FIELDS = frozenset(
    {"name", "time_zone", "country", "working_hours", "time_off", "signature", "link_emails"}
)
_KEEPS_ADMIN_IN = frozenset({"role", "is_active"})


def get(user_id: UserId, *, caller: Caller, stores: Stores) -> User:
    """Return one user."""
    require(caller, Right.READ_USERS)
    return stores.users.get(user_id)


def list_page(
    *, limit: int, cursor: Mapping[str, object] | None, caller: Caller, stores: Stores
) -> Listing[User]:
    """Return part of the users, oldest first."""
    require(caller, Right.READ_USERS)
    return stores.users.list_page(limit=limit, cursor=cursor)


def create(
    changes: UserChanges, *, caller: Caller, stores: Stores, mint: Mint, now: datetime
) -> User:
    """Make a user; the address counts as theirs in mail only once they have confirmed it."""
    require(caller, Right.MANAGE_USERS)
    blank = User(
        id=UserId(mint.new_id(now)),
        name="",
        email="",
        role=Role.SALESPERSON,
        time_zone=settings_in(stores.tenant.get()).time_zone,
        created_at=now,
        updated_at=now,
    )
    return stores.users.save(_changed(blank, changes, now))


def change(
    user_id: UserId,
    *,
    changes: UserChanges,
    read_version: int | None,
    reassign_to: UserId | None = None,
    caller: Caller,
    bench: Bench,
) -> User:
    """Change a user. Users change their own name, place and signature; the rest is for admins.

    Who is made inactive lets go of their enrollments, or hands them on (`departing`).
    """
    is_own = user_id == caller.user_id and changes.given().keys() <= _OWN_FIELDS

    def decide() -> User:
        user = bench.stores.users.get(user_id)
        if not is_own:
            require(caller, Right.MANAGE_USERS)
        if read_version is not None and read_version != user.version:
            raise StaleWriteError(kind="user", id=user_id)
        if user_id == caller.user_id:
            _insist_on_staying_in(user, changes)
        changed = _changed(user, changes, bench.now())
        is_leaving = user.is_active and not changed.is_active
        if reassign_to is not None:
            _check_heir(user, reassign_to, is_leaving=is_leaving, bench=bench)
        if changed == replace(user, updated_at=changed.updated_at):
            return user
        if is_leaving:
            return _departed(changed, reassign_to, caller, bench)
        return bench.stores.users.save(changed)

    return decided_for(read_version, decide)


def _departed(user: User, heir_id: UserId | None, caller: Caller, bench: Bench) -> User:
    """Save who leaves, with the job that takes their work from them."""
    with Transaction() as tx:
        saved = bench.stores.users.put(tx, user)
        job = departing.intend(tx, user.id, heir_id, asked_by=caller.user_id, bench=bench)
    asking.hand_on(job.id, bench=bench)
    return saved


def _check_heir(user: User, heir_id: UserId, *, is_leaving: bool, bench: Bench) -> None:
    """Insist that somebody else can go on with a leaving user's work; raises RuleError."""
    if not is_leaving:
        message = "Give it together with `is_active: false`, for a user who is active."
        raise RuleError(Problem(path="$.reassign_to", code="wrong_value", message=message))
    heir = bench.stores.users.find(heir_id)
    if heir is None or not heir.is_active or heir.id == user.id:
        message = "There is no other active user with this id."
        raise RuleError(Problem(path="$.reassign_to", code="not_found", message=message))


def _insist_on_staying_in(user: User, changes: UserChanges) -> None:
    """Nobody takes their own role away: the last admin would lock everybody out."""
    given = changes.given()
    lost = [
        name
        for name in _KEEPS_ADMIN_IN
        if given.get(name, getattr(user, name)) is not getattr(user, name)
    ]
    if lost:
        message = "Ask another admin to change this about you."
        raise RuleError(
            *(Problem(path=f"$.{name}", code="own_rights", message=message) for name in lost)
        )


def _changed(user: User, changes: UserChanges, now: datetime) -> User:
    problems = list(_problems(changes))
    if problems:
        raise RuleError(*problems)
    given = changes.given()
    if changes.email is not UNSET:
        email = normalized(changes.email)
        given["email"] = email
        # The old address is no longer theirs; the new one will be when they confirm it.
        given["confirmed_addresses"] = tuple(
            each for each in user.confirmed_addresses if each != user.email or each == email
        )
    return replace(user, **given, updated_at=now)  # type: ignore[arg-type]  # names of User


def _problems(changes: UserChanges) -> Iterator[Problem]:
    if changes.name is not UNSET:
        yield from fields.check_line("$.name", changes.name)
    if changes.email is not UNSET:
        yield from fields.check_address("$.email", changes.email)
    if isinstance(changes.business_unit, str):
        yield from fields.check_line("$.business_unit", changes.business_unit)
    if changes.time_zone is not UNSET:
        yield from fields.check_time_zone("$.time_zone", changes.time_zone)
    if isinstance(changes.country, str):
        yield from fields.check_country("$.country", changes.country)
    if changes.working_hours is not UNSET and changes.working_hours is not None:
        yield from check_working_hours("$.working_hours", changes.working_hours)
    if changes.time_off is not UNSET:
        yield from check_time_off("$.time_off", changes.time_off)
    if changes.signature is not UNSET:
        yield from fields.check_text("$.signature", changes.signature)
