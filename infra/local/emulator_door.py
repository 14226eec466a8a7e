"""Stands before ministack: sends mail itself, takes delays away, tells what changed."""

import json
import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, Final

# ASGI's own shapes: its messages are open dicts.
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Answer = tuple[int, dict[str, str]]

SEND_PATH: Final = "/v2/email/outbound-emails"
QUEUE_WRITES: Final = (b"AmazonSQS.SendMessage", b"AmazonSQS.SendMessageBatch")
TABLE_WRITES: Final = tuple(
    f"DynamoDB_20120810.{name}".encode()
    for name in ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
)
READS: Final = (b".Query", b".GetItem", b".BatchGetItem", b".GetRecords", b".GetQueueAttributes")


class Door:
    """An ASGI application around ministack's."""

    def __init__(
        self,
        app: App,
        *,
        send_mail: Callable[[bytes], Answer],
        on_ready: Callable[[], None],
    ) -> None:
        """Stand before `app`; `on_ready` is called once it has loaded its state."""
        self._app = app
        self._send_mail = send_mail
        self._on_ready = on_ready
        self.changes = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request, or watch the start."""
        if scope["type"] != "http":
            await self._app(scope, receive, self._seeing_start(send))
            return
        target = dict(scope["headers"]).get(b"x-amz-target", b"")
        if scope["path"] == SEND_PATH and scope["method"] == "POST":
            status, body = self._send_mail(await _body(receive))
            tell("mail")
            await _answer(send, status, body)
        elif target in QUEUE_WRITES:
            sent = without_delays(json.loads(await _body(receive)))
            await self._app(scope, _replay(json.dumps(sent).encode()), send)
            tell(f"queue {str(sent.get('QueueUrl', '')).rpartition('/')[2]}")
        else:
            await self._app(scope, receive, send)
            if target in TABLE_WRITES:
                tell("table")
        self.changes += scope["method"] != "GET" and not target.endswith(READS)

    def _seeing_start(self, send: Send) -> Send:
        async def seen(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                self._on_ready()
            await send(message)

        return seen


def tell(line: str) -> None:
    """Write one line to the parent; that it is gone is noticed elsewhere."""
    with suppress(OSError):
        os.write(sys.stdout.fileno(), f"{line}\n".encode())


def without_delays(sent: dict[str, Any]) -> dict[str, Any]:
    """Deliver at once: the virtual clock does not move while a message waits in a queue."""
    entries = [{**each, "DelaySeconds": 0} for each in sent.get("Entries", ())]
    at_once = {**sent, "DelaySeconds": 0} if "DelaySeconds" in sent else sent
    return {**at_once, "Entries": entries} if entries else at_once


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _answer(send: Send, status: int, answer: dict[str, str]) -> None:
    body = json.dumps(answer).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    if "name" in answer:
        headers.append((b"x-amzn-errortype", answer["name"].encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
