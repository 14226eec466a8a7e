"""The grammar of a Reply-To token address: which tenant's which enrollment a reply answers.

The envelope alone then names the enrollment, whatever headers the answering client drops. Mail
systems fold case, so the token is lower case and is read in any case; the code behind it keeps
strangers from naming an enrollment of their choice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from chalicelib.domain.ids import EnrollmentId, TenantId
from chalicelib.domain.mail.macs import MacKeys, code, is_code

_PURPOSE: Final = "reply"
_CODE_CHARACTERS: Final = 16
_BOUND: Final = 64 * 1024
_MOST: Final = 5
# It begins with plain letters, so that a long mail is searched fast.
_ANYWHERE: Final = re.compile(rb"r-(?<![a-z0-9-]r-)[a-z0-9]{53}(?=@)")
_SHAPE: Final = re.compile(r"r-([a-z0-9])([a-z2-7]{10})([a-z2-7]{26})([a-z2-7]{16})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToken:
    """What a Reply-To token names."""

    tenant_id: TenantId
    enrollment_id: EnrollmentId


def format_reply_address(
    tenant_id: TenantId, enrollment_id: EnrollmentId, *, keys: MacKeys, domain: str
) -> str:
    """Return the address that brings answers back to this enrollment; the newest key signs."""
    key_id, key = keys[0]
    body = f"{key_id}{tenant_id}{enrollment_id}"
    signed = code(key, purpose=_PURPOSE, text=body, characters=_CODE_CHARACTERS)
    return f"r-{body}{signed}@{domain}"


def parse_reply_address(local_part: str, *, keys: MacKeys) -> ReplyToken | None:
    """Read the part before the `@`; None unless one of our keys made it."""
    shape = _SHAPE.fullmatch(local_part.lower())
    if shape is None:
        return None
    key_id, tenant_id, enrollment_id, claimed = shape.groups()
    body = f"{key_id}{tenant_id}{enrollment_id}"
    if not is_code(claimed, keys, key_id=key_id, purpose=_PURPOSE, text=body):
        return None
    return ReplyToken(tenant_id=TenantId(tenant_id), enrollment_id=EnrollmentId(enrollment_id))


def quoted_tokens(*texts: bytes) -> tuple[str, ...]:
    """Return what looks like our tokens near the beginning of each text, once, unproven.

    Most bounces that are no proper report still quote the mail they return, and so our address.
    """
    found = (
        each.decode("ascii")
        for text in texts
        for each in _ANYWHERE.findall(_without_soft_ends(text[:_BOUND].lower()))
    )
    return tuple(islice(dict.fromkeys(found), _MOST))


def _without_soft_ends(text: bytes) -> bytes:
    """Join the lines that quoted-printable text breaks, maybe in the midst of a token."""
    return text.replace(b"=\r\n", b"").replace(b"=\n", b"")


def proven_tokens(quoted: Iterable[str], *, keys: MacKeys) -> tuple[ReplyToken, ...]:
    """Return those of the quoted tokens that one of our keys made."""
    tokens = (parse_reply_address(each, keys=keys) for each in quoted)
    return tuple(token for token in tokens if token is not None)
