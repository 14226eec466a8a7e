"""Mail that is too large or too much: parked with its reason, and its owner told."""

from dataclasses import replace
from email import message_from_bytes

import pytest

from chalicelib.domain.ids import UserId
from chalicelib.domain.mail.filed import Outcome
from chalicelib.domain.mail.floods import PER_ADDRESS, PER_CORRESPONDENT
from chalicelib.gateways.mailer import Fate, SendError
from chalicelib.services import smart_bcc
from chalicelib.storage import mail_keys, spelling
from chalicelib.storage.rows.mail_guards import ArrivalCountRow
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_tenant, a_user
from tests.doubles import Doubles
from tests.letters import PostOffice, a_letter
from tests.services.runner import Runner
from tests.services.test_replies import the_answer, token_of

SALLY = UserId("user-sally")


@pytest.fixture
def office(stores: Stores, doubles: Doubles) -> PostOffice:
    """Set up a tenant where Sally has an address."""
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    return PostOffice(doubles)


def bcc_of(stores: Stores, doubles: Doubles) -> str:
    address = smart_bcc.create(SALLY, item=None, stores=stores, outside=doubles.outside, now=NOW)
    return f"{address.local_part}@{doubles.outside.inbound_domain}"


def have_come(stores: Stores, scope: str, count: int) -> None:
    """Let so many mails have come in this stretch of time."""
    ArrivalCountRow(
        mail_keys.arrivals(stores.tenant_id, scope), spelling.instant(NOW), came=count
    ).save()


def test_the_owner_hears_once_of_a_mail_that_was_too_large(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    huge = replace(a_letter(), text="x" * 21_000_000).octets

    [first] = office.deliver(huge, address)
    [other] = office.deliver(b"Subject: of a few bytes\r\n\r\n", address)

    assert (first.outcome, first.reason) == (Outcome.PARKED, "too_large")
    assert other.reason != "too_large"
    [notice] = doubles.notifier.sent
    told = message_from_bytes(notice.mime)
    assert notice.recipients == ["sally@northwind.test"]
    assert (told["Auto-Submitted"], told["From"]) == (
        "auto-generated",
        "Sekvens <notices@in.sekvens.test>",
    )
    assert b"20 MB" in told.get_payload(decode=True)


def test_a_notice_that_cannot_be_sent_keeps_no_mail_from_being_parked(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    doubles.notifier.failures.append(SendError(Fate.LATER, "TooManyRequestsException"))

    [parked] = office.deliver(
        replace(a_letter(), text="x" * 21_000_000).octets, bcc_of(stores, doubles)
    )

    assert parked.reason == "too_large"


def test_a_flood_at_one_address_is_parked_and_told_of_once_a_day(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    address = bcc_of(stores, doubles)
    [own] = stores.smart_bcc.list_all()
    have_come(stores, f"address {own.id}", PER_ADDRESS.most - 1)

    ends = [
        office.deliver(replace(a_letter(), message_id=f"{each}@x.test").octets, address)[0]
        for each in range(3)
    ]

    assert [each.reason for each in ends] == ["", "too_many_mails", "too_many_mails"]
    assert [each.outcome for each in ends[1:]] == [Outcome.PARKED, Outcome.PARKED]
    assert len(doubles.notifier.sent) == 1
    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert thread.message_count == 1


def test_two_machines_that_answer_each_other_are_parked_and_heard_no_more(
    stores: Stores, doubles: Doubles, runner: Runner
) -> None:
    enrollment_id = runner.enroll()
    runner.drain()
    office = PostOffice(doubles)
    have_come_at = NOW.replace(hour=8)
    ArrivalCountRow(
        mail_keys.arrivals(stores.tenant_id, "correspondent paula@acme.test"),
        spelling.instant(have_come_at),
        came=PER_CORRESPONDENT.most,
    ).save()

    [parked] = office.deliver(the_answer().octets, token_of(doubles))

    assert (parked.outcome, parked.reason) == (Outcome.PARKED, "mail_loop")
    assert stores.enrollments.stand(enrollment_id).heard == ()
