"""SES v2 `SendEmail` with raw content: what it refuses, and a mail on disk before it says yes.

ministack's own forgets headers, tags and configuration set, and hands out ids that no wire id can
be made of. Everything else of SES stays ministack's.
"""

import base64
import binascii
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path
from typing import Final

from infra.local.settings import REGION

MOST_BYTES: Final = 40 * 1024 * 1024
MOST_RECIPIENTS: Final = 50
SINGLE: Final = ("from", "to", "cc", "subject", "date", "message-id", "reply-to", "sender")


class RefusedError(Exception):
    """SES does not take the mail; nothing was kept."""

    def __init__(self, code: str, message: str) -> None:
        """Keep SES's error code and sentence."""
        super().__init__(code, message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingDoor:
    """Takes mails into a folder, one file each, named so that they sort by arrival."""

    folder: Path
    identities: Callable[[], Collection[str]]
    """The verified identities: domains and addresses."""
    configuration_sets: Callable[[], Collection[str]]

    def take(self, body: bytes) -> str:
        """Keep the mail and return its SES id; raises `RefusedError`."""
        mail = self._read(body)
        ses_id = new_ses_id(time.time())
        mail |= {"ses_id": ses_id, "at": time.time()}
        unfinished = self.folder / f"{ses_id}.new"
        unfinished.write_text(json.dumps(mail))
        unfinished.replace(self.folder / f"{time.time_ns():020d}-{ses_id}.json")
        return ses_id

    def _read(self, body: bytes) -> dict[str, object]:
        try:
            sent = json.loads(body)
            raw = base64.b64decode(sent["Content"]["Raw"]["Data"], validate=True)
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise RefusedError(
                "BadRequestException", "The local SES takes `Content.Raw.Data` only."
            ) from None
        self._check_mime(raw)
        recipients = _recipients(sent.get("Destination") or {}, raw)
        self._check_sender(str(sent.get("FromEmailAddress") or ""), raw)
        name = sent.get("ConfigurationSetName")
        if name and name not in self.configuration_sets():
            raise RefusedError("NotFoundException", f"Configuration set <{name}> does not exist.")
        return {
            "sender": parseaddr(sent.get("FromEmailAddress") or _header(raw, "from"))[1],
            "recipients": recipients,
            "configuration_set": name,
            "tags": {tag["Name"]: tag["Value"] for tag in sent.get("EmailTags") or ()},
            "raw": base64.b64encode(raw).decode(),
        }

    def _check_mime(self, raw: bytes) -> None:
        if len(raw) > MOST_BYTES:
            raise RefusedError(
                "MessageRejected", "Message length is more than 41943040 bytes long."
            )
        names = Counter(name.lower() for name in message_from_bytes(raw))
        if not names["from"]:
            raise RefusedError("BadRequestException", "Missing required header 'From'.")
        for name in SINGLE:
            if names[name] > 1:
                raise RefusedError("BadRequestException", f"Duplicate header '{name.title()}'.")

    def _check_sender(self, envelope: str, raw: bytes) -> None:
        verified = {identity.lower() for identity in self.identities()}
        for shown in filter(None, (envelope, _header(raw, "from"))):
            address = parseaddr(shown)[1].lower()
            if not verified & _identities_of(address):
                raise RefusedError(
                    "MessageRejected",
                    "Email address is not verified. The following identities failed the check "
                    f"in region {REGION.upper()}: {address}",
                )


def new_ses_id(now: float) -> str:
    """Return an id as SES makes them: time, chance and a counter, in hex."""
    chance = secrets.token_hex(16)
    parts = (chance[:8], chance[8:12], chance[12:16], chance[16:20], chance[20:])
    return f"0110{int(now * 1000):012x}-{'-'.join(parts)}-000000"


def _recipients(destination: dict[str, list[str]], raw: bytes) -> list[str]:
    given = [
        parseaddr(each)[1]
        for kind in ("ToAddresses", "CcAddresses", "BccAddresses")
        for each in destination.get(kind) or ()
    ]
    if not given:
        message = message_from_bytes(raw)
        shown = [
            *message.get_all("to", ()),
            *message.get_all("cc", ()),
            *message.get_all("bcc", ()),
        ]
        given = [parseaddr(each)[1] for line in shown for each in str(line).split(",")]
    if not given or len(given) > MOST_RECIPIENTS:
        raise RefusedError("BadRequestException", "Give 1 to 50 recipients.")
    for address in given:
        if not address.isascii() or "." not in address.rpartition("@")[2] or " " in address:
            raise RefusedError("BadRequestException", "Missing final '@domain'")
    return given


def _header(raw: bytes, name: str) -> str:
    return str(message_from_bytes(raw).get(name, ""))


def _identities_of(address: str) -> set[str]:
    """The address itself, its domain, and every domain above that."""
    labels = address.rpartition("@")[2].split(".")
    return {address} | {".".join(labels[at:]) for at in range(len(labels))}
