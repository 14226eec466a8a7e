"""Two hundred and fifty active sequences, whatever is done to them at the same instant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec
import pytest

from chalicelib.domain.errors import (
    ActiveSequenceLimitError,
    IllegalMoveError,
    StaleWriteError,
    ThrottledError,
)
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences.definition import Sequence, SequenceStatus
from chalicelib.services import sequence_lifecycle
from chalicelib.services.decisions import Bench
from chalicelib.storage import keys
from chalicelib.storage.rows.sequences import ActiveCountRow
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT, a_sequence, a_user
from tests.doubles import Doubles

THREADS: Final = 8
PLACES: Final = 3
ROUNDS: Final = 3


@pytest.mark.requirement("D365-SEQ-26")
def test_of_many_activated_at_once_only_as_many_as_there_are_places_become_active(
    shared_stores: Stores,
) -> None:
    ActiveCountRow(keys.tenant(TENANT), keys.ACTIVE_SEQUENCES, active=250 - PLACES).save()
    drafts = [
        shared_stores.sequences.save(
            msgspec.structs.replace(a_sequence(), id=SequenceId(f"sequence-{number}"))
        )
        for number in range(THREADS)
    ]

    def is_activated(draft: Sequence) -> bool:
        try:
            sequence_lifecycle.activate(draft, stores=shared_stores, now=NOW)
        except ActiveSequenceLimitError:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        activated = list(pool.map(is_activated, drafts))

    kept = [shared_stores.sequences.get(each.id) for each in drafts]
    assert sum(activated) == PLACES
    assert [each.status is SequenceStatus.ACTIVE for each in kept] == activated
    assert shared_stores.sequences.count_active() == 250


@pytest.mark.requirement("D365-SEQ-26")
def test_places_are_exact_while_sequences_come_and_go_at_once(
    shared_stores: Stores, doubles: Doubles
) -> None:
    ActiveCountRow(keys.tenant(TENANT), keys.ACTIVE_SEQUENCES, active=250 - PLACES).save()
    bench = Bench(stores=shared_stores, outside=doubles.outside)
    ids = [SequenceId(f"sequence-{number}") for number in range(THREADS)]
    for each in ids:
        shared_stores.sequences.save(msgspec.structs.replace(a_sequence(), id=each))
    moves: list[Callable[[Sequence], object]] = [
        lambda it: sequence_lifecycle.activate(it, stores=shared_stores, now=NOW),
        lambda it: sequence_lifecycle.pause(it, stores=shared_stores, now=NOW),
        lambda it: sequence_lifecycle.resume(it, by=a_user().id, bench=bench),
        lambda it: sequence_lifecycle.deactivate(it, by=a_user().id, bench=bench),
    ]

    def is_done(number: int) -> bool:
        move = moves[number % len(moves)]
        try:
            move(shared_stores.sequences.get(ids[number // len(moves) % len(ids)]))
        except (ActiveSequenceLimitError, IllegalMoveError, StaleWriteError, ThrottledError):
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(is_done, range(ROUNDS * len(moves) * len(ids))))

    kept = [shared_stores.sequences.get(each) for each in ids]
    running = sum(each.status in sequence_lifecycle.RUNNING for each in kept)
    assert any(done)
    assert running <= PLACES
    assert shared_stores.sequences.count_active() == 250 - PLACES + running
