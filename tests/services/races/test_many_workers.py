"""Sixteen workers on one due set while people, mail and the CRM interrupt them: true threads.

The matrix beside tries each order of two; here the machine chooses among many at once.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Barrier, Lock
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.ids import EnrollmentId
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.domain.sequences.settings import Settings
from chalicelib.storage.budgets import _note
from chalicelib.storage.stores import Stores
from tests.services.races import laws
from tests.services.races.interruptions import INTERRUPTIONS
from tests.services.races.steps import KINDS, OTHER_FLOW
from tests.services.races.world import Case, World

EVERY: Final = int(os.environ.get("SEKVENS_RACES", "0"))
SEED: Final = int(os.environ.get("SEKVENS_SEED", "1"))
WORKERS: Final = 16
LEADS: Final = 12 if EVERY else 5
ROUNDS: Final = range(SEED, SEED + (8 if EVERY else 1))
MIXED: Final = [
    name for name, each in INTERRUPTIONS.items() if each.kind is ItemKind.LEAD and not each.is_wide
]
WIDE: Final = [name for name, each in INTERRUPTIONS.items() if each.is_wide]


@dataclass(slots=True)
class Claims:
    """When each mail was last begun to be claimed."""

    began_by_id: dict[str, float] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def guard(self, call: Callable[..., Any], client: BaseClient, name: str, asked: Any) -> Any:  # noqa: ANN401 - a vendor's signature
        """Make a call, and note it if it claims a mail."""
        began = time.monotonic()
        answer = call(client, name, asked)
        if name == "TransactWriteItems" and "'sending'" in (told := str(asked)):
            with self.lock:
                self.began_by_id[told] = began
        return answer

    def began_after(self, instant: float, enrollment_id: EnrollmentId) -> bool:
        """Whether a claim of this enrollment that succeeded began after an instant."""
        return any(
            began > instant for told, began in self.began_by_id.items() if enrollment_id in told
        )


@pytest.fixture
def claims(shared_stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Claims:
    """Note every claim of this test."""
    made = Claims()
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    monkeypatch.setattr(
        BaseClient, "_make_api_call", lambda client, *asked: made.guard(call, client, *asked)
    )
    return made


@dataclass(slots=True)
class Crowd:
    """Workers and interruptions on the enrollments of one tenant, in the order of a seed."""

    world: World
    cases: list[Case]
    draw: random.Random
    stopped_at: dict[EnrollmentId, float] = field(default_factory=dict)
    has_wide: bool = False

    def workers(self, act: Callable[[Case], None]) -> list[Callable[[], None]]:
        """Return workers, each of whom takes all that is due in an order of its own."""
        return [partial(self._work, act, self._shuffled()) for _ in range(WORKERS)]

    def interrupters(self) -> list[Callable[[], None]]:
        """Return whoever interrupts: one for each enrollment, and one for the whole sequence."""
        names = [(self.draw.choice(MIXED), case) for case in self.cases]
        self.has_wide = self.draw.random() < 0.5
        if self.has_wide:
            names.append((self.draw.choice(WIDE), self.cases[0]))
        return [partial(self._interrupt, self.draw.random() / 4, *each) for each in names]

    def stopped_amid(self) -> list[Case]:
        """Return who may have been moved by what concerned all, and then stopped unsent."""
        return [case for case in self.cases if self.has_wide and not case.mails()]

    def _shuffled(self) -> list[Case]:
        return self.draw.sample(self.cases, len(self.cases))

    def _work(self, act: Callable[[Case], None], cases: Sequence[Case]) -> None:
        for case in cases:
            laws.let(partial(act, case))

    def _interrupt(self, after_s: float, name: str, case: Case) -> None:
        time.sleep(after_s)
        INTERRUPTIONS[name].happen(case)
        head = case.head
        seen_at = time.monotonic()  # not before: another may have stopped it only just
        if head.is_over and head.status is not Status.COMPLETED:
            self.stopped_at[case.id] = seen_at


def enrolled_apart(world: World) -> list[Case]:
    """Enroll leads whose shares of a day are noted apart: one written over is lost (0049)."""
    by_place: dict[str, Case] = {}
    while len(by_place) < LEADS:
        case = world.enroll(ItemKind.LEAD)
        place, _ = _note(f"{case.id}/m1/1")
        by_place.setdefault(str(place), case)
    return list(by_place.values())


def all_at_once(tasks: Sequence[Callable[[], None]]) -> None:
    """Start every task at the same instant, and wait for the last."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], None]) -> None:
        start.wait()
        task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        for each in [pool.submit(run, task) for task in tasks]:
            each.result()


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("seed", ROUNDS)
@pytest.mark.parametrize(
    "kind_name", ["first mail", "held mail", "approved draft"][: 3 if EVERY else 1]
)
def test_sixteen_workers_and_whatever_interrupts_them_keep_the_laws(
    claims: Claims, kind_name: str, seed: int
) -> None:
    kind, world = KINDS[kind_name], World()
    world.set_up(kind.flow, OTHER_FLOW, kind=ItemKind.LEAD, settings=Settings())
    cases = enrolled_apart(world)
    for case in cases:
        kind.prepare(case)
    crowd = Crowd(world, cases, random.Random(seed))

    all_at_once([*crowd.workers(kind.act), *crowd.interrupters()])

    late = [each for each, at in crowd.stopped_at.items() if claims.began_after(at, each)]
    for case in cases:
        laws.live_on(case)
    wrong = [law for case in cases for law in laws.broken(case)]
    wrong += laws.broken_in(world, crowd.stopped_amid())
    stops = len(crowd.stopped_at)
    sys.stdout.write(f"{kind_name}, seed {seed}: {LEADS} races of {WORKERS}, {stops} stops\n")
    assert late == [], "a mail was claimed after a stop"
    assert wrong == []
