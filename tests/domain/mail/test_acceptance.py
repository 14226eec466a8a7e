"""Whether a mail is from whom it says."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import MalformedError
from chalicelib.domain.mail.acceptance import (
    Refusal,
    is_authenticated,
    refuse_own_mail,
    refuse_reply,
)
from chalicelib.domain.mail.message import Mailbox, Message
from chalicelib.domain.mail.receipt import Receipt, Verdict, parse_receipt
from tests.builders import NOW

SIGNED = "amazonses.com; spf=fail; dkim=fail header.i=@x.test; dkim=pass header.i=@acme.test"


def a_receipt() -> Receipt:
    return Receipt(
        ses_id="ses-1",
        object_key="inbound/ses-1",
        envelope_sender="paula@acme.test",
        recipients=("b-1@in.sekvens.test",),
        received_at=NOW,
        spf=Verdict.PASS,
        dkim=Verdict.PASS,
        dmarc=Verdict.PASS,
        virus=Verdict.PASS,
    )


def a_message() -> Message:
    return Message(from_=(Mailbox("paula@acme.test"),))


@pytest.mark.parametrize(
    "dmarc, results, sender, is_proven",
    [
        (Verdict.PASS, "", "paula@acme.test", True),
        (Verdict.FAIL, SIGNED, "paula@acme.test", False),
        (Verdict.GRAY, "", "paula@acme.test", False),
        (Verdict.GRAY, SIGNED, "paula@acme.test", True),
        (Verdict.GRAY, SIGNED, "paula@mail.acme.test", True),
        (Verdict.GRAY, SIGNED.replace("@acme", "@mail.acme"), "paula@acme.test", True),
        (Verdict.GRAY, SIGNED.replace("header.i=@acme", "header.d=acme"), "p@acme.test", True),
        (Verdict.GRAY, SIGNED, "paula@notacme.test", False),
        (Verdict.GRAY, SIGNED.replace("acme.test", "test"), "paula@acme.test", False),
        (Verdict.GRAY, SIGNED.replace("header.i=@acme.test", "x"), "paula@acme.test", False),
        (Verdict.GRAY, SIGNED.replace("amazonses.com", "evil.test"), "paula@acme.test", False),
        (Verdict.PROCESSING_FAILED, SIGNED, "paula@acme.test", False),
    ],
)
def test_only_ses_itself_vouches_for_a_sender(
    dmarc: Verdict,
    results: str,
    sender: str,
    is_proven: bool,
) -> None:
    message = Message(from_=(Mailbox(sender),), authentication_results=results)

    assert is_authenticated(message, replace(a_receipt(), dmarc=dmarc)) is is_proven


FORGED = "x; dkim=pass header.i=@acme.test; y"


@pytest.mark.parametrize(
    "results",
    [
        f'amazonses.com; spf=pass client-ip=192.0.2.1; envelope-from="{FORGED}"@evil.test; helo=x',
        f'amazonses.com; spf=pass; envelope-from="x\\"; {FORGED}"@evil.test; dkim=fail',
        f'amazonses.com; spf=fail (spfCheck: (of) " {FORGED}) client-ip=192.0.2.1; dkim=fail',
        f"amazonses.com; spf=fail (a \\) {FORGED}) client-ip=192.0.2.1; dkim=fail",
        f'amazonses.com; spf=pass; envelope-from="never closed; {FORGED}',
        f"amazonses.com; spf=pass (never closed; {FORGED}",
        "amazonses.com; spf=pass smtp.mailfrom=dkim=pass dkim=pass header.i=@acme.test",
        'amazonses.com; dkim=pass reason="header.i=@acme.test" header.i=@evil.test',
        'amazonses.com; dkim=pass header.i="x header.i=@acme.test "@evil.test',
        '"amazonses.com; x"; dkim=pass header.i=@acme.test',
        ") amazonses.com; dkim=pass header.i=@acme.test",
        "; ; dkim=pass header.i=@acme.test",
    ],
)
def test_what_the_sender_wrote_into_the_results_is_no_result(results: str) -> None:
    message = replace(a_message(), authentication_results=results)

    assert not is_authenticated(message, replace(a_receipt(), dmarc=Verdict.GRAY))


@pytest.mark.parametrize(
    "results",
    [
        'amazonses.com 1; spf=fail envelope-from="a; b"@evil.test; dkim=pass header.i=@acme.test',
        "amazonses.com (c; d); dkim (1) = (2) pass (good (very)) header.i = @acme.test",
        'AmazonSES.com;\r\n DKIM/1=Pass header.d="acme.test";',
        'amazonses.com; dkim=pass header.i="a b"@acme.test;',
    ],
)
def test_signatures_are_found_between_quotes_and_comments(results: str) -> None:
    message = replace(a_message(), authentication_results=results)

    assert is_authenticated(message, replace(a_receipt(), dmarc=Verdict.GRAY))


def test_two_senders_are_nobody_in_particular() -> None:
    message = Message(
        from_=(Mailbox("a@acme.test"), Mailbox("b@acme.test")), authentication_results=SIGNED
    )

    assert not is_authenticated(message, replace(a_receipt(), dmarc=Verdict.GRAY))
    refusal = refuse_own_mail(message, a_receipt(), confirmed=["a@acme.test"])
    assert refusal is Refusal.NOT_ONE_SENDER


@pytest.mark.parametrize(
    "participants, dmarc, refusal",
    [
        (["paula@acme.test"], Verdict.FAIL, None),
        (["peter@acme.test"], Verdict.FAIL, None),
        (["x@other.test"], Verdict.PASS, None),
        (["x@other.test"], Verdict.FAIL, Refusal.STRANGER_IN_THREAD),
    ],
)
def test_an_answer_is_shown_from_a_participant_their_domain_or_with_proof(
    participants: list[str], dmarc: Verdict, refusal: Refusal | None
) -> None:
    receipt = replace(a_receipt(), dmarc=dmarc)

    assert refuse_reply(a_message(), receipt, participants=participants) is refusal


@pytest.mark.parametrize(
    "confirmed, dmarc, virus, refusal",
    [
        (["paula@acme.test"], Verdict.PASS, Verdict.PASS, None),
        (["paula@acme.test"], Verdict.PASS, Verdict.FAIL, Refusal.VIRUS),
        (["peter@acme.test"], Verdict.PASS, Verdict.PASS, Refusal.SENDER_NOT_CONFIRMED),
        (["paula@acme.test"], Verdict.FAIL, Verdict.PASS, Refusal.NOT_AUTHENTICATED),
    ],
)
def test_own_mail_is_from_a_confirmed_sender_that_ses_vouches_for(
    confirmed: list[str], dmarc: Verdict, virus: Verdict, refusal: Refusal | None
) -> None:
    receipt = replace(a_receipt(), dmarc=dmarc, virus=virus)

    assert refuse_own_mail(a_message(), receipt, confirmed=confirmed) is refusal


def test_a_virus_is_never_shown() -> None:
    receipt = replace(a_receipt(), virus=Verdict.FAIL)

    assert refuse_reply(a_message(), receipt, participants=["paula@acme.test"]) is Refusal.VIRUS


def test_a_receipt_is_read_as_ses_writes_it() -> None:
    receipt = parse_receipt(
        b'{"mail": {"messageId": "ses-1", "source": "a@b.test", "headers": []}, "receipt": {'
        b'"timestamp": "2026-03-02T09:00:00.000Z", "recipients": ["B-1@In.test", "b-1@in.test"],'
        b'"dmarcVerdict": {"status": "GRAY"}, "spfVerdict": {"status": "new"}, "more": 1}}'
    )

    assert receipt == Receipt(
        ses_id="ses-1",
        object_key="inbound/ses-1",
        envelope_sender="a@b.test",
        recipients=("b-1@in.test",),
        received_at=NOW,
        spf=Verdict.PROCESSING_FAILED,
        dkim=Verdict.PROCESSING_FAILED,
        dmarc=Verdict.GRAY,
        virus=Verdict.PROCESSING_FAILED,
    )


def test_a_receipt_without_a_zone_is_in_utc() -> None:
    receipt = parse_receipt(
        '{"mail": {"messageId": "x"}, "receipt": {"timestamp": "2026-03-02T09:00:00",'
        '"recipients": []}}'
    )

    assert receipt.received_at == NOW


@pytest.mark.parametrize("told", ["", "{}", '{"mail": {}}', "[1]", "\\"])
def test_what_is_no_receipt_is_malformed(told: str) -> None:
    with pytest.raises(MalformedError):
        parse_receipt(told)
