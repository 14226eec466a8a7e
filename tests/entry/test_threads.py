"""The Sales Inbox: folders, marks, privacy, search, and threads for which a person must choose."""

from dataclasses import replace
from typing import Final

import pytest

from chalicelib.domain.crm.items import ItemKind, ItemStatus
from chalicelib.domain.ids import ApiTokenId, ItemId, UserId
from chalicelib.storage.stores import Stores
from tests.builders import a_deal, a_lead, a_person, an_organization
from tests.entry.conftest import ADAM, Api
from tests.entry.mailing import mail, own_address
from tests.letters import Letter, a_letter

DEAL: Final = {"kind": "deal", "id": "deal-1"}
LEAD: Final = {"kind": "lead", "id": "lead-1"}
NED: Final = "sekvens_of-ned"


@pytest.fixture
def mailed(api: Api, stores: Stores) -> str:
    """Let Sally copy one mail to her address; return the thread."""
    for item in (an_organization(), a_person(), a_deal()):
        stores.items.create(item)
    mail(api, a_letter(), own_address(api))
    [thread] = api.get("/v1/threads").json_body["data"]
    return str(thread["id"])


@pytest.fixture
def ned(api: Api, stores: Stores) -> Api:
    """Let Ned, who sells beside Sally, in."""
    sally = stores.users.get(UserId("user-sally"))
    stores.users.save(
        replace(
            sally,
            id=UserId("user-ned"),
            email="ned@x.test",
            confirmed_addresses=(),
            version=0,
        )
    )
    token = stores.tokens.list_all()[0]
    stores.tokens.add(
        replace(token, id=ApiTokenId("token-9"), user_id=UserId("user-ned")), secret=NED
    )
    return api.of(NED)


def an_unrelated_letter() -> Letter:
    return Letter(to="Zoe <zoe@elsewhere.test>", subject="Lamps", message_id="lamps-1@x.test")


def found(api: Api, query: str) -> list[str]:
    """Return the subjects of the threads that a query finds."""
    return [each["subject"] for each in api.get(f"/v1/threads?{query}").json_body["data"]]


@pytest.mark.requirement("PD-LINK-01")
def test_an_item_is_one_of_the_eight_kinds_that_threads_and_activities_speak_of() -> None:
    assert {kind.value for kind in ItemKind} == {
        "lead",
        "deal",
        "person",
        "organization",
        "activity",
        "project",
        "product",
        "user",
    }


def test_the_owner_marks_a_thread_and_what_is_left_out_stays(api: Api, mailed: str) -> None:
    path = f"/v1/threads/{mailed}"

    read = api.patch(path, {"read": True}).json_body["data"]
    shared = api.patch(path, {"shared": True}).json_body["data"]
    again = api.patch(path, {}).json_body["data"]

    assert (read["read"], read["shared"], read["archived"]) == (True, False, False)
    assert (shared["read"], shared["shared"]) == (True, True)
    assert again == shared
    assert api.patch(path, {"linked": True}).status_code == 422


def test_an_archived_thread_lies_in_the_archive_alone(api: Api, mailed: str) -> None:
    before = (found(api, "folder=sent"), found(api, "folder=archive"))

    api.patch(f"/v1/threads/{mailed}", {"archived": True})

    assert before == (["Forty chairs"], [])
    assert (found(api, "folder=sent"), found(api, "folder=archive")) == ([], ["Forty chairs"])
    assert found(api, "") == ["Forty chairs"]


def test_a_thread_is_private_until_it_is_shared_and_linked(api: Api, ned: Api, mailed: str) -> None:
    path = f"/v1/threads/{mailed}"
    mail(api, an_unrelated_letter(), own_address(api), ses_id="2")
    [alone] = api.get("/v1/threads?q=lamps").json_body["data"]

    private = (ned.get(path).status_code, ned.get("/v1/items/deal/deal-1/threads"))
    api.patch(path, {"shared": True})
    api.patch(f"/v1/threads/{alone['id']}", {"shared": True})

    assert (private[0], private[1].json_body["data"]) == (403, [])
    assert ned.get(path).json_body["data"]["id"] == mailed
    assert len(ned.get(f"{path}/messages").json_body["data"]) == 1
    assert len(ned.get("/v1/items/deal/deal-1/threads").json_body["data"]) == 1
    assert ned.get(f"/v1/threads/{alone['id']}").status_code == 403
    assert ned.get("/v1/threads").json_body["data"] == []


def test_only_the_owner_marks_a_thread_also_a_shared_one(api: Api, ned: Api, mailed: str) -> None:
    path = f"/v1/threads/{mailed}"
    hidden = ned.patch(path, {"read": True})
    api.patch(path, {"shared": True})

    for other in (ned, api.of(ADAM)):
        assert other.patch(path, {"read": True}).json_body["code"] == "marks_are_owners"

    assert hidden.json_body["code"] == "not_thread_owner"
    assert ned.put(f"{path}/link", DEAL).json_body["code"] == "not_thread_owner"


@pytest.mark.parametrize(
    "question, count",
    [
        ("chairs", 1),
        ("CHA", 1),
        ("chairs+forty", 1),
        ("paula", 1),
        ("acme", 1),
        ("chairs+lamps", 0),
        ("tables", 0),
    ],
)
def test_threads_are_found_by_the_beginnings_of_words(
    api: Api, mailed: str, question: str, count: int
) -> None:
    assert len(found(api, f"q={question}")) == count
    of_deal = f"item_kind=deal&item_id=deal-1&q={question}&linked=true"
    assert len(found(api, of_deal)) == count


def test_a_question_without_a_word_is_refused(api: Api) -> None:
    answer = api.get("/v1/threads?q=%20a%20!")

    assert answer.json_body["errors"][0] == {
        "path": "q",
        "code": "too_short",
        "message": "Give at least 2 letters or digits of a word.",
    }


def test_what_a_search_finds_is_paged(api: Api, mailed: str) -> None:
    for number in range(2, 5):
        letter = replace(a_letter(), message_id=f"{number}@x.test")
        mail(api, letter, own_address(api), ses_id=str(number))

    shown, cursor = [], ""
    for _ in range(4):
        page = api.get(f"/v1/threads?q=chairs&limit=1{cursor}").json_body
        shown += [each["id"] for each in page["data"]]
        cursor = f"&cursor={page['additional_data']['next_cursor']}"

    assert (len(shown), len(set(shown))) == (4, 4)
    assert cursor == "&cursor=None"


def test_the_queue_of_choices_empties_as_people_choose(
    api: Api, stores: Stores, mailed: str
) -> None:
    stores.items.create(a_lead())
    mail(api, replace(a_letter(), message_id="2@x.test"), own_address(api), ses_id="2")
    [waiting] = api.get("/v1/threads?needs_choice=true").json_body["data"]

    api.put(f"/v1/threads/{waiting['id']}/link", LEAD)

    assert waiting["id"] != mailed
    assert api.get("/v1/threads?needs_choice=true").json_body["data"] == []
    assert len(api.get("/v1/threads?needs_choice=false").json_body["data"]) == 2


def test_one_subject_suggests_an_item_and_links_nothing(
    api: Api, stores: Stores, mailed: str
) -> None:
    deal = replace(a_deal(), ref=replace(a_deal().ref, id=ItemId("deal-2")), person_id=None)
    stores.items.create(replace(deal, title="Twenty tables"))
    api.put(f"/v1/threads/{mailed}/link", {"kind": "deal", "id": "deal-2"})
    won = stores.items.get(a_deal().ref)
    stores.items.save(replace(won, status=ItemStatus.WON))

    mail(
        api,
        replace(a_letter(), message_id="2@x.test", subject="AW: Re: Forty Chairs"),
        own_address(api),
        ses_id="2",
    )

    [other] = api.get("/v1/threads?linked=false").json_body["data"]
    assert (other["item"], other["reason"], other["needs_choice"]) == (None, "no_open_item", False)
    assert other["candidates"] == [{"kind": "deal", "id": "deal-2", "title": "Twenty tables"}]
    explained = api.get(f"/v1/threads/{other['id']}/explain").json_body["data"]
    assert [each["why_not"] for each in explained["considered"]] == ["same_subject_only"]


def test_what_was_taken_out_is_remembered_and_said(api: Api, mailed: str) -> None:
    api.delete(f"/v1/threads/{mailed}/link")

    explained = api.get(f"/v1/threads/{mailed}/explain").json_body["data"]

    assert explained == {
        "decision": None,
        "reason": "unlinked_by_hand",
        "considered": [{**DEAL, "why_not": "rejected_before"}],
    }


def test_an_answer_brings_a_thread_back_from_the_archive(
    api: Api, stores: Stores, mailed: str
) -> None:
    api.patch(f"/v1/threads/{mailed}", {"archived": True, "read": True})
    later = replace(a_letter(), message_id="2@x.test", in_reply_to=a_letter().message_id)

    mail(api, later, own_address(api), ses_id="2")

    # The owner's own mail is no answer: what was put away stays away.
    assert found(api, "folder=archive") == ["Forty chairs"]


def test_who_takes_part_is_shown_and_who_may_become_a_person(api: Api, mailed: str) -> None:
    letter = replace(a_letter(), message_id="2@x.test", in_reply_to=a_letter().message_id)
    mail(api, replace(letter, cc="Nora <nora@new.test>"), own_address(api), ses_id="2")

    found = api.get(f"/v1/threads/{mailed}/correspondents").json_body["data"]

    assert found == [
        {
            "address": "paula@acme.test",
            "name": "Paula Prospect",
            "person_id": "person-paula",
            "offered": False,
            "why_not": None,
        },
        {
            "address": "nora@new.test",
            "name": "Nora",
            "person_id": None,
            "offered": True,
            "why_not": None,
        },
    ]
