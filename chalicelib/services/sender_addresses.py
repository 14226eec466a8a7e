"""Alternative addresses that users write from: theirs once the link mailed there was followed.

A confirmed address proves whose mail to a Smart Bcc address is. It never lets anybody send from it.
Asking answers the same whether the address is known, somebody else's or nobody's.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.crm import fields
from chalicelib.domain.crm.addresses import domain_of, normalized
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import (
    MissingError,
    Problem,
    RuleError,
    ThrottledError,
)
from chalicelib.domain.ids import UserId
from chalicelib.domain.mail.floods import Allowance
from chalicelib.domain.mail.public_tokens import (
    NONCE_CHARACTERS,
    ConfirmToken,
    format_confirm,
)
from chalicelib.gateways.outside import Outside
from chalicelib.services import notices
from chalicelib.services.anew import decided_anew
from chalicelib.storage.sender_addresses import AskedAddress
from chalicelib.storage.spelling import digest
from chalicelib.storage.stores import Stores
from chalicelib.storage.users import AddressTakenError

_GOOD_FOR: Final = timedelta(hours=48)
_PER_USER: Final = Allowance(10, timedelta(hours=1))
_PER_ADDRESS: Final = Allowance(3, timedelta(days=1))
_SUBJECT: Final = "Is this your address?"
_TEXT: Final = """\
{name} says that {address} is an address of theirs. Mail from it to their Smart Bcc address would
then be filed as their own.

If that is you, confirm it here within 48 hours:

{url}

If it is not, do nothing.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderAddress:
    """An address of a user's mail; `id` names it among theirs."""

    id: str
    address: str
    is_confirmed: bool


def ask(
    address: str, *, caller: Caller, stores: Stores, outside: Outside, now: datetime
) -> SenderAddress:
    """Mail a link to an address, unless that helps nobody; the answer is the same."""
    problems = list(fields.check_address("$.address", address))
    known = normalized(address)
    if not problems and domain_of(known) == outside.inbound_domain.lower():
        message = "Give an address that you write from, not one of ours."
        problems = [Problem(path="$.address", code="wrong_value", message=message)]
    if problems:
        raise RuleError(*problems)
    guards = stores.mail_guards
    if guards.is_beyond(_PER_USER, f"asked by {caller.user_id}", now):
        raise ThrottledError(retry_after=int(_PER_USER.within.total_seconds()))
    user = stores.users.get(caller.user_id)
    is_others = _is_others(known, user.id, stores)
    is_wearied = guards.is_beyond(_PER_ADDRESS, f"asked at {known}", now)
    if known not in user.confirmed_addresses and not is_others and not is_wearied:
        _send_link(user.id, user.name, known, stores=stores, outside=outside, now=now)
    return SenderAddress(id=digest(known), address=known, is_confirmed=False)


def _is_others(address: str, user_id: UserId, stores: Stores) -> bool:
    other = stores.users.find_by_address(address)
    return other is not None and other.id != user_id


def _send_link(
    user_id: UserId, name: str, address: str, *, stores: Stores, outside: Outside, now: datetime
) -> None:
    nonce = outside.mint.secret(NONCE_CHARACTERS)
    stores.sender_addresses.put(
        AskedAddress(user_id=user_id, address=address, nonce=nonce, until=now + _GOOD_FOR)
    )
    token = format_confirm(stores.tenant_id, nonce, keys=outside.mac_keys)
    text = _TEXT.format(name=name, address=address, url=f"{outside.public_url}/u/{token}")
    notices.send_once(
        f"confirm {nonce}", to=address, subject=_SUBJECT, text=text, stores=stores, outside=outside
    )


def list_own(*, caller: Caller, stores: Stores, now: datetime) -> list[SenderAddress]:
    """Return the caller's addresses, confirmed ones first."""
    confirmed = stores.users.get(caller.user_id).confirmed_addresses
    waiting = [
        each.address
        for each in stores.sender_addresses.list_of(caller.user_id)
        if now < each.until and each.address not in confirmed
    ]
    return [
        SenderAddress(id=digest(each), address=each, is_confirmed=each in confirmed)
        for each in (*confirmed, *waiting)
    ]


def remove(address_id: str, *, caller: Caller, stores: Stores, now: datetime) -> None:
    """Take an address away, confirmed or not; raises MissingError."""
    for each in stores.sender_addresses.list_of(caller.user_id):
        if digest(each.address) == address_id:
            stores.sender_addresses.forget(each)
            break
    else:
        confirmed = stores.users.get(caller.user_id).confirmed_addresses
        if address_id not in {digest(each) for each in confirmed}:
            raise MissingError(kind="sender address", id=address_id)

    def take_away() -> None:
        user = stores.users.get(caller.user_id)
        left = tuple(each for each in user.confirmed_addresses if digest(each) != address_id)
        if left != user.confirmed_addresses:
            stores.users.save(replace(user, confirmed_addresses=left, updated_at=now))

    decided_anew(take_away)


def find(token: ConfirmToken, *, stores: Stores, now: datetime) -> AskedAddress | None:
    """Return what a link would confirm; None if it was used, replaced or is too old."""
    asked = stores.sender_addresses.find(token.nonce)
    return asked if asked is not None and now < asked.until else None


def confirm(token: ConfirmToken, *, stores: Stores, now: datetime) -> AskedAddress | None:
    """Count the address as its user's from now on; the link is good once."""
    asked = find(token, stores=stores, now=now)
    if asked is None:
        return None

    def add() -> None:
        user = stores.users.get(asked.user_id)
        confirmed = (*user.confirmed_addresses, asked.address)
        after = replace(user, confirmed_addresses=tuple(dict.fromkeys(confirmed)), updated_at=now)
        stores.users.save(after)

    try:
        decided_anew(add)
    except AddressTakenError:
        return None
    stores.sender_addresses.forget(asked)
    return asked
