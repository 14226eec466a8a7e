"""A whole stack in a process of its own: for the demo, for tests, and for whoever drives one."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Final, Self

from infra.local.settings import HOST, PROJECT, read_environment

START_S: Final = 60.0
STOP_S: Final = 60.0
CLOCK_S: Final = 300.0


# Without a proxy, whatever the environment says: the stack is here.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class StackFailedError(Exception):
    """The stack did not start, or not as it should; the message is what it printed."""


class Stack:
    """One running stack; a context manager."""

    def __init__(self, data: Path, *, app: Path = PROJECT, save_every_s: float = 10.0) -> None:
        """Describe a stack on `data` with free ports of its own; `start` starts it."""
        self.data = data
        self.port, self.smtp_port, self.aws_port = free_ports(3)
        self._options = ("--app", str(app), "--save-every", str(save_every_s))
        self._process: subprocess.Popen[str] | None = None
        self.printed: list[str] = []

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, whatever happened."""
        self.stop()

    @property
    def base_url(self) -> str:
        """Where its API is."""
        return f"http://{HOST}:{self.port}"

    @property
    def aws_url(self) -> str:
        """Where its AWS is."""
        return f"http://{HOST}:{self.aws_port}"

    @property
    def credentials(self) -> dict[str, Any]:
        """What its users need."""
        found: dict[str, Any] = json.loads((self.data / "credentials.json").read_text())
        return found

    @property
    def pid(self) -> int:
        """Its process; the emulator is a child of it."""
        return self._running().pid

    def start(self) -> None:
        """Start and wait until it is ready; raises `StackFailedError`."""
        self._process = subprocess.Popen(
            (sys.executable, "-m", "infra.local", *self._ports(), *self._options),
            cwd=PROJECT,
            env=read_environment() | {"PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.printed = []
        reader = Thread(target=self._read, args=(self._process,), daemon=True)
        reader.start()
        deadline = time.monotonic() + START_S
        while not any(line.startswith("Ready") for line in self.printed):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                reader.join()
                raise StackFailedError("\n".join(self.printed))
            time.sleep(0.02)

    def stop(self) -> int:
        """Stop as Ctrl-C does; return the exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(STOP_S)
        finally:
            self.kill()

    def kill(self) -> None:
        """End its process at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def advance(self, duration: str) -> str:
        """Move the clock, and return what it then says."""
        return self._moved({"advance": duration})

    def advance_to(self, instant: str) -> str:
        """Move the clock to an instant."""
        return self._moved({"to": instant})

    def outbox(self) -> list[dict[str, Any]]:
        """Return what it sent, oldest first."""
        _, answer = self.ask("GET", "/_local/outbox")
        mails: list[dict[str, Any]] = answer["data"]
        return mails

    def ask(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: object | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> tuple[int, Any]:
        """Return status and JSON of an answer, refusals too."""
        request = urllib.request.Request(  # noqa: S310 - our own address
            self.base_url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                **({"Authorization": f"Bearer {token}"} if token else {}),
                **(headers or {}),
            },
        )
        try:
            with _direct.open(request, timeout=timeout_s) as answer:
                return answer.status, _json(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, _json(refusal.read())

    def _moved(self, asked: Mapping[str, str]) -> str:
        status, answer = self.ask("POST", "/_local/clock", body=asked, timeout_s=CLOCK_S)
        if status != 200:  # noqa: PLR2004
            raise StackFailedError(f"the clock refuses {dict(asked)}: {answer}")
        return str(answer["now"])

    def _ports(self) -> tuple[str, ...]:
        return (
            *("--port", str(self.port), "--smtp-port", str(self.smtp_port)),
            *("--aws-port", str(self.aws_port), "--data", str(self.data)),
        )

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None:
            raise StackFailedError("the stack does not run")
        return self._process

    def _read(self, process: "subprocess.Popen[str]") -> None:
        if process.stdout is not None:
            with process.stdout:
                self.printed.extend(line.rstrip("\n") for line in process.stdout)


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, all different."""
    listeners = [socket.socket() for _ in range(count)]
    try:
        for listener in listeners:
            listener.bind((HOST, 0))
        return [listener.getsockname()[1] for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()


def _json(raw: bytes) -> Any:  # noqa: ANN401 - JSON is what it is
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw.decode("utf-8", "replace")
