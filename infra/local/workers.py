"""Threads that each do one kind of work, sleep until told of some, and stand still on demand.

While the clock jumps, one thread does everybody's work in turn, so that what falls due happens in
order; between jumps each worker has its own thread, as functions run beside each other on Lambda.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final, Protocol

LOOK_ANYWAY_S: Final = 2.0
"""Workers are told of work; this is for what nobody tells."""

log = logging.getLogger("sekvens.local")


class Job(Protocol):
    """One kind of work."""

    @property
    def name(self) -> str:
        """What the log calls it."""
        ...

    def work(self) -> bool:
        """Do a piece; False if there was none."""
        ...

    def wait_s(self) -> float | None:
        """Return how long until something may be tried again, or None."""
        ...


class Worker:
    """One job with its thread."""

    def __init__(self, job: Job) -> None:
        """Take the job; `start` starts the thread."""
        self.job = job
        self.turn = threading.RLock()
        self._told = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._live, name=job.name, daemon=True)

    def start(self) -> None:
        """Begin to live."""
        self._thread.start()

    def tell(self) -> None:
        """Say that there may be work."""
        self._told.set()

    def stop_soon(self) -> None:
        """Begin no further piece."""
        self._ending.set()
        self._told.set()

    def end(self) -> None:
        """Finish the piece under way, and no other."""
        self.stop_soon()
        if self._thread.ident is not None:
            self._thread.join()

    def work(self) -> bool:
        """Do pieces until there are none; True if there was one."""
        worked = False
        self._told.clear()
        while not self._ending.is_set():
            with self.turn:
                if not self._piece():
                    return worked
            worked = True
        return worked

    def was_told(self) -> bool:
        """Whether work was announced that nobody has looked at."""
        return self._told.is_set()

    def _live(self) -> None:
        while not self._ending.is_set():
            self.work()
            left = self.job.wait_s()
            self._told.wait(LOOK_ANYWAY_S if left is None else min(left, LOOK_ANYWAY_S))

    def _piece(self) -> bool:
        try:
            return self.job.work()
        except Exception:
            # The stack outlives a job's failure: the emulator may be ending, or a bug is ours.
            if not self._ending.is_set():
                log.exception("%s failed", self.job.name)
                self._ending.wait(1.0)
            return False


class Crew:
    """All workers of the stack."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        """Hold the workers, in the order in which work flows through them."""
        self._workers = tuple(workers)
        self.is_ending = False

    def start(self) -> None:
        """Let everybody live."""
        for worker in self._workers:
            worker.start()

    def end(self) -> None:
        """End everybody."""
        self.is_ending = True
        for worker in self._workers:
            worker.end()

    def stop_soon(self) -> None:
        """Begin no further piece; `end` waits for those under way."""
        self.is_ending = True
        for worker in self._workers:
            worker.stop_soon()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let pieces under way end, and keep all threads but this one from beginning another."""
        with ExitStack() as turns:
            for worker in self._workers:
                turns.enter_context(worker.turn)
            yield

    def work_until_quiet(self) -> None:
        """Do everybody's work, in this thread, until nobody has any."""
        while True:
            self._work_off()
            # Announcements may lag behind: only a round that looks everywhere proves the quiet.
            if any(worker.work() for worker in self._workers):
                continue
            waits = [left for each in self._workers if (left := each.job.wait_s()) is not None]
            if not waits or self.is_ending:
                return
            threading.Event().wait(min(waits))

    def _work_off(self) -> None:
        while told := [worker for worker in self._workers if worker.was_told()]:
            for worker in told:
                worker.work()
