"""One stack per folder: a lock that ends with its process, and what the last run left behind."""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import IO, Final

from infra.local.ports import CannotStartError
from infra.local.settings import LocalSettings

EMULATOR_GRACE_S: Final = 15.0
"""How long the emulator of a killed stack may take to save and end."""


class Running:
    """The folder is ours until this process ends."""

    def __init__(self, settings: LocalSettings) -> None:
        """Lock the folder, making it if need be; raises `CannotStartError`."""
        self._file = settings.data / "stack.json"
        settings.data.mkdir(parents=True, exist_ok=True)
        self._lock = lock(settings.data / "stack.lock")
        if self._lock is None:
            raise CannotStartError(
                f"A stack already runs on {settings.data} (process {self._pid()}): "
                "stop it, or choose another folder with --data."
            )
        _wait_for_emulator(settings.data)
        self.was_killed = self._file.exists()
        self._file.write_text(
            json.dumps(
                {
                    "pid": os.getpid(),
                    "port": settings.port,
                    "smtp_port": settings.smtp_port,
                    "aws_port": settings.aws_port,
                }
            )
        )

    def end(self) -> None:
        """Say that this run stopped cleanly."""
        self._file.unlink(missing_ok=True)

    def _pid(self) -> str:
        try:
            return str(json.loads(self._file.read_text())["pid"])
        except (OSError, ValueError, KeyError):
            return "unknown"


def lock(path: Path) -> IO[str] | None:
    """Return the locked file, or None if another process holds it. Closing it sets it free."""
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _wait_for_emulator(data: Path) -> None:
    """Wait until the emulator of a killed stack has saved: two would write the same files."""
    deadline = time.monotonic() + EMULATOR_GRACE_S
    while (free := lock(data / "ministack.lock")) is None:
        if time.monotonic() > deadline:
            raise CannotStartError(
                f"The AWS emulator of an earlier run still holds {data}: "
                "wait for it to end, or choose another folder with --data."
            )
        time.sleep(0.05)
    free.close()


def what_was_lost(data: Path) -> str:
    """Say in one line what a run that was killed may have lost."""
    states = data / "state"
    try:
        saved = json.loads((states / (states / "current").read_text() / "saved.json").read_text())
    except (OSError, ValueError):
        return "The last run was killed before its first save: it begins anew."
    if saved["clean"]:
        return "The last run was killed; nothing is lost, work that was under way begins again."
    at = time.strftime("%H:%M:%S", time.localtime(saved["at"]))
    return (
        f"The last run and its emulator were killed: changes since {at} may be lost, "
        "but for mail received and sent."
    )
