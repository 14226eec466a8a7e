"""ministack as the local stack needs it: on a given socket, saved in passing, tied to its parent.

To the parent it writes a line for every change that may mean work (`queue <name>`, `table`,
`mail`), so that nobody polls an idle stack, and `ready` and `saved`. From the parent it reads
`save`; when the pipe closes, because the parent stopped or died, it saves and ends.
"""

import asyncio
import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.local.emulator_door import Answer, Door, tell
from infra.local.running import lock
from infra.local.ses_sending import RefusedError, SendingDoor
from infra.local.settings import ACCOUNT

if TYPE_CHECKING:
    from infra.local.saving import Saving


def main() -> None:
    """Serve until the parent is gone or says stop."""
    parser = ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--save-every", type=float, required=True)
    given = parser.parse_args()
    held = lock(given.data / "ministack.lock")
    if held is None:
        sys.exit("another emulator holds this folder")
    # ministack reads its settings when it is imported.
    os.environ |= {
        "PERSIST_STATE": "1",
        "STATE_DIR": str(_generation(given.data / "state")),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(given.data / "s3"),
    }
    asyncio.run(_serve(given.socket, given.data, given.save_every))


class Keeper:
    """Saves what changed, one save at a time."""

    def __init__(self, saving: "Saving", door: Door) -> None:
        """Save what `door` lets through."""
        self._saving = saving
        self._door = door
        self._turn = asyncio.Lock()
        self._saved = 0

    async def keep(self, *, every_s: float, until: asyncio.Event) -> None:
        """Save in passing, while there is something new."""
        while not until.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(until.wait(), every_s)
            if self._door.changes != self._saved and not until.is_set():
                async with self._turn:
                    self._saved = self._door.changes
                    child = self._saving.save_in_passing()
                    await asyncio.to_thread(os.waitpid, child, 0)

    async def save(self, *, clean: bool) -> None:
        """Save now; nothing is served meanwhile."""
        async with self._turn:
            self._saved = self._door.changes
            self._saving.save(clean=clean)


async def _serve(descriptor: int, data: Path, every_s: float) -> None:
    # Only now is the environment as ministack must find it.
    from hypercorn.asyncio import serve  # noqa: PLC0415
    from hypercorn.config import Config  # noqa: PLC0415
    from ministack import app as ministack_app  # noqa: PLC0415
    from ministack.core import hypercorn_compat  # noqa: PLC0415

    from infra.local.saving import Saving  # noqa: PLC0415

    hypercorn_compat.install()
    saving = Saving(data / "state")

    def on_ready() -> None:
        # From here on saving is ours: at its end ministack would write over the last generation.
        ministack_app.PERSIST_STATE = False
        saving.restore()
        tell("ready")

    door = Door(ministack_app.app, send_mail=_mail_door(data / "outgoing"), on_ready=on_ready)
    keeper, stop = Keeper(saving, door), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 0.2
    config.loglevel = "WARNING"
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(keeper.keep(every_s=every_s, until=stop))
        listener = tasks.create_task(_listen(keeper, stop))
        await serve(door, config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]
        listener.cancel()
    await keeper.save(clean=True)


async def _listen(keeper: Keeper, stop: asyncio.Event) -> None:
    """Obey the parent; its end is the end."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        if line == b"save\n":
            await keeper.save(clean=False)
            tell("saved")
    stop.set()


def _mail_door(folder: Path) -> Callable[[bytes], Answer]:
    from ministack.services import ses_v2  # noqa: PLC0415 - as in _serve

    def names(scoped: Any) -> list[str]:  # noqa: ANN401 - ministack has no types
        return [key for (account, _, key), _ in scoped.all_items() if account == ACCOUNT]

    folder.mkdir(exist_ok=True)
    door = SendingDoor(
        folder=folder,
        identities=lambda: names(ses_v2._identities),  # noqa: SLF001 - its store, in this process
        configuration_sets=lambda: names(ses_v2._config_sets),  # noqa: SLF001
    )

    def send_mail(body: bytes) -> Answer:
        try:
            return 200, {"MessageId": door.take(body)}
        except RefusedError as error:
            status = 404 if error.code == "NotFoundException" else 400
            return status, {"name": error.code, "message": error.message}

    return send_mail


def _generation(states: Path) -> Path:
    """Return the folder ministack is to load from, an empty one at first."""
    states.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        return states / (states / "current").read_text()
    return states / "none"


if __name__ == "__main__":
    main()
