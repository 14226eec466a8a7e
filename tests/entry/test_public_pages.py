"""The pages behind the links in mails, and the doors to sender addresses."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from chalice.test import Client, HTTPResponse

from app import app
from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.ids import EnrollmentId, UserId
from chalicelib.domain.mail.public_tokens import (
    ConfirmToken,
    UnsubscribeToken,
    format_confirm,
    format_unsubscribe,
    parse_public_token,
)
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.storage.sender_addresses import AskedAddress
from chalicelib.storage.stores import Stores
from tests.builders import TENANT
from tests.doubles import Doubles
from tests.entry.conftest import OLGA, Api
from tests.services.runner import Runner

KEYS: Final = (("a", b"a-key-for-tests"),)
NONCE: Final = "n" * 26
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def knock(api: Api, method: str, token: str) -> HTTPResponse:
    """Call a page as a browser or a mail program does, without any account."""
    if method == "GET":
        return api.client.http.get(f"/u/{token}")
    body = b"List-Unsubscribe=One-Click"
    return api.client.http.post(f"/u/{token}", headers=FORM, body=body)


def asked(stores: Stores) -> str:
    """Let Sally ask for an address; return the token of the mail."""
    until = datetime.now(UTC) + timedelta(hours=1)
    stores.sender_addresses.put(
        AskedAddress(
            user_id=UserId("user-sally"), address="sally@home.test", nonce=NONCE, until=until
        )
    )
    return format_confirm(TENANT, NONCE, keys=KEYS)


def test_a_get_shows_what_would_be_confirmed_and_a_post_confirms_it_once(
    api: Api, stores: Stores
) -> None:
    token = asked(stores)

    shown = knock(api, "GET", token)
    unchanged = stores.users.get(UserId("user-sally")).confirmed_addresses
    confirmed = knock(api, "POST", token)
    again = knock(api, "POST", token)

    assert "sally@home.test" in shown.body.decode()
    assert unchanged == ("sally@northwind.test",)
    assert "Confirmed" in confirmed.body.decode()
    assert "Nothing to confirm" in again.body.decode()
    assert stores.users.get(UserId("user-sally")).confirmed_addresses == (
        "sally@northwind.test",
        "sally@home.test",
    )
    assert (shown.headers["Referrer-Policy"], shown.headers["Cache-Control"]) == (
        "no-referrer",
        "no-store",
    )


def test_a_get_changes_nothing_and_a_post_unsubscribes_whoever_sends_it(
    stores: Stores, doubles: Doubles
) -> None:
    runner = Runner(stores, doubles)
    runner.set_up()
    api = Api(Client(app))
    enrollment_id = runner.enroll()
    token = format_unsubscribe(TENANT, enrollment_id, "paula@acme.test", keys=KEYS)

    shown = knock(api, "GET", token)
    untouched = (stores.addresses.suppression("paula@acme.test"), runner.head(enrollment_id).status)
    done = knock(api, "POST", token)
    again = knock(api, "POST", token)

    assert "paula@acme.test" in shown.body.decode()
    assert untouched == (None, Status.ACTIVE)
    assert (done.status_code, again.status_code) == (200, 200)
    suppression = stores.addresses.suppression("paula@acme.test")
    assert suppression is not None
    assert suppression.reason is SuppressionReason.UNSUBSCRIBED
    head = runner.head(enrollment_id)
    assert (head.status, head.reason) == (Status.EXITED, "unsubscribed")


def test_a_wish_outlives_the_enrollment_that_caused_it(api: Api, stores: Stores) -> None:
    token = format_unsubscribe(TENANT, EnrollmentId("z" * 26), "paula@acme.test", keys=KEYS)

    answer = knock(api, "POST", token)

    assert answer.status_code == 200
    assert stores.addresses.suppression("paula@acme.test") is not None


@pytest.mark.parametrize("token", ["x", "c" + "a" * 60, "%3Cscript%3E", "u" * 2_000])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_not_ours_leads_nowhere(api: Api, method: str, token: str) -> None:
    assert knock(api, method, token).status_code == 404


def test_a_token_says_one_thing_and_cannot_be_changed_into_another() -> None:
    confirm = format_confirm(TENANT, NONCE, keys=KEYS)
    other = format_unsubscribe(TENANT, EnrollmentId("e" * 26), "päula@acme.test", keys=KEYS)

    assert parse_public_token(confirm.upper(), keys=KEYS) == ConfirmToken(
        tenant_id=TENANT, nonce=NONCE
    )
    assert parse_public_token(other, keys=KEYS) == UnsubscribeToken(
        tenant_id=TENANT, enrollment_id=EnrollmentId("e" * 26), address="päula@acme.test"
    )
    for forged in (f"u{confirm[1:]}", f"c{other[1:]}", confirm.replace("n", "m", 1), other[:-1]):
        assert parse_public_token(forged, keys=KEYS) is None


def test_sender_addresses_are_asked_for_listed_and_taken_away(api: Api, stores: Stores) -> None:
    made = api.post("/v1/sender-addresses", {"address": "sally@home.test"})

    asked_for = made.json_body["data"]
    listed = api.get("/v1/sender-addresses").json_body["data"]
    removed = api.delete(f"/v1/sender-addresses/{asked_for['id']}")

    assert (made.status_code, asked_for["status"]) == (201, "asked")
    assert [(each["address"], each["status"]) for each in listed] == [
        ("sally@northwind.test", "confirmed"),
        ("sally@home.test", "unconfirmed"),
    ]
    assert removed.json_body["data"]["deleted"] is True
    assert api.delete(f"/v1/sender-addresses/{asked_for['id']}").status_code == 404
    assert api.of(OLGA).delete(f"/v1/sender-addresses/{asked_for['id']}").status_code == 404
