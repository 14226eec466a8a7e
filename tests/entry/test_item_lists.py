"""Lists of items: found by words, filtered, in any order, page by page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.items import EmailAddress, Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.users import Role
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.storage.stores import Stores
from tests.builders import (
    NOW,
    a_deal,
    a_lead,
    a_person,
    a_product,
    a_project,
    a_user,
    an_activity,
    an_organization,
)
from tests.entry.conftest import ADAM, OLGA, Api


def test_an_item_is_found_by_the_beginnings_of_its_words(api: Api, stores: Stores) -> None:
    stores.items.create(a_lead())
    stores.items.create(replace(a_lead(), ref=_ref("lead", 2), title="Chairs for Café Ünal"))

    assert _ids(api, "leads?q=chair") == ["lead-1", "lead-2"]
    assert _ids(api, "leads?q=CAFE%20un") == ["lead-2"]
    assert _ids(api, "leads?q=fo") == ["lead-2", "lead-1"]
    assert _ids(api, "leads?q=forty%20acme") == ["lead-1"]
    assert _ids(api, "leads?q=tables") == []
    assert _ids(api, "deals?q=chairs") == []


@pytest.mark.parametrize(
    "item, path, word",
    [
        (a_lead(), "leads", "acme"),
        (a_deal(), "deals", "forty"),
        (a_person(), "persons", "prosp"),
        (an_organization(), "organizations", "ac"),
        (a_project(), "projects", "furnish"),
        (a_product(), "products", "CH-1"),
        (an_activity(), "activities", "color"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_kind_can_be_searched(
    api: Api, stores: Stores, item: Item, path: str, word: str
) -> None:
    stores.items.create(item)

    assert _ids(api, f"{path}?q={word}") == [item.ref.id]
    assert _ids(api.of(OLGA), f"{path}?q={word}") == []


@pytest.mark.parametrize("word", ["paula@acme.test", "pau", "acme.test", "acme", "P@HOME"])
def test_a_person_is_found_by_address_and_by_its_domain(
    api: Api, stores: Stores, word: str
) -> None:
    emails = (EmailAddress("p@home.test"), EmailAddress("paula@acme.test", is_primary=True))
    stores.items.create(replace(a_person(), title="Ms Prospect", emails=emails))

    assert _ids(api, f"persons?q={word}") == ["person-paula"]


def test_two_words_that_begin_alike_show_an_item_once(api: Api, stores: Stores) -> None:
    stores.items.create(replace(a_lead(), title="Chair, chairs, chairman"))

    assert _ids(api, "leads?q=chair&limit=1") == ["lead-1"]
    assert _ids(api, "leads?q=chair&sort=title") == ["lead-1"]


def test_a_search_follows_renaming_deleting_and_restoring(api: Api, stores: Stores) -> None:
    stores.items.create(a_lead())
    api.patch("/v1/leads/lead-1", {"title": "Fifty tables"})
    after_renaming = (_ids(api, "leads?q=chairs"), _ids(api, "leads?q=tables"))
    api.delete("/v1/leads/lead-1")
    after_deleting = (
        _ids(api, "leads?q=tables"),
        _ids(api, "leads?q=tables&status=deleted"),
        _ids(api, "leads?q=chairs&status=deleted"),
    )
    api.post("/v1/leads/lead-1/restore")

    assert after_renaming == ([], ["lead-1"])
    assert after_deleting == ([], ["lead-1"], [])
    assert _ids(api, "leads?q=tables") == ["lead-1"]


@pytest.mark.parametrize("word", ["c", "%20", "-", "a%20b"])
def test_less_than_two_letters_are_not_searched(api: Api, word: str) -> None:
    answer = api.get(f"/v1/leads?q={word}")

    assert answer.status_code == 422
    assert answer.json_body["errors"][0]["code"] == "too_short"


def test_words_go_together_with_every_filter(api: Api, stores: Stores) -> None:
    _five_deals(stores)

    assert _ids(api, "deals?q=chairs&tag=vip") == ["deal-3"]
    assert _ids(api, "deals?q=chairs&status=won") == ["deal-4"]
    assert _ids(api, "deals?q=chairs&person_id=person-paula") == [
        "deal-0",
        "deal-1",
        "deal-3",
        "deal-4",
    ]
    assert _ids(api, "deals?q=chairs&owner_id=user-adam") == ["deal-1"]
    assert _ids(api, "deals?q=chairs&organization_id=org-2") == ["deal-2"]


ORDERS = {
    "sort=title": ["deal-3", "deal-1", "deal-0", "deal-4", "deal-2"],
    "sort=-name": ["deal-2", "deal-4", "deal-0", "deal-1", "deal-3"],
    "sort=updated_at": ["deal-4", "deal-3", "deal-2", "deal-1", "deal-0"],
    "sort=-updated_at": ["deal-0", "deal-1", "deal-2", "deal-3", "deal-4"],
    "sort=created_at": ["deal-0", "deal-1", "deal-2", "deal-3", "deal-4"],
    "sort=-created_at": ["deal-4", "deal-3", "deal-2", "deal-1", "deal-0"],
    "sort_by=update_time": ["deal-4", "deal-3", "deal-2", "deal-1", "deal-0"],
    "sort_by=add_time&sort_direction=desc": ["deal-4", "deal-3", "deal-2", "deal-1", "deal-0"],
    "sort_direction=desc": ["deal-4", "deal-3", "deal-2", "deal-1", "deal-0"],
}


@pytest.mark.parametrize("filters", ["", "&tag=all", "&q=deal"], ids=["all", "tag", "words"])
@pytest.mark.parametrize("limit", [2, 9])
def test_a_list_has_the_order_that_is_asked_for_on_every_page(
    api: Api, stores: Stores, filters: str, limit: int
) -> None:
    for number, title in enumerate(
        ["Élan deal", "deal Beta", "Zeta deal", "alpha deal", "yes deal"]
    ):
        stores.items.create(
            replace(
                a_deal(),
                ref=_ref("deal", number),
                title=title,
                tags=("all",),
                updated_at=NOW - timedelta(hours=number),
            )
        )

    listed = {each: _all_pages(api, f"deals?{each}{filters}&limit={limit}") for each in ORDERS}

    assert listed == ORDERS


def test_what_changed_since_comes_oldest_change_first(api: Api, stores: Stores) -> None:
    for number in range(4):
        changed_at = NOW - timedelta(hours=number)
        stores.items.create(replace(a_deal(), ref=_ref("deal", number), updated_at=changed_at))

    since = "updated_since=2026-03-02T07:00:00Z"

    assert _ids(api, f"deals?{since}") == ["deal-2", "deal-1", "deal-0"]
    assert _ids(api, f"deals?{since}&sort=-updated_at") == ["deal-0", "deal-1", "deal-2"]
    assert _ids(api, f"deals?{since}&sort=created_at") == ["deal-0", "deal-1", "deal-2"]
    assert _ids(api, f"deals?{since}&q=chairs") == ["deal-0", "deal-1", "deal-2"]


@pytest.mark.parametrize(
    "query, path",
    [
        ("sort=size", "sort"),
        ("sort_by=-title", "sort_by"),
        ("sort_direction=up", "sort_direction"),
        ("sort=title&sort_by=title", "sort"),
    ],
)
def test_an_order_that_there_is_not_is_refused(api: Api, query: str, path: str) -> None:
    answer = api.get(f"/v1/deals?{query}")

    assert (answer.status_code, answer.json_body["errors"][0]["path"]) == (422, path)


def test_a_cursor_is_good_for_its_own_filters_only(api: Api, stores: Stores) -> None:
    _five_deals(stores)
    first = api.get("/v1/deals?sort=title&limit=2").json_body
    cursor = first["additional_data"]["next_cursor"]

    other = api.get(f"/v1/deals?sort=-updated_at&limit=2&cursor={cursor}")

    assert other.status_code == 400


def test_activities_are_found_by_what_they_are_about(api: Api, stores: Stores) -> None:
    for item in (a_lead(), a_person(), an_activity()):
        stores.items.create(item)
    body = {"type": "call", "subject": "Ring", "item": {"kind": "person", "id": "person-paula"}}
    made = api.post("/v1/activities", body).json_body["data"]["id"]

    assert _ids(api, "activities?item_kind=lead&item_id=lead-1") == ["activity-1"]
    assert _ids(api, "activities?person_id=person-paula") == [made]
    assert api.get("/v1/activities?item_kind=lead").status_code == 422
    assert api.get("/v1/leads?item_kind=lead&item_id=lead-1").status_code == 422


@pytest.mark.requirement("D365-SEQ-07")
def test_items_of_another_business_unit_are_as_if_they_were_not(api: Api, stores: Stores) -> None:
    _sell(stores, "user-nora", unit="North")
    _sell(stores, "user-sid", unit="South")
    stores.users.save(replace(stores.users.get(UserId("user-sally")), business_unit="North"))
    for number, owner in enumerate(["user-sally", "user-nora", "user-sid", "user-adam"]):
        lead = replace(a_lead(), ref=_ref("lead", number), owner_id=UserId(owner))
        stores.items.create(replace(lead, person_id=None))

    hidden = [
        api.get("/v1/leads/lead-2"),
        api.patch("/v1/leads/lead-2", {"tags": ["x"]}),
        api.delete("/v1/leads/lead-2"),
        api.post("/v1/leads/lead-2/restore"),
        api.post("/v1/leads/lead-2/convert"),
    ]

    assert [answer.status_code for answer in hidden] == [404] * 5
    assert _ids(api, "leads") == ["lead-0", "lead-1", "lead-3"]
    assert _ids(api, "leads?q=chairs") == ["lead-0", "lead-1", "lead-3"]
    assert _ids(api, "leads?sort=-updated_at&limit=2") == ["lead-3", "lead-1"]
    assert _ids(api, "leads?owner_id=user-sid") == []
    assert _ids(api.of(ADAM), "leads") == ["lead-0", "lead-1", "lead-2", "lead-3"]
    assert stores.items.get(_ref("lead", 2)).version == 1


def test_an_item_refers_only_to_what_its_author_sees(api: Api, stores: Stores) -> None:
    _sell(stores, "user-sid", unit="South")
    stores.items.create(replace(a_person(), owner_id=UserId("user-sid")))

    answer = api.post("/v1/deals", {"title": "x", "person_id": "person-paula"})

    assert [each["path"] for each in answer.json_body["errors"]] == ["person_id"]


def _five_deals(stores: Stores) -> None:
    for number, changes in enumerate(
        [
            {},
            {"owner_id": UserId("user-adam")},
            {"person_id": None, "organization_id": ItemId("org-2")},
            {"tags": ("vip",)},
            {"status": ItemStatus.WON},
        ]
    ):
        deal = replace(a_deal(), ref=_ref("deal", number), **changes)  # type: ignore[arg-type]  # names of Item
        stores.items.create(deal)


def _sell(stores: Stores, user_id: str, *, unit: str) -> None:
    user = replace(a_user(), id=UserId(user_id), email=f"{user_id}@northwind.test")
    stores.users.save(
        replace(user, role=Role.SALESPERSON, business_unit=unit, confirmed_addresses=())
    )


def _ref(kind: str, number: int) -> ItemRef:
    return ItemRef(ItemKind(kind), ItemId(f"{kind}-{number}"))


def _ids(api: Api, query: str) -> list[str]:
    return [each["id"] for each in api.get(f"/v1/{query}").json_body["data"]]


def _all_pages(api: Api, query: str) -> list[str]:
    answer = api.get(f"/v1/{query}").json_body
    found = [each["id"] for each in answer["data"]]
    while cursor := answer["additional_data"]["next_cursor"]:
        answer = api.get(f"/v1/{query}&cursor={cursor}").json_body
        found += [each["id"] for each in answer["data"]]
    return found
