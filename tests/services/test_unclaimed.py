"""Mail that lies where SES wrote it: taken in again, or parked for the operator."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.ids import UserId
from chalicelib.domain.mail.filed import Outcome
from chalicelib.services import smart_bcc, unclaimed
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_tenant, a_user
from tests.doubles import Doubles
from tests.letters import PostOffice, a_letter, a_notification

SALLY = UserId("user-sally")


@pytest.fixture
def office(stores: Stores, doubles: Doubles) -> PostOffice:
    """Set up a tenant where Sally has an address, half an hour after the mails of the test."""
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    # S3 says when an object was written by its own clock.
    doubles.clock.instant = datetime.now(UTC) + timedelta(minutes=30)
    return PostOffice(doubles)


def look(office: PostOffice) -> tuple[int, int, int]:
    found = unclaimed.look(room=office.room, outside=office.doubles.outside)
    return found.looked_at, found.parked, found.failed


def bcc_of(stores: Stores, doubles: Doubles) -> str:
    address = smart_bcc.create(SALLY, item=None, stores=stores, outside=doubles.outside, now=NOW)
    return f"{address.local_part}@{doubles.outside.inbound_domain}"


def test_a_mail_of_which_nobody_told_is_parked_once(stores: Stores, office: PostOffice) -> None:
    office.put(a_letter().octets, "lost-1")

    first, again = look(office), look(office)

    assert (first, again) == ((1, 1, 0), (1, 0, 0))
    [parked] = office.room.unroutable.list_page(limit=5, cursor=None).rows
    assert (parked.outcome, parked.reason) == (Outcome.PARKED, "no_notification")


def test_a_mail_that_intake_began_and_gave_up_is_taken_in(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    office.put(a_letter().octets, "begun-1")
    told = json.dumps(a_notification(bcc_of(stores, doubles), ses_id="begun-1")).encode()
    office.room.raw.keep_receipt("inbound/begun-1", told)

    assert look(office) == (1, 0, 0)

    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert thread.message_count == 1
    assert look(office) == (1, 0, 0)
    assert stores.threads.get(thread.id).message_count == 1


def test_a_notification_that_comes_late_is_taken_in_all_the_same(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    office.put(a_letter().octets, "late-1")
    look(office)

    [delivery] = office.notify(a_notification(bcc_of(stores, doubles), ses_id="late-1"))

    assert delivery.outcome is Outcome.STORED


def test_a_mail_that_has_just_come_is_left_alone(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    doubles.clock.instant = datetime.now(UTC) + timedelta(minutes=14)
    office.put(a_letter().octets, "new-1")

    assert look(office) == (0, 0, 0)


def test_what_fails_is_looked_at_again_and_keeps_no_other_back(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    office.put(a_letter().octets, "a-broken")
    office.room.raw.keep_receipt("inbound/a-broken", b"no receipt")
    office.put(a_letter().octets, "b-lost")

    assert look(office) == (2, 1, 1)
    assert look(office) == (2, 0, 1)


def test_what_was_looked_at_long_ago_is_looked_at_no_more(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    office.put(a_letter().octets, "lost-1")
    doubles.clock.advance(timedelta(hours=3))
    look(office)

    assert look(office) == (0, 0, 0)
