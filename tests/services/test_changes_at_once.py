"""Somebody edits a thing between another's reading and writing it: both have their way.

Who names the version that they read is refused instead.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from itertools import count

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from msgspec import structs

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.items import ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.settings import Feature, settings_in
from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import ItemId
from chalicelib.domain.sequences.changes import SequenceChanges
from chalicelib.domain.sequences.definition import Sequence
from chalicelib.services import lead_conversion, person_merge, sequences, tenants, users
from chalicelib.services.decisions import Bench
from chalicelib.services.users import UserChanges
from chalicelib.storage.stores import Stores
from tests.builders import a_caller, a_deal, a_lead, a_person, a_tenant, a_user, an_admin_caller
from tests.doubles import Doubles
from tests.faults import Answers, Send, over_the_wire
from tests.services.runner import SALLY, SEQUENCE, Runner


@pytest.fixture
def bench(shared_stores: Stores, doubles: Doubles) -> Bench:
    return Bench(stores=shared_stores, outside=doubles.outside)


def amid(edit: Callable[[], object], *, writes: Collection[int] = (0,)) -> Answers:
    """Edit before some of the writes are done, counted from the first."""
    numbers = count()
    editing: list[object] = []

    def answers(request: AWSPreparedRequest, send: Send) -> AWSResponse:
        is_write = "TransactWriteItems" in str(request.headers["X-Amz-Target"])
        if is_write and not editing and next(numbers) in writes:
            editing.append(edit)
            edit()
            editing.clear()
        return send()

    return answers


def test_a_lead_becomes_a_deal_though_somebody_edits_it_at_that_moment(bench: Bench) -> None:
    stores = bench.stores
    lead = stores.items.create(a_lead())

    with over_the_wire(amid(lambda: stores.items.save(replace(lead, title="Hotter")))):
        deal = lead_conversion.convert(
            lead.ref.id, changes=ItemChanges(), caller=a_caller(), bench=bench
        )

    after = stores.items.get(lead.ref)
    assert (after.status, after.deal_id) == (ItemStatus.CONVERTED, deal.ref.id)
    assert (after.title, deal.title) == ("Hotter", "Hotter")


def test_what_names_a_merged_person_moves_however_often_it_is_edited_at_that_moment(
    bench: Bench,
) -> None:
    stores = bench.stores
    paula = stores.items.create(a_person())
    double = ItemRef(ItemKind.PERSON, ItemId("person-double"))
    stores.items.create(replace(a_person(), ref=double, emails=()))
    deal = stores.items.create(replace(a_deal(), person_id=double.id))

    def retitle() -> None:
        known = stores.items.get(deal.ref)
        stores.items.save(replace(known, title=f"{known.title}!"))

    with over_the_wire(amid(retitle, writes=(1, 2, 3))):
        person_merge.merge(paula.ref.id, loser_id=double.id, caller=a_caller(), bench=bench)

    after = stores.items.get(deal.ref)
    assert (after.person_id, after.title) == (paula.ref.id, f"{deal.title}!!!")


def leave_amid_an_edit(bench: Bench, *, is_version_named: bool) -> User:
    """Make Sally inactive while somebody changes her name."""
    known = bench.stores.users.save(a_user())
    married = replace(known, name="Sally Married")
    with over_the_wire(amid(lambda: bench.stores.users.save(married))):
        return users.change(
            SALLY,
            changes=UserChanges(is_active=False),
            read_version=known.version if is_version_named else None,
            caller=an_admin_caller(),
            bench=bench,
        )


def test_somebody_leaves_though_their_name_is_changed_at_that_moment(
    bench: Bench, doubles: Doubles
) -> None:
    left = leave_amid_an_edit(bench, is_version_named=False)

    assert (left.name, left.is_active) == ("Sally Married", False)
    assert len(doubles.queues.bodies_by_queue["bulk"]) == 1


def test_who_names_the_version_that_they_read_lets_nobody_else_go(
    bench: Bench, doubles: Doubles
) -> None:
    with pytest.raises(StaleWriteError):
        leave_amid_an_edit(bench, is_version_named=True)

    assert bench.stores.users.get(SALLY).is_active
    assert "bulk" not in doubles.queues.bodies_by_queue


def change_amid_an_edit(runner: Runner, *, is_version_named: bool) -> Sequence:
    """Rename a sequence while somebody describes it."""
    stores = runner.stores
    known = stores.sequences.get(SEQUENCE)
    described = structs.replace(known, description="For all of them")
    with over_the_wire(amid(lambda: stores.sequences.save(described))):
        return sequences.change(
            SEQUENCE,
            changes=SequenceChanges(name="Renamed"),
            read_version=known.version if is_version_named else None,
            caller=a_caller(),
            stores=stores,
            now=runner.now(),
        )


@pytest.fixture
def outreach(shared_stores: Stores, doubles: Doubles) -> Runner:
    runner = Runner(shared_stores, doubles)
    runner.set_up()
    return runner


def test_a_sequence_is_changed_though_somebody_edits_it_at_that_moment(outreach: Runner) -> None:
    changed = change_amid_an_edit(outreach, is_version_named=False)

    assert (changed.name, changed.description) == ("Renamed", "For all of them")


def test_who_names_the_version_that_they_read_changes_no_other(outreach: Runner) -> None:
    with pytest.raises(StaleWriteError):
        change_amid_an_edit(outreach, is_version_named=True)

    assert outreach.stores.sequences.get(SEQUENCE).description == "For all of them"


def switch_off(bench: Bench) -> None:
    """Let an admin stop all automatic mail."""
    given: dict[str, object] = {"features_off": ["automatic_sending"]}
    tenants.change_settings(given, read_version=None, caller=an_admin_caller(), stores=bench.stores)


def test_all_sending_is_stopped_though_somebody_changes_other_settings_at_that_moment(
    bench: Bench,
) -> None:
    known = bench.stores.tenant.save(a_tenant())
    edited = replace(known, settings={"time_zone": "Asia/Kathmandu"})

    with over_the_wire(amid(lambda: bench.stores.tenant.save(edited))):
        switch_off(bench)

    settings = settings_in(bench.stores.tenant.get())
    assert settings.features_off == (Feature.AUTOMATIC_SENDING,)
    assert settings.time_zone == "Asia/Kathmandu"


def test_a_tenant_is_suspended_though_its_admin_changes_a_setting_at_that_moment(
    bench: Bench,
) -> None:
    bench.stores.tenant.save(a_tenant())

    with over_the_wire(amid(lambda: switch_off(bench))):
        tenants.suspend(is_suspended=True, stores=bench.stores)

    after = bench.stores.tenant.get()
    assert after.is_suspended
    assert settings_in(after).features_off == (Feature.AUTOMATIC_SENDING,)
