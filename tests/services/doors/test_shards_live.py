"""The number of shards of the due index changes while mails wait: every one goes out, once."""

from collections import Counter
from typing import Final

import pytest

from chalicelib.domain.ids import EnrollmentId
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.entry import wiring
from tests.conftest import forget
from tests.services.doors import laws, place
from tests.services.doors.story import MINUTE
from tests.services.doors.world import SHARDS, World

LEADS: Final = 12
"""Enrolled under each number of shards; each has a mail now and another in an hour."""

pytestmark = pytest.mark.slow


def test_more_shards_and_then_fewer_lose_no_mail_and_send_none_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[EnrollmentId] = []
    for turn, shards in enumerate((SHARDS, 16, 5, 1)):
        deploy(monkeypatch, shards)
        numbers = range(turn * LEADS, (turn + 1) * LEADS)
        waiting += [place.enroll(world, place.THREAD, number) for number in numbers]
        world.later(10 * MINUTE)

    for _ in range(8):
        world.later(10 * MINUTE)

    heads = [world.stores.enrollments.get(each) for each in waiting]
    assert {head.status for head in heads} == {Status.COMPLETED}
    sent = Counter((mail["tags"]["enrollment"], mail["tags"]["step"]) for mail in world.mails())
    assert sent == {(each, step): 1 for each in waiting for step in ("a1", "a2")}
    assert [wrong for each in waiting for wrong in laws.of_enrollment(world, each)] == []


def deploy(monkeypatch: pytest.MonkeyPatch, shards: int) -> None:
    """Deploy every function anew, with another number."""
    monkeypatch.setenv("DUE_SHARDS", f"{shards}")
    forget()
    wiring.point_at_table()
