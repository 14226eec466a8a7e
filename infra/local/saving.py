"""Keeps ministack's state on disk, in generations, so that a crash never leaves half a state.

ministack itself writes at a clean stop only, one file per service, over the last ones. Here each
save is a folder of its own, and the text file `current` names the last complete one. Saves in
passing are made by a fork of the process: a photograph of one instant, taken while it serves on.
Objects in S3 are not part of it: ministack writes each to disk as it comes (`S3_PERSIST`).
"""

import copy
import json
import os
import shutil
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

from ministack import app as ministack_app
from ministack.core import persistence
from ministack.services import dynamodb, sqs

STREAM: Final = "sekvens-stream"
MOST_STREAM_RECORDS: Final = 5_000
"""The reader is rarely more than a few behind; ministack itself forgets the stream at a restart."""


T = TypeVar("T")


class Saving:
    """The generations of one folder."""

    def __init__(self, folder: Path) -> None:
        """Keep generations in `folder`."""
        self._folder = folder
        self._number = _number(self.current())

    def current(self) -> Path | None:
        """Return the last complete generation."""
        try:
            return self._folder / (self._folder / "current").read_text()
        except FileNotFoundError:
            return None

    def restore(self) -> None:
        """After ministack has loaded: the stream, and messages that nobody works on any more."""
        kept = persistence.load_state(STREAM)
        if kept:
            dynamodb._stream_records.update(kept["records"])  # noqa: SLF001 - not otherwise reached
            dynamodb._stream_trimmed.update(kept["trimmed"])  # noqa: SLF001
        now = time.time()
        for _key, queue in sqs._queues.all_items():  # noqa: SLF001
            for message in queue["messages"]:
                message["visible_at"] = min(message["visible_at"], now)

    def save(self, *, clean: bool) -> None:
        """Write the next generation and make it the current one."""
        self._number += 1
        generation = self._folder / f"{self._number:08d}"
        generation.mkdir(exist_ok=True)
        with _without_copies():
            for name, get_state in ministack_app._build_persistence_save_dict().items():  # noqa: SLF001
                _write(generation / f"{name}.json", name, get_state())
            _write(generation / f"{STREAM}.json", STREAM, _stream())
        (generation / "saved.json").write_text(json.dumps({"at": time.time(), "clean": clean}))
        self._make_current(generation)
        self._forget_old()

    def save_in_passing(self) -> int:
        """Fork, save there, and return the child's process id; the caller must wait for it."""
        child = os.fork()
        if child:
            self._number += 1
            return child
        try:
            self.save(clean=False)
        except Exception:  # noqa: BLE001 - nobody is above us: say so, and leave the last one current
            traceback.print_exc()
        finally:
            os._exit(0)

    def _make_current(self, generation: Path) -> None:
        pointer = self._folder / "current.new"
        pointer.write_text(generation.name)
        pointer.replace(self._folder / "current")

    def _forget_old(self) -> None:
        for folder in sorted(self._folder.glob("0*"))[:-2]:
            with suppress(OSError):
                shutil.rmtree(folder)


@contextmanager
def _without_copies() -> Iterator[None]:
    """Let nothing be copied before it is written: nothing else runs meanwhile.

    At 20 000 rows ministack spends four seconds on copies and on an encoder written in Python.
    """
    deepcopy = copy.deepcopy
    copy.deepcopy = _itself
    try:
        yield
    finally:
        copy.deepcopy = deepcopy


def _itself(x: T, memo: object = None, _nil: object = None) -> T:
    del memo, _nil
    return x


def _write(file: Path, service: str, state: object) -> None:
    """Write what `persistence.load_state` reads; None is a service that has nothing to say."""
    if state is None:
        return
    version = persistence._state_format_version(service)  # noqa: SLF001
    wrapped = {"__ministack_format__": version, "payload": state}
    file.write_text(json.dumps(wrapped, default=persistence._json_default))  # noqa: SLF001


def _number(generation: Path | None) -> int:
    return int(generation.name) if generation else 0


def _stream() -> dict[str, object]:
    records = type(dynamodb._stream_records)()  # noqa: SLF001 - its own kind of dict, by account
    trimmed = type(dynamodb._stream_trimmed)()  # noqa: SLF001
    for (account, region, table), held in dynamodb._stream_records.all_items():  # noqa: SLF001
        gone = dynamodb._trimmed_count(table, account, region)  # noqa: SLF001
        kept = held[-MOST_STREAM_RECORDS:]
        records.set_scoped(account, region, table, kept)
        trimmed.set_scoped(account, region, table, gone + len(held) - len(kept))
    return {"records": records, "trimmed": trimmed}
