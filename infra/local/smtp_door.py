"""Takes mail as SES does: bytes to S3, then the notification to SNS, then a yes to the sender."""

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.local.receipts import (
    Arrival,
    judge,
    new_receipt_id,
    notification,
    stamped,
)
from infra.local.resources import Aws
from infra.local.settings import BUCKET, INBOUND_TOPIC, topic_arn

MOST_BYTES: Final = 40 * 1024 * 1024
MOST_LINE: Final = 1024 * 1024
"""SES takes longer lines than the 998 bytes of RFC 5322, and so does real mail."""

log = logging.getLogger("sekvens.local")


class Intake:
    """What SES's receipt rule does with a mail."""

    def __init__(
        self, aws: Aws, *, now: Callable[[], datetime], on_mail: Callable[[], None]
    ) -> None:
        """Write to the emulator; `on_mail` hears of each notification."""
        self._aws = aws
        self._now = now
        self._on_mail = on_mail

    def take(self, *, sender: str, recipients: list[str], raw: bytes) -> str:
        """Keep the mail and announce it; return the id SES gave it."""
        arrival = Arrival(
            ses_id=new_receipt_id(),
            sender=sender,
            recipients=tuple(recipients),
            at=self._now(),
            raw=raw,
        )
        verdicts = judge(sender, raw)
        mail = stamped(arrival, verdicts)
        self._aws.s3.put_object(Bucket=BUCKET, Key=arrival.key, Body=mail)
        self._aws.sns.publish(
            TopicArn=topic_arn(INBOUND_TOPIC),
            Subject="Amazon SES Email Receipt Notification",
            Message=json.dumps(notification(arrival, verdicts, mail)),
        )
        self._on_mail()
        return arrival.ses_id


class SmtpDoor:
    """Serves SMTP on a socket, in a thread of its own."""

    def __init__(self, listener: socket.socket, intake: Intake) -> None:
        """Begin to serve."""
        self._listener = listener
        self._intake = intake
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="smtp", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more; whoever has not had a yes must send again."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    # aiosmtpd calls the handler's methods by these names.
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002
        """Take one mail."""
        content = envelope.content
        raw = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
        try:
            ses_id = await asyncio.to_thread(
                self._intake.take,
                sender=envelope.mail_from or "",
                recipients=[str(each) for each in envelope.rcpt_tos],
                raw=raw or b"",
            )
        except Exception:
            log.exception("a mail could not be kept; its sender was told to try again")
            return "451 Not kept, try again later"
        return f"250 OK {ses_id}"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(self._connection, sock=self._listener)
        )
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    def _connection(self) -> SMTP:
        return _Smtp(
            self,
            hostname="inbound-smtp.local",
            ident="Sekvens",
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            loop=self._loop,
        )


class _Smtp(SMTP):
    line_length_limit = MOST_LINE
