"""A lead becomes a deal; two persons become one."""

from dataclasses import replace

import pytest
from msgspec import structs

from chalicelib.domain.crm.items import EmailAddress, Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.ids import ItemId
from chalicelib.storage.stores import Stores
from tests.builders import (
    a_deal,
    a_lead,
    a_person,
    a_project,
    an_activity,
    an_organization,
)
from tests.doubles import Doubles
from tests.entry.conftest import OLGA, Api
from tests.entry.mailing import mail, own_address
from tests.letters import a_letter
from tests.services.runner import SEQUENCE, Runner


def a_double() -> Item:
    """Paula once more, known by another address."""
    return replace(
        a_person(),
        ref=ItemRef(ItemKind.PERSON, ItemId("person-double")),
        title="P. Prospect",
        emails=(EmailAddress("paula@acme.test"), EmailAddress("p@home.test", is_primary=True)),
        phones=("+49 30 1",),
        tags=("vip",),
        organization_id=ItemId("org-acme"),
        time_zone="Europe/Paris",
        do_not_call=True,
        custom_fields={"size": 40},
    )


def test_a_lead_becomes_a_deal_with_its_person_and_organization(api: Api, stores: Stores) -> None:
    for item in (a_person(), an_organization(), replace(a_lead(), tags=("vip",)), an_activity()):
        stores.items.create(item)

    deal = api.post("/v1/leads/lead-1/convert", {"value": 4000, "currency": "EUR"})
    again = api.post("/v1/leads/lead-1/convert")
    lead = api.get("/v1/leads/lead-1").json_body["data"]

    made = deal.json_body["data"]
    assert deal.status_code == 200
    assert (
        made.items()
        >= {
            "title": "Acme wants forty chairs",
            "person_id": "person-paula",
            "organization_id": "org-acme",
            "owner_id": "user-sally",
            "tags": ["vip"],
            "value": 4000,
            "status": "open",
            "lead_id": "lead-1",
        }.items()
    )
    assert (lead["status"], lead["deal_id"]) == ("converted", made["id"])
    assert again.json_body["data"]["id"] == made["id"]
    assert [each["id"] for each in api.get("/v1/deals").json_body["data"]] == [made["id"]]
    activity = api.get("/v1/activities/activity-1").json_body["data"]
    assert activity["item"] == {"kind": "deal", "id": made["id"]}


def test_a_converted_lead_leaves_its_sequence_and_the_deal_shows_it(
    api: Api, stores: Stores, doubles: Doubles
) -> None:
    runner = Runner(stores, doubles)
    runner.set_up_work()
    api.post(f"/v1/sequences/{SEQUENCE}/enrollments", {"item_ids": ["lead-1"]})

    deal = api.post("/v1/leads/lead-1/convert").json_body["data"]

    [enrollment] = api.get(f"/v1/items/deal/{deal['id']}/enrollments").json_body["data"]
    assert (enrollment["status"], enrollment["reason"]) == ("exited", "item_converted")
    assert enrollment["item"] == {"kind": "lead", "id": "lead-1"}


def test_a_problem_of_the_deal_converts_nothing(api: Api, stores: Stores) -> None:
    stores.items.create(a_lead())

    answer = api.post("/v1/leads/lead-1/convert", {"value": -1, "currency": "euro", "title": ""})

    assert [each["path"] for each in answer.json_body["errors"]] == [
        "title",
        "value",
        "currency",
    ]
    assert stores.items.get(a_lead().ref).is_open
    assert api.get("/v1/deals").json_body["data"] == []


def test_only_an_open_lead_is_converted(api: Api, stores: Stores) -> None:
    stores.items.create(replace(a_lead(), status=ItemStatus.ARCHIVED))

    answer = api.post("/v1/leads/lead-1/convert")

    assert (answer.status_code, answer.json_body["code"]) == (409, "illegal_move")


def test_the_winner_keeps_both_persons_addresses_and_deals(api: Api, stores: Stores) -> None:
    double = a_double()
    for item in (an_organization(), replace(a_person(), time_zone=None), double):
        stores.items.create(item)
    for theirs in (a_deal(), a_lead(), a_project()):
        stores.items.create(replace(theirs, person_id=double.ref.id))
    stores.items.create(
        replace(an_activity(), about=double.ref, person_id=double.ref.id, title="Ring her")
    )

    winner = api.post("/v1/persons/person-paula/merge", {"merge_with_id": "person-double"})

    assert winner.status_code == 200
    assert (
        winner.json_body["data"].items()
        >= {
            "name": "Paula Prospect",
            "emails": [
                {"address": "paula@acme.test", "primary": True},
                {"address": "p@home.test", "primary": False},
            ],
            "phones": ["+49 30 1"],
            "tags": ["vip"],
            "time_zone": "Europe/Paris",
            "do_not_call": True,
            "custom_fields": {"size": 40},
        }.items()
    )
    assert stores.items.persons_with("p@home.test") == ["person-paula"]
    for path in ("deals", "leads", "projects", "activities"):
        of_winner = api.get(f"/v1/{path}?person_id=person-paula").json_body["data"]
        assert len(of_winner) == 1, path
    assert len(stores.items.open_items_of(a_person().ref.id)) == 3


def test_the_loser_says_who_took_it_in_and_is_not_restored(api: Api, stores: Stores) -> None:
    for item in (a_person(), a_double()):
        stores.items.create(item)
    merging = {"merge_with_id": "person-double"}
    api.post("/v1/persons/person-paula/merge", merging)

    loser = api.get("/v1/persons/person-double").json_body["data"]
    restored = api.post("/v1/persons/person-double/restore")
    again = api.post("/v1/persons/person-paula/merge", merging)

    assert (loser["status"], loser["merged_into"]) == ("deleted", "person-paula")
    assert restored.status_code == 409
    assert "person-paula" in restored.json_body["detail"]
    assert (again.status_code, again.json_body["data"]["version"]) == (200, 2)


@pytest.mark.parametrize("loser", ["person-paula", "nobody", "person-gone"])
def test_nobody_is_merged_with_themselves_or_with_who_is_not_there(
    api: Api, stores: Stores, loser: str
) -> None:
    gone = replace(a_double(), ref=ItemRef(ItemKind.PERSON, ItemId("person-gone")))
    stores.items.create(replace(gone, status=ItemStatus.DELETED))
    stores.items.create(a_person())

    answer = api.post("/v1/persons/person-paula/merge", {"merge_with_id": loser})

    assert (answer.status_code, answer.json_body["errors"][0]["path"]) == (422, "merge_with_id")
    assert stores.items.get(a_person().ref).version == 1


def test_too_many_addresses_for_one_person_merge_nothing(api: Api, stores: Stores) -> None:
    many = tuple(EmailAddress(f"p{number}@acme.test") for number in range(20))
    stores.items.create(replace(a_person(), emails=many))
    stores.items.create(a_double())

    answer = api.post("/v1/persons/person-paula/merge", {"merge_with_id": "person-double"})

    assert (answer.status_code, answer.json_body["errors"][0]["path"]) == (422, "emails")
    assert stores.items.get(a_double().ref).is_open


def test_the_winner_shows_the_losers_enrollments(
    api: Api, stores: Stores, doubles: Doubles
) -> None:
    runner = Runner(stores, doubles)
    runner.set_up_work()
    stores.items.create(a_double())
    sequence = stores.sequences.get(SEQUENCE)
    stores.sequences.save(structs.replace(sequence, item_kind=ItemKind.PERSON))
    api.post(f"/v1/sequences/{SEQUENCE}/enrollments", {"item_ids": ["person-double"]})

    api.post("/v1/persons/person-paula/merge", {"merge_with_id": "person-double"})

    [enrollment] = api.get("/v1/items/person/person-paula/enrollments").json_body["data"]
    assert (enrollment["status"], enrollment["reason"]) == ("exited", "item_deleted")


def test_another_tenants_persons_are_not_merged(api: Api, stores: Stores) -> None:
    for item in (a_person(), a_double()):
        stores.items.create(item)

    answer = api.of(OLGA).post("/v1/persons/person-paula/merge", {"merge_with_id": "person-double"})

    assert answer.status_code == 404
    assert stores.items.get(a_double().ref).is_open


def test_the_deal_shows_the_leads_mail(api: Api, stores: Stores, doubles: Doubles) -> None:
    runner = Runner(stores, doubles)
    runner.set_up_work()
    mail(api, a_letter(), own_address(api))
    [thread] = api.get("/v1/threads").json_body["data"]
    api.put(f"/v1/threads/{thread['id']}/link", {"kind": "lead", "id": "lead-1"})

    deal = api.post("/v1/leads/lead-1/convert").json_body["data"]

    of_deal = api.get(f"/v1/threads?item_kind=deal&item_id={deal['id']}").json_body["data"]
    assert [each["id"] for each in of_deal] == [thread["id"]]


def test_the_winner_shows_the_losers_mail(api: Api, stores: Stores, doubles: Doubles) -> None:
    runner = Runner(stores, doubles)
    runner.set_up_work()
    stores.items.create(replace(a_double(), emails=(EmailAddress("p@home.test"),)))
    mail(api, a_letter(), own_address(api))
    [thread] = api.get("/v1/threads").json_body["data"]
    assert thread["persons"] == ["person-paula"]

    api.post("/v1/persons/person-double/merge", {"merge_with_id": "person-paula"})

    query = "item_kind=person&item_id=person-double"
    of_winner = api.get(f"/v1/threads?{query}").json_body["data"]
    assert [each["id"] for each in of_winner] == [thread["id"]]
