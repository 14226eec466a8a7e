"""Answers to the mails of an enrollment, through its Reply-To address."""

import os
from dataclasses import replace
from email import message_from_bytes
from typing import Final

import boto3
import pytest
from pynamodb.exceptions import AttributeDeserializationError

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId, UserId
from chalicelib.domain.mail.filed import Outcome
from chalicelib.domain.mail.linking import Reason
from chalicelib.domain.mail.message import Direction
from chalicelib.domain.mail.reply_token import format_reply_address
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.services import smart_bcc, threads
from chalicelib.storage import keys
from chalicelib.storage.deliveries import delivery_id
from chalicelib.storage.rows.deliveries import DeliveryRow
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_caller
from tests.doubles import Doubles
from tests.letters import Letter, PostOffice, a_notification, an_answer
from tests.services.runner import Runner

SALLY: Final = UserId("user-sally")
WIRE_ID: Final = "ses-1@eu-central-1.amazonses.com"


@pytest.fixture
def office(doubles: Doubles) -> PostOffice:
    """Open the post office."""
    return PostOffice(doubles)


@pytest.fixture
def enrolled(runner: Runner) -> EnrollmentId:
    """Enroll the lead and send its first mail."""
    enrollment_id = runner.enroll()
    runner.drain()
    return enrollment_id


def token_of(doubles: Doubles) -> str:
    """Return the token address that the latest sent mail bears in its Reply-To."""
    reply_to = str(message_from_bytes(doubles.mailer.sent[-1].mime)["Reply-To"])
    return next(each.strip() for each in reply_to.split(",") if "r-a" in each).strip("<>")


def the_answer() -> Letter:
    return replace(an_answer(), in_reply_to=WIRE_ID, references=(WIRE_ID,))


def put_broken_row(pk: str) -> None:
    """Put a row whose attributes nobody can read."""
    broken = {"N": "1"}
    item = {
        "pk": {"S": pk},
        "sk": {"S": keys.HEAD},
        **dict.fromkeys(("thread_id", "outcome"), broken),
    }
    boto3.client("dynamodb").put_item(TableName=os.environ["TABLE_NAME"], Item=item)


def test_an_answer_joins_the_thread_and_answers_the_condition(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    [delivery] = office.deliver(the_answer().octets, token_of(doubles))

    assert delivery.outcome is Outcome.STORED
    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert delivery.thread_id == thread.id
    assert (thread.message_count, thread.folder) == (2, "inbox")
    assert thread.link.item == ItemRef(ItemKind.LEAD, ItemId("lead-1"))
    assert thread.link.reason is Reason.ENROLLMENT
    assert thread.persons == (ItemId("person-paula"),)
    [heard] = stores.enrollments.stand(enrolled).heard
    assert (heard.step_id, heard.is_proven) == ("a1", True)
    assert runner.head(enrolled).outcome == "interested"


@pytest.mark.parametrize(
    "ref",
    [
        ItemRef(ItemKind.LEAD, ItemId("lead-1")),
        ItemRef(ItemKind.PERSON, ItemId("person-paula")),
        ItemRef(ItemKind.ORGANIZATION, ItemId("org-acme")),
    ],
)
def test_the_thread_of_an_enrolled_lead_is_listed_everywhere_before_and_after_an_answer(
    stores: Stores, doubles: Doubles, enrolled: EnrollmentId, office: PostOffice, ref: ItemRef
) -> None:
    before = stores.threads.list_page_of_item(ref, limit=5, cursor=None).rows

    office.deliver(the_answer().octets, token_of(doubles))

    after = stores.threads.list_page_of_item(ref, limit=5, cursor=None).rows
    assert [each.id for each in before] == [stores.threads.id_of_enrollment(enrolled)]
    assert [each.id for each in after] == [stores.threads.id_of_enrollment(enrolled)]


def test_an_answer_that_names_a_hundred_mails_is_filed_and_heard(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    many = "> <".join(f"r{each}@x.test" for each in range(150))
    letter = replace(
        the_answer(), in_reply_to=many, references=(WIRE_ID, *many.split("> <")), to="", cc=""
    )

    [delivery] = office.deliver(letter.octets, token_of(doubles))

    assert delivery.outcome is Outcome.STORED
    [heard] = stores.enrollments.stand(enrolled).heard
    assert (heard.step_id, heard.is_proven) == ("a1", True)


def test_an_answer_is_heard_even_if_it_cannot_be_filed(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    own = keys.wire_pointer(stores.tenant_id, SALLY, the_answer().message_id)
    put_broken_row(own)

    with pytest.raises(AttributeDeserializationError):
        office.deliver(the_answer().octets, token_of(doubles))

    assert runner.head(enrolled).outcome == "interested"


def test_the_trouble_of_one_recipient_keeps_no_other_from_the_mail(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    domain = doubles.outside.inbound_domain
    address = smart_bcc.create(SALLY, item=None, stores=stores, outside=doubles.outside, now=NOW)
    own, token = f"{address.local_part}@{domain}", token_of(doubles)
    put_broken_row(keys.delivery(stores.tenant_id, delivery_id("ses-in-1", own)))

    with pytest.raises(AttributeDeserializationError):
        office.deliver(the_answer().octets, own, f"nobody@{domain}", token)

    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert thread.message_count == 2
    assert runner.head(enrolled).outcome == "interested"


def test_a_mail_that_several_recipients_have_not_got_comes_again(
    stores: Stores, doubles: Doubles, enrolled: EnrollmentId, office: PostOffice
) -> None:
    domain = doubles.outside.inbound_domain
    address = smart_bcc.create(SALLY, item=None, stores=stores, outside=doubles.outside, now=NOW)
    own, token = f"{address.local_part}@{domain}", token_of(doubles)
    for each in (own, token):
        put_broken_row(keys.delivery(stores.tenant_id, delivery_id("ses-in-1", each)))

    with pytest.raises(ExceptionGroup) as raised:
        office.deliver(the_answer().octets, own, token)

    assert len(raised.value.exceptions) == 2


def test_the_token_alone_finds_the_thread_of_an_answer_without_headers(
    stores: Stores, doubles: Doubles, enrolled: EnrollmentId, office: PostOffice
) -> None:
    bare = replace(an_answer(), in_reply_to="", references=(), message_id="")

    [delivery] = office.deliver(bare.octets, token_of(doubles).upper())

    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert delivery.thread_id == thread.id
    assert thread.message_count == 2


def test_the_same_answer_twice_is_heard_once(
    stores: Stores, doubles: Doubles, enrolled: EnrollmentId, office: PostOffice
) -> None:
    token = token_of(doubles)
    office.deliver(the_answer().octets, token)

    [again] = office.deliver(the_answer().octets, token)

    assert again.outcome is Outcome.DUPLICATE
    assert len(stores.enrollments.stand(enrolled).heard) == 1


def test_an_answer_that_nobody_vouches_for_only_pauses(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    [delivery] = office.deliver(the_answer().octets, token_of(doubles), dmarc="FAIL")

    assert delivery.outcome is Outcome.STORED
    head = runner.head(enrolled)
    assert (head.status, head.reason) == (Status.PAUSED, "unverified_reply")


def test_a_strangers_unproven_answer_is_quarantined_and_still_pauses(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    letter = replace(the_answer(), from_="Eve <eve@evil.test>")

    [delivery] = office.deliver(letter.octets, token_of(doubles), dmarc="FAIL")

    assert (delivery.outcome, delivery.reason) == (Outcome.QUARANTINED, "stranger_in_thread")
    assert runner.head(enrolled).status is Status.PAUSED


def test_a_virus_is_quarantined_and_is_no_answer(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    [delivery] = office.deliver(the_answer().octets, token_of(doubles), virus="FAIL")

    assert delivery.reason == "virus"
    assert runner.head(enrolled).status is Status.ACTIVE


def test_a_copy_of_our_own_mail_is_shown_and_is_no_answer(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    letter = replace(the_answer(), from_="Sally <sally@northwind.test>", to="paula@acme.test")

    [delivery] = office.deliver(letter.octets, token_of(doubles))

    assert delivery.outcome is Outcome.STORED
    assert delivery.thread_id is not None
    copy = stores.messages.list_page(delivery.thread_id, limit=5, cursor=None).rows[-1]
    assert copy.direction is Direction.OUTGOING
    assert runner.head(enrolled).status is Status.ACTIVE


def test_the_mail_that_we_sent_coming_back_is_a_duplicate(
    stores: Stores, doubles: Doubles, enrolled: EnrollmentId, office: PostOffice
) -> None:
    echo = replace(the_answer(), from_="sally@northwind.test", message_id=WIRE_ID, in_reply_to="")

    [delivery] = office.deliver(echo.octets, token_of(doubles))

    assert delivery.outcome is Outcome.DUPLICATE
    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows
    assert thread.message_count == 1


def test_an_automatic_answer_is_shown_and_stops_nothing(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    letter = replace(the_answer(), headers={"Auto-Submitted": "auto-replied"})

    [delivery] = office.deliver(letter.octets, token_of(doubles))

    assert delivery.outcome is Outcome.STORED
    assert runner.head(enrolled).status is Status.ACTIVE


REPORT = """--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.test

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
--b
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: quoted-printable

To: {recipient}
Message-ID: <{original}>
--b--
"""


def a_bounce(recipient: str, status: str, original: str = WIRE_ID) -> bytes:
    headers = {"Content-Type": "multipart/report; report-type=delivery-status; boundary=b"}
    return Letter(
        from_="MAILER-DAEMON <mailer-daemon@mx.elsewhere.test>",
        subject="Undelivered",
        message_id="bounce-1@mx.elsewhere.test",
        headers=headers,
        text=REPORT.format(recipient=recipient, status=status, original=original).replace(
            "\n", "\r\n"
        ),
    ).octets


def test_a_hard_bounce_of_the_enrolled_person_ends_the_enrollment(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    bounce = a_bounce("paula@acme.test", "5.1.1")

    [delivery] = office.deliver(bounce, token_of(doubles), dmarc="FAIL")

    assert delivery.outcome is Outcome.STORED
    head = runner.head(enrolled)
    assert (head.status, head.reason) == (Status.EXITED, "bounced")


def test_a_bounce_whose_lines_were_broken_still_bears_our_mail(
    doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    bounce = a_bounce("paula@acme.test", "5.1.1", "ses-1@=\neu-central-1.amazonses.com")

    office.deliver(bounce, token_of(doubles), dmarc="FAIL")

    assert runner.head(enrolled).reason == "bounced"


@pytest.mark.parametrize("dmarc", ["FAIL", "PASS"])
@pytest.mark.parametrize("original", ["", "ses-2@eu-central-1.amazonses.com"])
def test_a_bounce_that_anybody_could_have_made_only_pauses_whoever_signed_it(
    stores: Stores,
    doubles: Doubles,
    runner: Runner,
    enrolled: EnrollmentId,
    office: PostOffice,
    original: str,
    dmarc: str,
) -> None:
    bounce = a_bounce("paula@acme.test", "5.1.1", original)

    [delivery] = office.deliver(bounce, token_of(doubles), dmarc=dmarc)

    assert delivery.outcome is Outcome.STORED
    head = runner.head(enrolled)
    assert (head.status, head.reason) == (Status.PAUSED, "unverified_reply")
    assert stores.addresses.suppression("paula@acme.test") is None


@pytest.mark.parametrize(
    "recipient, status", [("paula@acme.test", "4.2.2"), ("other@acme.test", "5.1.1")]
)
def test_a_soft_bounce_or_one_of_somebody_else_ends_nothing(
    doubles: Doubles,
    runner: Runner,
    enrolled: EnrollmentId,
    office: PostOffice,
    recipient: str,
    status: str,
) -> None:
    office.deliver(a_bounce(recipient, status), token_of(doubles))

    assert runner.head(enrolled).status is Status.ACTIVE


def test_an_answer_to_an_enrollment_that_is_gone_is_parked(
    stores: Stores, doubles: Doubles, office: PostOffice
) -> None:
    outside = doubles.outside
    token = format_reply_address(
        stores.tenant_id,
        EnrollmentId("z" * 26),
        keys=outside.mac_keys,
        domain=outside.inbound_domain,
    )

    [delivery] = office.deliver(the_answer().octets, token)

    assert (delivery.outcome, delivery.reason) == (Outcome.PARKED, "not_found")


def test_an_answer_that_outruns_the_ledger_begins_the_enrollments_thread(
    stores: Stores, doubles: Doubles, runner: Runner, office: PostOffice
) -> None:
    enrollment_id = runner.enroll()
    outside = doubles.outside
    token = format_reply_address(
        stores.tenant_id, enrollment_id, keys=outside.mac_keys, domain=outside.inbound_domain
    )

    [delivery] = office.deliver(the_answer().octets, token)

    assert delivery.thread_id == stores.threads.id_of_enrollment(enrollment_id)


def test_a_mail_that_was_sent_can_be_opened(
    stores: Stores, doubles: Doubles, enrolled: EnrollmentId
) -> None:
    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows

    [sent] = threads.list_messages(
        thread.id, limit=5, cursor=None, caller=a_caller(), stores=stores
    ).rows

    assert "We should talk, Paula" in sent.body.text
    assert sent.body.to[0].address == "paula@acme.test"


def test_after_a_crash_before_the_last_step_the_redelivery_ends_right(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    office.put(the_answer().octets, "ses-in-9")
    told = a_notification(token_of(doubles), ses_id="ses-in-9")
    [delivery] = office.notify(told)
    DeliveryRow(keys.delivery(stores.tenant_id, delivery.id), keys.HEAD).delete()

    [again] = office.notify(told)

    assert again == delivery
    assert len(stores.enrollments.stand(enrolled).heard) == 1


def test_the_thread_of_an_enrollment_is_listed_under_its_lead(
    stores: Stores, doubles: Doubles, enrolled: EnrollmentId
) -> None:
    [thread] = stores.threads.list_page(SALLY, limit=5, cursor=None).rows

    [listed] = stores.threads.list_page_of_item(
        ItemRef(ItemKind.LEAD, ItemId("lead-1")), limit=5, cursor=None
    ).rows

    assert listed == thread
