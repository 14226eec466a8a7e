"""Mail from the queue to the API: Smart Bcc addresses, intake, threads."""

import json
from dataclasses import replace
from typing import Final

import boto3
import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef, ItemStatus
from chalicelib.domain.ids import ApiTokenId, ItemId, UserId
from chalicelib.storage.stores import Stores
from tests.builders import a_deal, a_lead, a_person, an_organization
from tests.conftest import BUCKET
from tests.entry.conftest import ADAM, OLGA, Api
from tests.entry.mailing import mail, own_address, queue
from tests.letters import a_letter, a_notification

DEAL: Final = {"kind": "deal", "id": "deal-1"}
LEAD: Final = {"kind": "lead", "id": "lead-1"}
NOBODY: Final = "sekvens_of-nobody"


@pytest.fixture
def mailed(api: Api, stores: Stores) -> str:
    """Let Sally copy one mail to her address; return the thread."""
    for item in (an_organization(), a_person(), a_deal()):
        stores.items.create(item)
    mail(api, a_letter(), own_address(api))
    [thread] = api.get("/v1/threads").json_body["data"]
    return str(thread["id"])


def test_a_mail_comes_through_the_queue_and_shows_as_a_thread(api: Api, mailed: str) -> None:
    shown = api.get(f"/v1/threads/{mailed}").json_body["data"]

    assert shown == {
        "id": mailed,
        "subject": "Forty chairs",
        "owner_id": "user-sally",
        "folder": "sent",
        "started_at": "2026-03-02T09:00:00Z",
        "last_message_at": "2026-03-02T09:00:00Z",
        "message_count": 1,
        "item": DEAL,
        "reason": "only_open_item",
        "needs_choice": False,
        "candidates": [],
        "persons": ["person-paula"],
        "organizations": ["org-acme"],
        "duplicate_of": None,
        "shared": False,
        "read": False,
        "archived": False,
    }


def test_a_message_shows_with_what_there_is_to_read(api: Api, mailed: str) -> None:
    [listed] = api.get(f"/v1/threads/{mailed}/messages").json_body["data"]

    shown = api.get(f"/v1/threads/{mailed}/messages/{listed['id']}").json_body["data"]

    assert shown == listed
    assert shown | {"id": ""} == {
        "id": "",
        "message_id": "letter-1@northwind.test",
        "direction": "outgoing",
        "from": {"address": "sally@northwind.test", "name": "Sally Seller"},
        "to": [{"address": "paula@acme.test", "name": "Paula Prospect"}],
        "cc": [],
        "subject": "Forty chairs",
        "sent_at": "2026-03-02T09:00:00Z",
        "text": "Here is our offer.\n",
        "html": "",
        "visible_text": "Here is our offer.",
        "kind": "plain",
        "attachments": [],
        "defects": [],
    }


def test_a_file_that_came_with_a_mail_can_be_loaded(api: Api, mailed: str) -> None:
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    text = "--b\r\nContent-Type: application/pdf; name=offer.pdf\r\n\r\n%PDF\r\n--b--"
    letter = replace(a_letter(), headers=headers, text=text, in_reply_to=a_letter().message_id)
    mail(api, replace(letter, message_id="2@x.test"), own_address(api), ses_id="2")

    messages = api.get(f"/v1/threads/{mailed}/messages").json_body["data"]

    [attachment] = next(each["attachments"] for each in messages if each["attachments"])
    assert (attachment["name"], attachment["size"]) == ("offer.pdf", 4)
    assert attachment["url"].startswith("https://")


def test_a_page_of_long_messages_ends_early_and_goes_on(api: Api, mailed: str) -> None:
    for number in range(2, 5):
        letter = replace(a_letter(), message_id=f"{number}@x.test", text="long " * 90_000)
        answer = replace(letter, in_reply_to=a_letter().message_id)
        mail(api, answer, own_address(api), ses_id=str(number))

    first = api.get(f"/v1/threads/{mailed}/messages").json_body
    cursor = first["additional_data"]["next_cursor"]
    second = api.get(f"/v1/threads/{mailed}/messages?cursor={cursor}").json_body

    shown = [each["message_id"] for each in (*first["data"], *second["data"])]
    assert len(first["data"]) < 4
    assert (len(set(shown)), len(shown)) == (4, 4)


def test_why_a_thread_is_linked_can_be_asked(api: Api, mailed: str) -> None:
    explained = api.get(f"/v1/threads/{mailed}/explain").json_body["data"]

    assert explained == {
        "decision": DEAL,
        "reason": "only_open_item",
        "considered": [{**DEAL, "why_not": None}],
    }


@pytest.mark.parametrize("path", ["deal/deal-1", "person/person-paula", "organization/org-acme"])
@pytest.mark.requirement("PD-LINK-07")
def test_a_thread_shows_under_all_that_it_is_linked_to(api: Api, mailed: str, path: str) -> None:
    answer = api.get(f"/v1/items/{path}/threads")

    assert [each["id"] for each in answer.json_body["data"]] == [mailed]


@pytest.mark.parametrize(
    "query, count",
    [
        ("folder=sent", 1),
        ("folder=inbox", 0),
        ("linked=true", 1),
        ("linked=false", 0),
        ("needs_choice=true", 0),
        ("item_kind=deal&item_id=deal-1", 1),
        ("item_kind=deal&item_id=deal-1&folder=inbox", 0),
    ],
)
def test_threads_are_filtered(api: Api, mailed: str, query: str, count: int) -> None:
    assert len(api.get(f"/v1/threads?{query}").json_body["data"]) == count


@pytest.mark.parametrize(
    "query",
    ["folder=spam", "linked=maybe", "item_kind=deal", "item_kind=x&item_id=1", "colour=red"],
)
def test_a_filter_that_cannot_be_read_is_refused(api: Api, mailed: str, query: str) -> None:
    assert api.get(f"/v1/threads?{query}").status_code == 422


@pytest.mark.parametrize("path", ["deal/none", "spoon/1"])
def test_threads_of_no_item_are_404(api: Api, mailed: str, path: str) -> None:
    assert api.get(f"/v1/items/{path}/threads").status_code == 404


@pytest.mark.requirement("PD-LINK-17")
@pytest.mark.requirement("PD-LINK-18")
@pytest.mark.requirement("PD-LINK-19")
@pytest.mark.requirement("PD-LINK-21")
def test_the_owner_links_and_unlinks_the_whole_thread(
    api: Api, stores: Stores, mailed: str
) -> None:
    stores.items.create(replace(a_lead(), status=ItemStatus.DISQUALIFIED))

    linked = api.put(f"/v1/threads/{mailed}/link", LEAD).json_body["data"]
    emptied = api.delete(f"/v1/threads/{mailed}/link").json_body["data"]

    assert (linked["item"], linked["reason"]) == (LEAD, "linked_by_hand")
    assert (emptied["item"], emptied["reason"]) == (None, "unlinked_by_hand")


def test_what_was_unlinked_by_hand_does_not_come_back(api: Api, mailed: str) -> None:
    api.delete(f"/v1/threads/{mailed}/link")
    later = replace(a_letter(), message_id="2@x.test", in_reply_to=a_letter().message_id)

    mail(api, later, own_address(api), ses_id="2")

    shown = api.get(f"/v1/threads/{mailed}").json_body["data"]
    assert (shown["item"], shown["reason"], shown["message_count"]) == (None, "rejected_before", 2)


@pytest.mark.requirement("PD-LINK-20")
def test_admins_see_and_link_the_threads_of_others_and_nobody_else_does(
    api: Api, stores: Stores, mailed: str
) -> None:
    stores.items.create(a_lead())
    nobody = replace(stores.users.get(UserId("user-sally")), id=UserId("user-ned"), version=0)
    stores.users.save(replace(nobody, email="ned@x.test", confirmed_addresses=()))
    token = stores.tokens.list_all()[0]
    stores.tokens.add(
        replace(token, id=ApiTokenId("token-9"), user_id=UserId("user-ned")), secret=NOBODY
    )

    for path in (f"/v1/threads/{mailed}", f"/v1/threads/{mailed}/messages"):
        refused = api.of(NOBODY).get(path)
        assert (refused.status_code, refused.json_body["code"]) == (403, "not_thread_owner")
    assert api.of(NOBODY).put(f"/v1/threads/{mailed}/link", LEAD).status_code == 403
    assert api.of(NOBODY).delete(f"/v1/threads/{mailed}/link").status_code == 403
    assert api.of(NOBODY).get("/v1/items/deal/deal-1/threads").json_body["data"] == []
    assert api.of(ADAM).get("/v1/items/deal/deal-1/threads").json_body["data"] != []
    assert api.of(ADAM).put(f"/v1/threads/{mailed}/link", LEAD).status_code == 200


def test_another_tenants_thread_does_not_exist(api: Api, mailed: str) -> None:
    olga = api.of(OLGA)

    assert olga.get(f"/v1/threads/{mailed}").status_code == 404
    assert olga.get(f"/v1/threads/{mailed}/messages/x").status_code == 404
    assert olga.delete(f"/v1/threads/{mailed}/link").status_code == 404
    assert olga.get("/v1/threads").json_body["data"] == []


@pytest.mark.parametrize(
    "body, status",
    [
        ({"kind": "person", "id": "person-paula"}, 422),
        ({"kind": "deal", "id": "none"}, 404),
        ({"kind": "deal"}, 422),
        ({"kind": "spoon", "id": "1"}, 422),
    ],
)
def test_a_thread_is_linked_to_a_lead_deal_or_project_only(
    api: Api, mailed: str, body: dict[str, str], status: int
) -> None:
    assert api.put(f"/v1/threads/{mailed}/link", body).status_code == status


def test_a_thread_is_not_linked_to_a_deleted_item(api: Api, stores: Stores, mailed: str) -> None:
    stores.items.create(replace(a_lead(), status=ItemStatus.DELETED))

    answer = api.put(f"/v1/threads/{mailed}/link", LEAD)

    assert answer.json_body["errors"][0]["code"] == "item_deleted"


def test_a_thread_that_needs_a_choice_shows_its_candidates(
    api: Api, stores: Stores, mailed: str
) -> None:
    stores.items.create(a_lead())
    mail(api, replace(a_letter(), message_id="2@x.test"), own_address(api), ses_id="2")

    [shown] = api.get("/v1/threads?needs_choice=true").json_body["data"]

    assert sorted(each["title"] for each in shown["candidates"]) == [
        "Acme wants forty chairs",
        "Forty chairs",
    ]


def test_what_intake_kept_apart_is_listed_for_admins(api: Api, mailed: str) -> None:
    mail(api, a_letter(), own_address(api), dmarc="FAIL", ses_id="2")

    [kept] = api.of(ADAM).get("/v1/intake").json_body["data"]

    assert (kept["outcome"], kept["reason"]) == ("quarantined", "not_authenticated")
    assert api.get("/v1/intake").status_code == 403


def test_a_notification_that_nobody_can_read_is_kept_and_done_with(api: Api) -> None:
    assert queue(api, "no envelope", json.dumps({"Message": "no receipt"})) == []

    listed = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="platform/unreadable/")
    assert listed["KeyCount"] == 2


def test_a_notification_that_outran_its_mail_comes_again(api: Api) -> None:
    told = json.dumps(a_notification(own_address(api), ses_id="late"))

    assert queue(api, json.dumps({"Message": told})) == [{"itemIdentifier": "0"}]


def test_a_user_has_one_address_of_their_own(api: Api) -> None:
    first = api.post("/v1/smart-bcc", {})
    again = api.post("/v1/smart-bcc", {})

    assert first.status_code == 201
    assert again.json_body["data"]["id"] == first.json_body["data"]["id"]
    shown = first.json_body["data"]
    assert shown.keys() == {"id", "address", "item", "created_at", "grace_until"}
    assert shown["address"].startswith("b-a")
    assert shown["address"].endswith("@in.sekvens.test")
    assert (shown["item"], shown["grace_until"]) == (None, None)


def test_an_item_has_an_address_of_its_own(api: Api, stores: Stores) -> None:
    stores.items.create(a_deal())

    made = api.post("/v1/smart-bcc", {"item": DEAL}).json_body["data"]

    assert (made["item"], made["address"][:2]) == (DEAL, "d-")
    assert api.post("/v1/smart-bcc", {"item": LEAD}).status_code == 404
    product = {"kind": "product", "id": "1"}
    assert api.post("/v1/smart-bcc", {"item": product}).status_code == 422


def test_an_address_is_replaced_and_ended_by_its_owner_or_an_admin(
    api: Api, stores: Stores
) -> None:
    stores.items.create(a_deal())
    own = api.post("/v1/smart-bcc", {}).json_body["data"]
    of_deal = api.of(ADAM).post("/v1/smart-bcc", {"item": DEAL}).json_body["data"]

    assert len(api.get("/v1/smart-bcc").json_body["data"]) == 2
    assert [each["id"] for each in api.of(ADAM).get("/v1/smart-bcc").json_body["data"]] == [
        of_deal["id"]
    ]
    assert api.post(f"/v1/smart-bcc/{of_deal['id']}/rotate", {}).status_code == 403
    rotated = api.of(ADAM).post(f"/v1/smart-bcc/{own['id']}/rotate", {}).json_body["data"]
    assert rotated["address"] != own["address"]
    assert rotated["grace_until"] is not None
    assert api.delete(f"/v1/smart-bcc/{own['id']}").json_body["data"]["deleted"]
    assert api.delete(f"/v1/smart-bcc/{own['id']}").status_code == 404
    assert api.of(OLGA).delete(f"/v1/smart-bcc/{of_deal['id']}").status_code == 404


def test_the_address_of_somebody_elses_item_is_not_shown(api: Api, stores: Stores) -> None:
    stores.items.create(replace(a_deal(), owner_id=UserId("user-adam")))
    api.of(ADAM).post("/v1/smart-bcc", {"item": DEAL})

    assert api.get("/v1/smart-bcc").json_body["data"] == []
    gone = ItemRef(ItemKind.DEAL, ItemId("deal-1"))
    assert stores.smart_bcc.list_all()[0].item == gone
