"""What a mail to a Reply-To address means for its enrollment: absences, meetings, complaints."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from chalicelib.domain.crm.items import EmailAddress, ItemKind, ItemRef
from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.ids import EnrollmentId, ItemId, UserId
from chalicelib.domain.mail.filed import Outcome
from chalicelib.domain.sequences.enrollment import Status
from chalicelib.storage.stores import Stores
from tests.builders import a_person
from tests.doubles import Doubles
from tests.letters import Letter, PostOffice
from tests.services.runner import Runner
from tests.services.test_replies import WIRE_ID, a_bounce, the_answer, token_of

SALLY: Final = UserId("user-sally")
PAULA: Final = ItemRef(ItemKind.PERSON, ItemId("person-paula"))


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


def an_absence(text: str) -> Letter:
    return replace(
        the_answer(),
        subject="Automatic reply: Forty chairs",
        headers={"Auto-Submitted": "auto-replied"},
        text=text,
    )


def a_meeting_answer(partstat: str) -> Letter:
    lines = (
        "BEGIN:VCALENDAR",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        "UID:meeting-1@northwind.test",
        f"ATTENDEE;PARTSTAT={partstat}:mailto:paula@acme.test",
        "DTSTART:20260309T090000Z",
        "SUMMARY:Chairs",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return replace(
        the_answer(),
        subject="Accepted: Chairs",
        headers={"Content-Type": "text/calendar; method=REPLY; charset=utf-8"},
        text="\r\n".join(lines),
    )


def a_complaint(original: str) -> bytes:
    report = (
        "--b\r\nContent-Type: text/plain\r\n\r\nAn abuse report.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        "Feedback-Type: abuse\r\nUser-Agent: Isp/1.0\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}>\r\n--b--"
    )
    headers = {"Content-Type": "multipart/report; report-type=feedback-report; boundary=b"}
    return Letter(
        from_="Feedback <fbl@isp.test>", message_id="fbl-1@isp.test", headers=headers, text=report
    ).octets


def test_a_note_of_absence_pauses_until_a_working_day_after_the_return(
    doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    letter = an_absence("I am out of the office and will be back on 13 March 2026.")

    [delivery] = office.deliver(letter.octets, token_of(doubles))

    assert delivery.outcome is Outcome.STORED
    head = runner.head(enrolled)
    assert (head.status, head.reason) == (Status.PAUSED, "out_of_office")
    # Back on Friday; the Monday after is the first whole working day.
    assert head.resume_at == datetime(2026, 3, 16, 9, tzinfo=UTC)


def test_a_note_of_absence_that_is_over_or_names_no_day_stops_nothing(
    doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    token = token_of(doubles)
    office.deliver(an_absence("I am out of the office.").octets, token)
    late = replace(an_absence("I was away until 2 February 2026."), message_id="2@acme.test")

    office.deliver(late.octets, token)

    assert runner.head(enrolled).status is Status.ACTIVE


def test_an_absence_does_not_replace_the_reason_of_an_earlier_pause(
    doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    office.deliver(the_answer().octets, token_of(doubles), dmarc="FAIL")
    letter = replace(an_absence("I am back on 13 March 2026."), message_id="2@acme.test")

    office.deliver(letter.octets, token_of(doubles))

    assert runner.head(enrolled).reason == "unverified_reply"


def test_an_accepted_meeting_ends_the_sequence(
    doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    office.deliver(a_meeting_answer("ACCEPTED").octets, token_of(doubles))

    head = runner.head(enrolled)
    assert (head.status, head.reason) == (Status.EXITED, "meeting_booked")


@pytest.mark.parametrize("partstat", ["DECLINED", "TENTATIVE"])
def test_a_meeting_that_is_not_accepted_ends_nothing(
    doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice, partstat: str
) -> None:
    office.deliver(a_meeting_answer(partstat).octets, token_of(doubles))

    assert runner.head(enrolled).status is Status.ACTIVE


def test_an_acceptance_from_elsewhere_only_pauses(
    doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    forged = replace(a_meeting_answer("ACCEPTED"), from_="Eve <eve@evil.test>")

    office.deliver(forged.octets, token_of(doubles), dmarc="PASS")

    head = runner.head(enrolled)
    assert (head.status, head.reason) == (Status.PAUSED, "unverified_reply")


def test_a_complaint_that_returns_our_mail_ends_and_suppresses(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    office.deliver(a_complaint(WIRE_ID), token_of(doubles))

    assert runner.head(enrolled).reason == "complained"
    suppression = stores.addresses.suppression("paula@acme.test")
    assert suppression is not None
    assert suppression.reason is SuppressionReason.COMPLAINED


def test_a_complaint_that_anybody_could_have_made_only_pauses(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    office.deliver(a_complaint("made-up@evil.test"), token_of(doubles), dmarc="PASS")

    assert runner.head(enrolled).reason == "unverified_reply"
    assert stores.addresses.suppression("paula@acme.test") is None


def test_a_bounce_that_the_persons_own_house_signed_ends_and_suppresses(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    bounce = a_bounce("paula@acme.test", "5.1.1", "")
    own = bounce.replace(b"mailer-daemon@mx.elsewhere.test", b"mailer-daemon@acme.test")

    office.deliver(own, token_of(doubles), dmarc="PASS")

    assert runner.head(enrolled).reason == "bounced"
    suppression = stores.addresses.suppression("paula@acme.test")
    assert suppression is not None
    assert suppression.reason is SuppressionReason.BOUNCED


@pytest.mark.parametrize("address", ["paula@home.test", "paula@never-seen.test"])
def test_an_answer_from_another_address_of_the_person_answers(
    stores: Stores,
    doubles: Doubles,
    runner: Runner,
    enrolled: EnrollmentId,
    office: PostOffice,
    address: str,
) -> None:
    paula = stores.items.get(PAULA)
    emails = (*paula.emails, EmailAddress("paula@home.test"))
    stores.items.save(replace(paula, emails=emails))

    letter = replace(the_answer(), from_=f"Paula <{address}>")
    [delivery] = office.deliver(letter.octets, token_of(doubles))

    assert delivery.outcome is Outcome.STORED
    assert runner.head(enrolled).outcome == "interested"


@pytest.mark.parametrize("is_set, reason", [(True, "organization_replied"), (False, None)])
def test_a_colleagues_answer_ends_the_sequence_where_the_tenant_says_so(
    stores: Stores,
    doubles: Doubles,
    runner: Runner,
    enrolled: EnrollmentId,
    office: PostOffice,
    is_set: bool,
    reason: str | None,
) -> None:
    tenant = stores.tenant.get()
    settings = {"exit_on_colleague_reply": is_set}
    stores.tenant.save(replace(tenant, settings=settings))

    letter = replace(the_answer(), from_="Carl Colleague <carl@acme.test>")
    office.deliver(letter.octets, token_of(doubles))

    head = runner.head(enrolled)
    assert head.reason == reason
    assert head.outcome == (None if is_set else "interested")


def test_a_person_of_the_same_organization_is_a_colleague_whatever_their_address(
    stores: Stores, doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    stores.tenant.save(replace(stores.tenant.get(), settings={"exit_on_colleague_reply": True}))
    ref = ItemRef(ItemKind.PERSON, ItemId("person-carl"))
    carl = replace(a_person(), ref=ref, emails=(EmailAddress("carl@home.test"),))
    stores.items.create(carl)

    office.deliver(replace(the_answer(), from_="carl@home.test").octets, token_of(doubles))

    assert runner.head(enrolled).reason == "organization_replied"


def test_a_gateway_that_sends_the_mail_back_at_once_and_empty_is_no_answer(
    doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    office.deliver(replace(the_answer(), text="").octets, token_of(doubles))

    assert runner.head(enrolled).status is Status.ACTIVE


def test_a_short_answer_that_comes_at_once_is_a_persons(
    doubles: Doubles, runner: Runner, enrolled: EnrollmentId, office: PostOffice
) -> None:
    office.deliver(replace(the_answer(), text="Yes!").octets, token_of(doubles))

    assert runner.head(enrolled).outcome == "interested"
