"""How many automatic mails may leave in a day, and when one that found the day full may.

Nothing fails for want of budget: it queues. Follow-ups come before first mails, for a conversation
that was begun should not wait for one that was not (later stages first).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.crm.addresses import domain_of
from chalicelib.domain.crm.settings import TenantSettings
from chalicelib.domain.ids import UserId
from chalicelib.domain.sequences import planning, schedule
from chalicelib.domain.sequences.calendars import Times
from chalicelib.domain.sequences.definition import EmailStep
from chalicelib.domain.sequences.enrollment import Enrollment

OF_SENDER: Final = "sender#"
_DAY: Final = timedelta(days=1)
_FIRST_MAILS_AFTER: Final = timedelta(minutes=30)
_FURTHEST: Final = 7
"""However long the queue, its end is looked at again after a week: the cap may have been raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """An allowance: whose, how much a day, and how a user calls it."""

    scope: str
    a_day: int
    name: str


def of_sender(user_id: UserId) -> str:
    """Return the scope of one user's mails."""
    return f"{OF_SENDER}{user_id}"


def caps_on(
    enrollment: Enrollment, recipients: Collection[str], settings: TenantSettings
) -> list[Cap]:
    """Return the caps that a mail of `enrollment` must fit into."""
    a_domain = settings.recipient_domain_daily_cap
    domains = sorted({domain_of(each) for each in recipients})
    caps = (
        ("tenant", settings.account_daily_cap, "all users together"),
        (of_sender(enrollment.owner_id), settings.sender_daily_cap, "this sender"),
        *((f"domain#{each}", a_domain, f"mails to {each}") for each in domains),
    )
    return [Cap(scope=scope, a_day=a_day, name=name) for scope, a_day, name in caps if a_day]


def queued(  # noqa: PLR0917 - who, what, when, and how long the queue is
    enrollment: Enrollment,
    step: EmailStep,
    now: datetime,
    times: Times,
    cap: Cap,
    in_vain: int,
    zone: str,
) -> planning.Planned:
    """Return when a mail that found its cap used up may try again: on the first day with room.

    `in_vain` says how many asked today before it: so those at the end of a long queue are not
    looked at every day.
    """
    is_first = not enrollment.wire_ids
    days = 1 + (min(max(in_vain - 1, 0) // cap.a_day, _FURTHEST - 1) if is_first else 0)
    day = now.astimezone(ZoneInfo(zone)).date() + days * _DAY
    again_at = schedule.start_of(day, zone=zone)
    if times.window is None:
        # Without hours of its own the mail keeps its time of day; follow-ups are a little earlier.
        same_time = now + days * _DAY - (timedelta() if is_first else _FIRST_MAILS_AFTER)
        again_at = max(again_at, same_time)
    why = f"the daily cap of {cap.name} ({cap.a_day}) is used up"
    return planning.mail_from(
        planning.Planned(again_at, why),
        enrollment,
        step,
        times,
        behind=_FIRST_MAILS_AFTER if is_first else timedelta(),
        over=_FIRST_MAILS_AFTER,
    )
