"""ministack from our side: started on a socket of ours, stopped by closing its pipe."""

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from typing import IO, Final

from infra.local.ports import CannotStartError, Ports
from infra.local.settings import HOST, PROJECT, REGION, LocalSettings, read_environment

OLDEST: Final = (1, 5, 33)
START_S: Final = 60.0
STOP_S: Final = 30.0
SAVE_S: Final = 30.0


class Emulator:
    """The running child; `on_change` hears its lines, `on_death` that it ended by itself."""

    def __init__(
        self,
        settings: LocalSettings,
        ports: Ports,
        *,
        on_change: Callable[[str], None],
        on_death: Callable[[], None],
    ) -> None:
        """Start it and wait until it has loaded its state; raises `CannotStartError`."""
        require_version(version("ministack"))
        self._on_change = on_change
        self._on_death = on_death
        self._ready, self._saved = threading.Event(), threading.Event()
        self._stopping = False
        self._log = (settings.data / "ministack.log").open("wb")
        self._process = _start(settings, ports, self._log)
        ports.aws.close()
        self._listener = threading.Thread(target=self._listen, name="emulator", daemon=True)
        self._listener.start()
        if not self._ready.wait(START_S) or self._process.poll() is not None:
            self.stop()
            raise CannotStartError(f"ministack does not start: see {self._log.name}.")

    def save(self) -> None:
        """Have everything on disk before this returns."""
        self._saved.clear()
        self._say(b"save\n")
        if not self._saved.wait(SAVE_S):
            raise TimeoutError("ministack does not save")

    def stop(self) -> None:
        """Let it save and end; insist if it does not."""
        self._stopping = True
        with suppress(OSError):
            _pipe(self._process.stdin).close()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        _pipe(self._process.stdout).close()
        self._log.close()

    def _listen(self) -> None:
        for line in _pipe(self._process.stdout):
            match line.decode().strip():
                case "ready":
                    self._ready.set()
                case "saved":
                    self._saved.set()
                case change:
                    self._on_change(change)
        self._ready.set()
        if not self._stopping:
            self._on_death()

    def _say(self, line: bytes) -> None:
        stdin = _pipe(self._process.stdin)
        stdin.write(line)
        stdin.flush()


def require_version(found: str) -> None:
    """Refuse a ministack that pip took silently: with a newer botocore it takes 1.4.21."""
    if tuple(int(part) for part in found.split(".")[:3]) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise CannotStartError(
            f"ministack {found} is too old, {oldest} is needed: install requirements-dev.txt anew."
        )


def _start(settings: LocalSettings, ports: Ports, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    ports.aws.set_inheritable(True)
    environment = read_environment() | {
        "BIND_HOST": HOST,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "GATEWAY_PORT": str(settings.aws_port),
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(PROJECT),
    }
    command = (
        *(sys.executable, "-m", "infra.local.emulator_child"),
        *("--socket", str(ports.aws.fileno()), "--data", str(settings.data)),
        *("--save-every", str(settings.save_every_s)),
    )
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        pass_fds=(ports.aws.fileno(),),
        # Ctrl-C at the terminal reaches the whole group; the child ends after its parent.
        start_new_session=True,
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("started without pipes")
    return pipe
