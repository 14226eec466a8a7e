"""The headers by which mail programs unsubscribe, and what becomes of their click."""

from dataclasses import replace
from email import message_from_bytes

from chalicelib.domain.mail.public_tokens import UnsubscribeToken, parse_public_token
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.services.unsubscribing import unsubscribe
from chalicelib.storage.stores import Stores
from tests.doubles import Doubles
from tests.services.runner import Runner


def test_a_mail_bears_the_headers_where_the_tenant_turned_them_on(
    stores: Stores, doubles: Doubles, runner: Runner
) -> None:
    tenant = stores.tenant.get()
    stores.tenant.save(replace(tenant, settings={"unsubscribe_header": True}))
    enrollment_id = runner.enroll()
    runner.drain()

    mail = message_from_bytes(doubles.mailer.sent[-1].mime)

    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = str(mail["List-Unsubscribe"])
    assert url.startswith("<https://api.sekvens.test/u/")
    token = parse_public_token(url.rpartition("/")[2].rstrip(">"), keys=doubles.outside.mac_keys)
    assert token == UnsubscribeToken(
        tenant_id=stores.tenant_id, enrollment_id=enrollment_id, address="paula@acme.test"
    )


def test_elsewhere_a_mail_is_a_persons_and_bears_none(
    stores: Stores, doubles: Doubles, runner: Runner
) -> None:
    runner.enroll()
    runner.drain()

    mail = message_from_bytes(doubles.mailer.sent[-1].mime)

    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None


def test_a_click_that_is_repeated_ends_the_enrollment_once(
    stores: Stores, doubles: Doubles, runner: Runner
) -> None:
    enrollment_id = runner.enroll()
    token = UnsubscribeToken(
        tenant_id=stores.tenant_id, enrollment_id=enrollment_id, address="paula@acme.test"
    )

    for _ in range(2):
        unsubscribe(token, stores=stores, outside=doubles.outside)
    runner.drain()

    head = runner.head(enrollment_id)
    assert (head.status, head.reason) == (Status.EXITED, "unsubscribed")
    assert doubles.mailer.sent == []
