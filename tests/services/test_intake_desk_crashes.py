"""What people do about mail, stopped before any of its calls and done again, and then once more."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import boto3
import pytest

from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.ids import DeliveryId, UserId
from chalicelib.domain.mail.filed import AlreadyHandledError, Handling, Outcome
from chalicelib.domain.mail.public_tokens import ConfirmToken, UnsubscribeToken
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.services import sender_addresses, smart_bcc, unclaimed
from chalicelib.services.intake_desk import Desk, discard, replay
from chalicelib.services.unsubscribing import unsubscribe
from chalicelib.storage.sender_addresses import AskedAddress
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_tenant, a_user, an_admin, an_admin_caller
from tests.conftest import BUCKET
from tests.doubles import Doubles
from tests.letters import PostOffice, a_letter, a_notification
from tests.services.runner import Runner
from tests.services.test_intake_crashes import an_enrolled_lead, stops_before

SALLY = UserId("user-sally")
IS_WHOLE: Final = os.environ.get("SEKVENS_CRASH") == "all"
STRIDE: Final = 1 if IS_WHOLE else 3
"""Of what is long, `make test-crash` cuts before every call, everyday tests before every third."""


@pytest.fixture
def office(stores: Stores, doubles: Doubles) -> PostOffice:
    """Set up a tenant with Sally, and an admin who looks at what is kept apart."""
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    stores.users.save(an_admin())
    return PostOffice(doubles)


@pytest.fixture
def bcc(stores: Stores, doubles: Doubles, office: PostOffice) -> str:
    """Give Sally a Smart Bcc address."""
    address = smart_bcc.create(SALLY, item=None, stores=stores, outside=doubles.outside, now=NOW)
    return f"{address.local_part}@{doubles.outside.inbound_domain}"


def a_desk(office: PostOffice, stores: Stores) -> Desk:
    outside = office.doubles.outside
    return Desk(caller=an_admin_caller(), room=office.room, stores=stores, outside=outside)


def confirm(stores: Stores, address: str) -> None:
    sally = stores.users.get(SALLY)
    confirmed = (*sally.confirmed_addresses, address)
    stores.users.save(replace(sally, confirmed_addresses=confirmed))


def wherever_it_stops(
    attempt: Callable[[int, Callable[[Callable[[], object]], bool]], None], *, by: int = 1
) -> list[int]:
    """Attempt something with the power cut before one call after another, until none is cut."""
    tried: list[int] = []
    is_cut = True

    def cut(run: Callable[[], object]) -> bool:
        nonlocal is_cut
        is_cut = stops_before(tried[-1], run)
        return is_cut

    while is_cut:
        tried.append(len(tried) * by)
        attempt(tried[-1], cut)
    return tried


def test_wherever_a_replay_stops_the_next_one_ends_right(
    stores: Stores, office: PostOffice, bcc: str
) -> None:
    desk = a_desk(office, stores)

    def attempt(calls: int, cut: Callable[[Callable[[], object]], bool]) -> None:
        sender = f"sally{calls}@home.test"
        letter = replace(
            a_letter(),
            from_=f"Sally <{sender}>",
            message_id=f"replayed-{calls}@x.test",
            text=f"Replayed {calls}.",
        )
        [kept] = office.deliver(letter.octets, bcc)
        assert kept.reason == "sender_not_confirmed"
        confirm(stores, sender)

        cut(partial(replay, kept.id, desk=desk))
        for _ in range(2):
            replay(kept.id, desk=desk)

        delivery = stores.deliveries.get(kept.id)
        assert delivery.handling is Handling.RELEASED
        assert delivery.outcome in {Outcome.STORED, Outcome.DUPLICATE}
        assert delivery.thread_id is not None
        assert stores.threads.get(delivery.thread_id).message_count == 1

    assert wherever_it_stops(attempt, by=STRIDE)[-1] > 10
    assert stores.deliveries.list_page(limit=5, cursor=None).rows == []


def test_wherever_a_discard_stops_the_mail_waits_or_is_gone(
    stores: Stores, office: PostOffice, bcc: str
) -> None:
    desk = a_desk(office, stores)

    def finish(kept: DeliveryId) -> None:
        if stores.deliveries.get(kept).is_waiting:
            discard(kept, desk=desk)

    def attempt(calls: int, cut: Callable[[Callable[[], object]], bool]) -> None:
        letter = replace(a_letter(), message_id=f"discarded-{calls}@x.test", text=f"No {calls}.")
        [kept] = office.deliver(letter.octets, bcc, dmarc="FAIL")

        cut(partial(discard, kept.id, desk=desk))
        finish(kept.id)

        assert stores.deliveries.get(kept.id).handling is Handling.DISCARDED
        with pytest.raises(AlreadyHandledError):
            discard(kept.id, desk=desk)

    assert len(wherever_it_stops(attempt)) > 2
    assert stores.deliveries.list_page(limit=5, cursor=None).rows == []
    assert stores.threads.list_page(SALLY, limit=5, cursor=None).rows == []


def test_wherever_a_confirmation_stops_the_link_is_still_good(
    stores: Stores, office: PostOffice
) -> None:
    def attempt(calls: int, cut: Callable[[Callable[[], object]], bool]) -> None:
        address, nonce = f"sally{calls}@home.test", f"nonce{calls}"
        stores.sender_addresses.put(
            AskedAddress(user_id=SALLY, address=address, nonce=nonce, until=NOW + timedelta(days=1))
        )
        token = ConfirmToken(tenant_id=stores.tenant_id, nonce=nonce)

        cut(partial(sender_addresses.confirm, token, stores=stores, now=NOW))
        for _ in range(2):
            sender_addresses.confirm(token, stores=stores, now=NOW)

        assert stores.users.get(SALLY).confirmed_addresses.count(address) == 1
        assert sender_addresses.confirm(token, stores=stores, now=NOW) is None
        assert stores.sender_addresses.list_of(SALLY) == []

    assert len(wherever_it_stops(attempt)) > 3


def test_wherever_an_unsubscribing_stops_no_further_mail_goes_out(
    stores: Stores, doubles: Doubles, runner: Runner
) -> None:
    def attempt(calls: int, cut: Callable[[Callable[[], object]], bool]) -> None:
        enrollment_id = an_enrolled_lead(runner, 500 + calls)
        token = UnsubscribeToken(
            tenant_id=stores.tenant_id,
            enrollment_id=enrollment_id,
            address=f"paula{calls}@acme.test",
        )

        cut(partial(unsubscribe, token, stores=stores, outside=doubles.outside))
        for _ in range(2):
            unsubscribe(token, stores=stores, outside=doubles.outside)

        head = runner.head(enrollment_id)
        assert (head.status, head.reason) == (Status.EXITED, "unsubscribed")
        suppression = stores.addresses.suppression(token.address)
        assert suppression is not None
        assert suppression.reason is SuppressionReason.UNSUBSCRIBED
        ended = [each.state for each in stores.enrollments.history(enrollment_id)]
        assert ended.count("unsubscribed") == 1

    assert len(wherever_it_stops(attempt)) > 3


def test_wherever_the_hourly_round_stops_the_next_one_finds_every_mail(
    stores: Stores, doubles: Doubles, office: PostOffice, bcc: str
) -> None:
    # S3 says when an object was written by its own clock.
    doubles.clock.instant = datetime.now(UTC) + timedelta(minutes=30)
    look = partial(unclaimed.look, room=office.room, outside=doubles.outside)

    def attempt(calls: int, cut: Callable[[Callable[[], object]], bool]) -> None:
        begun, lost = f"begun-{calls}", f"lost-{calls}"
        letter = replace(a_letter(), message_id=f"{begun}@x.test", text=f"Begun {calls}.")
        office.put(letter.octets, begun)
        told = json.dumps(a_notification(bcc, ses_id=begun)).encode()
        office.room.raw.keep_receipt(f"inbound/{begun}", told)
        office.put(replace(letter, message_id=f"{lost}@x.test").octets, lost)

        cut(look)
        for _ in range(2):
            assert look().failed == 0

        _sweep_inbound()

    tried = wherever_it_stops(attempt, by=STRIDE)

    assert tried[-1] > 15
    threads = stores.threads.list_page(SALLY, limit=100, cursor=None).rows
    made = [each.ses_id for each in office.room.unroutable.list_page(limit=100, cursor=None).rows]
    assert [each.message_count for each in threads] == [1] * len(made)
    assert len(set(made)) == len(made) == len(tried)


def _sweep_inbound() -> None:
    """Leave nothing for the next round to look at once more."""
    s3 = boto3.client("s3")
    for each in s3.list_objects_v2(Bucket=BUCKET, Prefix="inbound/")["Contents"]:
        s3.delete_object(Bucket=BUCKET, Key=each["Key"])
