"""Tokens of the public pages: whoever holds one may do one thing, without an account.

They stand in mails, so scanners and forwards carry them about: each names its purpose and its
tenant, and bears a code that only we can make. What else it needs lies in the table.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.ids import EnrollmentId, TenantId
from chalicelib.domain.mail.macs import MacKeys, code, is_code

NONCE_CHARACTERS: Final = 26
"""A hundred and thirty bits: a confirmation is found by it."""
_CODE_CHARACTERS: Final = 16
_LONGEST: Final = 640
_SHAPE: Final = re.compile(
    r"([cu])([a-z0-9])([a-z2-7]{10})([a-z0-9]{26})([a-z2-7]*)-([a-z2-7]{16})"
)
_CONFIRM: Final = "c"
_UNSUBSCRIBE: Final = "u"
_PURPOSES: Final = {_CONFIRM: "confirm-sender", _UNSUBSCRIBE: "unsubscribe"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmToken:
    """Confirms an address of a user; `nonce` finds which."""

    tenant_id: TenantId
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsubscribeToken:
    """Ends mail to an address, and the enrollment that sent it."""

    tenant_id: TenantId
    enrollment_id: EnrollmentId
    address: str


def format_confirm(tenant_id: TenantId, nonce: str, *, keys: MacKeys) -> str:
    """Return the token for a confirmation mail."""
    return _signed(_CONFIRM, f"{tenant_id}{nonce}", keys)


def format_unsubscribe(
    tenant_id: TenantId, enrollment_id: EnrollmentId, address: str, *, keys: MacKeys
) -> str:
    """Return the token for one mail to one address, which it carries in letters of base 32."""
    spelled = base64.b32encode(address.encode()).decode().rstrip("=").lower()
    return _signed(_UNSUBSCRIBE, f"{tenant_id}{enrollment_id}{spelled}", keys)


def parse_public_token(token: str, *, keys: MacKeys) -> ConfirmToken | UnsubscribeToken | None:
    """Read a token; None unless one of our keys made it for this purpose."""
    shape = _SHAPE.fullmatch(token.lower()) if len(token) <= _LONGEST else None
    if shape is None:
        return None
    purpose, key_id, tenant_id, named, rest, claimed = shape.groups()
    body = f"{purpose}{key_id}{tenant_id}{named}{rest}"
    if not is_code(claimed, keys, key_id=key_id, purpose=_PURPOSES[purpose], text=body):
        return None
    if purpose == _CONFIRM:
        return ConfirmToken(tenant_id=TenantId(tenant_id), nonce=named)
    return UnsubscribeToken(
        tenant_id=TenantId(tenant_id), enrollment_id=EnrollmentId(named), address=_address(rest)
    )


def _signed(purpose: str, text: str, keys: MacKeys) -> str:
    key_id, key = keys[0]
    body = f"{purpose}{key_id}{text}"
    return f"{body}-{code(key, purpose=_PURPOSES[purpose], text=body, characters=_CODE_CHARACTERS)}"


def _address(spelled: str) -> str:
    padding = "=" * (-len(spelled) % 8)
    try:
        return base64.b32decode(f"{spelled.upper()}{padding}").decode()
    except (binascii.Error, UnicodeDecodeError):  # pragma: no cover - the code proves our spelling
        return ""
