"""Whom a bounce names, by the report that RFC 3464 defines for it."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.crm.addresses import normalized
from chalicelib.domain.mail.budget import BUDGET
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.headers import Headers, split_headers
from chalicelib.domain.mail.message import FailedRecipient
from chalicelib.domain.mail.parts import Part

REPORTS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_BAD_NEWS: Final = frozenset({"failed", "delayed"})
_MOST: Final = 100


def read_failures(root: Part) -> tuple[FailedRecipient, ...]:
    """Return every recipient that failed or is late; `X-Failed-Recipients` counts as soft."""
    failed = {each.address: each for each in _named_in_header(root)}
    for part in root.walk():
        if part.content_type in REPORTS:
            failed |= {each.address: each for each in _named_in(part.content)}
    return tuple(failed.values())[:_MOST]


def _named_in_header(root: Part) -> Iterator[FailedRecipient]:
    for word in root.headers.first("x-failed-recipients").replace(",", " ").split():
        if "@" in word:
            yield FailedRecipient(address=normalized(word.strip("<>")))


def _named_in(report: bytes) -> Iterator[FailedRecipient]:
    """Read group after group; the first is about the mail, each other about one recipient."""
    rest = report.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for group in rest.split(b"\n\n", _MOST)[: _MOST + 1]:
        fields, _ = split_headers(group.strip() + b"\n\n", budget=BUDGET, defects=Defects())
        address = _address(fields)
        action = fields.first("action").strip().lower()
        status = fields.first("status").strip().partition(" ")[0]
        if address and action in _BAD_NEWS:
            is_hard = action == "failed" and _is_permanent(status, fields)
            yield FailedRecipient(address=address, status=status, is_hard=is_hard)


def _address(fields: Headers) -> str:
    for name in ("final-recipient", "x-actual-recipient", "original-recipient"):
        address = normalized(fields.first(name).rpartition(";")[2].strip().strip("<>"))
        if "@" in address:
            return address
    return ""


def _is_permanent(status: str, fields: Headers) -> bool:
    """Class 5 is for ever (RFC 3463); without a status, the remote server's own code tells."""
    if status:
        return status.startswith("5")
    return fields.first("diagnostic-code").rpartition(";")[2].strip().startswith("5")
