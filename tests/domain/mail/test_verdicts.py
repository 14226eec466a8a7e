"""What a mail means for the sequence it reaches."""

from datetime import date

import pytest

from chalicelib.domain.mail.message import (
    Calendar,
    CalendarAnswer,
    FailedRecipient,
    Forwarded,
    Message,
    MessageKind,
)
from chalicelib.domain.mail.verdicts import Verdict, VerdictKind, decide_verdict

TODAY = date(2026, 7, 22)
GONE = FailedRecipient(address="a@b.test", status="5.1.1", is_hard=True)
FULL = FailedRecipient(address="a@b.test", status="4.2.2")


@pytest.mark.parametrize(
    "message, kind",
    [
        (Message(), VerdictKind.HUMAN_REPLY),
        (Message(forwarded=Forwarded(how="separator")), VerdictKind.HUMAN_REPLY),
        (Message(kind=MessageKind.AUTO_REPLY), VerdictKind.AUTO_REPLY),
        (Message(kind=MessageKind.BOUNCE, failed=(FULL, GONE)), VerdictKind.BOUNCE_HARD),
        (Message(kind=MessageKind.BOUNCE, failed=(FULL,)), VerdictKind.BOUNCE_SOFT),
        (Message(kind=MessageKind.BOUNCE), VerdictKind.BOUNCE_SOFT),
        (Message(kind=MessageKind.FEEDBACK), VerdictKind.COMPLAINT),
        (Message(kind=MessageKind.CALENDAR), VerdictKind.CALENDAR_NOTE),
        (
            Message(kind=MessageKind.CALENDAR, calendar=Calendar(method="request")),
            VerdictKind.CALENDAR_NOTE,
        ),
    ],
)
def test_every_kind_of_mail_has_its_verdict(message: Message, kind: VerdictKind) -> None:
    verdict = decide_verdict(message, received_on=TODAY, is_ours=False, is_answer=True)

    assert verdict.kind is kind


def test_what_answers_nothing_of_ours_is_forwarded_or_unrelated() -> None:
    forwarded = Message(forwarded=Forwarded(how="separator"))

    verdicts = [
        decide_verdict(each, received_on=TODAY, is_ours=False, is_answer=False)
        for each in (forwarded, Message())
    ]

    assert verdicts == [
        Verdict(kind=VerdictKind.FORWARDED, signals=("forward_by_separator",)),
        Verdict(kind=VerdictKind.UNRELATED),
    ]


@pytest.mark.parametrize("kind", MessageKind)
def test_what_we_wrote_is_our_own_copy_whatever_it_looks_like(kind: MessageKind) -> None:
    verdict = decide_verdict(Message(kind=kind), received_on=TODAY, is_ours=True, is_answer=True)

    assert verdict == Verdict(kind=VerdictKind.OWN_COPY, signals=("written_by_us",))


def test_a_note_of_absence_says_when_its_writer_is_back() -> None:
    note = Message(
        kind=MessageKind.AUTO_REPLY,
        kind_signals=("auto_submitted",),
        text="I will be back on 10 August.",
    )

    verdict = decide_verdict(note, received_on=TODAY, is_ours=False, is_answer=True)

    assert verdict == Verdict(
        kind=VerdictKind.AUTO_REPLY, signals=("auto_submitted",), returns_on=date(2026, 8, 10)
    )


def test_an_answer_to_an_invitation_says_which() -> None:
    calendar = Calendar(method="reply", answer=CalendarAnswer.DECLINED)
    message = Message(kind=MessageKind.CALENDAR, calendar=calendar)

    verdict = decide_verdict(message, received_on=TODAY, is_ours=False, is_answer=True)

    assert verdict == Verdict(kind=VerdictKind.CALENDAR_ANSWER, answer=CalendarAnswer.DECLINED)
