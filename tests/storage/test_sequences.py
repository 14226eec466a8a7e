"""Sequences and their flow versions are kept, counted, and never shown to another tenant."""

from datetime import UTC, datetime
from random import Random

import msgspec
import pytest

from chalicelib.domain.errors import (
    ActiveSequenceLimitError,
    MissingError,
    StaleWriteError,
    TooLargeError,
)
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences.definition import (
    FlowVersion,
    Sequence,
    SequenceStatus,
)
from chalicelib.domain.sequences.settings import Settings
from chalicelib.storage import keys
from chalicelib.storage.rows.sequences import ActiveCountRow
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction
from tests.builders import NOW, TENANT, a_flow, a_sequence


def a_flow_version() -> FlowVersion:
    return FlowVersion(
        sequence_id=SequenceId("sequence-1"),
        number=1,
        flow=a_flow(),
        settings=Settings(exit_on_reply=False),
        change_note="First",
        published_at=NOW,
    )


def named(name: str, status: SequenceStatus = SequenceStatus.DRAFT) -> Sequence:
    return msgspec.structs.replace(a_sequence(), id=SequenceId(name), status=status)


def test_a_sequence_is_read_as_saved(stores: Stores) -> None:
    rich = msgspec.structs.replace(
        a_sequence(),
        description="For people who stand",
        business_unit="North",
        tags=("a", "b"),
        settings=Settings(exit_on_reply=False),
        flow_version=3,
    )

    saved = stores.sequences.save(rich)

    assert saved == msgspec.structs.replace(rich, version=1)
    assert stores.sequences.get(rich.id) == saved


def test_a_flow_reads_back_as_it_was_written(stores: Stores) -> None:
    as_written = {"start": "w", "steps": [{"id": "w", "for": "P2W", "type": "wait"}]}
    stores.sequences.save(msgspec.structs.replace(a_sequence(), flow=as_written))

    flow = stores.sequences.get(SequenceId("sequence-1")).flow

    assert flow == as_written
    assert list(flow) == ["start", "steps"]


def test_a_stale_write_is_refused_and_changes_nothing(stores: Stores) -> None:
    saved = stores.sequences.save(a_sequence())
    stores.sequences.save(msgspec.structs.replace(saved, name="Quick"))

    with pytest.raises(StaleWriteError):
        stores.sequences.save(msgspec.structs.replace(saved, name="Slow"))

    assert stores.sequences.get(saved.id).name == "Quick"


def test_a_sequence_is_made_only_once(stores: Stores) -> None:
    stores.sequences.save(a_sequence())

    with pytest.raises(StaleWriteError):
        stores.sequences.save(a_sequence())


def test_another_tenant_sees_nothing(stores: Stores, others_stores: Stores) -> None:
    stores.sequences.save(a_sequence())
    with Transaction() as tx:
        stores.sequences.publish(tx, a_flow_version())

    assert others_stores.sequences.find(SequenceId("sequence-1")) is None
    assert others_stores.sequences.list_page(limit=10, cursor=None).rows == []
    with pytest.raises(MissingError):
        others_stores.sequences.flow_version(SequenceId("sequence-1"), 1)
    with pytest.raises(MissingError):
        others_stores.sequences.get(SequenceId("sequence-1"))


@pytest.mark.requirement("PD-SEQ-24")
def test_a_deleted_sequence_is_missing_and_in_no_list(stores: Stores) -> None:
    saved = stores.sequences.save(a_sequence())

    stores.sequences.save(msgspec.structs.replace(saved, status=SequenceStatus.DELETED))

    assert stores.sequences.find(saved.id) is None
    assert stores.sequences.list_page(limit=10, cursor=None).rows == []


def test_a_list_is_read_page_by_page(stores: Stores) -> None:
    for name in ("s1", "s2", "s3"):
        stores.sequences.save(named(name))

    first = stores.sequences.list_page(limit=2, cursor=None)
    second = stores.sequences.list_page(limit=2, cursor=first.cursor)

    assert [each.id for each in first.rows] == ["s1", "s2"]
    assert [each.id for each in second.rows] == ["s3"]
    assert second.cursor is None


def test_a_list_holds_what_is_wanted(stores: Stores) -> None:
    for name in ("s1", "s2", "s3"):
        stores.sequences.save(named(name))

    page = stores.sequences.list_page(limit=10, cursor=None, keep=lambda each: each.id != "s2")

    assert [each.id for each in page.rows] == ["s1", "s3"]


def test_a_flow_that_does_not_fit_a_row_is_refused(stores: Stores) -> None:
    noise = Random(7).randbytes(400_000).hex()
    huge = msgspec.structs.replace(a_sequence(), flow={"start": noise, "steps": []})

    with pytest.raises(TooLargeError):
        stores.sequences.save(huge)


def test_a_published_flow_is_read_as_it_was_published(stores: Stores) -> None:
    with Transaction() as tx:
        stores.sequences.publish(tx, a_flow_version())

    assert stores.sequences.flow_version(SequenceId("sequence-1"), 1) == a_flow_version()


def test_a_published_flow_is_never_written_again(stores: Stores) -> None:
    with Transaction() as tx:
        stores.sequences.publish(tx, a_flow_version())

    with pytest.raises(StaleWriteError), Transaction() as tx:
        stores.sequences.publish(tx, a_flow_version())


def test_a_flow_that_was_not_published_is_missing_until_it_is(stores: Stores) -> None:
    with pytest.raises(MissingError):
        stores.sequences.flow_version(SequenceId("sequence-1"), 1)

    with Transaction() as tx:
        stores.sequences.publish(tx, a_flow_version())

    assert stores.sequences.flow_version(SequenceId("sequence-1"), 1).number == 1


def test_versions_are_listed_newest_first(stores: Stores) -> None:
    for number in (1, 2, 11):
        with Transaction() as tx:
            stores.sequences.publish(tx, msgspec.structs.replace(a_flow_version(), number=number))

    versions = stores.sequences.list_versions(SequenceId("sequence-1"))

    assert [each.number for each in versions] == [11, 2, 1]


def test_a_stale_sequence_publishes_nothing(stores: Stores) -> None:
    saved = stores.sequences.save(a_sequence())
    stores.sequences.save(saved)

    activating = Transaction()
    stores.sequences.put(activating, saved)
    stores.sequences.publish(activating, a_flow_version())
    stores.sequences.count_in(activating)

    with pytest.raises(StaleWriteError):
        activating.commit()

    assert stores.sequences.list_versions(saved.id) == []
    assert stores.sequences.count_active() == 0


def test_active_sequences_are_counted_in_and_out(stores: Stores) -> None:
    for _ in range(2):
        with Transaction() as tx:
            stores.sequences.count_in(tx)
    with Transaction() as tx:
        stores.sequences.count_out(tx)

    assert stores.sequences.count_active() == 1


@pytest.mark.requirement("D365-SEQ-26")
def test_the_two_hundred_and_fifty_first_active_sequence_is_refused(stores: Stores) -> None:
    ActiveCountRow(keys.tenant(TENANT), keys.ACTIVE_SEQUENCES, active=249).save()
    with Transaction() as tx:
        stores.sequences.count_in(tx)

    with pytest.raises(ActiveSequenceLimitError), Transaction() as tx:
        stores.sequences.count_in(tx)

    assert stores.sequences.count_active() == 250


def test_instants_keep_their_zone(stores: Stores) -> None:
    saved = stores.sequences.save(a_sequence())

    assert saved.created_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert stores.sequences.get(saved.id).created_at.tzinfo == UTC
