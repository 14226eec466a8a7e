"""Two hundred and fifty active sequences, however many are activated at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec
import pytest

from chalicelib.domain.errors import ActiveSequenceLimitError
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences.definition import Sequence, SequenceStatus
from chalicelib.services import sequence_lifecycle
from chalicelib.storage import keys
from chalicelib.storage.rows.sequences import ActiveCountRow
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT, a_sequence

THREADS: Final = 8
PLACES: Final = 3


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
