"""What kind of mail it is, told by named signals that each add to a score.

No single habit decides, but for the few headers made for the purpose. Two lessons of the field are
built in: `auto-forwarded` is a person's mail that a rule passed on, and a header which only asks
others not to answer (X-Auto-Response-Suppress) says nothing about who wrote the mail.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.mail.bounce_prose import says_failure
from chalicelib.domain.mail.calendars import read_calendar
from chalicelib.domain.mail.delivery_status import REPORTS, read_failures
from chalicelib.domain.mail.feedback_reports import read_complaint
from chalicelib.domain.mail.message import (
    Calendar,
    Complaint,
    FailedRecipient,
    Mailbox,
    MessageKind,
)
from chalicelib.domain.mail.parts import Part

ENOUGH: Final = 3
"""A bounce or an automatic answer needs this score."""

_BOUNCE_SUBJECTS: Final = (
    "undeliver", "delivery status notification", "failure notice", "returned mail",
    "mail delivery failed", "delivery failure", "delivery failed", "mail delivery failure",
    "mail delivery system", "delivery has failed", "unzustellbar", "non remis", "nicht zustellbar",
    "mail status report", "mail system error", "warning: could not send", "message delivery",
    "nondeliverable", "could not be delivered", "user unknown", "non-delivery", "mail could not",
    "no se puede entregar", "returning to sender", "kunne ikke leveres", "kunde inte levereras",
    "niet bezorgd",
)  # fmt: skip
_AWAY_SUBJECTS: Final = (
    "out of office", "automatic reply", "auto reply", "auto-reply", "autoreply", "autosvar",
    "on vacation", "away from", "automatische antwort", "abwesenheit", "réponse automatique",
    "absence du bureau", "respuesta automática", "fuera de la oficina", "resposta automática",
    "ausente", "risposta automatica", "fuori sede", "automatisch antwoord", "afwezig", "frånvaro",
    "automatiskt svar", "automatisk svar", "fravær", "automaattinen vastaus", "poissa",
    "automatyczna odpowiedź", "odpowiedź automatyczna", "nieobecność",
)  # fmt: skip
_DAEMONS: Final = ("mailer-daemon", "mail-daemon", "maildaemon", "mail delivery s", "mailerdaemon")
_MACHINES: Final = (
    *_DAEMONS, "postmaster", "post_master", "no-reply", "noreply", "no_reply", "donotreply",
    "do-not-reply", "mail system", "mail delivery", "mdaemon",
)  # fmt: skip
_ORIGINALS: Final = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """The kind, the signals that told it, and whom a bounce names."""

    kind: MessageKind
    signals: tuple[str, ...] = ()
    failed: tuple[FailedRecipient, ...] = ()
    calendar: Calendar | None = None
    complaint: Complaint | None = None


def classify(root: Part, *, sender: tuple[Mailbox, ...], subject: str, text: str) -> Classified:
    """Tell what kind of mail this is."""
    failed = read_failures(root)
    subject = subject.lower()
    told = _Told(
        root=root,
        sender=" ".join([f"{each.address} {each.name}" for each in sender]).lower(),
        subject=subject,
        text=text,
        failed=failed,
        types=frozenset([part.content_type for part in root.walk()]),
        is_away=any(phrase in subject for phrase in _AWAY_SUBJECTS),
    )
    complaint = read_complaint(root)
    if complaint is not None:
        return Classified(
            kind=MessageKind.FEEDBACK, signals=("feedback_report",), complaint=complaint
        )
    bounced = told.signals(_BOUNCE_SIGNALS)
    if _score(bounced, _BOUNCE_SIGNALS) >= ENOUGH and "away_subject" not in bounced:
        return Classified(kind=MessageKind.BOUNCE, signals=bounced, failed=failed)
    calendar = read_calendar(root)
    if calendar is not None:
        return Classified(
            kind=MessageKind.CALENDAR, signals=_calendar_signals(calendar), calendar=calendar
        )
    answered = told.signals(_AUTO_SIGNALS)
    is_automatic = _score(answered, _AUTO_SIGNALS) >= ENOUGH
    kind = MessageKind.AUTO_REPLY if is_automatic else MessageKind.PLAIN
    return Classified(kind=kind, signals=answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A mail, as far as its kind can be told from it."""

    root: Part
    sender: str
    subject: str
    text: str
    failed: tuple[FailedRecipient, ...]
    types: frozenset[str]
    """What its parts are."""
    is_away: bool
    """Whether its subject is that of a note of absence."""

    def signals(self, table: "Mapping[str, tuple[int, _Test]]") -> tuple[str, ...]:
        return tuple(name for name, (_, holds) in table.items() if holds(self))

    def header(self, name: str) -> str:
        return self.root.headers.first(name).strip().lower()

    def keyword(self, name: str) -> str:
        """The first word of a header, without comments and parameters."""
        return self.header(name).partition(";")[0].partition("(")[0].strip()

    def from_contains(self, *words: str) -> bool:
        return any(word in self.sender for word in words)


def _score(signals: tuple[str, ...], table: "Mapping[str, tuple[int, _Test]]") -> int:
    return sum(table[name][0] for name in signals)


_Test = Callable[[_Told], bool]


def _has_null_path(told: _Told) -> bool:
    return told.header("return-path") in {"<>", "<mailer-daemon>"}


def _is_report(told: _Told, kind: str) -> bool:
    return (
        told.root.content_type == "multipart/report"
        and told.root.parameters.get("report-type", "").lower() == kind
    )


def _is_machine(told: _Told) -> bool:
    return told.from_contains(*_MACHINES) or _has_null_path(told)


def _tells_of_failure(told: _Told) -> bool:
    """Looked for only where no report said it better."""
    return not told.failed and _is_machine(told) and says_failure(told.text)


def _returns_original(told: _Told) -> bool:
    """A machine that sends a mail back sends it as a part; a person who does so forwards it."""
    is_open = not told.failed and _is_machine(told)
    return is_open and not _ORIGINALS.isdisjoint(told.types)


def _is_bare_report(told: _Told) -> bool:
    """A report on delivery that says nothing of how it went has bad news."""
    return _is_report(told, "delivery-status") and REPORTS.isdisjoint(told.types)


_BOUNCE_SIGNALS: Final[Mapping[str, tuple[int, _Test]]] = {
    "failed_recipient_in_report": (3, lambda told: bool(told.failed)),
    "delivery_status_report": (2, lambda told: _is_report(told, "delivery-status")),
    "report_without_recipients": (1, _is_bare_report),
    "x_failed_recipients": (3, lambda told: bool(told.header("x-failed-recipients"))),
    "from_mailer_daemon": (2, lambda told: told.from_contains(*_DAEMONS)),
    "from_postmaster": (1, lambda told: told.from_contains("postmaster", "post_master")),
    "null_return_path": (1, _has_null_path),
    "bounce_subject": (2, lambda told: any(each in told.subject for each in _BOUNCE_SUBJECTS)),
    # Words alone prove nothing: a parcel could not be delivered either.
    "prose_of_failure": (2, _tells_of_failure),
    "returns_original": (1, _returns_original),
    # Microsoft 365 sends notes of absence with a postmaster's return path.
    "away_subject": (-3, lambda told: told.is_away),
}
_AUTO_SIGNALS: Final[Mapping[str, tuple[int, _Test]]] = {
    "auto_submitted": (
        3,
        lambda told: (
            told.keyword("auto-submitted") in {"auto-replied", "auto-generated", "auto-notified"}
        ),
    ),
    "autoreply_header": (3, lambda told: any(_autoreply_headers(told))),
    "disposition_report": (3, lambda told: _is_report(told, "disposition-notification")),
    "precedence_auto_reply": (3, lambda told: told.keyword("precedence") == "auto_reply"),
    "precedence_bulk": (1, lambda told: told.keyword("precedence") in {"bulk", "junk"}),
    "null_return_path": (1, _has_null_path),
    "away_subject": (2, lambda told: told.is_away),
    "away_subject_in_answer": (
        1,
        lambda told: told.is_away and "in-reply-to" in told.root.headers,
    ),
    # Alone it is nothing (Exchange puts it on ordinary mail); beside an absence it confirms.
    "suppresses_answers": (
        1,
        lambda told: told.is_away and "x-auto-response-suppress" in told.root.headers,
    ),
}


def _autoreply_headers(told: _Told) -> Iterator[bool]:
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-autogenerated"):
        yield told.header(name) not in {"", "no", "false"}
    yield told.header("x-ms-exchange-inbox-rules-loop") != "" and told.is_away
    yield told.header("x-apple-action") == "vacation"
    yield "vacation" in told.header("x-mailer")


def _calendar_signals(calendar: Calendar) -> tuple[str, ...]:
    said = f"calendar_{calendar.answer}" if calendar.answer else ""
    return ("calendar_part", said) if said else ("calendar_part",)
