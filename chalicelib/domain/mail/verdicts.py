"""What a mail means for the sequence it reaches: one verdict, with the signals that told it.

`MessageKind` says what wrote a mail; the verdict adds what only the service knows: whether one of
us wrote it, and whether it belongs to a mail of ours. Services act on `Verdict.kind` alone.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from chalicelib.domain.mail.absences import read_return_date
from chalicelib.domain.mail.feedback_reports import is_complaint
from chalicelib.domain.mail.message import (
    CalendarAnswer,
    FailedRecipient,
    Message,
    MessageKind,
)


class VerdictKind(StrEnum):
    """What became of our mail, as far as this one tells."""

    HUMAN_REPLY = "human_reply"
    AUTO_REPLY = "auto_reply"
    """A note of absence or another machine's answer; `returns_on` where it says so."""
    BOUNCE_HARD = "bounce_hard"
    BOUNCE_SOFT = "bounce_soft"
    COMPLAINT = "complaint"
    CALENDAR_ANSWER = "calendar_answer"
    """Somebody accepted, declined or moved a meeting; `answer` says which."""
    CALENDAR_NOTE = "calendar_note"
    """An invitation, a change or a cancellation: no answer to anything of ours."""
    OWN_COPY = "own_copy"
    FORWARDED = "forwarded"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a mail means, why, and what goes with it."""

    kind: VerdictKind
    signals: tuple[str, ...] = ()
    """Names of what told it, to be shown to people."""
    returns_on: date | None = None
    """Of an automatic answer: the first day on which they say they are back."""
    answer: CalendarAnswer | None = None
    failed: tuple[FailedRecipient, ...] = ()
    """Of a bounce: whom it names."""


def decide_verdict(
    message: Message, *, received_on: date, is_ours: bool, is_answer: bool
) -> Verdict:
    """Say what a mail means.

    `is_ours`: one of us wrote it, or we issued its Message-ID. `is_answer`: it came to a token
    address or names a mail of ours.
    """
    if is_ours:
        return Verdict(kind=VerdictKind.OWN_COPY, signals=("written_by_us",))
    signals = message.kind_signals
    match message.kind:
        case MessageKind.BOUNCE:
            kind = VerdictKind.BOUNCE_HARD if _is_hard(message) else VerdictKind.BOUNCE_SOFT
            return Verdict(kind=kind, signals=signals, failed=message.failed)
        case MessageKind.FEEDBACK:
            is_bad = is_complaint(message.complaint)
            kind = VerdictKind.COMPLAINT if is_bad else VerdictKind.UNRELATED
            return Verdict(kind=kind, signals=signals)
        case MessageKind.CALENDAR:
            return _of_calendar(message)
        case MessageKind.AUTO_REPLY:
            returns_on = read_return_date(message, received_on=received_on)
            return Verdict(kind=VerdictKind.AUTO_REPLY, signals=signals, returns_on=returns_on)
        case MessageKind.PLAIN:
            return _of_person(message, is_answer=is_answer)
        case _:
            assert_never(message.kind)


def _is_hard(message: Message) -> bool:
    """A bounce that names nobody may be about a full mailbox: only what says so is for ever."""
    return any(each.is_hard for each in message.failed)


def _of_calendar(message: Message) -> Verdict:
    answer = message.calendar.answer if message.calendar else None
    kind = VerdictKind.CALENDAR_ANSWER if answer else VerdictKind.CALENDAR_NOTE
    return Verdict(kind=kind, signals=message.kind_signals, answer=answer)


def _of_person(message: Message, *, is_answer: bool) -> Verdict:
    if is_answer:
        signals = (*message.kind_signals, "answers_our_mail")
        return Verdict(kind=VerdictKind.HUMAN_REPLY, signals=signals)
    if message.forwarded is not None:
        signals = (*message.kind_signals, f"forward_by_{message.forwarded.how}")
        return Verdict(kind=VerdictKind.FORWARDED, signals=signals)
    return Verdict(kind=VerdictKind.UNRELATED, signals=message.kind_signals)
