"""The same lead converted, the same persons merged, by several clients at the same instant."""

from dataclasses import replace

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.item_filter import ItemFilter
from chalicelib.domain.crm.items import EmailAddress, ItemKind, ItemRef
from chalicelib.domain.ids import ItemId
from chalicelib.services import lead_conversion, person_merge
from chalicelib.services.decisions import Bench
from chalicelib.storage.stores import Stores
from tests.builders import a_caller, a_deal, a_lead, a_person
from tests.doubles import Doubles
from tests.services.test_items_at_once import at_once

CLIENTS = 6


def test_a_lead_becomes_one_deal_however_many_convert_it(
    shared_stores: Stores, doubles: Doubles
) -> None:
    lead = shared_stores.items.create(a_lead())
    bench = Bench(stores=shared_stores, outside=doubles.outside)

    def convert() -> str:
        return lead_conversion.convert(
            lead.ref.id, changes=ItemChanges(), caller=a_caller(), bench=bench
        ).ref.id

    outcomes = at_once(convert, clients=CLIENTS)

    deals = shared_stores.item_lists.page(
        ItemKind.DEAL, wanted=ItemFilter(), limit=9, cursor=None, sees=lambda _: True
    )
    assert [deal.ref.id for deal in deals.rows] == [shared_stores.items.get(lead.ref).deal_id]
    assert outcomes == {deals.rows[0].ref.id: CLIENTS}


def test_two_persons_become_one_however_many_merge_them(
    shared_stores: Stores, doubles: Doubles
) -> None:
    paula = shared_stores.items.create(a_person())
    double = replace(a_person(), ref=ItemRef(ItemKind.PERSON, ItemId("person-double")))
    shared_stores.items.create(replace(double, emails=(EmailAddress("p@home.test"),)))
    shared_stores.items.create(replace(a_deal(), person_id=double.ref.id))
    bench = Bench(stores=shared_stores, outside=doubles.outside)

    def merge() -> str:
        return person_merge.merge(
            paula.ref.id, loser_id=double.ref.id, caller=a_caller(), bench=bench
        ).ref.id

    outcomes = at_once(merge, clients=CLIENTS)

    winner = shared_stores.items.get(paula.ref)
    assert outcomes == {paula.ref.id: CLIENTS}
    assert (winner.merged, winner.version) == (("person-double",), 2)
    assert shared_stores.items.get(a_deal().ref).person_id == paula.ref.id
    assert shared_stores.items.persons_with("p@home.test") == [paula.ref.id]
