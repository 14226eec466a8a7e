"""A program on this machine is told what happens in a running stack, signed, until it takes it."""

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from infra.local.stack import Stack
from tests.local.watching import until

pytestmark = pytest.mark.slow


class Program(HTTPServer):
    """Takes posts; answers the first one that it is down."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hook)
        self.heard: list[tuple[dict[str, str], bytes]] = []


class Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Program)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(
            ({name.lower(): self.headers[name] for name in self.headers}, body)
        )
        self.send_response(503 if len(self.server.heard) == 1 else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def a_program() -> Iterator[Program]:
    program = Program()
    thread = Thread(target=program.serve_forever, daemon=True)
    thread.start()
    try:
        yield program
    finally:
        program.shutdown()
        program.server_close()
        thread.join(5)


def test_a_program_hears_of_a_new_lead_at_the_second_try(tmp_path: Path) -> None:
    with a_program() as program, Stack(tmp_path / "data") as stack:
        token = stack.credentials["token"]
        url = f"http://127.0.0.1:{program.server_address[1]}/hook"
        wanted = {"url": url, "events": ["item.created"]}
        _, made = stack.ask("POST", "/v1/webhooks", token=token, body=wanted)
        _, lead = stack.ask("POST", "/v1/leads", token=token, body={"title": "Forty chairs"})
        until(lambda: len(program.heard) == 1)

        stack.advance("PT2M")

        path = f"/v1/webhooks/{made['data']['id']}/deliveries"
        [shown] = stack.ask("GET", path, token=token)[1]["data"]

    (first, _), (headers, body) = program.heard
    told = json.loads(body)
    assert (told["type"], told["data"]["item"]["id"]) == ("item.created", lead["data"]["id"])
    assert headers["sekvens-event-id"] == first["sekvens-event-id"] == told["id"] == shown["id"]
    assert signed_by(made["data"]["secret"], headers["sekvens-signature"], body)
    assert (shown["state"], shown["tries"], shown["status"]) == ("delivered", 2, 204)


def signed_by(secret: str, header: str, body: bytes) -> bool:
    """Verify as the receiver would, from the contract alone."""
    told: dict[str, Any] = dict(part.split("=") for part in header.split(","))
    ours = hmac.new(secret.encode(), f"{told['t']}.".encode() + body, "sha256").hexdigest()
    return hmac.compare_digest(ours, told["v1"])
