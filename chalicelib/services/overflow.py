"""Mail that is too much: too large, too many at once, a loop. It is kept, and its owner told."""

from typing import Final

from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import DomainError, TooLargeError
from chalicelib.domain.mail.floods import (
    PER_ADDRESS,
    PER_CORRESPONDENT,
    PER_TENANT,
    FloodError,
    LoopError,
)
from chalicelib.gateways.outside import Outside
from chalicelib.services import notices
from chalicelib.services.mailroom import Case
from chalicelib.storage.raw_mail import MOST_BYTES

_TOO_LARGE: Final = """\
A mail that was sent to one of your addresses here was too large to be filed.

It came on {at:%Y-%m-%d} at {at:%H:%M} UTC from {sender}. A mail with all its files may have at most
{megabytes} MB. It was kept, but nobody can read it here: ask for it with smaller files, or send it
again without them.
"""
_TOO_MANY: Final = """\
So many mails came to one of your addresses here that the last ones were not filed.

They are kept. An admin finds them among the mail that was kept apart (GET /v1/intake), with the
reason "{reason}", and can release them.
"""


def insist_on_calm(case: Case, address: str, *, outside: Outside) -> None:
    """Raise FloodError if more comes to an address, or to its tenant, than people write."""
    if case.is_vouched:
        return
    guards, now = case.stores.mail_guards, outside.clock.now()
    is_flood = guards.is_beyond(PER_ADDRESS, f"address {address}", now)
    if guards.is_beyond(PER_TENANT, "tenant", now) or is_flood:
        raise FloodError


def insist_on_conversation(case: Case, *, outside: Outside) -> None:
    """Raise LoopError if one correspondent answers faster than people do."""
    if case.is_vouched or not case.message.from_:
        return
    scope = f"correspondent {case.message.from_[0].address}"
    if case.stores.mail_guards.is_beyond(PER_CORRESPONDENT, scope, outside.clock.now()):
        raise LoopError


def tell(case: Case, refusal: DomainError, owner: User | None, *, outside: Outside) -> None:
    """Tell whose address it is: of every mail that was too large, of a flood once a day."""
    if owner is None or not owner.is_active:
        return
    receipt = case.receipt
    if isinstance(refusal, TooLargeError):
        text = _TOO_LARGE.format(
            at=receipt.received_at,
            sender=receipt.envelope_sender or "an unknown sender",
            megabytes=MOST_BYTES // 1024 // 1024,
        )
        name, subject = f"too large {case.delivery_id}", "A mail was too large to be filed"
    elif isinstance(refusal, FloodError | LoopError):
        text = _TOO_MANY.format(reason=refusal.code)
        name = f"{refusal.code} {owner.id} {receipt.received_at:%Y-%m-%d}"
        subject = "Too many mails at once: some wait to be released"
    else:
        return
    notices.send_once(
        name, to=owner.email, subject=subject, text=text, stores=case.stores, outside=outside
    )
