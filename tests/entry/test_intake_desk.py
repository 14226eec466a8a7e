"""What admins do with mail that was kept apart; what is too large or too much."""

from dataclasses import replace
from typing import Any

import boto3
import pytest

from chalicelib.domain.ids import UserId
from chalicelib.domain.mail.floods import PER_ADDRESS, Allowance
from chalicelib.entry import wiring
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_deal, a_person, an_organization
from tests.conftest import BUCKET
from tests.entry.conftest import ADAM, OLGA, Api
from tests.entry.mailing import mail, own_address
from tests.letters import Letter, a_letter


@pytest.fixture
def known(stores: Stores) -> None:
    """Let Paula of Acme be known, with her deal."""
    for item in (an_organization(), a_person(), a_deal()):
        stores.items.create(item)


def a_letter_with_a_file(name: str = "offer.pdf") -> Letter:
    return replace(
        a_letter(),
        headers={"Content-Type": "multipart/mixed; boundary=b"},
        text=f"--b\r\n\r\nHere.\r\n--b\r\nContent-Type: application/pdf; name={name}\r\n\r\n%PDF"
        "\r\n--b--",
    )


def kept_apart(api: Api) -> list[dict[str, Any]]:
    return list(api.of(ADAM).get("/v1/intake").json_body["data"])


@pytest.mark.usefixtures("known")
def test_a_mail_that_was_quarantined_is_released_into_its_thread(api: Api) -> None:
    mail(api, a_letter(), own_address(api), dmarc="FAIL")
    [kept] = kept_apart(api)

    released = api.of(ADAM).post(f"/v1/intake/{kept['id']}/release", {}).json_body["data"]

    assert (kept["from"], kept["subject"]) == ("sally@northwind.test", "Forty chairs")
    assert (released["outcome"], released["reason"]) == ("stored", "not_authenticated")
    assert (released["handling"], released["handled_by"]) == ("released", "user-adam")
    [thread] = api.get("/v1/threads").json_body["data"]
    assert (thread["id"], thread["item"]["id"]) == (released["thread_id"], "deal-1")
    assert kept_apart(api) == []


def test_a_released_mail_cannot_be_released_or_discarded_again(api: Api) -> None:
    mail(api, a_letter(), own_address(api), dmarc="FAIL")
    [kept] = kept_apart(api)
    api.of(ADAM).post(f"/v1/intake/{kept['id']}/release", {})

    for verb in ("release", "discard"):
        refused = api.of(ADAM).post(f"/v1/intake/{kept['id']}/{verb}", {})
        assert (refused.status_code, refused.json_body["code"]) == (409, "already_handled")


def test_a_discarded_mail_is_listed_no_more_and_never_filed(api: Api) -> None:
    mail(api, a_letter(), own_address(api), dmarc="FAIL")
    [kept] = kept_apart(api)

    discarded = api.of(ADAM).post(f"/v1/intake/{kept['id']}/discard", {}).json_body["data"]

    assert (discarded["outcome"], discarded["handling"]) == ("quarantined", "discarded")
    assert kept_apart(api) == []
    assert api.of(ADAM).post(f"/v1/intake/{kept['id']}/replay", {}).status_code == 409
    assert api.get("/v1/threads").json_body["data"] == []


@pytest.mark.parametrize("verb", ["release", "replay", "discard"])
def test_mail_kept_apart_is_the_admins_of_its_own_tenant(api: Api, verb: str) -> None:
    mail(api, a_letter(), own_address(api), dmarc="FAIL")
    [kept] = kept_apart(api)
    path = f"/v1/intake/{kept['id']}/{verb}"

    assert api.post(path, {}).status_code == 403
    assert api.of(OLGA).post(path, {}).status_code == 404
    assert api.of(ADAM).post(f"/v1/intake/none/{verb}", {}).status_code == 404


def test_a_replay_goes_by_todays_rules(api: Api, stores: Stores) -> None:
    letter = replace(a_letter(), from_="Sally <sally@home.test>")
    mail(api, letter, own_address(api))
    [kept] = kept_apart(api)
    still = api.of(ADAM).post(f"/v1/intake/{kept['id']}/replay", {}).json_body["data"]
    sally = stores.users.get(UserId("user-sally"))
    confirmed = (*sally.confirmed_addresses, "sally@home.test")
    stores.users.save(replace(sally, confirmed_addresses=confirmed))

    replayed = api.of(ADAM).post(f"/v1/intake/{kept['id']}/replay", {}).json_body["data"]

    assert (kept["reason"], still["outcome"]) == ("sender_not_confirmed", "quarantined")
    assert (replayed["outcome"], replayed["handling"], replayed["diff"]) == (
        "stored",
        "released",
        [],
    )
    assert len(api.get("/v1/threads").json_body["data"]) == 1


def test_a_replay_says_what_is_read_differently(api: Api, stores: Stores) -> None:
    mail(api, a_letter(), own_address(api))
    [thread] = api.get("/v1/threads").json_body["data"]
    path = f"/v1/threads/{thread['id']}/messages"
    [message] = api.get(path).json_body["data"]
    body = stores.messages.find_body(message["id"])
    assert body is not None
    stores.messages.keep_body(message["id"], replace(body, visible_text="Misread.", defects=("x",)))
    [delivery_id] = stored_deliveries()

    replayed = api.of(ADAM).post(f"/v1/intake/{delivery_id}/replay", {}).json_body["data"]

    assert replayed["diff"] == [
        {"field": "visible_text", "before": "Misread.", "after": "Here is our offer."},
        {"field": "defects", "before": "x", "after": ""},
    ]
    assert replayed["thread_id"] == thread["id"]
    [again] = api.get(path).json_body["data"]
    assert (again["visible_text"], again["defects"]) == ("Here is our offer.", [])


def stored_deliveries() -> list[str]:
    """Return the ids of all deliveries, as an operator finds them in the log."""
    table = boto3.resource("dynamodb").Table("sekvens-test")
    return [
        str(row["delivery_id"]) for row in table.scan()["Items"] if "#delivery#" in str(row["pk"])
    ]


def test_the_files_of_a_released_virus_are_given_to_nobody(api: Api, stores: Stores) -> None:
    letter = a_letter_with_a_file()
    mail(api, letter, own_address(api), virus="FAIL")
    [kept] = kept_apart(api)

    released = api.of(ADAM).post(f"/v1/intake/{kept['id']}/release", {}).json_body["data"]

    messages = api.get(f"/v1/threads/{released['thread_id']}/messages").json_body["data"]
    [attachment] = messages[0]["attachments"]
    assert (kept["reason"], attachment["name"]) == ("virus", "offer.pdf")
    assert attachment["url"] is None


def test_a_file_is_loaded_as_a_file_for_a_minute(api: Api) -> None:
    mail(api, a_letter_with_a_file('"a\\"b.html"'), own_address(api))
    [thread] = api.get("/v1/threads").json_body["data"]

    [message] = api.get(f"/v1/threads/{thread['id']}/messages").json_body["data"]

    url = message["attachments"][0]["url"]
    assert "response-content-disposition=attachment" in url
    assert "response-content-type=application%2Foctet-stream" in url
    assert "X-Amz-Expires=60" in url or "Expires=" in url


def test_a_mail_of_21_megabytes_is_parked_and_its_owner_told_once(api: Api) -> None:
    huge = replace(a_letter(), text="x" * 21_000_000)
    sent = wiring.s3().list_objects_v2
    mail(api, huge, own_address(api))
    [kept] = kept_apart(api)

    refused = api.of(ADAM).post(f"/v1/intake/{kept['id']}/release", {})

    assert (kept["outcome"], kept["reason"]) == ("parked", "too_large")
    assert (refused.status_code, refused.json_body["errors"][0]["code"]) == (422, "too_large")
    listed = sent(Bucket=BUCKET, Prefix=f"t/aaaaaaaaaa/raw/{kept['id']}")
    assert [each["Size"] for each in listed["Contents"]] == [len(huge.octets)]


def test_a_mail_of_19_megabytes_is_filed(api: Api) -> None:
    large = replace(a_letter(), text=("x" * 990 + "\r\n") * 19_000)

    mail(api, large, own_address(api))

    assert kept_apart(api) == []
    assert len(api.get("/v1/threads").json_body["data"]) == 1


def test_what_comes_after_the_allowance_is_beyond_it_until_the_next_stretch(
    stores: Stores,
) -> None:
    guards, two = stores.mail_guards, Allowance(2, PER_ADDRESS.within)

    counted = [guards.is_beyond(two, "address a", NOW) for _ in range(3)]

    assert counted == [False, False, True]
    assert guards.is_beyond(two, "address b", NOW) is False
    assert guards.is_beyond(two, "address a", NOW + PER_ADDRESS.within) is False
