"""Which message it is: named by what it says, for a Message-ID alone is no name.

Five different mails under one Message-ID are real, and so is one mail that comes twice with other
Received lines. So the name is the Message-ID together with a digest of the headers that people
wrote and of the body; what was added on the way does not count.
"""

from hashlib import sha256
from typing import Final

from chalicelib.domain.ids import MessageKey, WireId
from chalicelib.domain.mail.budget import BUDGET
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.headers import split_headers
from chalicelib.domain.mail.macs import base32

_COUNTED: Final = ("from", "to", "cc", "subject", "date", "in-reply-to", "references")
_KEY_CHARACTERS: Final = 26


def content_digest(raw: bytes) -> bytes:
    """Return the digest of what the mail says; equal for every copy of it."""
    headers, body = split_headers(raw.lstrip(), budget=BUDGET, defects=Defects())
    digest = sha256()
    for name in _COUNTED:
        for value in headers.octets(name):
            digest.update(name.encode() + b":" + b" ".join(value.split()) + b"\n")
    digest.update(b"\n" + body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n"))
    return digest.digest()


def message_key(message_id: WireId | None, digest: bytes) -> MessageKey:
    """Name a message within its tenant; without an id, the digest alone is its name."""
    named = sha256((message_id or "").encode() + b"\x00" + digest).digest()
    return MessageKey(base32(named[:17], _KEY_CHARACTERS))
