"""Whatever comes between any two calls of whoever moves an enrollment, the laws hold.

The points are not listed by hand: every call to AWS, and to the mail service, of each kind of step
is one, and before it each interruption happens whole. `make races` tries them all; a plain run
tries a few, drawn by a seed.
"""

import os
import random
import sys
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from chalicelib.domain.sequences.settings import Settings
from chalicelib.storage.stores import Stores
from tests.services.races import laws
from tests.services.races.interruptions import EDITED_BY, INTERRUPTIONS
from tests.services.races.laws import Moment
from tests.services.races.steps import KINDS, OTHER_FLOW
from tests.services.races.world import Case, Interposer, World

EVERY: Final = int(os.environ.get("SEKVENS_RACES", "0"))
"""Every so-manieth point is tried; none: a sample."""
SEED: Final = os.environ.get("SEKVENS_SEED", "1")
SAMPLE: Final = 20


@pytest.fixture
def interposer(shared_stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Interposer:
    """Count every call of this test to AWS."""
    made = Interposer()
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def guarded(client: BaseClient, *asked: Any) -> Any:  # noqa: ANN401 - a vendor's signature
        return made.guard(call, client, *asked)

    monkeypatch.setattr(BaseClient, "_make_api_call", guarded)
    return made


@dataclass(slots=True)
class Pair:
    """One kind of step and one interruption; every trial is a case of its own."""

    interposer: Interposer
    kind_name: str
    name: str
    world: World | None = None
    points: int = 0
    failures: list[str] = field(default_factory=list)

    def try_every(self, step: int) -> None:
        """Interrupt before every so-manieth call, and once after the last."""
        at = sum(map(ord, self.name)) % step
        while self.try_at(at) > at:
            at += step

    def try_at(self, at: int) -> int:
        """Interrupt before one call, or after the last; return how many calls there were."""
        kind, interruption = KINDS[self.kind_name], INTERRUPTIONS[self.name]
        case = self._a_case()
        kind.prepare(case)
        moments: list[Moment] = []

        def deed() -> None:
            before = laws.claimed(case)
            is_done = interruption.happen(case) is None
            head = case.head
            is_edited = is_done and self.name in EDITED_BY and not laws.claimed(case) - before
            writer = laws.writer_of(case)
            moments.append(Moment(head=head, claimed=before, writer=writer, is_edited=is_edited))

        self.interposer.begin(at, deed)
        try:
            laws.let(lambda: kind.act(case))
        finally:
            self.interposer.is_counting = False
        if not moments:
            deed()
        self._judge(case, moments[0], at)
        self.points += 1
        return self.interposer.calls

    def _a_case(self) -> Case:
        kind, interruption = KINDS[self.kind_name], INTERRUPTIONS[self.name]
        if self.world is None or interruption.is_wide:
            self.world = World(self.interposer)
            self.world.set_up(kind.flow, OTHER_FLOW, kind=interruption.kind, settings=Settings())
        return self.world.enroll(interruption.kind)

    def _judge(self, case: Case, then: Moment, at: int) -> None:
        wrong = laws.broken_at_once(case, then)
        laws.live_on(case)
        wrong += [*laws.broken(case), *laws.broken_in(case.world)]
        if wrong:
            told = f"{self.kind_name}, {self.name} before call {at}: {wrong}"
            sys.stdout.write(f"{told}\n")
            self.failures.append(told)


def drawn(interposer: Interposer) -> list[Pair]:
    """Try a few points, chosen by the seed."""
    draw = random.Random(SEED)
    chosen = [(draw.choice([*KINDS]), draw.choice([*INTERRUPTIONS])) for _ in range(SAMPLE)]
    pairs = [Pair(interposer, *each) for each in chosen]
    for pair in pairs:
        pair.try_at(draw.randrange(KINDS[pair.kind_name].calls + 1))
    return pairs


def enumerated(interposer: Interposer, kind_name: str) -> list[Pair]:
    """Try the points of one kind of step."""
    pairs = [Pair(interposer, kind_name, name) for name in INTERRUPTIONS]
    for pair in pairs:
        pair.try_every(EVERY)
    return pairs


@pytest.mark.timeout(7_200 if EVERY else 300)
@pytest.mark.parametrize("part", [*KINDS] if EVERY else [f"a sample of seed {SEED}"])
def test_whatever_comes_between_any_two_calls_the_laws_hold(
    interposer: Interposer, part: str
) -> None:
    pairs = enumerated(interposer, part) if EVERY else drawn(interposer)

    failures = [each for pair in pairs for each in pair.failures]
    told = ", ".join(f"{pair.name} {pair.points}/{len(pair.failures)}" for pair in pairs)
    points = sum(pair.points for pair in pairs)
    sys.stdout.write(f"{part}: {points} points of races, {len(failures)} failures ({told})\n")
    assert failures == []
