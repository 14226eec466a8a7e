"""What was sent: from the sending door's folder into the outbox, and SES's events to their topic.

A mail is on disk before SES said yes; it leaves the folder after its events are out, so that a
crash in between publishes them twice and never not at all, as SES may.
"""

import base64
import json
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final, Protocol

from infra.local.files import write
from infra.local.mime_fields import join, shown, split, value, without
from infra.local.resources import Aws
from infra.local.ses_events import SentMail, events_of, out_of_office
from infra.local.settings import CONFIGURATION_SET, EVENTS_TOPIC, REGION, topic_arn

log = logging.getLogger("sekvens.local")

REPLACED: Final = ("message-id", "date", "bcc", "feedback-id")


class TakesMail(Protocol):
    """The intake, for what the simulator answers."""

    def take(self, *, sender: str, recipients: list[str], raw: bytes) -> str:
        """Keep and announce a mail."""
        ...


class Outbox:
    """All mails sent, oldest first, in memory and on disk."""

    def __init__(self, folder: Path) -> None:
        """Read what earlier runs sent."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._entries = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]

    def add(self, name: str, entry: dict[str, Any]) -> None:
        """Keep an entry; the same one twice is one."""
        write(self._folder / name, json.dumps(entry))
        with self._lock:
            if all(each["id"] != entry["id"] for each in reversed(self._entries)):
                self._entries.append(entry)

    def since(self, entry_id: str | None) -> list[dict[str, Any]]:
        """Return the entries after `entry_id`; all, if there is none of that id."""
        with self._lock:
            ids = [each["id"] for each in self._entries]
            start = ids.index(entry_id) + 1 if entry_id in ids else 0
            return self._entries[start:]


class SendingJob:
    """Moves mail from the sending door to the outbox, and tells of it."""

    name = "outbox"

    def __init__(
        self,
        folder: Path,
        *,
        outbox: Outbox,
        aws: Aws,
        intake: TakesMail,
        lead: Callable[[], timedelta],
        on_event: Callable[[], None],
    ) -> None:
        """Watch `folder`; `on_event` hears that events were published."""
        self._folder = folder
        self._outbox = outbox
        self._aws = aws
        self._intake = intake
        self._lead = lead
        self._on_event = on_event

    def work(self) -> bool:
        """Take the oldest mail that waits."""
        path = min(self._folder.glob("*.json"), default=None)
        if path is None:
            return False
        try:
            kept = json.loads(path.read_text())
            mail, raw = as_sent(kept, at=datetime.fromtimestamp(kept["at"], UTC) + self._lead())
            entry, events, replies = entry_of(mail, raw), events_of(mail), out_of_office(mail)
        except Exception:
            # A mail that we cannot tell of must not keep the others waiting.
            log.exception("put aside as %s.broken", path)
            path.rename(path.with_suffix(".broken"))
            return True
        self._outbox.add(path.name, entry)
        for event in events:
            self._publish(event)
        for sender, recipient, reply in replies:
            self._intake.take(sender=sender, recipients=[recipient], raw=reply)
        path.unlink()
        return True

    def wait_s(self) -> float | None:
        """Return None: nothing is ever tried again."""
        return None

    def _publish(self, event: dict[str, Any]) -> None:
        self._aws.sns.publish(
            TopicArn=topic_arn(EVENTS_TOPIC),
            Subject="Amazon SES Email Event Notification",
            Message=json.dumps(event),
        )
        self._on_event()


def as_sent(kept: dict[str, Any], *, at: datetime) -> tuple[SentMail, bytes]:
    """Return the mail as SES lets it go: with its own Message-ID and Date."""
    fields, body = split(base64.b64decode(kept["raw"]))
    own = (
        f"Message-ID: <{kept['ses_id']}@{REGION}.amazonses.com>",
        f"Date: {format_datetime(at)}",
        f"Feedback-ID: ::1.{REGION}.local:AmazonSES",
        f"X-SES-Outgoing: {at:%Y.%m.%d}-127.0.0.1",
    )
    is_told = kept["configuration_set"] == CONFIGURATION_SET
    fields = [*without(fields, REPLACED, prefix="x-ses-"), *(line.encode() for line in own)]
    mail = SentMail(
        ses_id=kept["ses_id"],
        sender=kept["sender"],
        recipients=tuple(kept["recipients"]),
        tags=kept["tags"],
        # Of our own notices nobody is told, here as there.
        configuration_set=CONFIGURATION_SET if is_told else None,
        fields=tuple(shown(fields)),
        at=at,
    )
    return mail, join(fields, body)


def entry_of(mail: SentMail, raw: bytes) -> dict[str, Any]:
    """Return the mail as the outbox shows it (`spec/api.md`, last section)."""
    message = message_from_bytes(raw, policy=policy.default)
    return {
        "id": mail.ses_id,
        "wire_id": mail.wire_id,
        "from": _decoded(value(mail.fields, "from")),
        "to": _decoded(value(mail.fields, "to")) or ", ".join(mail.recipients),
        "reply_to": _decoded(value(mail.fields, "reply-to")) or None,
        "subject": _decoded(value(mail.fields, "subject")),
        "headers": [list(field) for field in mail.fields],
        "text": _content(message.get_body(("plain",))),
        "html": _content(message.get_body(("html",))),
        "tags": dict(mail.tags),
        "at": mail.at.isoformat().replace("+00:00", "Z"),
    }


def _content(part: Any) -> str | None:  # noqa: ANN401 - a part of any kind, or none
    return None if part is None else str(part.get_content()).replace("\r\n", "\n")


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError):
        return text
