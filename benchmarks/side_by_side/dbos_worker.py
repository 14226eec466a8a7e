"""The process of DBOS: workflows, steps and durable sleeps as its own documentation shows them.

Runs in `.venv-bench`. Started again after a crash with the same words, it goes on where it was:
DBOS recovers what was under way, and a workflow that is begun twice under one id is one workflow.
"""

import asyncio
import sys
import threading
import time

from dbos import DBOS, SetWorkflowID

from benchmarks.side_by_side.postbox import Postbox
from benchmarks.side_by_side.work import MAILS, READY, STEPS, Order, Reading, Told, read_order

IDLE_S = 5.0


def main() -> None:
    """Launch, begin every workflow, wait for all of them to end, tell."""
    order = read_order(sys.argv[1:])
    postbox = Postbox(path=order.postbox, answer_s=order.answer_s, die_at=order.die_at)
    url = f"sqlite:///{order.place}/dbos.sqlite"
    DBOS(config={"name": "bench", "system_database_url": url, "log_level": "ERROR"})
    if order.style == "async":
        asyncio.run(_live_async(order, postbox))
    else:
        _live(order, postbox)
    DBOS.destroy()


def _live(order: Order, postbox: Postbox) -> None:
    """Each workflow is a thread: what the tutorials show."""

    @DBOS.step()  # type: ignore[untyped-decorator]
    def send_mail(workflow_id: str, step: str) -> str:
        return postbox.take(workflow_id, step)

    @DBOS.workflow()  # type: ignore[untyped-decorator]
    def reminders(first_wait_s: float, wait_s: float) -> None:
        DBOS.sleep(first_wait_s)
        send_mail(DBOS.workflow_id, MAILS[0])
        DBOS.sleep(wait_s)
        send_mail(DBOS.workflow_id, MAILS[1])

    @DBOS.workflow()  # type: ignore[untyped-decorator]
    def waits(first_wait_s: float, wait_s: float) -> None:
        DBOS.sleep(first_wait_s)
        for _ in range(STEPS - 1):
            DBOS.sleep(wait_s)

    DBOS.launch()
    print(READY, flush=True)
    workflow, watch = reminders if order.flow == "mails" else waits, _Watch(order)
    handles = []
    for number in range(order.count):
        with SetWorkflowID(f"{order.batch}-{number}"):
            handles.append(DBOS.start_workflow(workflow, watch.left_s(), order.wait_s))
    watch.all_begun()
    for each in handles:
        each.get_result()
    watch.tell()


async def _live_async(order: Order, postbox: Postbox) -> None:
    """Each workflow is a task of one event loop: less memory, for whoever writes all code so."""

    @DBOS.step()  # type: ignore[untyped-decorator]
    async def send_mail(workflow_id: str, step: str) -> str:
        return await asyncio.to_thread(postbox.take, workflow_id, step)

    @DBOS.workflow()  # type: ignore[untyped-decorator]
    async def reminders(first_wait_s: float, wait_s: float) -> None:
        await DBOS.sleep_async(first_wait_s)
        await send_mail(DBOS.workflow_id, MAILS[0])
        await DBOS.sleep_async(wait_s)
        await send_mail(DBOS.workflow_id, MAILS[1])

    @DBOS.workflow()  # type: ignore[untyped-decorator]
    async def waits(first_wait_s: float, wait_s: float) -> None:
        await DBOS.sleep_async(first_wait_s)
        for _ in range(STEPS - 1):
            await DBOS.sleep_async(wait_s)

    DBOS.launch()
    print(READY, flush=True)
    workflow, watch = reminders if order.flow == "mails" else waits, _Watch(order)
    handles = []
    for number in range(order.count):
        with SetWorkflowID(f"{order.batch}-{number}"):
            begun = await DBOS.start_workflow_async(workflow, watch.left_s(), order.wait_s)
            handles.append(begun)
    watch.all_begun()
    await asyncio.gather(*(each.get_result() for each in handles))
    watch.tell()


class _Watch:
    """Reads the process while it begins, sleeps and works."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._ready = self._begun = Reading.take()
        self._threads = 0
        self._idle_cpu_s = 0.0

    def left_s(self) -> float:
        """Return how long until the first waits end."""
        return max(0.05, self._ready.wall_s + self._order.first_wait_s - time.monotonic())

    def all_begun(self) -> None:
        """Look at the process asleep, if there is time before it wakes."""
        self._begun, self._threads = Reading.take(), threading.active_count()
        if self.left_s() > 2 * IDLE_S:
            threading.Thread(target=self._watch_it_sleep, daemon=True).start()

    def _watch_it_sleep(self) -> None:
        time.sleep(IDLE_S / 2)
        before = Reading.take()
        time.sleep(IDLE_S)
        self._begun, self._threads = Reading.take(), threading.active_count() - 1
        self._idle_cpu_s = (self._begun.cpu_s - before.cpu_s) * 60 / IDLE_S

    def tell(self) -> None:
        """Say what it cost."""
        done = Reading.take()
        Told(
            cpu_s=done.cpu_s - self._ready.cpu_s,
            begun_cpu_s=self._begun.cpu_s - self._ready.cpu_s,
            idle_cpu_s=self._idle_cpu_s,
            wall_s=done.wall_s - self._ready.wall_s,
            ready_mb=self._ready.peak_mb,
            asleep_mb=self._begun.peak_mb,
            threads=self._threads,
        ).say()


if __name__ == "__main__":
    main()
